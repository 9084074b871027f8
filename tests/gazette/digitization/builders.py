"""Sources for tests: made in memory, each test stating only what matters to it."""

from __future__ import annotations

import importlib.util
import io
import zipfile
from collections.abc import Sequence

import pytest

from gazette.digitization.blocks import Block, BlockKind, paragraph
from gazette.digitization.digitize import digitize_here
from gazette.draft import Digitized, Draft, Node, SourceFile, walk
from tests import paper

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
TYPES = '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'

NOTICE = """江城市人民政府办公厅关于印发
江城市公园管理办法的通知
江政办发〔2021〕7号

各区人民政府，市政府各部门：
《江城市公园管理办法》已经市政府同意，现印发给你们，请遵照执行。
江城市人民政府办公厅
2021年3月5日
（此件公开发布）

江城市公园管理办法

第一章　总　　则
第一条　为了加强公园管理，制定本办法。
第二条　本办法适用于本市公园。
公园名录由市园林局公布。
第三条　游客不得有下列行为：
（一）攀折花木；
（二）破坏设施：
1.桌椅；
2.路灯。
第二章　附　　则
第四条　本办法自2021年4月1日起施行。
"""


def a_text(*lines: str) -> SourceFile:
    return SourceFile(name="a.txt", data="\n".join(lines).encode())


def read_here(data: bytes | str, name: str = "a.txt") -> Digitized:
    return digitize_here(SourceFile(name=name, data=data.encode() if isinstance(data, str) else data))


def one_draft(data: bytes | str, name: str = "a.txt") -> Draft:
    (draft,) = read_here(data, name).drafts
    return draft


def lines(*texts: str) -> tuple[Block, ...]:
    return tuple(paragraph(text, line=number) for number, text in enumerate(texts, 1))


def heading(text: str, level: int = 1) -> Block:
    return Block(kind=BlockKind.HEADING, text=text, level=level)


def nodes(body: Sequence[Node]) -> dict[str, Node]:
    """Every node by its address; an address that stands twice fails the test."""
    found: dict[str, Node] = {}
    for node in walk(tuple(body)):
        assert node.eid not in found, node.eid
        found[node.eid] = node
    return found


def codes(digitized: Digitized) -> set[str]:
    found = {finding.code for finding in digitized.findings}
    return found | {finding.code for draft in digitized.drafts for finding in draft.findings}


def a_zip(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return out.getvalue()


def a_docx(body: str, **members: bytes) -> bytes:
    """A DOCX of the given body XML; `members` are further files, `__` in their names meaning `/`, `_dot_` a dot."""
    document = f"<w:document {W}><w:body>{body}</w:body></w:document>"
    files = {"[Content_Types].xml": TYPES.encode(), "word/document.xml": document.encode()}
    files |= {name.replace("__", "/").replace("_dot_", "."): data for name, data in members.items()}
    return a_zip(files)


def a_run(text: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"


needs_ocr = pytest.mark.skipif(
    importlib.util.find_spec("rapidocr") is None or not paper.is_there(),
    reason="needs the ocr extra and fonts-noto-cjk",
)
