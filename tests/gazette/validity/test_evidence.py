"""From text to standing through the public functions: digitized drafts are ingested, statuses asked for."""

from contextlib import closing
from dataclasses import replace
from datetime import date

import pytest

from gazette.citations.grammar import find_citations
from gazette.citations.numbers import parse_doc_number
from gazette.citations.resolution import AmbiguousCitation, find_documents, find_place, get_cited, resolve
from gazette.draft import BodyType, Draft, EffectKind, Node, SourceInfo
from gazette.editing.undoing import undo
from gazette.errors import BadInput, NotFound
from gazette.record.ingest import ingest_draft
from gazette.settings import RecordSettings
from gazette.validity.acceptance import set_acceptance
from gazette.validity.effects import find_effects
from gazette.validity.events import EventKind, EventState, Origin, count_proposed, list_acts, list_events
from gazette.validity.evidence import record_effects
from gazette.validity.intervals import enqueue_calendar, refresh_intervals
from gazette.validity.official_labels import list_unread, read_again, record_label
from gazette.validity.standing import status_of
from gazette.validity.status import Status
from portal.database import open_store


def store_text(
    store,
    title,
    closing,
    *,
    published="2010-01-01",
    starts=None,
    number=None,
    label=None,
    label_date=None,
    issuer="江城市人民政府",
):
    body = (
        Node(type=BodyType.ARTICLE, num="第一条", text=f"为了规范{title}事项，制定本办法。", eid="art_1", wid="art_1"),
        Node(type=BodyType.ARTICLE, num="第二条", text=closing, eid="art_2", wid="art_2"),
    )
    day = date.fromisoformat(published)
    draft = Draft(
        title=title,
        body=body,
        doc_number=parse_doc_number(number),
        issuers=(issuer,),
        published_date=day,
        signed_date=day,
        effective_date=date.fromisoformat(starts) if starts else None,
        source=SourceInfo(name=f"{title}.txt", sha256="0" * 64, media_type="text/plain"),
    )
    outcome = ingest_draft(
        store,
        draft,
        f"{title}{closing}{published}".encode(),
        publish=True,
        actor="test",
        source_name="test",
        label=label,
        label_date=label_date,
    )
    assert outcome.document, outcome.findings
    return outcome


def standing(store, text, day, **known):
    with store.read() as session:
        return status_of(session, text, date.fromisoformat(day), **known)


OLD = ("江城市旧办法", "本办法自2010年2月1日起施行。")
NEW = ("江城市新办法", "本办法自2020年5月1日起施行。《江城市旧办法》同时废止。")


@pytest.mark.parametrize("order", ["old first", "new first"])
def test_a_repeal_reaches_its_target_whichever_is_stored_first(store, order):
    texts = [
        lambda: store_text(store, *OLD, starts="2010-02-01"),
        lambda: store_text(store, *NEW, published="2020-04-01"),
    ]
    for make in texts if order == "old first" else texts[::-1]:
        make()
    assert standing(store, "《江城市旧办法》", "2020-04-30").status is Status.UNKNOWN
    ended = standing(store, "江城市旧办法", "2020-05-01")
    assert (ended.status, ended.basis) == (Status.REPEALED, "text")
    assert ended.events[0].quote == "《江城市旧办法》同时废止。"
    assert ended.events[0].act_title == "江城市新办法"


def test_recording_the_same_effects_again_changes_nothing(store):
    store_text(store, *OLD, starts="2010-02-01")
    new = store_text(store, *NEW, published="2020-04-01")
    with store.write() as session:
        before = list_acts(session, new.document)
        body = (Node(type=BodyType.ARTICLE, text=NEW[1], eid="art_2"),)
        effects = find_effects(body, title=NEW[0], published=date(2020, 4, 1), signed=date(2020, 4, 1))
        record_effects(session, document_id=new.document, version_id=new.version, effects=effects)
        assert list_acts(session, new.document) == before


def test_the_settings_say_how_sure_an_effect_must_be_to_count(tmp_path):
    with closing(open_store(RecordSettings(home=tmp_path, accept_from=1.01))) as store:
        old = store_text(store, *OLD, starts="2010-02-01")
        store_text(store, *NEW, published="2020-04-01")
        with store.read() as session:
            (event,) = [each for each in list_events(session, old.document) if each.kind is EventKind.REPEALED]
    assert event.state is EventState.PROPOSED


