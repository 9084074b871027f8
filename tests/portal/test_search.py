"""The search page."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from werkzeug.datastructures import MultiDict

from gazette.settings import RecordSettings
from indexer.generations import IndexMissing
from indexer.settings import IndexSettings
from portal.app import create_app
from portal.pages.search import SearchForm
from portal.server import warm
from portal.settings import PortalSettings
from tests.portal.conftest import opened


def test_a_word_is_found_marked_and_counted_exactly(reader, library):
    page = reader.get("/search?q=食品安全").text
    assert "共3件" in page
    assert "<mark>" in page
    assert "第1页，共2页" in page


def test_every_document_is_reached_by_paging(reader, library):
    found = set()
    for number in (1, 2):
        page = reader.get(f"/search?q=食品安全&page={number}").text
        found |= {id_ for id_ in library.ids.values() if f"/documents/{id_}" in page}
    assert found == {library.ids["old"], library.ids["new"], library.ids["notice"]}


@pytest.mark.parametrize("number", ["3", "1000000000", "0", "-1", "x", "9" * 30, "２"])
def test_past_the_end_is_an_error_that_links_the_last_page(reader, number):
    answer = reader.get("/search", query_string={"q": "食品安全", "page": number})
    assert answer.status_code == 404
    assert "看最后一页" in answer.text
    assert "最后一页是第2页" in answer.text
    assert "page=2" in answer.text


@pytest.mark.parametrize("number", ["江政发〔2018〕8号", "江政发[2018]8号", "江政发（２０１８）８号"])
def test_a_number_stands_first_however_it_is_bracketed(reader, library, number):
    page = reader.get("/search", query_string={"q": number}).text
    first = page.split('<ul class="rows">')[1].split("</li>")[0]
    assert library.ids["new"] in first


def test_filters_are_addresses_that_can_be_taken_away(reader, library):
    page = reader.get("/search?q=食品安全&status=repealed").text
    assert "共1件" in page
    assert library.ids["old"] in page
    assert "已选条件" in page
    assert 'href="/search?q=%E9%A3%9F%E5%93%81%E5%AE%89%E5%85%A8"' in page
    assert 'name="robots" content="noindex"' in page


def test_dates_and_numbers_filter(reader, library):
    assert "共1件" in reader.get("/search?doc_number=江教发〔2019〕3号").text
    assert reader.get("/search?from=2100-01-01").status_code == 200


@pytest.mark.parametrize("query", ["from=2024-02-30", "to=昨天", "from=2020-01-01&to=2019-01-01"])
def test_an_impossible_date_is_pointed_at_and_kept(reader, query):
    answer = reader.get(f"/search?{query}")
    assert answer.status_code == 400
    assert "<title>错误：" in answer.text
    assert 'href="#' in answer.text.split('role="alert"')[1]
    assert f'value="{query.split("&")[0].split("=")[1]}"' in answer.text


def test_an_unknown_status_is_named_and_not_answered_with_nothing(reader):
    page = reader.get("/search?q=食品&status=bogus")
    assert page.status_code == 400
    assert "没有“bogus”这一取值" in page.text
    answer = reader.get("/api/v1/search?status=bogus")
    assert (answer.status_code, answer.json["code"]) == (400, "search.unknown_value")
    assert reader.get("/api/v1/search?status=已废止").json["total"] == 1


@pytest.mark.parametrize("hung", ["from=timeline&isappinstalled=0", "from=2010-01-01&from=singlemessage"])
def test_what_wechat_hangs_onto_a_shared_address_is_no_day(reader, hung):
    assert reader.get(f"/search?q=食品&{hung}").status_code == 200


def test_only_what_is_in_force_says_what_it_leaves_out(reader):
    page = reader.get("/search?status=in_force").text
    assert "件待核未列出" in page or "共" in page


def test_no_result_helps(reader):
    page = reader.get("/search?q=量子纠缠&status=repealed").text
    assert "没有找到“量子纠缠”的相关结果" in page
    assert "/gazettes" in page
    dropped = reader.get("/search?q=节约用水&status=repealed").text
    assert "去掉一个条件再试" in dropped


@pytest.mark.parametrize(
    "query", ['"食品', "标题:", "((((", "[2018 TO", "*", "NOT", "\x00", "😀" * 300, "'; DROP TABLE"]
)
def test_no_query_breaks_the_page(reader, query):
    assert reader.get("/search", query_string={"q": query}).status_code == 200


def test_without_the_index_titles_and_numbers_are_still_looked_up(reader, library, library_app, monkeypatch):
    def away(*_args, **_kwargs):
        raise IndexMissing()

    monkeypatch.setattr(library_app.extensions["gongbao"].index, "search", away)
    by_title = reader.get("/search?q=校园食品安全")
    assert by_title.status_code == 503
    assert library.ids["notice"] in by_title.text
    assert library.ids["new"] in reader.get("/search?q=江政发〔2018〕8号").text


def test_a_form_survives_its_own_address():
    form = SearchForm.from_args(MultiDict([("q", "水"), ("issuer", "甲"), ("issuer", "乙"), ("from", "2020-01-01")]))
    assert SearchForm.from_args(MultiDict(form.args())) == form


def test_in_english_the_reading_of_the_query_is_told_in_english(reader):
    page = reader.get("/search", query_string={"q": '食品"安全', "lang": "en"}).text
    assert "The quotation marks do not balance" in page
    assert "引号不成对" not in page


def test_a_worker_is_warmed_with_an_index_and_without(library_app, store, record_settings):
    warm(library_app)
    for app in opened(record_settings):
        warm(app)


def test_the_portal_searches_with_the_configured_engine(library):
    app = create_app(PortalSettings(), RecordSettings(home=library.home), IndexSettings(engine="whoosh"))
    assert app.extensions["gongbao"].index.engine.name == "whoosh"
    app.extensions["gongbao"].store.close()


def test_the_texts_of_a_day_are_searched_with_their_standing_then(reader, library):
    page = reader.get("/search", query_string={"q": "食品安全管理办法", "as_of": "2015年6月1日"}).text
    assert f'href="/documents/{library.ids["old"]}/as-of/2015-06-01' in page
    assert "status-repealed" not in page
    assert "截至：2015年6月1日" in page


def test_an_unknown_filter_is_named_and_keeps_the_form(reader):
    answer = reader.get("/search", query_string={"q": "食品", "colour": "red"})
    assert answer.status_code == 400
    assert "没有名为“colour”的筛选条件" in answer.text
    assert 'value="食品"' in answer.text
    assert reader.get("/search?q=食品&utm_source=x&lang=zh").status_code == 200


def test_the_advanced_form_writes_the_query_language(reader, library):
    asked = {
        "all": "食品 管理",
        "exact": "公众(身体)健康",
        "any": "甲 规定",
        "none": "通知",
        "title": "食品安全",
        "issuer": "江城市人民政府",
        "from": "",
        "status": "unknown",
    }
    answer = reader.get("/search/compose", query_string=asked)
    assert answer.status_code == 303
    where = parse_qs(urlsplit(answer.location).query)
    assert where == {
        "q": ['食品 管理 "公众 身体 健康" (甲 OR 规定) 标题:"食品安全" 发文机关:"江城市人民政府" NOT 通知'],
        "status": ["unknown"],
    }
    asked["exact"] = "公众身体健康"
    page = reader.get("/search/compose", query_string=asked, follow_redirects=True).text
    assert library.ids["new"] in page
    assert "共1件" in page
