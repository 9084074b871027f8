"""Search quality on the 1,641 laws: a title asked for exactly stands first, with or without 中华人民共和国."""

from __future__ import annotations

import tempfile
from pathlib import Path

from gazette.settings import RecordSettings
from indexer import Index, SearchRequest
from indexer.records import same_title_key
from indexer.sync import rebuild_from
from tests.laws import iter_laws
from tests.score.row import Measure, Row, right_of

_STATE = "中华人民共和国"


def title_rows(corpus: Path) -> list[Row]:
    laws = list(iter_laws(corpus))
    titles = sorted({law.title for law in laws})
    forms = {
        "as printed": titles,
        f"without {_STATE}": [title.removeprefix(_STATE) for title in titles],
        "in title marks": [f"《{title}》" for title in titles],
    }
    with tempfile.TemporaryDirectory() as home, Index.open(RecordSettings(home=Path(home))) as index:
        rebuild_from(index, laws)
        return [_row(index, form, queries) for form, queries in forms.items()]


def _row(index: Index, form: str, titles: list[str]) -> Row:
    wrong = [title for title in titles if not _first(index, title)]
    return right_of("law_markdown", f"exact title first, {form}", len(titles), wrong, 0.995)


def _first(index: Index, title: str) -> bool:
    hits = index.search(SearchRequest(query=title, limit=1, facets=())).hits
    return bool(hits) and same_title_key(hits[0].title) == same_title_key(title)


MEASURES = (Measure(needs=("law_markdown.tar.gz",), rows=title_rows),)
