"""Every engine on documents and queries that Hypothesis makes: same totals, same documents, same facets, same dates."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import date
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gazette.record import DocumentRecord
from gazette.status import Status
from indexer import Index, SearchRequest
from indexer.engines import ENGINES
from indexer.engines.base import Sort
from indexer.highlights import plain
from indexer.sync import rebuild_from
from tests.builders import TODAY, a_document, an_id
from tests.indexer.conftest import drop, open_index
from tests.indexer.opensearch_node import find_url

#: Few characters, so that texts and queries often meet.
_TEXT = st.text(alphabet="食品安全税法2018号ab，（）〔〕 《》\n１Ａ", max_size=12)
#: A number or foreign word is found whole; of Chinese any piece is.
_HAN_TITLE = st.text(alphabet="食品安全税法号（）", min_size=1, max_size=12)
_DAYS = st.sampled_from([None, date(1, 1, 1), date(2018, 4, 8), date(2018, 4, 9), date(2020, 1, 1), date(9999, 12, 31)])
_NAMES = st.sampled_from(["国务院", "江城市人民政府", "食品局", "a,b\x20c"])

_QUERIES = st.one_of(
    _TEXT,
    st.text(alphabet='食品安全税2018号ab"()[]*?- :：', max_size=16),
    st.builds("{}:{}".format, st.sampled_from(["标题", "正文", "文号", "发文机关", "title"]), _TEXT),
    st.builds("{} {} {}".format, _TEXT, st.sampled_from(["AND", "OR", "NOT"]), _TEXT),
    st.lists(st.sampled_from(["食品", "安全", "税法", "学校", "责任", "怎么办", "吗", "2018"]), max_size=7).map(
        "".join
    ),
    st.builds('"{} {}"~{}'.format, _TEXT, _TEXT, st.integers(0, 5)),
    st.builds("日期:[{} TO {}]".format, st.sampled_from(["", "2018", "2018-04-09"]), st.sampled_from(["", "2019"])),
)
_VALUES = {
    "issuer": ["国务院", "食品局"],
    "kind": ["法", "办法"],
    "status": ["in_force", "repealed", "unknown"],
    "theme": ["税", "税/关税"],
    "has_attachment": ["有", "no"],
}
_FILTERS = st.fixed_dictionaries(
    {}, optional={name: st.lists(st.sampled_from(each), min_size=1, max_size=2) for name, each in _VALUES.items()}
)
_SORTS = [each.value for each in Sort if each.order]


@st.composite
def document_sets(draw: st.DrawFn) -> list[DocumentRecord]:
    numbers = draw(st.lists(st.integers(0, 10**9), unique=True, max_size=6))
    return [
        a_document(
            id=an_id(number),
            title=draw(_TEXT) or "题",
            articles=draw(st.lists(_TEXT, max_size=3)),
            doc_number=draw(st.none() | _TEXT),
            issuers=draw(st.lists(_NAMES, max_size=2, unique=True)),
            kind=draw(st.none() | st.sampled_from(["法", "办法"])),
            published=draw(_DAYS),
            effective=draw(_DAYS),
            theme=draw(st.sampled_from([None, "税", "税/关税"])),
            status=draw(st.sampled_from([each.value for each in Status])),
        )
        for number in numbers
    ]


def engines() -> list[str]:
    """The engines that can be had here."""
    return [engine for engine in ENGINES if engine != "opensearch" or isinstance(find_url(), str)]


@contextmanager
def on_every_engine(documents: list[DocumentRecord]) -> Iterator[list[Index]]:
    with tempfile.TemporaryDirectory() as home, ExitStack() as stack:
        indexes = []
        for engine in engines():
            indexes.append(open_index(Path(home), engine))
            stack.callback(drop, indexes[-1])
            rebuild_from(indexes[-1], documents)
        yield indexes


@settings(max_examples=5, deadline=None, suppress_health_check=list(HealthCheck))
@given(document_sets(), st.lists(st.tuples(_QUERIES, _FILTERS, st.sampled_from(_SORTS)), min_size=4, max_size=12))
def test_engines_agree(documents: list[DocumentRecord], asked: list[tuple[str, dict[str, list[str]], str]]) -> None:
    with on_every_engine(documents) as indexes:
        for query, filters, sort in asked:
            for unit in ("document", "article"):
                request = SearchRequest(query=query, filters=filters, unit=unit, sort=sort, limit=100)
                answers = [index.search(request, TODAY) for index in indexes]
                found = [[(hit.document, hit.version, hit.eid, hit.status) for hit in each.hits] for each in answers]
                assert [each.total for each in answers] == [len(each) for each in found], query
                assert all(each == found[0] for each in found), query
                assert all(each.facets_json() == answers[0].facets_json() for each in answers), query
                ranked = [
                    index.search(SearchRequest(query=query, filters=filters, unit=unit, limit=100), TODAY)
                    for index in indexes
                ]
                assert {len(each.hits) for each in ranked} == {len(found[0])}
                assert all(plain(hit.snippet_pairs) == hit.snippet for each in ranked for hit in each.hits)


@settings(max_examples=3, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(_HAN_TITLE, max_size=6), st.integers(0, 8), st.integers(1, 6))
def test_every_piece_of_a_title_finds_it(titles: list[str], start: int, length: int) -> None:
    documents = [a_document(title=title) for title in titles]
    with on_every_engine(documents) as indexes:
        for document in documents:
            inside = document.title[start : start + length]
            if not inside.strip("（）"):
                continue
            for index in indexes:
                hits = index.search(SearchRequest(query=f'标题:"{inside}"', limit=100), TODAY).hits
                assert document.id in {hit.document for hit in hits}, inside