def test_an_administrator_s_rule_decides_what_counts_by_itself_and_can_be_undone(store):
    old = store_text(store, *OLD, starts="2010-02-01")
    entry = set_acceptance(store, {(Origin.TEXT, EventKind.REPEALED): None}, on_arrival=True, actor="管理员")
    store_text(store, *NEW, published="2020-04-01")
    undo(store, entry, actor="管理员")
    store_text(
        store, "江城市又一新办法", "本办法自2021年5月1日起施行。《江城市旧办法》同时废止。", published="2021-04-01"
    )
    with store.read() as session:
        ends = [each for each in list_events(session, old.document) if each.kind is EventKind.REPEALED]
    assert [(each.date.year, each.state) for each in ends] == [
        (2020, EventState.PROPOSED),
        (2021, EventState.ACCEPTED),
    ]


def test_what_waited_for_its_document_may_wait_for_an_editor_too(store):
    set_acceptance(store, {}, on_arrival=False, actor="管理员")
    store_text(store, *NEW, published="2020-04-01")
    old = store_text(store, *OLD, starts="2010-02-01")
    with store.read() as session:
        (end,) = [each for each in list_events(session, old.document) if each.kind is EventKind.REPEALED]
    assert end.state is EventState.PROPOSED


def test_official_labels_wait_where_the_policy_says_so(store):
    old = store_text(store, *OLD, starts="2010-02-01")
    set_acceptance(store, {(Origin.OFFICIAL_LABEL, EventKind.REPEALED): None}, on_arrival=True, actor="管理员")
    with store.write() as session:
        for label in ("已废止", "现行有效"):
            record_label(session, old.document, old.version, label, date(2024, 1, 1), f"{label}网")
    assert standing(store, "江城市旧办法", "2024-02-01").status is Status.IN_FORCE


@pytest.mark.parametrize("rules", [{(Origin.TEXT, EventKind.REPEALED): 1.5}, {(Origin.EDITOR, EventKind.REPEALED): 1}])
def test_a_rule_that_cannot_hold_is_refused(store, rules):
    with pytest.raises(BadInput):
        set_acceptance(store, rules, on_arrival=True, actor="管理员")


def test_an_effect_no_longer_stated_is_closed_and_not_deleted(store):
    old = store_text(store, *OLD, starts="2010-02-01")
    new = store_text(store, *NEW, published="2020-04-01")
    with store.write() as session:
        settled = record_effects(session, document_id=new.document, version_id=new.version, effects=())
        assert settled.documents == {old.document, new.document}
        (event,) = [each for each in list_events(session, old.document) if each.kind is EventKind.REPEALED]
        assert event.known_to is not None


def test_an_end_that_only_the_metadata_state_is_proved_by_them(store):
    source = SourceInfo(name="戊.txt", sha256="0" * 64, media_type="text/plain")
    body = (Node(type=BodyType.ARTICLE, num="第一条", text="甲。", eid="art_1"),)
    draft = Draft(title="江城市戊办法", body=body, source=source, expiry_date=date(2025, 3, 31))
    outcome = ingest_draft(store, draft, b"-", publish=True, actor="test")
    with store.read() as session:
        (event,) = list_events(session, outcome.document)
    assert (event.state, event.origin, event.date) == (EventState.ACCEPTED, Origin.DATE, date(2025, 4, 1))
    assert event.quote == "失效日期：2025年3月31日"


def test_an_effect_without_its_words_waits_for_an_editor(store):
    old = store_text(store, *OLD, starts="2010-02-01")
    new = store_text(store, "江城市己办法", "本办法自2020年5月1日起施行。", published="2020-04-01")
    effects = find_effects((Node(type=BodyType.ARTICLE, text=NEW[1], eid="art_2"),), published=date(2020, 4, 1))
    unproved = tuple(replace(each, quote="") for each in effects if each.kind is EffectKind.REPEALS)
    with store.write() as session:
        record_effects(session, document_id=new.document, version_id=new.version, effects=unproved)
        events = list_events(session, old.document)
    assert [each.state for each in events if each.kind is EventKind.REPEALED] == [EventState.PROPOSED]


def test_a_text_cannot_be_ended_by_an_act_older_than_itself(store):
    store_text(store, *NEW, published="2020-04-01")
    store_text(store, OLD[0], "本办法自2022年2月1日起施行。", published="2022-01-01", starts="2022-02-01")
    assert standing(store, "江城市旧办法", "2023-01-01").status is Status.UNKNOWN


def test_a_new_text_does_not_end_its_own_title(store):
    store_text(
        store,
        "江城市甲办法",
        "本办法自2020年5月1日起施行。2010年公布的《江城市甲办法》同时废止。",
        published="2020-04-01",
        starts="2020-05-01",
    )
    assert standing(store, "江城市甲办法", "2021-01-01").status is Status.UNKNOWN


