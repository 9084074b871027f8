"""What every rendition says around the text: title, caption (题注), standing on a day, the dates, the disclaimer.

Dates that are not known are printed 未载明; none is worked out here.
"""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from gazette.phrases import phrase_book
from gazette.record.reading import DocumentRecord, Gazetted, VersionRecord
from gazette.validity.expiry import find_expiry


@dataclass(frozen=True, slots=True, kw_only=True)
class FrontMatter:
    """The lines to print. `facts` are (label, value) pairs in the order of the metadata table."""

    title: str
    caption: str | None
    standing: str
    deciding: str | None
    facts: tuple[tuple[str, str], ...]
    disclaimer: str
    address: str


@cache
def wording(language: str) -> dict[str, Any]:
    """The words of `language`; anything but English reads Chinese."""
    table = tomllib.loads((files("gazette.renditions") / "wording.toml").read_text("utf-8"))
    words: dict[str, Any] = table["en" if language.startswith("en") else "zh"]
    return words


def describe(document: DocumentRecord, version: VersionRecord, *, language: str = "zh", site: str = "") -> FrontMatter:
    """The front matter of one version of a document."""
    words = wording(language)
    standing = version.standing
    status = words["status"][standing.status.value]
    if standing.note:
        note = phrase_book().say(standing.note) if language.startswith("en") else standing.note
        status += words["noted"].format(note=note)
    address = f"{site}/documents/{document.id}"
    return FrontMatter(
        title=version.title,
        caption=caption(version, language=language),
        standing=words["standing"].format(day=day(standing.as_of, language), status=status),
        deciding=_deciding(version, words),
        facts=tuple(_facts(document, version, language=language, address=address)),
        disclaimer=words[disclaimer_of(version)],
        address=address,
    )


def disclaimer_of(version: VersionRecord) -> str:
    """Which warning of wording.toml the text carries."""
    if version.is_translation:
        return "translation"
    return "consolidated" if version.is_consolidated else "disclaimer"


def day(value: dt.date | None, language: str = "zh") -> str:
    """2018年4月8日, or the ISO form in English; 未载明 where unknown."""
    if value is None:
        return str(wording(language)["unstated"])
    return value.isoformat() if language.startswith("en") else f"{value.year}年{value.month}月{value.day}日"


def caption(version: VersionRecord, *, language: str = "zh") -> str | None:
    """The 题注 of a version."""
    return caption_of(version.history, language=language)


def caption_of(history: Sequence[Mapping[str, Any]], *, language: str = "zh") -> str | None:
    """The 题注 put together again from the history: （2011年3月2日…公布　2020年5月1日…第1次修正）; in English
    (promulgated on 2011-03-02 by …; amended on 2020-05-01 by …, no. 1)."""
    words = wording(language)
    acts = []
    for entry in history:
        when = dt.date.fromisoformat(entry["date"]) if entry.get("date") else None
        act, ordinal = entry.get("act"), entry.get("ordinal")
        facts = {
            "verb": words["act"][entry["kind"]],
            "day": words["act_day"].format(day=day(when, language)) if when else "",
            "act": words["act_by"].format(act=act) if act else "",
            "ordinal": words["act_ordinal"].format(ordinal=ordinal) if ordinal else "",
        }
        acts.append(words["act_line"].format(**facts))
    return words["caption"].format(acts=words["act_join"].join(acts)) if acts else None


def printed_in(place: Gazetted, *, language: str = "zh") -> str:
    """《江城市人民政府公报》2024年第3号第12页."""
    form = "issue" if place.page_from is None else "issue_page"
    text: str = wording(language)[form].format(
        gazette=place.gazette_name, year=place.year, number=place.number, page=place.page_from
    )
    return text


def _expiry(document: DocumentRecord, version: VersionRecord, language: str) -> str | None:
    """The last day as printed, and until when it was renewed."""
    found = find_expiry(document, version)
    if found is None:
        return None
    if not found.renewals:
        return day(found.printed, language)
    form = wording(language)["renewed"]
    return str(form.format(printed=day(found.printed, language), until=day(found.until, language)))


def _deciding(version: VersionRecord, words: dict[str, Any]) -> str | None:
    event = next((event for event in version.standing.events if event.quote), None)
    if event is None:
        return None
    form = "deciding_by" if event.act_title else "deciding"
    return str(words[form].format(quote=event.quote, act=event.act_title))


def _facts(
    document: DocumentRecord, version: VersionRecord, *, language: str, address: str
) -> Iterator[tuple[str, str]]:
    labels = wording(language)["fact"]
    values = {
        "issuers": "　".join(document.issuers) or None,
        "doc_number": version.doc_number or document.doc_number,
        "registry_number": document.registry_number,
        "index_number": document.index_number,
        "signed": day(version.signed_date, language),
        "published": day(version.published_date, language),
        "gazetted": "；".join(printed_in(place, language=language) for place in document.gazetted) or None,
        "effective": day(version.effective_date, language),
        "expiry": _expiry(document, version, language),
        "address": address,
    }
    for name, value in values.items():
        if value is not None:
            yield labels[name], value
