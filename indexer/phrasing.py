"""A query's tree written in the query language again: what was understood, and what the advanced form shows.

Reading what is written here gives the tree it was written from. Notes on how a query was read are said in English.
"""

from __future__ import annotations

from gazette.phrases import phrase_book
from indexer import query as q
from indexer.schema import schema


def write_query(tree: q.Tree) -> str:
    """The tree in the language, fields by their official names; empty for everything."""
    return "" if isinstance(tree, q.All) else _write(tree)


def in_english(note: str) -> str:
    """A note on how a query was read, which the index says in Chinese, in English."""
    return phrase_book("indexer", "phrases.toml").say(note, field=_english_field)


def _english_field(name: str) -> str:
    field = schema().find_field(name)
    return field.en if field else name


def _write(tree: q.Tree) -> str:
    match tree:
        case q.All():
            return "*"
        case q.Words(text, field):
            return f"{_field(field)}{text}"
        case q.Phrase(text, field, apart):
            return f'{_field(field)}"{text}"{"" if apart is None else f"~{apart}"}'
        case q.Wildcard(pattern, field):
            return f"{_field(field)}{pattern}"
        case q.Range(field, low, high):
            return f"{_field(field)}[{' '.join(filter(None, (low, 'TO', high)))}]"
        case q.And(parts) if tree.joins_words:
            return " AND ".join(_grouped(part, q.Or, q.Words) for part in parts)
        case q.And(parts):
            return " ".join(_grouped(part, q.Or) for part in parts)
        case q.Or(parts):
            return " OR ".join(_grouped(part, q.And, q.Or) for part in parts)
        case q.Not(part):
            return f"NOT {_grouped(part, q.And, q.Or, q.Words)}"


def _grouped(tree: q.Tree, *kinds: type[q.Tree]) -> str:
    """Brackets where the part would be taken apart by what stands around it."""
    several = isinstance(tree, kinds) and not (isinstance(tree, q.Words) and len(tree.text.split()) == 1)
    return f"({_write(tree)})" if several else _write(tree)


def _field(name: str | None) -> str:
    return f"{schema().get_field(name).zh}:" if name else ""
