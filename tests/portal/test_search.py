"""The search page."""

from __future__ import annotations

import csv
import io
import json
import re
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


@pytest.mark.parametrize("field", ["has_attachment", "has_interpretation"])
def test_an_unknown_value_of_a_filter_that_has_no_others_is_named(reader, field):
    page = reader.get(f"/search?{field}=maybe")
    assert (page.status_code, "没有“maybe”这一取值" in page.text) == (400, True)
    assert reader.get(f"/api/v1/search?{field}=maybe").json["code"] == "search.unknown_value"
    assert reader.get(f"/search?{field}=无").status_code == 200


def test_a_query_that_is_too_long_is_cut_and_said_so(reader):
    assert "只检索了前1000个字符" in reader.get("/search", query_string={"q": "a " * 700}).text


def test_a_provision_that_is_not_there_is_said_and_no_other_shown_for_it(reader):
    page = reader.get("/search?q=江城市食品安全管理规定第9999条").text
    assert "《江城市食品安全管理规定》没有第9999条，共3条" in page
    assert "看全文" not in page
    assert "没有第" not in reader.get("/search?q=江城市食品安全管理规定第2条").text
    answer = reader.get("/api/v1/search?q=江城市食品安全管理规定第九百万条&unit=article").json
    assert answer["notes"][0] == "《江城市食品安全管理规定》没有第九百万条，共3条"


@pytest.mark.parametrize("number", ["江政发〔2018〕999号", "国令第999号"])
def test_a_number_that_is_not_held_is_said_and_nothing_like_it_found(reader, number):
    page = reader.get("/search", query_string={"q": number}).text
    assert f"没有收录文号为“{number}”的文件" in page
    assert "共0件" in page
    assert "没有同时含有" not in page
    assert ("相近的文号" in page) == number.startswith("江政发")


def test_what_mentions_a_number_that_is_held_comes_after_it(reader, library):
    rows = reader.get("/search?q=江政发〔2018〕8号").text.split('<ul class="rows">')[1]
    assert 0 < rows.index(library.ids["new"]) < rows.index(library.ids["notice"])


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
    assert int(by_title.headers["Retry-After"]) > 0
    assert "索引正在重建" in by_title.text
    assert "being rebuilt" in reader.get("/search?q=校园&lang=en").text
    assert library.ids["notice"] in by_title.text
    assert library.ids["new"] in reader.get("/search?q=江政发〔2018〕8号").text


def test_a_program_is_told_when_to_ask_an_index_that_is_away_again(reader, library_app, monkeypatch):
    def away(*_args, **_kwargs):
        raise IndexMissing()

    monkeypatch.setattr(library_app.extensions["gongbao"].index, "search", away)
    answer = reader.get("/api/v1/search?q=食品")
    assert (answer.status_code, answer.json["code"]) == (503, "search.index_away")
    assert int(answer.headers["Retry-After"]) > 0


@pytest.mark.parametrize("address", ["sort=best", "unit=chapter", "q=水&q=火", "from=2018-01-01&from=2019-01-01"])
def test_a_choice_that_is_not_offered_or_made_twice_is_no_search(reader, address):
    page = reader.get(f"/search?{address}")
    assert page.status_code == 400
    assert "请更正以下内容" in page.text


def test_a_value_that_nothing_has_is_named(reader):
    assert "没有公文种类为“敕令”的文件" in reader.get("/search?kind=敕令").text
    assert reader.get("/search?kind=敕令&q=民法典第一条").status_code == 200
    english = reader.get("/api/v1/search?kind=敕令").json["notes_en"]
    assert english == ["Document type: no document has “敕令”"]


def test_what_is_named_outright_says_by_what(reader):
    assert "文号与您输入的相同" in reader.get("/search?q=江政发〔2018〕8号").text
    assert "文号与您输入的相同" not in reader.get("/search?q=食品安全").text


def test_chinese_on_an_english_page_is_marked_so(reader):
    page = reader.get("/search?q=食品安全&lang=en").text
    assert '<span lang="zh-CN">江政发〔2018〕8号</span>' in page
    assert '<span lang="zh-CN">' not in reader.get("/search?q=食品安全&lang=zh").text.split("<main", 1)[1]


@pytest.mark.parametrize("number", ["2018年第8号", "〔2018〕8号", "（2018）8号", "江政发 〔２０１８〕 ８ 号"])
def test_a_number_is_found_in_any_form(reader, number):
    page = reader.get("/search", query_string={"q": number}).text
    assert "文号与您输入的相同" in page
    assert "江政发〔2018〕8号" in page


def test_a_number_under_other_letters_is_offered_by_its_year_and_serial(reader):
    page = reader.get("/search?q=江办函〔2018〕8号").text
    assert "没有收录文号为“江办函〔2018〕8号”的文件" in page
    assert "〔2018〕8号</a>" in page


