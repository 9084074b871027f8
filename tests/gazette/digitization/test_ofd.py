"""OFD packages, made in memory, to paragraphs."""

from __future__ import annotations

from pathlib import Path

import pytest

from gazette.digitization.digitize import digitize
from gazette.digitization.media import OFD, check_name, detect_media_type
from gazette.digitization.readers.ofd import read_ofd
from gazette.draft import SourceFile
from gazette.errors import CopyUnreadable
from gazette.settings import RecordSettings
from tests.gazette.digitization.builders import a_zip, codes, one_draft, read_here

NAMESPACE = 'xmlns:ofd="http://www.ofdspec.org/2016"'
SIZE, MARGIN = 5.6, 28.0


def an_object(text: str, x: float, y: float, *, size: float = SIZE, extra: str = "") -> str:
    """A line of text whose letters stand one size apart; `y` is the top of its box, the baseline one size below."""
    step = f"g {len(text) - 1} {size}" if len(text) > 1 else ""
    return (
        f'<ofd:TextObject Boundary="{x} {y} {len(text) * size} {size}" Size="{size}" {extra}>'
        f'<ofd:TextCode X="0" Y="{size}" DeltaX="{step}">{text}</ofd:TextCode></ofd:TextObject>'
    )


def a_page(*objects: str, template: str = "") -> str:
    content = f"<ofd:Content><ofd:Layer>{''.join(objects)}</ofd:Layer></ofd:Content>"
    return f"<ofd:Page {NAMESPACE}>{template}{content}</ofd:Page>"


def an_ofd(*pages: str, template: str | None = None, more: dict[str, bytes] | None = None) -> bytes:
    listed = "".join(f'<ofd:Page ID="{at}" BaseLoc="Pages/Page_{at}/Content.xml"/>' for at in range(len(pages)))
    common = '<ofd:TemplatePage ID="90" BaseLoc="Tpls/Tpl_0/Content.xml"/>' if template else ""
    root = "<ofd:DocBody><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody>"
    members = {
        "OFD.xml": f"<ofd:OFD {NAMESPACE}>{root}</ofd:OFD>",
        "Doc_0/Document.xml": f"<ofd:Document {NAMESPACE}><ofd:CommonData>{common}</ofd:CommonData>"
        f"<ofd:Pages>{listed}</ofd:Pages></ofd:Document>",
    }
    members |= {f"Doc_0/Pages/Page_{at}/Content.xml": page for at, page in enumerate(pages)}
    if template:
        members["Doc_0/Tpls/Tpl_0/Content.xml"] = template
    return a_zip({name: text.encode() for name, text in members.items()} | (more or {}))


def texts(data: bytes) -> list[str]:
    return [block.text for block in read_ofd(data).blocks]


NOTICE = an_ofd(
    a_page(
        an_object("江城市人民政府办公厅关于加强公园管理的通知", 46, 40),
        an_object("江政办发〔2021〕7号", 76, 52),
        an_object("各区人民政府：", MARGIN, 64),
        an_object("为了加强公园管理，根据有关法律法规，结合本市实际，经", MARGIN + 2 * SIZE, 74),
        an_object("市人民政府同意，现就有关事项通知如下，请认真贯彻执行，并", MARGIN, 84),
    ),
    a_page(
        an_object("及时报告落实情况。", MARGIN, 30),
        an_object("本通知自2021年4月1日起施行。", MARGIN + 2 * SIZE, 40),
        an_object("江城市人民政府办公厅", 110, 60),
        an_object("2021年3月5日", 122, 70),
    ),
)


def test_an_ofd_is_told_from_other_zips_by_its_root_member():
    assert detect_media_type(NOTICE) == OFD
    assert detect_media_type(NOTICE[:900]) == OFD
    assert check_name("a.ofd", OFD) == ()


def test_lines_are_joined_to_paragraphs_over_pages_and_know_their_page():
    blocks = read_ofd(NOTICE).blocks
    assert [block.page for block in blocks] == [1, 1, 1, 1, 2, 2, 2]
    assert blocks[3].text.endswith("并及时报告落实情况。")


def test_a_notice_in_ofd_is_a_draft_with_its_elements():
    draft = one_draft(NOTICE, "a.ofd")
    assert draft.title == "江城市人民政府办公厅关于加强公园管理的通知"
    assert str(draft.doc_number) == "江政办发〔2021〕7号"
    assert str(draft.signed_date) == "2021-03-05"
    assert draft.issuers == ("江城市人民政府办公厅",)


def test_letters_set_one_by_one_and_out_of_order_are_one_line():
    letters = [an_object(letter, MARGIN + SIZE * at, 40) for at, letter in enumerate("江城市公园")]
    assert texts(an_ofd(a_page(*reversed(letters), an_object("（一）下一行", MARGIN, 50)))) == [
        "江城市公园",
        "（一）下一行",
    ]


