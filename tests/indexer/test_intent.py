"""What a query names outright."""

from __future__ import annotations

import pytest

from indexer.intent import find_intent, numbers_in


@pytest.mark.parametrize(
    "text", ["国办发〔2018〕23号", "国办发[2018]23号", "国办发（2018）23号", "国办发〔二〇一八〕23号"]
)
def test_a_document_number_in_any_form(text: str) -> None:
    assert find_intent(text).number == "国办发〔2018〕23号"


@pytest.mark.parametrize(
    ("text", "title", "eid"),
    [
        ("民法典第一百八十八条", "民法典", "art_188"),
        ("《中华人民共和国民法典》第一百八十八条", "民法典", "art_188"),
        ("民法典188", "民法典", "art_188"),
        ("民法典第188条的内容是什么？", "民法典", "art_188"),
        ("民法典一百八十八", "民法典", "art_188"),
        ("民法典 第 188 条", "民法典", "art_188"),
        ("民法典188条1款", "民法典", "art_188__para_1"),
        ("民法典第九百九十九万条", "民法典", "art_0"),
    ],
)
def test_a_provision_of_a_titled_text(text: str, title: str, eid: str) -> None:
    intent = find_intent(text)
    assert (intent.provision_titles[0], intent.eid) == (title, eid)


def test_a_provision_of_the_title_at_the_end_of_what_stands_before_it() -> None:
    assert "民法典" in find_intent("社会法民法典第一百八十八条").provision_titles


def test_a_title_with_and_without_the_name_of_the_state() -> None:
    assert find_intent("中华人民共和国民法典").same_title == find_intent("《民法典》").same_title == "民法典"


def test_plain_words_name_no_provision_and_no_number() -> None:
    intent = find_intent("食品过期怎么处罚")
    assert (intent.number, intent.eid) == (None, None)


@pytest.mark.parametrize("text", ["食品安全法 2021", "食品安全法（2021年修正）", "公司法解释三", "若干规定二"])
def test_a_year_or_a_serial_after_a_title_is_no_article(text: str) -> None:
    assert find_intent(text).eid is None


def test_a_title_with_a_year_names_the_title() -> None:
    assert (
        find_intent("食品安全法 2021").same_title == find_intent("食品安全法（2021年修订）").same_title == "食品安全法"
    )


@pytest.mark.parametrize(
    "text", ["国务院令第711号", "国务院711号令", "国务院令第七百一十一号文件", "国务院令第711号的内容是什么"]
)
def test_an_order_in_any_form(text: str) -> None:
    assert find_intent(text).number == "国务院令第711号"


def test_numbers_are_found_among_words_with_the_names_they_are_listed_by() -> None:
    assert numbers_in("国令第711号 信息公开") == (("国令第711号", "国务院令第711号"), "信息公开")
    assert numbers_in("国办发〔2018〕23号") == (("国办发〔2018〕23号",), "")
    assert numbers_in("国办发〔2018〕23号 " * 60) == (("国办发〔2018〕23号",), "")
    assert numbers_in("信息公开 2018") == ((), "信息公开 2018")


@pytest.mark.parametrize(
    ("said", "title"),
    [
        ("民诉法", "民事诉讼法"),
        ("《消保法》", "消费者权益保护法"),
        ("道交法", "道路交通安全法"),
        ("信息公开条例", "政府信息公开条例"),
        ("民法典总则编", "民法典"),
    ],
)
def test_a_nickname_is_the_title_it_stands_for(said: str, title: str) -> None:
    assert find_intent(said).same_title == title
    assert title in find_intent(f"{said}第三条").provision_titles


@pytest.mark.parametrize("added", ["（试行）", "(暂行)", "全文"])
def test_what_people_add_to_a_title_is_left_out_of_it(added: str) -> None:
    assert find_intent(f"江城市实施《献血法》办法{added}").bare_title == find_intent("江城市实施献血法办法").same_title
    assert find_intent("江城市献血办法").bare_title is None
