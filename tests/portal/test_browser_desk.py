"""The editors' desk in a real browser, from signing in to the trail, without script and in every dress."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from gazette.issues.gazettes import add_gazette
from gazette.settings import RecordSettings
from portal.accounts import add_user
from portal.database import open_store
from tests import paper
from tests.gazette.digitization.builders import needs_ocr
from tests.gazette.digitization.test_scans import a_page
from tests.gazette.issues.test_filing import SOURCE
from tests.portal.browsing import a_browser, assert_accessible_in_every_dress, playwright
from tests.portal.conftest import opened, served

PASSWORD = "correct-horse-battery"
TEXT = """江城市停车管理办法
江政发〔2015〕8号
第一条　为了规范停车秩序，制定本办法。
第二条　本办法自2015年6月1日起施行。《江城市停车暂行规定》同时废止。
"""
CLEANUP = "一、废止的文件\n江城市停车管理办法（江政发〔2015〕8号）\n江城市停车管理规定\n江城市从未收录的办法"
PAGE = "<html><body><h1>江城市通告</h1><p>第一条　正文内容在这里。</p></body></html>"
ISSUE = "/desk/issues/jiangcheng/2024/3"
#: Visited in this order: what is published in one is public in the next.
PLACES = (
    "/desk/",
    "{review}",
    "{part}",
    "/desk/clues",
    "/desk/reports",
    "/desk/labels",
    "/desk/trail",
    "/desk/acceptance",
    "/desk/lapsing",
    "/desk/cleanups",
    "{cleanup}",
    "/desk/issues",
    ISSUE,
)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A portal with one editor and nothing else, behind a real server; its address."""
    record = RecordSettings(home=tmp_path_factory.mktemp("desk"))
    store = open_store(record)
    add_user(store, username="bianji", password=PASSWORD, role="administrator")
    add_gazette(store, "jiangcheng", "江城市人民政府公报", actor="测试", columns=("市政府文件",))
    store.close()
    apps = opened(record, limits_url="memory://")
    with served(next(apps)) as address:
        yield address
    next(apps, None)


@pytest.fixture(scope="module")
def editor(desk: str) -> Iterator[playwright.Page]:
    """An editor's browser, signed in, with script."""
    with a_browser() as browser:
        context = browser.new_context(base_url=desk, viewport={"width": 1280, "height": 800}, locale="zh-CN")
        yield _signed_in(context)


