"""A whole issue handed in at the desk: taken apart, arranged, published, all without JavaScript."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient

from gazette.issues.gazettes import add_gazette
from gazette.store import Store
from portal.accounts import add_user
from tests.gazette.issues.test_filing import SOURCE
from tests.portal.conftest import opened
from tests.portal.test_desk import PASSWORD, sign_in

HERE = "/desk/issues/jiangcheng/2024/3"


@pytest.fixture
def desk(store: Store) -> Iterator[FlaskClient]:
    """An editor signed in over one gazette without issues."""
    add_user(store, username="bianji", password=PASSWORD, role="editor")
    add_gazette(store, "jiangcheng", "江城市人民政府公报", actor="测试", columns=("市政府文件", "部门文件"))
    apps = opened(store.settings, limits_url="memory://")
    client = next(apps).test_client()
    sign_in(client)
    yield client
    next(apps, None)


def hand_in(desk: FlaskClient, **changes: object) -> str:
    form = {"gazette": "jiangcheng", "year": "2024", "number": "3", "files": (io.BytesIO(SOURCE.data), "issue.txt")}
    response = desk.post("/desk/issues", data=form | changes, content_type="multipart/form-data")
    return str(response.text)


def test_the_found_entries_are_shown_in_order_with_columns_and_titles(desk: FlaskClient):
    page = hand_in(desk)
    places = [
        page.index(f'value="{title}"')
        for title in (
            "江城市人民政府关于印发江城市停车管理办法的通知",
            "江城市停车管理办法",
            "江城市教育局关于做好招生工作的通知",
        )
    ]
    assert places == sorted(places)
    assert "部门文件" in page


def test_an_editor_reorders_renames_and_leaves_out(desk: FlaskClient):
    hand_in(desk)
    form = {
        "position": ["1", "2", "3"],
        "order-3": "0.5",
        "column-3": "文件选登",
        "title-1": "通知",
        "title-2": "办法",
        "title-3": "招生",
        "drop-2": "1",
    }
    page = desk.post(HERE, data=form, follow_redirects=True).text
    assert page.index('value="招生"') < page.index('value="通知"')
    assert 'value="办法"' not in page
    assert 'value="文件选登"' in page


def test_a_published_issue_is_public_and_closed(desk: FlaskClient):
    hand_in(desk)
    page = desk.post(f"{HERE}/publish", follow_redirects=True).text
    assert "保存目录" not in page
    assert "江城市停车管理办法" in desk.get("/gazettes/jiangcheng/2024/3").text


def test_an_editor_joins_two_entries_and_takes_it_back(desk: FlaskClient):
    hand_in(desk)
    page = desk.get(f"{HERE}/boundaries").text
    ticked = re.findall(r'name="start" value="(\d+)" checked', page)
    hidden = dict(re.findall(r'type="hidden" name="(known|begin|end)" value="(\d+)"', page))
    assert len(ticked) == 2
    page = desk.post(f"{HERE}/boundaries", data={**hidden, "start": ticked[:1]}, follow_redirects=True).text
    assert "共2件" in page
    undo = re.search(r'action="(/desk/trail/\d+/undo)"', page)
    assert undo
    assert "共3件" in desk.post(undo[1], data={"back": HERE}, follow_redirects=True).text


def test_a_division_of_nothing_says_so_and_changes_nothing(desk: FlaskClient):
    hand_in(desk)
    page = desk.post(f"{HERE}/boundaries", data={"known": "0", "begin": "0", "end": "999"}, follow_redirects=True).text
    assert "共3件" in page
    assert "重新打开" in page


def test_a_file_that_cannot_be_read_leaves_no_issue_but_the_reason(desk: FlaskClient):
    page = hand_in(desk, files=(io.BytesIO(b"%PDF-1.4 broken"), "issue.pdf"))
    assert "没有建立期次" in page
    assert "没有未发布的期次" in page


def test_a_form_without_a_file_comes_back_as_typed(desk: FlaskClient):
    response = desk.post("/desk/issues", data={"gazette": "jiangcheng", "year": "2024", "number": "3"})
    assert response.status_code == 400
    assert 'value="2024"' in response.text


@pytest.mark.parametrize("changes", [{"year": "99999"}, {"number": "-1"}, {"number": "0"}])
def test_an_issue_that_would_have_no_address_is_not_made(desk: FlaskClient, changes: dict[str, str]):
    assert "期次应写作" in hand_in(desk, **changes)
    assert "没有未发布的期次" in desk.get("/desk/issues").text


def test_strangers_are_sent_to_sign_in(desk: FlaskClient):
    stranger = desk.application.test_client()
    assert stranger.get("/desk/issues").status_code in (302, 401, 403)


def test_doubts_about_the_issue_stay_on_its_page(desk: FlaskClient):
    hand_in(desk, number="4")
    assert "与 jiangcheng/2024/4 不符" in str(desk.get("/desk/issues/jiangcheng/2024/4").text)
