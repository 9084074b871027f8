"""Scans: pages printed by the tests themselves, recognized in every way an office lays them on the glass."""

from __future__ import annotations

import io
from functools import cache

import pytest
from PIL import Image, ImageDraw

from gazette.digitization.readers.misread import amend
from tests import paper
from tests.gazette.digitization.builders import needs_ocr

LINES = (
    "　　第一条　为了规范公共档案的管理，提高服务水平，制定本",
    "办法。",
    "　　第二条　本市各级行政机关、事业单位应当在每年３月底前",
    "完成上一年度文件的归档（含电子文件）。",
    "　　第三条　本办法自2020年5月1日起施行。",
)
DPI = 110


def a_page(*, dpi: int = DPI) -> Image.Image:
    """The upper third of an official page."""
    page = paper.print_page(LINES, paper.OFFICIAL, dpi=dpi)
    return page.crop((0, 0, page.width, page.height // 2))


def lines_of(page: Image.Image) -> list:
    from gazette.digitization.readers.ocr import find_recognizer, recognize_page

    return recognize_page(find_recognizer(), page, page=1)


def text_of(lines: list) -> str:
    return "".join(line.text for line in lines).replace("　", "").replace(" ", "")


@cache
def lines_turned(degrees: int) -> list:
    """What is recognized of the page that lies turned by `degrees`; recognizing takes seconds."""
    return lines_of(a_page().rotate(degrees, expand=True))


TEXT = "".join(LINES).replace("　", "").replace("３", "3")


@needs_ocr
@pytest.mark.parametrize("degrees", [0, 90, 180, 270])
def test_a_page_is_read_whichever_way_it_lies(degrees):
    assert text_of(lines_turned(degrees)) == TEXT


@needs_ocr
def test_a_worn_stamped_and_skewed_page_is_read_without_the_words_of_the_seal():
    page = paper.stamp(a_page(dpi=150), dpi=150, place=(0.6, 0.45))
    worn = page.rotate(2.5, resample=Image.Resampling.BICUBIC, fillcolor="white")
    assert text_of(lines_of(worn)) == TEXT


@needs_ocr
def test_a_red_head_is_print_and_stays():
    page = a_page(dpi=150)
    ImageDraw.Draw(page).text((220, 60), "江城市人民政府文件", font=paper.font_of(36, 150), fill=(205, 25, 30))
    assert lines_of(page)[0].text == "江城市人民政府文件"


@needs_ocr
def test_two_columns_are_read_one_after_the_other_below_a_title_across_both():
    page = Image.new("RGB", (1000, 560), "white")
    pen, font = ImageDraw.Draw(page), paper.font_of(11, 120)
    pen.text((500, 60), "江城市人民政府公报", font=paper.font_of(20, 120), fill="black", anchor="mm")
    left = [
        "一在左栏的这一行文字从头排到尾",
        "二在左栏的这一行文字从头排到尾",
        "三在左栏的这一行文字从头排到尾",
        "四在左栏的这一行文字从头排到尾",
        "五在左栏的最后一行",
    ]
    right = [line.replace("左", "右") for line in left]
    for number, (one, other) in enumerate(zip(left, right, strict=True)):
        pen.text((100, 140 + 40 * number), one, font=font, fill="black")
        pen.text((540, 140 + 40 * number), other, font=font, fill="black")
    assert [line.text for line in lines_of(page)] == ["江城市人民政府公报", *left, *right]


@needs_ocr
def test_columns_set_vertically_are_read_from_the_right():
    page = Image.new("RGB", (500, 700), "white")
    pen, font = ImageDraw.Draw(page), paper.font_of(18, 120)
    columns = ["江城市政府公報第一號", "茲將本市檔案、簿册管", "理辦法公布之，此令。"]
    for number, column in enumerate(columns):
        for place, character in enumerate(column):
            # Marks stand in the upper right of their cell.
            aside = 17 if character in "，。、" else 0
            pen.text((400 - 70 * number + aside, 80 + 34 * place - aside), character, font=font, fill="black")
    assert [line.text for line in lines_of(page)] == columns


@needs_ocr
def test_a_line_knows_its_place_on_the_upright_page_and_how_the_page_was_turned():
    upright = lines_turned(0)[0]
    for degrees, quarters in ((90, 1), (180, 2)):
        line = lines_turned(degrees)[0]
        assert (line.text, line.turned) == (upright.text, quarters)
        assert line.box == pytest.approx(upright.box, abs=0.01)


@pytest.mark.parametrize(
    ("read", "meant"),
    [
        ("各区人民政府,市政府各部门:", "各区人民政府，市政府各部门："),
        ("(此件公开发布)", "（此件公开发布）"),
        ("二O一八年五月", "二〇一八年五月"),
        ("二0二0年", "二〇二〇年"),
        ("江政发〔2O18〕l2号", "江政发〔2018〕12号"),
        ("依照本办法执行.", "依照本办法执行。"),
        ("——以及", "——以及"),
        ("坚持统筹--协调", "坚持统筹——协调"),
        ("江政办发（〔2026〕12号", "江政办发〔2026〕12号"),
        ("江政办发([2026] 12号", "江政办发[2026] 12号"),
        ("江政办发〔[2026]12号", "江政办发[2026]12号"),
        ("（江政办发〔2026〕12号）", "（江政办发〔2026〕12号）"),
        # What stays: times, numbers, words of letters.
        ("上午8:30至17:00", "上午8:30至17:00"),
        ("GB 18596—2001", "GB 18596—2001"),
        ("3.5米", "3.5米"),
        ("PM2.5 (年均)", "PM2.5 （年均）"),
        ("2000年", "2000年"),
    ],
)
def test_marks_a_recognizer_confuses_are_set_right_by_their_neighbours(read, meant):
    assert amend(read) == meant


@needs_ocr
def test_a_picture_without_text_is_one_finding():
    from gazette.digitization.digitize import digitize_here
    from gazette.draft import SourceFile

    cat = Image.radial_gradient("L").resize((400, 300)).convert("RGB")
    kept = io.BytesIO()
    cat.save(kept, "PNG")
    read = digitize_here(SourceFile(name="猫.png", data=kept.getvalue()))
    assert [finding.code for finding in read.findings] == ["source.no_text"]


def test_a_picture_without_the_ocr_extra_is_one_finding(monkeypatch: pytest.MonkeyPatch):
    from gazette.digitization.readers import ocr

    monkeypatch.setattr(ocr, "find_recognizer", lambda: None)
    kept = io.BytesIO()
    Image.new("L", (60, 40), 255).save(kept, "PNG")
    assert [finding.code for finding in ocr.read_image(kept.getvalue()).findings] == ["scan.needs_ocr"]
