"""施行失效日历: by month or year, of all or of one agency or theme; as a list, as iCalendar, as Atom."""

from __future__ import annotations

import datetime as dt
import re

from apiflask import APIBlueprint
from flask import Response, g, render_template, request, url_for
from flask_babel import gettext as _

from gazette.errors import BadInput
from gazette.record.library import count_agencies, count_themes
from gazette.validity.calendar import list_calendar, list_endings, months_later
from portal import words
from portal.freshness import conditional
from portal.pages import calendar as page
from portal.rooms import rooms
from portal.views.feeds import FeedEntry, answer_feed

bp = APIBlueprint("calendar", __name__, enable_openapi=False)

#: Years whose months have a page.
FIRST_YEAR, LAST_YEAR = 1900, 2999
#: Months behind and ahead that a subscribed calendar holds; feeds tell of the next of them only.
_BEHIND, _AHEAD, _SOON = 12, 60, 6
_MOST_MONTHS = 120


@bp.get("/calendar")
@conditional
def show() -> str:
    chosen = filters()
    year = request.args.get("year")
    if year:
        first, after = _year(year), 12
    else:
        first, after = _month(request.args.get("month")), 1
    entries = list_calendar(g.session, first, months_later(first, after) - dt.timedelta(days=1), **chosen)
    shown = page.build(
        first,
        is_year=bool(year),
        entries=entries,
        chosen=chosen,
        years=(FIRST_YEAR, LAST_YEAR),
        today=rooms().today(),
    )
    return render_template(
        "calendar.html", page=shown, agencies=count_agencies(g.session, 200), themes=count_themes(g.session, 200)
    )


@bp.get("/calendar.ics")
@conditional
def subscribe() -> Response:
    """The calendar as programs subscribe to it (RFC 5545): the past year and what lies ahead."""
    chosen, today = filters(), rooms().today()
    entries = list_calendar(g.session, months_later(today, -_BEHIND), months_later(today, _AHEAD), **chosen)
    response = Response(page.icalendar(entries, name=page.named(chosen), today=today), mimetype="text/calendar")
    response.headers["Content-Disposition"] = 'inline; filename="calendar.ics"'
    return response


@bp.get("/feeds/calendar")
@conditional
def feed() -> Response:
    """What begins or ends in the coming months, as Atom."""
    chosen, today = filters(), rooms().today()
    entries = list_calendar(g.session, today, months_later(today, _SOON), **chosen)
    return answer_feed(page.named(chosen), url_for(".show", **chosen, _external=True), _feed_entries(entries, today))


@bp.get("/feeds/lapsing")
@conditional
def feed_endings() -> Response:
    """What ends within so many months, as Atom."""
    chosen, months, today = filters(), months_asked(), rooms().today()
    entries = list_endings(g.session, today, months, **chosen)
    title = _("%(n)s个月内失效", n=months)
    return answer_feed(title, url_for(".show", **chosen, _external=True), _feed_entries(entries, today))


def filters() -> dict[str, str | None]:
    """The agency and theme chosen; None where all are meant."""
    return {name: request.args.get(name, "").strip()[:200] or None for name in ("issuer", "theme")}


def months_asked() -> int:
    """How far ahead to look for what ends; as the settings say, unless the address does. Raises BadInput."""
    text = request.args.get("months", "")
    if not text:
        return rooms().portal.lapse_warning_months
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:6]) <= _MOST_MONTHS):
        raise BadInput(why=_("月数为1至%(most)s", most=_MOST_MONTHS))
    return int(text)


def _year(text: str) -> dt.date:
    if not (re.fullmatch(r"\d{4}", text, re.ASCII) and FIRST_YEAR <= int(text) <= LAST_YEAR):
        raise BadInput(why=_("年份“%(year)s”请写成2026", year=text[:20]))
    return dt.date(int(text), 1, 1)


def _month(text: str | None) -> dt.date:
    """The first day of the month written 2026-12; of this one without it."""
    if not text:
        return rooms().today().replace(day=1)
    match = re.fullmatch(r"(\d{4})-(\d{1,2})", text, re.ASCII)
    if not match or not (1 <= int(match[2]) <= 12 and FIRST_YEAR <= int(match[1]) <= LAST_YEAR):
        raise BadInput(why=_("月份“%(month)s”请写成2026-12", month=text[:20]))
    return dt.date(int(match[1]), int(match[2]), 1)


def _feed_entries(entries: tuple[page.CalendarEntry, ...], today: dt.date) -> list[FeedEntry]:
    return [
        FeedEntry(
            title=f"{words.turn_in_words(entry.status, entry.day, today)}{_('：')}{entry.title}",
            url=page.address(entry),
            updated=entry.updated_at,
            summary=words.turn_sentence(entry.status, entry.day, today, entry.title),
        )
        for entry in entries
    ]
