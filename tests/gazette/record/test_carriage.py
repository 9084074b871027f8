"""A notice and the measures it carries stand and fall together."""

import datetime as dt

from gazette.draft import SourceFile
from gazette.record.ingest import ingest
from gazette.record.reading import get_document
from gazette.store import Store
from gazette.validity.status import Standing

NOTICE = """江城市市场监督管理局关于印发江城市小餐饮登记管理办法的通知
江市监规〔2024〕1号
各区、县市场监督管理局：
现将《江城市小餐饮登记管理办法》印发给你们，请遵照执行。
江城市市场监督管理局
2024年6月6日
江城市小餐饮登记管理办法
第一条　为了规范小餐饮经营行为，保障食品安全，制定本办法。
第二条　本办法所称小餐饮，是指有固定经营门店的餐饮服务经营者。
第三条　小餐饮实行登记管理。
第四条　本办法自2024年7月1日起施行。
"""
REPEAL = """江城市人民政府关于废止部分行政规范性文件的决定
江政发〔2025〕13号
各区、县人民政府，市政府各部门：
市人民政府决定废止《江城市市场监督管理局关于印发江城市小餐饮登记管理办法的通知》（江市监规〔2024〕1号）。
本决定自印发之日起施行。
江城市人民政府
2025年7月30日
"""


def take_in(store: Store, name: str, text: str) -> list[str]:
    outcomes = ingest(store, SourceFile(name=name, data=text.encode()), publish=True, actor="测试")
    return [outcome.document for outcome in outcomes if outcome.document]


def standing(store: Store, document: str, day: str) -> Standing:
    with store.read() as session:
        return get_document(session, document, as_of=dt.date.fromisoformat(day)).standing


def test_a_notice_commences_with_the_measures_it_carries(store: Store):
    notice, measures = take_in(store, "a.txt", NOTICE)
    assert standing(store, notice, "2024-06-30").status == "pending"
    assert standing(store, notice, "2024-07-01").events[0].quote == "本办法自2024年7月1日起施行。"
    assert standing(store, measures, "2024-06-30").status == "pending"


def test_repealing_the_notice_repeals_the_measures_whichever_came_first(store: Store):
    take_in(store, "b.txt", REPEAL)
    for document in take_in(store, "a.txt", NOTICE):
        assert standing(store, document, "2025-07-29").status == "unknown"
        assert standing(store, document, "2025-07-30").status == "repealed"


def test_taking_the_same_files_in_again_repeats_no_event(store: Store):
    documents = take_in(store, "a.txt", NOTICE)
    take_in(store, "b.txt", REPEAL)
    take_in(store, "copy-of-a.txt", NOTICE)
    with store.read() as session:
        kinds = [[event.kind.value for event in get_document(session, each).events] for each in documents]
    assert [sorted(each) for each in kinds] == [["commenced", "repealed"]] * 2


def test_the_end_of_its_own_term_is_no_act_of_measures_on_the_notice_that_carries_them(store: Store):
    notice, measures = take_in(store, "a.txt", NOTICE.replace("起施行。\n", "起施行，有效期2年。\n"))
    with store.read() as session:
        related = get_document(session, measures).related
    assert standing(store, notice, "2026-07-01").status == "lapsed"
    assert {each.relation for each in related if each.document == notice} == {"carried_by", "cited_by"}
