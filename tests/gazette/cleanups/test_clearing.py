"""A clean-up from the list handed in to the standing of the texts it names, and back."""

import datetime as dt
from dataclasses import replace

import pytest

from gazette.cleanups.batches import accept_confident, carry_out, start, take_all_back
from gazette.cleanups.cleanup import DecidingAct, LineState, Task, get_cleanup, list_cleanups, list_lines
from gazette.cleanups.clearing import accept_line, match_again, open_cleanup, skip_line
from gazette.cleanups.listings import read_pasted
from gazette.cleanups.matching import CONFIDENT
from gazette.editing.undoing import undo
from gazette.editing.workflow import list_audit, merge, purge, reject_event
from gazette.errors import BadInput, Conflict, NotFound
from gazette.outbox import has_changed, last_change
from gazette.store import Store
from gazette.validity.events import EventState, list_events, list_proposed
from gazette.validity.standing import status_of
from gazette.validity.status import Status
from tests.gazette.builders import a_draft, take_in

ACT = DecidingAct(
    title="江城市人民政府关于公布文件清理结果的决定", number="江政发〔2024〕9号", effective=dt.date(2024, 5, 1)
)
LIST = """一、决定废止的文件
1.江城市停车管理办法（江政发〔2010〕5号）
2.江城市养犬管理规定（江政发〔2011〕6号）
3.江城市从未收录的办法（江政发〔2012〕7号）
二、继续有效的文件
4.江城市节约用水办法（江政发〔2016〕9号）
"""


def hold(store: Store, title: str, number: str, **facts: object) -> str:
    document = take_in(store, a_draft(title, number=number, published="2016-01-01", effective="2016-02-01", **facts))
    assert document.document
    return document.document


@pytest.fixture
def parking(store: Store) -> str:
    return hold(store, "江城市停车管理办法", "江政发〔2010〕5号")


@pytest.fixture
def water(store: Store) -> str:
    return hold(store, "江城市节约用水办法", "江政发〔2016〕9号")


def opened(store: Store, text: str = LIST, act: DecidingAct = ACT) -> str:
    return open_cleanup(store, act, read_pasted(text), source="粘贴", actor="编辑")


def standing(store: Store, document: str, day: dt.date = dt.date(2024, 6, 1)):
    with store.read() as session:
        return status_of(session, document, day)


def lines(store: Store, cleanup: str, state: LineState | None = None):
    with store.read() as session:
        return list_lines(session, cleanup, state=state)


def test_accepting_all_decides_on_what_is_sure_and_seeks_what_is_not_held(store, parking, water):
    dogs = hold(store, "江城市养犬管理规定（试行）", "江政发〔2011〕60号")
    cleanup = opened(store)
    before = last_change_of(store)
    accept_confident(store, cleanup, actor="编辑")
    assert [line.state for line in lines(store, cleanup)] == ["accepted", "waiting", "sought", "accepted"]
    ended = standing(store, parking)
    assert (ended.status, ended.basis) == (Status.REPEALED, "text")
    assert ended.events[0].quote == "一、决定废止的文件\n1.江城市停车管理办法（江政发〔2010〕5号）"
    assert ended.events[0].act_title == ACT.title
    assert ended.events[0].locator.line == 1
    assert standing(store, parking, dt.date(2024, 4, 30)).status is not Status.REPEALED
    assert standing(store, water).status is Status.IN_FORCE
    assert standing(store, dogs).status is Status.UNKNOWN
    with store.read() as session:
        assert has_changed(session, "document", before)
        assert list_audit(session, subject=cleanup)[0].action == "accept_lines"


def last_change_of(store: Store) -> int:
    with store.read() as session:
        return last_change(session)


def test_undoing_the_whole_clean_up_restores_what_was_said_before(store, parking, water):
    hold(store, "江城市养犬管理规定（试行）", "江政发〔2011〕60号")
    before = [(standing(store, each).status, standing(store, each).events) for each in (parking, water)]
    cleanup = opened(store)
    accept_confident(store, cleanup, actor="编辑")
    (second,) = lines(store, cleanup, LineState.WAITING)
    skip_line(store, cleanup, second.id, actor="编辑")
    assert take_all_back(store, cleanup, actor="编辑") == 4
    assert [(standing(store, each).status, standing(store, each).events) for each in (parking, water)] == before
    assert {line.state for line in lines(store, cleanup)} == {LineState.WAITING}
    assert take_all_back(store, cleanup, actor="编辑") == 0
    accept_confident(store, cleanup, actor="编辑")
    assert standing(store, parking).status is Status.REPEALED


