"""Questions in everyday words: the law that others rest on comes first, and an old version takes no place before."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from gazette.draft import BodyType, Node
from indexer import Index, SearchRequest
from indexer.questions import is_asked, is_topic
from tests.builders import TODAY, a_document, an_id
from tests.indexer.conftest import Indexed

CODE = a_document(
    id=an_id(911), title="中华人民共和国民法典", articles=["侵占他人房屋的，应当返还房屋。", "承租人应当支付租金。"]
)
RULES = a_document(id=an_id(912), title="江城市房屋办法", articles=["侵占他人房屋的，应当返还房屋。"])
CITING = tuple(
    a_document(id=an_id(920 + number), title=f"江城市第{number}号决定", articles=["依照民法典第二条和《民法典》办理。"])
    for number in range(3)
)


def _answers(index: Index, question: str) -> Sequence[tuple[str, str | None]]:
    hits = index.search(SearchRequest(query=question, unit="article"), TODAY).hits
    return [(hit.document, hit.eid) for hit in hits]


def test_of_two_answers_the_one_in_the_law_that_others_name_comes_first(indexed: Indexed) -> None:
    index = indexed([RULES, CODE, *CITING])
    assert _answers(index, "别人侵占我的房屋怎么办")[:2] == [(CODE.id, "art_1"), (RULES.id, "art_1")]


def test_an_article_is_ranked_by_its_chapter_and_a_bare_heading_is_no_answer(indexed: Indexed) -> None:
    def chapter(place: int, heading: str) -> Node:
        article = Node(type=BodyType.ARTICLE, num=f"第{place}条", text="当事人应当清偿。", eid=f"art_{place}")
        return Node(type=BodyType.CHAPTER, heading=heading, children=(article,), eid=f"chp_{place}")

    law = a_document(title="江城市合同条例", body=(chapter(1, "租赁"), chapter(2, "借款")))
    index = indexed([law])
    assert _answers(index, "借款的当事人不清偿怎么办") == [(law.id, "art_2"), (law.id, "art_1")]


def test_of_two_versions_of_a_law_the_one_in_force_answers_first(indexed: Indexed) -> None:
    words = "用人单位应当支付劳动报酬"
    old = a_document(title="江城市劳动条例", articles=[f"{words}，{words}。"], status="repealed")
    new = a_document(title="江城市劳动条例", articles=[f"{words}，不得拖欠，并按照规定办理登记。"], status="in_force")
    index = indexed([old, new])
    assert _answers(index, "用人单位不支付劳动报酬怎么办")[0] == (new.id, "art_1")


def test_the_guide_leads_from_everyday_words_to_the_article_of_that_law_as_now_numbered(indexed: Indexed) -> None:
    articles = [f"第{number}项规定。" for number in range(1, 1255)]
    code = a_document(title="中华人民共和国民法典", articles=articles, published="2020-05-28")
    older = a_document(title="中华人民共和国民法典", articles=articles[-3:], published="2002-05-28")
    index = indexed([older, code])
    assert _answers(index, "楼上邻居高空抛物砸到人了怎么办")[0] == (code.id, "art_1254")
    assert {document for document, _ in _answers(index, "楼上邻居高空抛物砸到人了怎么办")} == {code.id}


def test_a_topic_leads_to_the_document_that_is_named_for_it(indexed: Indexed) -> None:
    law = a_document(
        title="江城市社会保险条例",
        articles=["公共租赁住房的申请人应当参加社会保险。", "申请住房补贴的，应当提交材料。", "租赁双方应当参保。"],
    )
    guide = a_document(title="江城市公共租赁住房申请指南", articles=["本市户籍家庭可以向街道提出。"])
    index = indexed([law, guide])
    for asked in ("公共租赁住房申请补贴", "公租房怎么申请"):
        assert index.search(SearchRequest(query=asked), TODAY).hits[0].document == guide.id


def test_the_guide_leads_from_a_grievance_to_the_law_and_its_article(indexed: Indexed) -> None:
    articles = [f"第{number}项规定。" for number in range(1, 1261)]
    code = a_document(title="中华人民共和国民法典", articles=articles, published="2020-05-28")
    other = a_document(title="江城市电子商务条例", articles=["不退还押金的，处以罚款。", "房屋不得改作他用。"])
    index = indexed([other, code])
    first = index.search(SearchRequest(query="房东不退押金"), TODAY).hits[0]
    assert (first.document, first.eid) == (code.id, "art_713")


def test_what_no_document_says_in_these_words_is_looked_for_in_the_guide(indexed: Indexed) -> None:
    law = a_document(
        title="中华人民共和国消费者权益保护法",
        articles=[f"第{number}项规定。" for number in range(1, 64)],
        published="2013-10-25",
    )
    index = indexed([law, a_document(title="江城市网约车办法", articles=["退还车费。"])])
    first = index.search(SearchRequest(query="网购 退货"), TODAY).hits[0]
    assert (first.document, first.eid) == (law.id, "art_25")


@pytest.mark.parametrize("typed", ["江城市社会保险条例", "社会保险 参保 申请"])
def test_a_title_and_words_set_apart_are_looked_for_as_typed(typed: str) -> None:
    assert not is_topic(typed)


def test_three_words_set_apart_are_all_required_of_an_article_however_the_dictionary_cuts_them(
    indexed: Indexed,
) -> None:
    law = a_document(title="江城市条例", articles=["安全生产责任制度。", "安全责任制度。", "生产责任制度。"])
    found = indexed([law]).search(SearchRequest(query="安全生产 责任 条例", unit="article"), TODAY)
    assert [(hit.document, hit.eid) for hit in found.hits] == [(law.id, "art_1")]
    assert (found.total, found.notes) == (1, ())


def test_words_set_apart_that_no_article_has_together_are_a_question(indexed: Indexed) -> None:
    law = a_document(title="江城市条例", articles=["安全生产制度。", "生产责任制度。"])
    found = indexed([law]).search(SearchRequest(query="安全生产 责任 办法", unit="article"), TODAY)
    assert found.total
    assert found.notes


@pytest.mark.parametrize(
    "asked", ["公司 拖欠工资 怎么办", "楼上邻居高空抛物 砸坏了我的车 找谁赔偿", "劳动合同 解除 补偿 标准 计算 年限"]
)
def test_a_question_with_spaces_in_it_stays_one(asked: str) -> None:
    assert is_asked(asked)


def test_a_topic_finds_the_document_called_what_the_office_calls_it(indexed: Indexed) -> None:
    fares = a_document(id=an_id(931), title="江城市老年人优待办法", articles=["持优待凭证乘坐公共汽车免费。"])
    index = indexed([fares, a_document(id=an_id(932), title="江城市公园办法", articles=["老年人应当爱护公园。"])])
    assert index.search(SearchRequest(query="老年卡在哪里办"), TODAY).hits[0].document == fares.id


def test_one_unknown_word_does_not_hide_the_rest_of_a_topic(indexed: Indexed) -> None:
    card = a_document(id=an_id(941), title="江城市社会保障卡办法", articles=["社会保障卡由本人申领。"])
    index = indexed([card])
    assert index.search(SearchRequest(query="新办社会保障卡要多久"), TODAY).total == 1
    assert not index.search(SearchRequest(query="新办 社会保障卡 多久"), TODAY).total