def test_a_title_that_is_not_held_is_said(reader):
    assert "没有收录《江城市屠宰管理条例》" in reader.get("/search?q=《江城市屠宰管理条例》").text
    assert "没有收录《道路交通安全法》" in reader.get("/search?q=道交法").text
    assert "没有收录《" not in reader.get("/search?q=《江城市食品安全管理规定》").text


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
        "q": ['食品 AND 管理 "公众 身体 健康" (甲 OR 规定) 标题:"食品安全" 发文机关:"江城市人民政府" NOT 通知'],
        "status": ["unknown"],
    }
    asked["exact"] = "公众身体健康"
    page = reader.get("/search/compose", query_string=asked, follow_redirects=True).text
    assert library.ids["new"] in page
    assert "共1件" in page


def test_a_provision_is_answered_on_top_in_its_own_words(reader, library):
    page = reader.get("/search", query_string={"q": "江城市食品安全管理规定第二条"}).text
    first = page.split('class="answer"')[1].split("</li>")[0]
    assert f"/documents/{library.ids['new']}" in first
    assert "市场监督管理部门负责食品安全监督管理工作" in first
    assert "看全文" in first


@pytest.mark.parametrize("query", ["江政发〔2018〕8号", "《江城市食品安全管理规定》"])
def test_what_is_named_outright_is_the_answer_and_says_how_it_stands(reader, library, query):
    page = reader.get("/search", query_string={"q": query}).text
    first = page.split('class="answer"')[1].split("</li>")[0]
    assert library.ids["new"] in first
    assert 'class="evidence"' in first


@pytest.mark.parametrize("query", ["食品安全", "食品 管理", ""])
def test_what_is_only_likely_is_no_answer(reader, query):
    assert 'class="answer"' not in reader.get("/search", query_string={"q": query}).text


def test_agencies_are_counted_and_chosen_at_every_step(reader, library):
    page = reader.get("/search?q=食品安全").text
    facet = page.split("<legend>发文机关</legend>")[1].split("</fieldset>")[0]
    assert re.search(r'value="江城市"> <span>江城市</span> <span class="count">3</span>', facet)
    assert 'class="below-1"' in facet
    chosen = reader.get("/search?q=食品安全&agency_path=江城市/江城市教育局").text
    assert "共1件" in chosen
    assert library.ids["notice"] in chosen
    assert ">江城市教育局 <span" in chosen
    both = "/search?q=食品安全&agency_path=江城市/江城市教育局&agency_path=江城市/江城市人民政府&kind=通知"
    assert "共1件" in reader.get(both).text


def test_articles_are_listed_one_by_one_and_dates_sort_both_ways(reader, library):
    assert re.search(r"共\d+条", reader.get("/search?q=食品安全&unit=article").text)
    oldest = reader.get("/search?q=食品安全&sort=effective-asc").text.split('<ul class="rows">')[1].split("</li>")[0]
    assert library.ids["old"] in oldest
    assert 'aria-current="true">施行日期<' in reader.get("/search?q=食品安全&sort=effective").text


def test_the_next_page_begins_where_this_one_ended(reader, library):
    page = reader.get("/search?q=食品安全").text
    following = re.search(r'rel="next" href="([^"]+)"', page)[1].replace("&amp;", "&")
    assert "after=" in following
    second = reader.get(following).text
    assert len([id_ for id_ in library.ids.values() if f"/documents/{id_}" in page.split('class="rows"')[1]]) == 2
    assert "after=" not in re.search(r'rel="prev" href="([^"]+)"', second)[1]
    assert reader.get("/search?q=食品安全&page=2&after=nonsense").status_code == 200


def test_all_results_are_downloaded_with_the_exact_total(reader, library):
    page = reader.get("/search?q=食品安全").text
    assert "下载全部3件" in page
    table = reader.get("/search.csv?q=食品安全&sort=date")
    assert table.data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(table.data.decode("utf-8-sig"))))
    assert rows[0][0] == "标题"
    assert len(rows) - 1 == 3 == int(table.headers["X-Total-Count"])
    lines = [json.loads(line) for line in reader.get("/search.jsonl?q=食品安全").text.splitlines()]
    assert {each["document"] for each in lines} == {row[8] for row in rows[1:]}
    assert lines[0]["url"].startswith("http://localhost/documents/")
    assert reader.get("/search.csv?q=食品&status=bogus").status_code == 400
    assert reader.get("/search.jsonl?q=量子纠缠不存在&issuer=无").text == ""


def test_a_document_names_the_ones_like_it(reader, library):
    page = reader.get(f"/documents/{library.ids['new']}").text
    assert "相似文件" in page
    assert library.ids["old"] in page.split('id="similar"')[1]


