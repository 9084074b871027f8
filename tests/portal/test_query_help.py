"""The query language as its help page shows it: every example is read without a doubt, runs, and is written again."""

from __future__ import annotations

import pytest
from werkzeug.datastructures import MultiDict

from indexer.phrasing import write_query
from indexer.query import Words, read_query
from portal.pages.advanced import compose, read_back
from portal.pages.query_help import EXAMPLES
from portal.pages.search import SearchForm

QUERIES = [example for _heading, rows in EXAMPLES for example, _meaning in rows]


@pytest.mark.parametrize("query", QUERIES)
def test_an_example_is_understood_and_runs(reader, query):
    assert read_query(query).notes == ()
    answer = reader.get("/search", query_string={"q": query})
    assert answer.status_code == 200


def test_the_page_links_every_example(reader):
    page = reader.get("/help/query").text
    assert page.count("/search?q=") == len(QUERIES)


@pytest.mark.parametrize(
    "query",
    [
        *QUERIES,
        "标题:(食品 OR 药品) NOT (甲 乙)",
        "(甲 OR 乙) 丙 NOT 丁",
        "甲 OR 乙 丙",
        '-"甲 乙" 标题:"丙 丁"~3',
        "文号:江政发〔2018〕8号 有效性:现行有效",
    ],
)
def test_what_was_understood_is_written_so_that_it_is_understood_again(query):
    tree = read_query(query).tree
    assert read_query(write_query(tree)).tree == tree


@pytest.mark.parametrize("query", [*QUERIES, '食品 "校园安全" (甲 OR 乙) 标题:"办法" NOT 通知 日期:[2018 TO 2020]'])
def test_the_advanced_form_reads_back_what_it_writes(query):
    form = SearchForm.from_args(MultiDict({"q": query}))
    written = compose(MultiDict(dict(read_back(form))))
    assert set(_parts(str(written["q"] or ""))) == set(_parts(query))


def _parts(query: str) -> list[str]:
    """What a query asks, without regard to order and to whether a field's one word is quoted. Words side by side are
    taken one by one: the form has them all."""
    tree = read_query(query).tree
    parts = getattr(tree, "parts", (tree,)) if type(tree).__name__ == "And" else (tree,)
    written = [(part, write_query(part).replace('"', "")) for part in parts]
    return sorted(each for part, text in written for each in (text.split() if isinstance(part, Words) else [text]))


def test_the_advanced_form_is_filled_with_the_search_it_was_opened_from(reader):
    said = {"q": '食品 标题:"办法" "a b"~3', "status": "in_force", "from": "2018"}
    page = reader.get("/search/advanced", query_string=said).text
    assert 'name="all" value="食品"' in page
    assert 'name="title" value="办法"' in page
    assert 'name="rest" value="&#34;a b&#34;~3"' in page
    assert 'value="in_force" checked' in page
    assert 'name="from" value="2018"' in page


def test_what_did_not_balance_says_how_it_was_understood(reader):
    page = reader.get("/search", query_string={"q": '标题:"食品 安全'}).text
    assert "引号不成对" in page
    assert "已按“标题:食品 安全”理解" in page
