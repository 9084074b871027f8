"""Home, gazettes, datasets, calendar, citations, verification, and the pages about the site."""

from __future__ import annotations

import io
import re
import zipfile
from html import unescape
from urllib.parse import urljoin

import pytest

from harvest.reports import begin_run


def test_the_home_page_counts_exactly_and_leads_everywhere(reader, library):
    page = reader.get("/").text
    assert "收录文件4件" in page
    assert "公报2期" in page
    assert "/gazettes/jiangcheng/2018/3" in page
    assert "施行0件，失效或废止0件" in page
    assert "/search?issuer=" in page


PLACES = (
    "/ /search /gazettes /gazettes/jiangcheng/2018 /gazettes/jiangcheng/2018/3 /dataset /dataset/parking /harvest "
    "/calendar /acquisitions /verify /cite /about /help /help/api /help/feeds /display"
)


@pytest.mark.parametrize("path", PLACES.split())
def test_every_page_speaks_both_languages_and_has_one_heading(reader, path):
    for language, marker in (("zh", 'lang="zh-CN"'), ("en", 'lang="en"')):
        answer = reader.get(path, query_string={"lang": language})
        assert answer.status_code == 200
        assert f"<html {marker}" in answer.text
        assert answer.text.count("<h1") == 1
        assert len(answer.data) < 150_000


def test_a_year_shows_its_gaps(reader):
    page = reader.get("/gazettes/jiangcheng/2018").text
    assert "共3期，已收录2期，缺1期" in page
    assert page.count("<tr>") == 4


def test_an_issue_lists_its_columns_pages_and_neighbours(reader, library):
    page = reader.get("/gazettes/jiangcheng/2018/1").text
    assert "市政府文件" in page
    assert f'href="/documents/{library.ids["old"]}"' in page
    assert "/gazettes/jiangcheng/2018/3" in page
    pdf = reader.get("/gazettes/jiangcheng/2018/1.pdf")
    assert pdf.data.startswith(b"%PDF")
    assert (
        reader.get("/gazettes/jiangcheng/2018/1.pdf", headers={"If-None-Match": pdf.headers["ETag"]}).status_code == 304
    )


@pytest.mark.parametrize("path", ["/gazettes/none", "/gazettes/none/2018", "/gazettes/jiangcheng/2018/2"])
def test_what_is_not_held_is_not_found(reader, path):
    assert reader.get(path).status_code == 404


def test_a_gazette_leads_to_its_latest_year(reader):
    assert reader.get("/gazettes/jiangcheng").location == "/gazettes/jiangcheng/2018"


def test_a_dataset_shows_fields_rows_and_downloads(reader):
    page = reader.get("/dataset/parking").text
    assert "校验通过" in page
    assert "中心广场" in page
    assert "信息项" in page
    name = page.split("/dataset/parking/")[1].split(".csv")[0]
    whole = reader.get(f"/dataset/parking/{name}.csv")
    assert "火车站" in whole.data.decode("utf-8-sig")
    assert whole.headers["Content-Disposition"].startswith("attachment")
    package = zipfile.ZipFile(io.BytesIO(reader.get("/dataset/parking/datapackage.zip").data))
    assert "datapackage.json" in package.namelist()


def test_a_table_is_filtered_and_sorted_and_so_is_its_download(reader):
    asked = {"column": "名称", "op": "contains", "value": "车站"}
    page = reader.get("/dataset/parking", query_string=asked).text
    assert "命中1行" in page
    assert "中心广场" not in page
    link = page.split('<a href="/dataset/parking/')[1].split('"')[0].replace("&amp;", "&")
    assert "中心广场" not in reader.get(f"/dataset/parking/{link}").text
    ordered = reader.get("/dataset/parking", query_string={"sort": "-泊位数"}).text
    assert 'aria-sort="descending"' in ordered
    assert ordered.index("体育馆") < ordered.index("火车站")


def test_a_question_about_an_unknown_column_is_one_clear_error(reader):
    answer = reader.get("/dataset/parking", query_string={"column": "没有", "op": "eq", "value": "1"})
    assert answer.status_code == 400
    assert reader.get("/dataset/parking?page=99").status_code == 404
    assert reader.get("/dataset/none").status_code == 404


