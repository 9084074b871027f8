"""Names of held texts are found without 《》, and nothing that is not held is guessed."""

from datetime import date

import pytest

from gazette.citations.links import find_cited
from gazette.citations.mentions import cite_text
from gazette.citations.resolution import find_documents, get_cited
from gazette.draft import BodyType, Draft, Node, SourceFile, SourceInfo
from gazette.record.ingest import ingest, ingest_draft
from gazette.validity.standing import status_of
from tests.gazette.builders import a_draft, take_in
from tests.gazette.validity.test_evidence import store_text


@pytest.fixture
def held(store):
    return {
        title: store_text(store, title, "本办法自2010年2月1日起施行。").document
        for title in ("中华人民共和国停车法", "江城市停车管理办法")
    }


def cited(store, text):
    with store.read() as session:
        return [
            (each.raw, each.document, each.provision.eid if each.provision else None)
            for each in cite_text(session, text)
        ]


def test_a_law_is_found_by_its_bare_name_and_article(store, held):
    law = held["中华人民共和国停车法"]
    assert cited(store, "停车法第二条") == [("停车法第二条", law, "art_2")]
    assert cited(store, "根据中华人民共和国停车法第二条，") == [("中华人民共和国停车法第二条", law, "art_2")]


def test_the_longest_name_that_is_held_is_meant(store, held):
    found = cited(store, "违反江城市停车管理办法第二条和《停车法》第一条的")
    assert [(raw, document) for raw, document, _ in found] == [
        ("江城市停车管理办法第二条", held["江城市停车管理办法"]),
        ("《停车法》第一条", held["中华人民共和国停车法"]),
    ]


def test_what_is_not_held_is_not_guessed(store, held):
    assert cited(store, "依照有关办法和管理规定办理") == []


def test_a_status_may_be_asked_by_a_bare_name_and_an_article(store, held):
    with store.read() as session:
        answer = status_of(session, "停车法第二条")
    assert (answer.document, answer.provision) == (held["中华人民共和国停车法"], "art_2")


def a_version(store, day, words):
    body = (
        Node(type=BodyType.ARTICLE, num="第一条", text=words, eid="art_1", wid="art_1"),
        Node(type=BodyType.ARTICLE, num="第二条", text="本条例自2010年5月1日起施行。", eid="art_2", wid="art_2"),
    )
    draft = Draft(
        title="江城市客运条例",
        body=body,
        published_date=date.fromisoformat(day),
        effective_date=date(2010, 5, 1),
        index_number="000014349/2010-00057",
        registry_number="HFGS-2010-7",
        source=SourceInfo(name=f"{day}.txt", sha256="0" * 64, media_type="text/plain"),
    )
    return ingest_draft(store, draft, f"{day}{words}".encode(), publish=True, actor="test").version


def test_a_citation_is_led_to_the_version_of_its_day_though_both_state_the_first_commencement(store):
    first, second = a_version(store, "2010-03-05", "旧文。"), a_version(store, "2018-06-01", "新文。")
    days = [date(2009, 1, 1), date(2010, 3, 6), date(2012, 1, 1), date(2020, 1, 1)]
    with store.read() as session:
        found = [cite_text(session, "《江城市客运条例》第一条", day)[0].version for day in days]
    assert found == [None, first, first, second]


@pytest.mark.parametrize("number", ["000014349/2010-00057", "HFGS—2010—07"])
def test_registration_and_index_numbers_lead_to_their_document(store, number):
    a_version(store, "2010-03-05", "旧文。")
    with store.read() as session:
        assert cite_text(session, f"见{number}号文件")[0].document == find_documents(session, number)[0]


NOTICE = """江城市人民政府关于印发江城市停车管理办法的通知
江政发〔2020〕3号
各区人民政府，市政府各部门：
现将《江城市停车管理办法》印发给你们，请认真贯彻执行。
江城市人民政府
2020年5月1日
江城市停车管理办法
第一条　为了规范停车管理，制定本办法。
第二条　市交通部门负责停车管理工作。
第三条　本办法自2020年6月1日起施行。
"""


def test_a_number_means_the_notice_it_was_given_to_and_with_an_article_the_measures_that_have_it(store):
    file = SourceFile(name="notice.txt", data=NOTICE.encode(), media_type="text/plain")
    notice, measures = (each.document for each in ingest(store, file, publish=True, actor="test"))
    cited_by_number = [
        (raw, document) for raw, document, _ in cited(store, "按照江政发〔2020〕3号和江政发〔2020〕3号第二条")
    ]
    assert cited_by_number == [("江政发〔2020〕3号", notice), ("江政发〔2020〕3号第二条", measures)]
    with store.read() as session:
        assert get_cited(session, "江政发〔2020〕3号")[0] == notice
        assert status_of(session, "江政发〔2020〕3号").document == notice
    citing = take_in(store, a_draft("江城市停车收费通知", text=("按照江政发〔2020〕3号第二条执行。",))).version
    with store.read() as session:
        found = find_cited(session, citing, written=date(2021, 1, 1), today=date(2021, 1, 1))
    assert {name.provision: each.document for name, each in found.items()} == {"art_2": measures}
