"""Correcting a scan line by line: the text changes where the line stands, the first reading stays, undo takes back."""

from __future__ import annotations

import pytest

from gazette.digitization.blocks import ScanLine
from gazette.draft import BodyType, Draft, Node, SourceInfo
from gazette.editing import workflow
from gazette.editing.scans import list_lines, list_pages
from gazette.errors import BadInput, Conflict, NotFound
from gazette.record.ingest import ingest_draft
from gazette.record.reading import get_document
from gazette.store import Store

LINES = ("江城市停车管理力法", "第一条　为了规范停车秩", "序，制定本办法。", "第二条　本办法自公布", "之日起施行。")
BODY = (
    Node(
        type=BodyType.ARTICLE,
        num="第一条",
        eid="art_1",
        children=(Node(type=BodyType.PARAGRAPH, text="为了规范停车秩序，制定本办法。", eid="art_1__para_1"),),
    ),
    Node(
        type=BodyType.ARTICLE,
        num="第二条",
        eid="art_2",
        children=(Node(type=BodyType.PARAGRAPH, text="本办法自公布之日起施行。", eid="art_2__para_1"),),
    ),
)


@pytest.fixture
def scanned(store: Store) -> tuple[str, str, str]:
    """A document read from a scan: its id, its version's and its copy's."""
    scan = tuple(
        ScanLine(
            page=1, turned=0, box=(0.1, 0.1 * at, 0.9, 0.1 * at + 0.05), text=text, confidence=0.7 if at == 0 else 1
        )
        for at, text in enumerate(LINES)
    )
    source = SourceInfo(name="scan.pdf", sha256="0" * 64, media_type="application/pdf", charset=None, url=None)
    draft = Draft(title=LINES[0], source=source, issuers=("江城市人民政府",), body=BODY, scan=scan)
    taken = ingest_draft(store, draft, b"%PDF-", publish=False, actor="test")
    assert taken.document is not None
    with store.read() as session:
        version = get_document(session, taken.document, drafts=True).versions[0]
    return taken.document, version.id, version.copies[0].id


def texts(store: Store, document: str) -> list[str]:
    with store.read() as session:
        version = get_document(session, document, drafts=True).versions[0]
    return [version.title, *(node.full_text("") for node in version.body)]


def test_a_corrected_line_changes_title_and_text_where_it_stands_and_can_be_undone(store: Store, scanned):
    document, version, copy = scanned
    before = texts(store, document)
    typed = {
        f"{copy}:0": "江城市停车管理办法",
        f"{copy}:1": "第一条　为了规范机动车停放秩",
        f"{copy}:4": "之日起 30 日后施行。",
    }
    entry = workflow.correct_lines(store, document, version, typed, actor="editor")
    title, first, second = texts(store, document)
    assert title == "江城市停车管理办法"
    assert "为了规范机动车停放秩序，制定本办法。" in first
    assert "本办法自公布之日起30日后施行。" in second
    with store.read() as session:
        lines = list_lines(session, copy, 1)
        assert list_pages(session, copy) == {1: 0}
    assert (lines[0].reading, lines[0].text) == (LINES[0], "江城市停车管理办法")
    assert lines[0].box == (0.1, 0.0, 0.9, 0.05)
    workflow.undo(store, entry, actor="editor")
    assert texts(store, document) == before
    with store.read() as session:
        assert [line.text for line in list_lines(session, copy, 1)] == list(LINES)
        assert list_pages(session, copy) == {1: 1}


def test_an_empty_line_a_stranger_line_and_no_change_are_refused(store: Store, scanned):
    document, version, copy = scanned
    with pytest.raises(BadInput):
        workflow.correct_lines(store, document, version, {f"{copy}:1": " "}, actor="editor")
    with pytest.raises(NotFound):
        workflow.correct_lines(store, document, version, {f"{copy}:99": "行"}, actor="editor")
    with pytest.raises(Conflict):
        workflow.correct_lines(store, document, version, {f"{copy}:1": LINES[1]}, actor="editor")


def test_purging_a_document_destroys_the_lines_of_its_scan(store: Store, scanned):
    document, _version, copy = scanned
    workflow.purge(store, document, actor="editor", reason="泄露个人信息")
    with store.read() as session:
        assert list_lines(session, copy, 1) == ()
