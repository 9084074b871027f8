"""What `/api/v1` takes and gives, as its OpenAPI description says it."""

from __future__ import annotations

import datetime as dt

from apiflask import Schema
from apiflask.fields import AwareDateTime, Boolean, Date, Dict, Float, Integer, List, Nested, String
from apiflask.validators import Length, OneOf, Range

#: Results in one answer.
MOST = 100
#: Any offset up to this is answered; past the end it is an empty list with the exact total.
FARTHEST = 10**12


def _values(what: str) -> List:
    return List(String(validate=Length(max=200)), load_default=list, metadata={"description": what})


class Error(Schema):
    code = String(required=True)
    message = String(required=True)
    message_en = String(required=True)
    locator = Dict(allow_none=True)
    detail = Dict()


class SearchQuery(Schema):
    q = String(load_default="", validate=Length(max=1000), metadata={"description": "Words, a number or a title"})
    sort = String(
        load_default="relevance", validate=OneOf(["relevance", "date", "date-asc", "effective", "effective-asc"])
    )
    unit = String(
        load_default=None,
        validate=OneOf(["document", "article"]),
        metadata={"description": "As the search page does without it: a question is answered by articles"},
    )
    as_of = Date(load_default=None, metadata={"description": "Search the texts that stood on this day"})
    first = Date(load_default=None, data_key="from", metadata={"description": "Published on or after"})
    last = Date(load_default=None, data_key="to", metadata={"description": "Published on or before"})
    status = _values("时效性; repeat for any of several")
    issuer = _values("发文机关")
    agency_path = _values("发文机关, by place: 全国, 湖北省/武汉市; takes in what is below")
    theme = _values("主题分类, one level or two: 市场监管/食品药品监管")
    kind = _values("公文种类")
    year = _values("年份")
    region = _values("地区")
    source = _values("来源")
    language = _values("语种")
    has_interpretation = _values("有解读: yes, no")
    has_attachment = _values("有附件: yes, no")
    doc_number = _values("发文字号")
    index_number = _values("索引号")
    limit = Integer(load_default=20, validate=Range(0, MOST))
    offset = Integer(load_default=0, validate=Range(0, FARTHEST))
    after = String(
        load_default=None, validate=Length(max=400), metadata={"description": "`next` of the page before; no ceiling"}
    )


class Hit(Schema):
    document = String(required=True)
    version = String(required=True)
    eid = String(allow_none=True)
    title = String(required=True)
    doc_number = String(allow_none=True)
    issuers = List(String())
    kind = String(allow_none=True)
    status = String(required=True)
    published_date = String(allow_none=True)
    effective_date = String(allow_none=True)
    snippet = String()
    score = Float()
    url = String()
    origin = String(
        metadata={
            "description": "Who made the text: official, or consolidated by Gongbao until an official one is held"
        }
    )


class Found(Schema):
    total = Integer(required=True)
    unit = String(required=True, metadata={"description": "What was searched: document or article"})
    as_of = String(required=True)
    notes = List(String(), metadata={"description": "How the query was read, where otherwise than typed"})
    notes_en = List(String(), metadata={"description": "The same in English"})
    next = String(allow_none=True, metadata={"description": "`after` of the page that follows; null at the end"})
    facets = Dict(keys=String(), values=Dict(keys=String(), values=Integer()))
    results = List(Nested(Hit), required=True)


class ListQuery(Schema):
    after = String(load_default="", validate=Length(max=12), metadata={"description": "Id of the last one you hold"})
    limit = Integer(load_default=20, validate=Range(1, MOST))
    issuer = String(load_default=None, validate=Length(max=200))


class Documents(Schema):
    total = Integer(required=True, metadata={"description": "All published documents, whatever the filter"})
    next = String(allow_none=True, metadata={"description": "Address of what follows; null at the end"})
    results = List(Dict(), required=True)


class CompareQuery(Schema):
    old = String(
        load_default=None, data_key="from", validate=Length(max=12), metadata={"description": "Id of a version"}
    )
    new = String(load_default=None, data_key="to", validate=Length(max=12), metadata={"description": "Id of a version"})
    other = String(
        load_default=None,
        data_key="with",
        validate=Length(max=12),
        metadata={"description": "Id of another document to compare it with"},
    )
    only_changed = Boolean(load_default=False, metadata={"description": "Leave out what did not change"})


class StandingQuery(Schema):
    as_of = Date(load_default=None, metadata={"description": "The day asked about; today without it"})
    known_at = AwareDateTime(
        load_default=None, default_timezone=dt.UTC, metadata={"description": "As the record knew it at that time"}
    )


class StandingAnswer(Schema):
    document = String(required=True)
    title = String(required=True)
    status = String(required=True)
    as_of = String(required=True)
    known_at = String(required=True)
    basis = String(allow_none=True)
    note = String(allow_none=True)
    events = List(Dict(), required=True)
    findings = List(Dict(), required=True, metadata={"description": "What is stated of it and does not count, and why"})


class CiteQuery(Schema):
    q = String(required=True, validate=Length(min=1, max=5000))
    as_of = Date(load_default=None, metadata={"description": "The day of the citing text; today without it"})


class ClauseQuery(Schema):
    text = String(required=True, validate=Length(min=1, max=20_000), metadata={"description": "At most 20 kB"})


class TracedClause(Schema):
    results = List(Dict(), required=True)
    parts = List(
        Dict(), metadata={"description": "Each clause of a paste of several places, as text and results; else empty"}
    )
    parts_left_out = Integer(metadata={"description": "Clauses at the end that were not looked up"})


class OffsetQuery(Schema):
    limit = Integer(load_default=20, validate=Range(1, MOST))
    offset = Integer(load_default=0, validate=Range(0, FARTHEST))


class Wanted(Schema):
    total = Integer(required=True, metadata={"description": "Texts cited and not held"})
    results = List(Dict(), required=True)


class Results(Schema):
    results = List(Dict(), required=True)
