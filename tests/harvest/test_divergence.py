"""Labels beside the texts: where they differ a person looks, and what was decided leaves the list."""

import datetime as dt

import pytest

from gazette.citations.resolution import find_documents
from gazette.editing.workflow import list_audit, reject_event, set_label, undo
from gazette.errors import NotFound
from gazette.validity.official_labels import record_label
from gazette.validity.status import Status
from harvest.divergence import Verdict, get_check, labels_divergence
from tests.gazette.builders import a_draft, take_in

READ = dt.date(2024, 6, 1)


@pytest.fixture
def old(store):
    """A document that another one repealed in 2020."""
    take_in(store, a_draft("江城市旧办法", published="2010-01-01", effective="2010-02-01"))
    text = ("本办法自2020年5月1日起施行。《江城市旧办法》同时废止。",)
    take_in(store, a_draft("江城市新办法", text=text, published="2020-04-01", effective="2020-05-01"))
    with store.read() as session:
        return find_documents(session, "江城市旧办法")[0]


def label(store, document, text, **more):
    with store.write() as session:
        record_label(session, document, None, text, READ, "某网", "https://example.invalid/1", **more)


def checks(store):
    with store.read() as session:
        return labels_divergence(session)


def test_a_label_that_the_texts_contradict_is_shown_with_both_sides(store, old):
    label(store, old, "现行有效")
    (check,) = checks(store)
    assert (check.verdict, check.said, check.ours) == (Verdict.DIVERGES, Status.IN_FORCE, Status.REPEALED)
    assert (check.source, check.url) == ("某网", "https://example.invalid/1")
    assert check.quote == "《江城市旧办法》同时废止。"
    assert check.act_title == "江城市新办法"


def test_a_label_that_is_a_code_is_checked_by_what_it_was_read_as(store, old):
    label(store, old, "1", system="flk-before-2025")
    assert [check.verdict for check in checks(store)] == [Verdict.DIVERGES]


def test_a_site_that_knows_two_words_says_lapsed_of_what_was_repealed(store, old):
    label(store, old, "失效")
    assert [check.verdict for check in checks(store)] == [Verdict.AGREES]


@pytest.mark.parametrize("text", ["拟修改", "情况不明"])
def test_what_says_nothing_of_the_standing_is_not_compared(store, old, text):
    label(store, old, text)
    assert checks(store) == ()


def test_a_rejected_label_leaves_the_list_and_stays_away_when_it_is_read_again(store, old):
    label(store, old, "现行有效")
    reject_event(store, checks(store)[0].event, actor="编辑")
    label(store, old, "现行有效")
    assert checks(store) == ()


def test_an_editor_s_own_finding_settles_it_until_it_is_taken_back(store, old):
    label(store, old, "现行有效")
    set_label(store, old, Status.SUSPENDED, day=READ, evidence="来文", actor="编辑")
    assert [check.verdict for check in checks(store)] == [Verdict.DECIDED]
    with store.read() as session:
        entry = list_audit(session)[0].id
    undo(store, entry, actor="编辑")
    assert [check.verdict for check in checks(store)] == [Verdict.DIVERGES]


def test_what_is_no_label_cannot_be_decided_on(store, old):
    with store.read() as session, pytest.raises(NotFound):
        get_check(session, "nothing")
