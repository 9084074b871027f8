"""The standing of a document through time, stretch by stretch."""

import datetime as dt

from gazette.citations.resolution import find_documents
from gazette.record.reading import get_document
from gazette.validity.status import Status
from gazette.validity.timeline import timeline
from tests.gazette.builders import a_draft, take_in


def test_stretches_follow_one_another_with_the_events_that_decide_them(store):
    take_in(store, a_draft("江城市旧办法", published="2010-01-01", effective="2010-02-01"))
    text = ("本办法自2020年5月1日起施行。《江城市旧办法》同时废止。",)
    take_in(store, a_draft("江城市新办法", text=text, published="2020-04-01", effective="2020-05-01"))
    with store.read() as session:
        stretches = timeline(get_document(session, find_documents(session, "江城市旧办法")[0]))
    assert [(each.status, each.first, each.until) for each in stretches[-2:]] == [
        (Status.UNKNOWN, dt.date(2010, 2, 1), dt.date(2020, 5, 1)),
        (Status.REPEALED, dt.date(2020, 5, 1), None),
    ]
    assert stretches[-1].events[0].quote == "《江城市旧办法》同时废止。"


def test_the_timeline_is_as_the_record_knew_it(store):
    take_in(store, a_draft("江城市旧办法", published="2010-01-01", effective="2010-02-01"))
    with store.read() as session:
        document = find_documents(session, "江城市旧办法")[0]
        before = get_document(session, document).standing.known_at
    text = ("本办法自2020年5月1日起施行。《江城市旧办法》同时废止。",)
    take_in(store, a_draft("江城市新办法", text=text, published="2020-04-01", effective="2020-05-01"))
    with store.read() as session:
        assert Status.REPEALED not in {
            each.status for each in timeline(get_document(session, document, known_at=before))
        }
        assert Status.REPEALED in {each.status for each in timeline(get_document(session, document))}
