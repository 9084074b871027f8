"""Readers: one per format, bytes in, blocks out. `read` picks the one for a media type."""

from __future__ import annotations

from collections.abc import Callable

from gazette.digitization import media
from gazette.digitization.blocks import Reading
from gazette.errors import CopyUnreadable

#: Raised by one whenever the readers give another text of the same bytes: what an older one read can be read anew.
READER = 2


def read(data: bytes, media_type: str, *, name: str, charset: str | None = None) -> Reading:
    """The blocks of a file. Raises CopyUnreadable for a format without a reader, saying what to do."""
    from gazette.digitization.readers.docx import read_docx
    from gazette.digitization.readers.html import read_html
    from gazette.digitization.readers.markdown import read_markdown
    from gazette.digitization.readers.ocr import read_image
    from gazette.digitization.readers.ofd import read_ofd
    from gazette.digitization.readers.pdf import read_pdf
    from gazette.digitization.readers.text import read_text

    readers: dict[str, Callable[[], Reading]] = {
        media.HTML: lambda: read_html(data, charset),
        media.TEXT: lambda: read_text(data, charset),
        media.MARKDOWN: lambda: read_markdown(data, charset),
        media.DOCX: lambda: read_docx(data),
        media.OFD: lambda: read_ofd(data),
        media.PDF: lambda: read_pdf(data),
        media.JPEG: lambda: read_image(data),
        media.PNG: lambda: read_image(data),
        media.TIFF: lambda: read_image(data),
    }
    reader = readers.get(media_type)
    if media_type == media.OLE and _ENCRYPTED_PACKAGE in data:
        raise CopyUnreadable(name=name, why="文件已加密，需要密码")
    if reader is None:
        raise CopyUnreadable(name=name, why=_ADVICE.get(media_type, f"不支持的文件类型 {media_type}"))
    try:
        return reader()
    except CopyUnreadable as error:
        raise CopyUnreadable(error.locator, name=name, why=error.facts["why"]) from error


#: The stream of an OLE file that holds an encrypted DOCX.
_ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")
_ADVICE = {
    media.OLE: "旧式 Office 文件（.doc、.wps 须装有 LibreOffice，.xls 不是公文）或已损坏，请另存为 DOCX 后再上传",
    media.RTF: "RTF 文件，请安装 LibreOffice，或另存为 DOCX 后再上传",
    media.ODT: "ODT 文件，请安装 LibreOffice，或另存为 DOCX 后再上传",
    media.XLSX: "电子表格不是公文，请作为数据集上传",
    media.JSON: "JSON 数据不是公文",
    media.ZIP: "压缩包须先展开",
    media.BINARY: "不是可识别的文档",
}
