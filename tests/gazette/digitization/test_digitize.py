"""The pipeline: one file in, its documents out."""

from __future__ import annotations

import datetime as dt

from gazette.digitization.digitize import digitize
from gazette.draft import SourceFile
from gazette.settings import RecordSettings
from tests.gazette.digitization.builders import NOTICE, codes, nodes, one_draft, read_here


def test_a_notice_carries_the_measures_it_prints_as_a_second_document():
    notice, measures = read_here(NOTICE).drafts
    assert notice.title == "江城市人民政府办公厅关于印发江城市公园管理办法的通知"
    assert str(notice.doc_number) == str(measures.doc_number) == "江政办发〔2021〕7号"
    assert notice.issuers == measures.issuers == ("江城市人民政府办公厅",)
    assert notice.recipients == ("各区人民政府", "市政府各部门")
    assert notice.signed_date == dt.date(2021, 3, 5)
    assert notice.disclosure == "此件公开发布"
    assert (notice.kind, measures.kind) == ("通知", "办法")
    assert (measures.title, measures.carried_by) == ("江城市公园管理办法", 0)
    assert measures.effective_date == dt.date(2021, 4, 1)


def test_the_measures_have_the_addresses_by_which_they_are_cited():
    body = nodes(read_here(NOTICE).drafts[1].body)
    assert body["chp_1"].heading == "总则"
    assert body["art_1"].text == "为了加强公园管理，制定本办法。"
    assert body["art_2__para_2"].text == "公园名录由市园林局公布。"
    assert body["art_3__item_2__subitem_1"].text == "桌椅；"
    assert all(node.wid == eid for eid, node in body.items())


def test_a_plan_that_a_notice_carries_is_its_attachment():
    draft = one_draft(
        "江城市人民政府关于印发2022年工作要点的通知\n江政发〔2022〕1号\n各区人民政府：\n"
        "现将《2022年工作要点》印发给你们。\n江城市人民政府\n2022年1月4日\n2022年工作要点\n"
        "一、主要目标\n（一）优化环境。各区要抓紧落实。\n二、保障措施\n加强领导。\n"
    )
    body = nodes(draft.body)
    assert body["att_1"].heading == "2022年工作要点"
    assert body["att_1__sec_1__item_1"].text == "优化环境。各区要抓紧落实。"


def test_an_order_is_the_promulgation_of_the_regulation_it_carries():
    draft = one_draft(
        "江城市人民政府令\n第12号\n《江城市渡口条例》已经市政府常务会议通过，现予公布，自2020年5月1日起施行。\n"
        "市长　王小明\n2020年4月2日\n江城市渡口条例\n第一条　为了管理渡口。\n第二条　渡口应当登记。\n"
        "第三条　本条例自2020年5月1日起施行。\n"
    )
    assert draft.title == "江城市渡口条例"
    assert str(draft.doc_number) == "江城市人民政府令第12号"
    assert draft.signed_date == draft.published_date == dt.date(2020, 4, 2)
    assert "现予公布" in draft.notes[0]


def test_a_note_under_the_title_gives_history_publication_and_issuer():
    draft = one_draft(
        "# 甲法\n\n（1990年3月1日第七届全国人民代表大会第三次会议通过　根据2001年5月2日第九届全国人民代表大会常务委员会"
        "第二十一次会议《关于修改〈甲法〉的决定》第一次修正）\n\n第一条　一。\n\n第二条　二。\n",
        "a.md",
    )
    assert [(entry.kind, str(entry.date), entry.ordinal) for entry in draft.history] == [
        ("adopted", "1990-03-01", None),
        ("amended", "2001-05-02", 1),
    ]
    assert draft.published_date == dt.date(2001, 5, 2)
    assert draft.issuers == ("全国人民代表大会",)


def test_an_amendment_by_order_publishes_the_text_anew():
    draft = one_draft(
        "江城市渡口办法\n（2020年4月2日江城市人民政府令第12号公布　根据2023年7月8日江城市人民政府令第15号"
        "《江城市人民政府关于修改〈江城市渡口办法〉的决定》修正）\n第一条　为了管理渡口。\n第二条　渡口应当登记。\n"
    )
    assert draft.published_date == dt.date(2023, 7, 8)
    assert (draft.signed_date, draft.history[-1].kind) == (None, "amended")


def test_the_day_in_a_file_name_is_the_last_resort_and_a_finding():
    read = read_here("# 江城市市容条例\n\n第一条　一。\n\n第二条　二。\n", "江城市市容条例(2018-03-04).md")
    assert read.drafts[0].published_date == dt.date(2018, 3, 4)
    assert "date.from_name" in codes(read)


def test_an_impossible_date_is_a_finding_and_never_a_date():
    read = read_here("关于检查的通知\n各区人民政府：\n请于2021年2月30日前上报。\n江城市人民政府\n2021年2月31日\n")
    assert read.drafts[0].signed_date is None
    assert "date.impossible" in codes(read)


def test_headings_printed_after_their_paragraphs_are_put_back():
    text = (
        "关于工作的意见\n一、总体要求\n要坚持公开。\n（一）坚持公开。\n要便民。\n（二）坚持便民。\n"
        "二、保障\n要加强领导。\n（三）加强领导。\n各区要抓好落实。\n"
    )
    draft = one_draft(text)
    body = nodes(draft.body)
    assert body["sec_1__item_2"].heading == "坚持便民。"
    assert body["sec_1__item_2__para_1"].text == "要便民。"
    assert body["para_1"].text == "各区要抓好落实。"
    assert {finding.code for finding in draft.findings} == {"structure.headings_displaced"}


def test_the_same_bytes_give_the_same_drafts_in_the_sandbox_and_here(record_settings: RecordSettings):
    source = SourceFile(name="a.txt", data=NOTICE.encode())
    assert digitize(source, settings=record_settings) == read_here(NOTICE)


def test_a_page_titled_as_the_measures_holds_the_measures():
    lines = "".join(f"<p>{line}</p>" for line in NOTICE.splitlines())
    page = f'<html><head><meta name="ArticleTitle" content="江城市公园管理办法"></head><body>{lines}</body></html>'
    draft = one_draft(page, "a.html")
    assert draft.title == "江城市公园管理办法"
    assert str(draft.doc_number) == "江政办发〔2021〕7号"
    assert "art_4" in nodes(draft.body)


def test_machine_english_is_a_translation_with_its_number_read_back():
    filler = "The regulations of the government shall be made public in a timely manner. " * 5
    draft = one_draft(
        "Notice of the General Office of the State Council on Printing and Distributing the Main Points\n"
        f"State Council issued [2019] No. 14\nPeople's governments of provinces:\n{filler}\nApril 15, 2019\n"
        f"1. Openness\n(1) {filler}\n"
    )
    assert (draft.language, draft.is_translation) == ("en", True)
    assert str(draft.doc_number) == "国办发〔2019〕14号"
    assert draft.signed_date == dt.date(2019, 4, 15)
    assert "number.issuer_mismatch" in {finding.code for finding in draft.findings}
    assert draft.effects == ()


def test_two_letters_in_one_file_are_pointed_out():
    first = "关于甲的通知\n江政办发〔2021〕6号\n请执行。\n市园林局\n2021年3月1日"
    second = NOTICE.split("\n\n江城市公园管理办法")[0].replace("7号", "8号")
    assert "source.second_document" in codes(read_here(f"{first}\n{second}"))
    assert "source.second_document" not in codes(read_here(NOTICE))
