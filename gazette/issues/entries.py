"""Entries of a kind-first issue (財政部令：修正…) as records: title, number, day and agencies out of the head.

Such an entry is one document, whatever it carries, and its head is printed twice: above the text and within it.
"""

from __future__ import annotations

import datetime as dt
import re

from gazette.citations.titles import letters
from gazette.dates import find_dates
from gazette.digitization.blocks import Block
from gazette.digitization.heads import agency_endings, find_kind_first, is_order_name, read_serial, without_label
from gazette.digitization.readers.ey_gazette import Record
from gazette.issues.division import Section

#: Number and day stand among so many blocks above and below the title.
_HEAD = 8
_COUNTED = re.compile(r"^[（(【\[]?\s*\d{1,3}\s*[】\])）.．、]\s*")


def read_entry(section: Section) -> Record:
    """What the head of `section` says; the blocks below it are the text."""
    printed = letters(section.title or "")
    opening = (at for at, block in enumerate(section.blocks[:_HEAD]) if printed.startswith(letters(block.text) or "-"))
    at = next(opening, 0)
    title = _COUNTED.sub("", without_label(section.title or ""))
    match = find_kind_first(title)
    end = at + 1
    # The further lines of the title.
    while end < len(section.blocks) and letters("".join(b.text for b in section.blocks[at : end + 1])) in printed:
        end += 1
    while end < min(len(section.blocks), at + _HEAD) and _is_of_head(section.blocks[end].text):
        end += 1
    head = (*section.blocks[:at], *section.blocks[at + 1 : end])
    return Record(
        title=title,
        number=_number(head),
        issuers=_agencies(match["agency"]) if match else (),
        kind=match["kind"] if match else None,
        day=_day(head),
        theme=section.column,
        keywords=(),
        blocks=section.blocks[end:],
    )


def _is_of_head(text: str) -> bool:
    return read_serial(text) is not None or is_order_name(text)


def _number(head: tuple[Block, ...]) -> str | None:
    """The numbers of the first line that has any, those of a joint order in one string as the record has them."""
    for block in head:
        serial = read_serial(block.text)
        if serial and serial.numbers:
            return ";".join(serial.numbers)
    return None


def _day(head: tuple[Block, ...]) -> dt.date | None:
    return next((days[0][0] for block in head if (days := find_dates(block.text))), None)


def _agencies(printed: str) -> tuple[str, ...]:
    """The agencies of a joint order: 教育部、行政院原住民族委員會."""
    names = re.split(r"[、，,；;]", "".join(printed.split()))
    return tuple(name for name in names if name.endswith(agency_endings())) or (printed,)
