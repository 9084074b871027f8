"""Suggestions over HTTP."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize("typed", ["食品安全管理规定", "jcsspaqglgd", "食品安全gl", "江政发[2018]"])
def test_a_name_is_suggested_as_json_that_may_be_cached(reader, library, typed):
    answer = reader.get("/suggest", query_string={"q": typed})
    assert answer.status_code == 200
    assert {"江城市食品安全管理规定", "江政发〔2018〕8号"} & {each["text"] for each in answer.json["suggestions"]}
    assert answer.cache_control.public
    assert answer.cache_control.max_age


@pytest.mark.parametrize("typed", ["", "\x00", "食" * 5000, "' OR 1=1", "%", "😀"])
def test_nothing_that_is_typed_breaks_them(reader, typed):
    answer = reader.get("/suggest", query_string={"q": typed})
    assert answer.status_code == 200
    assert answer.json["suggestions"] == []


def test_they_are_bounded_for_each_visitor(store, record_settings):
    from tests.portal.conftest import opened

    for app in opened(record_settings, suggest_limit="2 per minute"):
        client = app.test_client()
        assert [client.get("/suggest?q=a").status_code for _ in range(3)] == [200, 200, 429]


def test_the_boxes_suggest_and_work_without(reader):
    for page in ("/", "/search"):
        assert 'data-suggest="/suggest"' in reader.get(page).text
