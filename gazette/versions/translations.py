"""English copies of Chinese documents: a translation is a version, never authority.

What identity needs is read back into Chinese: the number ("Guo Ban Fa [2020] No.17" is 国办发〔2020〕17号) and the
issuer. A number that names another body's series than its issuer is corrected, with a finding.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
import tomllib
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import Any

from gazette.dates import parse_date
from gazette.digitization.blocks import Block, Reading
from gazette.digitization.signature import issuer_of_number
from gazette.draft import Body, BodyType, DocNumber, Draft, Node, SourceInfo
from gazette.errors import Finding, Level, Locator

_NUMBER = re.compile(
    r"(?P<series>[A-Z][A-Za-z ]{3,40}?)\s*[\[（(〔]\s*(?P<year>(?:19|20)\d{2})\s*[\]）)〕]"
    r"\s*,?\s*No\.?\s*(?P<serial>\d{1,5})"
)
_DATE = re.compile(
    r"\b(January|February|March|April|May|June|July|August|September|October|November|December)\s+(\d{1,2})(?:st|nd|rd|th)?,\s*(\d{4})"
)
_MONTHS = tuple(calendar.month_name)
_RELEASED = re.compile(r"(?:release time|issued on|release date|published)\s*[:：]\s*", re.I)
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_TITLE = re.compile(
    r"^(?:Notice|Circular|Opinions?|Measures|Regulations?|Decision|Announcement|Reply|Provisions)\b.{20,}", re.I
)
_GOVERNMENT = re.compile(
    r"State Council|People['’]?s? (?:Government|Republic of China)|Party Committee|General Office"
    r"|Provincial|Municipal (?:Bureau|Commission)|[A-Z][A-Za-z ]{3,40} ?[\[〔(](?:19|20)\d\d[\]〕)] ?No",
    re.I,
)
_DISCLOSURE = re.compile(r"^\(?This (?:is|piece is) public", re.I)
_SECTION = re.compile(
    r"^(?P<num>(?P<word>[A-Z][a-z]+),|(?P<roman>[IVX]{1,5})\.|(?P<digit>\d{1,2})[、.])\s*(?P<rest>\S.*)$"
)
_ITEM = re.compile(r"^(?P<num>[（(](?P<value>[a-z]+|\d{1,2})[）)])\s*(?P<rest>\S.*)$")
_ROMAN = {"I": 1, "II": 2, "III": 3, "IV": 4, "V": 5, "VI": 6, "VII": 7, "VIII": 8, "IX": 9, "X": 10}
_CHROME = re.compile(
    r"^(?:share to|related links|download attachment|key words|start date|the index number|symbol|issuing agency"
    r"|current location|> |government information public search|\[print)",
    re.I,
)
_LATIN, _CHINESE = re.compile("[A-Za-z]"), re.compile("[\u4e00-\u9fff]")
#: The language is told from so many characters.
_SAMPLE_CHARS = 6000
#: Less than this share of the letters are Chinese in an English text.
_LITTLE_CHINESE = 0.1
#: A number and date stand within so many characters of the start.
_HEAD_CHARS = 3000
_HEADING_CHARS = 160


@cache
def _vocabulary() -> dict[str, Any]:
    return tomllib.loads(files("gazette").joinpath("data/translations.toml").read_text("utf-8"))


def is_english(blocks: Sequence[Block]) -> bool:
    """Whether the text is English and not Chinese."""
    sample = _sample(blocks)
    latin, chinese = len(_LATIN.findall(sample)), len(_CHINESE.findall(sample))
    return latin > 200 and chinese < _LITTLE_CHINESE * (latin + chinese)


def is_translation(blocks: Sequence[Block]) -> bool:
    """Whether it is English that speaks as Chinese government does."""
    return is_english(blocks) and bool(_GOVERNMENT.search(_sample(blocks)))


def _sample(blocks: Sequence[Block]) -> str:
    return " ".join(block.text for block in blocks[:60])[:_SAMPLE_CHARS]


def describe_translation(reading: Reading, info: SourceInfo) -> Draft:
    """The draft of an English copy. Nothing about validity is read from it."""
    lines = [block for block in reading.blocks if block.text and not _CHROME.match(block.text)]
    head = "\n".join(block.text for block in lines)[:_HEAD_CHARS]
    title = _title(lines)
    issuer = _issuer(title or head)
    number, doubts = _number(head, issuer)
    released = _released(head)
    note = Finding(level=Level.INFO, code="translation.machine", message="英文译本，不具法律效力，以中文文本为准")
    return Draft(
        title=title,
        source=info,
        doc_number=number,
        issuers=(issuer,) if issuer else issuer_of_number(number),
        signed_date=_signed(lines, released),
        published_date=released,
        disclosure=next((block.text.strip("()") for block in lines if _DISCLOSURE.match(block.text)), None),
        language="en",
        is_translation=True,
        body=_body(lines),
        findings=(*doubts, note),
    )


def _title(lines: Sequence[Block]) -> str | None:
    for block in lines[:15]:
        if _TITLE.match(block.text) and len(block.text) < 300:
            return block.text
    return lines[0].text if lines else None


def _issuer(text: str) -> str | None:
    """The Chinese name of who issued it: a government by its place, a central agency by its English name."""
    lowered = " ".join(text.lower().replace("’", "'").split())
    known = _vocabulary()["agencies"]
    named = [(lowered.find(name), -len(name), str(known[name])) for name in known if name in lowered]
    return _government(lowered) or (min(named)[2] if named else None)


def _government(lowered: str) -> str | None:
    """General Office of the People's Government of Zhejiang Province is 浙江省人民政府办公厅."""
    places = _vocabulary()["places"]
    place = "|".join(sorted(places, key=len, reverse=True))
    kind = r"(?:province|provincial|municipality|municipal|city|(?:[a-z]+ )?autonomous region)"
    match = re.search(
        rf"(?P<office>general office of |office of )?(?:the )?(?:people'?s government of (?:the )?(?P<after>{place})\b"
        rf"|(?P<before>{place}) {kind} people'?s government(?P<its>(?: general)? office)?)",
        lowered,
    )
    if match is None:
        return None
    office = "办公厅" if match["office"] or match["its"] else ""
    return f"{places[match['after'] or match['before']]}人民政府{office}"