@pytest.mark.parametrize("args", ["status=bogus", "agency_path=无/此/处", "theme=x", "has_attachment=maybe", "year=0"])
def test_a_value_nothing_has_neither_breaks_the_page_nor_is_lost(reader, args):
    answer = reader.get(f"/search?q=食品&{args}")
    assert answer.status_code in (200, 400)
    assert args.split("=")[1].split("/")[-1] in answer.text


def test_a_typo_is_never_searched_otherwise_unasked_but_offered(reader, library):
    page = reader.get("/search", query_string={"q": "食品按全"}).text
    assert "您要找的是" in page
    assert ">食品安全</a>" in page
    assert 'value="食品按全"' in page


def test_a_title_found_in_spite_of_a_slip_is_named_as_what_was_meant(reader, library):
    page = reader.get("/search?q=江城市节药用水办法").text
    assert library.ids["pending"] in page
    assert ">江城市节约用水办法</a>" in page.split("您要找的是")[1]


def test_what_stands_so_in_the_texts_is_no_slip_of_a_title(reader):
    assert "您要找的是" not in reader.get("/search?q=食品安全管理规").text


@pytest.mark.parametrize("query", ["成文日期:>2000", "食品*", "有效性:(待核 OR 现行有效 OR 已废止)", "😀", "-火箭"])
def test_what_ranks_nothing_is_listed_from_the_newest(reader, query):
    def titles(**more):
        return [hit["title"] for hit in reader.get("/api/v1/search", query_string={"q": query, **more}).json["results"]]

    assert len(titles()) > 1
    assert titles() == titles(sort="date")


def test_what_holds_nothing_to_search_for_is_no_word_that_failed(reader):
    note = reader.get("/search?q=食品安全 -- 量子纠缠 ;").text.split("没有同时含有以下各项的内容")[1].split("</ul>")[0]
    assert note.count("<li>") == 2


def test_question_marks_alone_ask_nothing_of_articles(reader):
    assert '<strong aria-current="true">整篇</strong>' in reader.get("/search?q=%3F %3F %3F").text


def test_the_initials_of_a_title_lead_to_it(reader, library):
    page = reader.get("/search?q=jcsjyysbf").text
    assert ">江城市节约用水办法</a>" in page.split("您要找的是")[1]


def test_where_nothing_is_found_the_correction_is_shown_as_what_it_is(reader, library):
    page = reader.get("/search", query_string={"q": "shipinanquan"}).text
    assert "没有找到“shipinanquan”的相关结果" in page
    assert "以下是“食品安全”的结果" in page
    assert library.ids["new"] in page


def test_the_word_that_failed_is_named_with_what_leaving_it_out_gives(reader, library):
    page = reader.get("/search", query_string={"q": "食品安全 量子纠缠"}).text
    note = page.split("没有同时含有以下各项的内容")[1].split("</ul>")[0]
    assert "“食品安全”</span>：单独3件" in note
    assert "“量子纠缠”</span>：没有任何文件含有它" in note
    assert "去掉它有3件" in note
    assert "没有同时含有" not in reader.get("/search?q=食品 安全").text


def test_a_question_is_answered_by_articles_unless_documents_are_asked_for(reader, library):
    page = reader.get("/search?q=食品安全怎么监管").text
    assert '<strong aria-current="true">条文</strong>' in page
    assert "#art_" in page
    assert "unit=document" in page
    assert 'name="unit"' not in page
    chosen = reader.get("/search?q=食品安全怎么监管&unit=document").text
    assert '<strong aria-current="true">整篇</strong>' in chosen
    assert '<input type="hidden" name="unit" value="document">' in chosen
    assert '<strong aria-current="true">整篇</strong>' in reader.get("/search?q=食品安全").text


def test_everyday_words_that_find_nothing_lead_to_the_words_of_the_law(reader):
    page = reader.get("/search?q=外卖").text
    assert "共0件" in page
    said = page.split("法律中的说法")[1].split("</p>")[0]
    assert ">食品</a>" in said
    assert "网络餐饮服务" not in said


def test_a_question_that_is_answered_is_not_taken_apart(reader):
    assert "没有同时含有" not in reader.get("/search?q=食品安全怎么监管").text


def test_a_search_without_hits_offers_each_filter_once_with_what_it_would_bring(reader, library):
    years = "".join(f"&year={year}" for year in range(1901, 1941))
    page = reader.get(f"/search?q=食品安全{years}&language=zh").text
    offered = re.findall(r'<li><a href="([^"]+)" rel="nofollow">1901、1902', page)
    (address,) = [each.replace("&amp;", "&") for each in offered]
    assert "year=" not in address
    assert "共3件" in reader.get(address).text
