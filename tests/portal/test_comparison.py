"""新旧对照 on the web and in the API, and the mark of texts that we made."""

from __future__ import annotations

import io

import pytest

from gazette.editing.workflow import publish
from indexer.search import Index
from indexer.sync import rebuild
from tests.gazette.builders import a_draft, take_in
from tests.gazette.versions.builders import LAW, NEW, the_amended_law, the_decision, the_law
from tests.portal.conftest import opened


@pytest.fixture
def two(store):
    """A law in two official versions; (document, older, newer)."""
    law = the_law(store)
    newer = the_amended_law(store)
    return law.document, law.version, newer.version


@pytest.fixture
def made(store):
    """A law whose newer version was made by us and published."""
    law = the_law(store)
    the_decision(store)
    publish(store, law.document or "", actor="编辑")
    return law.document


def test_two_versions_stand_side_by_side_with_their_words_marked(client, two):
    document, old, new = two
    page = client.get(f"/documents/{document}/compare?from={old}&to={new}").text
    assert "<del>" in page
    assert "水行政部门" in page
    assert "修改&nbsp;1" in page
    assert "新增&nbsp;1" in page
    assert "为了加强供水管理" not in page
    assert "为了加强供水管理" in client.get(f"/documents/{document}/compare?show=all").text


def test_without_a_word_the_current_version_is_compared_with_the_one_before(client, two):
    document, old, new = two
    page = client.get(f"/documents/{document}/compare").text
    assert f'<option value="{old}" selected>' in page
    assert f'<option value="{new}" selected>' in page


def test_the_page_of_a_document_links_the_comparison(client, two):
    document, old, new = two
    assert f"/documents/{document}/compare?from={old}&amp;to={new}" in client.get(f"/documents/{document}").text


@pytest.mark.parametrize(
    ("query", "status"), [("from=nothing", 404), ("from={old}&to={old}", 400), ("from={old}&to={other}", 404)]
)
def test_what_cannot_be_compared_is_one_clear_error(client, store, two, query, status):
    document, old, _ = two
    other = the_decision(store).version
    for path in (
        f"/documents/{document}/compare",
        f"/api/v1/documents/{document}/compare",
        f"/documents/{document}/compare.docx",
    ):
        assert client.get(f"{path}?{query.format(old=old, other=other)}").status_code == status


def test_a_document_of_one_version_says_so(client, store):
    law = the_law(store)
    answer = client.get(f"/documents/{law.document}/compare")
    assert answer.status_code == 200
    assert "只收录了一个版本" in answer.text
    assert client.get(f"/documents/{law.document}/compare.docx").status_code == 400


@pytest.fixture
def replaced(store):
    """Two documents of which the newer repealed the older; (older, newer)."""
    old = take_in(store, a_draft("江城市旧办法", published="2010-01-01", text=("停车场应当设置标志。",), place="a"))
    text = ("停车场应当设置明显标志。", "《江城市旧办法》同时废止。", "本办法自2020年5月1日起施行。")
    new = take_in(store, a_draft("江城市新办法", published="2020-04-01", text=text, place="b"))
    return old.document, new.document


def test_a_document_of_one_version_is_compared_with_the_one_it_replaced(client, replaced):
    old, new = replaced
    assert f"/documents/{new}/compare?with={old}" in client.get(f"/documents/{new}/compare").text
    for document, other in ((new, old), (old, new)):
        page = client.get(f"/documents/{document}/compare?with={other}").text
        assert "<ins>" in page
        assert page.rindex("江城市旧办法</a>") < page.rindex("江城市新办法</a>")
    named = client.get(f"/documents/{new}/compare?with=江城市旧办法&show=all")
    assert f"/documents/{new}/compare.docx?with={old}" in named.text
    assert client.get(f"/documents/{new}/compare.docx?with={old}").status_code == 200
    assert client.get(f"/api/v1/documents/{new}/compare?with={old}").json["counts"]["changed"] == 1


@pytest.mark.parametrize("name", ["江城市从未有过的办法", "x" * 400, "《", "2010-02-30"])
def test_another_document_that_is_not_held_is_asked_for_again(client, replaced, name):
    answer = client.get(f"/documents/{replaced[0]}/compare?with={name}")
    assert answer.status_code == 400
    assert "没有找到" in answer.text
    assert f'value="{name}"' in answer.text


