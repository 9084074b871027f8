"""A whole issue in print, divided into its documents."""

from __future__ import annotations

from datetime import date

import pytest

from gazette.digitization.blocks import Block, BlockKind, Reading, paragraph
from gazette.digitization.digitize import digitize_here
from gazette.digitization.heads import find_kind_first, read_serial
from gazette.draft import SourceFile
from gazette.issues.columns import get_columns
from gazette.issues.contents import read_contents
from gazette.issues.division import Division, divide
from gazette.issues.errata import find_about
from gazette.issues.masthead import read_imprint

COVER = (("江城市人民政府公报", 1), ("2024年　第3号　（总第15号）", 1), ("2024年6月28日", 1))
LETTER = (
    ("江政发〔2024〕9号", 3),
    ("江城市人民政府关于印发江城市停车管理办法的通知", 3),
    ("各区人民政府：", 3),
    ("现将《江城市停车管理办法》印发给你们，请遵照执行。", 3),
    ("江城市人民政府", 3),
    ("2024年5月20日", 3),
    ("江城市停车管理办法", 3),
    ("第一条　为了规范停车秩序，制定本办法。", 3),
    ("第二条　本办法适用于本市。", 3),
    ("第三条　本办法自2024年7月1日起施行。", 4),
)
NOTICE = (
    ("江教规〔2024〕1号", 4),
    ("江城市教育局关于做好招生工作的通知", 4),
    ("各学校：", 4),
    ("现就招生工作通知如下，请认真执行。", 4),
    ("江城市教育局", 5),
    ("2024年5月22日", 5),
)
CONTENTS = (
    ("目　录", 2),
    ("市政府文件", 2),
    ("江城市人民政府关于印发江城市停车管理办法的通知（江政发〔2024〕9号） ……… 1", 2),
    ("部门文件", 2),
    ("江城市教育局关于做好招生工作的通知（江教规〔2024〕1号） ……… 2", 2),
)
BODY = (("市政府文件", 3), *LETTER, ("部门文件", 4), *NOTICE)
FOLIOS = {3: 1, 4: 2, 5: 3}


def read(*parts: tuple[str, int], folios: dict[int, int] | None = None) -> Reading:
    blocks = tuple(paragraph(text, page=page) for text, page in parts)
    return Reading(blocks=blocks, folios=FOLIOS if folios is None else folios)


def divided(*parts: tuple[str, int]) -> Division:
    division = divide(read(*parts))
    assert division is not None
    return division


def codes(division: Division) -> list[str]:
    return [finding.code for finding in division.findings]


def test_entries_carry_the_column_and_pages_of_the_contents():
    division = divided(*COVER, *CONTENTS, *BODY)
    assert [(each.title, each.column, each.page_from, each.page_to) for each in division.sections] == [
        ("江城市人民政府关于印发江城市停车管理办法的通知", "市政府文件", 1, 2),
        ("江城市教育局关于做好招生工作的通知", "部门文件", 2, 3),
    ]
    assert division.findings == ()


def test_the_cover_says_which_issue_it_is():
    imprint = divided(*COVER, *CONTENTS, *BODY).imprint
    assert (imprint.gazette, imprint.year, imprint.number, imprint.running_number, imprint.cover_date) == (
        "江城市人民政府公报",
        2024,
        3,
        15,
        date(2024, 6, 28),
    )


def test_an_issue_without_contents_is_divided_by_heads_and_columns():
    division = divided(*COVER, *BODY)
    assert [(each.title, each.column) for each in division.sections] == [
        ("江城市人民政府关于印发江城市停车管理办法的通知", "市政府文件"),
        ("江城市教育局关于做好招生工作的通知", "部门文件"),
    ]


