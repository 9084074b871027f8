"""Whoosh, a complete engine in pure Python: slower, and it runs wherever Python does.

What matches is worked out as sets of record numbers, leaf by leaf, because Whoosh has no "at least so many of";
ranking is Whoosh's BM25F over what matched.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from collections.abc import Sequence as Several
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

from whoosh import fields as wf
from whoosh import index as windex
from whoosh import query as wq
from whoosh.analysis import RegexTokenizer
from whoosh.columns import VarBytesColumn
from whoosh.query.spans import SpanNear

from indexer.analysis import GramTokenizer, WordTokenizer, is_slip
from indexer.clauses import (
    AllOf,
    AnyOf,
    Between,
    Bonus,
    Clause,
    Close,
    Everything,
    Glob,
    Near,
    Nothing,
    Prefix,
    Score,
    Sequence,
    Term,
    Without,
    Words,
)
from indexer.engines.base import STATE, Engine, Found, Reader, Row, Sort, Tally, Unit, Writer
from indexer.engines.entries import DOCUMENT_NUMBER, TITLE_NUMBER, Entry, Kind, columns, iter_entries, state_entry
from indexer.generations import told_as_stale
from indexer.records import DocumentUnits, newest

#: Several values of one keyword field are kept apart by this control character (unit separator).
_NEWEST = newest("published")
_BETWEEN = "\x1f"


class WhooshEngine(Engine):
    name = "whoosh"

    def create(self, folder: Path) -> None:
        for unit in Unit:
            (folder / unit).mkdir(parents=True)
            windex.create_in(str(folder / unit), _schema()).close()

    def open_reader(self, folder: Path) -> Reader:
        return WhooshReader(folder)

    def open_writer(self, folder: Path, heap_bytes: int) -> Writer:
        return WhooshWriter(folder, heap_bytes)


#: What Whoosh says where the files are gone, as they are once a newer generation was switched in.
_loss_told = partial(told_as_stale, windex.EmptyIndexError)


class WhooshReader(Reader):
    def __init__(self, folder: Path) -> None:
        with _loss_told():
            self._indexes = {unit: windex.open_dir(str(folder / unit)) for unit in Unit}
            self._searchers = {unit: index.searcher() for unit, index in self._indexes.items()}

    def refresh(self) -> None:
        # Not Whoosh's own refresh, which fails on an empty index; whoever still reads the old one keeps it.
        for unit, searcher in self._searchers.items():
            if not searcher.up_to_date():
                with _loss_told():
                    self._searchers[unit] = self._indexes[unit].searcher()

    def find(
        self, unit: Unit, match: Clause, scores: tuple[Score, ...], *, sort: Sort, limit: int, offset: int
    ) -> Found:
        searcher = self._searchers[unit]
        matched = self._matched(searcher, match)
        if limit == 0 or offset >= len(matched):
            return Found(total=len(matched), rows=())
        rows = self._rows(searcher, matched, scores, sort)
        return Found(total=len(matched), rows=tuple(islice(rows, offset, offset + limit)))

    def scan(self, unit: Unit, match: Clause, scores: tuple[Score, ...], *, sort: Sort) -> Iterator[Row]:
        searcher = self._searchers[unit]
        matched = self._matched(searcher, match)
        yield from self._rows(searcher, matched, scores, sort)

    def _rows(self, searcher: Any, matched: set[int], scores: tuple[Score, ...], sort: Sort) -> Iterator[Row]:
        if not matched:
            return
        column = searcher.reader().column_reader
        place, title, document = map(column, (sort.order or _NEWEST, TITLE_NUMBER, DOCUMENT_NUMBER))
        points = self._points(searcher, matched, scores) if sort.order is None else dict.fromkeys(matched, 0.0)
        for number in sorted(matched, key=lambda number: (-points[number], -place[number], number)):
            yield Row(
                load=partial(_facts, searcher, number),
                score=points[number],
                order=int(place[number]) if sort.order else None,
                title=int(title[number]),
                document=int(document[number]),
            )

    def count_values(self, unit: Unit, match: Clause, tallies: tuple[Tally, ...]) -> tuple[dict[str, int], ...]:
        searcher = self._searchers[unit]
        matched = self._matched(searcher, match)
        if not matched:
            return tuple({} for _ in tallies)
        column = searcher.reader().column_reader("facets")
        values = {number: json.loads(column[number] or b"{}") for number in matched}
        return tuple(
            dict(
                Counter(
                    value
                    for number in self._within(searcher, matched, each)
                    for value in values[number].get(each.field, ())
                )
            )
            for each in tallies
        )

    def _within(self, searcher: Any, matched: set[int], tally: Tally) -> set[int]:
        return matched & self._every(searcher, tally.within) if tally.within else matched

    def frequencies(self, unit: Unit, field: str, tokens: Several[str]) -> dict[str, int]:
        reader = self._searchers[unit].reader()
        return {token: int(reader.doc_frequency(field, token)) for token in tokens}

    def fingerprints(self) -> Iterator[tuple[str, str, int, int]]:
        held = self._passages_held()
        seen: set[str] = set()
        for stored in self._searchers[Unit.DOCUMENT].documents():
            facts = json.loads(stored["facts"])
            if "last_change" in facts or facts["document"] in seen:
                continue
            seen.add(facts["document"])
            yield facts["document"], facts["fingerprint"], facts["passages"], held.pop(facts["document"], 0)
        for document, count in held.items():
            yield document, "", 0, count

    def _passages_held(self) -> dict[str, int]:
        """Passages by document, counted one by one: the lexicon still knows what was taken out."""
        searcher = self._searchers[Unit.ARTICLE]
        terms = (term.decode() for term in searcher.reader().lexicon("document"))
        counts = ((each, sum(1 for _ in searcher.docs_for_query(wq.Term("document", each)))) for each in terms)
        return {document: count for document, count in counts if count}

    def last_change(self) -> int:
        return _last_change(self._searchers[Unit.DOCUMENT])

    def close(self) -> None:
        for searcher in self._searchers.values():
            searcher.close()
        for index in self._indexes.values():
            index.close()

    # --- clauses into sets of record numbers ----------------------------------------------------------------------

    def _matched(self, searcher: Any, clause: Clause) -> set[int]:
        match clause:
            case Everything():
                return set(searcher.reader().all_doc_ids())
            case Nothing():
                return set()
            case AllOf(parts):
                return self._every(searcher, parts)
            case AnyOf(parts, at_least):
                return self._enough(searcher, parts, at_least)
            case Without(part):
                return set(searcher.reader().all_doc_ids()) - self._matched(searcher, part)
            case Near(field, value):
                lexicon = (term.decode() for term in searcher.reader().lexicon(field))
                near = [wq.Term(field, term) for term in lexicon if is_slip(value, term)]
                return set(searcher.docs_for_query(wq.Or(near))) if near else set()
            case _:
                return set(searcher.docs_for_query(_leaf(clause)))

    def _every(self, searcher: Any, parts: tuple[Clause, ...]) -> set[int]:
        found: set[int] | None = None
        for part in parts:
            matched = self._matched(searcher, part)
            found = matched if found is None else found & matched
            if not found:
                return set()
        return set(searcher.reader().all_doc_ids()) if found is None else found

    def _enough(self, searcher: Any, parts: tuple[Clause, ...], at_least: int) -> set[int]:
        if at_least <= 0:
            return set(searcher.reader().all_doc_ids())
        seen: dict[int, int] = {}
        for part in parts:
            for number in self._matched(searcher, part):
                seen[number] = seen.get(number, 0) + 1
        return {number for number, count in seen.items() if count >= at_least}

    def _points(self, searcher: Any, matched: set[int], scores: tuple[Score, ...]) -> dict[int, float]:
        points = dict.fromkeys(matched, 0.0)
        for score in scores:
            if isinstance(score, Bonus):
                for number in self._matched(searcher, score.clause) & matched:
                    points[number] += score.points
            elif score.words:
                for value, number in _ranked(searcher, score, matched):
                    points[number] += value * score.boost
        return points


class WhooshWriter(Writer):
    """Two Whoosh writers; articles are committed first, documents with the outbox id last (see TantivyWriter)."""

    def __init__(self, folder: Path, heap_bytes: int) -> None:
        self._indexes = {unit: windex.open_dir(str(folder / unit)) for unit in Unit}
        self._megabytes = max(16, heap_bytes // 2_000_000)
        self._writers: dict[Unit, Any] = {}

    def add(self, units: DocumentUnits) -> None:
        for entry in iter_entries(units):
            self._put(entry)

    def remove(self, document: str) -> None:
        for unit in Unit:
            self._writer(unit).delete_by_term("document", document)

    def last_change(self) -> int:
        with self._indexes[Unit.DOCUMENT].searcher() as searcher:
            return _last_change(searcher)

    def commit(self, last_change: int) -> None:
        self._writer(Unit.ARTICLE).commit()
        writer = self._writer(Unit.DOCUMENT)
        writer.delete_by_term("document", STATE)
        self._put(state_entry(last_change))
        writer.commit()
        self._writers.clear()

    def close(self) -> None:
        for writer in self._writers.values():
            writer.cancel()
        self._writers.clear()
        for index in self._indexes.values():
            index.close()

    def _writer(self, unit: Unit) -> Any:
        if unit not in self._writers:
            self._writers[unit] = self._indexes[unit].writer(limitmb=self._megabytes)
        return self._writers[unit]

    def _put(self, entry: Entry) -> None:
        values = entry.all
        counted = {column.name: values.keywords.get(column.name, ()) for column in columns() if column.counted}
        self._writer(entry.unit).add_document(
            **{name: "\n".join(texts) for name, texts in values.texts.items()},
            **{name: _BETWEEN.join(each) for name, each in values.keywords.items()},
            **values.numbers,
            facets=json.dumps(counted, ensure_ascii=False).encode(),
            facts=entry.facts,
        )


def _leaf(clause: Clause) -> Any:
    """The Whoosh query of a clause without parts."""
    match clause:
        case Term(field, value):
            return wq.Term(field, value)
        case Prefix(field, start):
            return wq.Prefix(field, start)
        case Sequence(field, tokens, False):
            return wq.Phrase(field, list(tokens))
        case Sequence(field, tokens, True):
            return wq.Sequence([*(wq.Term(field, each) for each in tokens[:-1]), wq.Prefix(field, tokens[-1])])
        case Close():
            one, other = (_run(clause.field, tokens) for tokens in (clause.one, clause.other))
            return wq.Or(
                [
                    _followed(one, clause.one_places - len(clause.one) + 1, other, clause.apart),
                    _followed(other, clause.other_places - len(clause.other) + 1, one, clause.apart),
                ]
            )
        case Glob(field, pattern):
            return wq.Wildcard(field, pattern.replace("[", "[[]"))
        case Between(field, low, high):
            return wq.NumericRange(field, low, high)
    raise TypeError(clause)


class _Followed(SpanNear):  # type: ignore[misc]
    """SpanNear, which does not say how much it may match; whoever joins queries asks that."""

    def estimate_size(self, ixreader: Any) -> int:
        return int(self.q.estimate_size(ixreader))

    def estimate_min_size(self, ixreader: Any) -> int:
        return 0


def _run(field: str, tokens: Several[str]) -> Any:
    return wq.Phrase(field, list(tokens)) if len(tokens) > 1 else wq.Term(field, tokens[0])


def _followed(first: Any, nearest: int, second: Any, apart: int) -> Any:
    """`second` after `first`; side by side they are `nearest` positions from each other."""
    return _Followed(first, second, slop=nearest + apart, ordered=True, mindist=nearest)


def _ranked(searcher: Any, score: Words, matched: set[int]) -> list[tuple[float, int]]:
    query = wq.Or([wq.Term(score.field, word) for word in score.words])
    top: list[tuple[float, int]] = searcher.search(query, limit=None, filter=matched).top_n
    return top


def _last_change(searcher: Any) -> int:
    stored = searcher.document(document=STATE)
    return int(json.loads(stored["facts"])["last_change"]) if stored else 0


def _facts(searcher: Any, number: int) -> dict[str, Any]:
    facts: dict[str, Any] = json.loads(searcher.stored_fields(number)["facts"])
    return facts


def _schema() -> Any:
    read = {TITLE_NUMBER, DOCUMENT_NUMBER, *(sort.order for sort in Sort)}
    fields: dict[str, Any] = {"facts": wf.STORED(), "facets": wf.COLUMN(VarBytesColumn())}
    for column in columns():
        match column.kind:
            case Kind.PIECES:
                fields[column.name] = wf.TEXT(analyzer=GramTokenizer(), phrase=True)
            case Kind.WORDS:
                fields[column.name] = wf.TEXT(analyzer=WordTokenizer(), phrase=False)
            case Kind.KEYWORD:
                fields[column.name] = wf.KEYWORD(analyzer=RegexTokenizer(f"[^{_BETWEEN}]+"))
            case Kind.NUMBER:
                fields[column.name] = wf.NUMERIC(int, bits=64, sortable=column.name in read)
    return wf.Schema(**fields)
