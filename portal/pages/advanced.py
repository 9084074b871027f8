"""The advanced form: what it holds written in the query language, and a query of the language read back into it."""

from __future__ import annotations

import re
from collections.abc import Mapping

from werkzeug.datastructures import MultiDict

from indexer import query as q
from indexer.phrasing import write_query
from indexer.schema import schema
from portal.pages.search import LONGEST_QUERY, NUMBERS, SearchForm

#: Fields of the form that go into the query under their own name.
_WRITTEN = ("title", "text", "issuer", "theme", "kind", "keywords")
_PASSED_ON = (*NUMBERS, "from", "to", "as_of", "status", "sort", "unit")
_QUOTES = re.compile(r"[\"“”＂()（）]+")


def compose(args: MultiDict[str, str]) -> dict[str, object]:
    """The form as the arguments of a search: 食品 AND 监管 "校园安全" (甲 OR 乙) 标题:"办法" NOT 通知, and whatever
    else it was given in the language itself."""
    said = {name: _QUOTES.sub(" ", args.get(name, "")).split() for name in ("all", "any", "none")}
    parts = [" AND ".join(said["all"])] if said["all"] else []
    if exact := _quoted(args.get("exact", "")):
        parts.append(exact)
    if said["any"]:
        parts.append(f"({' OR '.join(said['any'])})" if len(said["any"]) > 1 else said["any"][0])
    parts += [f"{schema().get_field(name).zh}:{value}" for name in _WRITTEN if (value := _quoted(args.get(name, "")))]
    parts += [f"NOT {word}" for word in said["none"]]
    if rest := " ".join(args.get("rest", "").split()):
        parts.append(rest)
    passed = {name: args.getlist(name) for name in _PASSED_ON}
    return {"q": " ".join(parts)[:LONGEST_QUERY] or None} | {
        name: [value for value in values if value.strip()] or None for name, values in passed.items()
    }


def read_back(form: SearchForm) -> Mapping[str, str]:
    """A search as the fields of the form. What no field says stays in the language, in `rest`."""
    tree = q.read_query(form.q).tree
    fields: dict[str, list[str]] = {}
    for part in tree.parts if isinstance(tree, q.And) else (tree,):
        name, text = _place(part)
        if name in ("exact", *_WRITTEN) and name in fields:
            name, text = "rest", write_query(part)
        fields.setdefault(name, []).append(text)
    return {name: " ".join(filter(None, texts)) for name, texts in fields.items()} | dict(form.numbers)


def _place(part: q.Tree) -> tuple[str, str]:
    """The field of the form a part of the query belongs in, and what it says there."""
    match part:
        case q.Words(text, None):
            return "all", text
        case q.Phrase(text, None, None):
            return "exact", text
        case q.Phrase(text, name, None) | q.Words(text, name) if name in _WRITTEN:
            return str(name), text
        case q.Or(parts) if all(isinstance(each, q.Words) and each.field is None for each in parts):
            return "any", " ".join(each.text for each in parts if isinstance(each, q.Words))
        case q.Not(q.Words(text, None)):
            return "none", text
        case _:
            return "rest", write_query(part)


def _quoted(text: str) -> str:
    words_in = " ".join(_QUOTES.sub(" ", text).split())
    return f'"{words_in}"' if words_in else ""
