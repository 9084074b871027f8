"""Akoma Ntoso 3.0: the version as XML other systems read, and back.

编 分编 章 节 条 款 项 目 become part subpart chapter section article paragraph point indent; what Akoma Ntoso has
no element for (heading, table, attachment) is an hcontainer named after it. eId and wId are ours, kept as they are.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote

from lxml import etree

from gazette.draft import Body, BodyType, Draft, Node
from gazette.errors import CopyUnreadable
from gazette.record.reading import DocumentRecord, VersionRecord
from gazette.renditions.frontmatter import caption, caption_of, disclaimer_of, wording
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
#: What an address may hold as it is; all else is percent-encoded.
_URL_SAFE = "/:?@!$&'()*+,;=%-._~"
_STRAY_PERCENT = re.compile("%(?![0-9A-Fa-f]{2})")


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedAct:
    """What `parse` finds: our ids, the title, the body, the notes under it and the names of the attachments."""

    document: str
    version: str
    title: str
    language: str
    body: Body
    notes: tuple[str, ...] = ()
    attachments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Act:
    """What is written of an act, stored or only drafted. `attachments` are (title, address); `standing` is (status,
    label, day), `warning` the one of wording.toml that the text carries."""

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
    notes: tuple[str, ...]
    attachments: tuple[tuple[str, str | None], ...]
    standing: tuple[str, str, dt.date] | None = None
    warning: str = "disclaimer"


def render(document: DocumentRecord, version: VersionRecord, *, language: str, site: str) -> bytes:
    """The version as Akoma Ntoso 3.0; `site` is where its addresses lead."""
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
        notes=version.notes,
        attachments=tuple((each.title, each.url) for each in version.attachments),
        warning=disclaimer_of(version),
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
        notes=draft.notes,
        attachments=tuple((each.title, each.url) for each in draft.attachments),
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
        notes=tuple(_text(each) for each in root.iterfind(f"{_q('act')}/{_q('conclusions')}/{_q('p')}")),
        attachments=tuple(each.get("showAs") or "" for each in root.iter(_q("documentRef"))),
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
    if act.notes:
        conclusions = etree.SubElement(written, _q("conclusions"))
        for note in act.notes:
            _set_text(etree.SubElement(conclusions, _q("p")), note)
    if act.attachments:
        written.append(_attachments(act))
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
    standing.text = wording(language)[act.warning]
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


def _attachments(act: _Act) -> etree._Element:
    """The files that belong to the text, each by its title and, where it is known, its address."""
    attachments = etree.Element(_q("attachments"))
    for at, (title, url) in enumerate(act.attachments, 1):
        holder = etree.SubElement(attachments, _q("attachment"), eId=f"file_{at}")
        address = _address(url) if url else f"#file_{at}"
        etree.SubElement(holder, _q("documentRef"), href=address, showAs=xml_safe(title) or "附件")
    return attachments


def _address(url: str) -> str:
    """`url` with whatever an address may not hold percent-encoded; what is encoded already stays."""
    place, mark, fragment = url.partition("#")
    return mark.join(
        quote(_STRAY_PERCENT.sub("%25", part), safe=_URL_SAFE) for part in (place, fragment)[: 1 + bool(mark)]
    )


def _set_text(element: etree._Element, text: str) -> None:
    """Text with its line ends, which XML would not keep, as <eol/>."""
    first, *others = xml_safe(text).split("\n")
    element.text = first
    for line in others:
        etree.SubElement(element, _q("eol")).tail = line


def _text(element: etree._Element) -> str:
    """What `_set_text` wrote; whatever inline element another system put around words is only its words."""
    return "".join(_pieces(element))


def _pieces(element: etree._Element) -> Iterator[str]:
    if element.tag == _q("eol"):
        yield "\n"
    yield element.text or ""
    for child in element:
        if isinstance(child.tag, str):
            yield from _pieces(child)
        yield child.tail or ""


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
            _set_text(etree.SubElement(element, _q(name)), text)
    if node.text is not None or node.rows:
        content = etree.SubElement(element, _q("intro" if node.children else "content"))
        if node.text is not None:
            _set_text(etree.SubElement(content, _q("p")), node.text)
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
            _set_text(etree.SubElement(etree.SubElement(line, _q("td")), _q("p")), cell)
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
            fields[tag] = _text(child)
        elif tag in ("intro", "content"):
            if (paragraph := child.find(_q("p"))) is not None:
                fields["text"] = _text(paragraph)
            rows = tuple(
                tuple(_text(cell) for cell in line.iterfind(f"{_q('td')}/{_q('p')}"))
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
