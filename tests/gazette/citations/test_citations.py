import pytest
from hypothesis import given
from hypothesis import strategies as st

from gazette.citations.cited import cite_body, number_key
from gazette.citations.grammar import find_citations
from gazette.citations.numbers import parse_doc_number
from gazette.citations.provisions import complete_address, find_provisions, nearest_address, parse_provision
from gazette.citations.titles import find_titles
from gazette.draft import BodyType, Node
from tests.growth import is_linear

ADDRESSES = [
    ("第三十八条", "art_38"),
    ("第38条", "art_38"),
    ("第三十八条第二款第（一）项", "art_38__para_2__item_1"),
    ("第三十八条第二款第一项第3目", "art_38__para_2__item_1__subitem_3"),
    ("第十条之一", "art_10-1"),
    ("第一百零五条", "art_105"),
    ("第三条至第五条", "art_3->art_5"),
    ("第二章第三节", "chp_2__sec_3"),
    ("第二章第九条", "art_9"),
    ("第一款", "para_1"),
    ("（一）项", "item_1"),
    ("第十二至十五条", "art_12->art_15"),
    ("第12—15条", "art_12->art_15"),
    ("第三条第（一）至（三）项", "art_3__item_1->art_3__item_3"),
    ("第三编第二分编第九章", "part_3__subpart_2__chp_9"),
]


@pytest.mark.parametrize(("text", "eid"), ADDRESSES)
def test_a_provision_has_one_address(text, eid):
    assert parse_provision(text).eid == eid


@pytest.mark.parametrize("text", ["", None, "第三", "条", "第三条的规定", "办法第三条"])
def test_what_is_no_address_is_none(text):
    assert parse_provision(text) is None


def test_addresses_in_a_list_are_completed_from_the_one_before():
    text = "违反第三条第一款、第三款和第八条第（一）、（二）项"
    eids = [span.provision.eid for span in find_provisions(text)]
    assert eids[:3] == ["art_3__para_1", "art_3__para_3", "art_8__item_1"]


SERIES = [
    ("第三、四、五条", ["art_3", "art_4", "art_5"]),
    ("第三、第四和第五条", ["art_3", "art_4", "art_5"]),
    ("第三条、四条", ["art_3", "art_4"]),
    ("第三条第一、二款", ["art_3__para_1", "art_3__para_2"]),
    ("第三条第（一）、（二）、（五）项", ["art_3__item_1", "art_3__item_2", "art_3__item_5"]),
    ("第一百二十条之一、第一百二十条之二", ["art_120-1", "art_120-2"]),
    ("第一百二十条之一、之二和之三", ["art_120-1", "art_120-2", "art_120-3"]),
    ("第一条第（一）款", ["art_1__para_1"]),
    ("第三条第（一）项至第（三）项、第（五）项", ["art_3__item_1->art_3__item_3", "art_3__item_5"]),
    ("第三条至第五条、第七条", ["art_3->art_5", "art_7"]),
    ("第三、四条件", []),
    ("第一、二目标", []),
]


@pytest.mark.parametrize(("text", "eids"), SERIES)
def test_numbers_that_share_their_unit_are_addresses_of_their_own(text, eids):
    spans = find_provisions(text)
    assert [span.provision.eid for span in spans] == eids
    assert all(text[span.start : span.end] == span.provision.raw for span in spans)


HELD = {"art_1", "art_2", "art_2__para_1", "art_2__para_2", "art_2__para_2__item_1"}
HELD |= {"art_3", "art_3__item_1", "art_4", "art_4__para_1__item_1", "art_4__para_2__item_1", "att_1", "att_1__art_9"}
PLACES = [
    ("art_2__item_1", "art_2__para_2__item_1", "art_2__para_2__item_1"),
    ("art_3__para_1__item_1", "art_3__item_1", "art_3__item_1"),
    ("art_9", "att_1__art_9", "att_1__art_9"),
    ("art_4__item_1", None, "art_4"),
    ("art_3__item_7", None, "art_3"),
    ("art_2__para_1__item_1", None, "art_2__para_1"),
    ("art_8__item_1", None, None),
]


@pytest.mark.parametrize(("cited", "complete", "nearest"), PLACES)
def test_an_address_without_its_paragraph_leads_to_the_only_place_it_can_mean(cited, complete, nearest):
    assert (complete_address(cited, HELD), nearest_address(cited, HELD)) == (complete, nearest)


def test_an_article_of_a_notice_that_counts_sections_is_its_section():
    held = {"sec_5", "sec_5__item_2", "para_1"}
    assert [complete_address(cited, held) for cited in ("art_5", "art_5__item_2")] == ["sec_5", "sec_5__item_2"]
    assert complete_address("art_5", held | {"art_1"}) is None


def test_a_first_paragraph_cited_without_its_article_leads_nowhere_in_a_text_of_articles():
    assert [nearest_address(cited, {"art_3", "art_4"}) for cited in ("para_1", "para_1__item_7")] == [None, None]