def _number(head: str, issuer: str | None) -> tuple[DocNumber | None, tuple[Finding, ...]]:
    """The first number in the head, in its Chinese form."""
    for match in _NUMBER.finditer(head):
        series = " ".join(match["series"].lower().split())
        known = _vocabulary()["series"]
        prefix = next((known[name] for name in sorted(known, key=len, reverse=True) if series.endswith(name)), None)
        if prefix is None:
            continue
        own = _vocabulary()["issued"].get(issuer or "")
        doubts: tuple[Finding, ...] = ()
        if own is not None and own != prefix:
            message = f"文号“{match.group()}”的代字应为{prefix}，与发文机关{issuer}不符，按{own}处理，请核对"
            where = Locator(quote=match.group())
            doubts = (Finding(level=Level.WARNING, code="number.issuer_mismatch", message=message, locator=where),)
            prefix = own
        year, serial = int(match["year"]), int(match["serial"])
        normalized = f"{prefix}〔{year}〕{serial}号"
        return DocNumber(raw=match.group(), normalized=normalized, prefix=prefix, year=year, serial=serial), doubts
    return None, ()


def _days(text: str) -> list[dt.date]:
    found = []
    for match in _DATE.finditer(text):
        try:
            found.append(dt.date(int(match[3]), _MONTHS.index(match[1]), int(match[2])))
        except ValueError:
            continue
    return found


def _released(head: str) -> dt.date | None:
    """The day of release that the site prints."""
    match = _RELEASED.search(head)
    if match is None:
        return None
    rest = head[match.end() : match.end() + 40]
    if iso := _ISO.match(rest):
        return dt.date(*map(int, iso.groups()))
    days = _days(rest)
    return days[0] if days else None


def _signed(lines: Sequence[Block], released: dt.date | None) -> dt.date | None:
    """A line that is a date alone; else the first date of the head that is not the release."""
    for block in lines:
        if len(block.text) < 24 and (days := _days(block.text) or list(filter(None, [parse_date(block.text)]))):
            return days[0]
    for day in _days("\n".join(block.text for block in lines)[:_HEAD_CHARS]):
        if day != released:
            return day
    return None


def _body(lines: Sequence[Block]) -> Body:
    """Paragraphs under their numbered headings, as far as the translator kept the numbers."""
    nodes: list[Node] = []
    section: list[Node] | None = None
    heads: list[tuple[Node, list[Node]]] = []
    for block in lines:
        match = _SECTION.match(block.text)
        value = _value(match) if match else None
        if match and value and len(block.text) <= _HEADING_CHARS:
            section = []
            heads.append(
                (Node(type=BodyType.SECTION, num=match["num"], heading=match["rest"], eid=f"sec_{value}"), section)
            )
            nodes.append(heads[-1][0])
            continue
        item = _ITEM.match(block.text)
        kind = BodyType.ITEM if item else BodyType.PARAGRAPH
        node = Node(type=kind, num=item["num"] if item else None, text=item["rest"] if item else block.text)
        (nodes if section is None else section).append(node)
    return _addressed(nodes, {id(node): children for node, children in heads})


def _value(match: re.Match[str]) -> int | None:
    if match["digit"]:
        return int(match["digit"])
    if match["roman"]:
        return _ROMAN.get(match["roman"])
    value = _vocabulary()["ordinals"].get(match["word"].lower())
    return int(value) if value else None


def _addressed(nodes: Sequence[Node], children: dict[int, list[Node]], above: str = "") -> Body:
    """Addresses by place: items and paragraphs are counted, since translators lose numbers."""
    counts: dict[str, int] = {}
    out = []
    for node in nodes:
        name = {BodyType.SECTION: "sec", BodyType.ITEM: "item"}.get(node.type, "para")
        counts[name] = counts.get(name, 0) + 1
        eid = f"{above}{name}_{counts[name]}"
        inner = _addressed(children.get(id(node), ()), {}, f"{eid}__")
        out.append(
            Node(type=node.type, num=node.num, heading=node.heading, text=node.text, children=inner, eid=eid, wid=eid)
        )
    return tuple(out)
