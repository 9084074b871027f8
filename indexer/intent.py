"""What a query names outright: a document number, a title, or a provision of a titled text (民法典第一百八十八条).

Nothing here needs the index. A naming that turns out to name nothing held costs nothing: the words are searched
all the same.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from gazette.numbers import parse_doc_number
from gazette.provisions import parse_provision
from indexer.records import same_title_key, title_key

_PROVISION = re.compile(
    r"^(?P<title>.*[^\d\s第《》“”\"‘’。，,]).{0,3}?(?P<provision>第[〇零一二三四五六七八九十百千\d]+条.{0,40})$"
)
_BARE = re.compile(r"^(?P<title>[^\d]*[法典例定则])\s*(?P<number>\d{1,4})条?$")
_TAIL = re.compile(r"(?:的)?(?:规定|内容)?(?:是|有)?(?:什么|哪些)?(?:内容|规定)?[?？。！!\s]*$")

#: How much of what stands before a provision is looked at for the end of a title.
_LONGEST_ENDING = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Intent:
    """What the query may name. `title` keys are as stored with each record; `eid` is an article's address.

    People write something before a title (根据民法典第五条), so a provision may be of any title that what stands
    before it ends with: `provision_titles`, longest first.
    """

    number: str | None = None
    exact_title: str | None = None
    same_title: str | None = None
    provision_titles: tuple[str, ...] = ()
    eid: str | None = None


def find_intent(text: str) -> Intent:
    """What `text`, as a whole, names."""
    number = parse_doc_number(text)
    title, eid = _provision(text)
    return Intent(
        number=str(number) if number else None,
        exact_title=title_key(text) or None,
        same_title=_full(same_title_key(text)) or None,
        provision_titles=_endings(same_title_key(title)) if title else (),
        eid=eid,
    )


def _endings(key: str) -> tuple[str, ...]:
    """A title and what it ends with; no title has less than two characters."""
    kept = key[-_LONGEST_ENDING:]
    endings = dict.fromkeys([key, *(kept[start:] for start in range(max(0, len(kept) - 1)))])
    return tuple(dict.fromkeys(name for each in endings for name in (_full(each), each)))


def _full(key: str) -> str:
    """The title a nickname stands for (nicknames.toml); anything else is itself."""
    return _nicknames().get(key, key)


@cache
def _nicknames() -> dict[str, str]:
    table = tomllib.loads(Path(__file__).with_name("nicknames.toml").read_text("utf-8"))
    return {title_key(said): same_title_key(title) for said, title in table["law"].items()}


def _provision(text: str) -> tuple[str | None, str | None]:
    """The title and address in 《民法典》第一百八十八条 or 民法典188."""
    text = _TAIL.sub("", text.strip())
    if match := _PROVISION.match(text):
        title, wording = match["title"], match["provision"]
    elif match := _BARE.match(text):
        title, wording = match["title"], f"第{match['number']}条"
    else:
        return None, None
    provision = parse_provision(wording)
    return (title, provision.eid) if provision else (None, None)