CITED = [
    ("根据《甲法》第三条的规定", [("title", "甲法", "art_3")]),
    ("依照《甲法》（2018年修正）第3条", [("title", "甲法（2018年修正）", "art_3")]),
    ("《关于修改〈甲法〉的决定》", [("title", "关于修改〈甲法〉的决定", None)]),
    ("《关于修改《甲法》的决定》第二条", [("title", "关于修改《甲法》的决定", "art_2")]),
    ("国办发〔2018〕23号第三条", [("number", None, "art_3")]),
    ("违反本条例第十条之一的", [("relative", None, "art_10-1")]),
    ("依照前款规定处罚", [("relative", None, None)]),
    (
        "《甲法》第三条、第五条和《乙法》",
        [("title", "甲法", "art_3"), ("title", "甲法", "art_5"), ("title", "乙法", None)],
    ),
    ("没有引用的句子。", []),
    ("《甲法》(2019修正)第五条", [("title", "甲法（2019修正）", "art_5")]),
    ("《甲办法》（试行）第五条", [("title", "甲办法（试行）", "art_5")]),
    ("《甲办法》附件2第五条", [("title", "甲办法", "att_2__art_5")]),
    ("按国办发〔2018〕23号文件第三条", [("number", None, "art_3")]),
    ("索引号000014349/2018-00057的文件", [("number", None, None)]),
    ("前两款", [("relative", None, None)]),
    ("前条例已经废止，本条款项下", []),
    (
        "《江城市建筑法》（简称建筑法）。违反建筑法第七条",
        [("title", "江城市建筑法", None), ("short", "江城市建筑法", "art_7")],
    ),
    ("《银发〔2026〕42号》第二条", [("number", None, "art_2")]),
    ("财税〔2016〕36号附件3第一条", [("number", None, "att_3__art_1")]),
    ("本规定附件一第二项和附件2第三条", [("relative", None, "att_1__item_2"), ("relative", None, "att_2__art_3")]),
    (
        "《甲条例》（1997年7月21日国务院令第225号发布　根据2012年11月9日《乙决定》修订）第五条",
        [("title", "甲条例", "art_5"), ("title", "乙决定", None)],
    ),
    ("《甲条例》（1997年7月21日国务院发布）第五条", [("title", "甲条例", "art_5")]),
    ("应当认定为刑法第一百二十条之一、之二", [("title", "刑法", "art_120-1"), ("title", "刑法", "art_120-2")]),
    ("民诉法第119条和第120条", [("short", "民事诉讼法", "art_119"), ("short", "民事诉讼法", "art_120")]),
    ("《民诉法》第119条", [("short", "民事诉讼法", "art_119")]),
    ("依照中华人民共和国公司法第三条", [("title", "公司法", "art_3")]),
    ("企业所得税法实施条例第三条", [("title", "企业所得税法实施条例", "art_3")]),
    ("甲国刑法第三条，修正前的刑法第三条，刑法的规定", [("provision", None, "art_3"), ("provision", None, "art_3")]),
    (
        "《甲法》第三条规定，该法第五条和第六条、该条第二款",
        [("title", "甲法", f"art_{each}") for each in "3"]
        + [("short", "甲法", each) for each in ("art_5", "art_6", "art_6__para_2")],
    ),
    (
        "《甲办法》《乙办法》（以下分别简称《甲》《乙》）。《甲》第三条",
        [("title", "甲办法", None), ("title", "乙办法", None), ("short", "甲办法", "art_3")],
    ),
    ("《甲办法》，以下简称《办法》。《办法》第四条", [("title", "甲办法", None), ("short", "甲办法", "art_4")]),
    ("《甲法》第三条规定和第五条", [("title", "甲法", "art_3"), ("title", "甲法", "art_5")]),
    ("《甲办法》（2018年版）第三条", [("title", "甲办法（2018年版）", "art_3")]),
    (
        "《甲法》（2003年10月28日第十届全国人民代表大会常务委员会第五次会议通过，根据《乙决定》第三次修正）第九条",
        [("title", "甲法", "art_9"), ("title", "乙决定", None)],
    ),
    ("国办发〔2018〕23号文件第三部分第（二）项", [("number", None, "sec_3__item_2")]),
    ("《根据《甲办法》第三条和《乙办法》", [("title", "甲办法", "art_3"), ("title", "乙办法", None)]),
    ("《甲法》和该办法第五条", [("title", "甲法", None), ("provision", None, "art_5")]),
    (
        "《江城市建筑法》（下称《法》）。依《法》第七条",
        [("title", "江城市建筑法", None), ("short", "江城市建筑法", "art_7")],
    ),
]


@pytest.mark.parametrize(("text", "expected"), CITED)
def test_citations_are_read_with_their_provisions(text, expected):
    found = [(each.kind, each.title, each.provision.eid if each.provision else None) for each in find_citations(text)]
    assert found == expected


