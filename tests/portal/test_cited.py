"""What a text cites, as readers meet it: links to the article as it read then, and the list of what is not held."""

from dataclasses import replace

import pytest

from gazette.draft import BodyType, Node
from tests.gazette.builders import a_draft, take_in


def an_article(number, text):
    return Node(type=BodyType.ARTICLE, num=f"第{number}条", text=text, eid=f"art_{number}", wid=f"art_{number}")


def a_law(store, title, day, words, **order):
    draft = a_draft(title, published=day, effective="2000-01-01", place=f"{day}.html")
    body = (an_article(1, words), an_article(2, "本法自2000年1月1日起施行。"))
    return take_in(store, replace(draft, body=body), **order)


def a_notice(store, text, day="2010-05-01"):
    return take_in(store, a_draft("江城市关于登记的通知", signed=day, published=day, text=(text,))).document


@pytest.fixture
def versions(store):
    """公司法 as it read from 1999, from 2005 and from 2018."""
    days = {"1999": "1999-12-25", "2005": "2005-10-27", "2018": "2018-10-26"}
    return {year: a_law(store, "中华人民共和国公司法", day, f"{year}年文本。") for year, day in days.items()}


@pytest.mark.parametrize(
    "cited", ["《公司法》第一条", "公司法第一条", "《中华人民共和国公司法》（主席令第42号）第一条"]
)
def test_a_text_of_2010_leads_to_the_law_as_it_read_in_2010(client, store, versions, cited):
    page = client.get(f"/documents/{a_notice(store, f'依照{cited}登记。')}").text
    then = versions["2005"]
    assert f'<a href="/documents/{then.document}/versions/{then.version}?at=art_1#art_1">{cited}</a>' in page
    assert "2005年文本。" in client.get(f"/documents/{then.document}/versions/{then.version}?at=art_1").text


def test_a_text_of_today_leads_to_the_law_of_today(client, store, versions):
    page = client.get(f"/documents/{a_notice(store, '依照公司法第一条登记。', '2020-05-01')}").text
    assert f'<a href="/documents/{versions["2018"].document}?at=art_1#art_1">公司法第一条</a>' in page


@pytest.mark.parametrize(
    ("cited", "title"), [("刑法第一条", "中华人民共和国刑法"), ("《江城市档案办法》第一条", "江城市档案办法")]
)
def test_what_is_not_held_is_wanted_by_everybody_until_it_comes_and_then_linked_at_once(client, store, cited, title):
    document = a_notice(store, f"依照{cited}办理。")
    name = title.removeprefix("中华人民共和国")
    before = client.get(f"/documents/{document}")
    assert f">{cited}</a>" not in before.text
    listed = client.get("/acquisitions").text
    assert (name in listed, document in listed) == (True, True)
    assert name in client.get("/acquisitions?lang=en").text
    client.get("/acquisitions?lang=zh")
    held = a_law(store, title, "1999-10-01", "正文。").document
    assert name not in client.get("/acquisitions").text
    after = client.get(f"/documents/{document}", headers={"If-None-Match": before.headers["ETag"]})
    assert f'<a href="/documents/{held}?at=art_1#art_1">{cited}</a>' in after.text


def test_an_article_of_a_notice_that_counts_sections_is_its_section(client, store):
    sections = tuple(
        Node(type=BodyType.SECTION, num=num, heading="要求", eid=f"sec_{at}", wid=f"sec_{at}")
        for at, num in enumerate("一二", 1)
    )
    draft = a_draft("江城市关于税收的通知", number="江财税〔2019〕59号")
    held = take_in(store, replace(draft, body=sections)).document
    page = client.get(f"/documents/{a_notice(store, '按江财税〔2019〕59号文件第二条办理。')}").text
    assert f'<a href="/documents/{held}?at=art_2#art_2">江财税〔2019〕59号文件第二条</a>' in page
    assert '<a id="art_2"></a>' in client.get(f"/documents/{held}?at=art_2").text
    assert client.get("/cite?q=江财税〔2019〕59号第二条").location.endswith(f"/documents/{held}?at=sec_2#sec_2")


def test_titles_in_a_table_and_articles_of_an_annex_are_links_too(client, store):
    annex = Node(
        type=BodyType.ATTACHMENT,
        num="附件2",
        eid="att_2",
        wid="att_2",
        children=(
            replace(an_article(10, "附件里的条文。"), num="第十条之一", eid="att_2__art_10-1", wid="att_2__art_10-1"),
        ),
    )
    table = Node(
        type=BodyType.TABLE, eid="tbl_1", wid="tbl_1", rows=(("序号", "标题"), ("1", "《江城市甲办法》附件2第十条之一"))
    )
    held = take_in(store, replace(a_draft("江城市甲办法"), body=(an_article(1, "正文。"), annex))).document
    listing = take_in(store, replace(a_draft("江城市废止目录"), body=(an_article(1, "见下表。"), table))).document
    page = client.get(f"/documents/{listing}").text
    assert f'<a href="/documents/{held}?at=att_2__art_10-1#att_2__art_10-1">《江城市甲办法》附件2第十条之一</a>' in page
    assert 'id="att_2__art_10-1"' in client.get(f"/documents/{held}?at=att_2__art_10-1").text
