"""A self-contained printable page: no script, no style sheet or picture from elsewhere, every eid an anchor."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from html import escape
from importlib.resources import files

from gazette.draft import Body
from gazette.record.reading import DocumentRecord, VersionRecord
from gazette.renditions.frontmatter import FrontMatter, describe
from gazette.renditions.layout import Block, BlockKind, iter_blocks


def render(document: DocumentRecord, version: VersionRecord, *, language: str, site: str) -> bytes:
    return page(document, version, language=language, site=site).encode()


def page(document: DocumentRecord, version: VersionRecord, *, language: str, site: str) -> str:
    """The whole page as text; the PDF is printed from it."""
    front = describe(document, version, language=language, site=site)
    lines = [
        "<!DOCTYPE html>",
        f'<html lang="{"zh-CN" if version.language == "zh" else escape(version.language)}">',
        f'<head><meta charset="utf-8"><title>{_text(front.title)}</title>',
        f"<style>{style()}</style></head>",
        "<body>",
        *_head(front),
        "<main>",
        *body_html(version.body),
        "</main>",
        *(f'<p class="note">{_text(note)}</p>' for note in version.notes),
        f'<footer class="disclaimer">{_text(front.disclaimer)}　{_text(front.address)}</footer>',
        "</body></html>",
    ]
    return "\n".join(lines) + "\n"


@cache
def style() -> str:
    """The print style sheet, shared with the typeset issue."""
    return (files("gazette.renditions") / "print.css").read_text("utf-8")


def body_html(body: Body, *, level: int = 2, anchors: str = "") -> Iterator[str]:
    """The body's blocks; headings begin at h`level`. `anchors` goes before every id, so that the documents of
    one issue can stand on one page."""
    for block in iter_blocks(body):
        yield _block(block, level, anchors)


def _head(front: FrontMatter) -> Iterator[str]:
    yield f"<header><h1>{_text(front.title)}</h1>"
    if front.caption:
        yield f'<p class="caption">{_text(front.caption)}</p>'
    yield f'<p class="standing">{_text(front.standing)}</p>'
    if front.deciding:
        yield f'<p class="deciding">{_text(front.deciding)}</p>'
    yield '<dl class="facts">'
    yield from (f"<dt>{_text(label)}</dt><dd>{_text(value)}</dd>" for label, value in front.facts)
    yield "</dl></header>"


def _block(block: Block, level: int, prefix: str) -> str:
    ids = [escape(prefix + anchor) for anchor in block.anchors]
    own = f' id="{ids[0]}"' if ids else ""
    others = "".join(f'<a id="{each}"></a>' for each in ids[1:])
    if block.kind is BlockKind.HEADING:
        tag = f"h{min(level + block.level - 1, 6)}"
        return f'<{tag}{own} class="{block.type.value}">{others}{_text(block.line)}</{tag}>'
    if block.kind is BlockKind.TABLE:
        head, *rows = block.rows
        return (
            f"<table{own}><thead>{_row(head, 'th')}</thead>"
            f"<tbody>{''.join(_row(row, 'td') for row in rows)}</tbody></table>"
        )
    if block.num and block.type.value == "article":
        line = block.line.removeprefix(block.num)
        return f'<p{own} class="article">{others}<b>{_text(block.num)}</b>{_text(line)}</p>'
    return f'<p{own} class="{block.type.value}">{others}{_text(block.line)}</p>'


def _row(cells: tuple[str, ...], tag: str) -> str:
    return "<tr>" + "".join(f"<{tag}>{_text(cell)}</{tag}>" for cell in cells) + "</tr>"


def _text(text: str) -> str:
    return escape(text).replace("\n", "<br>")
