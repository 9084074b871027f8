"""Whole issues as the State Council's and provincial gazettes print them; every act in them is invented here."""

from __future__ import annotations

from datetime import date

import pytest

from gazette.digitization.blocks import Reading, paragraph
from gazette.digitization.digitize import divide_again
from gazette.draft import SourceInfo
from gazette.issues.division import Division, Section, divide
from gazette.issues.errata import find_about
from gazette.issues.masthead import read_imprint

#: Two lines of the contents for one order, numbers in brackets on a line of their own, titles broken over lines,
#: two issuers of one notice, a running total called 总号.
STATE = (
    ("江华国务公报", 1),
    ("GAZETTE OF THE STATE COUNCIL", 1),
    ("2024年　第12号（总号：1861）", 1),
    ("4月30日出版", 1),
    ("目　　录", 2),
    ("国务院令", 2),
    ("中华人民共和国国务院令（第780号） ……………………………………………… （4）", 2),
    ("渔港水域养护条例 ………………………………………………………………………… （4）", 2),
    ("国务院文件", 2),
    ("国务院关于同意设立海沧县的批复（国函〔2024〕55号） ………………（9）", 2),
    ("国务院办公厅文件", 2),
    ("国务院办公厅关于印发渔港整治方案的通知", 2),
    ("（国办发〔2024〕18号） ……………………………………………（10）", 2),
    ("部门文件", 2),
    ("财政部　渔业部关于渔港补助资金管理的通知（财农〔2024〕8号）……………………………………………（13）", 2),
    ("中华人民共和国国务院令", 3),
    ("第780号", 3),
    ("《渔港水域养护条例》已经2024年4月1日国务院第30次常务会议通过，现予公布，自2024年6月1日起施行。", 3),
    ("总理　张三", 3),
    ("2024年4月12日", 3),
    ("渔港水域养护条例", 3),
    ("第一条　为了养护渔港水域，制定本条例。", 3),
    ("第二条　渔港水域的养护适用本条例。", 3),
    ("第三条　本条例自2024年6月1日起施行。", 8),
    ("国务院关于同意设立海沧县的批复", 8),
    ("国函〔2024〕55号", 8),
    ("某某省人民政府：", 8),
    ("你省关于设立海沧县的请示收悉。现批复如下：同意设立海沧县。", 8),
    ("国务院", 8),
    ("2024年4月13日", 8),
    ("国务院办公厅关于印发", 9),
    ("渔港整治方案的通知", 9),
    ("国办发〔2024〕18号", 9),
    ("各省、自治区、直辖市人民政府，国务院各部委、各直属机构：", 9),
    ("《渔港整治方案》已经国务院同意，现印发给你们，请认真贯彻执行。", 9),
    ("国务院办公厅", 9),
    ("2024年4月15日", 9),
    ("（此件公开发布）", 9),
    ("渔港整治方案", 9),
    ("一、总体要求", 9),
    ("坚持依法整治。", 9),
    ("二、主要任务", 9),
    ("清理违规设施。", 11),
    ("财政部　渔业部", 12),
    ("关于渔港补助资金管理的通知", 12),
    ("财农〔2024〕8号", 12),
    ("各省财政厅、渔业局：", 12),
    ("现将有关事项通知如下：", 12),
    ("一、资金专款专用。", 12),
    ("财政部　渔业部", 12),
    ("2024年4月20日", 12),
)

