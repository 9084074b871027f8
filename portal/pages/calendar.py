"""The pages of the calendar: a month by its days, a year by its months; and the same as iCalendar."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from flask import url_for
from flask_babel import gettext as _

from gazette.validity.calendar import CalendarEntry, months_later
from portal import words
from portal.language import language

Chosen = Mapping[str, str | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthLine:
    """One month of a year: how much begins and ends in it."""

    label: str
    url: str
    begins: int
    ends: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarPage:
    """Everything the template shows: `days` in a month, `months` in a year. No address where the calendar ends."""

    title: str
    is_year: bool
    year: int
    days: tuple[tuple[dt.date, tuple[CalendarEntry, ...]], ...]
    months: tuple[MonthLine, ...]
    before: tuple[str, str] | None
    after: tuple[str, str] | None
    other_view: tuple[str, str]
    ics_url: str
    feed_url: str
    today: dt.date
    chosen: Chosen

    @property
    def webcal_url(self) -> str:
        """The address under which calendar programs subscribe at a click."""
        return "webcal" + self.ics_url[self.ics_url.index(":") :]


def build(
    first: dt.date,
    *,
    is_year: bool,
    entries: Sequence[CalendarEntry],
    chosen: Chosen,
    years: tuple[int, int],
    today: dt.date,
) -> CalendarPage:
    """The page of the month or year that begins on `first`, as `today` sees it."""
    step = 12 if is_year else 1
    return CalendarPage(
        title=_label(first, is_year),
        is_year=is_year,
        year=first.year,
        days=() if is_year else tuple((day, tuple(each)) for day, each in groupby(entries, lambda entry: entry.day)),
        months=tuple(_months(first, entries, chosen)) if is_year else (),
        before=_link(first, -step, is_year, chosen, years),
        after=_link(first, step, is_year, chosen, years),
        other_view=(_label(first, not is_year), _url(first, not is_year, chosen)),
        ics_url=url_for("calendar.subscribe", **chosen, _external=True),
        feed_url=url_for("calendar.feed", **chosen),
        today=today,
        chosen=chosen,
    )


def address(entry: CalendarEntry) -> str:
    """The document as it then stands."""
    return url_for("documents.show_as_of", document_id=entry.document, day=entry.day.isoformat(), _external=True)


def named(chosen: Chosen) -> str:
    """施行失效日历, and whose."""
    return " · ".join([_("施行失效日历"), *(value for value in chosen.values() if value)])


def icalendar(entries: Sequence[CalendarEntry], *, name: str, today: dt.date) -> bytes:
    """The entries as all-day events of one calendar. An event's UID is made of what it is, so that it stays the same
    from one fetching to the next; its summary is read on any day, so it has no tense."""
    from icalendar import Calendar, Event

    calendar = Calendar()
    calendar.add("prodid", "-//Gongbao//Calendar//ZH")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", dt.timedelta(hours=12), parameters={"value": "DURATION"})
    for entry in entries:
        event = Event()
        event.add("uid", f"{entry.document}-{entry.status.value}-{entry.day:%Y%m%d}@gongbao")
        event.add("dtstamp", entry.updated_at)
        event.add("last-modified", entry.updated_at)
        event.add("dtstart", entry.day)
        event.add("dtend", entry.day + dt.timedelta(days=1))
        event.add("summary", f"{words.TURN[entry.status][0]}{_('：')}{entry.title}")
        event.add("description", words.turn_sentence(entry.status, entry.day, today, entry.title))
        event.add("url", address(entry))
        event.add("transp", "TRANSPARENT")
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def _months(first: dt.date, entries: Sequence[CalendarEntry], chosen: Chosen) -> list[MonthLine]:
    months = (first.replace(month=number) for number in range(1, 13))
    return [
        MonthLine(
            label=_label(month, False),
            url=_url(month, False, chosen),
            begins=sum(entry.begins for entry in entries if entry.day.month == month.month),
            ends=sum(not entry.begins for entry in entries if entry.day.month == month.month),
        )
        for month in months
    ]


def _link(first: dt.date, step: int, is_year: bool, chosen: Chosen, years: tuple[int, int]) -> tuple[str, str] | None:
    """The neighbouring page; None past the first and the last year that have one."""
    number = first.year * 12 + first.month - 1 + step
    if not years[0] <= number // 12 <= years[1]:
        return None
    there = months_later(first, step)
    return _label(there, is_year), _url(there, is_year, chosen)


def _label(first: dt.date, is_year: bool) -> str:
    if is_year:
        return _("%(year)s年", year=first.year)
    if language() == "en":
        return f"{first:%B} {first.year}"
    return _("%(year)s年%(month)s月", year=first.year, month=first.month)


def _url(first: dt.date, is_year: bool, chosen: Chosen) -> str:
    when = {"year": f"{first:%Y}"} if is_year else {"month": f"{first:%Y-%m}"}
    return url_for("calendar.show", **when, **chosen)
