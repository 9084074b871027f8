"""Saved searches that come to people: letters through a real SMTP server, notices to a real receiver, on loopback."""

from __future__ import annotations

import email
import http.client
import json
import re
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from email.message import EmailMessage
from email.policy import default
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from aiosmtpd.controller import Controller
from sqlalchemy import func, select

from gazette.draft import SourceFile
from gazette.editing.workflow import withdraw
from gazette.errors import BadInput, Conflict
from gazette.record.ingest import ingest
from gazette.store import Store, now, today
from harvest.reach import OutOfReach
from indexer import Index
from indexer.sync import sync
from portal.accounts import add_user
from portal.app import create_app
from portal.settings import PortalSettings
from portal.subscriptions import mail, webhook
from portal.subscriptions.book import (
    Channel,
    DeliveryRow,
    SubscriptionRow,
    ToldRow,
    confirm,
    forget_unanswered,
    subscribe,
    unsubscribe,
)
from portal.subscriptions.collect import collect
from portal.subscriptions.mail import MailSettings, Office, office_of
from portal.subscriptions.post import DOUBTFUL_AFTER, WAITS, Posted, Postman
from tests.portal.test_desk import sign_in

OFFICE = Office(base_url="https://gongbao.example", names={"zh": "公报", "en": "Gongbao"}, key="for tests only")
READER = "reader@example.org"
TOMORROW = today() + timedelta(days=1)


@dataclass
class Mailbox:
    """An SMTP server's memory. `refusals` are answers to give instead of taking the next letters."""

    letters: list[EmailMessage] = field(default_factory=list)
    refusals: list[str] = field(default_factory=list)
    unknown: set[str] = field(default_factory=set)

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address in self.unknown:
            return "550 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if self.refusals:
            return self.refusals.pop(0)
        self.letters.append(email.message_from_bytes(envelope.content, policy=default))
        return "250 OK"


@pytest.fixture
def mailbox() -> Iterator[tuple[Mailbox, MailSettings]]:
    box = Mailbox()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    server = Controller(box, hostname="127.0.0.1", port=port)
    server.start()
    yield box, MailSettings(host="127.0.0.1", port=port, security="none", sender="gongbao@gongbao.example")
    server.stop()


@pytest.fixture
def index(store: Store) -> Iterator[Index]:
    with Index.open(store.settings) as opened:
        sync(store, opened)
        yield opened


@pytest.fixture
def postman(store, mailbox) -> Postman:
    return Postman(store=store, settings=mailbox[1], office=OFFICE, local=True)


def publish(store: Store, index: Index, title: str, serial: int = 1) -> str:
    text = f"{title}\n江政发〔2026〕{serial}号\n第一条　为了加强管理，制定本办法。\n江城市人民政府\n2026年5月6日\n"
    source = SourceFile(name=f"{serial}.txt", data=text.encode(), media_type="text/plain")
    (outcome,) = ingest(store, source, publish=True, actor="test")
    sync(store, index)
    return str(outcome.document)


def confirmed(store: Store, search: str = "q=%E8%8A%82%E7%BA%A6") -> str:
    subscription = subscribe(store, Channel.EMAIL, READER, search)
    assert subscription
    confirm(store, subscription)
    return subscription


def count(store: Store, row: type) -> int:
    with store.read() as session:
        return session.scalar(select(func.count()).select_from(row))


def test_an_address_is_asked_before_anything_is_sent_to_it(store, index, mailbox, postman):
    subscription = subscribe(store, Channel.EMAIL, READER, "q=节约", language="en")
    publish(store, index, "江城市节约用水办法")
    assert collect(store, index, Channel.EMAIL, TOMORROW) == 0
    assert postman.send_due() == Posted(sent=1)
    (letter,) = mailbox[0].letters
    assert letter["To"] == READER
    assert "Gongbao" in letter["Subject"]
    token = re.search(r"/subscriptions/confirm/(\S+)", letter.get_content())[1]
    assert mail.read_confirming(OFFICE.key, token) == subscription
    assert postman.send_due() == Posted()


