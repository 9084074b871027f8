"""Akoma Ntoso 3.0: the version as XML other systems read, and back.

编 分编 章 节 条 款 项 目 become part subpart chapter section article paragraph point indent; what Akoma Ntoso has
no element for (heading, table, attachment) is an hcontainer named after it. eId and wId are ours, kept as they are.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from gazette.draft import Body, BodyType, Draft, Node
from gazette.errors import CopyUnreadable
from gazette.record import DocumentRecord, VersionRecord
from gazette.renditions.frontmatter import caption, caption_of, wording
from gazette.renditions.layout import xml_safe

NAMESPACE = "http://docs.oasis-open.org/legaldocml/ns/akn/3.0"
OURS = "https://gongbao.example/ns/1"

#: Akoma Ntoso asks for a date where we know none; its naming convention has no other sign for that.
UNKNOWN_DAY = "0001-01-01"

_ELEMENTS = {
    BodyType.PART: "part",
    BodyType.SUBPART: "subpart",
    BodyType.CHAPTER: "chapter",
    BodyType.SECTION: "section",
    BodyType.ARTICLE: "article",
    BodyType.PARAGRAPH: "paragraph",
    BodyType.ITEM: "point",
    BodyType.SUBITEM: "indent",
    BodyType.LIST: "list",
}
_TYPES = {element: type for type, element in _ELEMENTS.items()}
_EMPTY = "empty"


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedAct:
    """What `parse` finds: our ids, the title and the body."""

    document: str
    version: str
    title: str
    language: str
    body: Body


@dataclass(frozen=True, slots=True, kw_only=True)
class _Act:
    """What is written of an act, stored or only drafted. `standing` is (status, label, day)."""

    work: str
    expression: str
    kind: str | None
    title: str
    doc_number: str | None
    issuers: tuple[str, ...]
    signed: dt.date | None
    published: dt.date | None
    stood: dt.date | None
    effective: dt.date | None
    expiry: dt.date | None
    language: str
    caption: str | None
    body: Body
    standing: tuple[str, str, dt.date] | None = None


def render(document: DocumentRecord, version: VersionRecord, *, language: str, site: str) -> bytes:
    status = version.standing.status.value
    act = _Act(
        work=document.id,
        expression=version.id,
        kind=document.kind,
        title=version.title,
        doc_number=version.doc_number,
        issuers=document.issuers,
        signed=version.signed_date or version.published_date,
        published=version.published_date,
        stood=version.version_date or version.published_date or version.signed_date,
        effective=version.effective_date,
        expiry=version.expiry_date,
        language=version.language,
        caption=caption(version, language=language),
        body=version.body,
        standing=(status, wording(language)["status"][status], version.standing.as_of),
    )
    return _write(act, language)


def draft_to_akn(draft: Draft, *, language: str = "zh") -> bytes:
    """A draft as Akoma Ntoso. It has no ids of ours yet: its source's hash stands for the work."""
    act = _Act(
        work=draft.source.sha256[:12],
        expression="draft",
        kind=draft.kind,
        title=draft.title or "",
        doc_number=draft.doc_number.normalized if draft.doc_number else None,
        issuers=draft.issuers,
        signed=draft.signed_date or draft.published_date,
        published=draft.published_date,
        stood=draft.published_date or draft.signed_date,
        effective=draft.effective_date,
        expiry=draft.expiry_date,
        language=draft.language,
        caption=caption_of([entry.to_json() for entry in draft.history], language=language),
        body=draft.body,
    )
    return _write(act, language)


