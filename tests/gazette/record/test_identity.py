"""Which document and which version a draft is."""

import datetime as dt
from dataclasses import replace

import pytest

from gazette.citations.numbers import parse_doc_number
from gazette.draft import Effect, EffectKind, HistoryEntry, Target
from gazette.errors import NOWHERE
from gazette.record.identity import carries, is_regulation, version_date
from gazette.record.likeness import agency_key, latest_act_days
from gazette.store import Store
from tests.gazette.builders import a_draft, take_in

LAW = ("为了加强安全生产工作，防止和减少事故，制定本法。", "在中华人民共和国领域内从事生产经营活动的单位适用本法。")
AMENDED = ("为了加强安全生产工作，防止和减少生产安全事故，保障人民群众生命安全，制定本法。", LAW[1])


def test_the_same_law_with_and_without_the_states_name_is_one_document_with_two_copies(store: Store) -> None:
    one = take_in(store, a_draft("中华人民共和国安全生产法", acts=[("adopted", "2002-06-29")], text=LAW, place="a.md"))
    two = take_in(
        store,
        a_draft("安全生产法", acts=[("adopted", "2002-06-29")], text=(*LAW, "另一来源多出的一行。"), place="b.txt"),
    )
    assert (two.document, two.version, two.action) == (one.document, one.version, "copy_added")


def test_an_amended_law_is_a_new_version_of_the_same_document(store: Store) -> None:
    old = take_in(store, a_draft("安全生产法", acts=[("adopted", "2002-06-29")], text=LAW))
    acts = [("adopted", "2002-06-29"), ("amended", "2014-08-31")]
    new = take_in(store, a_draft("安全生产法（2014年修正）", acts=acts, text=AMENDED))
    assert new.document == old.document
    assert new.version != old.version
    assert new.action == "version_added"


def test_an_older_version_that_arrives_later_is_added_too(store: Store) -> None:
    acts = [("adopted", "2002-06-29"), ("amended", "2014-08-31")]
    new = take_in(store, a_draft("安全生产法", acts=acts, text=AMENDED))
    old = take_in(store, a_draft("安全生产法", acts=[("adopted", "2002-06-29")], text=LAW))
    assert (old.document, old.action) == (new.document, "version_added")


def test_a_congress_and_its_standing_committee_make_versions_of_one_law(store: Store) -> None:
    one = take_in(store, a_draft("刑法", issuers=("全国人民代表大会",), acts=[("adopted", "1979-07-01")], text=LAW))
    two = take_in(
        store,
        a_draft("刑法", issuers=("全国人民代表大会常务委员会",), acts=[("amended", "1999-12-25")], text=AMENDED),
    )
    assert two.document == one.document


def test_adoption_in_one_source_and_promulgation_in_the_other_is_one_version(store: Store) -> None:
    one = take_in(store, a_draft("信息公开条例", acts=[("adopted", "2007-01-17"), ("promulgated", "2007-04-05")]))
    two = take_in(store, a_draft("信息公开条例", acts=[("adopted", "2007-01-17")], text=("另一处的文本略有不同。",)))
    assert two.version == one.version


def test_yearly_notices_with_one_title_and_different_numbers_are_different_documents(store: Store) -> None:
    title = "江城市人民政府办公室关于印发政务公开工作要点的通知"
    one = take_in(store, a_draft(title, number="江政办发〔2018〕3号", issuers=("江城市人民政府办公室",)))
    two = take_in(store, a_draft(title, number="江政办发〔2019〕5号", issuers=("江城市人民政府办公室",)))
    assert two.document != one.document
    assert two.action == "stored"


def test_decisions_with_one_title_and_different_days_are_different_documents(store: Store) -> None:
    title = "关于修改个人所得税法的决定"
    one = take_in(store, a_draft(title, acts=[("adopted", "2005-10-27")], text=("一、第六条修改为新的规定内容。",)))
    two = take_in(store, a_draft(title, acts=[("adopted", "2007-12-29")], text=("一、第九条修改为新的规定内容。",)))
    assert one.document != two.document


