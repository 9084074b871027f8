"""The order in which texts arrive changes nothing: not what counts, not the labels, not the findings."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import permutations

import pytest

from gazette.editing.publication import retract_effects, state_effects
from gazette.editing.undoing import undo_latest
from gazette.editing.workflow import accept_event, correct, merge, reject_event, undo, withdraw
from gazette.record.documents import VersionRow
from gazette.record.ingest import ingest_draft
from gazette.store import now
from gazette.validity.doubts import find_candidates, find_doubts, find_doubts_about
from gazette.validity.events import list_acts
from gazette.validity.standing import status
from tests.gazette.builders import a_draft
from tests.gazette.validity.test_evidence import standing, store_text

_NAMES = "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥"


@dataclass(frozen=True)
class Text:
    """A text of a small world; @ stands for the city, which is another in every order tried."""

    title: str
    closing: str = ""
    issued: str = "2010-01-01"
    number: str | None = None
    issuer: str = "@人民政府"


def take_in(store, text: Text, city: str) -> str:
    starts = f"本办法自{text.issued[:4]}年2月1日起施行。"
    outcome = store_text(
        store,
        f"{city}{text.title}管理办法",
        f"{starts}{text.closing}".replace("@", city),
        published=text.issued,
        number=text.number and text.number.replace("@", city),
        issuer=text.issuer.replace("@", city),
    )
    return outcome.document


def described(store, held: dict[Text, str], city: str) -> list[object]:
    """What the record makes of the texts, in words in which no id and no city stands."""
    names = {document: at for at, document in enumerate(held.values())}
    found: list[object] = []
    with store.read() as session:
        for document in held.values():
            acts = [each for each in list_acts(session, document) if each.known_to is None and each.target_title]
            states = sorted((each.quote.replace(city, ""), str(names.get(each.document)), each.state) for each in acts)
            labels = [status(session, document, date(year, 6, 1)).status for year in (2009, 2012, 2017, 2021)]
            doubts = sorted(each.code for each in find_doubts(session, document))
            about = sorted(each.code for _event, each in find_doubts_about(session, document))
            found.append((states, labels, doubts, about))
    return found


def in_every_order(store, world: tuple[Text, ...]) -> Iterator[list[object]]:
    for at, order in enumerate(permutations(world)):
        city = f"{_NAMES[at // 22]}{_NAMES[at % 22]}市"
        came = {text: take_in(store, text, city) for text in order}
        yield described(store, {text: came[text] for text in world}, city)


_ENDS = "《@{}管理办法》自2016年1月1日起废止。"
_RING = tuple(Text(name, _ENDS.format(other)) for name, other in zip("甲乙丙", "乙丙甲", strict=True))
_TRAPS = {
    "two texts end each other": (
        (
            Text("甲", "《@乙管理办法》自2016年1月1日起废止。", number="@发〔2010〕1号"),
            Text("乙", "《@甲管理办法》自2016年1月1日起废止。", number="@发〔2010〕2号"),
        ),
        ["effect.cycle", "effect.cycle"],
        [],
    ),
    "three end each other in a ring": (_RING, ["effect.cycle"] * 3, []),
    "a namesake of another issuer": (
        (
            Text("甲", number="@发〔2010〕1号"),
            Text("甲", "本办法由@水务局解释。", issuer="@水务局", number="@水〔2011〕1号"),
            Text("乙", "《@甲管理办法》自2016年1月1日起废止。", issued="2015-01-01"),
        ),
        ["effect.ambiguous"],
        [],
    ),
    "a namesake younger than the end": (
        (
            Text("甲", number="@发〔2010〕1号"),
            Text("甲", issuer="@水务局", number="@水〔2020〕1号", issued="2020-01-01"),
            Text("乙", "《@甲管理办法》自2016年1月1日起废止。", issued="2015-01-01"),
        ),
        [],
        [0],
    ),
    "a number that is another's": (
        (
            Text("甲"),
            Text("甲", "本办法由@水务局解释。", issuer="@水务局", number="@水〔2010〕8号"),
            Text("乙", "《@甲管理办法》（@水〔2010〕8号）自2016年1月1日起废止。", issued="2015-01-01"),
        ),
        [],
        [1],
    ),
    "a wrong number, and an end dated before its target": (
        (
            Text("甲", number="@发〔2015〕1号", issued="2015-01-01"),
            Text("乙", "《@甲管理办法》（@发〔2010〕9号）自2016年1月1日起废止。", issued="2015-05-01"),
            Text("丙", "《@甲管理办法》（@发〔2015〕1号）自2012年1月1日起废止。", issued="2011-01-01"),
        ),
        ["effect.before_target", "effect.number_differs"],
        [],
    ),
    "a part is ended by what was ended": (
        (
            Text("甲", "《@乙管理办法》自2016年1月1日起废止。"),
            Text("乙", "《@甲管理办法》第一条自2016年1月1日起废止。"),
        ),
        ["effect.cycle"],
        [1],
    ),
    "a title lives on in a later text": (
        (
            Text("乙", number="@发〔2009〕2号", issued="2009-01-01", issuer="@水务局"),
            Text("甲", "《@乙管理办法》（@发〔2009〕2号）自2011年1月1日起废止。"),
            Text("乙", "《@甲管理办法》自2016年1月1日起废止。", issued="2015-01-01", number="@发〔2015〕2号"),
        ),
        [],
        [0, 1],
    ),
    "two texts end each other by titles without their issuer": (
        (
            Text("甲事项", "《乙事项管理办法》（@发〔2010〕2号）自2016年1月1日起废止。", number="@发〔2010〕1号"),
            Text("乙事项", "《甲事项管理办法》（@发〔2010〕1号）自2016年1月1日起废止。", number="@发〔2010〕2号"),
        ),
        ["effect.cycle", "effect.cycle"],
        [],
    ),
    "a day the calendar does not have": (
        (Text("甲"), Text("乙", "《@甲管理办法》自2016年2月30日起废止。", issued="2015-01-01")),
        ["effect.date_impossible"],
        [],
    ),
}


@pytest.mark.parametrize("trap", _TRAPS)
def test_the_same_texts_give_the_same_answer_in_whatever_order_they_arrive(store, trap):
    world, codes, ended = _TRAPS[trap]
    first, *others = in_every_order(store, world)
    assert all(other == first for other in others)
    assert sorted(code for _states, _labels, doubts, _about in first for code in doubts) == codes
    assert [at for at, (_states, labels, _doubts, _about) in enumerate(first) if labels[-1] == "repealed"] == ended


def label(store, document: str, **known) -> str:
    return standing(store, document, "2021-06-01", **known).status.value


def history(store, *documents: str) -> list[object]:
    """Every label of the documents, with its ground and its sentences, on days before and after anything happened."""
    days = ("2009-06-01", "2012-06-01", "2017-06-01", "2021-06-01")
    answers = (standing(store, document, day) for document in documents for day in days)
    return [(each.status, each.basis, each.note, [event.quote for event in each.events]) for each in answers]


OLD = Text("甲")
NAMESAKE = Text("甲", "本办法由@水务局解释。", issuer="@水务局", number="@水〔2010〕8号")
NEW = Text("乙", "《@甲管理办法》自2016年1月1日起废止。", issued="2015-01-01")


def test_a_later_namesake_makes_the_doubt_seen_and_what_was_said_before_can_still_be_asked(store):
    old, act = take_in(store, OLD, "江城市"), take_in(store, NEW, "江城市")
    assert label(store, old) == "repealed"
    before = now()
    namesake = take_in(store, NAMESAKE, "江城市")
    assert [label(store, each) for each in (old, namesake)] == ["unknown", "unknown"]
    assert label(store, old, known_at=before) == "repealed"
    for document in (old, namesake):
        assert [each.code for each in standing(store, document, "2021-06-01").findings] == ["effect.ambiguous"]
    entry = merge(store, old, namesake, actor="编辑")
    assert label(store, old) == "repealed"
    undo(store, entry, actor="编辑")
    assert label(store, old) == "unknown"
    with store.read() as session:
        assert [each.code for each in find_doubts(session, act)] == ["effect.ambiguous"]


def test_a_repeal_of_a_text_that_was_taken_down_waits_and_comes_back_with_it(store):
    old, act = take_in(store, OLD, "江城市"), take_in(store, NEW, "江城市")
    before = history(store, old, act)
    entry = withdraw(store, act, actor="编辑", reason="发布有误")
    answer = standing(store, old, "2021-06-01")
    assert (answer.status, [each.code for each in answer.findings]) == ("unknown", ["effect.act_withdrawn"])
    undo(store, entry, actor="编辑")
    assert history(store, old, act) == before
    assert standing(store, old, "2021-06-01").findings == ()


def test_what_an_editor_decided_stays_whatever_arrives(store):
    old, act = take_in(store, OLD, "江城市"), take_in(store, NEW, "江城市")
    with store.read() as session:
        (end,) = [each for each in list_acts(session, act) if each.target_title]
    before = history(store, old)
    rejected = reject_event(store, end.id, actor="编辑")
    take_in(store, NAMESAKE, "江城市")
    correct(store, act, {"theme": "综合"}, actor="编辑")
    assert label(store, old) == "unknown"
    accept_event(store, rejected, actor="编辑")
    take_in(store, Text("丙", "《@乙管理办法》自2013年1月1日起废止。", issued="2012-01-01"), "江城市")
    assert history(store, old) == before


def test_an_editor_who_rejects_one_of_two_mutual_repeals_lets_the_other_count(store):
    first, second = (
        take_in(store, Text(name, f"《@{other}管理办法》自2016年1月1日起废止。"), "江城市")
        for name, other in ("甲乙", "乙甲")
    )
    before = history(store, first, second)
    with store.read() as session:
        (end,) = [each for each in list_acts(session, second) if each.target_title]
    reject_event(store, end.id, actor="编辑")
    assert [label(store, each) for each in (first, second)] == ["unknown", "repealed"]
    undo_latest(store, first, "reject_event", actor="编辑")
    assert history(store, first, second) == before


def test_a_target_whose_day_becomes_known_later_is_judged_by_it(store):
    outcome = ingest_draft(store, a_draft("江城市甲管理办法"), b"1", publish=True, actor="test")
    old = outcome.document
    take_in(store, NEW, "江城市")
    assert label(store, old) == "repealed"
    entry = correct(store, old, {"version_date": "2019-01-01"}, version=outcome.version, actor="编辑")
    assert label(store, old) == "unknown"
    undo(store, entry, actor="编辑")
    assert label(store, old) == "repealed"


def test_an_editor_says_which_of_two_namesakes_an_end_means_and_undo_takes_it_back(store):
    old, namesake = take_in(store, OLD, "江城市"), take_in(store, NAMESAKE, "江城市")
    act = take_in(store, NEW, "江城市")
    with store.read() as session:
        (end,) = [each for each in list_acts(session, act) if each.target_title]
        (candidates,) = find_candidates(session, (end,)).values()
    assert {each.document for each in candidates} == {old, namesake}
    before = history(store, old, namesake)
    accept_event(store, end.id, document=namesake, actor="编辑")
    assert [label(store, each) for each in (old, namesake)] == ["unknown", "repealed"]
    assert standing(store, namesake, "2021-06-01").findings == ()
    undo_latest(store, namesake, "accept_event", actor="编辑")
    assert history(store, old, namesake) == before


@pytest.mark.parametrize("is_known_first", [True, False])
def test_the_day_of_an_end_is_the_same_whichever_copy_told_it(store, is_known_first):
    old = take_in(store, OLD, "江城市")
    text = ("第一条 为了规范管理，制定本办法。", "第二条 本办法自公布之日起施行。《江城市甲管理办法》同时废止。")
    days = ({"published": "2015-01-01"}, {})
    for place, known in enumerate(days if is_known_first else days[::-1]):
        draft = a_draft("江城市乙管理办法", text=text, place=f"{place}.html", **known)
        ingest_draft(store, draft, f"{place}".encode(), publish=True, actor="test")
    assert standing(store, old, "2014-12-31").status == "unknown"
    assert standing(store, old, "2015-01-01").note == "自2015年1月1日起废止"


def test_a_rejection_holds_when_the_text_is_taken_back_and_published_again(store):
    old = take_in(store, OLD, "江城市")
    act = take_in(store, NEW, "江城市")
    with store.read() as session:
        (end,) = [each for each in list_acts(session, act) if each.target_title]
        version = end.act_version
    reject_event(store, end.id, actor="编辑")
    with store.write() as session:
        row = session.get_one(VersionRow, version)
        retract_effects(session, row)
        assert [each for each in list_acts(session, act) if each.known_to is None] == []
        state_effects(session, row)
    assert label(store, old) == "unknown"
