"""The conformance suite: what every engine must find, count and order, in fixed cases."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

import pytest

from gazette.errors import BadInput
from gazette.record.reading import Related
from indexer import Hit, Index, SearchRequest, SearchResults
from indexer.cursors import Cursor, CursorInvalid
from indexer.days import DateInvalid, RangeReversed
from indexer.engines import ENGINES
from indexer.schema import FieldUnknown, ValueUnknown
from indexer.sync import rebuild_from
from tests.builders import TODAY, a_document, a_version, an_id
from tests.indexer.conftest import Indexed, drop, open_index

FOOD_LAW = a_document(
    id=an_id(901),
    title="中华人民共和国食品安全法",
    articles=["为了保证食品安全，保障公众身体健康，制定本法。", "食品生产经营者应当依照法律从事生产经营活动。"],
    issuers=["全国人民代表大会常务委员会"],
    kind="法律",
    theme="市场监管、安全生产监管/食品药品监管",
    published="2015-04-24",
    effective="2015-10-01",
    status="in_force",
    sources=["国家法律法规数据库"],
)
CITY_2018 = a_document(
    id=an_id(902),
    title="江城市食品小作坊管理办法",
    articles=["食品小作坊应当登记。", "税费按规定缴纳。"],
    doc_number="江政发〔2018〕23号",
    index_number="000014349/2018-00079",
    issuers=["江城市人民政府"],
    kind="规章",
    published="2018-04-24",
    status="repealed",
    keywords=["食品", "小作坊"],
    sources=["江城市人民政府"],
)
CITY_2020 = a_document(
    id=an_id(903),
    title="江城市食品小作坊管理办法",
    articles=["食品小作坊应当备案，食品小作坊应当公示。", "本办法自公布之日起施行。"],
    doc_number="江政发〔2020〕5号",
    issuers=["江城市人民政府", "江城市市场监督管理局"],
    kind="规章",
    published="2020-04-24",
    status="in_force",
)
NOTICE = a_document(
    id=an_id(904),
    title="关于做好政府信息公开工作的通知",
    articles=["各单位应当于20个工作日内答复ICP备案申请。"],
    doc_number="江政办发〔2020〕23号",
    issuers=["江城市人民政府办公室"],
    status="unknown",
)
ALL = (FOOD_LAW, CITY_2018, CITY_2020, NOTICE)


@pytest.fixture(scope="module", params=ENGINES)
def library(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    """An index of the four documents, made once for each engine."""
    index = open_index(tmp_path_factory.mktemp("library"), request.param)
    rebuild_from(index, ALL)
    yield index
    drop(index)


def search(index: Index, query: str = "", **asked: object) -> SearchResults:
    return index.search(SearchRequest(query=query, **asked), TODAY)  # type: ignore[arg-type]


def ids(results: SearchResults) -> set[str]:
    return {hit.document for hit in results.hits}


def first(index: Index, query: str, **asked: object) -> Hit:
    return search(index, query, **asked).hits[0]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ALL),
        ("*", ALL),
        ("食品", (FOOD_LAW, CITY_2018, CITY_2020)),
        ("品小作", (CITY_2018, CITY_2020)),
        ("税", (CITY_2018,)),
        ("食品 登记", (CITY_2018,)),
        ('"食品 登记"', ()),
        ("登记 OR 公示", (CITY_2018, CITY_2020)),
        ("食品 NOT 江城", (FOOD_LAW,)),
        ("食品 -江城", (FOOD_LAW,)),
        ("标题:食品", (FOOD_LAW, CITY_2018, CITY_2020)),
        ("title:安全", (FOOD_LAW,)),
        ("标题：(安全 OR 公开)", (FOOD_LAW, NOTICE)),
        ("文号:江政发", (CITY_2018, CITY_2020)),
        ("文号:23", (CITY_2018, NOTICE)),
        ("江政发[2018]23号", (CITY_2018,)),
        ("江政发（２０１８）２３号", (CITY_2018,)),
        ("索引号:000014349/2018-00079", (CITY_2018,)),
        ("发文机关:市场监督", (CITY_2020,)),
        ("有效性:现行有效", (FOOD_LAW, CITY_2020)),
        ("status:unknown", (NOTICE,)),
        ("主题词:小作坊", (CITY_2018,)),
        ("日期:[2018 TO 2020-03]", (CITY_2018,)),
        ("日期:[2018 TO]", (CITY_2018, CITY_2020)),
        ("日期:2015", (FOOD_LAW,)),
        ("年份:[2016 TO 2019]", (CITY_2018,)),
        ("icp", (NOTICE,)),
        ("ic*", (NOTICE,)),
        ("i?p", (NOTICE,)),
        ("公示*", (CITY_2020,)),
        ("公文种类:规*", (CITY_2018, CITY_2020)),
        ("食品安全法", (FOOD_LAW,)),
        ("没有这样的文字", ()),
        ("20个工作日", (NOTICE,)),
        ("NOT 食品", (NOTICE,)),
    ],
)
def test_a_query_finds_exactly_its_documents(library: Index, query: str, found: Sequence[object]) -> None:
    results = search(library, query)
    assert ids(results) == {each.id for each in found}  # type: ignore[attr-defined]
    assert results.total == len(found)


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({"有效性": ["现行有效"]}, (FOOD_LAW, CITY_2020)),
        ({"status": ["repealed", "unknown"]}, (CITY_2018, NOTICE)),
        ({"issuer": ["江城市人民政府"]}, (CITY_2018, CITY_2020)),
        ({"issuer": ["江城市"]}, ()),
        ({"kind": ["规章"], "year": ["2020"]}, (CITY_2020,)),
        ({"region": ["全国"]}, (FOOD_LAW,)),
        ({"source": ["江城市人民政府"]}, (CITY_2018,)),
        ({"文号": ["江政发〔2020〕5号"]}, (CITY_2020,)),
        ({"published": ["2015..2018"]}, (FOOD_LAW, CITY_2018)),
        ({"发布日期": ["2018-04-24"]}, (CITY_2018,)),
        ({"effective": ["2015-10.."]}, (FOOD_LAW,)),
        ({"published": []}, ALL),
    ],
)
def test_a_filter_keeps_exactly_its_documents(
    library: Index, filters: Mapping[str, Sequence[str]], found: Sequence[object]
) -> None:
    assert ids(search(library, filters=filters)) == {each.id for each in found}  # type: ignore[attr-defined]


def test_facets_count_exactly_and_ignore_their_own_filter(library: Index) -> None:
    facets = search(library, "食品", filters={"status": ["in_force"]}).facets_json()
    assert facets["status"] == {"in_force": 2, "repealed": 1}
    assert facets["kind"] == {"法律": 1, "规章": 1}
    assert facets["issuer"] == {"全国人民代表大会常务委员会": 1, "江城市人民政府": 1, "江城市市场监督管理局": 1}
    assert facets["year"] == {"2015": 1, "2020": 1}


def test_by_date_the_newest_comes_first_and_the_undated_last(indexed: Indexed) -> None:
    same_day = [a_document(id=an_id(number), published="2019-01-01") for number in (950, 920, 940)]
    hits = search(indexed([*ALL, *same_day]), sort="date").hits
    expected = [CITY_2020.id, an_id(920), an_id(940), an_id(950), CITY_2018.id, FOOD_LAW.id, NOTICE.id]
    assert [hit.document for hit in hits] == expected


def test_pages_add_up_and_the_page_after_the_last_is_empty(indexed: Indexed) -> None:
    index = indexed([a_document(title=f"食品办法之{number}", published="2020-01-01") for number in range(25)])
    pages = [search(index, "食品", offset=offset, limit=10) for offset in (0, 10, 20, 30, 10**9)]
    assert [len(page.hits) for page in pages] == [10, 10, 5, 0, 0]
    assert {page.total for page in pages} == {25}
    assert len(set().union(*map(ids, pages))) == 25


@pytest.mark.parametrize(
    ("sort", "first_days"),
    [
        ("date", ["2020-01-04", "2020-01-03", "2020-01-02"]),
        ("date-asc", ["2020-01-01", "2020-01-02", "2020-01-03"]),
        ("effective", ["9999-12-31", "2021-01-01", "0001-01-01"]),
        ("effective-asc", ["0001-01-01", "2021-01-01", "9999-12-31"]),
    ],
)
def test_dates_put_in_order_either_way_with_the_undated_last(
    indexed: Indexed, sort: str, first_days: list[str]
) -> None:
    effective = ["9999-12-31", "0001-01-01", "2021-01-01", None]
    documents = [a_document(published=f"2020-01-0{n}", effective=day) for n, day in enumerate(effective, 1)]
    hits = search(indexed([*documents, a_document()]), sort=sort).hits
    days = [hit.effective_date if sort.startswith("effective") else hit.published_date for hit in hits]
    assert days[:3] == first_days
    assert days[-1] is None


@pytest.mark.parametrize("sort", ["relevance", "date", "date-asc", "effective"])
@pytest.mark.parametrize("unit", ["document", "article"])
def test_cursors_show_every_hit_once_in_the_order_of_one_long_page(indexed: Indexed, sort: str, unit: str) -> None:
    # Ids that begin alike and days that are the same tie in every order.
    index = indexed(
        [
            a_document(id=f"0000000{n:05d}", articles=["食品。", "食品安全。"] * (n % 3), published="2020-01-01")
            for n in range(23)
        ]
    )
    asked = {"query": "食品", "sort": sort, "unit": unit, "facets": ()}
    whole = search(index, limit=100, **asked)
    seen, after = [], None
    while True:
        page = search(index, limit=3, after=after, **asked)
        assert page.total == whole.total
        seen += page.hits
        after = page.next
        if after is None:
            break
    assert [hit.url for hit in seen] == [hit.url for hit in whole.hits]
    assert whole.total == len(seen) == len({hit.url for hit in seen})
    assert whole.next is None


@pytest.mark.parametrize("sort", ["relevance", "date"])
def test_a_cursor_goes_on_where_it_was_when_the_index_has_changed_before_it(indexed: Indexed, sort: str) -> None:
    old = [a_document(title=f"食品办法之{n}", articles=["食" * n], published=f"2020-01-{n:02d}") for n in range(1, 9)]
    index = indexed(old)
    asked = {"query": "食品", "sort": sort, "facets": ()}
    page = search(index, limit=4, **asked)
    rest = search(index, limit=100, after=page.next, **asked)
    rebuild_from(index, [*old, a_document(title="食品", published="2024-01-01")])
    assert search(index, limit=1, **asked).hits[0].title == "食品"
    assert ids(search(index, limit=100, after=page.next, **asked)) == ids(rest)


def test_an_export_is_every_hit_whatever_is_rebuilt_meanwhile(indexed: Indexed) -> None:
    index = indexed([a_document(title=f"食品办法之{number}", status="in_force") for number in range(30)])
    asked = SearchRequest(query="食品", limit=2, offset=7)
    exported = index.export(asked, TODAY)
    hits = [next(exported.hits)]
    rebuild_from(index, [])
    hits += exported.hits
    assert exported.total == len(hits) == len({hit.document for hit in hits}) == 30
    assert index.export(asked, TODAY).total == 0


def test_paths_are_counted_and_filtered_by_step(library: Index) -> None:
    facets = search(library).facets_json()
    assert facets["agency_path"]["江城市"] == 3
    assert facets["agency_path"]["江城市/江城市人民政府"] == 3
    assert facets["agency_path"]["江城市/江城市人民政府/江城市人民政府办公室"] == 1
    assert facets["theme"] == {"市场监管、安全生产监管": 1, "市场监管、安全生产监管/食品药品监管": 1}
    assert ids(search(library, filters={"theme": ["市场监管、安全生产监管"]})) == {FOOD_LAW.id}
    assert ids(search(library, filters={"机关层级": ["江城市/江城市人民政府/江城市人民政府办公室"]})) == {NOTICE.id}


def test_levels_of_a_subject_are_told_apart_however_they_are_written(indexed: Indexed) -> None:
    index = indexed([a_document(theme="工业、交通\\公路"), a_document(theme="工业、交通/铁路")])
    assert search(index).facets_json()["theme"] == {"工业、交通": 2, "工业、交通/公路": 1, "工业、交通/铁路": 1}
    assert search(index, filters={"theme": ["工业、交通\\公路"]}).total == 1


def test_attachments_and_interpretations_are_counted(indexed: Indexed) -> None:
    explained = a_document(
        title="江城市养犬管理规定",
        related=[
            Related(relation="interpreted_by", document=an_id(990), title="《江城市养犬管理规定》政策解读"),
            Related(relation="cited_by", document=an_id(991), title="江城市人民政府关于停车的通知"),
        ],
    )
    cited = a_document(
        title="江城市条例",
        related=[Related(relation="cited_by", document=an_id(990), title="《江城市养犬管理规定》政策解读")],
    )
    index = indexed([explained, cited, *ALL])
    assert search(index).facets_json()["has_interpretation"] == {"no": 5, "yes": 1}
    assert ids(search(index, filters={"有解读": ["有"]})) == {explained.id}
    assert search(index).facets_json()["has_attachment"] == {"no": 6}


def test_similar_documents_share_what_tells_a_document_apart(library: Index) -> None:
    assert library.similar(CITY_2018.id, 1, TODAY)[0].document == CITY_2020.id
    assert CITY_2018.id not in {hit.document for hit in library.similar(CITY_2018.id, 10, TODAY)}
    assert library.similar("nothing", 5, TODAY) == ()


@pytest.mark.parametrize(
    "query", ["食品安全法", "中华人民共和国食品安全法", "《食品安全法》", "《食品安全法》（2018年修正）"]
)
def test_an_exact_title_stands_first_in_every_form(indexed: Indexed, query: str) -> None:
    others = [a_document(title=f"食品安全法实施办法之{n}", articles=["食品安全法" * 9]) for n in range(5)]
    assert first(indexed([*others, FOOD_LAW]), query).document == FOOD_LAW.id


def test_of_one_title_the_text_in_force_stands_before_the_one_that_ended(indexed: Indexed) -> None:
    ended = a_document(title="江城市养犬条例", articles=["养犬登记。养犬登记。养犬登记。"], status="repealed")
    holds = a_document(title="江城市养犬条例", articles=["本市" + "依法管理" * 80 + "养犬登记。"], status="in_force")
    hits = search(indexed([ended, holds]), "养犬登记").hits
    assert [hit.document for hit in hits] == [holds.id, ended.id]


def test_an_ended_text_asked_for_by_its_number_stands_before_the_one_that_took_its_place(indexed: Indexed) -> None:
    ended = a_document(
        title="江城市养犬条例", articles=["养犬登记。"], doc_number="江政发〔2018〕1号", status="repealed"
    )
    holds = a_document(
        title="江城市养犬条例",
        articles=["江政发〔2018〕1号同时废止。"],
        doc_number="江政发〔2024〕1号",
        status="in_force",
    )
    results = search(indexed([ended, holds]), "江政发〔2018〕1号")
    assert [hit.document for hit in results.hits] == [ended.id, holds.id]
    assert results.notes == ()


def test_a_provision_named_outright_is_the_address_of_the_hit(library: Index) -> None:
    hit = first(library, "食品安全法第二条")
    assert (hit.document, hit.eid) == (FOOD_LAW.id, "art_2")
    assert hit.url == f"/documents/{FOOD_LAW.id}#art_2"


def test_a_hit_shows_the_passage_that_answers(library: Index) -> None:
    hit = first(library, "江城 税费")
    assert hit.eid == "art_2"
    assert ("税费", True) in hit.snippet_pairs
    assert "".join(text for text, _ in hit.snippet_pairs) == hit.snippet


def test_articles_are_found_one_by_one(library: Index) -> None:
    results = search(library, "正文:小作坊", unit="article")
    assert {(hit.document, hit.eid) for hit in results.hits} == {(CITY_2018.id, "art_1"), (CITY_2020.id, "art_1")}
    assert results.facets_json()["status"] == {"in_force": 1, "repealed": 1}


def test_a_long_question_needs_most_of_its_words_and_not_all(library: Index) -> None:
    assert first(library, "食品小作坊应当备案公示经营吗").document == CITY_2020.id
    assert not search(library, "天文台望远镜小提琴怎么办").total
    freely = search(library, "房东不退押金小作坊怎么办", unit="article")
    assert freely.total
    assert any("已作为问题检索" in note for note in freely.notes)


@pytest.mark.parametrize(
    ("query", "found", "note"),
    [
        ("我想问食品小作坊要不要登记", (FOOD_LAW, CITY_2018, CITY_2020), "作为问题"),
        ("食品小作坊登记老板员工怎么办", (FOOD_LAW, CITY_2018, CITY_2020), "作为问题"),
        ("备案答复期限", (NOTICE,), "作为问题"),
        ("小作坊主 登记证", (CITY_2018,), "作为问题"),
        ("火箭 小作坊", (), None),
    ],
)
def test_a_question_that_finds_nothing_asks_less_of_its_words(
    library: Index, query: str, found: Sequence[object], note: str | None
) -> None:
    results = search(library, query)
    assert ids(results) == {each.id for each in found}  # type: ignore[attr-defined]
    assert results.total == sum(results.facets_json()["status"].values()) == len(found)
    assert any(note in each for each in results.notes) if note else not results.notes


def test_what_is_quoted_or_named_is_never_relaxed(library: Index) -> None:
    assert not search(library, '"备案答复期限"').total
    assert not search(library, "正文:备案答复期限").total


def test_who_waits_for_something_is_told_of_nothing_else(library: Index) -> None:
    assert search(library, "备案答复期限").total
    assert not search(library, "备案答复期限", relax=False).total


def test_a_filter_does_not_change_how_a_query_is_read(library: Index) -> None:
    assert search(library, "食品 登记").total == 1
    narrowed = search(library, "食品 登记", filters={"status": ["in_force"]})
    assert (narrowed.total, narrowed.notes) == (0, ())


def test_as_of_a_day_each_document_has_the_version_and_status_it_had(indexed: Indexed) -> None:
    old = a_version(
        title="江城市停车条例",
        articles=["旧规定。"],
        published="2010-01-01",
        effective="2010-03-01",
        intervals=[("pending", "2010-01-01", "2010-03-01"), ("in_force", "2010-03-01", "2020-01-01")],
    )
    new = a_version(
        title="江城市停车条例",
        articles=["新规定。"],
        published="2019-12-01",
        effective="2020-01-01",
        intervals=[
            ("in_force", "2020-01-01", "2022-01-01"),
            ("suspended", "2022-01-01", "2022-06-01"),
            ("in_force", "2022-06-01", "2023-01-01"),
            ("partial", "2023-01-01", "2024-01-01"),
            ("in_force", "2024-01-01", "2025-01-01"),
            ("repealed", "2025-01-01", None),
        ],
    )
    index = indexed([a_document(versions=[old, new])])
    days = {
        "2009-12-31": None,
        "2010-02-28": (old.id, "pending"),
        "2010-03-01": (old.id, "in_force"),
        "2019-12-31": (old.id, "in_force"),
        "2020-01-01": (new.id, "in_force"),
        "2022-05-31": (new.id, "suspended"),
        "2024-12-31": (new.id, "in_force"),
        "2025-01-01": (new.id, "repealed"),
    }
    for day, expected in days.items():
        results = search(index, "停车", as_of=date.fromisoformat(day))
        found = [(hit.version, hit.status) for hit in results.hits]
        assert found == ([expected] if expected else []), day
        if expected:
            assert results.facets_json()["status"] == {expected[1]: 1}
            asked = {"status": [expected[1]]}
            assert search(index, filters=asked, as_of=date.fromisoformat(day)).total == 1
    assert search(index, "旧规定").total == 0
    assert first(index, "停车").url == f"/documents/{first(index, '停车').document}"


def test_markup_in_a_text_stays_text(indexed: Indexed) -> None:
    text = "<script>alert(1)</script>食品<b>安全</b>"
    hit = first(indexed([a_document(title="<i>办法</i>", articles=[text])]), "食品")
    assert all(isinstance(piece, str) for piece, _ in (*hit.snippet_pairs, *hit.title_pairs))
    assert [piece for piece, is_hit in hit.snippet_pairs if is_hit] == ["食品"]
    assert "<script>" in hit.snippet


@pytest.mark.parametrize(
    ("asked", "error"),
    [
        ({"filters": {"颜色": ["红"]}}, FieldUnknown),
        ({"filters": {"status": ["bogus"]}}, ValueUnknown),
        ({"filters": {"published": ["2018-13-45"]}}, DateInvalid),
        ({"filters": {"published": ["2020..2018"]}}, RangeReversed),
        ({"sort": "size"}, BadInput),
        ({"unit": "page"}, BadInput),
        ({"offset": -1}, BadInput),
        ({"facets": ("title",)}, BadInput),
        ({"after": "tampered"}, CursorInvalid),
        ({"after": "W10"}, CursorInvalid),
        ({"after": str(Cursor(asked="other", seen=3, last="x"))}, CursorInvalid),
        ({"after": "A" * 10_000}, CursorInvalid),
    ],
)
def test_bad_input_is_one_clear_error(library: Index, asked: dict[str, object], error: type[Exception]) -> None:
    with pytest.raises(error):
        search(library, **asked)


def test_an_unknown_engine_is_refused(record_settings: object) -> None:
    with pytest.raises(BadInput):
        Index.open(record_settings, "solr")  # type: ignore[arg-type]


def test_a_title_is_found_with_one_character_wrong_missing_or_swapped(indexed: Indexed) -> None:
    meant = a_document(title="江城市献血条例", articles=["献血自愿。"])
    library = indexed([meant, a_document(title="江城市绿化条例", articles=["种树。"])])
    for typed in ("江城市献皿条例", "江城市献条例", "江城市血献条例"):
        assert first(library, typed).document == meant.id


@pytest.mark.parametrize(
    "query", ["食品安全衛生管理法", "食品安全卫生管理法", "標題:食品安全衛生", '"環境影響"', "環境影響"]
)
def test_traditional_and_simplified_characters_find_each_other(indexed: Indexed, query: str) -> None:
    kept = "食品安全衛生管理法"
    taiwan = a_document(id=an_id(1), title=kept, articles=["應進行環境影響評估。"])
    mainland = a_document(id=an_id(2), title="食品安全卫生管理法", articles=["应进行环境影响评估。"])
    results = indexed([taiwan, mainland]).search(SearchRequest(query=query), TODAY)
    assert {hit.title for hit in results.hits} == {kept, "食品安全卫生管理法"}
    assert all(any(is_hit for _, is_hit in (*hit.title_pairs, *hit.snippet_pairs)) for hit in results.hits)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ('"食品 处罚"~3', {"近", "倒"}),
        ('"食品 处罚"~0', {"倒"}),
        ('"食品 处罚"~9', {"近", "倒", "远"}),
        ("“食品 处罚”～3", {"近", "倒"}),
        ('正文:"食品 处罚"~3', {"近", "倒"}),
        ('"食品处罚"~3', {"近", "倒"}),
        ('标题:"食品 处罚"~3', set()),
        ('"食品 从重 处罚"~3', {"近"}),
        ('"食品 处罚"~3 NOT 标题:倒', {"近"}),
        ('"食品 处罚"~999', {"近", "倒", "远"}),
    ],
)
def test_words_near_each_other_are_found_in_either_order(indexed: Indexed, query: str, found: set[str]) -> None:
    texts = {"近": "食品从重处罚。", "倒": "处罚食品企业。", "远": "食品安全违法的从重处罚。", "无": "食品和药品。"}
    documents = [a_document(id=an_id(n), title=title, articles=[texts[title]]) for n, title in enumerate(texts)]
    results = indexed(documents).search(SearchRequest(query=query, relax=False), TODAY)
    assert {hit.title for hit in results.hits} == found
    assert results.total == len(found)
