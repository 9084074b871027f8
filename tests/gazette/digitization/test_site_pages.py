"""Pages as official sites build them: where each puts title, number, days and labels, and what is no document."""

from __future__ import annotations

import json
import tomllib
from importlib.resources import files

import pytest
from lxml import html

from gazette.digitization.readers.html_refusals import refusal
from gazette.digitization.readers.html_tags import without_site
from gazette.draft import Draft
from tests.gazette.digitization.builders import codes, lines, one_draft, read_here

MENU = "".join(f"<li><a href=/{n}>栏目第{n}号</a></li>" for n in range(12))
FOOT = "<div class=bottom><p>主办：江城市人民政府办公室　网站标识码：4401000004</p><p>版权所有 联系我们</p></div>"
TITLE = "江城市人民政府关于老旧小区改造的通知"
TEXT = (
    "<p>各区人民政府：</p><p>为贯彻落实市委、市政府部署，进一步做好老旧小区改造工作，现就有关事项通知如下：</p>"
    "<p>一、各区要按照《江城市旧房改造办法》（江政发〔2020〕5号）要求，摸清底数，建立台账。</p>"
    "<p>二、各级财政部门要统筹安排资金，专款专用，不得挤占挪用。</p>"
    "<p style='text-align:right'>江城市人民政府</p><p style='text-align:right'>2024年3月1日</p>"
)


def a_page(above: str, text: str = f"<div class=zw>{TEXT}</div>", *, title: str = "政府文件", below: str = "") -> Draft:
    head = f"<html><head><title>{title}</title></head>"
    return one_draft(f"{head}<body><ul>{MENU}</ul>{above}{text}{below}{FOOT}</body></html>", "a.html")


def fields(draft: Draft) -> tuple[object, ...]:
    number = str(draft.doc_number) if draft.doc_number else None
    day = draft.published_date.isoformat() if draft.published_date else None
    return draft.title, number, draft.index_number, draft.theme, day


def pairs(template: str) -> str:
    values = {
        "标　　题": TITLE,
        "索 引 号": "MB2C/2024-00012",
        "主题分类": "城乡建设",
        "行业分类": "其他",
        "文　　号": "江政发〔2024〕7号",
        "发布日期": "2024-03-05 09:30",
    }
    return "".join(template.format(label=label, value=value) for label, value in values.items())


BOX = (TITLE, "江政发〔2024〕7号", "MB2C/2024-00012", "城乡建设", "2024-03-05")
BOXES = {
    "table": f"<table>{pairs('<tr><td>{label}：</td><td>{value}</td></tr>')}</table>",
    "label and value in one cell": f"<table>{pairs('<tr><td><i>{label}：</i><b>{value}</b></td></tr>')}</table>",
    "definition list without colons": f"<dl>{pairs('<dt>{label}</dt><dd>{value}</dd>')}</dl>",
    "brackets": "<div>"
    + pairs("<div class=row><div class=lab>[{label}]</div><div class=val>{value}</div></div>")
    + "</div>",
    "list entries of two classes": pairs("<ul><li class=k>{label}:</li><li class=v>{value}</li></ul>"),
    "emphasized labels": f"<div>{pairs('<p><em>{label} ：</em>{value}</p>')}</div>",
    "colon outside the label": f"<div>{pairs('<b>{label}</b>：{value}<br>')}</div>",
    "one line": f"<p>{pairs('{label}：{value}　　')}浏览次数：88　字体：[大 中 小]</p>",
    "value in pieces": "<div>"
    + pairs("<p><span>{label}：</span><span>{value}</span></p>").replace("〔2024〕7号", "〔2024<i>〕7号</i>")
    + "</div>",
}


@pytest.mark.parametrize("shape", BOXES)
@pytest.mark.parametrize("is_inside", [False, True])
def test_a_box_of_labels_is_read_whatever_it_is_made_of(shape: str, is_inside: bool):
    box = BOXES[shape]
    draft = a_page("", f"<div id=zoom>{box}{TEXT}</div>") if is_inside else a_page(box)
    assert fields(draft) == BOX
    assert draft.body[0].text
    assert draft.body[0].text.startswith("为贯彻落实")


INFO = "<div><span>时间：2024年03月05日 17时02分</span>　<span>来源：本网</span></div>"
HEADINGS = {
    "h1 and a line of labels": f"<h1>{TITLE}</h1>{INFO}",
    "h1 over three lines": f"<h1>江城市人民政府<br>关于老旧小区改造<br>的通知</h1>{INFO}",
    "a class of its own": f"<div class=m-title>{TITLE}</div><div>2024-3-5 9:30</div>",
    "the site's own tag": f"<ucaptitle>{TITLE}</ucaptitle>{INFO}",
    "the day in the heading": f"<h2>{TITLE} <small>（2024年03月05日）</small></h2>",
    "cells of a table": f"<table><tr><td class=S1>{TITLE}</td></tr><tr><td>日期：2024-3-5 来源：本网</td></tr></table>",
}


