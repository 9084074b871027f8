"""施行失效日历: a list, month by month, of what commences and what ends."""

from __future__ import annotations

import datetime as dt
import re
from itertools import groupby

from apiflask import APIBlueprint
from flask import g, render_template, request
from flask_babel import gettext as _

from gazette.errors import BadInput
from gazette.library import list_calendar
from portal.freshness import conditional
from portal.rooms import rooms

bp = APIBlueprint("calendar", __name__, enable_openapi=False)


@bp.get("/calendar")
@conditional
def show() -> str:
    first = _month(request.args.get("month"))
    after = _later(first, 1)
    entries = list_calendar(g.session, first, after - dt.timedelta(days=1))
    days = tuple((day, tuple(each)) for day, each in groupby(entries, key=lambda entry: entry.day))
    return render_template("calendar.html", first=first, before=_later(first, -1), after=after, days=days)


def _month(text: str | None) -> dt.date:
    """The first day of the month written 2026-12; of this one without it."""
    if not text:
        return rooms().today().replace(day=1)
    match = re.fullmatch(r"(\d{4})-(\d{1,2})", text, re.ASCII)
    if not match or not (1 <= int(match[2]) <= 12 and 1900 <= int(match[1]) <= 2999):
        raise BadInput(why=_("月份“%(month)s”请写成2026-12", month=text[:20]))
    return dt.date(int(match[1]), int(match[2]), 1)


def _later(month: dt.date, count: int) -> dt.date:
    number = month.year * 12 + month.month - 1 + count
    return dt.date(number // 12, number % 12 + 1, 1)
