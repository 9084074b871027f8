"""The text of a page of unknown make, by trafilatura: the last resort where neither a known container nor the page's
structure tells the text from what stands around it. Slow (some 20 ms a page), so it is asked only then."""

from __future__ import annotations

from typing import Any

#: What trafilatura calls things, and the tags our reader knows.
_TAGS = {"main": "div", "head": "h2", "list": "ul", "item": "li", "row": "tr", "cell": "td", "hi": "span", "lb": "br"}
#: Less text than this is no document (characters).
_LEAST = 80


def extract_main(root: Any) -> Any | None:
    """The text of the page under `root` as one element; None where nothing worth the name is found."""
    from lxml import etree, html
    from trafilatura import extract

    page = html.tostring(root, encoding="unicode")
    found = extract(page, output_format="xml", include_comments=False, include_tables=True, favor_recall=True)
    if not found:
        return None
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=True)
    document = etree.fromstring(found.encode(), parser=parser)
    main = document.find("main") if document is not None else None
    if main is None or len("".join(main.itertext())) < _LEAST:
        return None
    for element in main.iter():
        if isinstance(element.tag, str):
            element.tag = _TAGS.get(element.tag, element.tag)
    return main
