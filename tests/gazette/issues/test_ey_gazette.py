"""Issues of the Executive Yuan, written here: one XML file, many drafts."""

from __future__ import annotations

import datetime as dt
import gzip
from html import escape
from pathlib import Path

import pytest

from gazette.digitization import media
from gazette.digitization.digitize import iter_sources
from gazette.draft import Draft, SourceFile
from gazette.errors import CopyUnreadable
from gazette.record.ingest import ingest
from gazette.settings import RecordSettings
from gazette.store import Store
from tests.gazette.digitization.builders import codes, nodes, read_here

ORDER = """<table><tr><td rowspan="2">江城部令</td><td>中華民國107年4月8日</td></tr>
<tr><td>江園字第1070000001號</td></tr>
<tr><td colspan="2"><p>訂定「公園管理辦法」。</p><p>部　長　甲　乙</p><p>公園管理辦法</p>
<p>第　一　條　為管理公園，依公園法第三條第一項訂定本辦法。</p><p>第　二　條　公園免費開放。</p>
<p>前項規定，不適用於溫室。</p>
<table><tr><td>公園</td><td>面積</td></tr><tr><td>東園</td><td>三公頃</td></tr></table></td></tr></table>"""


def a_record(html: str = ORDER, **fields: str) -> str:
    values = {
        "MetaId": "1",
        "Chapter": "內政篇",
        "PubGov": "江城",
        "PubGovName": "江城部",
        "Date_Created": "中華民國107年4月8日",
        "GazetteId": "江園字第1070000001號",
        "Title": "江城部令：訂定「公園管理辦法」",
        "Keyword": "公園;管理",
    } | fields
    inner = "".join(f"<{name}>{escape(value)}</{name}>" for name, value in values.items())
    return f"<Record>{inner}<HTMLContent><![CDATA[{html}]]></HTMLContent></Record>"


def an_issue(*records: str) -> bytes:
    return f"<?xml version='1.0' encoding='utf-8'?>\n<Gazette>{''.join(records)}</Gazette>".encode()


def the_draft(*records: str) -> Draft:
    (draft,) = read_here(an_issue(*records), "107-04-10.xml").drafts
    return draft


def test_a_record_says_itself_what_it_is():
    draft = the_draft(a_record())
    assert draft.title == "江城部令：訂定「公園管理辦法」"
    assert str(draft.doc_number) == "江園字第1070000001號"
    assert (draft.issuers, draft.kind, draft.theme) == (("江城部",), "令", "內政篇")
    assert (draft.signed_date, draft.published_date) == (dt.date(2018, 4, 8), dt.date(2018, 4, 10))
    assert (draft.keywords, draft.language) == (("公園", "管理"), "zh-Hant")


def test_the_head_is_no_text_and_a_table_inside_the_layout_is_a_table():
    body = nodes(the_draft(a_record()).body)
    assert body["art_1"].num == "第一條"
    assert [node.text for eid, node in body.items() if eid.startswith("art_2__para")][1] == "前項規定，不適用於溫室。"
    (table,) = [node for node in body.values() if node.rows]
    assert table.rows == (("公園", "面積"), ("東園", "三公頃"))
    text = "\n".join(node.full_text() for node in the_draft(a_record()).body)
    assert text.startswith("訂定「公園管理辦法」。")


def test_an_order_that_says_all_in_linked_annexes_is_a_document_and_no_list_of_links():
    links = "".join(
        f'<p><a href="images/{number}.htm">附件{number}　公園設施設置及管理規定</a></p>' for number in range(9)
    )
    assert len(the_draft(a_record(f"<p>修正「公園管理辦法」。</p>{links}")).body) == 10


def test_citations_of_traditional_texts_are_not_half_read():
    assert the_draft(a_record()).citations == ()


def test_every_record_of_an_issue_is_a_draft_in_order():
    titles = [f"江城部公告：第{number}件" for number in range(3)]
    read = read_here(an_issue(*(a_record(Title=title) for title in titles)), "107-04-10.xml")
    assert [draft.title for draft in read.drafts] == titles


def test_a_joint_order_has_every_issuer_its_first_number_and_says_the_others():
    draft = the_draft(a_record(PubGovName="江城部;林業署", GazetteId="江園字第1070000001A號;林字第10700002號"))
    assert draft.issuers == ("江城部", "林業署")
    assert str(draft.doc_number) == "江園字第1070000001A號"
    assert [each.message for each in draft.findings if each.code == "number.joint"] == [
        "联合发文，另有文号 林字第10700002號"
    ]