def test_a_title_takes_the_number_in_its_bracket():
    (citation,) = find_citations("《甲办法》（江府发〔2009〕3号）第三条")
    assert (str(citation.doc_number), citation.provision.eid) == ("江府发〔2009〕3号", "art_3")


def test_a_number_beside_a_short_name_belongs_to_the_title():
    (citation,) = find_citations("《关于甲的通知》（国办发（2018）23号，以下简称《通知》）")
    assert str(citation.doc_number) == "国办发〔2018〕23号"


def test_relative_references_are_led_to_the_place_they_mean():
    def paragraph(article, number, text):
        eid = f"art_{article}__para_{number}"
        items = tuple(
            Node(type=BodyType.ITEM, eid=f"{eid}__item_{each}", text=words)
            for each, words in enumerate(text.split("|")[1:], start=1)
        )
        return Node(type=BodyType.PARAGRAPH, eid=eid, text=text.split("|")[0], children=items)

    articles = (
        Node(type=BodyType.ARTICLE, eid="art_1", text="本条例第三条和前条。"),
        Node(type=BodyType.ARTICLE, eid="art_2", children=(paragraph(2, 1, "前款"), paragraph(2, 2, "前款和前条"))),
        Node(
            type=BodyType.ARTICLE,
            eid="art_3",
            children=(
                paragraph(3, 1, "前条第二款|一|前项"),
                paragraph(3, 2, "前款第（二）项、第（一）项、前两条、本章"),
            ),
        ),
    )
    body = (Node(type=BodyType.CHAPTER, eid="chp_1", children=articles),)
    found = [(each.raw, each.provision.eid if each.provision else None) for each in cite_body(body)]
    assert found == [
        ("本条例第三条", "art_3"),
        ("前条", None),
        ("前款", None),
        ("前款", "art_2__para_1"),
        ("前条", "art_1"),
        ("前条第二款", "art_2__para_2"),
        ("前项", "art_3__para_1__item_1"),
        ("前款第（二）项", "art_3__para_1__item_2"),
        ("第（一）项", "art_3__para_1__item_1"),
        ("前两条", "art_1->art_2"),
        ("本章", "chp_1"),
    ]


@pytest.mark.parametrize("address", ["art_2__para_1__item_3-1", "art_2__para_1__item_3_v2", "art_2__para_2_v2"])
def test_what_precedes_a_number_inserted_or_printed_twice_is_not_guessed(address):
    inner = Node(type=BodyType.ITEM, eid=address, text="前项和前款")
    cited = cite_body((Node(type=BodyType.ARTICLE, eid="art_2", children=(inner,)),))
    assert [(each.raw, each.provision) for each in cited] == [("前项", None), ("前款", None)]


def test_a_short_name_stands_for_its_title_through_the_whole_body():
    body = (
        Node(type=BodyType.ARTICLE, text="根据《中华人民共和国甲法》（以下简称《甲法》），制定本办法。", eid="art_1"),
        Node(type=BodyType.ARTICLE, text="适用《甲法》第九条。", eid="art_2"),
    )
    last = cite_body(body)[-1]
    assert (last.kind, last.title, last.locator.eid) == ("short", "中华人民共和国甲法", "art_2")


def test_every_citation_stands_in_the_text_as_quoted():
    text = "根据《甲法》第三条、第五条，国办发〔2018〕23号，HFGS-2022-7和本办法第九条第一款、第二款"
    assert all(each.raw in text for each in find_citations(text))


def test_two_spellings_of_an_order_are_one_key():
    one, other = parse_doc_number("国令第754号"), parse_doc_number("中华人民共和国国务院令第754号")
    assert number_key(one) == number_key(other)


@given(st.integers(1, 1500), st.none() | st.integers(1, 20), st.none() | st.integers(1, 30))
def test_an_address_survives_print_and_parse(article, paragraph, item):
    text = f"第{article}条" + (f"第{paragraph}款" if paragraph else "") + (f"第（{item}）项" if item else "")
    parts = [f"art_{article}", f"para_{paragraph}" if paragraph else "", f"item_{item}" if item else ""]
    assert parse_provision(text).eid == "__".join(filter(None, parts))


@given(st.text(alphabet="《》〈〉第一二条款项（）、和本法令号〔〕2018甲", max_size=120))
def test_no_text_breaks_the_grammar(text):
    for citation in find_citations(text):
        assert citation.raw in text
    for title, (start, end) in find_titles(text):
        assert text[start:end] == f"《{title}》"


SLOW = [
    "第三条第一款、第二款、",
    "《甲法》第三条、",
    "《",
    "第",
    "〈",
    "《〈",
    "《甲》（",
    "该法第三条",
    "刑法",
    "附件第",
    "之一、",
    "（（",
]


@pytest.mark.parametrize("repeated", SLOW)
def test_a_text_made_to_be_slow_takes_linear_time(repeated):
    assert is_linear(lambda size: find_citations(repeated * size), 4_000)
