"""Two versions side by side: what is recognised, what is marked."""

from __future__ import annotations

import io
import time
from dataclasses import replace

from gazette.draft import Body, BodyType, Node
from gazette.versions.comparison import Change, Comparison, Mark, compare, mark_words
from gazette.versions.inheritance import inherit_addresses
from tests.gazette.versions.builders import NEW, OLD, a_text


def rows(comparison: Comparison) -> list[tuple[str, str | None, str | None]]:
    return [
        (row.change.value, row.old.num if row.old else None, row.new.num if row.new else None)
        for row in comparison.changed()
    ]


def test_reworded_added_and_renumbered_articles_are_told_apart():
    assert rows(compare(a_text(OLD), a_text(NEW))) == [
        ("changed", "第二条", "第二条"),
        ("added", None, "第三条"),
        ("renumbered", "第三条", "第四条"),
        ("renumbered", "第四条", "第五条"),
        ("renumbered", "第五条", "第六条"),
    ]


def test_a_removed_article_stands_where_it_stood():
    assert rows(compare(a_text(NEW), a_text(OLD)))[1] == ("removed", "第三条", None)


def test_a_moved_article_is_recognised():
    lines = OLD.split("\n")
    moved = "\n".join(
        [lines[0], "第二条　" + lines[3][4:], "第三条　" + lines[1][4:], "第四条　" + lines[2][4:], lines[4]]
    )
    (row,) = [row for row in compare(a_text(OLD), a_text(moved)).rows if row.moved]
    assert (row.old and row.old.num, row.new and row.new.num) == ("第四条", "第二条")


def test_the_same_text_does_not_differ():
    assert not compare(a_text(OLD), a_text(OLD)).differs
    assert compare((), ()).rows == ()


def test_words_that_changed_are_marked_and_nothing_is_lost():
    old, new = "应当及时公开政府信息。", "应当自形成之日起二十日内公开政府信息。"
    before, after = mark_words(old, new)
    assert "".join(piece.text for piece in before) == old
    assert "".join(piece.text for piece in after) == new
    assert [piece.text for piece in before if piece.mark is Mark.DELETED] == ["及时"]
    assert [piece.text for piece in after if piece.mark is Mark.INSERTED] == ["自形成之日起二十日内"]


def test_the_width_of_a_bracket_is_no_change():
    before, _ = mark_words("(一)甲；乙丙丁", "（一）甲；乙丙戊")
    assert [piece.text for piece in before if piece.mark is Mark.DELETED] == ["丁"] or "(一)" not in "".join(
        piece.text for piece in before if piece.mark is Mark.DELETED
    )


def test_chapters_are_compared_by_their_headings():
    old, new = "第一章　总则\n第一条　甲。\n第二条　乙。", "第一章　一般规定\n第一条　甲。\n第二条　乙。"
    comparison = compare(a_text(old), a_text(new))
    assert [(row.is_heading, row.change) for row in comparison.changed()] == [(True, Change.CHANGED)]
    assert comparison.counts[Change.CHANGED] == 0


def test_a_code_of_1260_articles_is_compared_in_linear_time():
    """User time of four times the articles stays well under the square; whole code within two seconds."""

    def seconds(articles: int) -> float:
        old, new = a_code(articles, "应当"), a_code(articles, "必须")
        started = time.process_time()
        assert compare(old, new).counts[Change.CHANGED] == articles
        return time.process_time() - started

    seconds(10)
    few, many = seconds(315), seconds(1260)
    assert many < 2 or many < 8 * few


def a_code(articles: int, verb: str) -> Body:
    return tuple(
        Node(
            type=BodyType.ARTICLE,
            num=f"第{n}条",
            text=f"第{n * 7919}类当事人在第{n * 104729}号事项中{verb}依照第{n * 31}号约定履行，不得损害他人权益。",
            eid=f"art_{n}",
            wid=f"art_{n}",
        )
        for n in range(1, articles + 1)
    )


def test_a_huge_difference_is_marked_by_lines_in_bounded_time():
    old, new = ("\n".join(f"{word}{n}的内容。" for n in range(6000)) for word in ("旧", "新"))
    before, after = mark_words(old, new)
    assert "".join(piece.text for piece in before) == old
    assert "".join(piece.text for piece in after) == new


def test_permanent_addresses_go_on_in_the_next_version():
    heir = inherit_addresses(a_text(OLD), a_text(NEW))
    assert [node.wid for node in heir] == ["art_1", "art_2", "art_3_v2", "art_3", "art_4", "art_5"]
    assert tuple(replace(node, wid=node.eid) for node in heir) == a_text(NEW)


def test_the_table_can_be_taken_home_as_a_word_file(store):
    from docx import Document

    from gazette.record.reading import get_document
    from gazette.renditions.comparison import render_docx
    from tests.gazette.versions.builders import the_amended_law, the_law

    law = the_law(store)
    the_amended_law(store)
    with store.read() as session:
        old, new = get_document(session, law.document or "").versions
    given = {"language": "zh", "address": "http://localhost/compare"}
    data = render_docx(compare(old.body, new.body), old, new, **given)
    assert data == render_docx(compare(old.body, new.body), old, new, **given)
    table = Document(io.BytesIO(data)).tables[0]
    assert [cell.text for cell in table.rows[2].cells] == ["（新增）", "第三条　供水应当节约用水。"]
    struck = [run.text for cell in table.rows[1].cells for run in cell.paragraphs[0].runs if run.font.strike]
    assert struck


def test_a_section_of_a_notice_is_compared_as_its_text_and_not_as_a_heading():
    old = a_text("一、落实责任\n各学校应当每月检查一次。\n二、加强督导\n区教育局应当督导。")
    new = a_text("一、落实责任\n各学校应当每周检查一次。\n二、加强督导\n区教育局应当督导。")
    comparison = compare(old, new)
    assert comparison.counts[Change.CHANGED] == 1
    (row,) = comparison.changed()
    assert [piece.text for piece in row.before if piece.mark == "deleted"] == ["每月"]


def test_what_was_only_put_in_or_taken_out_is_marked_alone():
    old, new = mark_words("电子显示装置应当在每日22时30分至次日6时关闭。", "电子显示装置应当在每日22时至次日6时关闭。")
    assert [piece.text for piece in old if piece.mark is Mark.DELETED] == ["30分"]
    assert [piece.text for piece in new if piece.mark is Mark.INSERTED] == []
    assert "".join(piece.text for piece in old) == "电子显示装置应当在每日22时30分至次日6时关闭。"
