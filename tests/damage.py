"""Damaged files for the fuzz test and the soak run: whole samples of every format, and ways to break them."""

from __future__ import annotations

import io
import random
import zipfile

from gazette.renditions.pdf import print_page
from tests.gazette.digitization.builders import NOTICE, W, a_docx, a_run, a_zip

_OFD_SPACE = 'xmlns:ofd="http://www.ofdspec.org/2016"'
#: What a damaged place is overwritten with: numbers at their limits, marks of the formats, nothing.
_SPLINTERS = (
    b"",
    b"\x00",
    b"\xff\xff\xff\xff",
    b"<",
    b">",
    b"&x;",
    b"stream",
    b"endobj",
    b"-1",
    b"99999999999",
    b"%PDF-",
)


def samples() -> dict[str, bytes]:
    """One small whole file of every format that is read without other programs, by name."""
    lines = NOTICE.splitlines()
    page = "".join(f"<p>{line}</p>" for line in lines) + "<table><tr><td rowspan=2>甲</td><td>乙</td></tr></table>"
    return {
        "a.txt": NOTICE.encode(),
        "b.txt": NOTICE.encode("gb18030"),
        "a.md": f"# {lines[0]}\n\n| 甲 | 乙 |\n|---|---|\n| 一 | 二 |\n{NOTICE}".encode(),
        "a.html": f"<html><head><meta charset=utf-8></head><body><div id=zoom>{page}</div></body></html>".encode(),
        "a.docx": a_docx(
            "".join(a_run(line) for line in lines),
            word__footnotes_dot_xml=f"<w:footnotes {W}/>".encode(),
            word__styles_dot_xml=f"<w:styles {W}/>".encode(),
        ),
        "a.pdf": print_page(page),
        "a.ofd": _ofd(lines),
        "a.xml": f"<?xml version='1.0'?><Gazette><Record><Title>甲令</Title><HTMLContent><![CDATA[{page}]]>"
        "</HTMLContent></Record></Gazette>".encode(),
    }


def damage(data: bytes, chance: random.Random) -> bytes:
    """`data` broken in one to eight places: bytes changed, cut out, doubled or overwritten. A package is opened first
    now and then, so that what is broken is inside it."""
    if data.startswith(b"PK") and chance.random() < 0.5:
        return _damage_inside(data, chance)
    out = bytearray(data)
    for _ in range(chance.randint(1, 8)):
        at = chance.randrange(len(out) + 1)
        width = chance.choice((1, 1, 4, 64, 1024))
        kind = chance.randrange(5)
        if kind == 0 and at < len(out):
            out[at] ^= 1 << chance.randrange(8)
        elif kind == 1:
            del out[at : at + width]
        elif kind == 2:
            out[at:at] = out[at : at + width] * chance.choice((1, 2, 50))
        elif kind == 3:
            out[at : at + width] = chance.choice(_SPLINTERS)
        elif chance.random() < 0.3:
            del out[at:]
    return bytes(out)


def _damage_inside(data: bytes, chance: random.Random) -> bytes:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = {name: archive.read(name) for name in archive.namelist()}
    except (zipfile.BadZipFile, OSError, EOFError, RuntimeError, NotImplementedError, ValueError):
        return data[: len(data) // 2]
    if members:
        name = chance.choice(sorted(members))
        members[name] = damage(members[name], chance)
    return a_zip(members)


def _ofd(lines: list[str]) -> bytes:
    texts = "".join(
        f'<ofd:TextObject ID="{at}" Boundary="20 {20 + 6 * at} 170 5" Size="4">'
        f'<ofd:TextCode X="0" Y="4" DeltaX="g {max(len(line) - 1, 0)} 4">{line}</ofd:TextCode></ofd:TextObject>'
        for at, line in enumerate(lines)
    )
    return a_zip(
        {
            "OFD.xml": f"<ofd:OFD {_OFD_SPACE}><ofd:DocBody><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody>"
            "</ofd:OFD>".encode(),
            "Doc_0/Document.xml": f'<ofd:Document {_OFD_SPACE}><ofd:Pages><ofd:Page ID="1" BaseLoc="Pages/0.xml"/>'
            "</ofd:Pages></ofd:Document>".encode(),
            "Doc_0/Pages/0.xml": f"<ofd:Page {_OFD_SPACE}><ofd:Content><ofd:Layer>{texts}</ofd:Layer></ofd:Content>"
            "</ofd:Page>".encode(),
        }
    )
