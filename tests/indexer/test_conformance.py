"""Every engine on documents and queries that Hypothesis makes: same totals, same documents, same facets, same dates."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from itertools import islice
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gazette.record.reading import DocumentRecord
from gazette.validity.status import Status
from indexer import Index, SearchRequest, SearchResults
from indexer.engines import ENGINES
from indexer.engines.base import Sort
from indexer.highlights import plain
from indexer.records import index_units
from indexer.sync import rebuild_from
from tests.builders import TODAY, a_document, an_id
from tests.indexer.conftest import drop, open_index
from tests.indexer.opensearch_node import find_url
from tests.laws import iter_laws

HEAP_BYTES = 50_000_000
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
    st.builds(
        "{}{}{}".format,
        st.sampled_from(["日期", "施行日期:", "年份:"]),
        st.sampled_from("><≤≥"),
        st.integers(2017, 2021),
    ),
    st.sampled_from(
        ["国办发〔2018〕1号", "国令第1号 税法", "食品法第1条", "学校不安全", "有附件:有 食品", "食品 或 税"]
    ),
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


@pytest.fixture(scope="module")
def indexes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Index]]:
    """An index of every engine, to be filled again and again."""
    home = tmp_path_factory.mktemp("conformance")
    opened = [open_index(home, engine) for engine in engines()]
    for index in opened:
        rebuild_from(index, [])
    yield opened
    for index in opened:
        drop(index)


def fill(indexes: Sequence[Index], documents: Sequence[DocumentRecord]) -> None:
    """Let the indexes hold these documents and no others."""
    # Hypothesis seeds the random numbers by which Whoosh names its files, so they would take each other's names.
    random.seed()
    for index in indexes:
        writer = index.engine.open_writer(index.generations.get_live().folder, HEAP_BYTES)
        for document, *_ in list(index.reader().fingerprints()):
            writer.remove(document)
        for document in documents:
            writer.add(index_units(document))
        writer.commit(1)
        writer.close()


def assert_agree(indexes: Sequence[Index], asked: SearchRequest) -> SearchResults:
    """Every engine has the same hits in the same order of days, the same counts, and pages them by cursor alike."""
    answers = [index.search(asked, TODAY) for index in indexes]
    first = names(answers[0], asked.unit)
    for answer in answers:
        assert answer.total == len(answer.hits)
        assert names(answer, asked.unit) == first
        assert answer.facets_json() == answers[0].facets_json()
    for index in indexes:
        page = index.search(replace(asked, limit=max(1, len(first) // 3), facets=()), TODAY)
        seen = names(page, asked.unit)
        while page.next:
            page = index.search(replace(asked, limit=len(first), facets=(), after=page.next), TODAY)
            seen += names(page, asked.unit)
        assert seen == first
    return answers[0]


def names(results: SearchResults, unit: str) -> list[tuple[str, ...]]:
    """What was found. Which passage of a document is shown is a matter of ranking."""
    return [(hit.version, hit.status, (hit.eid or "") if unit == "article" else "") for hit in results.hits]


@settings(max_examples=4, deadline=None, suppress_health_check=list(HealthCheck))
@given(document_sets(), st.lists(st.tuples(_QUERIES, _FILTERS, st.sampled_from(_SORTS)), min_size=2, max_size=6))
def test_engines_agree(
    indexes: list[Index], documents: list[DocumentRecord], asked: list[tuple[str, dict[str, list[str]], str]]
) -> None:
    fill(indexes, documents)
    for number, (query, filters, sort) in enumerate(asked):
        unit = ("document", "article")[number % 2]
        request = SearchRequest(query=query, filters=filters, unit=unit, sort=sort, limit=100)
        in_order = assert_agree(indexes, request)
        for index in indexes:
            ranked = index.search(replace(request, sort="relevance", facets=()), TODAY)
            assert sorted(names(ranked, unit)) == sorted(names(in_order, unit))
            assert all(plain(hit.snippet_pairs) == hit.snippet for hit in ranked.hits)


@settings(max_examples=4, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(_HAN_TITLE, max_size=6), st.integers(0, 8), st.integers(1, 6))
def test_every_piece_of_a_title_finds_it(indexes: list[Index], titles: list[str], start: int, length: int) -> None:
    documents = [a_document(title=title) for title in titles]
    fill(indexes, documents)
    for document in documents:
        inside = document.title[start : start + length]
        if not inside.strip("（）"):
            continue
        for index in indexes:
            hits = index.search(SearchRequest(query=f'标题:"{inside}"', limit=100, facets=()), TODAY).hits
            assert document.id in {hit.document for hit in hits}, inside


def test_engines_agree_on_laws_of_the_corpus(indexes: list[Index], corpus: Path) -> None:
    fill(indexes, list(islice(iter_laws(corpus), 0, None, 160)))
    for query in (
        "食品 安全",
        "行政许可 期限",
        '"有关部门" 处罚',
        "标题:条例 企业",
        "税",
        "责任~5 处罚",
        "NOT 企业",
        "公司*",
    ):
        for unit, sort in (("document", "date"), ("article", "date-asc")):
            assert_agree(indexes, SearchRequest(query=query, unit=unit, sort=sort, limit=3000, facets=None))
