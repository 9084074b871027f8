"""Every bad file of the list, from the command line and over the web: one finding, in bounded time, nothing kept."""

from __future__ import annotations

import io
import json
import re
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import func, select

from gazette.digitization.sandbox import POOL
from gazette.record.documents import CopyRow, DocumentRow
from gazette.store import Store
from portal.cli import main
from portal.rooms import Rooms
from tests.gazette.digitization.builders import a_docx, a_run, a_zip, needs_ocr
from tests.gazette.digitization.test_bad_input import a_picture, a_tiff_of_frames, an_encrypted_pdf
from tests.gazette.digitization.test_hostile import LAUGHS, OFD, a_pdf
from tests.portal.test_desk import client as client
from tests.portal.test_desk import sign_in


@dataclass(frozen=True)
class Bad:
    """A file, the code of the one finding it deserves, and how many seconds its reader may take."""

    name: str
    make: Callable[[], bytes]
    code: str
    seconds: float = 60.0


def _bomb() -> bytes:
    squeezed = zlib.compressobj(9)
    return b"".join(squeezed.compress(b"BT (a) Tj ET " * 80_000) for _ in range(220)) + squeezed.flush()


def _cat() -> bytes:
    kept = io.BytesIO()
    Image.radial_gradient("L").resize((200, 160)).convert("RGB").save(kept, "PNG")
    return kept.getvalue()


def _nested(depth: int) -> bytes:
    inner = b"nothing"
    for level in range(depth):
        inner = a_zip({f"{level}.zip" if level else "a.txt": inner})
    return inner


LAUGHING_OFD = f"{LAUGHS}<ofd:OFD {OFD}><ofd:DocBody><ofd:DocRoot>&j;</ofd:DocRoot></ofd:DocBody></ofd:OFD>".encode()
BAD = (
    Bad("空.txt", lambda: b"", "copy.unreadable"),
    Bad("加密.pdf", an_encrypted_pdf, "copy.unreadable"),
    Bad("截断.pdf", lambda: b"%PDF-1.7\n1 0 obj <<", "copy.unreadable"),
    Bad("截断.docx", lambda: a_docx(a_run("甲通知"))[:200], "copy.unreadable"),
    Bad("截断.png", lambda: a_picture((800, 800), "PNG")[:60], "copy.unreadable"),
    Bad("截断.zip", lambda: a_zip({"a.txt": b"abc"})[:40], "archive.refused"),
    Bad("太多页.pdf", lambda: a_pdf(zlib.compress(b""), pages=3_100), "copy.unreadable"),
    Bad("太多页.tif", lambda: a_tiff_of_frames(3_100), "copy.unreadable"),
    Bad("膨胀.pdf", lambda: a_pdf(_bomb()), "source.timeout", seconds=1.0),
    Bad("大笑.ofd", lambda: a_zip({"OFD.xml": LAUGHING_OFD}), "copy.unreadable"),
    Bad("大笑.xml", lambda: f"{LAUGHS}<Gazette><Record>&j;</Record></Gazette>".encode(), "copy.unreadable"),
    Bad("四层.zip", lambda: _nested(4), "archive.refused"),
    Bad("越界.zip", lambda: a_zip({"../../etc/passwd.txt": b"root"}), "archive.refused"),
    Bad("三万点.png", lambda: a_picture((30_000, 1_000), "PNG"), "copy.unreadable"),
    Bad("猫.png", _cat, "source.no_text"),
    Bad("许多.zip", lambda: a_zip({f"{number}.txt": b"" for number in range(2_000)}), "copy.unreadable"),
    Bad("程序.bin", lambda: b"\x7fELF\x00\x00" + bytes(600), "copy.unreadable"),
)


@needs_ocr
def test_a_bad_file_is_one_finding_from_either_side_and_leaves_nothing(
    client: FlaskClient,
    store: Store,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
) -> None:
    sign_in(client)
    monkeypatch.setenv("GONGBAO_HOME", str(store.settings.home))
    monkeypatch.chdir(tmp_path)
    told: dict[str, tuple[list[str], int]] = {}
    for bad in BAD:
        Path(bad.name).write_bytes(data := bad.make())
        monkeypatch.setenv("GONGBAO_READ_TIMEOUT_S", str(bad.seconds))
        with pytest.raises(SystemExit, match="1"):
            main(["ingest", "--json", bad.name])
        (outcome,) = map(json.loads, capfd.readouterr().out.splitlines())
        object.__setattr__(rooms_of(client).store.settings, "read_timeout_s", bad.seconds)
        page = client.post("/desk/upload", data={"files": [(io.BytesIO(data), bad.name)]}).text
        shown = len(re.findall(r'class="problem"|<strong>错误', page))
        told[bad.name] = [each["code"] for each in outcome["findings"]], shown
    POOL.close()
    assert told == {bad.name: ([bad.code], 1) for bad in BAD}
    with store.read() as session:
        assert not any(session.scalar(select(func.count()).select_from(row)) for row in (DocumentRow, CopyRow))
    assert not list(store.settings.home.glob("blobs/*/*"))
    assert not list(store.settings.home.glob("readings/*"))


def rooms_of(client: FlaskClient) -> Rooms:
    rooms: Rooms = client.application.extensions["gongbao"]
    return rooms
