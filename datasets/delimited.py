"""Delimited text (CSV, TSV) as Chinese offices save it: UTF-8 with or without BOM, GB18030, UTF-16; commas of half or
full width, tabs, semicolons, bars.

The encoding is decided on the whole file, never on a sample: one stray byte at the end must not turn every character
into another.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections import Counter, deque
from collections.abc import Iterator

from datasets.grids import Grid, TableUnreadable, bounded, doubt
from datasets.settings import DatasetSettings
from gazette.errors import Finding, Level

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
#: In order of trust. The full-width comma comes last: inside cells it is ordinary punctuation.
_DELIMITERS = (",", "\t", ";", "|", "，")
_SAMPLE_ROWS = 60
#: A cell of more lines than this at the end of a file with an odd quotation mark is no cell.
_SWALLOWED_LINES = 50


def read_delimited(data: bytes, name: str, settings: DatasetSettings) -> tuple[Grid, ...]:
    """The one grid of a text file; raises TableUnreadable for what is no text."""
    text, charset, findings = decode(data, name)
    # The longest cell is judged by `bounded`, in our words.
    csv.field_size_limit(settings.max_file_bytes)
    try:
        delimiter = sniff_delimiter(text)
        unclosed = _find_unclosed_quote(text, delimiter)
        quoting = csv.QUOTE_NONE if unclosed else csv.QUOTE_MINIMAL
        rows = bounded(_rows(text, delimiter, quoting), name, settings)
    except csv.Error as error:
        raise TableUnreadable(name=name, why=f"不是有效的分隔文本（{error}）") from error
    if unclosed:
        message = f"第{unclosed}行的引号没有配对，已按无引号读取"
        findings = (*findings, doubt(Level.WARNING, "csv.unclosed_quote", message, unclosed))
    if delimiter == "，":
        findings = (*findings, doubt(Level.INFO, "csv.fullwidth_comma", "以全角逗号分隔，已改为半角逗号"))
    return (Grid(name="", rows=rows, charset=charset, findings=findings),)


def decode(data: bytes, name: str) -> tuple[str, str, tuple[Finding, ...]]:
    """Text, charset and doubts. Raises TableUnreadable for binary data."""
    for bom, charset in _BOMS:
        if data.startswith(bom):
            return data.decode(charset, "replace").lstrip("\ufeff"), charset, ()
    if bare := _bare_utf16(data):
        return data.decode(bare, "replace"), bare, ()
    if b"\0" in data[:65536]:
        raise TableUnreadable(name=name, why="文件含二进制内容，不是表格文本")
    try:
        return data.decode("utf-8"), "utf-8", ()
    except UnicodeDecodeError:
        pass
    try:
        text = data.decode("gb18030")
    except UnicodeDecodeError:
        return _decode_damaged(data)
    if _is_chinese(text):
        return text, "gb18030", ()
    return _decode_western(data)


def sniff_delimiter(text: str) -> str:
    """The delimiter under which the first rows agree best on a width above one; a comma where none does."""

    def agreement(delimiter: str) -> tuple[bool, float, int]:
        widths = [len(row) for row in _rows(text[:200_000], delimiter, limit=_SAMPLE_ROWS) if any(row)]
        if not widths:
            return (False, 0.0, 0)
        width, count = Counter(widths).most_common(1)[0]
        return (width > 1, count / len(widths), width)

    scores = {delimiter: agreement(delimiter) for delimiter in _DELIMITERS}
    best = max(_DELIMITERS, key=lambda each: (scores[each][0], round(scores[each][1], 1), -_DELIMITERS.index(each)))
    return best if scores[best][0] else ","


def _rows(text: str, delimiter: str, quoting: int = csv.QUOTE_MINIMAL, limit: int | None = None) -> Iterator[list[str]]:
    lines = io.StringIO(text, newline="")
    # NUL would stop the parser; it carries no meaning in a table.
    reader = csv.reader((line.replace("\0", "") for line in lines), delimiter=delimiter, quoting=quoting)  # type: ignore[arg-type]
    for number, row in enumerate(reader):
        if limit is not None and number >= limit:
            return
        yield row


def _find_unclosed_quote(text: str, delimiter: str) -> int | None:
    """The line of a quotation mark that is opened and never closed: it swallows the rest of the file into one cell."""
    if text.count('"') % 2 == 0:
        return None
    (last,) = deque(_rows(text, delimiter), maxlen=1)
    swallowed = sum(cell.count("\n") for cell in last)
    return text.count("\n") - swallowed + 1 if swallowed > _SWALLOWED_LINES else None


def _bare_utf16(data: bytes) -> str | None:
    """UTF-16 without a mark: nearly every second byte of its ASCII part is zero."""
    sample = data[:4000]
    if len(sample) < 4 or len(data) % 2:
        return None
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if odd > len(sample) // 20 and even < odd // 4:
        return "utf-16-le"
    if even > len(sample) // 20 and odd < even // 4:
        return "utf-16-be"
    return None


def _is_chinese(text: str) -> bool:
    """Whether text decoded as GB18030 reads like Chinese: most of it common characters (GB 2312, level 1). Western
    text misread as GB18030 becomes Chinese characters too, but rare ones."""
    foreign = [character for character in text[:100_000] if ord(character) > 127]
    return sum(map(_is_common, foreign)) >= 0.6 * len(foreign)


def _is_common(character: str) -> bool:
    coded = character.encode("gb2312", "ignore")
    return bool(coded) and (0xA1 <= coded[0] <= 0xA3 or 0xB0 <= coded[0] <= 0xD7)


def _decode_damaged(data: bytes) -> tuple[str, str, tuple[Finding, ...]]:
    """Neither whole UTF-8 nor whole GB18030: take the one that loses less, and say so."""
    candidates = {charset: data.decode(charset, "replace") for charset in ("utf-8", "gb18030")}
    charset = min(candidates, key=lambda each: candidates[each].count("\ufffd"))
    text, lost = candidates[charset], candidates[charset].count("\ufffd")
    if lost > max(10, len(text) // 50) or (charset == "gb18030" and not _is_chinese(text)):
        return _decode_western(data)
    message = f"有 {lost} 处字节不合 {charset.upper()} 编码，已以 \ufffd 代替"
    return text, charset, (doubt(Level.WARNING, "csv.bad_bytes", message),)


def _decode_western(data: bytes) -> tuple[str, str, tuple[Finding, ...]]:
    from charset_normalizer import from_bytes

    best = from_bytes(data[:200_000]).best()
    charset = best.encoding if best else "latin-1"
    try:
        text = data.decode(charset)
    except UnicodeDecodeError:
        charset, text = "latin-1", data.decode("latin-1")
    return text, charset, (doubt(Level.WARNING, "csv.guessed_charset", f"编码不明，按 {charset} 读取，请核对文字"),)
