"""版头 and 版记 of GB/T 9704: every element is taken out of the text and kept under its own name."""

from __future__ import annotations

import datetime as dt

import pytest

from gazette.citations.titles import letters
from gazette.editing.publication import publication_obstacle
from tests import redheads
from tests.gazette.digitization.builders import one_draft

HEAD = "000012\n机密★1年\n特急\n江城市发展和改革委员会\n江城市财政局文件\n江发改〔2021〕7号　　　签发人：王某某　李　某"
TEXT = """江城市发展和改革委员会 江城市财政局
关于做好公园收费
管理工作的通知
各区人民政府，市政府各部门：
为了做好公园收费管理工作，现就有关事项通知如下。
一、总体要求
公园收费应当公开。
附件：1．公园收费标准
2．公园名录
江城市发展和改革委员会　　江城市财政局
2021年3月5日
（此件公开发布）
（联系人：张某，电话：12345678）"""
IMPRINT = """抄送：市委各部门，市人大常委会办公厅，市政协办公厅，
市检察院。
江城市发展和改革委员会办公室　　　2021年3月6日印发
（共印300份）"""


def test_every_element_of_a_document_is_kept_under_its_name():
    draft = one_draft(f"{HEAD}\n{TEXT}\n{IMPRINT}")
    assert draft.title == "江城市发展和改革委员会 江城市财政局关于做好公园收费管理工作的通知"
    assert str(draft.doc_number) == "江发改〔2021〕7号"
    assert draft.issuers == ("江城市发展和改革委员会", "江城市财政局")
    assert draft.recipients == ("各区人民政府", "市政府各部门")
    assert draft.disclosure == "此件公开发布"
    assert [attachment.title for attachment in draft.attachments] == ["公园收费标准", "公园名录"]
    assert draft.notes == (
        "份号：000012",
        "密级：机密★1年",
        "紧急程度：特急",
        "签发人：王某某、李某",
        "联系人：张某，电话：12345678",
        "抄送：市委各部门，市人大常委会办公厅，市政协办公厅，市检察院。",
        "江城市发展和改革委员会办公室　2021年3月6日印发",
        "（共印300份）",
    )
    assert [node.full_text() for node in draft.body] == [
        "为了做好公园收费管理工作，现就有关事项通知如下。",
        "一、　总体要求\n公园收费应当公开。",
    ]


@pytest.mark.parametrize(
    "mark", ["秘密★10年", "机密", "绝密★长期", "密级：秘密", "000001　机密★1年　特急", "机 密 ★ 5 年"]
)
def test_a_mark_of_secrecy_holds_back_publication(mark: str):
    obstacle = publication_obstacle(one_draft(f"{mark}\n江城市人民政府文件\n江政发〔2021〕7号\n{TEXT}"))
    assert obstacle is not None
    assert obstacle.code == "publication.secret"


def test_the_red_head_names_who_issued_a_text_without_signature():
    draft = one_draft("江城市人民政府文件\n江政发〔2021〕8号\n公园开放的通知\n各区人民政府：\n公园全部开放。")
    assert (draft.issuers, draft.title) == (("江城市人民政府",), "公园开放的通知")


@pytest.mark.parametrize(
    "title", ["江城市保密工作办法", "关于清理规范性文件的通知", "江城市特急电报管理办法", "江城市关于废止部分文件"]
)
def test_a_title_that_speaks_of_secrets_or_files_stays_the_title(title: str):
    draft = one_draft(f"{title}\n第一条　一。\n第二条　二。")
    assert draft.title == title
    assert publication_obstacle(draft) is None


def test_a_letter_to_recipients_in_the_middle_of_a_text_stays():
    draft = one_draft("关于甲事的通知\n各区人民政府：\n请按下列格式报送。\n抄送：各委办局。\n以上请办理。")
    assert draft.notes == ("抄送：各委办局。",)


@pytest.mark.parametrize("document", redheads.DOCUMENTS, ids=lambda document: document.number)
def test_every_red_head_names_title_number_signers_and_day(document: redheads.RedHead):
    signatory = f"　签发人：{document.signatory}" if document.signatory else ""
    above = (*document.head, document.number + signatory, *document.title, document.recipients)
    draft = one_draft("\n".join((*above, document.body, *document.signers, document.date, document.note)))
    assert letters(draft.title or "") == letters(document.whole_title)
    assert str(draft.doc_number) == document.number
    assert draft.issuers == document.signers
    assert str(draft.signed_date) == document.signed
    assert "，".join(draft.recipients) == document.recipients[:-1]


def test_an_agency_whose_name_is_all_that_stands_above_the_number_of_a_text_stays_the_title():
    draft = one_draft("江城市人民政府\n江政发〔2021〕8号\n各区人民政府：\n公园全部开放。")
    assert draft.title == "江城市人民政府"


def test_the_day_of_printing_broken_off_its_word_is_no_signature():
    imprint = "江城市人民政府办公室 2008 年 9 月 4 日\n印发"
    draft = one_draft(f"关于秋收的通知\n各区人民政府：\n请做好秋收工作。\n二○○八年九月三日\n{imprint}")
    assert (draft.signed_date, draft.issuers) == (dt.date(2008, 9, 3), ())
    assert draft.notes == (imprint.replace("\n", ""),)