@pytest.mark.parametrize(
    ("printed", "kept"),
    [("", None), ("*", None), ("〈94〉教字第0940002464號", "〈94〉教字第0940002464號")],
)
def test_a_number_of_no_known_form_stays_as_it_is_printed(printed: str, kept: str | None):
    number = the_draft(a_record(GazetteId=printed)).doc_number
    assert (str(number) if number else None) == kept


def test_control_characters_that_xml_forbids_do_not_cost_the_issue():
    draft = the_draft(a_record("<p>公園\x1b免費\x02開放。</p>"))
    assert draft.body[0].text == "公園免費開放。"


def test_a_record_without_text_is_said_and_costs_no_other():
    read = read_here(an_issue(a_record(""), a_record()), "107-04-10.xml")
    assert [bool(draft.body) for draft in read.drafts] == [False, True]
    assert "body.empty" in codes(read)


def test_an_issue_without_records_is_one_finding():
    assert codes(read_here(an_issue(), "a.xml")) == {"source.no_text"}


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"<?xml version='1.0'?><Gazette><Record>", "XML"),
        (b"<?xml version='1.0'?><feed><entry/></feed>", "结构化公报"),
    ],
    ids=["not well-formed", "another root"],
)
def test_other_xml_is_one_clear_error(data: bytes, why: str):
    with pytest.raises(CopyUnreadable, match=why):
        read_here(data, "a.xml")


def test_an_external_entity_is_not_followed(tmp_path: Path):
    secret = tmp_path / "secret.txt"
    secret.write_text("機密", "utf-8")
    doctype = f'<!DOCTYPE Gazette [<!ENTITY x SYSTEM "{secret.as_uri()}">]>'
    data = an_issue(a_record(Title="甲")).replace(b"<Gazette>", doctype.encode() + b"<Gazette>")
    (draft,) = read_here(data.replace("甲".encode(), "甲&x;".encode()), "a.xml").drafts
    assert draft.title == "甲"


def test_entities_that_multiply_are_refused():
    laughs = "".join(f'<!ENTITY l{at} "{f"&l{at - 1};" * 10}">' for at in range(1, 10))
    doctype = f'<!DOCTYPE Gazette [<!ENTITY l0 "哈">{laughs}]>'
    data = f"<?xml version='1.0'?>{doctype}<Gazette><Record><Title>&l9;</Title></Record></Gazette>".encode()
    with pytest.raises(CopyUnreadable, match="XML"):
        read_here(data, "a.xml")


@pytest.mark.parametrize(
    ("data", "root"),
    [
        (b"<?xml version='1.0'?>\n<!-- a --><!-- <b> --><Gazette>", "Gazette"),
        (b"\xef\xbb\xbf<?xml version='1.0'?><!DOCTYPE a SYSTEM 'b'><n:Gazette x='y'>", "Gazette"),
        (b"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b 'c'>] ><html>", "html"),
        (b"<Gazette>", None),
        (b"<?xml version='1.0'?>" + b"<!-- a -->" * 2000, None),
    ],
)
def test_the_root_of_declared_xml_is_found(data: bytes, root: str | None):
    assert media.xml_root(data) == root


def test_a_page_declared_as_xml_stays_a_page():
    page = "<?xml version='1.0'?><!DOCTYPE html PUBLIC 'a' 'b'><html><body><p>第一条　一。</p></body></html>"
    assert media.detect_media_type(page.encode()) == media.HTML


def test_an_issue_is_found_in_gzip_and_folders_and_other_xml_is_passed_over(
    tmp_path: Path, record_settings: RecordSettings
):
    (tmp_path / "107-04-10.xml.gz").write_bytes(gzip.compress(an_issue(a_record())))
    (tmp_path / "107-04-11.xml").write_bytes(an_issue(a_record()))
    (tmp_path / "layout.xml").write_bytes(b"<?xml version='1.0'?><layout/>")
    names = [source.name.rpartition("/")[2] for source in iter_sources([tmp_path], record_settings)]
    assert names == ["107-04-10.xml", "107-04-11.xml"]


def test_an_issue_taken_in_is_as_many_documents_and_nothing_new_the_second_time(store: Store):
    records = [a_record(Title=f"江城部令：第{at}件", GazetteId=f"江園字第107000000{at}號") for at in range(3)]
    source = SourceFile(name="107-04-10.xml", data=an_issue(*records))
    for expected in ("stored", "unchanged"):
        outcomes = ingest(store, source, publish=True, actor="tester")
        assert [outcome.action for outcome in outcomes] == [expected] * 3
