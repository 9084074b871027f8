"""An issue is assembled, published once, and can be verified for ever."""

import datetime as dt

import pytest
from sqlalchemy import text

from gazette.errors import BadInput, Conflict, NotFound
from gazette.issues.commitment import verify_issue
from gazette.issues.gazettes import (
    EntryDraft,
    add_gazette,
    add_issue,
    add_to_issue,
    assemble,
    get_issue,
    issue_years,
    keep_typeset,
    list_gazettes,
    list_issues,
    parse_issue_address,
    publish_issue,
)
from gazette.outbox import iter_changes
from gazette.record.reading import get_document
from gazette.store import Store
from tests.gazette.builders import a_draft, take_in

ADDRESS = parse_issue_address("jiangcheng/2024/3")


def an_issue(store: Store) -> tuple[str, str]:
    """An unpublished issue of two documents in review."""
    add_gazette(
        store, "jiangcheng", "江城市人民政府公报", actor="编辑", sponsor="江城市人民政府", columns=["市政府文件"]
    )
    first = take_in(store, a_draft("关于甲事的通知", place="a"), publish=False).document or ""
    second = take_in(store, a_draft("关于乙事的通知", place="b"), publish=False).document or ""
    add_issue(store, ADDRESS, actor="编辑", cover_date=dt.date(2024, 2, 1), running_number=15)
    entries = [EntryDraft(document=first, column="市政府文件"), EntryDraft(document=second)]
    assemble(store, ADDRESS, entries, actor="编辑")
    return first, second


def test_publishing_an_issue_publishes_what_it_prints(store: Store) -> None:
    first, second = an_issue(store)
    keep_typeset(store, ADDRESS, pdf=b"%PDF", pages=4, ranges=[(1, 2), (2, 4)], actor="编辑")
    issue = publish_issue(store, ADDRESS, actor="总编")
    assert issue.state == "published"
    assert [(entry.document, entry.page_from, entry.page_to) for entry in issue.entries] == [
        (first, 1, 2),
        (second, 2, 4),
    ]
    with store.read() as session:
        record = get_document(session, first)
        changes = {(change.topic, change.subject) for change in iter_changes(session)}
    (gazetted,) = record.gazetted
    assert (gazetted.gazette_name, gazetted.year, gazetted.number, gazetted.page_from) == (
        "江城市人民政府公报",
        2024,
        3,
        1,
    )
    assert ("issue", "jiangcheng/2024/3") in changes
    assert verify_issue(store, ADDRESS).ok


def test_publishing_twice_changes_nothing(store: Store) -> None:
    an_issue(store)
    first = publish_issue(store, ADDRESS, actor="总编")
    assert publish_issue(store, ADDRESS, actor="总编") == first


def test_the_contents_of_a_published_issue_stand(store: Store) -> None:
    first, _ = an_issue(store)
    publish_issue(store, ADDRESS, actor="总编")
    with pytest.raises(Conflict):
        assemble(store, ADDRESS, [EntryDraft(document=first)], actor="编辑")
    assert add_to_issue(store, ADDRESS, first, actor="编辑").state == "published"
    third = take_in(store, a_draft("关于丙事的通知", place="c")).document or ""
    with pytest.raises(Conflict):
        add_to_issue(store, ADDRESS, third, actor="编辑")


@pytest.mark.parametrize(
    ("damage", "code"),
    [
        ("UPDATE versions SET letters_sha256 = 'x'", "issue.entry_differs"),
        ("DELETE FROM entries WHERE position = 2", "issue.entries_differ"),
        ("UPDATE issues SET cover_date = '2020-01-01'", "issue.cover_date_differs"),
        ("UPDATE ledger SET subject = 'other' WHERE topic = 'document'", "ledger.broken"),
    ],
)
def test_whatever_was_changed_after_publication_is_found(store: Store, damage: str, code: str) -> None:
    an_issue(store)
    publish_issue(store, ADDRESS, actor="总编")
    with store.write() as session:
        session.execute(text(damage))
    result = verify_issue(store, ADDRESS)
    assert not result.ok
    assert code in [finding.code for finding in result.findings]


def test_a_lost_or_changed_pdf_is_found(store: Store) -> None:
    an_issue(store)
    digest = keep_typeset(store, ADDRESS, pdf=b"%PDF", pages=1, ranges=[(1, 1), (1, 1)], actor="编辑").sha256 or ""
    publish_issue(store, ADDRESS, actor="总编")
    path = store.settings.home / "blobs" / digest[:2] / digest[2:]
    path.write_bytes(b"another")
    assert [finding.code for finding in verify_issue(store, ADDRESS).findings] == ["issue.pdf_differs"]
    path.unlink()
    assert [finding.code for finding in verify_issue(store, ADDRESS).findings] == ["issue.pdf_missing"]


def test_an_unpublished_issue_is_not_in_the_ledger(store: Store) -> None:
    an_issue(store)
    assert [finding.code for finding in verify_issue(store, ADDRESS).findings] == ["issue.not_in_ledger"]


def test_an_empty_issue_cannot_be_published(store: Store) -> None:
    add_gazette(store, "jiangcheng", "江城市人民政府公报", actor="编辑")
    add_issue(store, ADDRESS, actor="编辑")
    with pytest.raises(Conflict):
        publish_issue(store, ADDRESS, actor="总编")


def test_issues_are_listed_by_year_and_drafts_are_kept_from_the_public(store: Store) -> None:
    an_issue(store)
    publish_issue(store, ADDRESS, actor="总编")
    add_issue(store, parse_issue_address("jiangcheng/2025/1"), actor="编辑")
    with store.read() as session:
        assert [str(issue.address) for issue in list_issues(session, "jiangcheng")] == [
            "jiangcheng/2025/1",
            "jiangcheng/2024/3",
        ]
        assert [issue.year for issue in list_issues(session, published_only=True)] == [2024]
        assert list_issues(session, "jiangcheng", 2023) == ()
        assert issue_years(session, "jiangcheng", published_only=True) == (2024,)
        assert [gazette.id for gazette in list_gazettes(session)] == ["jiangcheng"]
        with pytest.raises(NotFound):
            get_issue(session, parse_issue_address("jiangcheng/2025/1"), published_only=True)


def test_adding_a_document_twice_puts_it_in_once_and_opens_the_issue(store: Store) -> None:
    add_gazette(store, "jiangcheng", "江城市人民政府公报", actor="编辑")
    document = take_in(store, a_draft()).document or ""
    add_to_issue(store, ADDRESS, document, actor="编辑")
    assert len(add_to_issue(store, ADDRESS, document, actor="编辑").entries) == 1


def test_an_issue_of_an_unknown_gazette_is_not_found(store: Store) -> None:
    with pytest.raises(NotFound):
        add_issue(store, ADDRESS, actor="编辑")


@pytest.mark.parametrize(
    "address", ["", "jiangcheng", "jiangcheng/24/1", "jiangcheng/2024/0", "江城/2024/1", "../2024/1"]
)
def test_a_malformed_address_is_one_clear_error(address: str) -> None:
    with pytest.raises(BadInput):
        parse_issue_address(address)
