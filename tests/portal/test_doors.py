"""Every door of the portal: who may enter, which forms are taken from where. New addresses are tried by themselves."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from gazette.store import Store
from portal.accounts import add_user
from portal.app import create_app
from portal.settings import PortalSettings

PASSWORD = "correct-horse-battery"
#: What only an administrator may do.
ADMINISTRATORS = {"acceptance.show", "acceptance.save", "review.purge"}
#: What anybody with an account may do for himself.
OF_ACCOUNTS = {"subscriptions.by_webhook", "subscriptions.show_mine", "subscriptions.delete"}
#: An address of this site: browsers read //host and /\\host as another one.
WITHIN = re.compile(r"/(?![/\\])")


@pytest.fixture
def client(store: Store) -> Iterator[FlaskClient]:
    add_user(store, username="bianji", password=PASSWORD, role="editor")
    settings = PortalSettings(secret_key="for tests only", signin_limit="3 per minute")
    app = create_app(settings, store.settings)
    with app.test_client() as opened:
        yield opened
    app.extensions["gongbao"].store.close()


def doors(client: FlaskClient) -> Iterator[tuple[str, str, str]]:
    """Endpoint, method and an address of everything the portal answers to."""
    for rule in client.application.url_map.iter_rules():
        for method in sorted(rule.methods & {"GET", "POST"}):
            yield rule.endpoint, method, address_of(rule)


def address_of(rule: Rule) -> str:
    choices = re.sub(r"<any\((\w+)[^>]*>", r"\1", rule.rule)
    return re.sub(r"<[^>]*>", "1", choices)


def sign_in(client: FlaskClient, password: str = PASSWORD, **more: str) -> tuple[int, str]:
    page = client.get("/signin").text
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert token
    form = {"username": "bianji", "password": password, "csrf_token": token[1], **more}
    answer = client.post("/signin", data=form)
    return answer.status_code, answer.headers.get("Location", "")


def test_a_stranger_is_sent_from_every_door_of_the_desk_to_sign_in(client: FlaskClient) -> None:
    tried = 0
    for endpoint, method, address in doors(client):
        if address.startswith("/desk") or endpoint in OF_ACCOUNTS:
            answer = client.open(address, method=method)
            assert answer.status_code == 302, address
            assert answer.headers["Location"].startswith("/signin?next="), address
            tried += 1
    assert tried > 40


def test_an_editor_enters_every_door_of_the_desk_but_the_administrators(client: FlaskClient) -> None:
    sign_in(client)
    for endpoint, method, address in doors(client):
        if address.startswith("/desk"):
            refused = client.open(address, method=method).status_code == 403
            assert refused == (endpoint in ADMINISTRATORS), address


def test_no_form_is_taken_from_another_site(client: FlaskClient) -> None:
    sign_in(client)
    for endpoint, method, address in doors(client):
        if method == "POST":
            for said in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "null"}):
                assert client.post(address, headers=said).status_code == 403, (endpoint, said)


def test_every_answer_of_every_door_carries_the_policy(client: FlaskClient) -> None:
    for _endpoint, method, address in doors(client):
        headers = client.open(address, method=method).headers
        assert "default-src 'none'" in headers["Content-Security-Policy"], address
        assert headers["X-Content-Type-Options"] == "nosniff", address


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example", "/\\evil.example"])
def test_after_signing_in_nobody_is_led_to_another_site(client: FlaskClient, elsewhere: str) -> None:
    _status, place = sign_in(client, next=elsewhere)
    assert WITHIN.match(place or "/"), place


def test_forms_lead_back_into_the_site_only(client: FlaskClient) -> None:
    sign_in(client)
    for elsewhere in ("https://evil.example/", "//evil.example", "/\\evil.example"):
        for _endpoint, method, address in doors(client):
            if method == "POST" and not address.startswith("/signin"):
                form = {"back": elsewhere, "next": elsewhere}
                place = client.post(address, data=form, query_string=form).headers.get("Location", "/")
                assert WITHIN.match(place), address


def test_passwords_are_not_tried_without_end(client: FlaskClient) -> None:
    assert [sign_in(client, "wrong-password-1")[0] for _ in range(4)] == [200, 200, 200, 429]


@pytest.mark.parametrize(("base_url", "secure"), [("https://gongbao.example", True), ("", False)])
def test_the_cookie_of_a_site_behind_https_goes_nowhere_else(store: Store, base_url: str, secure: bool) -> None:
    app = create_app(PortalSettings(secret_key="for tests only", base_url=base_url), store.settings)
    page = app.test_client().get("/signin")
    assert ("Secure" in page.headers["Set-Cookie"]) == secure
    app.extensions["gongbao"].store.close()
