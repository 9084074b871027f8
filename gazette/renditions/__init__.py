"""Renditions: one version of a document put into a form for reading, printing, exchange or reuse.

`render` is the whole interface. Every form carries the standing on the day asked for and the sentence that the
gazette's printed text prevails (法规汇编编辑出版管理规定 第六条: a text is never given without its state), and the same
record gives the same bytes, so that a rendition can be hashed and checked later.
"""

from __future__ import annotations

import importlib
from dataclasses import dataclass

from gazette.errors import GongbaoError
from gazette.record.reading import DocumentRecord, VersionRecord


class FormUnknown(GongbaoError):
    code, status = "rendition.form_unknown", 404
    zh, en = "没有这种下载格式：{form}", "There is no such form: {form}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """One form: its file suffix, media type and the module here that makes it, by whose name it is asked for."""

    suffix: str
    media_type: str
    module: str


FORMS: dict[str, Form] = {
    form.module: form
    for form in (
        Form(suffix="html", media_type="text/html; charset=utf-8", module="html"),
        Form(suffix="txt", media_type="text/plain; charset=utf-8", module="txt"),
        Form(
            suffix="docx",
            media_type="application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            module="docx",
        ),
        Form(suffix="pdf", media_type="application/pdf", module="pdf"),
        Form(suffix="xml", media_type="application/akn+xml", module="akn"),
        Form(suffix="json", media_type="application/json", module="json"),
    )
}


def render(
    document: DocumentRecord, version: VersionRecord, form: str, *, language: str = "zh", site: str = ""
) -> bytes:
    """`version` of `document` in `form` (html txt docx pdf akn json). `site` is the address the portal stands at,
    without a final slash; `language` (zh or en) words the front matter, never the text. Raises FormUnknown."""
    if form not in FORMS:
        raise FormUnknown(form=form)
    module = importlib.import_module(f"gazette.renditions.{FORMS[form].module}")
    rendered: bytes = module.render(document, version, language=language, site=site)
    return rendered
