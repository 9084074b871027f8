"""密级: what is classified reaches the public by no way there is, and what only speaks of secrets is not held."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from gazette.digitization.secrecy import is_mark
from gazette.editing.publication import publication_obstacle
from gazette.editing.workflow import correct, publish
from gazette.errors import Conflict, NotFound
from gazette.issues.gazettes import EntryDraft, add_gazette, add_issue, assemble, parse_issue_address, publish_issue
from gazette.record.reading import get_document
from gazette.store import Store
from tests.gazette.builders import a_draft, take_in
from tests.gazette.digitization.builders import NOTICE, a_docx, a_run, read_here

MARKED = ("机密★5年", *NOTICE.splitlines())
CELL = "<w:tbl><w:tr><w:tc>{}</w:tc><w:tc>{}</w:tc></w:tr></w:tbl>"


@pytest.mark.parametrize(
    "mark", ["机密", "绝密★长期", "密级：秘密", "机 密 ★ 5 年", "秘密★6个月", "机密★启用前", "秘密级★1年", "密 级 秘密"]
)
def test_a_mark_is_told_in_every_form(mark: str):
    assert is_mark(mark)


@pytest.mark.parametrize("line", ["国家秘密", "保守秘密", "绝密、机密、秘密三级", "秘密事项清单", "密级鉴定工作"])
def test_words_about_secrets_are_no_mark(line: str):
    assert not is_mark(line)


@pytest.mark.parametrize(
    "head",
    ["密级：绝密★长期　　份号：000001", "特急　机密★1年　000023", "江政办发〔2021〕7号　　秘密★3年", "秘密级★1年"],
)
def test_every_document_of_a_marked_file_is_held_back(head: str):
    drafts = read_here(f"{head}\n{NOTICE}").drafts
    assert [draft.kind for draft in drafts] == ["通知", "办法"]
    assert {obstacle.code for draft in drafts if (obstacle := publication_obstacle(draft))} == {"publication.secret"}
    assert all(map(publication_obstacle, drafts))


def test_a_mark_in_a_table_or_in_the_page_s_head_of_a_word_file_is_seen():
    text = "".join(map(a_run, NOTICE.splitlines()))
    table = a_docx(CELL.format(a_run("000012"), a_run("机密★1年")) + text)
    header = (
        f'<w:hdr xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">{a_run("秘密★1年")}</w:hdr>'
    )
    for data in (table, a_docx(text, word__header1_dot_xml=header.encode())):
        assert all(map(publication_obstacle, read_here(data, "a.docx").drafts))


def test_a_label_of_a_page_marks_its_document():
    page = f"<table><tr><td>密级：</td><td>秘密</td></tr></table><div id=zoom>{'<p>'.join(NOTICE.splitlines())}</div>"
    assert all(map(publication_obstacle, read_here(f"<html><body>{page}</body></html>", "a.html").drafts))


def _by_hand(store: Store, document: str) -> None:
    publish(store, document, actor="编辑")


def _in_an_issue(store: Store, document: str) -> None:
    address = parse_issue_address("jiangcheng/2024/3")
    add_gazette(store, "jiangcheng", "江城市人民政府公报", actor="编辑", sponsor="江城市人民政府", columns=())
    add_issue(store, address, actor="编辑")
    assemble(store, address, [EntryDraft(document=document)], actor="编辑")
    publish_issue(store, address, actor="总编")


WAYS: dict[str, Callable[[Store, str], None]] = {"by the editor": _by_hand, "in an issue": _in_an_issue}


@pytest.mark.parametrize("way", WAYS)
def test_no_way_leads_a_marked_text_to_the_public(store: Store, way: str):
    taken = take_in(store, a_draft("关于演练的通知", notes=("密级：机密★1年",)), publish=True)
    with pytest.raises(Conflict, match="密级"):
        WAYS[way](store, taken.document or "")
    with store.read() as session, pytest.raises(NotFound):
        get_document(session, taken.document or "")


def test_a_mark_set_by_mistake_is_struck_out_by_an_editor_with_a_reason(store: Store):
    taken = take_in(store, a_draft("关于演练的通知", notes=("密级：机密★1年",)), publish=True)
    document = taken.document or ""
    correct(store, document, {"notes": []}, actor="编辑", version=taken.version, reason="原件无密级")
    publish(store, document, actor="编辑")
    with store.read() as session:
        assert get_document(session, document).state == "published"