def test_the_calendar_lists_beginnings_and_ends(reader, library):
    page = reader.get("/calendar?month=2018-09").text
    assert library.ids["new"] in page
    assert library.ids["old"] in page
    assert library.ids["pending"] in reader.get("/calendar?month=2099-01").text
    assert reader.get("/calendar?month=2018-13").status_code == 400


def test_a_citation_leads_to_its_provision(reader, library):
    answer = reader.get("/cite", query_string={"q": "《江城市食品安全管理规定》第二条"})
    assert answer.location == f"/documents/{library.ids['new']}?at=art_2#art_2"
    deeper = reader.get("/cite", query_string={"q": "《江城市食品安全管理规定》第二条第（九）项"})
    assert deeper.location == answer.location
    assert library.ids["new"] in reader.get("/cite", query_string={"q": "江政发〔2018〕8号"}).location
    assert reader.get("/cite", query_string={"q": "不存在的规定"}).status_code == 404


def test_pasted_text_is_found_letter_by_letter(reader, library):
    found = reader.post("/verify", data={"text": "市场监督管理部门 负责 食品安全监督管理工作"}).text
    assert "一致" in found
    assert f"/documents/{library.ids['new']}?at=art_2" in found
    wrong = reader.post("/verify", data={"text": "市场监督管理部门不负责食品安全监督管理工作"}).text
    assert "不一致" in wrong
    assert "<ins>" in wrong
    assert "未找到" in reader.post("/verify", data={"text": "量子纠缠的观测应当报请月球基地备案。"}).text
    assert library.ids["notice"] in reader.get("/verify", query_string={"q": "江教发〔2019〕3号"}).text


def test_robots_are_kept_from_permutations_and_shown_the_sitemap(reader, library):
    robots = reader.get("/robots.txt").text
    assert "Disallow: /search?" in robots
    assert "Sitemap: http://localhost/sitemap.xml" in robots
    assert "/sitemap-1.xml" in reader.get("/sitemap.xml").text
    part = reader.get("/sitemap-1.xml").text
    assert all(f"/documents/{id_}</loc>" in part for id_ in library.ids.values())
    assert reader.get("/sitemap-2.xml").status_code == 404


def test_health_tells_store_and_index_apart(reader, client):
    assert reader.get("/healthz").json["checks"] == {"store": "ok", "index": "ok"}
    empty = client.get("/healthz")
    assert empty.status_code == 200
    assert empty.json["checks"]["index"] == "missing"


def test_the_harvest_page_says_in_words_how_a_source_is_doing(app, client):
    with app.extensions["gongbao"].store.write() as session:
        begin_run(session, name="city", title="市政府网站", agency="江城市人民政府", kind="site", every_days=1)
    page = client.get("/harvest").text
    assert "市政府网站" in page
    assert "尚未成功" in page


def test_an_empty_portal_has_every_page(client):
    for path in ("/", "/gazettes", "/dataset", "/harvest", "/calendar", "/sitemap.xml", "/feeds/documents"):
        assert client.get(path).status_code == 200
    assert client.get("/search?q=水").status_code == 503


def test_no_link_inside_the_site_leads_nowhere(reader):
    """Every page that links reach from the home page, and every file they offer."""
    seen, waiting = set(), ["/"]
    broken = []
    while waiting:
        path = waiting.pop()
        answer = reader.get(path)
        if answer.status_code >= 400:
            broken.append((path, answer.status_code))
        if answer.status_code in {301, 302, 303, 308}:
            found = [answer.location]
        elif answer.mimetype == "text/html":
            found = re.findall(r'<a [^>]*href="([^"]+)"', answer.text)
        else:
            found = []
        for link in found:
            address = urljoin(path, unescape(link)).split("#")[0]
            # Filters and languages multiply every page; each kind is followed from the pages without them.
            many = address.count("=") > 1 or any(name in address for name in ("lang=", "next=", "as_of=", "month="))
            if address.startswith("/") and address not in seen and not many:
                seen.add(address)
                waiting.append(address)
    assert broken == []
    assert len(seen) > 50


@pytest.mark.parametrize("path", ["/dataset/", "/gazettes/", "/dataset/parking/", "/search/?q=食品", "/api/v1/issues/"])
def test_a_slash_too_many_leads_to_the_page(reader, path):
    answer = reader.get(path)
    assert answer.status_code == 301
    assert reader.get(answer.location).status_code == 200
