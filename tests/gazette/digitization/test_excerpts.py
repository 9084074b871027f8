"""A file that holds one 编 of a code is not taken for the code."""

from __future__ import annotations

import pytest

from gazette.draft import SourceFile
from gazette.record.ingest import Action, ingest
from gazette.store import Store
from tests.gazette.digitization.builders import codes, one_draft, read_here

NOTE = "2020年5月28日 第十三届全国人民代表大会第三次会议通过"
CODE = "中华人民共和国江河法典"


def a_part(*head: str, first: str = "第四十条") -> str:
    return "\n\n".join((*head, "## 第一章 一般规定", f"{first} 本编调整水权关系。", "水权受国家保护。"))


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (a_part(f"# {CODE}", "# 水权编", NOTE), "a.md"),
        (a_part(f"# {CODE}", "水权编", NOTE), "a.md"),
        (a_part(f"# {CODE}", NOTE, "# 第二编 水权"), "a.md"),
        (a_part(f"# {CODE}", NOTE), "江河法典/水权编.md"),
    ],
    ids=["heading", "line", "numbered", "file name"],
)
def test_a_part_goes_by_the_title_of_the_code_with_the_book_in_brackets(text: str, name: str):
    draft = one_draft(text, name)
    assert draft.title == f"{CODE}（水权编）"
    assert [(entry.kind, str(entry.date)) for entry in draft.history] == [("adopted", "2020-05-28")]
    assert "text.excerpt" in codes(read_here(text, name))


@pytest.mark.parametrize(
    "text",
    [
        a_part(f"# {CODE}", NOTE, "# 第一编 总则", first="第一条") + "\n\n# 第二编 水权\n\n第二条 水权受保护。",
        a_part(f"# {CODE}", NOTE, "# 总则编", first="第一条") + "\n\n# 水权编\n\n第二条 水权受保护。",
        a_part(f"# {CODE}", NOTE),
        a_part("# 江城市年鉴", "资料选编"),
        a_part("# 全国人民代表大会关于修改江河法的决定", "第二编 水权"),
    ],
    ids=["numbered books", "named books", "no book", "no code", "decision"],
)
def test_a_whole_text_keeps_its_title(text: str):
    assert "text.excerpt" not in codes(read_here(text, "a.md"))
    assert "（" not in (one_draft(text, "a.md").title or "")


def test_the_parts_of_a_code_are_no_versions_of_it(store: Store):
    whole = a_part(f"# {CODE}", NOTE, first="第一条")
    texts = [whole, a_part(f"# {CODE}", "# 水权编", NOTE), a_part(f"# {CODE}", "# 航道编", NOTE, first="第九十条")]
    outcomes = [
        ingest(store, SourceFile(name=f"{number}.md", data=text.encode()), publish=True, actor="test")[0]
        for number, text in enumerate(texts)
    ]
    assert {outcome.action for outcome in outcomes} == {Action.STORED}
    assert len({outcome.document for outcome in outcomes}) == len(texts)
