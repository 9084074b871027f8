"""The shell of every page: languages, display, errors, headers."""

from __future__ import annotations

import json
import stat

import pytest
from flask import Response

from gazette.errors import Withdrawn
from portal.settings import PortalSettings, get_secret_key
from tests.portal.conftest import opened


def test_the_home_page_is_chinese_and_english_on_request(client):
    chinese = client.get("/")
    assert 'lang="zh-CN"' in chinese.text
    assert "跳到正文" in chinese.text
    english = client.get("/?lang=en")
    assert '<html lang="en"' in english.text
    assert "Skip to content" in english.text


def test_the_chosen_language_is_remembered(client):
    client.get("/?lang=en")
    assert '<html lang="en"' in client.get("/").text
    client.get("/?lang=zh")
    assert '<html lang="zh-CN"' in client.get("/").text


def test_display_settings_are_kept_and_return_to_the_page(client):
    answer = client.post("/display", data={"size": "huge", "theme": "dark", "next": "/search?q=教育"})
    assert answer.status_code == 303
    assert answer.location.startswith("/search?q=")
    page = client.get("/").text
    assert 'data-size="huge"' in page
    assert 'data-theme="dark"' in page


@pytest.mark.parametrize("target", ["https://elsewhere.example/", "//elsewhere.example", "/\\elsewhere.example", "x"])
def test_display_settings_lead_nowhere_else(client, target):
    assert client.post("/display", data={"size": "large", "next": target}).location == "/"


def test_an_unknown_size_is_ignored(client):
    client.post("/display", data={"size": '"><script>'})
    assert 'data-size="standard"' in client.get("/").text


def test_a_form_sent_from_another_site_is_refused(client):
    assert client.post("/display", headers={"Origin": "https://elsewhere.example"}).status_code == 403
    assert client.post("/display", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert client.post("/display", headers={"Origin": "http://localhost"}).status_code == 303


def test_every_page_forbids_inline_script_and_framing(client):
    headers = client.get("/").headers
    assert "unsafe-inline" not in headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "Cookie" in headers["Vary"]


def test_a_missing_page_offers_a_search_for_its_words(client):
    answer = client.get("/documents/食品安全办法.html")
    assert answer.status_code == 404
    assert 'value="食品安全办法"' in answer.text
    assert "没有这个页面" in answer.text


def test_programs_get_their_errors_as_objects(client):
    answer = client.get("/api/v1/nothing")
    assert answer.status_code == 404
    assert answer.json["code"] == "http.404"


def test_a_withdrawn_document_is_a_tombstone(app):
    @app.get("/withdrawn")
    def withdrawn() -> Response:
        raise Withdrawn(title="旧办法", reason="内容有误")

    answer = app.test_client().get("/withdrawn")
    assert answer.status_code == 410
    assert "《旧办法》已撤下：内容有误" in answer.text


def test_an_unforeseen_error_shows_the_incident_number_that_is_logged(app, capsys):
    @app.get("/broken")
    def broken() -> Response:
        raise RuntimeError("不能外泄的细节")

    answer = app.test_client().get("/broken", headers={"X-Request-Id": "incident-0001"})
    assert answer.status_code == 500
    assert "incident-0001" in answer.text
    assert "不能外泄的细节" not in answer.text
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    failed = next(line for line in lines if line["event"] == "request.failed")
    assert failed["request_id"] == "incident-0001"
    assert "不能外泄的细节" in failed["traceback"]


def test_a_secret_key_is_made_once_and_readable_by_its_owner_only(tmp_path):
    first = get_secret_key(PortalSettings(), tmp_path)
    assert len(first) >= 48
    assert get_secret_key(PortalSettings(), tmp_path) == first
    assert stat.S_IMODE((tmp_path / "secret_key").stat().st_mode) == 0o600
    assert get_secret_key(PortalSettings(secret_key="given"), tmp_path) == "given"


@pytest.mark.parametrize("path", ["/", "/dataset", "/calendar", "/no/such/页面"])
def test_arguments_named_like_our_own_change_nothing(client, path):
    query = "_external=1&_scheme=javascript&_anchor=x&_method=POST&endpoint=x&self=1&lang=en"
    answer = client.get(f"{path}?{query}")
    assert answer.status_code in {200, 404}
    assert "javascript:" not in answer.text


def test_the_public_address_is_the_configured_one(store, record_settings):
    for app in opened(record_settings, base_url="https://gongbao.example"):
        client = app.test_client()
        assert "<loc>https://gongbao.example/sitemap-1.xml</loc>" in client.get("/sitemap.xml").text
        assert "elsewhere" not in client.get("/sitemap.xml", headers={"Host": "elsewhere.example"}).text
        for origin, status in (("https://gongbao.example", 303), ("http://localhost", 303), ("https://x.example", 403)):
            assert client.post("/display", headers={"Origin": origin}).status_code == status