def _signed_in(context: playwright.BrowserContext) -> playwright.Page:
    page = context.new_page()
    page.goto("/signin")
    page.fill("#username", "bianji")
    page.fill("#password", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/desk/")
    return page


def _upload(page: playwright.Page, name: str, text: str) -> str:
    """Upload one file; returns the address of its review."""
    page.goto("/desk/")
    kind = "text/html" if name.endswith("html") else "text/plain"
    page.set_input_files("#files", {"name": name, "mimeType": kind, "buffer": text.encode()})
    page.click("text=上传并识别")
    return str(page.get_attribute("ul.rows h2 a", "href"))


def test_the_pages_of_the_desk_are_accessible_in_every_dress(editor):
    review = _upload(editor, "停车.txt", TEXT)
    assert_accessible_in_every_dress(editor)
    editor.set_viewport_size({"width": 1280, "height": 800})
    editor.goto(review)
    assert "发布后将记入" in editor.inner_text("#main")
    editor.click("text=发布 >> nth=-1")
    document = re.search(r"documents/(\w+)", review)[1]
    editor.goto(f"/documents/{document}/report")
    editor.fill("#message", "第二条日期有误")
    editor.click("main button")
    editor.goto(review)
    part = editor.get_attribute(".parts a", "href")
    editor.set_viewport_size({"width": 1280, "height": 800})
    editor.goto("/desk/cleanups")
    editor.fill("#act", "江城市人民政府关于公布清理结果的决定")
    editor.fill("#effective", "2024-05-01")
    editor.fill("#text", CLEANUP)
    editor.click("section[aria-labelledby=hand-in] button")
    cleanup = editor.url
    _hand_in_issue(editor)
    for place in PLACES:
        editor.set_viewport_size({"width": 1280, "height": 800})
        editor.goto(place.format(review=review, part=part, cleanup=cleanup))
        assert_accessible_in_every_dress(editor)


def test_whoever_rests_at_the_inbox_stays_there(editor, desk):
    context = editor.context.browser.new_context(base_url=desk, storage_state=editor.context.storage_state())
    page = context.new_page()
    page.clock.install()
    page.goto("/desk/")
    page.clock.run_for(10_000)
    page.wait_for_load_state("networkidle")
    assert page.url.endswith("/desk/")
    context.close()


def _hand_in_issue(editor):
    editor.goto("/desk/issues")
    editor.fill("#year", "2024")
    editor.fill("#number", "3")
    editor.set_input_files("#files", {"name": "issue.txt", "mimeType": "text/plain", "buffer": SOURCE.data})
    editor.click("section[aria-labelledby=hand-in] button")
    editor.wait_for_selector("#entry-3")


def test_a_whole_issue_is_taken_apart_arranged_and_published(editor):
    _hand_in_issue(editor)
    editor.fill("#order-3", "0.5")
    editor.fill("#column-3", "文件选登")
    editor.click("text=保存目录")
    assert editor.locator("#entry-1 h2").inner_text() == "江城市教育局关于做好招生工作的通知"
    assert "文件选登" in editor.locator("#entry-1").inner_text()
    editor.click("text=发布本期")
    assert editor.locator("text=保存目录").count() == 0


def test_the_original_stands_beside_the_reading(editor):
    editor.set_viewport_size({"width": 1280, "height": 800})
    editor.goto(_upload(editor, "通告.html", PAGE))
    frame = editor.frame_locator("iframe")
    assert frame.locator("p", has_text="正文内容在这里").is_visible()
    left, right = editor.locator("iframe").bounding_box(), editor.locator("#title").bounding_box()
    assert left["x"] + left["width"] <= right["x"]


def test_without_script_an_editor_uploads_corrects_publishes_withdraws_and_undoes(editor, desk):
    context = editor.context.browser.new_context(base_url=desk, java_script_enabled=False, locale="zh-CN")
    page = _signed_in(context)
    review = _upload(page, "公园.txt", TEXT.replace("停车", "公园").replace("8号", "9号"))
    page.goto(review)
    page.fill("#signed_date", "2015年5月20日")
    page.click("text=保存更正")
    assert page.input_value("#signed_date") == "2015-05-20"
    page.click("section[aria-labelledby=release] button >> nth=0")
    assert "已发布" in page.inner_text(".flash")
    page.click("summary:has-text('撤下')")
    page.fill("#reason", "重复发布")
    page.click("button:has-text('撤下')")
    assert "已撤下" in page.inner_text(".flash")
    page.click(".trail button >> nth=0")
    assert "已撤销" in page.inner_text(".flash")
    assert "已公开" in page.inner_text("#main")
    context.close()


@needs_ocr
def test_a_scan_is_corrected_beside_its_picture_by_keyboard_without_script(editor, desk):
    scan = paper.as_pdf([a_page(dpi=100)], dpi=100)
    context = editor.context.browser.new_context(base_url=desk, java_script_enabled=False, locale="zh-CN")
    page = _signed_in(context)
    page.set_input_files("#files", {"name": "扫描.pdf", "mimeType": "application/pdf", "buffer": scan})
    page.click("text=上传并识别", timeout=120_000)
    review = str(page.get_attribute("ul.rows h2 a", "href"))
    page.goto(review)
    page.click("text=第1页")
    address = page.url
    page.wait_for_load_state("load")
    picture = page.request.get(str(page.get_attribute("img.scan-page", "src")))
    assert (picture.status, picture.headers["content-type"]) == (200, "image/jpeg")
    line = page.locator("ol.scan-lines li", has=page.locator("input[value*='规范公共档案']"))
    assert line.locator("svg.strip").bounding_box()["height"] > 8
    typed = line.locator("input[type=text]")
    typed.fill(typed.input_value().replace("公共档案", "公共文书档案"))
    typed.press("Enter")
    assert "已保存" in page.inner_text(".flash")
    assert page.url == address
    assert "原识别为" in page.locator("ol.scan-lines li", has=page.locator("input[value*='公共文书档案']")).inner_text()
    page.goto(review)
    assert "公共文书档案" in page.inner_text("ol.parts")
    page.click(".trail button >> nth=0")
    assert "公共文书档案" not in page.inner_text("ol.parts")
    context.close()
    editor.goto(address)
    assert_accessible_in_every_dress(editor)