def test_news_come_once_a_day_and_of_each_document_once(store, index, mailbox, postman):
    before = publish(store, index, "江城市节约用电办法", 1)
    confirmed(store)
    after = publish(store, index, "江城市节约用水办法", 2)
    publish(store, index, "江城市消防规定", 3)
    assert collect(store, index, Channel.EMAIL, today()) == 0
    assert collect(store, index, Channel.EMAIL, TOMORROW) == 1
    assert collect(store, index, Channel.EMAIL, TOMORROW) == 0
    assert postman.send_due().sent == 1
    letter = mailbox[0].letters[-1]
    assert after in letter.get_content()
    assert before not in letter.get_content()
    assert "消防" not in letter.get_content()
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    with store.write() as session:
        # A document that changes is no news.
        from gazette.outbox import enqueue

        enqueue(session, "document", after)
    sync(store, index)
    assert collect(store, index, Channel.EMAIL, TOMORROW + timedelta(days=1)) == 0


def test_what_was_withdrawn_before_the_letter_left_is_not_in_it(store, index, mailbox, postman):
    confirmed(store)
    document = publish(store, index, "江城市节约用水办法")
    collect(store, index, Channel.EMAIL, TOMORROW)
    withdraw(store, document, reason="错误", actor="test")
    assert postman.send_due() == Posted()
    assert mailbox[0].letters == []


def test_a_letter_that_is_refused_is_tried_again_later_and_then_given_up(store, mailbox, postman):
    subscribe(store, Channel.EMAIL, READER, "q=a")
    mailbox[0].refusals += ["451 later"] * (len(WAITS) + 1)
    moment = now()
    for wait in WAITS:
        assert postman.send_due(moment) == Posted(later=1)
        assert postman.send_due(moment) == Posted()
        moment += wait
    assert postman.send_due(moment) == Posted(failed=1)
    assert postman.send_due(moment + timedelta(days=9)) == Posted()


def test_an_address_that_does_not_exist_is_given_up_at_once(store, mailbox, postman):
    subscribe(store, Channel.EMAIL, READER, "q=a")
    mailbox[0].unknown.add(READER)
    assert postman.send_due() == Posted(failed=1)


def test_a_server_that_is_down_loses_nothing(store, mailbox, postman):
    subscribe(store, Channel.EMAIL, READER, "q=a")
    down = Postman(store=store, settings=MailSettings(host="127.0.0.1", port=1, sender="a@b.example"), office=OFFICE)
    moment = now()
    assert down.send_due(moment) == Posted(later=1)
    assert postman.send_due(moment + WAITS[0]) == Posted(sent=1)


@pytest.mark.parametrize("handed_over", [False, True])
def test_a_process_killed_while_sending_never_sends_twice(store, mailbox, postman, monkeypatch, handed_over):
    subscribe(store, Channel.EMAIL, READER, "q=a")
    whole = mail.hand_over

    class Killed(BaseException):
        """What no code catches, as kill -9."""

    def killed(settings, letter, address, begin):
        def begun():
            begin()
            if not handed_over:
                raise Killed

        whole(settings, letter, address, begun)
        raise Killed

    monkeypatch.setattr(mail, "hand_over", killed)
    with pytest.raises(Killed):
        postman.send_due()
    monkeypatch.setattr(mail, "hand_over", whole)
    assert postman.send_due() == Posted()
    assert postman.send_due(now() + 2 * DOUBTFUL_AFTER) == Posted(doubtful=1)
    assert len(mailbox[0].letters) == int(handed_over)


def test_two_posts_of_one_home_do_not_send_the_same_letter(store, mailbox, postman):
    subscribe(store, Channel.EMAIL, READER, "q=a")
    with postman._alone() as alone:
        assert alone
        assert Postman(store=store, settings=mailbox[1], office=OFFICE).send_due() == Posted()
    assert postman.send_due() == Posted(sent=1)


def test_leaving_forgets_the_address_and_all_that_was_sent(store, index, postman):
    subscription = confirmed(store)
    publish(store, index, "江城市节约用水办法")
    collect(store, index, Channel.EMAIL, TOMORROW)
    postman.send_due()
    assert unsubscribe(store, subscription)
    assert not unsubscribe(store, subscription)
    assert [count(store, row) for row in (SubscriptionRow, DeliveryRow, ToldRow)] == [0, 0, 0]