@pytest.mark.parametrize("shape", HEADINGS)
def test_the_heading_above_the_text_is_the_title_and_what_stands_under_it_is_read(shape: str):
    draft = a_page(HEADINGS[shape] + "<div>江政发〔2024〕7号</div>")
    assert fields(draft) == (TITLE, "江政发〔2024〕7号", None, None, "2024-03-05")
    assert draft.recipients == ("各区人民政府",)


def test_the_data_for_search_engines_says_the_day():
    values = json.dumps({"title": TITLE, "pubDate": "2024-03-05T09:30:00"})
    data = f'<script type="application/ld+json">{values}</script>'
    draft = a_page(data, title=f"{TITLE} | 江城市人民政府")
    assert fields(draft) == (TITLE, None, None, None, "2024-03-05")


@pytest.mark.parametrize(
    ("title", "wanted"),
    [
        (f"{TITLE}_住房_中国政府网", TITLE),
        (f"{TITLE} - 江城市人民政府门户网站", TITLE),
        (f"{TITLE}-江城市发展和改革委员会", TITLE),
        (f"{TITLE}--江城在线_江城市人民政府门户网站", TITLE),
        (f"{TITLE} 江城市人民政府门户网站", TITLE),
        (f"江城市人民政府-政策文件-{TITLE}", TITLE),
        ("江城市国土空间总体规划（2021—2035年）的通知", "江城市国土空间总体规划（2021—2035年）的通知"),
        ("问答课堂——如何转移养老保险 - 江城市人民政府门户网站", "问答课堂——如何转移养老保险"),
    ],
)
def test_the_name_of_the_site_is_taken_off_a_title(title: str, wanted: str):
    assert without_site(title) == wanted


def test_a_title_carries_its_number():
    draft = a_page(f"<h1>{TITLE}（江政发〔2024〕7号）</h1>")
    assert fields(draft)[:2] == (TITLE, "江政发〔2024〕7号")


def test_what_says_nothing_is_not_known():
    rows = "".join(
        f"<tr><td>{label}</td><td>{value}</td></tr>"
        for label, value in [
            ("索引号", "暂无"),
            ("主题分类", "—"),
            ("文号", "无"),
            ("成文日期", ""),
            ("标题", TITLE),
            ("发布机构", "市政府"),
        ]
    )
    draft = a_page(f"<table>{rows}</table>")
    assert fields(draft) == (TITLE, None, None, None, None)


def test_labels_of_other_documents_are_not_this_one_s():
    others = "<h3>相关文件</h3><p>标题：江城市公园办法</p><p>文号：江政发〔2019〕9号</p><p>发布日期：2019-02-02</p>"
    draft = a_page(f"<h1>{TITLE}</h1>", below=others)
    assert fields(draft) == (TITLE, None, None, None, None)


def test_a_list_whose_label_has_no_value_does_not_borrow_the_next_entry():
    draft = a_page(f"<h1>{TITLE}</h1><ul><li>有效性：</li><li>分享到微信</li></ul>")
    assert draft.validity_label is None


@pytest.mark.parametrize(
    ("page", "code"),
    [
        ("<h1>404</h1><p>抱歉，您访问的页面不存在或已被删除！</p><a href=/>返回首页</a>", "html.error_page"),
        ("<p>The requested URL was rejected. Your support ID is: 11200</p>", "html.error_page"),
        (
            "".join(
                f"<li><a href={n}>江城市人民政府关于第{n}号事项的通知</a><span>2024-03-05</span></li>" for n in range(9)
            ),
            "html.list_page",
        ),
    ],
)
def test_a_page_that_is_no_document_yields_none_and_says_why(page: str, code: str):
    read = read_here(f"<html><body>{page}{FOOT if 'list' in code else ''}</body></html>", "a.html")
    assert read.drafts == ()
    assert codes(read) == {code}


def test_every_wording_of_an_error_bears_its_example():
    empty = html.fragment_fromstring("<div></div>")
    for row in tomllib.loads(files("gazette").joinpath("data/containers.toml").read_text("utf-8"))["error"]:
        assert refusal(lines(row["yes"]), empty, {}) is not None
        assert refusal(lines(row["no"]), empty, {}) is None