#: Two numbers in one issue, three issuers on three lines, a reading, a chronicle, and a correction without a title.
PROVINCIAL = (
    ("青河省人民政府公报", 1),
    ("2024年第1、2期合刊", 1),
    ("（总第1203、1204期）", 1),
    ("2024年1月31日出版", 1),
    ("目　录", 2),
    ("省政府令", 2),
    ("青河省河道采砂管理办法（青河省人民政府令第312号）…………………………（1）", 2),
    ("省政府文件", 2),
    ("青河省人民政府关于表彰先进集体的决定", 2),
    ("（青政发〔2024〕1号）…………………………（3）", 2),
    ("省政府办公厅文件", 2),
    ("青河省人民政府办公厅关于做好春运工作的通知（青政办发〔2024〕2号）…………（4）", 2),
    ("部门规范性文件", 2),
    (
        "青河省财政厅　青河省教育厅　青河省税务局关于印发《青河省教育经费核算办法》的通知（青财规〔2024〕1号）………（5）",
        2,
    ),
    ("人事任免", 2),
    ("青河省人民政府关于李四等同志任免职的通知（青政人〔2024〕1号）………（8）", 2),
    ("政策解读", 2),
    ("《青河省河道采砂管理办法》解读………（8）", 2),
    ("大事记", 2),
    ("青河省人民政府2023年12月大事记………（9）", 2),
    ("勘误", 2),
    ("勘误………（10）", 2),
    ("省政府令", 3),
    ("青河省人民政府令", 3),
    ("第312号", 3),
    ("《青河省河道采砂管理办法》已经2024年1月2日省人民政府第20次常务会议通过，现予公布，自2024年3月1日起施行。", 3),
    ("省长　王五", 3),
    ("2024年1月8日", 3),
    ("青河省河道采砂管理办法", 3),
    ("第一条　为了规范采砂，制定本办法。", 3),
    ("第二条　采砂适用本办法。", 4),
    ("第三条　本办法自2024年3月1日起施行。", 4),
    ("省政府文件", 5),
    ("青河省人民政府", 5),
    ("关于表彰先进集体的决定", 5),
    ("青政发〔2024〕1号", 5),
    ("各市、县人民政府，省政府各部门：", 5),
    ("省人民政府决定表彰下列集体。", 5),
    ("青河省人民政府", 5),
    ("2024年1月9日", 5),
    ("省政府办公厅文件", 6),
    ("青河省人民政府办公厅", 6),
    ("关于做好春运工作的通知", 6),
    ("青政办发〔2024〕2号", 6),
    ("各市人民政府：", 6),
    ("请做好春运。", 6),
    ("青河省人民政府办公厅", 6),
    ("2024年1月10日", 6),
    ("部门规范性文件", 7),
    ("青河省财政厅", 7),
    ("青河省教育厅", 7),
    ("青河省税务局", 7),
    ("关于印发《青河省教育经费核算办法》的通知", 7),
    ("青财规〔2024〕1号", 7),
    ("各市财政局、教育局、税务局：", 7),
    ("现将《青河省教育经费核算办法》印发给你们，请遵照执行。", 7),
    ("青河省财政厅　青河省教育厅　青河省税务局", 7),
    ("2024年1月11日", 7),
    ("青河省教育经费核算办法", 7),
    ("第一条　为了核算，制定本办法。", 7),
    ("第二条　适用本办法。", 8),
    ("第三条　自发布之日起施行。", 9),
    ("人事任免", 10),
    ("青河省人民政府关于李四等同志任免职的通知", 10),
    ("青政人〔2024〕1号", 10),
    ("省政府各部门：", 10),
    ("任命李四为省水利厅副厅长。", 10),
    ("青河省人民政府", 10),
    ("2024年1月12日", 10),
    ("政策解读", 10),
    ("《青河省河道采砂管理办法》解读", 10),
    ("《青河省河道采砂管理办法》（以下简称《办法》）将于2024年3月1日施行，现解读如下。", 10),
    ("大事记", 11),
    ("青河省人民政府2023年12月大事记", 11),
    ("1日　省长王五主持召开常务会议。", 11),
    ("2日　省政府召开会议。", 11),
    ("勘误", 12),
    (
        "本刊2023年第23期刊登的《青河省人民政府关于加强防火工作的通知》（青政发〔2023〕30号）第3页第2行“防水”应为“防火”。",
        12,
    ),
    ("特此更正。", 12),
)

STATE_FOLIOS = {3: 4, 8: 9, 9: 10, 11: 12, 12: 13}
PROVINCIAL_FOLIOS = {sheet: sheet - 2 for sheet in range(3, 13)}


def reading(lines: tuple[tuple[str, int], ...], folios: dict[int, int]) -> Reading:
    return Reading(blocks=tuple(paragraph(text, page=page) for text, page in lines), folios=folios)


def divided(lines: tuple[tuple[str, int], ...], folios: dict[int, int]) -> Division:
    division = divide(reading(lines, folios))
    assert division is not None
    return division


def facts(section: Section) -> tuple[str | None, str | None, int | None, int | None]:
    return section.column, section.title, section.page_from, section.page_to


def test_an_issue_of_the_state_councils_kind_is_divided_by_its_contents():
    division = divided(STATE, STATE_FOLIOS)
    assert [facts(section) for section in division.sections] == [
        ("国务院令", "渔港水域养护条例", 4, 9),
        ("国务院文件", "国务院关于同意设立海沧县的批复", 9, 9),
        ("国务院办公厅文件", "国务院办公厅关于印发渔港整治方案的通知", 10, 12),
        ("部门文件", "财政部　渔业部关于渔港补助资金管理的通知", 13, 13),
    ]
    assert division.findings == ()
    assert division.sections[0].blocks[0].text == "中华人民共和国国务院令"
    imprint = division.imprint
    assert (imprint.year, imprint.number, imprint.running_number) == (2024, 12, 1861)
    assert imprint.cover_date == date(2024, 4, 30)


