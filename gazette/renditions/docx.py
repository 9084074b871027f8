"""DOCX: for those who go on working with the text. 仿宋 body and 宋体 headings, as GB/T 9704 sets official papers."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from gazette.digitization.readers.wordstyles import ATTACHMENT
from gazette.draft import BodyType
from gazette.record.reading import DocumentRecord, VersionRecord
from gazette.renditions.frontmatter import FrontMatter, describe
from gazette.renditions.layout import Block, BlockKind, iter_blocks, xml_safe

BODY_FONT, HEADING_FONT = "仿宋", "宋体"

#: The tags of the content controls around what a rendition prints beside the text, so that reading a rendition back
#: tells the two apart.
FRONT, NOTES = "gongbao-front", "gongbao-notes"

#: Files inside a DOCX carry a time; the same text must give the same bytes.
_FIXED_TIME = (1980, 1, 1, 0, 0, 0)


def render(document: DocumentRecord, version: VersionRecord, *, language: str, site: str) -> bytes:
    """The version as a Word file that reads back as the same tree; the same record gives the same bytes."""
    from docx import Document

    front = describe(document, version, language=language, site=site)
    file = Document()
    _set_up(file, front, document)
    _write_head(file, front)
    for block in iter_blocks(version.body):
        _write_block(file, block)
    with _control(file, NOTES):
        for note in version.notes:
            file.add_paragraph(xml_safe(note))
    with _control(file, FRONT):
        file.add_paragraph(front.disclaimer)
    buffer = io.BytesIO()
    file.save(buffer)
    return fixed_bytes(buffer.getvalue())


def _set_up(file: Any, front: FrontMatter, document: DocumentRecord) -> None:
    from docx.enum.style import WD_STYLE_TYPE
    from docx.shared import Cm, Pt

    section = file.sections[0]
    section.page_width, section.page_height = Cm(21.0), Cm(29.7)
    section.left_margin, section.right_margin = Cm(2.8), Cm(2.6)
    section.top_margin, section.bottom_margin = Cm(3.7), Cm(3.5)
    set_font(file.styles["Normal"], BODY_FONT, Pt(12))
    for name, size in (("Title", 20), ("Heading 1", 15), ("Heading 2", 13), ("Heading 3", 12), ("Heading 4", 12)):
        set_font(file.styles[name], HEADING_FONT, Pt(size))
    attachment = file.styles.add_style(ATTACHMENT, WD_STYLE_TYPE.PARAGRAPH)
    attachment.base_style = file.styles["Heading 1"]
    properties = file.core_properties
    # A core property holds 255 characters at most.
    properties.title = xml_safe(front.title)[:255]
    properties.author = xml_safe("、".join(document.issuers))[:255]
    properties.comments, properties.last_modified_by = front.disclaimer, ""
    # python-docx writes naive times as UTC; the day asked for would change the bytes, so it stays out.
    properties.created = properties.modified = dt.datetime(*_FIXED_TIME)  # noqa: DTZ001


def set_font(style: Any, font: str, size: Any) -> None:
    """East Asian text takes its own font attribute; the Latin one alone would leave Chinese in the default."""
    from docx.oxml.ns import qn
    from docx.shared import RGBColor

    style.font.name, style.font.size = font, size
    style.font.color.rgb = RGBColor(0x1C, 0x1F, 0x22)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for name in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
        fonts.attrib.pop(qn(name), None)
    fonts.set(qn("w:eastAsia"), font)


def _write_head(file: Any, front: FrontMatter) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    file.add_paragraph(xml_safe(front.title), style="Title").alignment = WD_ALIGN_PARAGRAPH.CENTER
    if front.caption:
        file.add_paragraph(xml_safe(front.caption)).alignment = WD_ALIGN_PARAGRAPH.CENTER
    with _control(file, FRONT):
        file.add_paragraph().add_run(xml_safe(front.standing)).bold = True
        if front.deciding:
            file.add_paragraph(xml_safe(front.deciding))
        table = file.add_table(rows=0, cols=2, style="Table Grid")
        for label, value in front.facts:
            cells = table.add_row().cells
            cells[0].text, cells[1].text = label, xml_safe(value)
        file.add_paragraph()


@contextmanager
def _control(file: Any, tag: str) -> Iterator[None]:
    """What is added inside goes into one content control with this tag; none is written around nothing."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    body = file.element.body
    before = len(body)
    yield
    added = [each for each in body[before - 1 :] if each.tag != qn("w:sectPr")]
    if not added:
        return
    control, properties, name = OxmlElement("w:sdt"), OxmlElement("w:sdtPr"), OxmlElement("w:tag")
    name.set(qn("w:val"), tag)
    properties.append(name)
    control.append(properties)
    content = OxmlElement("w:sdtContent")
    control.append(content)
    body.insert(before - 1, control)
    content.extend(added)


def _write_block(file: Any, block: Block) -> None:
    from docx.shared import Pt

    if block.kind is BlockKind.HEADING:
        style = ATTACHMENT if block.type is BodyType.ATTACHMENT else f"Heading {min(block.level, 4)}"
        file.add_paragraph(xml_safe(block.line), style=style)
    elif block.kind is BlockKind.TABLE:
        width = max(len(row) for row in block.rows)
        table = file.add_table(rows=0, cols=width, style="Table Grid")
        for row in block.rows:
            for cell, text in zip(table.add_row().cells, row, strict=False):
                cell.text = xml_safe(text)
    else:
        paragraph = file.add_paragraph(xml_safe(block.line))
        paragraph.paragraph_format.first_line_indent = Pt(24)
        paragraph.paragraph_format.space_after = Pt(0)
        paragraph.paragraph_format.line_spacing = 1.5


def fixed_bytes(data: bytes) -> bytes:
    """The same package with every member stamped alike."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(buffer, "w") as target:
        for name in source.namelist():
            info = zipfile.ZipInfo(name, _FIXED_TIME)
            info.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(info, source.read(name))
    return buffer.getvalue()
