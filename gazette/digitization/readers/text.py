"""Plain text: bytes to characters, then one block a line."""

from __future__ import annotations

import codecs
import contextlib
import re
from collections.abc import Sequence

from gazette.digitization.blocks import Reading, iter_paragraphs
from gazette.digitization.media import wide_charset
from gazette.digitization.readers.garbled import commonness
from gazette.errors import Finding, Level

#: Text with this share of broken bytes at most is still read in its charset, with a finding.
_TOLERATED = 0.02
#: Charsets a page may be in; Python knows codecs of other uses (hex, idna) by the same kind of name.
_OF_PAGES = re.compile(r"utf-8|gb|big5|euc|iso8859|cp\d|shift|koi8|mac|hz|iso2022")
#: A charset is told from so many characters, and is the better one where the share of common letters is higher by this.
_SAMPLE, _CLEARLY = 20_000, 0.02


def decode(data: bytes, declared: str | None = None) -> tuple[str, str, tuple[Finding, ...]]:
    """The text of `data`, its charset and doubts. Bytes decide before labels: BOM, valid UTF-8, then whichever of the
    declared charset, GB18030 and Big5 gives common letters, all of it or but for a few broken bytes, a detector; what
    still does not decode becomes U+FFFD and a finding."""
    if wide := wide_charset(data):
        text = data.decode(wide, "replace")
        return text, wide, _broken(text)
    data = data.removeprefix(codecs.BOM_UTF8)
    with contextlib.suppress(UnicodeDecodeError):
        return data.decode("utf-8"), "utf-8", ()
    lenient = data.decode("utf-8", "replace")
    if lenient.count("\ufffd") <= max(1, _TOLERATED * len(lenient)):
        return lenient, "utf-8", _broken(lenient)
    known = _known(declared)
    for most_broken in (0.0, _TOLERATED):
        if found := _likeliest(data, (known, "gb18030", "big5hkscs"), most_broken):
            return (*found, _broken(found[0]))
    return _guess(data, lenient)


def _likeliest(data: bytes, charsets: Sequence[str | None], most_broken: float) -> tuple[str, str] | None:
    """The text under the charset that makes most sense of it, the first of equals; None where none decodes it with at
    most this share of it broken. Labels are wrong too often, and most bytes of Big5 are letters of GB18030 as well,
    though rare ones."""
    best: tuple[float, str, str] | None = None
    for charset in dict.fromkeys(filter(None, charsets)):
        text = data.decode(charset, "replace")
        if text.count("\ufffd") > most_broken * len(text):
            continue
        sense = commonness(text[:_SAMPLE])
        if best is None or sense > best[0] + _CLEARLY:
            best = (sense, text, charset)
    return (best[1], best[2]) if best else None


def read_text(data: bytes, charset: str | None = None) -> Reading:
    """Every printed line is a paragraph."""
    text, found, findings = decode(data, charset)
    return Reading(blocks=tuple(iter_paragraphs(text.splitlines())), charset=found, findings=findings)


def _guess(data: bytes, lenient: str) -> tuple[str, str, tuple[Finding, ...]]:
    from charset_normalizer import from_bytes

    best = from_bytes(data[:65536]).best()
    if best is not None:
        text = data.decode(best.encoding, "replace")
        if text.count("\ufffd") < lenient.count("\ufffd"):
            return text, best.encoding, _broken(text)
    return lenient, "utf-8", _broken(lenient)


def _known(charset: str | None) -> str | None:
    """The codec's own name of a declared charset; GB2312 and GBK mean GB18030 on real pages."""
    try:
        name = codecs.lookup(charset or "").name
    except LookupError:
        return None
    if not _OF_PAGES.match(name):
        return None
    return "gb18030" if name in ("gb2312", "gbk") else name


def _broken(text: str) -> tuple[Finding, ...]:
    count = text.count("\ufffd")
    if not count:
        return ()
    message = f"有 {count} 处字节不能按字符集解码，已用 \ufffd 代替"
    return (Finding(level=Level.WARNING, code="text.undecodable", message=message),)