def test_who_never_answers_is_forgotten(store):
    subscribe(store, Channel.EMAIL, READER, "q=a")
    with store.write() as session:
        session.scalars(select(SubscriptionRow)).one().created_at = now() - timedelta(days=8)
    assert forget_unanswered(store) == 1
    assert count(store, DeliveryRow) == 0


def test_nobody_can_have_a_stranger_flooded(store):
    asked = [subscribe(store, Channel.EMAIL, READER, f"q={number}") for number in range(10)]
    assert len([each for each in asked if each]) == 3
    assert subscribe(store, Channel.EMAIL, READER, "q=0") is None


def test_a_delivery_nobody_can_send_does_not_hold_up_the_others(store, mailbox, postman):
    for address in ("用户@example.org", READER):
        subscribe(store, Channel.EMAIL, address, "q=a")
    assert postman.send_due() == Posted(sent=1, failed=1)
    assert [letter["To"] for letter in mailbox[0].letters] == [READER]
    assert postman.send_due() == Posted()


def test_a_search_that_fails_does_not_hold_up_the_others(store, index):
    for search in ("status=nothing", "q=节约"):
        confirmed(store, search)
    publish(store, index, "江城市节约用水办法")
    assert collect(store, index, Channel.EMAIL, TOMORROW) == 1


@contextmanager
def receiver(*statuses: int):
    taken: list[tuple[dict[str, str], bytes]] = []
    answers = list(statuses)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            taken.append(({name.lower(): value for name, value in self.headers.items()}, body))
            self.send_response(answers.pop(0) if answers else 204)
            self.send_header("Location", "http://127.0.0.1:1/")
            self.end_headers()

        def log_message(self, *_args):
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/hook?x=1", taken
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_program_is_told_at_once_signed_and_again_until_it_takes_it(store, index, postman):
    add_user(store, username="editor1", password="a long password", role="editor")
    with receiver(500, 302) as (url, taken):
        subscription = subscribe(store, Channel.WEBHOOK, url, "q=节约", user=1)
        document = publish(store, index, "江城市节约用水办法")
        assert collect(store, index, Channel.WEBHOOK, today()) == 1
        moment = now()
        assert postman.send_due(moment) == Posted(later=1)
        assert postman.send_due(moment + WAITS[0]) == Posted(later=1)
        assert postman.send_due(moment + WAITS[0] + WAITS[1]) == Posted(sent=1)
    assert len({headers["webhook-id"] for headers, _body in taken}) == 1
    headers, body = taken[-1]
    secret = webhook.secret_of(OFFICE.key, subscription)
    expected = webhook.sign(secret, headers["webhook-id"], int(headers["webhook-timestamp"]), body)
    assert headers["webhook-signature"] == expected
    (told,) = json.loads(body)["data"]["documents"]
    assert told["id"] == document
    assert told["url"] == f"https://gongbao.example/documents/{document}"
    with pytest.raises(Conflict):
        subscribe(store, Channel.WEBHOOK, url, "q=节约", user=1)


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/",
        "https://user:pw@example.org/",
        "ftp://example.org/",
        "https://",
        "https://a:b:c/",
        "javascript:alert(1)",
        "https://" + "a" * 1200,
        "https://a..example/",
    ],
)
def test_an_address_no_notice_may_go_to_is_refused(url):
    with pytest.raises(BadInput):
        webhook.check_url(url, local=False)


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "169.254.169.254", "10.0.0.1", "[::1]", "[::ffff:a00:1]", "2130706433", "0x7f.1"]
)
def test_an_address_inside_the_wall_is_refused_before_it_is_saved(host):
    with pytest.raises(BadInput, match="公网地址"):
        webhook.check_url(f"https://{host}/", local=False)


@pytest.mark.parametrize(
    "address", ["127.0.0.1", "169.254.169.254", "10.0.0.1", "::1", "::ffff:a00:1", "64:ff9b::a00:1"]
)
def test_no_notice_reaches_inside_the_wall_whatever_a_name_resolves_to(monkeypatch, address):
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_kwargs: [(0, 0, 0, "", (address, 443))])
    with pytest.raises(OutOfReach):
        webhook.send("https://rebound.example/", webhook.secret_of("k", "s"), "d", {}, local=False)


