"""Names of held texts are found without 《》, and nothing that is not held is guessed."""

import pytest

from gazette.mentions import cite_text
from gazette.validity import status_of
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
