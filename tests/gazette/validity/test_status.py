from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gazette.validity.events import Event, EventKind, EventState, Origin
from gazette.validity.status import SILENT, Status, VersionDates, derive_intervals, derive_standing

KNOWN = datetime(2020, 1, 1, tzinfo=UTC)
LATER = datetime(2026, 11, 21, tzinfo=UTC)


def a_version(day="2010-01-01", starts="2010-02-01", name="v1"):
    return VersionDates(
        version=name,
        version_date=date.fromisoformat(day) if day else None,
        effective_date=date.fromisoformat(starts) if starts else None,
    )


def an_event(kind, day=None, **facts):
    return Event(
        **{
            "id": f"{kind}-{day}",
            "kind": EventKind(kind),
            "date": date.fromisoformat(day) if day else None,
            "origin": Origin.TEXT,
            "state": EventState.ACCEPTED,
            "quote": "《旧办法》同时废止。",
            "known_from": KNOWN,
            "document": "doc",
            **facts,
        }
    )


def attested(day, label="现行有效"):
    return an_event("attested", day, origin=Origin.OFFICIAL_LABEL, label=label)


def status(versions, events, day, version=None, known_at=LATER, eid=None):
    return derive_standing(versions, events, version=version, as_of=date.fromisoformat(day), known_at=known_at, eid=eid)


def test_a_text_is_pending_until_it_commences():
    assert status([a_version()], [], "2010-01-31").status is Status.PENDING
    assert status([a_version()], [], "2010-02-01").status is not Status.PENDING


def test_commencement_and_silence_is_unknown_and_says_so():
    standing = status([a_version()], [], "2015-01-01")
    assert (standing.status, standing.note) == (Status.UNKNOWN, SILENT)


def test_in_force_needs_a_dated_attestation():
    standing = status([a_version()], [attested("2015-06-01")], "2015-07-01")
    assert (standing.status, standing.basis) == (Status.IN_FORCE, "official-label")
    assert standing.note == "据2015年6月1日官方标注“现行有效”"


def test_an_attestation_speaks_for_the_time_before_it_too():
    assert status([a_version()], [attested("2015-06-01")], "2012-01-01").status is Status.IN_FORCE


def test_an_old_attestation_falls_silent():
    assert status([a_version()], [attested("2015-06-01")], "2018-01-01").status is Status.UNKNOWN


def test_an_attestation_without_a_commencement_is_not_enough():
    assert status([a_version(starts=None)], [attested("2015-06-01")], "2015-07-01").status is Status.UNKNOWN


def test_a_label_of_another_meaning_attests_nothing():
    assert status([a_version()], [attested("2015-06-01", "尚未施行")], "2015-07-01").status is Status.UNKNOWN


def test_a_repealed_document_was_in_force_the_day_before():
    events = [attested("2019-01-01"), an_event("repealed", "2020-05-01")]
    assert status([a_version()], events, "2020-04-30").status is Status.IN_FORCE
    ended = status([a_version()], events, "2020-05-01")
    assert (ended.status, ended.events[0].kind) == (Status.REPEALED, EventKind.REPEALED)


def test_the_text_s_repeal_beats_a_later_label():
    events = [an_event("repealed", "2020-05-01"), attested("2021-01-01")]
    assert status([a_version()], events, "2021-06-01").status is Status.REPEALED


def test_an_editor_s_later_attestation_beats_a_repeal():
    events = [an_event("repealed", "2020-05-01"), an_event("attested", "2021-01-01", origin=Origin.EDITOR)]
    assert status([a_version()], events, "2021-06-01").status is Status.IN_FORCE


def test_repealed_and_lapsed_are_two_things():
    assert status([a_version()], [an_event("lapsed", "2020-05-01")], "2020-05-01").status is Status.LAPSED


def test_the_earlier_end_decides():
    events = [an_event("repealed", "2020-05-01"), an_event("lapsed", "2018-01-01")]
    assert status([a_version()], events, "2021-01-01").status is Status.LAPSED


def test_a_renewal_carries_a_text_past_its_term():
    events = [
        an_event("lapsed", "2015-02-01", origin=Origin.DATE),
        an_event("renewed", "2020-01-31"),
    ]
    assert status([a_version()], events, "2016-01-01").status is Status.UNKNOWN
    assert status([a_version()], events, "2020-02-01").status is Status.LAPSED


