"""What is indexed of a document."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from itertools import pairwise

from gazette.draft import BodyType, Node
from indexer.records import FIRST_DAY, LAST_DAY, Passage, index_units, passages
from tests.builders import a_document, a_version, an_id, day


def _node(kind: BodyType, num: str, text: str | None, *children: Node, eid: str = "") -> Node:
    return Node(type=kind, num=num, text=text, children=children, eid=eid)


def test_passages_are_articles_and_hold_all_text() -> None:
    article = _node(BodyType.ARTICLE, "第一条", "总的规定。", eid="art_1")
    chapter = replace(_node(BodyType.CHAPTER, "第一章", None, article, eid="chp_1"), heading="总则")
    note = _node(BodyType.PARAGRAPH, "", "附则。", eid="para_1")
    assert list(passages((chapter, note))) == [
        Passage(eid="chp_1", text="第一章　总则", is_heading=True),
        Passage(eid="art_1", text="第一条　总的规定。", context=("总则",)),
        Passage(eid="para_1", text="附则。"),
    ]


def test_a_text_without_articles_is_cut_at_its_first_level() -> None:
    item = _node(BodyType.PARAGRAPH, "（一）", "细目。", eid="para_1__item_1")
    body = (_node(BodyType.PARAGRAPH, "一、", "要求。", item, eid="para_1"),)
    assert list(passages(body)) == [Passage(eid="para_1", text="一、　要求。\n（一）　细目。")]


def test_versions_stand_one_after_the_other() -> None:
    old = a_version(published="2010-01-01", effective="2010-03-01")
    new = a_version(published="2019-12-01", effective="2020-01-01")
    units = index_units(a_document(versions=[old, new])).units
    change = new.effective_date.toordinal() if new.effective_date else 0
    born = old.published_date.toordinal() if old.published_date else 0
    assert [(unit.version, unit.stretches[0].start, unit.stretches[-1].end) for unit in units] == [
        (old.id, born, change),
        (new.id, change, LAST_DAY),
    ]


def test_an_amended_text_that_still_states_the_first_commencement_does_not_stand_since_then() -> None:
    old = a_version(published="2008-01-31", effective="2008-05-12")
    new = a_version(published="2020-03-27", effective="2008-05-12")
    first, second = index_units(a_document(versions=[old, new])).units
    assert (first.version, second.version) == (old.id, new.id)
    published = new.published_date
    assert published
    assert second.stretches[0].start >= published.toordinal()


def test_a_document_without_dates_has_always_stood() -> None:
    (unit,) = index_units(a_document(status="unknown")).units
    assert (unit.stretches[0].start, unit.stretches[-1].end) == (FIRST_DAY, LAST_DAY)


def test_a_version_with_many_statuses_becomes_several_records_that_never_overlap() -> None:
    years = range(2010, 2020)
    intervals = [("in_force" if y % 2 else "suspended", f"{y}-01-01", f"{y + 1}-01-01") for y in years]
    units = index_units(a_document(published="2010-01-01", effective="2010-01-01", intervals=intervals)).units
    stretches = [stretch for unit in units for stretch in unit.stretches]
    assert len(units) == 3
    assert all(here.end == there.start for here, there in pairwise(stretches))


def test_the_fingerprint_changes_with_the_text_and_only_then() -> None:
    one, same, other = (a_document(id=an_id(7), articles=[text]) for text in ("甲。", "甲。", "乙。"))
    assert index_units(one).fingerprint == index_units(same).fingerprint != index_units(other).fingerprint


def test_orders_are_by_day_then_id_then_place_with_the_undated_last_either_way() -> None:
    def order(name: str, number: int, published: str | None, place: int | None = None) -> int:
        return index_units(a_document(id=an_id(number), published=published)).units[0].orders(place)[name]

    newest, oldest = partial(order, "published_newest"), partial(order, "published_oldest")
    assert newest(9, "2020-01-01") > newest(1, "2019-01-01") > newest(2, "2019-01-01") > newest(1, None)
    assert oldest(9, "2019-01-01") > oldest(1, "2020-01-01") > oldest(2, "2020-01-01") > oldest(1, None)
    assert newest(1, "2020-01-01", 0) > newest(1, "2020-01-01", 1) > newest(90_000, "2020-01-01", 0)
    assert newest(1, "9999-12-31") < 2**63 > oldest(1, "0001-01-01")


def test_a_region_is_read_off_the_issuer() -> None:
    regions = {"上海市人民代表大会": ("上海",), "国务院办公厅": ("全国",), "海南藏族自治州人民政府": ()}
    for issuer, region in regions.items():
        assert index_units(a_document(issuers=[issuer])).units[0].keywords["region"] == region


def test_days_are_kept_as_ordinals() -> None:
    published = day("2018-04-08")
    assert published
    assert index_units(a_document(published=published)).units[0].days == {"published": published.toordinal()}