def test_an_item_cited_without_its_paragraph_is_found_in_the_text(store):
    items = (Node(type=BodyType.ITEM, num="（一）", text="丙；", eid="art_1__para_2__item_1"),)
    paragraphs = (
        Node(type=BodyType.PARAGRAPH, text="甲。", eid="art_1__para_1"),
        Node(type=BodyType.PARAGRAPH, text="乙：", eid="art_1__para_2", children=items),
    )
    body = (Node(type=BodyType.ARTICLE, num="第一条", eid="art_1", children=paragraphs),)
    source = SourceInfo(name="丁.txt", sha256="0" * 64, media_type="text/plain")
    ingest_draft(store, Draft(title="江城市丁办法", body=body, source=source), b"-", publish=True, actor="test")
    with store.read() as session:
        (citation,) = find_citations("《江城市丁办法》第一条第（一）项")
        assert resolve(session, citation).provision.eid == "art_1__para_2__item_1"
        (other,) = find_citations("《江城市丁办法》第一条第（二）项")
        resolved = resolve(session, other)
        assert (resolved.provision.eid, find_place(session, resolved)) == ("art_1__item_2", "art_1")


def test_an_unsure_effect_waits_for_an_editor(store):
    old = store_text(store, *OLD, starts="2010-02-01")
    store_text(
        store, "江城市丙办法", "本办法自2020年5月1日起施行。本办法取代《江城市旧办法》。", published="2020-04-01"
    )
    with store.read() as session:
        (event,) = [each for each in list_events(session, old.document) if each.kind is EventKind.REPEALED]
    assert event.state is EventState.PROPOSED
    assert standing(store, "江城市旧办法", "2021-01-01").status is Status.UNKNOWN


def test_a_term_ends_a_text_on_the_day_after_its_last(store):
    store_text(
        store, "江城市丁办法", "本办法自2020年5月1日起施行，有效期5年。", published="2020-04-01", starts="2020-05-01"
    )
    assert standing(store, "江城市丁办法", "2025-04-30").status is Status.UNKNOWN
    ended = standing(store, "江城市丁办法", "2025-05-01")
    assert (ended.status, ended.basis) == (Status.LAPSED, "date")


def test_an_official_label_attests_from_its_day(store):
    store_text(store, *OLD, starts="2010-02-01", label="现行有效", label_date=date(2019, 6, 1))
    answer = standing(store, "江城市旧办法", "2019-07-01")
    assert (answer.status, answer.basis, answer.events[0].origin) == (
        Status.IN_FORCE,
        "official-label",
        Origin.OFFICIAL_LABEL,
    )


def test_a_label_seen_again_changes_nothing_and_one_taken_back_is_closed(store):
    old = store_text(store, *OLD, starts="2010-02-01", label="已废止", label_date=date(2019, 6, 1))
    with store.write() as session:
        again = record_label(session, old.document, old.version, "已废止", date(2019, 7, 1), "test")
        assert [each.id for each in list_events(session, old.document) if each.label] == [again.id]
        record_label(session, old.document, old.version, "现行有效", date(2019, 8, 1), "test")
    assert standing(store, "江城市旧办法", "2019-09-01").status is Status.IN_FORCE


def test_a_label_that_nobody_can_read_is_kept_and_decides_nothing(store):
    old = store_text(store, *OLD, starts="2010-02-01", label="情况不明", label_date=date(2019, 6, 1))
    assert standing(store, "江城市旧办法", "2019-07-01").status is Status.UNKNOWN
    with store.read() as session:
        (unread,) = list_unread(session)
        assert (unread.label, unread.documents) == ("情况不明", ((old.document, "江城市旧办法"),))
        assert count_proposed(session) == 0


def test_a_label_is_read_when_its_meaning_is_written_down(store, tmp_path):
    store_text(store, *OLD, starts="2010-02-01", label="不再沿用", label_date=date(2019, 6, 1))
    assert read_again(store) == 0
    table = tmp_path / "labels.toml"
    table.write_text('[labels]\nlapsed = ["不再沿用"]\n', "utf-8")
    with closing(open_store(replace(store.settings, status_labels=str(table)))) as reopened:
        assert read_again(reopened) == 1
    assert standing(store, "江城市旧办法", "2019-07-01").status is Status.LAPSED
    with store.read() as session:
        assert list_unread(session) == ()


def test_a_meaning_of_in_force_in_an_administrator_s_table_attests(store, tmp_path):
    table = tmp_path / "labels.toml"
    table.write_text('[labels]\nin_force = ["照旧"]\n', "utf-8")
    with closing(open_store(replace(store.settings, status_labels=str(table)))) as reopened:
        store_text(reopened, *OLD, starts="2010-02-01", label="照旧", label_date=date(2019, 6, 1))
    assert standing(store, "江城市旧办法", "2019-07-01").status is Status.IN_FORCE