def test_an_end_older_than_the_text_does_not_touch_it():
    events = [an_event("repealed", "2009-01-01")]
    assert status([a_version()], events, "2015-01-01").status is Status.UNKNOWN


@pytest.mark.parametrize("state", [EventState.PROPOSED, EventState.REJECTED])
def test_only_accepted_events_decide(state):
    events = [an_event("repealed", "2020-05-01", state=state)]
    assert status([a_version()], events, "2021-01-01").status is Status.UNKNOWN


def test_what_the_record_did_not_know_yet_does_not_decide():
    events = [an_event("repealed", "2015-05-01", known_from=datetime(2022, 1, 1, tzinfo=UTC))]
    before = status([a_version()], events, "2021-01-01", known_at=datetime(2021, 6, 1, tzinfo=UTC))
    after = status([a_version()], events, "2021-01-01", known_at=datetime(2022, 6, 1, tzinfo=UTC))
    assert (before.status, after.status) == (Status.UNKNOWN, Status.REPEALED)


def test_a_withdrawn_event_restores_the_former_status():
    events = [an_event("repealed", "2015-05-01", known_to=datetime(2021, 1, 1, tzinfo=UTC))]
    assert status([a_version()], events, "2022-01-01").status is Status.UNKNOWN


def test_an_old_version_is_amended_once_the_newer_commences():
    versions = [a_version(), a_version("2018-01-01", "2018-03-01", "v2")]
    assert status(versions, [], "2018-02-28", version="v1").status is not Status.AMENDED
    assert status(versions, [], "2018-03-01", version="v1").status is Status.AMENDED
    assert status(versions, [], "2018-02-28", version="v2").status is Status.PENDING
    assert status(versions, [], "2018-03-01").status is Status.UNKNOWN


def test_a_newer_version_of_unknown_start_leaves_the_old_one_unknown_for_a_year():
    versions = [a_version(), a_version("2018-01-01", "2010-02-01", "v2")]
    events = [attested("2018-06-01")]
    assert status(versions, events, "2018-06-01", version="v1").status is Status.UNKNOWN
    assert status(versions, events, "2019-06-01", version="v1").status is Status.AMENDED


def test_a_version_made_by_an_amendment_starts_with_it_although_its_text_repeats_the_first_commencement():
    versions = [a_version(), a_version("2018-05-01", None, "v2")]
    events = [an_event("commenced", "2010-02-01"), an_event("amended", "2018-07-01")]
    assert status(versions, events, "2018-06-30", version="v2").status is Status.PENDING
    assert status(versions, events, "2018-06-30", version="v1").status is not Status.AMENDED
    assert status(versions, events, "2018-07-01", version="v1").status is Status.AMENDED


def test_part_of_a_text_can_end_alone():
    events = [attested("2019-01-01"), an_event("partly_repealed", "2018-01-01", provisions=("art_3",), scope="第三条")]
    assert status([a_version()], events, "2019-01-01").status is Status.PARTIAL
    assert status([a_version()], events, "2019-01-01", eid="art_3__para_1").status is Status.REPEALED
    assert status([a_version()], events, "2019-01-01", eid="art_4").status is Status.IN_FORCE


def test_a_suspension_lasts_until_it_is_resumed():
    events = [attested("2020-01-01"), an_event("suspended", "2019-01-01"), an_event("resumed", "2019-06-01")]
    assert status([a_version()], events, "2019-03-01").status is Status.SUSPENDED
    assert status([a_version()], events, "2019-06-01").status is Status.IN_FORCE


def test_a_suspension_in_one_place_does_not_suspend_the_text():
    events = [attested("2020-01-01"), an_event("suspended", "2019-01-01", scope="自由贸易试验区")]
    assert status([a_version()], events, "2019-03-01").status is Status.IN_FORCE


def test_an_amendment_whose_text_is_not_held_is_told():
    standing = status([a_version()], [an_event("amended", "2015-01-01")], "2016-01-01")
    assert (standing.status, "修改后的文本尚未收录" in standing.note) == (Status.UNKNOWN, True)


