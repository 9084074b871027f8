"""待收录 for everybody: the page, the table, the interface."""

import csv
import io

from tests.gazette.builders import a_draft, take_in


def test_the_list_names_what_is_cited_and_who_cites_it(client, store):
    texts = [f"第{n}件根据《江城市甲办法》（江政发〔1999〕9号）办理。" for n in range(7)]
    documents = [take_in(store, a_draft(f"江城市第{n}件通知", text=(text,))).document for n, text in enumerate(texts)]
    page = client.get("/acquisitions").text
    assert "江城市甲办法" in page
    assert documents[0] in page
    listed = client.get("/api/v1/acquisitions").json
    assert (listed["total"], listed["results"][0]["count"], len(listed["results"][0]["citing"])) == (1, 7, 5)
    key = listed["results"][0]["key"]
    everybody = client.get("/acquisitions", query_string={"cited": key}).text
    assert "以下7件文件引用或处理过它" in everybody
    assert client.get("/acquisitions", query_string={"cited": key, "page": "2"}).status_code == 200
    rows = list(csv.reader(io.StringIO(client.get("/acquisitions.csv").get_data(as_text=True).lstrip("\ufeff"))))
    assert rows[1:] == [["江城市甲办法", "江政发〔1999〕9号", "7"]]


def test_what_nobody_cites_is_not_found_and_an_empty_list_says_so(client):
    assert client.get("/acquisitions?cited=没有").status_code == 404
    assert "没有待收录的文件" in client.get("/acquisitions").text
    assert client.get("/api/v1/acquisitions?limit=0").status_code == 400
    assert client.get("/api/v1/acquisitions?page=2").status_code == 400