def test_a_document_is_not_compared_with_itself(client, replaced):
    answer = client.get(f"/documents/{replaced[0]}/compare?with={replaced[0]}")
    assert answer.status_code == 400
    assert "请选择另一件文件" in answer.text


def test_the_comparison_is_downloaded_as_docx(client, two):
    from docx import Document

    document, _, _ = two
    answer = client.get(f"/documents/{document}/compare.docx")
    assert answer.mimetype.endswith("wordprocessingml.document")
    assert len(Document(io.BytesIO(answer.data)).tables[0].rows) == 6


def test_programs_get_the_comparison_as_json(client, two):
    document, old, new = two
    answer = client.get(f"/api/v1/documents/{document}/compare?from={old}&to={new}&only_changed=true").json
    assert answer["counts"]["changed"] == 1
    assert [row["change"] for row in answer["rows"]] == ["changed", "added", "renumbered", "renumbered", "renumbered"]
    assert {"text": "市水务局", "mark": "deleted"} in answer["rows"][0]["old"]["pieces"]
    assert client.get(f"/api/v1/documents/{document}/compare?form=x").status_code == 400


def test_a_text_that_we_made_says_so_everywhere(client, made):
    page = client.get(f"/documents/{made}").text
    assert "由本平台整理" in page
    assert f"关于修改《{LAW}》的决定" in page
    versions = client.get(f"/api/v1/documents/{made}/versions").json["results"]
    assert [version["origin"] for version in versions] == ["official", "consolidated"]
    assert versions[1]["provenance"]["base"] == versions[0]["id"]
    assert "由本平台根据修改决定整理" in client.get(f"/documents/{made}.txt").text
    assert "Consolidated by Gongbao" in client.get(f"/documents/{made}?lang=en").text


@pytest.mark.parametrize("unit", ["document", "article"])
def test_what_we_made_says_so_among_the_hits(store, made, unit):
    with Index.open(store.settings) as index:
        rebuild(store, index)
    apps = opened(store.settings, limits_url="memory://")
    client = next(apps).test_client()
    page = client.get(f"/search?q=水行政部门&unit={unit}").text
    assert '<span class="ours">由本平台整理</span>' in page.split('<ul class="rows">')[1]
    found = client.get(f"/api/v1/search?q=水行政部门&unit={unit}").json["results"]
    assert {hit["origin"] for hit in found if hit["document"] == made} == {"consolidated"}
    assert "由本平台整理" in client.get(f"/search.csv?q=水行政部门&unit={unit}").text
    next(apps, None)


def test_the_text_of_a_day_says_which_version_it_is(client, made):
    before = client.get(f"/documents/{made}/as-of/2010-06-30").text
    assert "市水务局主管" in before
    assert 'class="note consolidated"' not in before
    after = client.get(f"/documents/{made}/as-of/2010-07-01").text
    assert "市水行政部门主管" in after
    assert 'class="note consolidated"' in after


def test_the_official_text_takes_the_place_on_every_page(client, store, made):
    the_amended_law(store, NEW.replace("一千元", "二千元"))
    page = client.get(f"/documents/{made}").text
    assert "二千元" in page
    assert "由本平台整理" not in page


def test_two_clauses_in_one_paste_are_answered_one_by_one(reader, library):
    paste = "第二条　市场监督管理部门负责食品安全监督管理工作。\n第七条　各学校应当落实食品安全校长负责制。"
    parts = reader.post("/api/v1/clauses", json={"text": paste}).json["parts"]
    first, second = [part["results"][0] for part in parts]
    assert (first["document"], first["match"]) == (library.ids["new"], "exact")
    assert second["document"] == library.ids["notice"]
    page = reader.post("/verify", data={"text": paste}).text
    assert "分段核对，共2段" in page
    assert "第1段" in page


def test_programs_ask_where_a_clause_comes_from(reader, library):
    answer = reader.post("/api/v1/clauses", json={"text": "市场监督管理部门负责食品安全监督管理工作"})
    (found,) = answer.json["results"]
    assert (found["document"], found["match"], found["num"]) == (library.ids["new"], "exact", "第二条")
    assert found["in_current_version"]
    assert answer.json["parts"] == []
    assert reader.post("/api/v1/clauses", json={"text": "短"}).status_code == 400
    assert reader.post("/api/v1/clauses", json={"text": "供" * 9000}).status_code == 400
    assert reader.post("/api/v1/clauses", json={}).status_code == 400
