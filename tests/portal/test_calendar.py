"""The calendar of what begins and ends: by month and year, of an agency, as iCalendar and Atom, and what ends soon."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import feedparser
import pytest
from icalendar import Calendar

from gazette.store import today
from gazette.validity.calendar import list_endings, months_later
from portal.accounts import add_user
from tests.gazette.builders import a_draft, take_in
from tests.portal.test_desk import PASSWORD, sign_in

LONG = "江城市人民政府办公厅关于印发江城市“十四五”时期生态环境保护、水资源节约集约利用；与城乡建设\\n规划的通知"


def events_of(answer):
    assert answer.mimetype == "text/calendar"
    return Calendar.from_ical(answer.data).walk("VEVENT")


def hold(store, title, *, effective="2020-01-01", expiry=None, issuer="江城市人民政府", theme=None):
    draft = a_draft(title, published="2020-01-01", effective=effective, issuers=(issuer,), theme=theme)
    if expiry:
        draft = replace(draft, expiry_date=dt.date.fromisoformat(expiry))
    return take_in(store, draft).document


def test_a_month_is_narrowed_to_an_agency_and_a_theme(client, store):
    hold(store, "江城市甲办法", issuer="江城市水务局", theme="水利")
    hold(store, "江城市乙办法", issuer="江城市教育局", theme="教育")
    page = client.get("/calendar?month=2020-01&issuer=江城市水务局").text
    assert "江城市甲办法" in page
    assert "江城市乙办法" not in page
    assert "江城市乙办法" in client.get("/calendar?month=2020-01&theme=教育").text
    assert "这个月没有文件" in client.get("/calendar?month=2020-01&issuer=没有的机关").text


def test_a_year_counts_its_months(client, store):
    hold(store, "江城市甲办法", effective="2020-03-01", expiry="2020-10-31")
    page = client.get("/calendar?year=2020").text
    assert "month=2020-03" in page
    assert "month=2020-11" in page
    assert "month=2020-04" not in page
    assert client.get("/calendar?year=0").status_code == 400


@pytest.mark.parametrize(
    ("place", "missing"), [("month=1900-01", "1899"), ("month=2999-12", "3000"), ("year=1900", "1899")]
)
def test_the_calendar_links_to_no_month_that_has_no_page(client, place, missing):
    page = client.get(f"/calendar?{place}")
    assert page.status_code == 200
    assert missing not in page.text


def test_a_calendar_program_reads_every_entry_whole(client, store):
    day = today()
    document = hold(store, LONG, effective=day.isoformat())
    (event,) = events_of(client.get("/calendar.ics"))
    assert event["SUMMARY"] == f"施行：{LONG}"
    assert (event.decoded("DTSTART"), event.decoded("DTEND")) == (day, day + dt.timedelta(days=1))
    assert event.decoded("DTSTAMP").utcoffset() == dt.timedelta(0)
    assert f"/documents/{document}/as-of/{day}" in event["URL"]
    assert event["UID"] == events_of(client.get("/calendar.ics"))[0]["UID"]


def test_lines_of_the_calendar_are_folded_by_octets_between_characters(client, store):
    hold(store, LONG, effective=today().isoformat())
    lines = client.get("/calendar.ics").data.split(b"\r\n")
    assert max(map(len, lines)) <= 75
    assert all(line.decode("utf-8") is not None for line in lines)


def test_the_subscription_keeps_the_filter(client, store):
    day = today().isoformat()
    hold(store, "江城市甲办法", effective=day, issuer="江城市水务局")
    hold(store, "江城市乙办法", effective=day, issuer="江城市教育局")
    (event,) = events_of(client.get("/calendar.ics?issuer=江城市水务局"))
    assert "江城市甲办法" in event["SUMMARY"]
    (entry,) = feedparser.parse(client.get("/feeds/calendar?issuer=江城市教育局").data).entries
    assert "江城市乙办法" in entry.title
    assert "webcal://" in client.get("/calendar?issuer=江城市水务局").text


def test_editors_are_shown_what_ends_within_the_months_set(client, store):
    add_user(store, username="bianji", password=PASSWORD, role="editor")
    soon = today() + dt.timedelta(days=100)
    hold(store, "江城市将满办法", expiry=soon.isoformat())
    hold(store, "江城市不满办法", expiry=(soon + dt.timedelta(days=300)).isoformat())
    assert client.get("/desk/lapsing").status_code == 302
    sign_in(client)
    page = client.get("/desk/lapsing").text
    assert "江城市将满办法" in page
    assert "江城市不满办法" not in page
    assert "江城市不满办法" in client.get("/desk/lapsing?months=24").text
    assert client.get("/desk/lapsing?months=0").status_code == 400
    assert len(feedparser.parse(client.get("/feeds/lapsing").data).entries) == 1
    assert len(feedparser.parse(client.get("/feeds/lapsing?months=24").data).entries) == 2


def test_the_calendar_says_what_will_be_and_what_was(client, store):
    past, ahead = today() - dt.timedelta(days=40), today() + dt.timedelta(days=40)
    hold(store, "江城市甲办法", effective="2010-01-01", expiry=past.isoformat())
    hold(store, "江城市乙办法", effective="2010-01-01", expiry=ahead.isoformat())
    gone, going = past + dt.timedelta(days=1), ahead + dt.timedelta(days=1)
    assert "已失效" in client.get(f"/calendar?month={gone:%Y-%m}").text
    later = client.get(f"/calendar?month={going:%Y-%m}").text
    assert "将失效" in later
    assert "已失效" not in later
    assert "To lapse" in client.get(f"/calendar?month={going:%Y-%m}&lang=en").text
    (entry,) = feedparser.parse(client.get("/feeds/lapsing?lang=zh").data).entries
    assert entry.title == "将失效：江城市乙办法"
    assert entry.summary == f"《江城市乙办法》将自{going.year}年{going.month}月{going.day}日起失效"
    said = {str(event["SUMMARY"]): str(event["DESCRIPTION"]) for event in events_of(client.get("/calendar.ics"))}
    assert "将自" in said["失效：江城市乙办法"]
    assert "已自" in said["失效：江城市甲办法"]


def test_what_has_ended_or_ends_today_is_no_warning(store):
    hold(store, "江城市甲办法", expiry="2024-04-30")
    with store.read() as session:
        assert list_endings(session, dt.date(2024, 5, 1), 6) == ()
        assert len(list_endings(session, dt.date(2024, 4, 30), 6)) == 1


@pytest.mark.parametrize(
    ("day", "months", "later"), [("2024-08-31", 6, "2025-02-28"), ("2024-01-15", -13, "2022-12-15")]
)
def test_months_later_is_the_same_day_or_the_last(day, months, later):
    assert months_later(dt.date.fromisoformat(day), months) == dt.date.fromisoformat(later)
