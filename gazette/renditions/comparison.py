"""新旧对照表 as DOCX: one row an article, deletions struck through, insertions underlined."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Sequence
from typing import Any

from gazette.record.reading import VersionRecord
from gazette.renditions.docx import BODY_FONT, HEADING_FONT, fixed_bytes, set_font
from gazette.renditions.frontmatter import day, wording
from gazette.renditions.layout import xml_safe
from gazette.versions.comparison import Change, Compared, Comparison, Mark, Piece

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def render_docx(
    comparison: Comparison, old: VersionRecord, new: VersionRecord, *, language: str, address: str
) -> bytes:
    """Only what differs, under the two versions' titles and days."""
    from docx import Document
    from docx.enum.section import WD_ORIENT
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Cm, Pt

    words = wording(language)["comparison"]
    file = Document()
    section = file.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Cm(29.7), Cm(21.0)
    set_font(file.styles["Normal"], BODY_FONT, Pt(11))
    set_font(file.styles["Title"], HEADING_FONT, Pt(18))
    properties = file.core_properties
    properties.title, properties.last_modified_by = xml_safe(new.title)[:255], ""
    properties.created = properties.modified = dt.datetime(1980, 1, 1)  # noqa: DTZ001
    named = words["title"] if old.title == new.title else words["titles"]
    title = file.add_paragraph(xml_safe(named.format(title=new.title, old=old.title)), style="Title")
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    counts = {change.value: comparison.counts[change] for change in Change} | {"moved": comparison.moved}
    file.add_paragraph(words["counts"].format(**counts)).alignment = WD_ALIGN_PARAGRAPH.CENTER
    rows = comparison.changed()
    table = file.add_table(rows=1, cols=2, style="Table Grid")
    for cell, version in zip(table.rows[0].cells, (old, new), strict=True):
        made = words["consolidated"] if version.is_consolidated else ""
        cell.text = xml_safe(f"{version.title}（{day(version.version_date, language)}）{made}")
        cell.paragraphs[0].runs[0].bold = True
        cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.CENTER
    _repeat(table.rows[0])
    for row in rows:
        cells = table.add_row().cells
        _fill(cells[0], row, row.before, row.old.num if row.old else None, words["added"])
        _fill(cells[1], row, row.after, row.new.num if row.new else None, words["removed"])
    for cell in (cell for row in table.rows for cell in row.cells):
        cell.paragraphs[0].paragraph_format.space_before = cell.paragraphs[0].paragraph_format.space_after = Pt(4)
    note = file.add_paragraph(xml_safe(f"{wording(language)['disclaimer']} {address}"))
    note.paragraph_format.space_before = Pt(12)
    buffer = io.BytesIO()
    file.save(buffer)
    return fixed_bytes(buffer.getvalue())


def _fill(cell: Any, row: Compared, pieces: Sequence[Piece], num: str | None, absent: str) -> None:
    paragraph = cell.paragraphs[0]
    if not pieces and num is None:
        paragraph.add_run(absent).italic = True
        return
    if num:
        run = paragraph.add_run(xml_safe(num) + "　")
        run.bold = True
        run.underline = row.change is Change.RENUMBERED
    for piece in pieces:
        run = paragraph.add_run(xml_safe(piece.text))
        run.underline = piece.mark is Mark.INSERTED
        run.font.strike = piece.mark is Mark.DELETED
        run.bold = piece.mark is Mark.INSERTED or row.is_heading


def _repeat(row: Any) -> None:
    """The head of the table on every page."""
    from docx.oxml import OxmlElement

    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
