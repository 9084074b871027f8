"""A whole issue as one PDF."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pypdfium2
import pytest

from gazette.draft import BodyType, Node
from gazette.issues.typesetting import EntryText, IssueText, typeset
from gazette.record.reading import DocumentRecord, VersionRecord


@pytest.fixture
def an_issue(a_document: DocumentRecord, a_version: VersionRecord) -> IssueText:
    """A short text, one of several pages and another short one."""
    long = replace(
        a_version,
        title="江城市停车管理规定",
        body=tuple(
            Node(type=BodyType.ARTICLE, num=f"第{n}条", text="停车设施应当依照规划建设。" * 6, eid=f"art_{n}")
            for n in range(1, 40)
        ),
    )
    texts = (("市政府令", a_version), ("市政府令", long), ("部门文件", replace(a_version, title="江城市河道管理办法")))
    return IssueText(
        gazette_name="江城市人民政府公报",
        sponsor="江城市人民政府办公室",
        year=2024,
        number=3,
        running_number=15,
        cover_date=dt.date(2024, 5, 31),
        entries=tuple(EntryText(column=column, document=a_document, version=version) for column, version in texts),
    )


def texts_of(pdf: bytes) -> list[str]:
    file = pypdfium2.PdfDocument(pdf)
    texts = []
    for page in file:
        textpage = page.get_textpage()
        texts.append(textpage.get_text_range())
        textpage.close()
        page.close()
    file.close()
    return texts


def test_the_cover_names_gazette_number_and_day(an_issue: IssueText):
    cover = texts_of(typeset(an_issue).pdf)[0]
    for words in ("江城市人民政府公报", "2024年　第3号　（总第15号）", "2024年5月31日", "江城市人民政府办公室"):
        assert words in cover


def test_page_ranges_say_where_each_entry_stands(an_issue: IssueText):
    issue = typeset(an_issue)
    pages = texts_of(issue.pdf)
    assert issue.pages == len(pages)
    texts = pages[2:]
    for entry, (first, last) in zip(an_issue.entries, issue.ranges, strict=True):
        assert entry.version.title in texts[first - 1]
        assert last >= first
    assert issue.ranges[0][0] == 1
    assert issue.ranges[1][1] > issue.ranges[1][0]
    assert issue.ranges[2][0] >= issue.ranges[1][1]


def test_contents_and_footers_print_the_same_numbers(an_issue: IssueText):
    issue = typeset(an_issue)
    pages = texts_of(issue.pdf)
    third = issue.ranges[2][0]
    line = next(line for line in pages[1].splitlines() if "河道" in line)
    assert line.rstrip().endswith(str(third))
    assert str(third) in [line.strip() for line in pages[1 + third].splitlines()]


def test_the_same_issue_gives_the_same_bytes(an_issue: IssueText):
    assert typeset(an_issue).pdf == typeset(an_issue).pdf


def test_an_issue_without_entries_is_a_cover_and_empty_contents(an_issue: IssueText):
    assert typeset(replace(an_issue, entries=())).ranges == ()


def test_the_signature_stands_before_what_is_annexed(an_issue: IssueText):
    text = Node(type=BodyType.PARAGRAPH, text="现予公布。", eid="para_1")
    annex = Node(type=BodyType.ATTACHMENT, num="附件1", heading="继续有效的文件目录", eid="att_1")
    entry = replace(an_issue.entries[0], version=replace(an_issue.entries[0].version, body=(text, annex)))
    page = texts_of(typeset(replace(an_issue, entries=(entry,))).pdf)[2]
    assert page.index("现予公布") < page.index("江城市人民政府\r\n2024年4月1日") < page.index("附件1")


def test_what_an_order_promulgates_is_printed_under_the_order(an_issue: IssueText):
    order = "江城市人民政府令\n第12号\n《江城市井盖管理办法》已经审议通过，现予公布。\n江城市人民政府\n2024年4月1日"
    entry = replace(an_issue.entries[0], version=replace(an_issue.entries[0].version, notes=(order,)))
    page = texts_of(typeset(replace(an_issue, entries=(entry,))).pdf)[2]
    assert page.index("第12号") < page.index("现予公布") < page.index("2024年4月1日\r\n江城市井盖管理办法")
    assert page.count("2024年4月1日") == 2  # the order's and the caption's; no signature under the text