PROVINCIAL_ENTRIES = [
    ("省政府令", "青河省河道采砂管理办法", 1, 2),
    ("省政府文件", "青河省人民政府关于表彰先进集体的决定", 3, 3),
    ("省政府办公厅文件", "青河省人民政府办公厅关于做好春运工作的通知", 4, 4),
    ("部门规范性文件", "青河省财政厅青河省教育厅青河省税务局关于印发《青河省教育经费核算办法》的通知", 5, 7),
    ("人事任免", "青河省人民政府关于李四等同志任免职的通知", 8, 8),
    ("政策解读", "《青河省河道采砂管理办法》解读", 8, 8),
    ("大事记", "青河省人民政府2023年12月大事记", 9, 9),
    ("勘误", "勘误", 10, 10),
]


@pytest.mark.parametrize("listed", [True, False], ids=["with contents", "without"])
def test_a_provincial_issue_is_divided_with_and_without_its_contents(listed: bool):
    division = divided(tuple(line for line in PROVINCIAL if listed or line[1] != 2), PROVINCIAL_FOLIOS)
    assert [facts(section) for section in division.sections] == PROVINCIAL_ENTRIES
    assert division.findings == ()
    imprint = division.imprint
    assert (imprint.number, imprint.number_to, imprint.running_number) == (1, 2, 1203)


def test_a_reading_and_a_correction_name_what_they_are_about():
    sections = divided(PROVINCIAL, PROVINCIAL_FOLIOS).sections
    abouts = [about for section in sections if (about := find_about(section.title, section.blocks))]
    assert [(about.kind, about.title, about.number) for about in abouts] == [
        ("interprets", "青河省河道采砂管理办法", None),
        ("corrects", "青河省人民政府关于加强防火工作的通知", "青政发〔2023〕30号"),
    ]


def test_joint_issuers_over_several_lines_and_the_act_a_notice_carries_come_out():
    source = SourceInfo(name="issue.pdf", sha256="0" * 64, media_type="application/pdf")
    provincial = reading(PROVINCIAL, PROVINCIAL_FOLIOS)
    starts = [section.start for section in divided(PROVINCIAL, PROVINCIAL_FOLIOS).sections]
    digitized = divide_again(provincial, source, columns=(), starts=starts)
    assert digitized is not None
    drafts = {draft.title: draft for draft in digitized.drafts}
    joint = drafts["青河省财政厅青河省教育厅青河省税务局关于印发《青河省教育经费核算办法》的通知"]
    assert joint.issuers == ("青河省财政厅", "青河省教育厅", "青河省税务局")
    assert drafts["青河省教育经费核算办法"].carried_by is not None
    (reading_of,) = {each.title for each in drafts["《青河省河道采砂管理办法》解读"].citations if each.title}
    assert reading_of == "青河省河道采砂管理办法"


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        (
            "青河省人民政府办公厅关于做好春运工作的通知（",
            "青河省人民政府办公厅关于做好春节工作的通知（",
            "issue.title_differs",
        ),
        ("（青政办发〔2024〕2号）…………（4）", "（青政办发〔2024〕2号）…………（5）", "issue.page_differs"),
        ("《青河省河道采砂管理办法》解读………（8）", "《青河省渔港管理办法》解读………（8）", "issue.entry_missing"),
        ("青河省人民政府2023年12月大事记………（9）", "", "issue.entry_unlisted"),
    ],
)
def test_each_disagreement_of_contents_and_bodies_is_said(old: str, new: str, code: str):
    lines = tuple((text.replace(old, new) if page == 2 else text, page) for text, page in PROVINCIAL)
    found = [finding.code for finding in divided(tuple(line for line in lines if line[0]), PROVINCIAL_FOLIOS).findings]
    assert code in found
    assert len(found) <= 3


@pytest.mark.parametrize(
    ("line", "number", "number_to", "running", "supplement"),
    [
        ("2024年第3期　总第55期（增刊）", 3, None, 55, "增刊"),
        ("2023年第23－24期合刊（总第888－889期）", 23, 24, 888, None),
        ("二〇二四年第五、六期合刊", 5, 6, None, None),
        ("2024年特刊", None, None, None, "特刊"),
        ("2024年第8号（总号：1837）", 8, None, 1837, None),
        ("2024年第1期、第2期合刊　总第301期", 1, 2, 301, None),
    ],
)
def test_double_numbers_supplements_and_running_totals(line, number, number_to, running, supplement):
    imprint = read_imprint([line])
    assert (imprint.number, imprint.number_to, imprint.running_number, imprint.supplement) == (
        number,
        number_to,
        running,
        supplement,
    )
