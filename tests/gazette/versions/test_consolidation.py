"""A decision applied to a text: what each kind of change makes of it, and what does not fit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pytest

from gazette.draft import Node, walk
from gazette.versions.amendments import read_decision
from gazette.versions.consolidation import Consolidated, consolidate
from tests.gazette.versions.builders import a_text, as_printed

TITLE = "关于修改《江城市供水条例》的决定"
OLD = """第一章　总则
第一条　为了加强供水管理，制定本条例。
第二条　市水务局主管供水工作。
区水务局负责本区供水工作。
第二章　管理
第三条　禁止下列行为：
（一）盗水；
（二）毁坏设施；
（三）其他行为。
第四条　违反第三条的，处一千元罚款。
第五条　本条例自2001年1月1日起施行。"""


def amend(*lines: str, old: str = OLD) -> Consolidated:
    decision = read_decision(as_printed(*lines), title=TITLE)
    assert decision.findings == ()
    return consolidate(a_text(old), [each for amendment in decision.amendments for each in amendment.operations])


def printed(nodes: Iterable[Node], before: str = "") -> Iterator[str]:
    """The lines of a text as print has them: the number of an article before its first 款."""
    for node in nodes:
        gap = "　" if (node.num or "").startswith("第") else ""
        own = f"{before}{node.num or ''}{gap}{node.heading or ''}{node.text or ''}"
        before = own if own.endswith("　") else ""
        if own and not before:
            yield own
        yield from printed(node.children, before)
        before = ""


def text_of(result: Consolidated) -> str:
    return "\n".join(printed(result.body))


def changed(result: Consolidated) -> tuple[list[str], list[str]]:
    """Lines that went and lines that came."""
    before, after = OLD.split("\n"), text_of(result).split("\n")
    return [line for line in before if line not in after], [line for line in after if line not in before]


@pytest.mark.parametrize(
    ("decision", "gone", "come"),
    [
        (
            "将第二条第二款修改为：“区人民政府负责本区供水工作。”",
            ["区水务局负责本区供水工作。"],
            ["区人民政府负责本区供水工作。"],
        ),
        (
            "将第二条中的“水务局”修改为“水行政部门”。",
            ["第二条　市水务局主管供水工作。", "区水务局负责本区供水工作。"],
            ["第二条　市水行政部门主管供水工作。", "区水行政部门负责本区供水工作。"],
        ),
        (
            "将本条例中的“水务局”统一修改为“水务部门”。",
            ["第二条　市水务局主管供水工作。", "区水务局负责本区供水工作。"],
            ["第二条　市水务部门主管供水工作。", "区水务部门负责本区供水工作。"],
        ),
        ("删去第二条第二款。", ["区水务局负责本区供水工作。"], []),
        ("删去第四条中的“一千元”。", ["第四条　违反第三条的，处一千元罚款。"], ["第四条　违反第三条的，处罚款。"]),
        (
            "在第四条中的“罚款”前增加“以下”。",
            ["第四条　违反第三条的，处一千元罚款。"],
            ["第四条　违反第三条的，处一千元以下罚款。"],
        ),
        ("第二条增加一款，作为第三款：“街道协助供水工作。”", [], ["街道协助供水工作。"]),
        ("在第二条第一款后增加一款：“街道协助供水工作。”", [], ["街道协助供水工作。"]),
        (
            "第三条增加一项，作为第三项：“（三）私接管道；”",
            ["（三）其他行为。"],
            ["（三）私接管道；", "（四）其他行为。"],
        ),
        (
            "删去第三条第一项。",
            ["（一）盗水；", "（二）毁坏设施；", "（三）其他行为。"],
            ["（一）毁坏设施；", "（二）其他行为。"],
        ),
        ("第三条第（二）项修改为：“（二）毁损设施；”", ["（二）毁坏设施；"], ["（二）毁损设施；"]),
        ("将第二章章名修改为：“监督管理”", ["第二章　管理"], ["第二章　监督管理"]),
        (
            "第四条末尾增加“情节严重的，从重处罚。”",
            ["第四条　违反第三条的，处一千元罚款。"],
            ["第四条　违反第三条的，处一千元罚款。情节严重的，从重处罚。"],
        ),
        ("在第四条后增加一条，作为第四条之一：“拒绝检查的，责令改正。”", [], ["第四条之一　拒绝检查的，责令改正。"]),
        (
            "第四条“违反第三条的，处一千元罚款。”修改为：“违反第三条的，处二千元罚款。”",
            ["第四条　违反第三条的，处一千元罚款。"],
            ["第四条　违反第三条的，处二千元罚款。"],
        ),
    ],
    ids=lambda value: value[:18] if isinstance(value, str) else "",
)
def test_a_change_changes_its_lines_and_no_others(decision, gone, come):
    result = amend(decision)
    assert result.findings == ()
    assert changed(result) == (gone, come)


def numbers(result: Consolidated) -> list[str]:
    return [node.num or "" for node in walk(result.body) if node.eid.startswith("art_") and "__" not in node.eid]


def test_an_added_article_pushes_the_others_on_and_each_keeps_its_permanent_address():
    result = amend("一、增加一条，作为第二条：“供水应当节约。”", "条文序号作相应调整。")
    assert numbers(result) == ["第一条", "第二条", "第三条", "第四条", "第五条", "第六条"]
    kept = {node.eid: node.wid for node in walk(result.body) if node.eid.startswith("art_") and "__" not in node.eid}
    assert kept == {
        "art_1": "art_1",
        "art_2": "art_2_v2",
        "art_3": "art_2",
        "art_4": "art_3",
        "art_5": "art_4",
        "art_6": "art_5",
    }
    assert result.body[0].eid == "chp_1"
    assert result.body[0].children[1].text == "供水应当节约。"


def test_a_deleted_article_leaves_its_number_empty_unless_numbers_are_adjusted():
    assert numbers(amend("删去第二条。")) == ["第一条", "第三条", "第四条", "第五条"]
    assert numbers(amend("删去第二条。", "条文序号作相应调整。")) == ["第一条", "第二条", "第三条", "第四条"]


def test_numbers_that_clash_are_adjusted_and_the_editor_is_told():
    result = amend("增加一条，作为第四条：“供水应当节约。”")
    assert numbers(result) == ["第一条", "第二条", "第三条", "第四条", "第五条", "第六条"]
    assert [finding.code for finding in result.findings] == ["consolidation.renumbering_inferred"]


def test_references_are_put_right_only_where_the_decision_says_so():
    silent = amend("增加一条，作为第二条：“供水应当节约。”", "条文序号作相应调整。")
    assert [finding.code for finding in silent.findings] == ["consolidation.reference_stale"]
    told = amend("增加一条，作为第二条：“供水应当节约。”", "条文序号作相应调整。", "对引用的条文序号作相应修改。")
    assert told.findings == ()
    assert "第五条　违反第四条的，处一千元罚款。" in text_of(told)


def test_an_article_renumbered_backwards_moves():
    result = amend("将第五条改为第二条。", "条文序号作相应调整。")
    assert [node.text for node in walk(result.body) if node.eid == "art_2"] == ["本条例自2001年1月1日起施行。"]
    assert numbers(result) == ["第一条", "第二条", "第三条", "第四条", "第五条"]


def test_articles_are_merged_split_and_swapped():
    merged = amend("将第一条、第二条合并，作为第一条，修改为：“为了加强管理，制定本条例。”", "条文序号作相应调整。")
    assert numbers(merged) == ["第一条", "第二条", "第三条", "第四条"]
    split = amend("将第一条分为两条，作为第一条、第二条，修改为：“第一条　甲。\n第二条　乙。”", "条文序号作相应调整。")
    assert numbers(split) == ["第一条", "第二条", "第三条", "第四条", "第五条", "第六条"]
    swapped = amend("将第四条与第五条位置互换。")
    assert "第五条　违反第三条的，处一千元罚款。" in text_of(swapped)


def test_a_paragraph_becomes_an_article_and_back():
    result = amend("将第二条第二款改为第三条，修改为：“区人民政府负责供水工作。”", "条文序号作相应调整。")
    assert "第三条　区人民政府负责供水工作。" in text_of(result)
    back = amend("将第五条改为第四条第二款。")
    assert text_of(back).endswith("第四条　违反第三条的，处一千元罚款。\n本条例自2001年1月1日起施行。")
    assert numbers(back) == ["第一条", "第二条", "第三条", "第四条"]


def test_a_chapter_is_added_with_its_articles():
    result = amend("增加一章，作为第三章：“第三章　罚则", "第五条　甲。", "第六条　乙。”", "条文序号作相应调整。")
    assert [node.eid for node in result.body] == ["chp_1", "chp_2", "chp_3"]
    assert numbers(result)[-1] == "第七条"


def test_the_title_changes():
    assert amend("将名称修改为：“江城市节约用水条例”。").title == "江城市节约用水条例"


@pytest.mark.parametrize(
    ("decision", "code"),
    [
        ("删去第八十条。", "consolidation.place_missing"),
        ("将第四条中的“拘留”修改为“罚款”。", "consolidation.words_missing"),
        ("第二条第五款修改为：“甲。”", "consolidation.place_missing"),
        ("增加一条，作为第九条：“甲。”", None),
    ],
)
def test_what_does_not_fit_is_a_finding_and_changes_nothing(decision, code):
    result = amend(decision)
    if code is None:
        assert numbers(result)[-1] == "第九条"
        return
    assert [finding.code for finding in result.findings] == [code]
    assert result.applied == 0
    assert result.body == a_text(OLD)


def test_a_text_taken_apart_and_put_together_is_the_same():
    assert consolidate(a_text(OLD), ()).body == a_text(OLD)


def test_words_are_found_whatever_their_spaces_and_widths():
    result = amend("将第五条中的“２００１年１月１日”修改为“2026年1月1日”。")
    assert "第五条　本条例自2026年1月1日起施行。" in text_of(result)


def test_a_notice_without_articles_is_amended_by_its_numbers():
    old = "一、加强领导。\n二、落实责任，每年检查一次。\n三、做好宣传。"
    result = amend("将第二条中的“一次”修改为“两次”。", old=old)
    assert "每年检查两次" in result.body[1].full_text()


def test_an_article_that_becomes_the_first_paragraph_of_a_renumbered_one_goes_there_whole():
    result = amend(
        "将第四条改为第五条第一款。",
        "增加一款，作为第二款：“情节严重的，加倍。”",
        "增加一条，作为第四条：“节约用水。”",
        "条文序号作相应调整。",
    )
    lines = text_of(result).split("\n")
    assert "第四条　节约用水。" in lines
    assert lines[lines.index("第五条　违反第三条的，处一千元罚款。") + 1] == "情节严重的，加倍。"
    assert result.findings == ()


def test_renumbered_paragraphs_leave_their_article_where_the_decision_put_it():
    result = amend(
        "将第二条改为第三条，增加一款，作为第一款：“供水优先。”",
        "第一款、第二款改为第二款、第三款，修改为：“甲。\n“乙。”",
        "增加一条，作为第二条：“节约用水。”",
        "条文序号作相应调整。",
    )
    lines = text_of(result).split("\n")
    at = lines.index("第三条　供水优先。")
    assert lines[at - 1 : at + 3] == ["第二条　节约用水。", "第三条　供水优先。", "甲。", "乙。"]


def test_an_item_without_an_end_is_text_and_ends_as_its_neighbours():
    assert "（二）挪用；" in text_of(amend("第三条增加一项，作为第二项：“（二）挪用”。")).split("\n")


def test_the_end_of_a_sentence_is_changed_at_its_end():
    _, come = changed(amend("第四条句末“。”修改为“，另有规定的除外。”"))
    assert come == ["第四条　违反第三条的，处一千元罚款，另有规定的除外。"]