def test_what_is_only_planned_is_kept_and_leaves_the_text_as_it_stood(store):
    old = store_text(store, *OLD, starts="2010-02-01", label="拟修改", label_date=date(2019, 6, 1))
    assert standing(store, "江城市旧办法", "2019-07-01").status is Status.UNKNOWN
    with store.read() as session:
        assert "拟修改" in {event.label for event in list_events(session, old.document)}
        assert list_unread(session) == ()


def test_a_citation_finds_by_title_number_and_id(store):
    one = store_text(store, "江城市甲办法", "本办法自公布之日起施行。", number="江府发〔2009〕3号")
    with store.read() as session:
        titled = ("《江城市甲办法》", "江城市甲办法", "《江城市甲办法》（江府发〔2009〕3号）")
        for text in (*titled, "江府发(2009)第03号", one.document, one.version):
            assert find_documents(session, text) == (one.document,)
        assert get_cited(session, one.version) == (one.document, one.version)
        (citation,) = find_citations("依照《江城市甲办法》第一条的规定")
        assert resolve(session, citation).document == one.document
        with pytest.raises(NotFound):
            get_cited(session, "《江城市无此办法》")


def test_a_number_that_contradicts_the_title_finds_nothing(store):
    store_text(store, "江城市甲办法", "本办法自公布之日起施行。", number="江府发〔2009〕3号")
    with store.read() as session:
        assert find_documents(session, "《江城市甲办法》（江府发〔1999〕8号）") == ()


CLEANED = (
    "江城市政府关于废止部分文件的决定",
    "废止《关于做好招生工作的通知》（江教〔2021〕1号）。本决定自2025年1月1日起施行。",
)


@pytest.mark.parametrize("order", ["old first", "new first"])
def test_a_list_may_leave_out_the_issuer_that_the_number_names(store, order):
    title, closing = "江城市教育局关于做好招生工作的通知", "本通知自2021年3月1日起施行。"
    texts = [
        lambda: store_text(store, title, closing, published="2021-02-01", number="江教〔2021〕1号"),
        lambda: store_text(store, *CLEANED, published="2024-12-20"),
    ]
    for make in texts if order == "old first" else texts[::-1]:
        make()
    assert standing(store, "江教〔2021〕1号", "2025-01-01").status is Status.REPEALED
    with store.read() as session:
        for other in (
            "《关于做好招生工作的通知》（江教〔2021〕2号）",
            "《停车管理暂行办法》（江教〔2021〕1号）",
            "《通知》（江教〔2021〕1号）",
        ):
            assert find_documents(session, other) == ()


def test_a_title_with_a_year_names_its_version(store):
    store_text(store, "江城市甲条例", "本条例自2010年2月1日起施行。")
    with store.read() as session:
        with pytest.raises(NotFound):
            get_cited(session, "《江城市甲条例》（2018年修正）")
        assert get_cited(session, "《江城市甲条例》（2010年公布）")[1]


def test_two_documents_of_one_number_are_told_apart_by_asking(store):
    store_text(store, "江城市甲办法", "本办法自公布之日起施行。", number="江府发〔2009〕3号")
    store_text(store, "江城市乙细则", "本细则自公布之日起施行。", number="江府发〔2009〕3号")
    with store.read() as session, pytest.raises(AmbiguousCitation):
        get_cited(session, "江府发〔2009〕3号")


def test_the_calendar_announces_a_change_once(store):
    store_text(store, "江城市戊办法", "本办法自2026年5月1日起施行。", published="2026-04-01", starts="2026-05-01")
    assert enqueue_calendar(store, date(2026, 5, 1)) == 1
    assert enqueue_calendar(store, date(2026, 5, 1)) == 0
    assert enqueue_calendar(store, date(2026, 5, 2)) == 0


def test_the_calendar_turns_with_the_day_in_china(store, monkeypatch):
    monkeypatch.setattr("gazette.validity.intervals.today", lambda: date(2026, 5, 2))
    enqueue_calendar(store)
    assert (store.settings.home / "calendar.day").read_text("utf-8") == "2026-05-02"


def test_intervals_are_rebuilt_the_same(store):
    store_text(store, *OLD, starts="2010-02-01")
    new = store_text(store, *NEW, published="2020-04-01")
    with store.write() as session:
        assert refresh_intervals(session, new.document) == refresh_intervals(session, new.document)


def test_an_override_of_an_open_class_is_an_effect_but_no_event(store):
    text = "以前规定与本办法不一致的，以本办法为准。"
    body = (Node(type=BodyType.ARTICLE, text=text, eid="art_1"),)
    assert [each.kind for each in find_effects(body)] == [EffectKind.OVERRIDES]
    new = store_text(store, "江城市己办法", text)
    with store.read() as session:
        assert list_acts(session, new.document) == ()
