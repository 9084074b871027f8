"""新旧对照, 由本平台整理 and 验证 in a real browser: accessible in every dress, in both languages, on a phone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from gazette.editing.workflow import publish
from gazette.settings import RecordSettings
from indexer.search import Index
from indexer.sync import rebuild
from portal.database import open_store
from tests.gazette.versions.builders import the_decision, the_law
from tests.portal.browsing import a_browser, assert_accessible_in_every_dress, playwright
from tests.portal.conftest import opened, served


@pytest.fixture(scope="module")
def law(tmp_path_factory) -> Iterator[tuple[str, str]]:
    """(address of a portal, id of a law with a version made by us)."""
    home = tmp_path_factory.mktemp("versions")
    store = open_store(RecordSettings(home=home))
    held = the_law(store).document or ""
    the_decision(store)
    publish(store, held, actor="编辑")
    with Index.open(store.settings) as index:
        rebuild(store, index)
    store.close()
    for app in opened(RecordSettings(home=home)):
        with served(app) as address:
            yield address, held


@pytest.fixture(scope="module")
def chromium() -> Iterator[playwright.Browser]:
    with a_browser() as browser:
        yield browser


@pytest.fixture
def page(chromium, law) -> Iterator[playwright.Page]:
    context = chromium.new_context(base_url=law[0])
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("path", ["/documents/{}", "/documents/{}/compare", "/documents/{}/compare?show=all"])
def test_the_pages_of_versions_break_no_rule_in_any_dress_and_fit_a_phone(page, law, path, language):
    page.goto(f"{path.format(law[1])}{'&' if '?' in path else '?'}lang={language}")
    assert_accessible_in_every_dress(page)


def test_on_a_phone_articles_stand_one_under_the_other(page, law):
    page.set_viewport_size({"width": 320, "height": 800})
    page.goto(f"/documents/{law[1]}/compare")
    old, new = page.locator(".compare tbody tr").first.locator("td").all()
    assert new.bounding_box()["y"] > old.bounding_box()["y"] + 10


def test_screen_readers_are_told_what_was_deleted_and_inserted(page, law):
    page.goto(f"/documents/{law[1]}/compare")
    assert "删除：" in page.locator("del").first.inner_text()
    assert "新增：" in page.locator("ins").first.inner_text()
    assert page.locator(".compare th[scope=row]").count() == page.locator(".compare tbody tr").count()


def test_print_keeps_the_table_and_drops_the_choices(page, law):
    page.goto(f"/documents/{law[1]}/compare")
    page.emulate_media(media="print")
    assert page.locator(".compare").is_visible()
    assert not any(form.is_visible() for form in page.locator(".choose").all())


@pytest.mark.parametrize("text", ["禁止盗用城市公共供水和毁坏供水设施", "禁止盗用农村公共供水和毁坏供水设施", "短"])
def test_a_pasted_clause_is_answered_in_accessible_words(page, text):
    page.goto("/verify")
    page.fill("#text", text)
    page.locator("main button").first.click()
    assert_accessible_in_every_dress(page)