EVENTS = st.lists(
    st.builds(
        an_event,
        st.sampled_from([kind.value for kind in EventKind]),
        st.none() | st.dates(date(2009, 1, 1), date(2022, 1, 1)).map(date.isoformat),
        origin=st.sampled_from(Origin),
        state=st.sampled_from(EventState),
        provisions=st.sampled_from([(), ("art_3",), ("art_4__para_1",)]),
        version=st.sampled_from([None, "v1", "v2"]),
        label=st.sampled_from([None, "现行有效", "已修改"]),
    ),
    max_size=6,
)
VERSIONS = st.sampled_from(
    [
        [a_version()],
        [a_version(), a_version("2018-01-01", "2018-03-01", "v2")],
        [a_version(), a_version("2016-01-01", None, "v2")],
    ]
)


@given(VERSIONS, EVENTS, st.dates(date(2008, 1, 1), date(2024, 1, 1)), st.sampled_from([None, "art_3"]))
def test_intervals_say_of_every_day_what_derivation_says(versions, events, day, eid):
    intervals = derive_intervals(versions, events, known_at=LATER)
    for version in versions:
        stretches = [each for each in intervals if (each.version, each.eid) == (version.version, eid)]
        said = [
            each.status
            for each in stretches
            if (each.valid_from is None or each.valid_from <= day) and (each.valid_to is None or day < each.valid_to)
        ]
        if eid is None or stretches:
            assert said == [status(versions, events, day.isoformat(), version=version.version, eid=eid).status]


@given(VERSIONS, EVENTS, st.dates(date(2008, 1, 1), date(2024, 1, 1)))
def test_nothing_is_in_force_by_silence(versions, events, day):
    standing = derive_standing(versions, events, version=None, as_of=day, known_at=LATER)
    if standing.status is Status.IN_FORCE:
        assert any(event.kind is EventKind.ATTESTED and event.date for event in standing.events)
        assert standing.basis


def test_time_alone_moves_no_event():
    events = [attested("2015-06-01")]
    one = status([a_version()], events, "2015-07-01", known_at=LATER)
    two = status([a_version()], events, "2015-07-01", known_at=LATER + timedelta(days=900))
    assert one.status is two.status


def test_a_renewal_by_a_length_counts_from_the_end_set_before_and_then_the_text_lapses():
    lapse = an_event("lapsed", "2020-02-01", origin=Origin.DATE)
    longer = an_event("renewed", None, date_rule="5年")
    said = [status([a_version()], [lapse, longer], day) for day in ("2020-02-01", "2025-01-31", "2025-02-01")]
    assert [each.status for each in said] == [Status.UNKNOWN, Status.UNKNOWN, Status.LAPSED]
    assert said[-1].note == "自2025年2月1日起失效"
    assert [event.kind for event in said[-1].events] == [EventKind.LAPSED, EventKind.RENEWED]


def test_a_renewal_of_unknown_length_leaves_the_end_open():
    lapse = an_event("lapsed", "2020-02-01", origin=Origin.DATE)
    longer = an_event("renewed", None, date_rule="延续至下一次清理")
    assert status([a_version()], [lapse, longer], "2030-01-01").status is Status.UNKNOWN


def test_a_local_suspension_is_told_beside_the_status_and_ends_on_its_day():
    stop = an_event("suspended", "2020-03-01", scope="在江城自由贸易试验区", provisions=("art_9",))
    resumed = an_event("resumed", "2023-03-01", scope="在江城自由贸易试验区", provisions=("art_9",))
    said = status([a_version()], [stop, resumed], "2021-01-01", eid="art_9")
    assert said.status is Status.UNKNOWN
    assert said.note == f"{SILENT}；自2020年3月1日起在江城自由贸易试验区暂停适用"
    assert status([a_version()], [stop, resumed], "2023-03-01", eid="art_9").note == SILENT
    assert status([a_version()], [stop, resumed], "2021-01-01", eid="art_8").note == SILENT


def test_a_provision_of_a_text_repealed_in_part_by_description_is_not_vouched_for():
    part = an_event("partly_repealed", "2015-01-01", scope="关于收费的规定")
    said = status([a_version()], [part, attested("2020-01-01")], "2020-01-02", eid="art_3")
    assert (said.status, said.note) == (Status.UNKNOWN, "部分废止：关于收费的规定；是否包括本条，待核")
