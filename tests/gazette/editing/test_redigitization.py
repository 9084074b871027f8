"""A better reader reads held bytes anew: what changes is proposed, what an editor set stays, undo takes it back."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import func, select

from gazette.blobs import sha256_of
from gazette.digitization import digitize as digitizing
from gazette.digitization.blocks import ScanLine
from gazette.draft import Digitized, Node, SourceFile, walk
from gazette.editing import redigitization
from gazette.editing.redigitization import adopt, list_outdated, redigitize
from gazette.editing.scans import list_lines
from gazette.editing.workflow import correct, correct_lines, undo
from gazette.errors import Conflict
from gazette.outbox import OutboxRow
from gazette.record.documents import CopyRow
from gazette.record.ingest import ingest
from gazette.record.reading import VersionRecord, get_document
from gazette.store import Store

#: What an older reader made of the file: a wrong number and day, a misread word, a lost article.
POOR = """江城市公园管理办法
江政发〔2021〕1号

第一条　为了加强公因管理，制定本办法。
第二条　本办法适用于本市公园。
"""
GOOD = POOR.replace("2021〕1号", "2021〕7号").replace("公因", "公园") + "第三条　本办法自2021年4月1日起施行。\n"


@pytest.fixture
def reads_better(monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on the readers see in the file what the older one did not."""
    real = digitizing.digitize

    def better(source: SourceFile, **options: object) -> Digitized:
        return real(replace(source, data=GOOD.encode()), **options)  # type: ignore[arg-type]

    monkeypatch.setattr(redigitization, "digitize", better)


def a_held_document(store: Store, *, publish: bool = False) -> tuple[str, str, str]:
    (taken,) = ingest(store, SourceFile(name="公园.txt", data=POOR.encode()), publish=publish, actor="t")
    assert taken.document
    assert taken.version
    with store.write() as session:
        copy = session.scalars(select(CopyRow)).one()
        copy.reader = None
        return taken.document, taken.version, copy.id


def held(store: Store, document: str) -> VersionRecord:
    with store.read() as session:
        return get_document(session, document, drafts=True).versions[0]


def texts(version: VersionRecord) -> list[str | None]:
    return [node.text for node in walk(version.body) if node.text]


def test_the_same_reading_proposes_nothing_and_is_kept_in_mind(store: Store):
    document, _version, copy = a_held_document(store)
    proposal = redigitize(store, copy)
    assert (proposal.after, proposal.kept) == ({}, ())
    assert adopt(store, proposal, actor="t") is None
    with store.read() as session:
        assert list_outdated(session) == ()
        assert list_outdated(session, document, below=99) == (copy,)


@pytest.mark.usefixtures("reads_better")
def test_a_better_reading_is_shown_taken_up_and_taken_back(store: Store):
    document, _version, copy = a_held_document(store, publish=True)
    before = held(store, document)
    proposal = redigitize(store, copy)
    assert {"doc_number", "effective_date", "body"} <= set(proposal.fields)
    assert (held(store, document).body, held(store, document).doc_number) == (before.body, before.doc_number)
    assert [row.change.value for row in proposal.text_changes] == ["changed", "added"]
    with store.read() as session:
        queued = session.scalar(select(func.max(OutboxRow.id))) or 0
    act = adopt(store, proposal, actor="bianji")
    now = held(store, document)
    assert (now.doc_number, str(now.effective_date)) == ("江政发〔2021〕7号", "2021-04-01")
    assert "公园" in (texts(now)[0] or "")
    assert [node.wid for node in walk(now.body)][:2] == [node.wid for node in walk(before.body)][:2]
    with store.read() as session:
        assert (session.scalar(select(func.max(OutboxRow.id))) or 0) > queued
    assert act
    undo(store, act, actor="bianji")
    back = held(store, document)
    assert (back.doc_number, back.effective_date, back.body) == (before.doc_number, before.effective_date, before.body)