def test_handing_in_the_same_list_again_changes_nothing(store, parking):
    cleanup = opened(store)
    assert accept_confident(store, cleanup, actor="编辑")
    again = opened(store)
    assert again == cleanup
    assert accept_confident(store, again, actor="编辑") == 0
    with store.read() as session:
        assert len(list_cleanups(session)) == 1


def test_the_same_decision_from_another_list_makes_no_second_event(store, parking):
    accept_confident(store, opened(store), actor="编辑")
    accept_confident(store, opened(store, LIST.replace("1.", "（一）")), actor="编辑")
    with store.read() as session:
        assert len([each for each in list_events(session, parking) if each.rule == "cleanup"]) == 1


def test_a_document_that_comes_later_finds_the_decision_that_waited_for_it(store):
    cleanup = opened(store)
    accept_confident(store, cleanup, actor="编辑")
    late = hold(store, "江城市停车管理办法", "江政发〔2010〕5号")
    assert standing(store, late).status is Status.REPEALED
    take_all_back(store, cleanup, actor="编辑")
    assert standing(store, late).status is Status.UNKNOWN


def test_documents_that_came_since_are_matched_again(store, water):
    cleanup = opened(store)
    parking = hold(store, "江城市停车管理办法", "江政发〔2010〕5号")
    assert match_again(store, cleanup) == 1
    assert lines(store, cleanup)[0].document == parking


@pytest.mark.parametrize(
    ("line", "is_sure"),
    [
        ("江城市人民政府关于做好防汛工作的通知", False),
        ("关于做好防汛工作的通知", False),
        ("江城市人民政府关于做好防汛工作的通知（2016年1月1日）", True),
        ("江城市人民政府关于做好防汛工作的通知（2016年）", True),
        ("江城市人民政府关于做好防汛工作的通知（2015年）", False),
        ("江城市人民政府关于做好防汛工作的通知（江政发〔2016〕9号）", True),
        ("江城市人民政府关于做好防汛工作的通知（江政发〔2015〕9号）", False),
        ("江城市停车管理办法", True),
        ("停车管理办法", False),
    ],
)
def test_a_title_that_is_used_again_needs_a_number_a_day_or_a_year(store, parking, line, is_sure):
    hold(store, "江城市人民政府关于做好防汛工作的通知", "江政发〔2016〕9号")
    cleanup = opened(store, f"废止的文件目录\n{line}", replace(ACT, issuer="江城市人民政府"))
    (found,) = lines(store, cleanup)
    assert (found.confidence >= CONFIDENT) is is_sure
    with store.read() as session:
        held = get_cleanup(session, cleanup)
    assert held.confident == is_sure


def test_likely_lines_are_accepted_at_an_editor_s_word(store):
    flood = hold(store, "江城市人民政府关于做好防汛工作的通知", "江政发〔2016〕9号")
    cleanup = opened(store, "废止的文件目录\n江城市人民政府关于做好防汛工作的通知")
    assert accept_confident(store, cleanup, actor="编辑") == 0
    assert start(store, cleanup, Task.ACCEPT_LIKELY, actor="编辑") == 1
    carry_out(store, cleanup)
    assert standing(store, flood).status is Status.REPEALED
    assert take_all_back(store, cleanup, actor="编辑") == 1
    assert standing(store, flood).status is Status.UNKNOWN


def test_an_editor_chooses_another_document_and_another_decision(store, parking):
    cleanup = opened(store)
    other = hold(store, "江城市机动车停放办法", "江政发〔2010〕50号")
    line = lines(store, cleanup)[0].id
    accept_line(store, cleanup, line, actor="编辑", document=other, decision="lapses")
    assert standing(store, other).status is Status.LAPSED
    assert standing(store, parking).status is Status.UNKNOWN
    with pytest.raises(Conflict):
        accept_line(store, cleanup, line, actor="编辑", document=other, decision="lapses")
    take_all_back(store, cleanup, actor="编辑")
    restored = lines(store, cleanup)[0]
    assert (restored.state, restored.document, restored.decision) == (LineState.WAITING, parking, "repeals")


def test_a_text_that_is_to_be_amended_keeps_its_standing(store, parking):
    cleanup = opened(store, "需修改的文件目录\n1.江城市停车管理办法（江政发〔2010〕5号）")
    accept_confident(store, cleanup, actor="编辑")
    (line,) = lines(store, cleanup)
    assert line.state is LineState.ACCEPTED
    assert standing(store, parking).status is Status.UNKNOWN