def parse(data: bytes) -> ParsedAct:
    """Read back what `render` wrote. Raises CopyUnreadable for anything else."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise CopyUnreadable(name="Akoma Ntoso", why=str(error)) from error
    body = root.find(f"{_q('act')}/{_q('body')}")
    if body is None:
        raise CopyUnreadable(name="Akoma Ntoso", why="没有 act/body")
    return ParsedAct(
        document=_value(root, "FRBRWork", "FRBRnumber"),
        version=_value(root, "FRBRExpression", "FRBRversionNumber"),
        title=root.findtext(f".//{_q('docTitle')}") or "",
        language=_value(root, "FRBRExpression", "FRBRlanguage", attribute="language"),
        body=tuple(_node(child) for child in _elements(body) if child.get("name") != _EMPTY),
    )


def _write(act: _Act, language: str) -> bytes:
    root = etree.Element(_q("akomaNtoso"), nsmap={None: NAMESPACE, "gongbao": OURS})
    written = etree.SubElement(root, _q("act"), name=act.kind or "act", contains="singleVersion")
    written.append(_meta(act, language))
    written.append(_preface(act))
    body = etree.SubElement(written, _q("body"))
    for node in act.body:
        body.append(_element(node))
    if not act.body:
        etree.SubElement(body, _q("hcontainer"), name=_EMPTY)
    xml: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8")
    return xml


def _meta(act: _Act, language: str) -> etree._Element:
    """FRBR identification with our ids, publication, issuers and the standing on the day asked for."""
    meta = etree.Element(_q("meta"))
    meta.append(_identification(act))
    if act.published:
        published = etree.SubElement(meta, _q("publication"), date=_day(act.published), name="公布")
        published.set("showAs", xml_safe(act.doc_number or act.title))
    references = etree.SubElement(meta, _q("references"), source="#gongbao")
    issuers = ((f"issuer-{at}", name) for at, name in enumerate(act.issuers or ("未载明",), 1))
    for eid, name in (("gongbao", "公报 Gongbao"), *issuers):
        href = f"/akn/ontology/organization/cn/{eid}"
        etree.SubElement(references, _q("TLCOrganization"), eId=eid, href=href, showAs=xml_safe(name))
    proprietary = etree.SubElement(meta, _q("proprietary"), source="#gongbao")
    standing = etree.SubElement(proprietary, f"{{{OURS}}}standing")
    if act.standing:
        status, label, as_of = act.standing
        standing.attrib.update({"status": status, "label": label, "asOf": as_of.isoformat()})
    for at, value in (("effective", act.effective), ("expiry", act.expiry)):
        if value:
            standing.set(at, value.isoformat())
    standing.text = wording(language)["disclaimer"]
    return meta


def _identification(act: _Act) -> etree._Element:
    work = f"/akn/cn/act/{_day(act.signed)}/{act.work}"
    expression = f"{work}/{_iso639(act.language)}@{_day(act.stood)}"
    identification = etree.Element(_q("identification"), source="#gongbao")
    frbr = _frbr(identification, "FRBRWork", work, _day(act.signed), "signed")
    etree.SubElement(frbr, _q("FRBRcountry"), value="cn")
    etree.SubElement(frbr, _q("FRBRnumber"), value=act.work)
    if act.doc_number:
        etree.SubElement(frbr, _q("FRBRname"), value=xml_safe(act.doc_number))
    frbr = _frbr(identification, "FRBRExpression", expression, _day(act.stood), "version")
    etree.SubElement(frbr, _q("FRBRversionNumber"), value=act.expression)
    etree.SubElement(frbr, _q("FRBRlanguage"), language=_iso639(act.language))
    _frbr(identification, "FRBRManifestation", f"{expression}.xml", _day(act.stood), "version")
    return identification


def _frbr(parent: etree._Element, level: str, uri: str, day: str, name: str) -> etree._Element:
    frbr = etree.SubElement(parent, _q(level))
    etree.SubElement(frbr, _q("FRBRthis"), value=f"{uri}/!main" if level == "FRBRWork" else uri)
    etree.SubElement(frbr, _q("FRBRuri"), value=uri)
    etree.SubElement(frbr, _q("FRBRdate"), date=day, name=name)
    etree.SubElement(frbr, _q("FRBRauthor"), href="#issuer-1" if level == "FRBRWork" else "#gongbao")
    return frbr


def _preface(act: _Act) -> etree._Element:
    preface = etree.Element(_q("preface"))
    title = etree.SubElement(preface, _q("p"))
    etree.SubElement(title, _q("docTitle")).text = xml_safe(act.title)
    if act.doc_number:
        number = etree.SubElement(preface, _q("p"))
        etree.SubElement(number, _q("docNumber")).text = xml_safe(act.doc_number)
    if act.caption:
        etree.SubElement(preface, _q("p")).text = xml_safe(act.caption)
    return preface


def _element(node: Node) -> etree._Element:
    if node.type in _ELEMENTS:
        element = etree.Element(_q(_ELEMENTS[node.type]))
    else:
        element = etree.Element(_q("hcontainer"), name=node.type.value)
    if node.eid:
        element.set("eId", node.eid)
    if node.wid:
        element.set("wId", node.wid)
    for name in ("num", "heading"):
        if (text := getattr(node, name)) is not None:
            etree.SubElement(element, _q(name)).text = xml_safe(text)
    if node.text is not None or node.rows:
        content = etree.SubElement(element, _q("intro" if node.children else "content"))
        if node.text is not None:
            etree.SubElement(content, _q("p")).text = xml_safe(node.text)
        if node.rows:
            content.append(_table(node.rows))
    for child in node.children:
        element.append(_element(child))
    return element


def _table(rows: tuple[tuple[str, ...], ...]) -> etree._Element:
    table = etree.Element(_q("table"))
    for row in rows:
        line = etree.SubElement(table, _q("tr"))
        for cell in row:
            etree.SubElement(etree.SubElement(line, _q("td")), _q("p")).text = xml_safe(cell)
    return table


def _node(element: etree._Element) -> Node:
    """The node `element` was made from."""
    name = etree.QName(element).localname
    fields: dict[str, str | None] = {"num": None, "heading": None, "text": None}
    rows: tuple[tuple[str, ...], ...] = ()
    children = []
    for child in _elements(element):
        tag = etree.QName(child).localname
        if tag in ("num", "heading"):
            fields[tag] = child.text or ""
        elif tag in ("intro", "content"):
            if (paragraph := child.find(_q("p"))) is not None:
                fields["text"] = paragraph.text or ""
            rows = tuple(
                tuple(cell.text or "" for cell in line.iterfind(f"{_q('td')}/{_q('p')}"))
                for line in child.iterfind(f"{_q('table')}/{_q('tr')}")
            )
        else:
            children.append(_node(child))
    return Node(
        type=_TYPES.get(name) or BodyType(element.get("name", "")),
        num=fields["num"],
        heading=fields["heading"],
        text=fields["text"],
        children=tuple(children),
        rows=rows,
        eid=element.get("eId", ""),
        wid=element.get("wId", ""),
    )


def _elements(parent: etree._Element) -> Iterator[etree._Element]:
    """Child elements, without comments and processing instructions."""
    return (child for child in parent if isinstance(child.tag, str))


def _value(root: etree._Element, level: str, name: str, *, attribute: str = "value") -> str:
    found = root.find(f".//{_q(level)}/{_q(name)}")
    return (found.get(attribute) or "") if found is not None else ""


def _q(name: str) -> str:
    return f"{{{NAMESPACE}}}{name}"


def _day(value: dt.date | None) -> str:
    return value.isoformat() if value else UNKNOWN_DAY


def _iso639(language: str) -> str:
    """Akoma Ntoso names languages by three letters."""
    return {"zh": "zho", "en": "eng"}.get(language[:2], "und")
