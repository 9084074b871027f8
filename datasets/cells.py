"""Single cells: what a printed value is, and its plain form.

Every function takes text already folded (`fold`) and answers None where the text is not of its kind; so a type holds
for a column exactly when its function answers for every cell.
"""

from __future__ import annotations

import re
import unicodedata

from datasets.words import vocabulary
from gazette.dates import parse_date

#: Marks that take no room on paper: byte order mark, zero-width space.
_INVISIBLE = ("\ufeff", "\u200b")
_INTEGER = re.compile(r"[+-]?(?:\d{1,15}|\d{1,3}(?:,\d{3}){1,4})")
_NUMBER = re.compile(r"[+-]?(?:\d{1,15}|\d{1,3}(?:,\d{3}){1,4})?(?:\.\d{1,15})?(?:[eE][+-]?\d{1,3})?")
_YEAR = re.compile(r"((?:19|20|21)\d{2})年?")
_DATED = re.compile(r"\d{4}|[〇零○一二三四五六七八九]{4}|民")
_TIMED = re.compile(r"(.{8,12}?)[T ](\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?")
_ID_NUMBER = re.compile(r"[1-9]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx]")
_MOBILE = re.compile(r"1[3-9]\d{9}")
_CHECK_WEIGHTS = tuple(2**power % 11 for power in range(17, 0, -1))


def tidy(text: str) -> str:
    """White space of every width folded to one blank and cut at both ends; line breaks inside a cell too."""
    if any(mark in text for mark in _INVISIBLE):
        text = text.translate(dict.fromkeys(map(ord, _INVISIBLE)))
    return " ".join(text.split())


def fold(text: str) -> str:
    """`tidy`, with full-width digits, letters and signs made half-width: for reading, not for keeping."""
    if text.isascii():
        return tidy(text)
    return tidy(unicodedata.normalize("NFKC", text)).replace("−", "-")


def is_missing(text: str) -> bool:
    return not text or text in vocabulary("missing")


def integer(text: str) -> str | None:
    """12,345 is 12345; a leading zero makes it a code, not a number."""
    if not _INTEGER.fullmatch(text) or has_leading_zero(text):
        return None
    return text.replace(",", "").lstrip("+")


def number(text: str) -> str | None:
    if not any(map(str.isdigit, text)) or not _NUMBER.fullmatch(text) or has_leading_zero(text):
        return None
    plain = text.replace(",", "").lstrip("+")
    sign, digits = ("-", plain[1:]) if plain.startswith("-") else ("", plain)
    return sign + ("0" + digits if digits.startswith(".") else digits)


def percent(text: str) -> str | None:
    """12.5% is 12.5: the unit goes to the field's description."""
    return number(text[:-1].rstrip()) if text.endswith("%") else None


def year(text: str) -> str | None:
    match = _YEAR.fullmatch(text)
    return match[1] if match else None


def date(text: str) -> str | None:
    """2024年1月5日, 2024/1/5, 2024.1.5 and 二〇二四年一月五日 are 2024-01-05. Eight bare digits stay a number."""
    if not _DATED.match(text) or text.isdecimal() or ":" in text:
        return None
    day = parse_date(text)
    return day.isoformat() if day else None


def moment(text: str) -> str | None:
    """2024/1/5 8:30 is 2024-01-05T08:30:00."""
    match = _TIMED.fullmatch(text)
    day = date(match[1]) if match else None
    if not match or not day or int(match[2]) > 23 or int(match[3]) > 59 or int(match[4] or 0) > 59:
        return None
    return f"{day}T{int(match[2]):02}:{match[3]}:{match[4] or '00'}"


def boolean(text: str) -> str | None:
    return text if text in vocabulary("true") or text in vocabulary("false") else None


def has_leading_zero(text: str) -> bool:
    """007 and 0571-88001234 are names; 0, 0.5 and -0.5 are numbers."""
    digits = text.lstrip("+-")
    return len(digits) > 1 and digits[0] == "0" and digits[1].isdigit()


def is_id_number(text: str) -> bool:
    """An 18-digit identity number with its right check character (GB 11643, ISO 7064 MOD 11-2)."""
    if not _ID_NUMBER.fullmatch(text):
        return False
    total = sum(int(digit) * weight for digit, weight in zip(text, _CHECK_WEIGHTS, strict=False))
    return "10X98765432"[total % 11] == text[-1].upper()


def is_mobile(text: str) -> bool:
    return bool(_MOBILE.fullmatch(text))