def test_the_act_s_own_proposal_gives_way_and_comes_back(store, parking):
    text = ("《江城市停车管理办法》予以废止。",)
    act = take_in(store, a_draft("江城市人民政府关于废止文件的决定", text=text, published="2024-05-01")).document
    with store.read() as session:
        (stated,) = [each for each in list_events(session, parking) if each.act_document == act]
    proposed = reject_event(store, stated.id, actor="编辑")
    held = DecidingAct(title="江城市人民政府关于废止文件的决定", effective=dt.date(2024, 5, 1), document=act)
    cleanup = opened(store, act=held)
    accept_confident(store, cleanup, actor="编辑")
    assert standing(store, parking).status is Status.REPEALED
    take_all_back(store, cleanup, actor="编辑")
    assert standing(store, parking).status is Status.UNKNOWN
    with store.read() as session:
        assert [each.id for each in list_events(session, parking) if each.known_to is None and each.act_document] == [
            proposed
        ]


def test_a_line_matched_with_a_document_merged_since_decides_on_the_one_it_lives_on_in(store, parking):
    cleanup = opened(store)
    kept = hold(store, "江城市机动车停放办法", "江政发〔2010〕50号")
    merge(store, kept, parking, actor="编辑")
    accept_confident(store, cleanup, actor="编辑")
    assert standing(store, kept).status is Status.REPEALED


def test_what_is_purged_leaves_no_title_in_the_lists_that_named_it(store, parking):
    cleanup = opened(store)
    accept_confident(store, cleanup, actor="编辑")
    purge(store, parking, actor="管理员", reason="含个人信息")
    line = lines(store, cleanup)[0]
    assert (line.quote, line.title, line.candidates) == ("", None, ())


def test_an_event_that_an_editor_decided_otherwise_since_is_not_taken_back(store, parking):
    cleanup = opened(store)
    accept_confident(store, cleanup, actor="编辑")
    with store.read() as session:
        (event,) = [each for each in list_events(session, parking) if each.rule == "cleanup"]
        (entry,) = [each for each in list_audit(session, subject=cleanup) if each.action == "accept_lines"]
    reject_event(store, event.id, actor="编辑")
    with pytest.raises(Conflict):
        undo(store, entry.id, actor="编辑")
    with pytest.raises(Conflict):
        take_all_back(store, cleanup, actor="编辑")


def test_the_deciding_act_is_never_its_own_target_and_younger_texts_are_doubted(store):
    act = hold(store, ACT.title, "江政发〔2024〕9号")
    held = DecidingAct(title=ACT.title, effective=dt.date(2024, 5, 1), document=act)
    young = take_in(store, a_draft("江城市停车管理办法", number="江政发〔2010〕5号", published="2025-01-01")).document
    cleanup = opened(
        store, f"废止目录\n{ACT.title}（江政发〔2024〕9号）\n江城市停车管理办法（江政发〔2010〕5号）", held
    )
    own, younger = lines(store, cleanup)
    assert own.document is None
    assert (younger.document, younger.confidence < 0.5) == (young, True)
    with store.read() as session:
        assert get_cleanup(session, cleanup).confident == 0


@pytest.mark.parametrize("text", ["", "为进一步规范清理工作，现将结果公布如下。"])
def test_a_list_without_a_text_is_refused(store, text):
    with pytest.raises(BadInput):
        opened(store, text)


def test_strange_lines_and_decisions_are_refused(store, parking):
    cleanup = opened(store)
    line = lines(store, cleanup)[0].id
    with pytest.raises(BadInput):
        accept_line(store, cleanup, line, actor="编辑", document=parking, decision="burns")
    with pytest.raises(NotFound):
        accept_line(store, cleanup, line, actor="编辑", document="nothing", decision="repeals")
    with pytest.raises(NotFound):
        skip_line(store, cleanup, 9999, actor="编辑")
    with store.read() as session, pytest.raises(NotFound):
        get_cleanup(session, "nothing")


def test_events_that_wait_are_proposed_and_named(store):
    cleanup = opened(store)
    line = lines(store, cleanup)[2].id
    accept_line(store, cleanup, line, actor="编辑", document=None, decision="repeals")
    with store.read() as session:
        (event,) = list_proposed(session)
    assert (event.state, event.document, event.target_number) == (EventState.PROPOSED, None, "江政发〔2012〕7号")