def test_a_receiver_that_never_ends_its_answer_is_hung_up_on(monkeypatch):
    monkeypatch.setattr(webhook, "ANSWER_S", 0.05)
    with socket.create_server(("127.0.0.1", 0)) as server:
        url = f"http://127.0.0.1:{server.getsockname()[1]}/通知?页=1"
        with pytest.raises(http.client.HTTPException):
            webhook.send(url, webhook.secret_of("k", "s"), "d", {}, local=True)
        taken, _ = server.accept()
        with taken:
            assert taken.recv(100).startswith(b"POST /%E9%80%9A%E7%9F%A5?%E9%A1%B5=1 HTTP/1.1")


def test_the_keeper_knows_the_tables_without_an_application():
    code = "import portal.subscriptions.book as b; print(*b.SubscriptionRow.__table__.c.user_id.foreign_keys)"
    column = "; print(*(each.column for each in b.SubscriptionRow.__table__.c.user_id.foreign_keys))"
    done = subprocess.run([sys.executable, "-c", code + column], capture_output=True, text=True, check=True)
    assert done.stdout.endswith("users.id\n")


# --- the pages -----------------------------------------------------------------------------------------------------


@pytest.fixture
def mailing(store, record_settings, mailbox):
    settings = PortalSettings(secret_key="for tests only", base_url="https://gongbao.example", webhooks_local=True)
    app = create_app(settings, record_settings, mail=mailbox[1])
    with Index.open(record_settings) as index:
        sync(store, index)
    yield app
    app.extensions["gongbao"].index.close()
    app.extensions["gongbao"].store.close()


def test_from_the_search_page_to_the_last_letter(store, mailing, mailbox):
    client = mailing.test_client()
    assert "/subscriptions/new?q=" in client.get("/search?q=节约").text
    page = client.get("/subscriptions/new?q=节约&status=unknown").text
    assert "/feeds/search.json?q=" in page
    hidden = re.search(r'name="search" value="([^"]+)"', page)[1].replace("&amp;", "&")
    wrong = client.post("/subscriptions/email", data={"search": hidden, "email": "nobody\r\nBcc: x@y"})
    assert wrong.status_code == 400
    assert 'aria-invalid="true"' in wrong.text
    sent = client.post("/subscriptions/email", data={"search": hidden, "email": READER})
    assert sent.status_code == 303
    office = office_of(mailing.extensions["gongbao"].portal, store.settings.home)
    postman = Postman(store=store, settings=mailbox[1], office=office)
    postman.send_due()
    confirm_path = re.search(r"gongbao\.example(/subscriptions/confirm/\S+)", mailbox[0].letters[0].get_content())[1]
    assert '<form method="post">' in client.get(confirm_path).text
    with store.read() as session:
        assert session.scalars(select(SubscriptionRow)).one().confirmed_at is None
    assert "已确认" in client.post(confirm_path).text
    with Index.open(store.settings) as index:
        publish(store, index, "江城市节约用水办法")
        collect(store, index, Channel.EMAIL, TOMORROW)
    postman.send_due()
    leave = mailbox[0].letters[1]["List-Unsubscribe"].strip("<>")
    path = leave.removeprefix("https://gongbao.example")
    assert client.get(path).status_code == 200
    one_click = client.post(path, data={"List-Unsubscribe": "One-Click"})
    assert one_click.status_code == 200
    assert client.post(path).status_code == 200
    assert "已退订" in client.get(path).text


@pytest.mark.parametrize("place", ["confirm", "leave"])
def test_a_link_nobody_signed_does_nothing(mailing, place):
    client = mailing.test_client()
    for token in ("x", "a.b.c", mail.Office(base_url="", names={}, key="other").leave_url("abc").rsplit("/", 1)[1]):
        assert client.get(f"/subscriptions/{place}/{token}").status_code == 404
        assert client.post(f"/subscriptions/{place}/{token}").status_code == 404


