"""Where a pasted clause comes from."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gazette.errors import BadInput
from gazette.record.reading import get_document
from gazette.store import Store
from gazette.versions.clause_lookup import MOST_BYTES, Found, Part, join_parts, look_up_clause, parts_of
from tests.gazette.versions.builders import the_amended_law, the_law


@pytest.fixture
def law(store: Store):
    held = the_law(store)
    the_amended_law(store)
    with store.read() as session:
        return get_document(session, held.document or "")


def the(found: tuple[Found, ...]) -> Found:
    (one,) = found
    return one


def test_a_clause_is_found_to_the_letter_with_all_versions_that_carry_it(law):
    found = the(look_up_clause("禁止盗用城市公共供水，和毁坏供水设施", [law]))
    assert found.exact
    assert (found.num, found.in_current) == ("第四条", True)
    assert [(each.date, each.num) for each in found.bearers] == [("2000-12-01", "第三条"), ("2010-06-01", "第四条")]


def test_a_clause_with_its_old_number_is_of_the_old_version(law):
    found = the(look_up_clause("第三条　禁止盗用城市公共供水和毁坏供水设施。", [law]))
    assert (found.exact, found.in_current, found.version_date) == (True, False, "2000-12-01")


def test_a_clause_may_run_over_articles(law):
    found = the(look_up_clause("第二条 市水务局主管供水工作。 第三条 禁止盗用城市公共供水", [law]))
    assert (found.exact, found.num) == (True, "第二条")


def test_a_clause_with_other_words_is_near_and_the_words_are_marked(law):
    found = the(look_up_clause("禁止盗用农村公共供水和毁坏供水设施。", [law]))
    assert not found.exact
    assert found.bearers == ()
    assert "城市" in [piece.text for piece in found.record_pieces if piece.mark == "deleted"]
    assert "农村" in [piece.text for piece in found.pasted_pieces if piece.mark == "inserted"]


def test_one_sentence_of_a_long_article_is_near_with_a_word_changed(law):
    found = the(look_up_clause("市水务局应当每年公布一次水质检测结果。", [with_long_article(law)]))
    assert (found.exact, found.num) == (False, "第四条")
    assert [piece.text for piece in found.record_pieces if piece.mark == "deleted"] == ["二次"]


def with_long_article(law):
    """The law with an article of many sentences in place of its last version's fourth."""
    filling = "".join(
        f"第{n}类供水设施由其所有人负责养护，发现损坏的，应当在{n}日内修复。" for n in "一二三四五六七八九十"
    )
    current = law.current
    body = tuple(
        replace(node, text=f"{filling}市水务局应当每年公布二次水质检测结果。") if node.num == "第四条" else node
        for node in current.body
    )
    changed = replace(current, body=body)
    return replace(law, versions=tuple(changed if each.id == current.id else each for each in law.versions))


def test_another_text_is_not_found(law):
    assert look_up_clause("量子纠缠的观测应当报请月球基地备案。", [law]) == ()
    assert look_up_clause("禁止盗用城市公共供水", []) == ()


@pytest.mark.parametrize("text", ["第三条", "　", "供" * MOST_BYTES])
def test_what_is_no_clause_is_one_clear_error(law, text):
    with pytest.raises(BadInput):
        look_up_clause(text, [law])


def test_a_paste_is_taken_apart_at_its_articles_or_else_at_its_lines():
    articles = "第二条　市水务局主管供水工作。\n区水务局负责。\n第九条　罚款一千元以上一万元以下。"
    assert parts_of(articles) == (
        "第二条　市水务局主管供水工作。\n区水务局负责。",
        "第九条　罚款一千元以上一万元以下。",
    )
    lines = "有下列情形之一的，处一千元罚款：\n（一）盗用城市公共供水的；\n市水务局主管本市供水管理工作。"
    assert parts_of(lines) == (
        "有下列情形之一的，处一千元罚款：\n（一）盗用城市公共供水的；",
        "市水务局主管本市供水管理工作。",
    )


def test_an_article_pasted_in_lines_is_one_clause_and_two_articles_are_two(law):
    two = [
        Part(text=text, found=look_up_clause(text, [law]))
        for text in ("市水务局主管供水工作。", "禁止盗用城市公共供水和毁坏供水设施。")
    ]
    whole = look_up_clause("禁止盗用农村公共供水和毁坏供水设施。", [law])
    assert join_parts(whole, two, 3).parts == tuple(two)
    assert join_parts(whole, two, 3).left_out == 3
    assert join_parts(whole, two[1:] * 2, 0).parts == ()
    assert join_parts((), [Part(text="没有收录的文字", found=())] * 2, 0).parts == ()


def test_of_versions_that_are_equally_near_the_current_one_is_named(law):
    found = the(look_up_clause("禁止盗用农村公共供水和毁坏供水设施。", [law]))
    assert (found.in_current, found.num) == (True, "第四条")


def test_two_sentences_with_a_word_changed_are_compared_with_both(law):
    found = the(
        look_up_clause(
            "市水务局应当每季公布一次水质检测结果。水质不合格的，应当立即停止供水并告知用户。",
            [law_of_two_sentences(law)],
        )
    )
    assert "不合格" in "".join(piece.text for piece in found.record_pieces)
    assert [piece.text for piece in found.record_pieces if piece.mark == "deleted"] == ["每月"]


def law_of_two_sentences(law):
    text = "市水务局应当每月公布一次水质检测结果。水质不合格的，应当立即停止供水并告知用户。"
    *first, last = law.current.body
    body = (*first, replace(last, text=text, children=()))
    version = replace(law.current, body=body)
    return replace(law, versions=(version,), current=version)
