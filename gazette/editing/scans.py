"""Lines of a scan as they are held: each with its place on the page, what was read there, and what it says now.

An editor corrects line by line beside the picture. The correction changes the document's text at the very characters
that differ, keeps the line's place on the page and its first reading, and is one undoable entry of the trail.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from typing import Any

from sqlalchemy import JSON, ForeignKey, Text, and_, case, delete, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from gazette.digitization.blocks import ScanLine
from gazette.draft import Body, Node
from gazette.errors import BadInput, NotFound
from gazette.record.documents import CopyRow, VersionRow
from gazette.store import Base

#: An editor is shown the lines read with less confidence than this first.
UNSURE = 0.9


class ScanLineRow(Base):
    """One line of a scanned copy. `reading` is what was recognized and never changes, `text` what stands there now."""

    __tablename__ = "scan_lines"

    copy_id: Mapped[str] = mapped_column(ForeignKey("copies.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    page: Mapped[int]
    #: Quarters clockwise by which the page was turned, and on the page so turned the box in widths of the page.
    turned: Mapped[int]
    box: Mapped[list[float]] = mapped_column(JSON)
    reading: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    confidence: Mapped[float]


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldLine:
    """A line as an editor sees it."""

    position: int
    page: int
    turned: int
    box: tuple[float, ...]
    reading: str
    text: str
    confidence: float

    @property
    def is_unsure(self) -> bool:
        return self.confidence < UNSURE and self.text == self.reading

    @property
    def width(self) -> float:
        """The share of the page's width that the line takes."""
        return self.box[2] - self.box[0]


def save_lines(session: Session, copy_id: str, lines: Sequence[ScanLine]) -> None:
    """Keep the recognized lines of a copy, each as it was read."""
    session.add_all(
        ScanLineRow(
            copy_id=copy_id,
            position=position,
            page=line.page,
            turned=line.turned,
            box=list(line.box),
            reading=line.text,
            text=line.text,
            confidence=line.confidence,
        )
        for position, line in enumerate(lines)
    )


def list_pages(session: Session, copy_id: str) -> dict[int, int]:
    """The pages of a scanned copy that hold lines of the document, each with how many lines are doubtful."""
    doubtful = and_(ScanLineRow.confidence < UNSURE, ScanLineRow.text == ScanLineRow.reading)
    rows = session.execute(
        select(ScanLineRow.page, func.sum(case((doubtful, 1), else_=0)))
        .where(ScanLineRow.copy_id == copy_id)
        .group_by(ScanLineRow.page)
        .order_by(ScanLineRow.page)
    )
    return {page: int(count) for page, count in rows}


def list_lines(session: Session, copy_id: str, page: int) -> tuple[HeldLine, ...]:
    """The lines of one page in reading order."""
    rows = session.scalars(select(ScanLineRow).filter_by(copy_id=copy_id, page=page).order_by(ScanLineRow.position))
    return tuple(
        HeldLine(
            position=row.position,
            page=row.page,
            turned=row.turned,
            box=tuple(row.box),
            reading=row.reading,
            text=row.text,
            confidence=row.confidence,
        )
        for row in rows
    )


def read_texts(session: Session, version: str, keys: Iterable[str]) -> dict[str, str]:
    """What the lines named `copy:position` say now. Raises NotFound."""
    return {key: _row(session, version, key).text for key in keys}


def write_texts(session: Session, version: str, texts: Mapping[str, str]) -> None:
    for key, text in texts.items():
        _row(session, version, key).text = text


def plain_lines(lines: Sequence[ScanLine], texts: Mapping[int, str]) -> list[list[Any]]:
    """Lines as the trail keeps them; `texts` are those that say something else than was read, by position."""
    return [
        [line.page, line.turned, list(line.box), line.text, texts.get(position, line.text), line.confidence]
        for position, line in enumerate(lines)
    ]


def read_scan(session: Session, copy_id: str) -> dict[str, Any]:
    """Every line of a scanned copy as plain values."""
    rows = session.scalars(select(ScanLineRow).filter_by(copy_id=copy_id).order_by(ScanLineRow.position))
    lines = [[row.page, row.turned, row.box, row.reading, row.text, row.confidence] for row in rows]
    return {"copy": copy_id, "lines": lines}


def write_scan(session: Session, scan: Mapping[str, Any]) -> None:
    """Put these lines in place of all that a scanned copy has."""
    session.execute(delete(ScanLineRow).where(ScanLineRow.copy_id == scan["copy"]))
    for position, (page, turned, box, reading, text, confidence) in enumerate(scan["lines"]):
        place = {"page": page, "turned": turned, "box": box}
        read = {"reading": reading, "text": text, "confidence": confidence}
        session.add(ScanLineRow(copy_id=scan["copy"], position=position, **place, **read))


