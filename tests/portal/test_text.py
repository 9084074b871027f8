"""The text of a version: one run of lines, cut where it is long."""

from __future__ import annotations

import pytest

from portal.pages.text import CUT_AT_ARTICLE, lay_out
from tests.portal.builders import a_chapter, an_article


def a_long_body(chapters: int = 11, articles: int = 20, letters: int = 400):
    return tuple(
        a_chapter(c, "总则", *(an_article(c * 1000 + i, "文" * letters) for i in range(articles)))
        for c in range(1, chapters + 1)
    )


def test_a_short_text_is_one_piece():
    text = lay_out(a_long_body(chapters=2))
    assert (text.part, text.parts) == (None, 1)


@pytest.mark.parametrize("shape", [(11, 20, 400), (1, 900, 200), (40, 1, 3000)])
def test_the_parts_of_a_long_text_together_are_the_whole(shape):
    body = a_long_body(*shape)
    whole = lay_out(body, full=True)
    parts = [lay_out(body, part=number) for number in range(1, whole.parts + 1)]
    assert whole.parts > 1
    assert tuple(line for part in parts for line in part.lines) == whole.lines
    assert all(sum(len(line.text) for line in part.lines) <= CUT_AT_ARTICLE + 3000 for part in parts)


def test_a_provision_asked_for_chooses_its_part():
    body = a_long_body()
    last = lay_out(body, at="art_11005")
    assert last.part == last.parts
    assert last.found is not None
    assert lay_out(body, at="art_11005__para_9").found == last.found
    assert lay_out(body, at="nothing").part == 1
    assert lay_out(body, part=10**9).part == last.parts


def test_every_line_of_the_contents_leads_to_its_part():
    body = a_long_body()
    for entry in lay_out(body).contents:
        part = lay_out(body, part=entry.part)
        assert entry.eid in {line.eid for line in part.lines}
