"""What a query language over several engines trips over, once for each engine."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import date

import pytest

from gazette.errors import GongbaoError
from indexer import Index, SearchRequest, SearchResults
from indexer.analysis import GramTokenizer, WordTokenizer
from indexer.engines import ENGINES
from indexer.sync import rebuild_from
from tests.builders import TODAY, a_document
from tests.indexer.conftest import Indexed, drop, open_index

#: Generous, since the machine may be busy: what is not bounded takes minutes or for ever.
LONGEST_S = 5.0


@pytest.fixture(scope="module", params=ENGINES)
def index(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    opened = open_index(tmp_path_factory.mktemp("traps"), request.param)
    rebuild_from(
        opened,
        [
            a_document(
                title="江城市食品安全条例",
                articles=["食品生产者应当备案ICP，过期食品（食品）不得销售。"],
                published="2018-04-08",
                effective="9999-12-31",
            ),
            a_document(
                title="江城市停车办法",
                articles=["停车收费标准。"],
                doc_number="江政发〔2019〕3号",
                published="0001-01-01",
                effective="2019-01-01",
            ),
        ],
    )
    yield opened
    drop(opened)


def search(index: Index, query: str = "", **asked: object) -> SearchResults:
    return index.search(SearchRequest(query=query, **asked), TODAY)  # type: ignore[arg-type]


def titles(results: SearchResults) -> set[str]:
    return {hit.title for hit in results.hits}


FOOD, PARKING = "江城市食品安全条例", "江城市停车办法"


@pytest.mark.parametrize("tokenizer", [GramTokenizer(), WordTokenizer()])
def test_a_tokenizer_told_not_to_cut_hands_the_text_on_whole(tokenizer: GramTokenizer) -> None:
    assert [token.text for token in tokenizer("食品*", tokenize=False)] == ["食品*"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        # Wildcards reach the index as they are.
        ("ic*", {FOOD}),
        ("标题:食品*条例", {FOOD}),
        ("文号:江政发*", {PARKING}),
        # A range of days is a range of numbers, at either end of the calendar.
        ("日期:[2018 TO 2019]", {FOOD}),
        ("日期:[TO 0001-12-31]", {PARKING}),
        ("施行日期:9999-12-31", {FOOD}),
        ("施行日期:[2019 TO]", {FOOD, PARKING}),
        # A question mark ends a question; it is no wildcard.
        ("过期食品?", {FOOD}),
        ("停车收费标准？", {PARKING}),
        # A minus is NOT, of either width, but not inside a word or number.
        ("江城 -停车", {FOOD}),
        ("江城 －停车", {FOOD}),
        # A full-width colon names a field.
        ("标题：停车", {PARKING}),
        ("发布日期：2018", {FOOD}),
        # Brackets in a number are punctuation.
        ("江政发[2019]3号", {PARKING}),
        ("（食品）", {FOOD}),
    ],
)
def test_what_is_typed_means_what_people_mean(index: Index, query: str, found: set[str]) -> None:
    assert titles(search(index, query)) == found


def test_far_days_filter_and_sort(index: Index) -> None:
    assert titles(search(index, filters={"effective": ["9999..9999"]})) == {FOOD}
    assert titles(search(index, filters={"published": ["..0001-01-01"]})) == {PARKING}
    assert [hit.title for hit in search(index, sort="effective").hits] == [FOOD, PARKING]
    assert search(index, as_of=date(9999, 12, 31)).total == 2


def test_a_snippet_of_chinese_marks_what_was_found(index: Index) -> None:
    hit = search(index, "过期食品").hits[0]
    assert [text for text, is_hit in hit.snippet_pairs if is_hit] == ["过期食品", "食品"] or any(
        "食品" in text for text, is_hit in hit.snippet_pairs if is_hit
    )
    assert hit.eid == "art_1"


def test_a_facet_of_many_values_counts_every_one(indexed: Indexed, monkeypatch: pytest.MonkeyPatch) -> None:
    # So many that an engine must go beyond what it counts at once.
    monkeypatch.setattr("indexer.engines.tantivy._MAX_VALUES", 7)
    monkeypatch.setattr("indexer.engines.opensearch._MAX_VALUES", 7)
    documents = [
        a_document(title="办法", issuers=[f"第{n}局", f"第{n // 2}处"], status=["in_force", "repealed"][n % 2])
        for n in range(40)
    ]
    facets = search(indexed(documents), "办法").facets_json()
    assert facets["issuer"] == {f"第{n}局": 1 for n in range(40)} | {f"第{n}处": 2 for n in range(20)}
    assert facets["status"] == {"in_force": 20, "repealed": 20}


BAD_QUERIES = {
    "ten kilobytes": "食品安全条例" * 600,
    "ten kilobytes of words": "food " * 2000,
    "a thousand clauses": " OR ".join(f"词{n}" for n in range(1000)),
    "a thousand phrases": " ".join(f'"食品{n}"' for n in range(1000)),
    "a thousand years, thirty times": " OR ".join(["年份:[1000 TO 1400]"] * 30),
    "a thousand parentheses": "(" * 1000 + "食品" + ")" * 1000,
    "parentheses that never close": "(" * 5000,
    "forty-six question marks": "?" * 46,
    "question marks in a word": "a" + "?" * 46 + "b",
    "stars": "*" * 1000,
    "a star": "*",
    "many stars": "a*b*c*d*e*f*g*h*i*j*k*" * 20,
    "a regular expression": "(a+)+$ ((.*)*)*[^x]{1,99999} \\d+\\",
    "stop words": "的 了 吗 怎么办",
    "control characters": "食品\x00\x01\x1b[31m\x7f\u202e\ufeff安全",
    "half of a character": "食品\ud800安全",
    "characters beyond the plane": "𠀀𠀁😀",
    "unknown field": "颜色:红",
    "days upside down": "日期:[2020 TO 2018]",
    "no day": "日期:[昨天 TO 今天]",
    "operators alone": "AND OR NOT",
    "quotes alone": '"""""',
    "nested negations": "NOT " * 500 + "食品",
}


@pytest.mark.parametrize("query", BAD_QUERIES.values(), ids=BAD_QUERIES.keys())
@pytest.mark.parametrize("unit", ["document", "article"])
def test_a_hostile_query_is_answered_and_soon(index: Index, query: str, unit: str) -> None:
    begun = time.process_time()
    results = search(index, query, unit=unit)
    assert time.process_time() - begun < LONGEST_S
    assert results.total >= len(results.hits)


@pytest.mark.parametrize(
    "asked",
    [
        {"filters": {"颜色": ["红"]}},
        {"filters": {"published": ["2020..2018"]}},
        {"filters": {"published": ["昨天"]}},
        {"filters": {"status": ["bogus"]}},
        {"offset": -1},
        {"limit": -1},
        {"sort": "random"},
        {"after": "../../etc/passwd"},
    ],
)
def test_a_wrong_form_is_one_clear_error(index: Index, asked: dict[str, object]) -> None:
    with pytest.raises(GongbaoError):
        search(index, **asked)


def test_the_billionth_page_is_empty_and_costs_nothing(index: Index) -> None:
    results = search(index, "江城", offset=10**9 * 20, limit=20)
    assert (results.total, results.hits, results.next) == (2, (), None)


def test_a_filter_may_hold_anything(index: Index) -> None:
    strange = {"issuer": ["\x00", "a" * 40_000, "\ud800"], "文号": ['"(*']}
    assert search(index, filters=strange).total == 0