@pytest.mark.usefixtures("reads_better")
def test_what_an_editor_set_stays_and_the_rest_is_taken_up(store: Store):
    document, version, copy = a_held_document(store)
    correct(store, document, {"doc_number": "江政规〔2021〕9号"}, actor="bianji", version=version)
    body = held(store, document).body
    edited = tuple(_with_text(node, "本办法适用于本市公园。", "本办法适用于本市各类公园。") for node in body)
    correct(store, document, {"body": edited}, actor="bianji", version=version)
    proposal = redigitize(store, copy)
    assert proposal.kept == ("doc_number",)
    adopt(store, proposal, actor="t")
    now = held(store, document)
    assert now.doc_number == "江政规〔2021〕9号"
    assert texts(now) == [
        "为了加强公园管理，制定本办法。",
        "本办法适用于本市各类公园。",
        "本办法自2021年4月1日起施行。",
    ]


@pytest.mark.usefixtures("reads_better")
def test_a_text_corrected_where_the_new_reading_differs_too_stays_whole(store: Store):
    document, version, copy = a_held_document(store)
    body = held(store, document).body
    edited = tuple(
        _with_text(node, "为了加强公因管理，制定本办法。", "为加强公园的管理，制定本办法。") for node in body
    )
    correct(store, document, {"body": edited}, actor="bianji", version=version)
    proposal = redigitize(store, copy)
    assert "body" in proposal.kept
    adopt(store, proposal, actor="t")
    assert texts(held(store, document))[0] == "为加强公园的管理，制定本办法。"


@pytest.mark.usefixtures("reads_better")
def test_a_proposal_made_before_a_correction_is_not_taken_up_over_it(store: Store):
    document, version, copy = a_held_document(store)
    proposal = redigitize(store, copy)
    correct(store, document, {"doc_number": "江政规〔2021〕9号"}, actor="bianji", version=version)
    with pytest.raises(Conflict):
        adopt(store, proposal, actor="t")
    assert held(store, document).doc_number == "江政规〔2021〕9号"


def test_corrected_lines_of_a_scan_stand_in_the_new_reading_and_come_back_by_undo(
    store: Store, monkeypatch: pytest.MonkeyPatch
):
    def scanned(*lines: str) -> Digitized:
        (draft,) = digitizing.digitize_here(SourceFile(name="a.txt", data="\n".join(lines).encode())).drafts
        scan = tuple(
            ScanLine(page=1, turned=0, box=(0.1, 0.1 * at, 0.9, 0.1 * at + 0.05), text=line, confidence=0.7)
            for at, line in enumerate(lines)
        )
        source = replace(draft.source, sha256=sha256_of(POOR.encode()))
        return Digitized(drafts=(replace(draft, scan=scan, source=source),), source=source)

    first = ("江城市公园管理办法", "第一条　为了加强公因管理，制定本力法。", "第二条　自印发之日起施行。")
    monkeypatch.setattr(digitizing, "digitize", lambda *_a, **_o: scanned(*first))
    document, version, copy = a_held_document(store)
    fixed = "第一条　为了加强公园管理，制定本办法。"
    correct_lines(store, document, version, {f"{copy}:1": fixed}, actor="bianji")
    again = ("江城市公园管理办法", "第一条　为了加强公园管理，制定本力法。", "第二条　自印发之日起实施。")
    monkeypatch.setattr(redigitization, "digitize", lambda *_a, **_o: scanned(*again))
    act = adopt(store, redigitize(store, copy), actor="t")
    assert texts(held(store, document)) == ["为了加强公园管理，制定本办法。", "自印发之日起实施。"]
    with store.read() as session:
        lines = list_lines(session, copy, 1)
    assert [(line.reading, line.text) for line in lines[1:]] == [(again[1], fixed), (again[2], again[2])]
    assert act
    undo(store, act, actor="t")
    assert texts(held(store, document)) == ["为了加强公园管理，制定本办法。", "自印发之日起施行。"]
    with store.read() as session:
        assert [line.reading for line in list_lines(session, copy, 1)] == list(first)


def _with_text(node: Node, old: str, new: str) -> Node:
    text = new if node.text == old else node.text
    return replace(node, text=text, children=tuple(_with_text(child, old, new) for child in node.children))
