"""The portal in a real browser: accessibility, keyboard, no script, small screens."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.portal.browsing import a_browser, assert_accessible_in_every_dress, playwright

PLACES = {
    "home": "/",
    "search": "/search?q=食品安全&status=repealed",
    "answer": "/search?q=江政发〔2018〕8号",
    "articles": "/search?q=食品安全&unit=article&agency_path=江城市",
    "a typo": "/search?q=shipinanquan",
    "a word too many": "/search?q=食品安全 量子纠缠",
    "nothing found": "/search?q=量子纠缠",
    "bad date": "/search?from=x",
    "advanced search": "/search/advanced",
    "document": "/documents/{new}",
    "repealed": "/documents/{old}",
    "another day": "/documents/{old}/as-of/2015-06-01",
    "report": "/documents/{new}/report",
    "gazettes": "/gazettes",
    "year": "/gazettes/jiangcheng/2018",
    "issue": "/gazettes/jiangcheng/2018/3",
    "datasets": "/dataset",
    "dataset": "/dataset/parking?sort=名称",
    "harvest": "/harvest",
    "calendar": "/calendar?month=2018-09",
    "calendar year": "/calendar?year=2018",
    "acquisitions": "/acquisitions",
    "verify": "/verify",
    "cite": "/cite?q=不存在的规定",
    "help": "/help",
    "about": "/about",
    "query language": "/help/query",
    "feeds": "/help/feeds",
    "save a search": "/subscriptions/new?q=食品安全&status=repealed",
    "api": "/help/api",
    "display": "/display",
    "missing": "/nowhere/食品",
}


@pytest.fixture(scope="module")
def chromium() -> Iterator[playwright.Browser]:
    with a_browser() as browser:
        yield browser


@pytest.fixture
def visit(chromium, address, library):
    """Open a page as a visitor with some settings; every page and context is closed at the end."""
    contexts = []

    def open_page(path: str, *, size: str = "", width: int = 1280, script: bool = True):
        context = chromium.new_context(
            base_url=address, viewport={"width": width, "height": 800}, java_script_enabled=script, locale="zh-CN"
        )
        contexts.append(context)
        if size:
            context.add_cookies([{"name": "size", "value": size, "url": address}])
        page = context.new_page()
        page.goto(path.format(**library.ids))
        return page

    yield open_page
    for context in contexts:
        context.close()


@pytest.mark.parametrize("place", PLACES)
def test_no_page_breaks_an_accessibility_rule_in_any_dress_or_scrolls_sideways_on_a_phone(visit, place):
    assert_accessible_in_every_dress(visit(PLACES[place]))


@pytest.mark.parametrize("width", [1024, 1100, 1280])
def test_beside_the_text_its_history_has_room(visit, width):
    page = visit(PLACES["document"], width=width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.locator("aside").bounding_box()["width"] >= 200
    assert page.locator(".law").bounding_box()["width"] >= 400


def test_the_whole_way_is_walked_by_keyboard(visit, library):
    page = visit("/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    _tab_to(page, "#q")
    page.keyboard.type("食品安全")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=*")
    _tab_to(page, "input[name=status][value=repealed]")
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    page.wait_for_url("**status=repealed*")
    _tab_to(page, f"h3 a[href*='{library.ids['old']}']")
    page.keyboard.press("Enter")
    page.wait_for_url("**/documents/**")
    _tab_to(page, "a.self[href='#art_2']")
    page.keyboard.press("Enter")
    assert page.url.endswith("#art_2")
    page.keyboard.press("Home")
    page.goto(page.url.split("?")[0])
    _tab_to(page, "a[href$='.txt']")
    page.keyboard.press("Enter")
    page.wait_for_url("**.txt")
    assert "江城市食品安全管理办法" in page.inner_text("body")


def test_without_script_one_searches_filters_reads_and_downloads(visit, library):
    page = visit("/", script=False)
    page.fill("#q", "食品安全")
    page.click("form[role=search] button")
    page.check("input[name=status][value=repealed]")
    page.click("text=应用筛选")
    page.click(f"h3 a[href*='{library.ids['old']}']")
    assert page.locator(".banner .status-repealed").is_visible()
    page.fill("#day", "2015年6月1日")
    page.click("text=查看 >> nth=-1")
    assert "您正在看2015年6月1日的版本" in page.inner_text("main")
    page.goto(f"/documents/{library.ids['old']}/report")
    page.fill("#message", "第二条日期有误")
    page.click("main button")
    assert "已收到" in page.inner_text("main")
    page.click("text=长者模式")
    assert page.get_attribute("html", "data-size") == "large"


def test_filters_fold_on_a_phone_and_stand_open_on_a_desk(visit):
    phone = visit("/search?q=食品安全", width=375)
    assert not phone.locator("#doc_number").is_visible()
    phone.click("summary.fold")
    assert phone.locator("#doc_number").is_visible()
    assert visit("/search?q=食品安全", width=1280).locator("#doc_number").is_visible()


def test_composing_chinese_sends_nothing_and_enter_sends_once(visit):
    page = visit("/search")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/search?" in request.url else None)
    page.focus("#q")
    cdp = page.context.new_cdp_session(page)
    cdp.send("Input.imeSetComposition", {"text": "shi", "selectionStart": 3, "selectionEnd": 3})
    cdp.send("Input.dispatchKeyEvent", {"type": "keyDown", "windowsVirtualKeyCode": 229, "key": "Process"})
    assert asked == []
    cdp.send("Input.insertText", {"text": "食品"})
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=*")
    assert len(asked) == 1


def test_buttons_are_large_enough_to_touch(visit):
    for size, least in (("", 44), ("large", 60)):
        page = visit("/search?q=食品安全", size=size, width=375)
        heights = page.eval_on_selector_all(
            "button, .button, .tools a, .bar nav a", "all => all.map(e => e.getBoundingClientRect().height)"
        )
        assert all(height >= least for height in heights if height), (size, heights)


def test_a_page_is_light_and_asks_nobody_else(visit, address):
    page = visit("about:blank")
    sizes: dict[str, int] = {}
    page.on("response", lambda response: sizes.update({response.url: len(response.body())}))
    page.goto(address)
    page.wait_for_load_state("networkidle")
    assert all(url.startswith(address) for url in sizes)
    assert sum(sizes.values()) <= 150_000


def test_printing_keeps_status_and_address_and_drops_the_shell(visit, library):
    page = visit("/documents/{new}")
    page.emulate_media(media="print")
    assert not page.locator("header.top").is_visible()
    assert page.locator(".banner .status").is_visible()
    assert page.locator(".printed").is_visible()


@pytest.mark.parametrize("place", ["search", "calendar year", "issue"])
def test_any_page_prints_what_it_says_and_where_it_stands_and_nothing_to_press(visit, place):
    page = visit(PLACES[place])
    page.emulate_media(media="print")
    assert page.locator("h1").is_visible()
    assert page.locator(".printed").is_visible()
    assert not any(each.is_visible() for each in page.locator("button, details:not([open]), .actions, .pager").all())


def _tab_to(page, selector: str, most: int = 200) -> None:
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"{selector} is not reached by Tab")


def test_suggestions_are_a_combobox_of_the_keyboard(visit, library):
    page = visit("/search")
    box = page.locator("#q")
    box.focus()
    with page.expect_response("**/suggest?*"):
        page.keyboard.type("jcsspaq")
    page.wait_for_selector('[role="option"]')
    assert box.get_attribute("role") == "combobox"
    assert box.get_attribute("aria-expanded") == "true"
    assert page.locator('[role="status"]', has_text="条建议").count() == 1
    page.keyboard.press("ArrowDown")
    active = page.locator(f"#{box.get_attribute('aria-activedescendant')}")
    assert active.get_attribute("aria-selected") == "true"
    assert_accessible_in_every_dress(page)
    page.keyboard.press("Escape")
    assert box.get_attribute("aria-expanded") == "false"
    assert box.input_value() == "jcsspaq"
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=*")
    assert "食品安全" in page.locator("#q").input_value()
    assert library.ids["new"] in page.content()


def test_while_a_candidate_is_composed_nothing_is_asked(visit):
    page = visit("/")
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.locator("#q").focus()
    session = page.context.new_cdp_session(page)
    session.send("Input.imeSetComposition", {"text": "shi'pin", "selectionStart": 7, "selectionEnd": 7})
    page.wait_for_function("document.querySelector('#q').value.length > 0")
    page.evaluate("new Promise(done => setTimeout(done, 200))")
    assert asked == []
    with page.expect_response("**/suggest?*"):
        session.send("Input.insertText", {"text": "食品"})