def test_rules_of_one_title_from_two_agencies_are_two_documents_and_a_finding(store: Store) -> None:
    one = take_in(store, a_draft("行政处罚程序规定", issuers=("甲部",), published="2010-01-01"))
    two = take_in(
        store, a_draft("行政处罚程序规定", issuers=("乙部",), published="2012-01-01", text=("乙部的程序规定。",))
    )
    assert one.document != two.document
    assert [finding.code for finding in two.findings] == ["identity.same_title"]


def test_rules_of_a_generic_title_need_more_than_the_title(store: Store) -> None:
    one = take_in(store, a_draft("实施办法", signed="2010-01-01"))
    two = take_in(store, a_draft("实施办法", signed="2012-01-01", text=("完全不同的一份实施办法。",)))
    assert one.document != two.document


def test_a_notice_and_the_measures_it_carries_share_a_number_and_are_two(store: Store) -> None:
    notice = take_in(
        store, a_draft("江城市人民政府关于印发《江城市公园管理办法》的通知", number="江政发〔2020〕1号", place="n.html")
    )
    measures = take_in(store, a_draft("江城市公园管理办法", number="江政发〔2020〕1号", place="m.html"))
    assert measures.document != notice.document


def test_a_headline_above_the_same_numbered_text_is_a_copy(store: Store) -> None:
    text = tuple(f"第{n}段的内容足够长可以辨认。" for n in range(9))
    one = take_in(store, a_draft("关于加强管理的通知", number="江政发〔2020〕1号", text=text, place="a"))
    two = take_in(
        store, a_draft("江城要求加强管理！", number="江政发〔2020〕1号", text=(*text, "编辑：某人"), place="b")
    )
    assert (two.document, two.action) == (one.document, "copy_added")


def test_a_title_without_its_issuer_under_the_same_number_is_the_same_document(store: Store) -> None:
    one = take_in(store, a_draft("江城市人民政府关于加强管理的通知", number="江政发〔2020〕1号", place="a"))
    two = take_in(
        store, a_draft("关于加强管理的通知", number="江政发〔2020〕1号", text=("全然不同的文字。",), place="b")
    )
    assert two.document == one.document


def test_two_sites_with_different_release_days_hold_two_copies_of_one_notice(store: Store) -> None:
    one = take_in(store, a_draft(signed="2020-01-02", published="2020-01-05", place="a"))
    two = take_in(store, a_draft(signed="2020-01-02", published="2020-03-09", text=("稍有不同的正文。",), place="b"))
    assert (two.version, two.action) == (one.version, "copy_added")


@pytest.mark.parametrize("original_first", [True, False])
def test_a_machine_translation_with_a_wrong_number_joins_its_original(store: Store, original_first: bool) -> None:
    original = a_draft("关于印发工作要点的通知", number="国办发〔2018〕23号", signed="2018-04-08", place="zh")
    copies = [
        a_draft(
            title, number=number, signed="2018-04-08", language="en", is_translation=True, text=(text,), place=title
        )
        for title, number, text in [
            ("Notice on Main Points", "国发〔2018〕23号", "To do a good job of making affairs public."),
            ("Officials should be criticized", "国办发〔2018〕23号", "The peoples governments of all provinces."),
        ]
    ]
    drafts = [original, *copies] if original_first else [*copies, original]
    outcomes = [take_in(store, draft) for draft in drafts]
    assert len({outcome.document for outcome in outcomes}) == 1
    assert len({outcome.version for outcome in outcomes}) == 3
    with store.read() as session:
        from gazette.record.reading import get_document

        record = get_document(session, outcomes[0].document or "")
    assert record.title == "关于印发工作要点的通知"
    assert not record.current.is_translation


