"""The search page: what was asked, how it was read, exact counts, and every choice an address of its own."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict

from gazette.dates import parse_date
from gazette.validity.status import Status
from indexer.analysis import content_words, is_question
from indexer.phrasing import in_english
from indexer.questions import is_asked, names_outright
from indexer.schema import schema
from indexer.search import Hit, SearchRequest, SearchResults
from indexer.signs import MAX_CHARACTERS
from portal.language import language
from portal.pages.facets import FACETS, Facet, field_label, make_facets, value_label
from portal.pages.paging import Pager

if TYPE_CHECKING:
    from portal.pages.answer import Answer

#: Filters whose values are chosen: those counted beside the results, and the agency named outright.
CHOSEN = (*FACETS, "issuer")
#: Files all results are downloaded as.
EXPORTS = {"csv": "CSV", "jsonl": "JSON Lines"}
#: Fields one fills in by hand.
NUMBERS = ("doc_number", "index_number")
SORTS = {
    "relevance": _l("相关度"),
    "date": _l("发布日期"),
    "date-asc": _l("发布日期从早到晚"),
    "effective": _l("施行日期"),
    "effective-asc": _l("施行日期从早到晚"),
}
#: Whole documents, or single articles.
UNITS = {"document": _l("整篇"), "article": _l("条文")}
#: Everything an address of the search page may say, and what other sites hang onto it (the latter is ignored).
_ARGUMENTS = frozenset({*CHOSEN, *NUMBERS, "q", "from", "to", "as_of", "sort", "unit", "page", "after", "lang"})
#: Those that have one value; the language is no part of the search.
_SINGLE = ("q", *NUMBERS, "from", "to", "as_of", "sort", "unit", "page", "after")
_HUNG_ON = re.compile(r"utm_\w+|spm|fbclid|gclid|isappinstalled|nsukey")
#: What WeChat hangs onto a shared address as `from`, our name for the first day.
_SHARED_FROM = frozenset({"timeline", "singlemessage", "groupmessage", "message", "favorites", "mp"})

#: What the form takes, and what an address may hold: the index reads no more, and says where it cut.
LONGEST_QUERY = 500
_LONGEST_ADDRESS = MAX_CHARACTERS + 1


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchForm:
    """What the form holds, as typed. `chosen` are facet values, `numbers` the 文号 and 索引号 typed in.

    `as_of` is the day whose texts are searched; `strange` are arguments that name no filter, `twice` those that have
    one value and were given several, `refused` choices (argument, value) that are not offered.
    """

    q: str
    chosen: Mapping[str, tuple[str, ...]]
    numbers: Mapping[str, str]
    first: str
    last: str
    as_of: str
    sort: str
    unit: str = "document"
    strange: tuple[str, ...] = ()
    twice: tuple[str, ...] = ()
    refused: tuple[tuple[str, str], ...] = ()

    @classmethod
    def from_args(cls, args: MultiDict[str, str]) -> SearchForm:
        query = args.get("q", "").strip()[:_LONGEST_ADDRESS]
        sort, unit = args.get("sort") or "relevance", args.get("unit") or usual_unit(query)
        days = [day for day in args.getlist("from") if day not in _SHARED_FROM]
        chosen = {name: tuple(dict.fromkeys(v for v in args.getlist(name) if v))[:50] for name in CHOSEN}
        return cls(
            q=query,
            chosen={name: values for name, values in chosen.items() if values},
            numbers={name: args[name].strip()[:200] for name in NUMBERS if args.get(name, "").strip()},
            first=next(iter(days), "").strip()[:40],
            last=args.get("to", "").strip()[:40],
            as_of=args.get("as_of", "").strip()[:40],
            sort=sort if sort in SORTS else "relevance",
            unit=unit if unit in UNITS else usual_unit(query),
            twice=tuple(name for name in _SINGLE if len({*(days if name == "from" else args.getlist(name))}) > 1),
            refused=tuple(
                (name, value)
                for name, value, known in (("sort", sort, SORTS), ("unit", unit, UNITS))
                if value not in known
            ),
            strange=tuple(name for name in args if name not in _ARGUMENTS and not _HUNG_ON.fullmatch(name)),
        )

    @property
    def filtered(self) -> bool:
        return bool(self.chosen or self.numbers or self.first or self.last or self.as_of)

    @property
    def chosen_unit(self) -> str | None:
        """The unit, where it is another than such a query is usually searched by."""
        return None if self.unit == usual_unit(self.q) else self.unit

    @property
    def day(self) -> dt.date | None:
        """The day whose texts are searched; None is today."""
        return parse_date(self.as_of) if self.as_of else None

    def errors(self) -> tuple[tuple[str, str], ...]:
        """(field, message) for each field that must be corrected."""
        found = [("q", _("没有名为“%(name)s”的筛选条件", name=name[:40])) for name in self.strange]
        found += [("q", _("“%(name)s”只能有一个值", name=name)) for name in self.twice]
        found += [
            ("q", _("%(field)s没有“%(value)s”这一取值", field=name, value=value[:40])) for name, value in self.refused
        ]
        closed = [each for each in schema().fields if each.closed]
        found += [
            ("q", _("%(field)s没有“%(value)s”这一取值", field=field_label(each.name), value=value[:40]))
            for each in closed
            for value in self.chosen.get(each.name, ())
            if each.value(value) not in each.values
        ]
        days: dict[str, dt.date | None] = {}
        for name, text in (("from", self.first), ("to", self.last), ("as_of", self.as_of)):
            days[name] = parse_date(text) if text else None
            if text and days[name] is None:
                found.append((name, _("日期无法识别，请写成2024年5月1日")))
        if days["from"] and days["to"] and days["from"] > days["to"]:
            found.append(("from", _("起始日期晚于截止日期")))
        return tuple(found)

    def request(self, *, limit: int, offset: int) -> SearchRequest:
        """The question for the index. Only a form without errors may be asked."""
        filters: dict[str, tuple[str, ...]] = {**self.chosen, **{name: (v,) for name, v in self.numbers.items()}}
        if self.first or self.last:
            first, last = (parse_date(text) if text else None for text in (self.first, self.last))
            filters["published"] = (f"{first or ''}..{last or ''}",)
        return SearchRequest(
            query=self.q,
            filters=filters,
            sort=self.sort,
            as_of=self.day,
            unit=self.unit,
            limit=limit,
            offset=offset,
            facets=FACETS,
        )

    def args(self, **changed: object) -> dict[str, object]:
        """The form as the arguments of an address, with `changed` in place; None leaves one out."""
        query = changed.get("q", self.q)
        args: dict[str, object] = {
            "q": self.q or None,
            **{name: list(values) for name, values in self.chosen.items()},
            **self.numbers,
            "from": self.first or None,
            "to": self.last or None,
            "as_of": self.as_of or None,
            "sort": None if self.sort == "relevance" else self.sort,
            "unit": self.unit,
        }
        said = {name: value for name, value in {**args, **changed}.items() if value}
        if said.get("unit") == usual_unit(str(query or "")):
            del said["unit"]
        return said


def ask(find: Callable[[SearchRequest], SearchResults], wanted: SearchRequest) -> tuple[SearchRequest, SearchResults]:
    """What `find` finds; a question that no document answers is asked of the articles, which are also found by what
    the law calls everyday words. The request that was answered comes with it."""
    found = find(wanted)
    if found.total or wanted.unit == "article" or not is_asked(wanted.query):
        return wanted, found
    of_articles = replace(wanted, unit="article")
    answered = find(of_articles)
    return (of_articles, answered) if answered.total else (wanted, found)


def usual_unit(query: str) -> str:
    """What a query is searched by unless one says otherwise: a question is answered by articles, what else is typed
    names documents."""
    asks = is_question(query) and content_words(query) and not names_outright(query)
    return "article" if asks else "document"


@dataclass(frozen=True, slots=True, kw_only=True)
class Chip:
    """One applied filter, and the address without it."""

    label: str
    url: str
    field: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HitLine:
    hit: Hit
    status: Status
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchPage:
    """Everything the template shows. `unverified` counts the 待核 that 「只看现行有效」 leaves out."""

    form: SearchForm
    total: int
    hits: tuple[HitLine, ...]
    facets: tuple[Facet, ...]
    chips: tuple[Chip, ...]
    notes: tuple[str, ...]
    pager: Pager
    sorts: tuple[tuple[str, str, bool], ...]
    units: tuple[tuple[str, str, bool], ...]
    exports: tuple[tuple[str, str], ...]
    answer: Answer | None
    unverified: int
    in_force_url: str | None


def build(form: SearchForm, results: SearchResults, pager: Pager, answer: Answer | None = None) -> SearchPage:
    chosen = form.chosen.get("status", ())
    only_in_force = chosen == (Status.IN_FORCE.value,)
    counts = {each.value: each.count for each in results.facets.get("status", ())}
    return SearchPage(
        form=form,
        total=results.total,
        hits=tuple(hit_line(hit, form.day) for hit in results.hits),
        facets=tuple(make_facets(form.chosen, results.facets)),
        chips=tuple(chips(form)),
        notes=tuple(map(_note, results.notes)),
        pager=pager,
        sorts=tuple(
            (str(label), url_for("search.show", **form.args(sort=sort)), form.sort == sort)
            for sort, label in SORTS.items()
        ),
        units=tuple(
            (str(label), url_for("search.show", **form.args(unit=unit)), form.unit == unit)
            for unit, label in UNITS.items()
        ),
        exports=tuple((label, url_for(f"exports.{name}", **form.args())) for name, label in EXPORTS.items()),
        answer=answer,
        unverified=counts.get(Status.UNKNOWN.value, 0) if only_in_force else 0,
        in_force_url=None if chosen else url_for("search.show", **form.args(status=[Status.IN_FORCE.value])),
    )


def chips(form: SearchForm) -> Iterator[Chip]:
    """已选条件, each removable."""
    for name, values in form.chosen.items():
        for value in values:
            rest = [other for other in values if other != value]
            yield Chip(
                label=value_label(name, value), url=url_for("search.show", **form.args(**{name: rest})), field=name
            )
    for name, value in form.numbers.items():
        label = f"{field_label(name)}{_('：')}{value}"
        yield Chip(label=label, url=url_for("search.show", **form.args(**{name: None})), field=name)
    days = (("from", form.first, _("起始日期")), ("to", form.last, _("截止日期")), ("as_of", form.as_of, _("截至")))
    for name, text, label in days:
        if text:
            yield Chip(
                label=f"{label}{_('：')}{text}", url=url_for("search.show", **form.args(**{name: None})), field=name
            )


def _note(note: str) -> str:
    """How the query was read, which the index says in Chinese."""
    return in_english(note) if language() == "en" else note


def hit_line(hit: Hit, day: dt.date | None) -> HitLine:
    page = {"endpoint": "documents.show_as_of", "day": day.isoformat()} if day else {"endpoint": "documents.show"}
    url = url_for(**page, document_id=hit.document, at=hit.eid, _anchor=hit.eid)
    return HitLine(hit=hit, status=Status(hit.status), url=url)
