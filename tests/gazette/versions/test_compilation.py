"""Consolidated versions in the record: proposed, published, taken back, and replaced by the official text."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from gazette.editing.workflow import compile_version, list_audit, list_drafts, publish, undo
from gazette.errors import Conflict, GongbaoError
from gazette.outbox import iter_changes, last_change
from gazette.record.documents import VersionOrigin
from gazette.record.reading import DocumentRecord, get_document
from gazette.renditions import render
from gazette.store import Store
from gazette.versions.compilation import list_applicable
from tests.gazette.versions.builders import DECISION, NEW, OLD, the_amended_law, the_decision, the_law


def held(store: Store, document: str | None, *, drafts: bool = False, as_of: dt.date | None = None) -> DocumentRecord:
    assert document
    with store.read() as session:
        return get_document(session, document, drafts=drafts, as_of=as_of)


def texts(record: DocumentRecord) -> list[str | None]:
    return [node.text for node in record.versions[-1].body]


def test_a_published_decision_proposes_the_text_as_amended(store: Store):
    law = the_law(store)
    decision = the_decision(store)
    (draft,) = [each for each in held(store, law.document, drafts=True).versions if each.is_consolidated]
    assert [node.text for node in draft.body][1:3] == ["市水行政部门主管供水工作。", "供水应当节约用水。"]
    assert [node.wid for node in draft.body] == ["art_1", "art_2", "art_3_v2", "art_3", "art_4", "art_5"]
    assert draft.version_date == dt.date(2010, 6, 1)
    assert draft.provenance
    assert (draft.provenance.base, draft.provenance.decision_document) == (law.version, decision.document)
    assert [finding["code"] for finding in draft.findings] == ["consolidation.reference_stale"]
    with store.read() as session:
        assert [each.version for each in list_drafts(session)] == [draft.id]
    assert len(held(store, law.document).versions) == 1


def test_once_published_it_is_the_text_of_its_days_and_says_who_made_it(store: Store):
    law = the_law(store)
    the_decision(store)
    publish(store, law.document or "", actor="编辑")
    assert not held(store, law.document, as_of=dt.date(2010, 6, 30)).current.is_consolidated
    current = held(store, law.document, as_of=dt.date(2010, 7, 1)).current
    assert current.origin is VersionOrigin.CONSOLIDATED
    assert current.history[-1]["date"] == "2010-06-01"
    for form in ("akn", "txt", "html"):
        said = render(held(store, law.document), current, form).decode()
        assert "由本平台根据修改决定整理" in said, form


def test_proposing_twice_makes_one_version(store: Store):
    law = the_law(store)
    decision = the_decision(store)
    before = last_change_of(store)
    again = compile_version(store, law.document or "", decision.document or "", actor="编辑")
    assert not again.is_new
    assert last_change_of(store) == before
    the_decision(store)
    assert len(held(store, law.document, drafts=True).versions) == 2


def last_change_of(store: Store) -> int:
    with store.read() as session:
        return last_change(session)


def test_compiling_is_in_the_trail_and_the_outbox_and_can_be_taken_back(store: Store):
    law = the_law(store)
    before = last_change_of(store)
    decision = the_decision(store)
    with store.read() as session:
        (entry,) = [each for each in list_audit(session) if each.action == "consolidate"]
        assert law.document in [change.subject for change in iter_changes(session, before)]
        assert list_applicable(session, law.document or "") == ()
    undo(store, entry.id, actor="编辑")
    assert len(held(store, law.document, drafts=True).versions) == 1
    with store.read() as session:
        assert [each.document for each in list_applicable(session, law.document or "")] == [decision.document]
    assert compile_version(store, law.document or "", decision.document or "", actor="编辑").is_new
    publish(store, law.document or "", actor="编辑")
    with store.read() as session:
        latest = next(each for each in list_audit(session) if each.action == "consolidate")
    with pytest.raises(Conflict):
        undo(store, latest.id, actor="编辑")


def test_the_official_text_takes_its_place_and_differences_are_told_to_editors(store: Store):
    law = the_law(store)
    the_decision(store)
    publish(store, law.document or "", actor="编辑")
    official = the_amended_law(store, NEW.replace("违反第三条的，处一千元", "违反第四条的，处一千元"))
    assert official.document == law.document
    record = held(store, law.document)
    assert [each.origin for each in record.versions] == [VersionOrigin.OFFICIAL, VersionOrigin.OFFICIAL]
    (told,) = [each for each in record.versions[-1].findings if each["code"].startswith("consolidation.")]
    assert told["code"] == "consolidation.differs"
    assert "有1处不同：第五条" in told["message"]
    assert [node.wid for node in record.versions[-1].body] == ["art_1", "art_2", "art_3_v2", "art_3", "art_4", "art_5"]
    with pytest.raises(Conflict, match="官方文本已经收录"):
        compile_version(store, law.document or "", decision_of(store), actor="编辑")


def decision_of(store: Store) -> str:
    with store.read() as session:
        return next(each.subject for each in list_audit(session) if "的决定" in _title(store, each.subject))


def _title(store: Store, document: str) -> str:
    with store.read() as session:
        return get_document(session, document, drafts=True).title


def test_an_official_text_that_says_the_same_confirms_it(store: Store):
    law = the_law(store)
    the_decision(store)
    the_amended_law(store)
    publish_if_waiting(store, law.document or "")
    record = held(store, law.document)
    assert len(record.versions) == 2
    assert record.versions[-1].origin is VersionOrigin.OFFICIAL
    assert "consolidation.confirmed" in [each["code"] for each in record.versions[-1].findings]


def publish_if_waiting(store: Store, document: str) -> None:
    with store.read() as session:
        waits = any(each.document == document for each in list_drafts(session))
    if waits:
        publish(store, document, actor="编辑")


def test_with_the_official_text_held_nothing_is_proposed(store: Store):
    law = the_law(store)
    the_amended_law(store)
    the_decision(store)
    assert not any(each.is_consolidated for each in held(store, law.document, drafts=True).versions)


def test_a_decision_dated_before_its_target_is_refused(store: Store):
    law = the_law(store)
    decision = the_decision(store, signed="1999-01-01", effective="1999-01-01")
    assert len(held(store, law.document, drafts=True).versions) == 1
    with pytest.raises(Conflict, match="早于"):
        compile_version(store, law.document or "", decision.document or "", actor="编辑")


def test_a_text_does_not_amend_itself_nor_what_it_does_not_name(store: Store):
    law = the_law(store)
    decision = the_decision(store)
    with pytest.raises(Conflict):
        compile_version(store, law.document or "", law.document or "", actor="编辑")
    with pytest.raises(GongbaoError):
        compile_version(store, decision.document or "", law.document or "", actor="编辑")


def test_two_decisions_that_amend_each_other_end_in_one_proposal_and_no_loop(store: Store):
    one, other = "关于修改《江城市甲决定》的决定", "江城市甲决定"
    the_decision(store, "一、将第一条修改为：“乙。”", title=one, place="a.html")
    the_decision(store, f"一、将《{one}》第一条修改为：“丙。”", title=other, place="b.html", signed="2010-06-02")
    with store.read() as session:
        assert [each.title for each in list_drafts(session)] == [one]


def test_decisions_follow_one_another(store: Store):
    law = the_law(store)
    the_decision(store)
    publish(store, law.document or "", actor="编辑")
    the_decision(
        store,
        DECISION.replace("第二条中的“水务局”修改为“水行政部门”", "第五条中的“一千元”修改为“二千元”").replace(
            "第三条：“供水", "第七条：“计划"
        ),
        signed="2012-06-01",
        effective="2012-07-01",
        place="second.html",
        title="江城市人民代表大会常务委员会关于第二次修改《江城市供水条例》的决定",
    )
    second = held(store, law.document, drafts=True).versions[-1]
    assert second.is_consolidated
    assert [node.text for node in second.body][4:] == [
        "违反第三条的，处二千元罚款。",
        "本条例自2001年1月1日起施行。",
        "计划应当节约用水。",
    ]


@pytest.mark.parametrize(("policy", "public"), [("publish", 2), ("off", 1)])
def test_an_operator_may_have_clean_texts_published_at_once_or_none_made(store: Store, policy: str, public: int):
    with_policy = Store(replace(store.settings, consolidate=policy))
    law = the_law(with_policy, OLD.replace("违反第三条的", "违反本条例的"))
    the_decision(with_policy)
    assert len(held(with_policy, law.document).versions) == public
    assert len(held(with_policy, law.document, drafts=True).versions) == public
    with_policy.close()
