"""What keeps an effect from counting is said, and nothing wrong is said in silence."""

from datetime import date

import pytest

from gazette.validity.doubts import find_doubts
from gazette.validity.events import EventKind, EventState, list_events
from gazette.validity.status import Status
from tests.gazette.validity.test_evidence import standing, store_text

STARTS = "本办法自{}起施行。"
NEW = "本办法自2020年5月1日起施行。"


def doubts_about(store, outcome):
    with store.read() as session:
        return [(each.code, each.level.value) for each in find_doubts(session, outcome.document)]


def test_an_effect_on_an_unknown_text_says_so_until_the_text_arrives(store):
    new = store_text(store, "江城市新办法", f"{NEW}《江城市旧办法》同时废止。", published="2020-04-01")
    assert doubts_about(store, new) == [("effect.unknown_target", "info")]
    assert new.findings[-1].code == "effect.unknown_target"
    store_text(store, "江城市旧办法", STARTS.format("2010年2月1日"))
    assert doubts_about(store, new) == []


def test_a_target_named_by_a_wrong_number_is_not_ended(store):
    store_text(store, "江城市旧办法", STARTS.format("2010年2月1日"), number="江府发〔2010〕3号")
    closing = "本办法自2020年5月1日起施行。《江城市旧办法》（江府发〔2010〕8号）同时废止。"
    new = store_text(store, "江城市新办法", closing, published="2020-04-01")
    assert doubts_about(store, new) == [("effect.number_differs", "warning")]
    assert standing(store, "《江城市旧办法》", "2020-06-01").status is Status.UNKNOWN


def test_a_repeal_dated_before_its_target_does_not_end_it(store):
    store_text(store, "江城市旧办法", STARTS.format("2021年2月1日"), published="2021-01-01")
    closing = f"{NEW}《江城市旧办法》同时废止。"
    new = store_text(store, "江城市新办法", closing, published="2020-04-01")
    assert doubts_about(store, new) == [("effect.before_target", "warning")]
    assert standing(store, "《江城市旧办法》", "2021-06-01").status is not Status.REPEALED


def test_a_target_of_which_two_are_held_waits_for_an_editor(store):
    for number, agency in (("江府发〔2010〕3号", "江城市人民政府"), ("滨府发〔2012〕9号", "滨江市人民政府")):
        store_text(store, "停车管理办法", f"本办法由{agency}解释。", number=number, issuer=agency)
    new = store_text(store, "江城市新办法", f"{NEW}《停车管理办法》同时废止。", published="2020-04-01")
    assert doubts_about(store, new) == [("effect.ambiguous", "warning")]


def test_of_two_texts_that_end_each_other_none_is_ended_until_an_editor_decides(store):
    closing = "本办法自2020年5月1日起施行。《江城市{}办法》自2020年6月1日起废止。"
    first = store_text(store, "江城市甲办法", closing.format("乙"), published="2020-04-01")
    second = store_text(store, "江城市乙办法", closing.format("甲"), published="2020-04-02")
    for outcome in (first, second):
        assert doubts_about(store, outcome) == [("effect.cycle", "warning")]
    assert [each.code for each in second.findings] == ["effect.cycle", "effect.cycle"]
    assert {standing(store, f"《江城市{each}办法》", "2020-07-01").status for each in "甲乙"} == {Status.UNKNOWN}


def test_a_day_the_calendar_does_not_have_ends_nothing_by_itself(store):
    old = store_text(store, "江城市旧办法", STARTS.format("2010年2月1日"))
    closing = "本办法自2020年1月1日起施行。《江城市旧办法》自2020年2月30日起废止。"
    new = store_text(store, "江城市新办法", closing, published="2019-12-01")
    assert doubts_about(store, new) == [("effect.date_impossible", "warning")]
    with store.read() as session:
        (waiting,) = [each for each in list_events(session, old.document) if each.kind is EventKind.REPEALED]
    assert (waiting.state, waiting.date) == (EventState.PROPOSED, None)
    assert standing(store, "《江城市旧办法》", "2020-06-01").status is Status.UNKNOWN


def test_texts_ended_by_description_are_a_finding_for_the_editor():
    from gazette.digitization.digitize import digitize
    from gazette.draft import SourceFile
    from gazette.settings import RecordSettings

    text = "江城市人民政府关于公布继续有效文件目录的通告\n\n凡未纳入目录的规范性文件一律废止，不再引用和执行。\n"
    (draft,) = digitize(SourceFile(name="通告.txt", data=text.encode()), settings=RecordSettings()).drafts
    assert "effect.unnamed" in [finding.code for finding in draft.findings]


@pytest.mark.parametrize(
    ("title", "ends"),
    [
        ("上海市停车管理办法", date(2025, 5, 1)),
        ("上海市停车管理办法（试行）", date(2022, 5, 1)),
        ("上海市人民政府关于限行的通告", date(2021, 5, 1)),
        ("上海市停车工作会议的通知", None),
        ("江城市停车管理办法", None),
    ],
)
def test_where_a_place_rules_on_unstated_terms_the_end_is_proposed_with_the_rule_as_its_ground(store, title, ends):
    agency = title[:3] + "人民政府"
    outcome = store_text(store, title, "本办法自2020年5月1日起施行。", published="2020-04-01", issuer=agency)
    with store.read() as session:
        lapses = [each for each in list_events(session, outcome.document) if each.kind is EventKind.LAPSED]
    assert [(each.date, each.state) for each in lapses] == ([(ends, EventState.PROPOSED)] if ends else [])
    assert all("第26号" in each.date_rule for each in lapses)
    assert standing(store, outcome.document, "2030-01-01").status is Status.UNKNOWN


@pytest.mark.parametrize(
    ("closing", "kind"),
    [
        ("本办法自2020年2月30日起施行。《江城市旧办法》同时废止。", EventKind.COMMENCED),
        ("本办法自2019年5月1日起施行，有效期至2023年2月30日。", EventKind.LAPSED),
    ],
)
def test_a_text_that_begins_or_ends_on_no_day_says_so(store, closing, kind):
    old = store_text(store, "江城市旧办法", STARTS.format("2010年2月1日"))
    new = store_text(store, "江城市新办法", closing, published="2019-04-01")
    with store.read() as session:
        own = [each for each in list_events(session, new.document) if each.kind is kind]
    assert [(each.state, each.date) for each in own] == [(EventState.PROPOSED, None)]
    findings = standing(store, new.document, "2024-01-01").findings
    assert [each.code for each in findings] == ["effect.date_impossible"]
    assert standing(store, old.document, "2024-01-01").status is Status.UNKNOWN