def test_what_a_letter_carries_stays_with_its_letter():
    first = divided(*COVER, *BODY).sections[0]
    assert first.blocks[-1].text == "第三条　本办法自2024年7月1日起施行。"


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("江城市水务局关于节约用水的通知（江水规〔2024〕4号） ……… 3", "issue.entry_missing"),
        ("江城市水务局关于节约用水的通知（江水规〔2024〕4号） ……… 99", "issue.page_beyond"),
        ("江城市教育局关于做好招生工作的通知（江教规〔2024〕1号） ……… 2", "issue.title_repeated"),
    ],
)
def test_a_line_of_the_contents_without_its_body_is_one_finding(line: str, code: str):
    assert code in codes(divided(*COVER, *CONTENTS, (line, 2), *BODY))


def test_a_document_that_the_contents_leave_out_is_found_and_said():
    unlisted = (
        ("江水规〔2024〕4号", 5),
        ("江城市水务局关于节约用水的通知", 5),
        ("各单位：", 5),
        ("请节约用水。", 5),
    )
    division = divided(*COVER, *CONTENTS, *BODY, *unlisted)
    assert len(division.sections) == 3
    assert codes(division) == ["issue.entry_unlisted"]


def test_a_page_that_differs_from_the_contents_is_said():
    moved = [(text.replace("……… 2", "……… 3"), page) for text, page in CONTENTS]
    assert codes(divided(*COVER, *moved, *BODY)) == ["issue.page_differs"]


def test_a_column_without_entries_is_said():
    assert codes(divided(*COVER, CONTENTS[0], ("人事任免", 2), *CONTENTS[1:], *BODY)) == ["issue.column_empty"]


@pytest.mark.parametrize(
    ("title", "line", "about"),
    [
        (
            "更正",
            "《江城市人民政府公报》2023年第1号刊登的《江城市停车管理办法》（江政发〔2023〕2号）第三条有误。",
            ("corrects", "江城市停车管理办法", "江政发〔2023〕2号"),
        ),
        ("《江城市停车管理办法》政策解读", "现解读如下。", ("interprets", "江城市停车管理办法", None)),
    ],
)
def test_an_erratum_and_an_interpretation_name_what_they_are_about(title, line, about):
    found = find_about(title, (paragraph(line),))
    assert found is not None
    assert (found.kind, found.title, found.number) == about


def test_other_documents_are_about_nothing():
    assert find_about("江城市教育局关于做好招生工作的通知", (paragraph("根据《办法》通知如下。"),)) is None


def test_rows_of_a_list_of_documents_are_no_documents():
    rows = (
        ("附件　废止的文件目录", 4),
        ("1 江城市人民政府关于旧城改造的通知", 4),
        ("江政发〔2001〕3号", 4),
        ("2 江城市人民政府关于占道经营的通知", 4),
        ("江政发〔2002〕8号", 4),
    )
    assert len(divided(*COVER, *LETTER, *rows, *NOTICE).sections) == 2


def test_a_law_with_a_table_of_contents_is_one_document():
    law = (
        ("江城市养犬管理条例", 1),
        ("目　录", 1),
        ("第一章　总则", 1),
        ("第二章　附则", 1),
        ("第一章　总则", 1),
        ("第一条　为了规范养犬行为，制定本条例。", 1),
        ("第二章　附则", 1),
        ("第二条　本条例自2024年7月1日起施行。", 1),
    )
    assert divide(read(*law)) is None


def test_a_letter_alone_is_no_issue():
    assert divide(read(*LETTER)) is None


def test_kind_first_titles_open_documents_in_traditional_characters():
    pages = (
        ("財政部令：修正「國庫券經理辦法」部分條文", 1),
        ("台財庫字第09403500820號", 1),
        ("中華民國94年1月24日", 1),
        ("修正「國庫券經理辦法」部分條文。", 1),
        ("部長　林全", 1),
        ("教育部函：「加強推行藝術教育要點」停止適用", 1),
        ("台社(四)字第0940002534號", 1),
        ("中華民國94年1月19日補登", 1),
        ("主旨：停止適用。", 2),
    )
    assert [each.title for each in divided(*pages).sections] == [pages[0][0], pages[5][0]]