def test_a_gap_between_runs_on_one_baseline_is_a_space():
    page = a_page(an_object("江城发", MARGIN, 40), an_object("签发人：张三", MARGIN + 6 * SIZE, 40))
    assert texts(an_ofd(page)) == ["江城发 签发人：张三"]


def test_a_matrix_scales_and_moves_letters():
    inner = '<ofd:TextCode X="1" Y="1" DeltaX="1 1">乙丙丁</ofd:TextCode></ofd:TextObject>'
    scaled = f'<ofd:TextObject Boundary="{MARGIN} 60 50 10" Size="1" CTM="{SIZE} 0 0 {SIZE} 0 0">{inner}'
    page = a_page(scaled, an_object("甲", MARGIN, 40), an_object("戊", MARGIN + 4 * SIZE, 60))
    assert texts(an_ofd(page)) == ["甲", "乙丙丁戊"]


def test_watermarks_hidden_text_and_empty_runs_are_left_out():
    aslant = an_object("样张", 60, 60, extra='CTM="0.7 0.7 -0.7 0.7 0 0"')
    hidden = an_object("隐藏", 60, 80, extra='Visible="false"')
    assert texts(an_ofd(a_page(aslant, hidden, an_object(" ", 60, 90), an_object("正文", 60, 100)))) == ["正文"]


def test_text_of_a_template_and_of_page_blocks_is_read():
    template = a_page(an_object("江城市人民政府文件", 60, 20))
    under = '<ofd:Template TemplateID="90" ZOrder="Background"/>'
    block = f"<ofd:PageBlock><ofd:PageBlock>{an_object('一、正文', MARGIN, 60)}</ofd:PageBlock></ofd:PageBlock>"
    assert texts(an_ofd(a_page(block, template=under), template=template)) == ["江城市人民政府文件", "一、正文"]


def test_the_left_column_is_read_before_the_right_one_under_a_line_across():
    left = [an_object(f"左栏{at}。", MARGIN, 40 + 10 * at) for at in range(4)]
    right = [an_object(f"右栏{at}。", 115, 40 + 10 * at) for at in range(4)]
    across = an_object("横跨两栏的一个标题在上", 52, 20)
    mixed = [each for pair in zip(left, right, strict=True) for each in pair]
    found = texts(an_ofd(a_page(across, *mixed)))
    assert [text[:2] for text in found[1:]] == ["左栏"] * 4 + ["右栏"] * 4


def test_page_numbers_are_no_text():
    pages = [a_page(an_object(f"第{at}页正文在此。", MARGIN, 60), an_object(f"— {at} —", 90, 270)) for at in (1, 2, 3)]
    assert not [text for text in texts(an_ofd(*pages)) if "—" in text]


def test_pages_of_pictures_say_that_they_need_recognition():
    picture = '<ofd:ImageObject Boundary="0 0 210 297" ResourceID="5"/>'
    read = read_here(an_ofd(a_page(picture)), "a.ofd")
    assert read.drafts == ()
    assert codes(read) == {"scan.needs_ocr"}


def test_a_page_that_is_named_but_missing_is_empty():
    whole = an_ofd(a_page(an_object("第一页。", MARGIN, 40)), a_page(an_object("第二页。", MARGIN, 40)))
    assert texts(whole.replace(b"Page_0/Content", b"Page_8/Content")) == ["第二页。"]


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (NOTICE[:900], "损坏"),
        (a_zip({"OFD.xml": b"<OFD><DocBody><DocRoot>Doc_0/Document.xml</DocRoot></DocBody></OFD>"}), "损坏"),
        (a_zip({"OFD.xml": b"<OFD>"}), "XML"),
        (an_ofd(a_page(), more={"Encryptions.xml": b"<a/>"}), "加密"),
        (an_ofd(*[""] * 3001), "页数"),
    ],
    ids=["truncated", "without its document", "not well-formed", "encrypted", "too many pages"],
)
def test_a_bad_package_is_one_clear_error(data: bytes, why: str):
    with pytest.raises(CopyUnreadable, match=why):
        read_here(data, "a.ofd")


def test_places_that_are_no_numbers_do_not_break_the_reader():
    mad = an_object("文字", MARGIN, 40).replace('Size="5.6"', 'Size="nan"').replace("g 1 5.6", "g 1e9 x g")
    assert texts(an_ofd(a_page(mad))) == ["文字"]


def test_entities_are_not_followed(tmp_path: Path, record_settings: RecordSettings):
    secret = tmp_path / "secret.txt"
    secret.write_text("机密", "utf-8")
    page = a_page(an_object("通知&x;", MARGIN, 40))
    page = f'<!DOCTYPE d [<!ENTITY x SYSTEM "{secret.as_uri()}">]>{page}'
    read = digitize(SourceFile(name="a.ofd", data=an_ofd(page)), settings=record_settings)
    assert all("机密" not in str(draft) for draft in read.drafts)
