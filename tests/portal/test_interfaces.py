"""The API and the feeds."""

from __future__ import annotations

import feedparser
import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.specs.openapi.checks import positive_data_acceptance


def test_search_counts_exactly_and_pages_without_a_ceiling(reader, library):
    answer = reader.get("/api/v1/search", query_string={"q": "食品安全", "limit": 1}).json
    assert answer["total"] == 3
    assert answer["facets"]["status"]["repealed"] == 1
    pages = [
        reader.get("/api/v1/search", query_string={"q": "食品安全", "limit": 1, "offset": n}).json for n in range(3)
    ]
    assert len({page["results"][0]["document"] for page in pages}) == 3
    far = reader.get("/api/v1/search", query_string={"q": "食品安全", "offset": 10**9}).json
    assert (far["total"], far["results"]) == (3, [])


def test_a_question_is_answered_by_articles_and_the_unit_is_said(reader):
    assert reader.get("/api/v1/search?q=食品安全怎么监管").json["unit"] == "article"
    assert reader.get("/api/v1/search?q=食品安全怎么监管&unit=document").json["unit"] == "document"
    assert reader.get("/api/v1/search?q=食品安全").json["unit"] == "document"


def test_documents_are_walked_to_the_end(reader, library):
    found, address = [], "/api/v1/documents?limit=3"
    while address:
        answer = reader.get(address).json
        found += [each["id"] for each in answer["results"]]
        address = answer["next"]
    assert found == sorted(library.ids.values())
    assert answer["total"] == 4


def test_a_document_tells_versions_events_and_standing(reader, library):
    base = f"/api/v1/documents/{library.ids['old']}"
    assert reader.get(base).json["doc_number"] == "江政发〔2010〕5号"
    (version,) = reader.get(f"{base}/versions").json["results"]
    assert "body" not in version
    whole = reader.get(f"{base}/versions/{version['id']}").json
    assert whole["body"][0]["eid"] == "art_1"
    assert "findings" not in whole
    kinds = {event["kind"] for event in reader.get(f"{base}/events").json["results"]}
    assert "repealed" in kinds
    assert reader.get(f"{base}/status").json["status"] == "repealed"
    assert reader.get(f"{base}/status?as_of=2010-01-01").json["status"] != "repealed"
    before = reader.get(f"{base}/status?known_at=2000-01-01T00:00:00Z").json
    assert before["status"] == "unknown"


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/search?nonsense=1", 400),
        ("/search?limit=-1", 400),
        ("/search?limit=1000", 400),
        ("/search?sort=x", 400),
        ("/search?from=2024-02-30", 400),
        ("/search?from=2024-01-02&to=2024-01-01", 400),
        ("/documents?limit=0", 400),
        ("/documents/none", 404),
        ("/documents/none/events", 404),
        ("/cite", 400),
        ("/none", 404),
    ],
)
def test_a_bad_question_is_one_clear_object(reader, path, status):
    answer = reader.get(f"/api/v1{path}")
    assert answer.status_code == status
    assert answer.json["code"]
    assert answer.json["message"]


def test_citations_in_a_text_are_resolved(reader, library):
    answer = reader.get("/api/v1/cite", query_string={"q": "根据《江城市食品安全管理规定》第二条办理"}).json
    assert answer["results"][0]["document"] == library.ids["new"]


def test_the_description_is_served_and_covers_every_address(reader):
    paths = reader.get("/api/v1/openapi.json").json["paths"]
    assert "/api/v1/search" in paths
    assert "/api/v1/documents/{document_id}/status" in paths
    assert all(path.startswith("/api/v1/") for path in paths)


@pytest.mark.parametrize("path", ["documents", "gazettes", "search?q=食品安全", "agencies/江城市人民政府"])
def test_every_feed_is_well_formed_and_filled(reader, path):
    answer = reader.get(f"/feeds/{path}")
    assert answer.mimetype == "application/atom+xml"
    feed = feedparser.parse(answer.data)
    assert not feed.bozo
    assert feed.entries
    assert all(entry.link.startswith("http://localhost/") and entry.updated_parsed for entry in feed.entries)


def test_the_interface_keeps_what_its_description_promises(library_app):
    """Schemathesis asks every operation what the description allows, and a little of what it does not."""
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", library_app)
    bounded = settings(
        max_examples=8, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck), database=None
    )

    for operation in schema.get_all_operations():

        @bounded
        @given(case=operation.ok().as_strategy())
        def check(case):
            # A range that ends before it begins is well-formed and still refused, as the description says (400).
            case.call_and_validate(excluded_checks=[positive_data_acceptance])

        check()