def test_a_title_over_two_full_lines_ends_where_its_number_begins():
    first = "行政院金融監督管理委員會令：核釋「期貨經理事業管理規則」第32條第5項規定，期貨經理事"
    pages = (
        (first, 1),
        ("業運用委託資產從事同條第1項各款之交易或投資之比率及相關規範，自即日生效", 1),
        ("金管證七字第0970065672號", 1),
        ("依規則辦理。", 1),
        ("教育部函：「加強推行藝術教育要點」停止適用", 1),
        ("教育部", 1),
        ("台社(四)字第0940002534號", 1),
        ("主旨：停止適用。", 2),
    )
    assert [each.title for each in divided(*pages).sections] == [first + pages[1][0], pages[4][0]]


def test_a_plain_text_issue_yields_a_draft_for_each_document_with_its_place():
    text = "\n".join(text for text, _page in (*COVER, *BODY))
    digitized = digitize_here(SourceFile(name="issue.txt", data=text.encode()))
    assert [(draft.title, str(draft.doc_number)) for draft in digitized.drafts] == [
        ("江城市人民政府关于印发江城市停车管理办法的通知", "江政发〔2024〕9号"),
        ("江城市停车管理办法", "江政发〔2024〕9号"),
        ("江城市教育局关于做好招生工作的通知", "江教规〔2024〕1号"),
    ]
    assert [draft.printed.position for draft in digitized.drafts if draft.printed] == [1, 1, 2]
    assert digitized.drafts[1].carried_by == 0


def test_titles_of_the_contents_run_over_lines_and_have_numbers_and_pages():
    lines = (
        "目　录",
        "【政府令】",
        "江城市人民政府关于印发江城市突发事件应急预案管理办法和江城市防汛抗旱",
        "应急预案的通知（江政发〔2024〕9号）……………………（12）",
        "《江城市停车管理办法》政策解读 34",
    )
    blocks = tuple(Block(kind=BlockKind.PARAGRAPH, text=line) for line in lines)
    contents = read_contents(blocks, get_columns())
    assert contents is not None
    assert [(each.column, str(each.number) if each.number else None, each.page) for each in contents.entries] == [
        ("政府令", "江政发〔2024〕9号", 12),
        ("政府令", None, 34),
    ]
    assert contents.entries[0].title.endswith("应急预案的通知")


@pytest.mark.parametrize(
    ("line", "is_one"),
    [
        ("国办发〔2018〕23号", True),
        ("财政部令　中華民國95年6月13日　台財庫字第09503500820號", True),
        ("發文字號：台財庫字第09503500820號", True),
        ("中華民國94年1月18日補登", True),
        ("(96)教字第0960001615號", True),
        ("內政部　中華民國96年2月14日　院臺經字第0960005076號", True),
        ("發文機關　內政部", True),
        ("財政部", False),
        ("訂定機關：經濟部。", False),
        ("根据国办发〔2018〕23号，制定本办法", False),
    ],
)
def test_a_line_of_numbers_and_days_is_told_from_text(line: str, is_one: bool):
    assert (read_serial(line) is not None) == is_one


@pytest.mark.parametrize(
    ("line", "is_one"),
    [
        ("教育部、行政院原住民族委員會令：修正辦法", True),
        ("公文標題：教育部令：修正辦法", True),
        ("命令：做", False),
        ("訂定機關：經濟部", False),
    ],
)
def test_a_kind_first_title_names_an_agency(line: str, is_one: bool):
    assert (find_kind_first(line) is not None) == is_one


def test_a_running_head_in_traditional_characters_gives_volume_and_number():
    imprint = read_imprint(["行政院公報　第012卷第054期　20060323　內政篇"])
    assert (imprint.gazette, imprint.volume, imprint.number, imprint.cover_date) == (
        "行政院公報",
        12,
        54,
        date(2006, 3, 23),
    )


def test_a_supplement_is_told_from_the_issue_itself():
    assert read_imprint(["江城市人民政府公报", "2024年第3期（增刊）"]).supplement == "增刊"
