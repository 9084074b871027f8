"""What the record names and does not hold, counted exactly, and gone when it arrives."""

import pytest

from gazette.citations.acquisitions import count_wanted, find_wanted, iter_wanted, list_citing, list_wanted
from gazette.editing.workflow import publish, withdraw
from tests.gazette.builders import a_draft, take_in
from tests.gazette.validity.test_evidence import store_text


def cite(store, title, *texts, publish=True):
    return take_in(store, a_draft(title, text=tuple(texts)), publish=publish).document


def wanted(store, **asked):
    with store.read() as session:
        return list_wanted(session, **{"limit": 20} | asked)


@pytest.fixture
def cited(store):
    """《甲办法》 is named by two documents (by one of them twice), 江政发〔2001〕1号 by one."""
    one = cite(store, "江城市第一件通知", "根据《江城市甲办法》办理。", "《江城市甲办法》第三条另有规定的除外。")
    two = cite(store, "江城市第二件通知", "执行《江城市甲办法》（江政发〔1999〕9号）。", "按江政发〔2001〕1号办理。")
    return one, two


def test_what_is_not_held_is_ranked_by_the_documents_that_name_it(store, cited):
    first, second = wanted(store)
    assert (first.title, first.doc_number, first.count) == ("江城市甲办法", "江政发〔1999〕9号", 2)
    assert [each.document for each in first.citing] == list(cited)
    assert (second.name, second.count) == ("江政发〔2001〕1号", 1)
    with store.read() as session:
        assert count_wanted(session) == 2
        assert [each.key for each in iter_wanted(session)] == [first.key, second.key]


def test_an_entry_goes_when_its_document_arrives(store, cited):
    arrived = cite(store, "江城市甲办法", "第一条　正文。", publish=False)
    assert len(wanted(store)) == 2
    publish(store, arrived, actor="编辑")
    assert [each.name for each in wanted(store)] == ["江政发〔2001〕1号"]


def test_an_entry_goes_when_its_number_arrives_under_the_full_title(store, cited):
    cite(store, "江城市第四件通知", "按照《停车场管理办法》（江政发〔2003〕3号）办理。")
    take_in(store, a_draft("江城市停车场管理办法", number="江政发〔2003〕3号", text=("第一条　正文。",)), publish=True)
    assert [each.name for each in wanted(store)] == ["江城市甲办法", "江政发〔2001〕1号"]


def test_an_entry_goes_when_the_text_arrives_without_its_issuer_in_the_title(store):
    cite(store, "江城市第五件通知", "按照《江城市水务局关于开展检查的通知》办理。")
    take_in(store, a_draft("关于开展检查的通知", issuers=("江城市水务局",), text=("各单位：检查如下。",)), publish=True)
    assert wanted(store) == ()


def test_a_text_that_is_to_be_repealed_is_wanted_too(store):
    cite(store, "江城市新办法", "本办法自2020年5月1日起施行。《江城市旧办法》同时废止。")
    (entry,) = wanted(store)
    assert (entry.title, entry.count) == ("江城市旧办法", 1)


def test_drafts_and_what_was_withdrawn_count_for_nothing(store, cited):
    cite(store, "江城市待审通知", "根据《江城市乙办法》办理。", publish=False)
    withdraw(store, cited[1], actor="编辑", reason="重复")
    assert [(each.name, each.count) for each in wanted(store)] == [("江城市甲办法", 1)]


def test_a_name_that_several_held_documents_share_is_not_wanted(store):
    for number, issuer in (("甲发〔2010〕1号", "甲局"), ("乙发〔2011〕2号", "乙局")):
        take_in(
            store, a_draft("关于开展检查的通知", number=number, issuers=(issuer,), text=(f"{issuer}的正文写在这里。",))
        )
    cite(store, "江城市第三件通知", "落实《关于开展检查的通知》。")
    assert wanted(store) == ()


def test_everybody_who_names_it_is_listed(store, cited):
    key = wanted(store, citing=1)[0].key
    with store.read() as session:
        assert [each.document for each in list_citing(session, key, limit=10)] == list(cited)
        assert len(list_citing(session, key, limit=1, offset=1)) == 1
        assert find_wanted(session, key).count == 2
        assert find_wanted(session, "没有人提到") is None
    assert len(wanted(store, citing=1)[0].citing) == 1


def test_a_number_that_two_held_documents_share_is_not_wanted(store):
    for title in ("江城市甲办法", "江城市乙细则"):
        store_text(store, title, "本办法自公布之日起施行。", number="江府发〔2009〕3号")
    store_text(store, "江城市丙通知", "按照江府发〔2009〕3号、江府发〔2009〕4号文件执行。")
    assert [each.name for each in wanted(store)] == ["江府发〔2009〕4号"]


def test_forms_certificates_and_bare_kinds_are_cited_and_wanted_by_nobody(store):
    cite(store, "江城市丁通知", "填写《居住证申请表》，领取《居住证》，按照《办法》和《江城市居住证条例》办理。")
    assert [each.name for each in wanted(store)] == ["江城市居住证条例"]
