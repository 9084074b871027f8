"""What belongs to the site stays out of the document."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

import gazette
from gazette.digitization.digitize import digitize
from gazette.digitization.furniture import is_furniture
from gazette.draft import SourceFile
from gazette.settings import RecordSettings

ROWS = tomllib.loads((Path(gazette.__file__).parent / "data" / "furniture.toml").read_text("utf-8"))["furniture"]
PAGE = """<html><body><div id="zoom"><h1>江城市停车办法</h1>
<div>发布日期：2024-05-15　来源：江城市人民政府　字体：【大 中 小】　<a href="#">打印</a></div>
<p>第一条　为了规范停车，制定本办法。</p><p>第二条　本办法自2024年7月1日起施行。</p>
<p>责任编辑：张三</p><p>分享到：微信 微博</p><p>【我要纠错】【打印】【关闭窗口】</p><p>上一篇：某通知</p>
</div></body></html>"""


@pytest.mark.parametrize("row", ROWS, ids=[row["yes"] for row in ROWS])
def test_each_pattern_knows_its_example_and_leaves_its_counter_example(row):
    assert is_furniture(row["yes"])
    assert not is_furniture(row["no"])


@pytest.mark.parametrize("line", ["审核。", "打印本", "", "第二条　关闭", "附件：表", "编辑：收集整理"])
def test_text_that_only_resembles_furniture_stays(line):
    assert not is_furniture(line)


def test_the_tool_bars_of_a_page_are_neither_text_nor_note(tmp_path):
    source = SourceFile(name="page.html", data=PAGE.encode(), media_type="text/html")
    (draft,) = digitize(source, settings=RecordSettings(home=tmp_path)).drafts
    text = "".join(node.full_text() for node in draft.body) + "".join(draft.notes)
    assert text.endswith("本办法自2024年7月1日起施行。")
    assert not any(word in text for word in ("打印", "字体", "纠错", "责任编辑", "分享到", "上一篇"))