def test_a_translation_of_another_days_document_stands_alone(store: Store) -> None:
    take_in(store, a_draft(number="国办发〔2018〕23号", signed="2018-04-08"))
    other = take_in(
        store,
        a_draft(
            "Notice", number="国发〔2018〕23号", signed="2018-05-01", language="en", is_translation=True, place="b"
        ),
    )
    assert other.action == "stored"


def test_empty_texts_are_not_taken_for_one_another(store: Store) -> None:
    one = take_in(store, a_draft("甲通知", text=(), place="a"))
    two = take_in(store, a_draft("乙通知", text=(), place="b"))
    assert one.document != two.document


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("安全生产法", True),
        ("公园管理办法（试行）", True),
        ("宪法", True),
        ("办法", False),
        ("关于印发要点的通知", False),
    ],
)
def test_only_laws_regulations_and_rules_live_on_through_versions(title: str, expected: bool) -> None:
    assert is_regulation(title) is expected


def test_the_vocabulary_of_regulation_titles_holds_for_its_own_examples() -> None:
    import tomllib
    from importlib.resources import files

    table = tomllib.loads(files("gazette").joinpath("data/regulation_titles.toml").read_text("utf-8"))
    assert all(map(is_regulation, table["yes"]))
    assert not any(map(is_regulation, table["no"]))
    assert not any(map(is_regulation, table["generic"]))


def test_a_notice_is_dated_by_its_signature_and_a_regulation_by_its_last_act() -> None:
    notice = a_draft(signed="2020-01-02", published="2020-03-09")
    assert version_date(notice) == dt.date(2020, 1, 2)
    law = a_draft("安全生产法", published="2021-07-01", acts=[("adopted", "2002-06-29"), ("amended", "2021-06-10")])
    assert version_date(law) == dt.date(2021, 6, 10)


def test_the_latest_act_spans_adoption_to_promulgation_and_no_further() -> None:
    def day(text: str) -> dt.date:
        return dt.date.fromisoformat(text)

    history = [
        HistoryEntry(kind="adopted", date=day("1993-01-01")),
        HistoryEntry(kind="promulgated", date=day("1993-02-01")),
        HistoryEntry(kind="amended", date=day("2004-08-28")),
        HistoryEntry(kind="promulgated", date=day("2004-09-01")),
    ]
    assert latest_act_days(history) == {day("2004-08-28"), day("2004-09-01")}
    assert latest_act_days(history[:2]) == {day("1993-01-01"), day("1993-02-01")}


def test_an_agency_is_compared_without_state_and_standing_committee() -> None:
    assert agency_key("中华人民共和国国务院") == agency_key(" 国务院 ")
    assert agency_key("全国人大常委会") == agency_key("全国人民代表大会")


def test_carrying_is_read_from_the_notices_title() -> None:
    assert carries("关于印发《公园管理办法》的通知", "公园管理办法")
    assert carries("国务院办公厅关于印发2018年政务公开工作要点的通知", "2018年政务公开工作要点")
    assert not carries("关于公园管理办法的解读", "公园管理办法")
    assert not carries("关于加强管理的通知", "关于加强管理的通知")


def test_a_text_that_repeals_its_namesake_by_number_replaces_it_and_is_another_document(store: Store) -> None:
    title, issuers = "江城市商品房预售资金监督管理办法", ("江城市住房和城乡建设局",)
    old = take_in(store, a_draft(title, number="江建规〔2023〕4号", issuers=issuers, text=LAW))
    repeal = Effect(
        kind=EffectKind.REPEALS,
        target=Target(title=title, doc_number=parse_doc_number("江建规〔2023〕4号")),
        scope="whole",
        date=None,
        quote=f"《{title}》（江建规〔2023〕4号）同时废止。",
        locator=NOWHERE,
        confidence=1.0,
        rule="closing",
    )
    draft = a_draft(title, number="江建规〔2025〕2号", issuers=issuers, text=AMENDED)
    new = take_in(store, replace(draft, effects=(repeal,)))
    assert new.document != old.document