@pytest.mark.parametrize(
    ("search", "address"), [("status=nothing", READER), ("q=a&from=soon", READER), ("q=a", "用户@example.org")]
)
def test_what_could_never_be_sent_is_not_saved(store, mailing, search, address):
    asked = mailing.test_client().post("/subscriptions/email", data={"search": search, "email": address})
    assert asked.status_code == 400
    assert 'role="alert"' in asked.text
    assert count(store, SubscriptionRow) == 0


def test_without_a_mail_server_only_feeds_are_offered(reader):
    page = reader.get("/subscriptions/new?q=食品").text
    assert "/feeds/search?q=" in page
    assert 'type="email"' not in page
    assert "/signin?next=" in page
    assert reader.post("/subscriptions/email", data={"search": "q=a", "email": READER}).status_code == 303


def test_who_has_not_signed_in_is_asked_to_in_the_language_of_the_page(library_app):
    client = library_app.test_client()
    assert "请先登录" in client.get("/subscriptions", follow_redirects=True).text
    assert "sign in first" in client.get("/subscriptions?lang=en", follow_redirects=True).text


def test_an_account_keeps_its_webhooks(store, mailing):
    add_user(store, username="editor1", password="a long password", role="editor")
    client = mailing.test_client()
    hook = {"search": "q=a", "url": "http://127.0.0.1:9/"}
    assert client.get("/subscriptions").status_code == 302
    assert client.post("/subscriptions/webhook", data=hook).status_code == 302
    sign_in(client, "editor1", "a long password")
    assert 'name="url"' in client.get("/subscriptions/new?q=a").text
    wrong = client.post("/subscriptions/webhook", data={"search": "q=a", "url": "ftp://x/"})
    assert wrong.status_code == 400
    made = client.post("/subscriptions/webhook", data=hook)
    assert made.status_code == 303
    mine = client.get("/subscriptions").text
    assert "whsec_" in mine
    assert "没有送达" not in mine
    with Index.open(store.settings) as index:
        publish(store, index, "江城市a类车辆管理办法")
        collect(store, index, Channel.WEBHOOK, today())
    office = office_of(mailing.extensions["gongbao"].portal, store.settings.home)
    assert Postman(store=store, settings=MailSettings(), office=office, local=True).send_due().later == 1
    assert "最近一次没有送达" in client.get("/subscriptions").text
    subscription = re.search(r"/subscriptions/(\w+)/delete", mine)[1]
    client.post(f"/subscriptions/{subscription}/delete")
    assert count(store, SubscriptionRow) == 0


@pytest.mark.parametrize("place", ["/feeds/search", "/feeds/search.json"])
def test_a_reader_that_holds_a_search_s_feed_is_not_sent_it_again(reader, place):
    first = reader.get(f"{place}?q=食品安全")
    assert "%E9%A3%9F" in first.text
    assert "q=食品" not in first.text
    for name, held in (("If-None-Match", "ETag"), ("If-Modified-Since", "Last-Modified")):
        again = reader.get(f"{place}?q=食品安全", headers={name: first.headers[held]})
        assert (again.status_code, again.data) == (304, b"")
    assert reader.get(f"{place}?q=节约用水", headers={"If-None-Match": first.headers["ETag"]}).status_code == 200


def test_a_saved_search_is_a_json_feed(reader, library):
    feed = reader.get("/feeds/search.json?q=食品安全")
    assert feed.mimetype == "application/feed+json"
    assert feed.json["version"] == "https://jsonfeed.org/version/1.1"
    assert {each["url"].rsplit("/", 1)[1] for each in feed.json["items"]} == {
        library.ids[name] for name in ("old", "new", "notice")
    }


def test_a_saved_search_s_feed_brings_what_was_published_last_whatever_its_date(reader, monkeypatch):
    everything = reader.get("/feeds/search.json").json["items"]
    dates = [each["date_modified"] for each in everything]
    assert dates == sorted(dates, reverse=True)
    monkeypatch.setattr("portal.views.feeds.ENTRIES", 2)
    newest = reader.get("/feeds/search.json").json["items"]
    assert [each["date_modified"] for each in newest] == dates[:2]
