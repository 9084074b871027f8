"""Relations: a document names its erratum and its interpretation, and each act by what it did, from either side."""

from __future__ import annotations

import pytest

from gazette.record.reading import DocumentRecord, get_document
from gazette.store import Store
from tests.gazette.builders import a_draft, take_in

RULES = "江城市停车管理办法"


@pytest.fixture
def rules(store: Store) -> str:
    text = ("本办法自2020年1月1日起施行，有效期5年。",)
    return take_in(store, a_draft(RULES, published="2019-12-01", text=text)).document or ""


def read(store: Store, document: str | None) -> DocumentRecord:
    with store.read() as session:
        return get_document(session, document or "")


def relations(store: Store, document: str | None, other: str | None) -> set[str]:
    return {each.relation for each in read(store, document).related if each.document == other}


@pytest.mark.parametrize(
    ("title", "text", "own", "others"),
    [
        (f"关于《{RULES}》的更正", f"《{RULES}》第三条有误。", "corrects", "corrected_by"),
        ("更正", f"《江城市人民政府公报》第3号刊登的《{RULES}》有误。", "corrects", "corrected_by"),
        (f"《{RULES}》政策解读", f"根据上位法制定了《{RULES}》。", "interprets", "interpreted_by"),
        (f"{RULES}解读", f"根据《江城市条例》制定了《{RULES}》。", "interprets", "interpreted_by"),
        (f"关于延长《{RULES}》有效期的通知", f"《{RULES}》有效期延长至2029年12月31日。", "renews", "renewed_by"),
        ("关于清理文件的决定", f"宣布《{RULES}》失效。本决定自2021年1月1日起施行。", "ends", "ended_by"),
    ],
)
def test_each_page_names_how_the_other_is_tied_to_it(store: Store, rules: str, title, text, own, others) -> None:
    other = take_in(store, a_draft(title, published="2020-12-01", text=(text,), place="b.html")).document
    assert own in relations(store, other, rules)
    assert others in relations(store, rules, other)


@pytest.mark.parametrize(
    "title", ["江城市申请材料补正管理办法", "江城市户籍更正登记办法", "停车问题政策解读", "江城市关于停车的通知"]
)
def test_what_merely_mentions_a_document_neither_corrects_nor_explains_it(store: Store, rules: str, title: str) -> None:
    other = take_in(store, a_draft(title, text=(f"依照《{RULES}》办理。",), place="b.html")).document
    assert relations(store, rules, other) == {"cited_by"}


def test_an_erratum_may_come_before_what_it_corrects(store: Store) -> None:
    erratum = take_in(store, a_draft(f"关于《{RULES}》的更正", text=(f"《{RULES}》有误。",), place="b.html")).document
    late = take_in(store, a_draft(RULES)).document
    assert "corrected_by" in relations(store, late, erratum)
