"""The division of a filed issue set by an editor: entries split, joined and moved, and taken back."""

from __future__ import annotations

import pytest

from gazette.audit import find_standing_act
from gazette.editing.correction import correct
from gazette.editing.undoing import undo
from gazette.editing.workflow import purge
from gazette.errors import BadInput, Conflict, NotFound
from gazette.issues.boundaries import PrintedBlock, get_boundaries, list_blocks, set_boundaries
from gazette.issues.filing import Arranged, arrange
from gazette.issues.gazettes import publish_issue
from gazette.issues.issue import Issue, IssueAddress, get_issue
from gazette.record.reading import get_document
from gazette.store import Store
from tests.gazette.issues.test_filing import ADDRESS, filed

LETTER = "江城市人民政府关于印发江城市停车管理办法的通知"
RULES = "江城市停车管理办法"
NOTICE = "江城市教育局关于做好招生工作的通知"


def blocks_of(store: Store) -> dict[str, PrintedBlock]:
    """The blocks by their text; of a text printed twice (contents, body) the later one."""
    with store.read() as session:
        standing = get_boundaries(session, ADDRESS)
    return {block.text: block for block in list_blocks(store, standing, begin=0, end=1000)[0]}


def divide(store: Store, *, add: tuple[str, ...] = (), drop: tuple[str, ...] = ()) -> Issue:
    blocks = blocks_of(store)
    with store.read() as session:
        standing = get_boundaries(session, ADDRESS)
    starts = {*standing.starts, *(blocks[text].number for text in add)} - {blocks[text].number for text in drop}
    return set_boundaries(store, ADDRESS, sorted(starts), known=standing.act, actor="测试")


def titles(issue: Issue) -> list[str | None]:
    return [entry.title for entry in issue.entries]


def test_the_blocks_say_where_each_document_begins(store: Store):
    filed(store)
    assert [text for text, block in blocks_of(store).items() if block.begins] == [
        "江政发〔2024〕9号",
        "江教规〔2024〕1号",
    ]


def test_an_entry_is_split_where_a_block_is_ticked(store: Store):
    before = filed(store).issue
    assert before is not None
    joined = divide(store, drop=("江教规〔2024〕1号",))
    assert titles(joined) == [LETTER, RULES]
    split = divide(store, add=("江教规〔2024〕1号",))
    assert titles(split) == [LETTER, RULES, NOTICE]
    assert [entry.document for entry in split.entries] == [entry.document for entry in before.entries]


def test_a_boundary_is_moved_by_ticking_another_block(store: Store):
    filed(store)
    issue = divide(store, add=("各学校：",), drop=("江教规〔2024〕1号",))
    assert len(issue.entries) == 3
    with store.read() as session:
        versions = get_document(session, issue.entries[1].document or "", drafts=True).versions
    rules = next(each for each in versions if each.id == issue.entries[1].version)
    assert NOTICE in "".join(node.full_text() for node in rules.body)


def test_two_entries_are_joined_and_the_rest_keeps_what_the_editor_set(store: Store):
    entries = filed(store).issue.entries  # type: ignore[union-attr]
    renamed = [
        Arranged(position=each.position, order=each.position, column="文件选登", title=f"改{each.position}")
        for each in entries
    ]
    arrange(store, ADDRESS, renamed, actor="测试")
    issue = divide(store, drop=("江教规〔2024〕1号",))
    assert "改1" in titles(issue)
    assert NOTICE not in titles(issue)


def test_a_text_an_editor_corrected_is_kept_where_its_boundaries_stay(store: Store):
    issue = filed(store).issue
    assert issue is not None
    notice = issue.entries[2]
    body = [{"type": "paragraph", "text": "改过的正文。"}]
    correct(store, notice.document or "", {"body": body}, version=notice.version, actor="测试")
    changed = divide(store, add=("第二条　本办法适用于本市。",))
    assert changed.entries[-1].version == notice.version


def test_a_division_is_taken_back_by_one_undo(store: Store):
    before = filed(store).issue
    assert before is not None
    changed = divide(store, drop=("江教规〔2024〕1号",))
    assert titles(changed) != titles(before)
    with store.read() as session:
        act = find_standing_act(session, str(ADDRESS), ("divide",))
    assert act is not None
    undo(store, act, actor="测试")
    with store.read() as session:
        assert titles(get_issue(session, ADDRESS)) == titles(before)
    assert blocks_of(store)["江教规〔2024〕1号"].begins


def test_an_arrangement_is_taken_back_unless_a_later_one_rests_on_it(store: Store):
    entries = filed(store).issue.entries  # type: ignore[union-attr]
    for word in ("甲", "乙"):
        wanted = [
            Arranged(position=each.position, order=each.position, column=word, title=each.title) for each in entries
        ]
        arrange(store, ADDRESS, wanted, actor="测试")
    with store.read() as session:
        last = find_standing_act(session, str(ADDRESS), ("assemble",))
    assert last is not None
    undo(store, last, actor="测试")
    with store.read() as session:
        assert {entry.column for entry in get_issue(session, ADDRESS).entries} == {"甲"}


def test_the_same_file_again_leaves_an_editors_division(store: Store):
    filed(store)
    divided = divide(store, drop=("江教规〔2024〕1号",))
    assert filed(store).issue == divided


def test_a_division_seen_before_another_one_is_refused(store: Store):
    filed(store)
    with store.read() as session:
        seen = get_boundaries(session, ADDRESS)
    divide(store, drop=("江教规〔2024〕1号",))
    with pytest.raises(Conflict):
        set_boundaries(store, ADDRESS, seen.starts, known=seen.act, actor="测试")


@pytest.mark.parametrize("starts", [(), (100_000,)])
def test_a_division_without_a_beginning_is_refused(store: Store, starts: tuple[int, ...]):
    filed(store)
    with store.read() as session:
        known = get_boundaries(session, ADDRESS).act
    with pytest.raises(BadInput):
        set_boundaries(store, ADDRESS, starts, known=known, actor="测试")


def test_a_published_issue_keeps_its_division(store: Store):
    filed(store)
    publish_issue(store, ADDRESS, actor="测试")
    with pytest.raises(Conflict):
        divide(store, drop=("江教规〔2024〕1号",))


def test_an_issue_of_which_nothing_was_read_has_no_boundaries(store: Store):
    with store.read() as session, pytest.raises(NotFound):
        get_boundaries(session, IssueAddress(gazette="jiangcheng", year=2024, number=9))


def test_a_purge_takes_what_was_read_of_the_issue_along(store: Store):
    issue = filed(store).issue
    assert issue is not None
    assert issue.entries[0].document is not None
    with store.read() as session:
        reading = get_boundaries(session, ADDRESS).reading
    purge(store, issue.entries[0].document, actor="测试", reason="个人信息")
    assert not store.blobs.has(reading)
