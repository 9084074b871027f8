"""What the browser tests share: the browser itself, and the rules every page keeps in every dress."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

CHROMIUM = Path(os.environ.get("GONGBAO_TEST_CHROMIUM", "/usr/bin/chromium"))
if not CHROMIUM.is_file():
    pytest.skip(f"no browser at {CHROMIUM} (set GONGBAO_TEST_CHROMIUM)", allow_module_level=True)
playwright = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed")

ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
#: Every rule of WCAG 2.2 AA; of the passes nothing is kept.
ALL_RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]},
    "resultTypes": ["violations"],
}
#: The rules that look at colours and sizes, and can come out otherwise in another dress.
OF_LOOKS = {
    "runOnly": {
        "type": "rule",
        "values": ["color-contrast", "link-in-text-block", "scrollable-region-focusable", "target-size"],
    },
    "resultTypes": ["violations"],
}
#: Settings are attributes of <html>, so one visit tries on every dress.
DRESSES = ({"theme": "light", "size": "standard"}, {"theme": "dark"}, {"theme": "light", "size": "huge"})


@contextmanager
def a_browser() -> Iterator[playwright.Browser]:
    """The browser; to start one takes a second, so a test file has one for all its tests."""
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
        yield browser
        browser.close()


def assert_accessible_in_every_dress(page) -> None:
    """No rule of WCAG 2.2 AA is broken in light, dark or 特大, and nothing scrolls sideways on a phone."""
    page.evaluate(axe.Axe().axe_script)
    for number, dress in enumerate(DRESSES):
        page.evaluate("dress => Object.assign(document.documentElement.dataset, dress)", dress)
        rules = OF_LOOKS if number else ALL_RULES
        found = page.evaluate("rules => axe.run(document, rules)", rules)["violations"]
        assert not found, [(each["id"], [node["html"] for node in each["nodes"]][:3]) for each in found]
    page.set_viewport_size({"width": 320, "height": 800})
    for size in ("huge", "standard"):
        page.evaluate("size => { document.documentElement.dataset.size = size }", size)
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, size