def carry_corrections(
    title: str, body: Body, lines: Sequence[ScanLine], corrected: Iterable[HeldLine]
) -> tuple[str, Body, dict[int, str]] | None:
    """A new reading of a scan with the lines that an editor had corrected: title, body, and by position the lines that
    say something else than was read now. None where a line has no counterpart."""
    texts: dict[int, str] = {}
    for held in corrected:
        position = _counterpart(lines, held)
        if position is None:
            return None
        read = lines[position].text
        if read != held.text:
            earlier = sum(line.text == read for line in lines[:position])
            title, body = _replaced(title, body, read, held.text, earlier)
            texts[position] = held.text
    return title, body, texts


def _counterpart(lines: Sequence[ScanLine], held: HeldLine) -> int | None:
    """The line that stands where the held one does: their boxes share most of the height and of the width."""
    left, top, right, bottom = held.box
    for position, line in enumerate(lines):
        across = min(right, line.box[2]) - max(left, line.box[0])
        down = min(bottom, line.box[3]) - max(top, line.box[1])
        same_side = (line.page, line.turned) == (held.page, held.turned)
        if same_side and across > (right - left) / 2 and down > (bottom - top) / 2:
            return position
    return None


def changes_of(session: Session, version: str, texts: Mapping[str, str]) -> dict[str, Any]:
    """The fields of the version that a correction of lines (`copy:position` → text) sets: the lines, and body and
    title where a line is found there. Raises BadInput for an empty line, NotFound."""
    row = session.get(VersionRow, version)
    if row is None:
        raise NotFound(what=f"版本 {version}")
    if not all(text.strip() for text in texts.values()):
        raise BadInput(why="行的文字不能为空")
    lines: dict[str, str] = {}
    title, body = row.title, tuple(Node.from_json(node) for node in row.body)
    for key, text in texts.items():
        held = _row(session, version, key)
        if held.text == text.strip():
            continue
        lines[key] = text.strip()
        title, body = _replaced(title, body, held.text, text.strip(), _before(session, held))
    fields: dict[str, Any] = {"scan_lines": lines} if lines else {}
    if title != row.title:
        fields["title"] = title
    if [node.to_json() for node in body] != row.body:
        fields["body"] = body
    return fields


def _row(session: Session, version: str, key: str) -> ScanLineRow:
    copy_id, _, position = key.partition(":")
    row = session.get(ScanLineRow, (copy_id, int(position))) if position.isdecimal() else None
    copy = session.get(CopyRow, copy_id) if row else None
    if row is None or copy is None or copy.version_id != version:
        raise NotFound(what=f"扫描行 {key}")
    return row


def _before(session: Session, row: ScanLineRow) -> int:
    """How often the same line stands earlier in the scan."""
    query = select(func.count()).select_from(ScanLineRow).where(ScanLineRow.position < row.position)
    return session.scalar(query.filter_by(copy_id=row.copy_id, text=row.text)) or 0


def _replaced(title: str, body: Body, old: str, new: str, before: int) -> tuple[str, Body]:
    """Title and body with the line `old`, standing there the `before`-th time, made `new`; as they were if the line
    is in neither (a date, an addressee: fields of their own)."""
    pieces = [("", "title", title), *_texts(body)]
    stream = [(at, place) for at, (_eid, _name, text) in enumerate(pieces) for place in range(len(text))]
    stream = [(at, place) for at, place in stream if not pieces[at][2][place].isspace()]
    letters = "".join(pieces[at][2][place] for at, place in stream)
    wanted, meant = "".join(old.split()), "".join(new.split())
    start = -1
    for _ in range(before + 1):
        found = letters.find(wanted, start + 1)
        if found < 0:
            break
        start = found
    if start < 0:
        return title, body
    edited = [list(text) for _eid, _name, text in pieces]
    for tag, a, b, c, d in SequenceMatcher(None, wanted, meant, autojunk=False).get_opcodes():
        if tag == "equal":
            continue
        # What is inserted stands before the character it is followed by, or after the last.
        at, place = stream[start + (a if a < len(wanted) else a - 1)]
        for gone_at, gone in stream[start + a : start + b]:
            edited[gone_at][gone] = ""
        held = edited[at][place]
        edited[at][place] = meant[c:d] + held if a < len(wanted) else held + meant[c:d]
    texts = {(eid, name): "".join(made) for (eid, name, _text), made in zip(pieces, edited, strict=True)}
    return texts[("", "title")], tuple(_with_texts(node, texts) for node in body)


def _texts(body: Body) -> Iterator[tuple[str, str, str]]:
    """Every printed piece of the body in reading order: the node's address, the field, its text."""
    for node in body:
        for name in ("num", "heading", "text"):
            if text := getattr(node, name):
                yield node.eid, name, text
        yield from _texts(node.children)


def _with_texts(node: Node, texts: Mapping[tuple[str, str], str]) -> Node:
    fields: dict[str, Any] = {
        name: texts[(node.eid, name)] for name in ("num", "heading", "text") if (node.eid, name) in texts
    }
    return replace(node, children=tuple(_with_texts(child, texts) for child in node.children), **fields)
