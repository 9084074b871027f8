"""A whole issue filed: its entries in order with columns and pages, once and for all."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from gazette.draft import SourceFile
from gazette.errors import Conflict
from gazette.issues.filing import Arranged, Filed, arrange, file_issue
from gazette.issues.gazettes import add_gazette, publish_issue
from gazette.issues.issue import IssueAddress, list_issues
from gazette.store import Store
from tests.gazette.issues.test_division import BODY, CONTENTS, COVER
from tests.gazette.issues.test_ey_gazette import a_record, an_issue

ADDRESS = IssueAddress(gazette="jiangcheng", year=2024, number=3)
SOURCE = SourceFile(name="issue.txt", data="\n".join(text for text, _page in (*COVER, *CONTENTS, *BODY)).encode())


def filed(store: Store, source: SourceFile = SOURCE, address: IssueAddress = ADDRESS) -> Filed:
    add_gazette(store, "jiangcheng", "江城市人民政府公报", actor="测试")
    return file_issue(store, address, [source], publish=False, actor="测试")


def test_an_issue_gets_its_entries_columns_and_date(store: Store):
    issue = filed(store).issue
    assert [(entry.column, entry.title) for entry in issue.entries] == [
        ("市政府文件", "江城市人民政府关于印发江城市停车管理办法的通知"),
        ("市政府文件", "江城市停车管理办法"),
        ("部门文件", "江城市教育局关于做好招生工作的通知"),
    ]
    assert (issue.cover_date, issue.running_number) == (date(2024, 6, 28), 15)


def test_filing_twice_changes_nothing(store: Store):
    first, second = filed(store), filed(store)
    assert second.issue == first.issue
    assert {outcome.action for outcome in second.outcomes} == {"unchanged"}


def test_what_an_editor_arranged_stays_when_the_file_comes_again(store: Store):
    entries = filed(store).issue.entries
    wanted = [
        Arranged(position=entry.position, order=-entry.position, column="文件选登", title=entry.title)
        for entry in entries
    ]
    arranged = arrange(store, ADDRESS, wanted, actor="测试")
    assert [entry.title for entry in arranged.entries] == [entry.title for entry in reversed(entries)]
    assert filed(store).issue == arranged


def test_an_entry_that_is_not_kept_leaves_the_contents(store: Store):
    entries = filed(store).issue.entries
    wanted = [
        Arranged(position=entry.position, order=entry.position, column=entry.column, title=entry.title, kept=at != 1)
        for at, entry in enumerate(entries)
    ]
    assert len(arrange(store, ADDRESS, wanted, actor="测试").entries) == 2


def test_a_file_that_says_it_is_another_number_is_one_doubt(store: Store):
    outcome = filed(store, address=replace(ADDRESS, number=4))
    assert [finding.code for finding in outcome.findings if finding.code == "issue.number_differs"] == [
        "issue.number_differs"
    ]


def test_a_published_issue_takes_in_nothing_more(store: Store):
    filed(store)
    publish_issue(store, ADDRESS, actor="测试")
    with pytest.raises(Conflict):
        filed(store)


def test_files_that_cannot_be_read_leave_no_issue_behind(store: Store):
    outcome = filed(store, SourceFile(name="issue.pdf", data=b"%PDF-1.4 broken"))
    assert [each.action for each in outcome.outcomes] == ["failed"]
    assert outcome.issue is None
    with store.read() as session:
        assert list_issues(session) == ()


def test_an_issue_that_was_there_stays_when_another_file_cannot_be_read(store: Store):
    issue = filed(store).issue
    assert filed(store, SourceFile(name="issue.pdf", data=b"%PDF-1.4 broken")).issue == issue


def test_empty_members_of_one_archive_are_told_once(store: Store):
    add_gazette(store, "jiangcheng", "江城市人民政府公报", actor="测试")
    members = [SourceFile(name=f"{n}.txt", data=b" ", archive="issue.zip") for n in range(5)]
    outcomes = file_issue(store, ADDRESS, members, publish=False, actor="测试").outcomes
    assert [(each.source, each.action) for each in outcomes] == [("issue.zip", "failed")]


def test_a_gazettes_xml_is_an_issue_with_columns_and_day(store: Store):
    records = [
        a_record(Title="江城部令：訂定「公園管理辦法」", Chapter="內政篇"),
        a_record(Title="江城部令：訂定「溫室管理辦法」", Chapter="農業環保篇", GazetteId="江園字第1070000002號"),
    ]
    issue = filed(store, SourceFile(name="107-04-09.xml", data=an_issue(*records))).issue
    assert issue is not None
    assert issue.cover_date == date(2018, 4, 9)
    assert issue.entries[0].column == "內政篇"
