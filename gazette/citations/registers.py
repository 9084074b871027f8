"""Numbers of other registers than an agency's own series.

A document bears a 统一登记号 and an 索引号 beside its 文号; Taiwan (院臺財字第0970082961號), Hong Kong
(2012年第27号法律公告) and Macau (第3/2012号法律) count in their own ways.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from unicodedata import normalize

from gazette.draft import DocNumber
from gazette.numerals import FOLD

#: A number and where it stands.
Found = tuple[DocNumber, tuple[int, int]]

_REGISTRY = re.compile(
    r"(?<![A-Za-z0-9])(?P<prefix>[A-Z]{2,8}\d{0,4}) ?-+ ?(?P<year>(?:19|20)\d{2}) ?-+ ?(?P<serial>\d{1,8})(?!\d)"
)
#: Without a figure there is no number of another record, without a dash neither a registration number nor an index
#: number; most sentences have none.
_DIGIT = re.compile("[0-9０-９]")
_DASH = re.compile("[-—–－‐―−]")
_INDEX = re.compile(
    r"(?<![A-Za-z0-9])(?:(?:\d{8}-?[\dX]|[0-9A-HJ-NPQRTUWXY]{18}|[A-Z]\d{8})[/-]|[A-Z]{2,8}\d{0,6}/)"
    r"(?:\d{2}_[A-Z]/)?(?:19|20)\d{2}-\d{4,8}(?!\d)"
)
#: What is printed as an index number is one, however its site makes them (索引号：FZ0100-0202-2021-00001).
_LABELLED_INDEX = re.compile(
    r"索 ?引 ?号 ?[:：为]? ?(?P<index>(?=[A-Z]{0,8}\d)[A-Z\d]{1,24}(?:[-/._][A-Z\d]{1,24}){1,6})(?![A-Za-z\d])"
)
#: 台財庫字第09403500820號: the series of an agency and figures without a year of four; only Taiwan prints 號.
_WORD_SERIES = re.compile(r"(?P<prefix>[一-龥A-Z0-9()]{1,20}字)第?(?P<serial>\d{4,12}(?:-?[A-Za-z]|[-之]\d{1,3})?)号")
_WORD_SERIES_WITHIN = re.compile(
    r"(?P<prefix>[一-龥]{1,20}(?:\([一-龥]{1,4}\)[一-龥]{0,6})?字) ?第 ?"
    r"(?P<serial>\d{6,12}(?:-?[A-Z]|[-之]\d{1,3})?) ?号"
)
#: What stands before the series of an agency: words that lead up to it, then the agency itself.
_LEADS_TO_SERIES = re.compile(r".*(?:依據|依照|依|奉|業經|經|以|及|與|和|按|查|日|本院|[前原])(?=[一-龥(]{2,12}字$)|^")
_AGENCY = re.compile(r"(?:行政院|總統|[一-龥]{2,12}?(?:委員會|[部署局處府]))(?=[一-龥(]{2,6}(?:\)[一-龥]{0,6})?字$)")
_WIDE_BRACKETS = str.maketrans("()〔〕", "（）（）")
#: A number of another record begins with one of these.
_OTHER_RECORD = re.compile(r"[号N]|Cap|香港法例")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Form:
    """One form of numbers.toml; `spelling` is what its numbers are normalised to."""

    pattern: re.Pattern[str]
    spelling: str

    def find(self, folded: str, text: str) -> Iterator[Found]:
        for match in self.pattern.finditer(folded):
            parts = match.groupdict()
            kind = (parts.get("kind") or "").replace("規", "规").replace("長", "长").replace("訓", "训")
            spelled = self.spelling.format(**{**parts, "kind": kind, "serial": int(parts.get("serial") or 0)})
            number = DocNumber(
                raw=text[match.start() : match.end()],
                normalized=spelled,
                year=int(parts["year"]) if len(parts.get("year") or "") == 4 else None,
                serial=int(parts["serial"]) if parts.get("serial") else None,
            )
            yield number, match.span()


def find_register_numbers(text: str) -> tuple[Found, ...]:
    """Every number of another register in running text with its span, in reading order."""
    found = [*find_registry_numbers(text), *_iter_indexes(text), *_iter_word_series(text), *_iter_forms(text)]
    return tuple(sorted(found, key=lambda each: each[1]))


def parse_registry_number(text: str | None) -> DocNumber | None:
    """A unified registration number (统一登记号 HFGS-2022-7): a second number beside the 文号."""
    found = find_registry_numbers(text.strip()) if text else ()
    return found[0][0] if found and text and found[0][1] == (0, len(text.strip())) else None


def find_registry_numbers(text: str) -> tuple[Found, ...]:
    """Every unified registration number in running text with its span."""
    return tuple(_iter_registry(text))


def find_index_numbers(text: str) -> tuple[tuple[str, tuple[int, int]], ...]:
    """Every index number (索引号, 000014349/2018-00079) with its span; spaces and widths folded."""
    return tuple((number.normalized, span) for number, span in _iter_indexes(text))


def parse_register_number(text: str) -> DocNumber | None:
    """`text` as one number by which a document is cited and nothing else; an index number files it, no more."""
    printed = text.strip()
    found = (*_iter_registry(printed), *_iter_forms(printed))
    return _parse_word_series(printed) or next((number for number, span in found if span == (0, len(printed))), None)


def _iter_registry(text: str) -> Iterator[Found]:
    if not _DASH.search(text):
        return
    for match in _REGISTRY.finditer(text.translate(FOLD)):
        prefix, year, serial = match["prefix"], int(match["year"]), int(match["serial"])
        number = DocNumber(
            raw=text[match.start() : match.end()],
            normalized=f"{prefix}-{year}-{serial}",
            prefix=prefix,
            year=year,
            serial=serial,
        )
        yield number, match.span()


def _iter_indexes(text: str) -> Iterator[Found]:
    if not _DASH.search(text):
        return
    folded = text.translate(FOLD)
    spans = [match.span() for match in _INDEX.finditer(folded)]
    for match in _LABELLED_INDEX.finditer(folded) if "索" in folded else ():
        span = match.span("index")
        if not any(start < span[1] and span[0] < end for start, end in spans):
            spans.append(span)
    for start, end in sorted(spans):
        yield DocNumber(raw=text[start:end], normalized=folded[start:end]), (start, end)


def _parse_word_series(text: str) -> DocNumber | None:
    if "號" not in text:
        return None
    match = _WORD_SERIES.fullmatch(normalize("NFKC", "".join(text.translate(FOLD).split())))
    return _of_series(text, match["prefix"], match["serial"]) if match else None


def _iter_word_series(text: str) -> Iterator[Found]:
    if "號" not in text:
        return
    for match in _WORD_SERIES_WITHIN.finditer(text.translate(FOLD)):
        if text[match.end() - 1] == "號":
            lead = _LEADS_TO_SERIES.match(match["prefix"])
            prefix = match["prefix"][lead.end() if lead else 0 :]
            start = match.end("prefix") - len(prefix)
            yield _of_series(text[start : match.end()], prefix, match["serial"]), (start, match.end())


def _of_series(raw: str, prefix: str, serial: str) -> DocNumber:
    agency = _AGENCY.match(prefix)
    series = prefix[agency.end() if agency else 0 :].translate(_WIDE_BRACKETS)
    return DocNumber(raw=raw, normalized=f"{series}第{serial}號", prefix=series)


def _iter_forms(text: str) -> Iterator[Found]:
    if not _DIGIT.search(text):
        return
    folded = text.translate(FOLD)
    if _OTHER_RECORD.search(folded):
        for form in _forms():
            yield from form.find(folded, text)


@cache
def _forms() -> tuple[_Form, ...]:
    table = tomllib.loads(files("gazette").joinpath("data/numbers.toml").read_text("utf-8"))
    return tuple(_Form(pattern=re.compile(row["pattern"]), spelling=row["spelling"]) for row in table["form"])
