"""The elements of an official document (公文要素, GB/T 9704): title, number, 题注, addressees, signature, 附注.

Read from blocks by where they stand and what they look like; what is left is the body.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from gazette.citations.numbers import find_doc_numbers, parse_doc_number
from gazette.citations.registers import parse_registry_number
from gazette.citations.titles import letters
from gazette.dates import parse_date
from gazette.digitization.blocks import Block, BlockKind
from gazette.digitization.furniture import is_furniture
from gazette.digitization.history import caption_width, is_caption, is_undated_act, join_caption, part_caption
from gazette.digitization.labels import labels_of_line
from gazette.digitization.letterhead import take_imprint, take_letterhead
from gazette.digitization.outline import drop_contents, read_mark, survey
from gazette.digitization.signature import (
    ATTACHED,
    ATTACHED_NEXT,
    agencies,
    find_signature,
    names_agencies,
    split_agencies,
)
from gazette.draft import DocNumber

#: The head of a document is within so many blocks.
_HEAD = 40
_LONGEST_TITLE_LINE = 80
_SENTENCE = re.compile(r"[。；;]$|。.")
_DISCLOSURE = re.compile(r"[（(]?\s*(?:此件|本件|此文)?[^（）()。]{0,8}公\s*开[^（）()。]{0,6}[）)]$")
_ORDER_HEAD = re.compile(r"[\u4e00-\u9fff、\s]{2,60}(?:令|公告|通告)$")
_ORDER_SERIAL = re.compile(r"[（(]?\s*(?:\d{4}\s*年?\s*)?第\s*[\d一二三四五六七八九十百零〇○]{1,8}\s*号\s*[）)]?$")
_NUMBER_START = re.compile(r"[（(]?[\u4e00-\u9fff、\s]{1,30}(?:令|公告|通告)?\s*[〔\[（(﹝【第]?")
_NOTE_IN_TITLE = re.compile(r"(.{4,}?)[（(]([^（）()]*\d{4}年\d{1,2}月\d{1,2}日[^（）()]*)[）)]$")
_ADDRESSEE = re.compile(r"[:：]$")
#: 1　总则, 1.1 编制目的: the headings of plans and standards.
_DECIMAL = re.compile(r"\d{1,2}(?:\.\d{1,2}){0,3}[\s\u3000]+[\u4e00-\u9fff]")
#: 〔2024〕5号 under the name of minutes or bulletins, which count without a series.
_BARE_NUMBER = re.compile(r"[〔\[（(]\s*\d{4}\s*年?\s*[〕\]）)]\s*第?\s*\d{1,4}\s*[号期]")
#: 发电单位　江城市防汛抗旱指挥部, 等级　特提·明电　江防汛电〔2024〕7号.
_TELEGRAM = re.compile(
    r"发\s*电\s*(?:单位|机关)[\s\u3000:：]|签\s*批\s*盖\s*章|等\s*级[\s\u3000:：]+(?:特\s*[提急]|[加平]\s*急)"
)
#: 为…，现就有关事项通知如下：, the first sentence of a text.
_LEADS_IN = re.compile(r"(?:为|根据|按照|依据|依照|经|鉴于|近日)|.*(?:如下|以下[\u4e00-\u9fff]{0,6})[:：]$")


@dataclass(slots=True)
class Elements:
    """What was found in one document; `body` are the blocks that remain."""

    title: str | None = None
    doc_number: DocNumber | None = None
    caption: tuple[str, ...] = ()
    recipients: tuple[str, ...] = ()
    signers: tuple[str, ...] = ()
    signed: dt.date | None = None
    disclosure: str | None = None
    attached: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    labels: dict[str, str] = field(default_factory=dict)
    body: tuple[Block, ...] = ()


def read_elements(blocks: Sequence[Block], known_title: str | None = None) -> Elements:
    """Head and tail of one document. `known_title` is what the page says the title is."""
    found = Elements()
    letterhead, rest = take_letterhead(blocks, names_agencies=names_agencies, is_number=is_number_line)
    rest = drop_contents(_read_head(rest, found, known_title))
    imprint, rest = take_imprint(rest)
    found.body = _read_tail(rest, found)
    found.signers = found.signers or split_agencies(letterhead.issuers)
    found.notes = (*letterhead.notes, *found.notes, *imprint)
    return found


def is_number_line(text: str) -> bool:
    """A line that is a document number and nothing else."""
    return text.rstrip("）)] ").endswith("号") and len(text) <= 60 and parse_doc_number(text) is not None


def is_disclosure(text: str) -> bool:
    """附注: （此件公开发布）."""
    return len(text) <= 24 and bool(_DISCLOSURE.match(text)) and (text[0] in "（(" or text.startswith("此件"))


def _read_head(blocks: tuple[Block, ...], found: Elements, known_title: str | None) -> tuple[Block, ...]:
    """Take title, number, 题注 and addressees off the front; returns what follows."""
    blocks = part_caption(blocks[:_HEAD]) + blocks[_HEAD:]
    head = _Head(blocks, found, known_title)
    while head.at < min(_HEAD, len(blocks)) and head.take():
        pass
    found.title, note = _split_note(_join_title(head.title))
    found.caption = (*note, *found.caption)
    return blocks[head.at :]


def _split_note(title: str | None) -> tuple[str | None, tuple[str, ...]]:
    """A title with its 题注 on the same line, in brackets, is taken apart."""
    match = _NOTE_IN_TITLE.match(title or "")
    return (match[1], (match[2],)) if match and is_caption(match[2]) else (title, ())


class _Head:
    """The head being read: `at` is the next block, `closed` says that the title is complete."""

    def __init__(self, blocks: tuple[Block, ...], found: Elements, known_title: str | None) -> None:
        self.blocks = blocks
        self.found = found
        self.known = letters(known_title or "")
        self.outline = survey(blocks)
        self.title: list[str] = []
        self.from_heading = False
        self.closed = False
        self.at = 0

    def take(self) -> bool:
        """Take the next block where it belongs to the head; False where the body begins."""
        block = self.blocks[self.at]
        if block.kind is BlockKind.TABLE:
            return False
        for part in (self._known_title, self._title_again, self._aside, self._number, self._caption):
            if width := part(block):
                self.at += width
                return True
        if _is_addressees(block.text):
            self.found.recipients = _split_recipients(block.text)
            self.at += 1
            return False
        if self._opens_body(block):
            return False
        self._own_title(block)
        self.at += 1
        return True

    def _known_title(self, block: Block) -> int:
        """A line of the title that the page names."""
        text = letters(block.text)
        if (
            not self.known
            or self.closed
            or not self.known.startswith(letters("".join(self.title)) + text)
            or len(text) < 2
        ):
            return 0
        self.title.append(block.text)
        self.closed = letters("".join(self.title)) == self.known
        return 1

    def _title_again(self, block: Block) -> int:
        """The title printed a second time, whole or broken over lines, is no text."""
        text = letters(block.text)
        is_complete = self.from_heading or self.closed
        return int(is_complete and len(text) >= 4 and text in (self.known or letters("".join(self.title))))

    def _aside(self, block: Block) -> int:
        """Furniture of the page, or a labelled value beside the text."""
        if is_furniture(block.text):
            return 1
        if _BARE_NUMBER.fullmatch(block.text) and self.title:
            self.closed = True
            return 1
        if _TELEGRAM.match(block.text):
            return self._telegram(block.text)
        # 统一登记号 is printed alone in the corner above the title.
        if (registered := parse_registry_number(block.text)) is not None:
            self.found.labels.setdefault("registry_number", registered.normalized)
            return 1
        pairs = labels_of_line(block.text) if len(block.text) < _LONGEST_TITLE_LINE else ()
        for name, value in pairs:
            if value:
                self.found.labels.setdefault(name, value)
        return int(bool(pairs))

    def _telegram(self, text: str) -> int:
        """The head of a telegram (发电) above its title: who sends it, how urgent it is, its number."""
        self.found.notes += (text,)
        numbers = find_doc_numbers(text)
        self.found.doc_number = self.found.doc_number or (numbers[0][0] if numbers else None)
        return 1

    def _number(self, block: Block) -> int:
        width = _number_at(self.blocks, self.at, self.found)
        self.closed = self.closed or (width > 0 and bool(self.title))
        return width

    def _caption(self, block: Block) -> int:
        width = caption_width(self.blocks, self.at) if self.title or self.known else 0
        if width:
            lines = [each.text for each in self.blocks[self.at : self.at + width]]
            self.found.caption += join_caption(lines) if block.text[:1] in "（(" else tuple(lines)
            self.closed = True
        elif self.found.caption and is_undated_act(block.text):
            self.found.caption += (block.text,)
            return 1
        return width

    def _opens_body(self, block: Block) -> bool:
        is_title_heading = block.kind is BlockKind.HEADING and block.level == 1
        if read_mark(block, self.outline) is not None and not (is_title_heading and not self.title):
            return True
        if self.title and _DECIMAL.match(block.text):
            return True
        if len(block.text) > _LONGEST_TITLE_LINE or _SENTENCE.search(block.text) or self.closed:
            return True
        if block.text[-1] in "：:":
            return True
        return self.from_heading and not is_title_heading and block.text[0] not in "（("

    def _own_title(self, block: Block) -> None:
        day = parse_date(block.text.strip("（）() "))
        if day is not None:
            self.found.signed = day
            return
        self.title.append(block.text)
        self.from_heading = self.from_heading or (block.kind is BlockKind.HEADING and block.level == 1)


def _join_title(lines: Sequence[str]) -> str | None:
    joined = ""
    for line in lines:
        joined += (" " if joined[-1:].isascii() and joined and line[:1].isascii() and line[:1].isalpha() else "") + line
    return joined or None


def _number_at(blocks: Sequence[Block], i: int, found: Elements) -> int:
    """How many blocks the document number at `i` takes (0: none); keeps the first one found."""
    text = blocks[i].text
    if not _NUMBER_START.match(text) and not _ORDER_SERIAL.match(text):
        return 0
    if is_number_line(text):
        found.doc_number = found.doc_number or parse_doc_number(text)
        return 1
    if i + 1 < len(blocks) and _ORDER_HEAD.match(text) and _ORDER_SERIAL.match(blocks[i + 1].text):
        number = parse_doc_number(text.replace(" ", "") + blocks[i + 1].text)
        if number is not None:
            found.doc_number = found.doc_number or number
            return 2
    return 0


def _is_addressees(text: str) -> bool:
    """主送机关: a line that ends with a colon and names whom it is sent to."""
    if not _ADDRESSEE.search(text) or len(text) > 600 or "。" in text or re.match(r"附\s*件?\s*[:：]", text):
        return False
    if _LEADS_IN.match(text):
        return False
    names = [name.strip() for name in re.split(r"[，,、；;]", text.rstrip("：: "))]
    return any(
        name.endswith(
            ("各", *agencies()[0], "机构", "部门", "单位", "企业", "机关", "学校", "同志", "集团", "直属机构")
        )
        or name.startswith("各")
        for name in names
    )


def _split_recipients(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in re.split(r"[，,；;]", text.rstrip("：: ")) if name.strip())


def _read_tail(blocks: tuple[Block, ...], found: Elements) -> tuple[Block, ...]:
    """Take 附件说明, signature and 附注 out of the end of the letter; attachments after it stay."""
    signature = find_signature(blocks)
    kept: list[Block] = []
    edge = len(blocks) if signature is None else signature.start
    attached: list[str] = []
    notes: list[str] = []
    for i, block in enumerate(blocks):
        text = block.text
        if signature is not None and signature.start <= i < signature.end:
            continue
        if (
            i < edge
            and block.kind is not BlockKind.TABLE
            and _lists_attachment(text, attached, near=edge - i < 30 and signature is not None)
        ):
            attached.append(_attachment_name(text))
        elif is_disclosure(text) and i > len(blocks) // 2:
            found.disclosure = text.strip("（）() ")
        elif not is_furniture(text) or block.kind is BlockKind.TABLE:
            kept.append(block)
    if signature is not None:
        found.signers = signature.signers
        found.signed = signature.day
        for remark in signature.remarks:
            if "公开" in remark:
                found.disclosure = remark
            else:
                notes.append(remark)
    elif kept and len(kept) > 1 and (day := parse_date(kept[-1].text)) is not None:
        # Older prints bear a seal where the name would stand: the day alone closes the text.
        found.signed = found.signed or day
        kept.pop()
    found.attached = tuple(attached)
    found.notes = (*found.notes, *notes)
    return tuple(kept)


def _lists_attachment(text: str, before: Sequence[str], *, near: bool) -> bool:
    """附件：1.… and the lines 2.… that go on with it, just above the signature."""
    return near and len(text) < 120 and bool(ATTACHED.match(text) or (before and ATTACHED_NEXT.match(text)))


def _attachment_name(text: str) -> str:
    text = re.sub(r"^附件?\s*[:：]\s*", "", text)
    return re.sub(r"^(?:附件)?\s*\d{1,2}\s*[.．、:：]\s*", "", text).strip()
