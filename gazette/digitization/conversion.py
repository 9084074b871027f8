"""Office files without a reader of their own (DOC, WPS, RTF, ODT) become DOCX through LibreOffice, where it is found.

A stranger's file meets a large program here. It runs apart from the readers: in a folder and profile of its own that
are gone afterwards, limited in memory, file size and time, without network where the kernel allows it, macros and
links off in any case, and with the one import filter that the bytes call for.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

from gazette.blobs import sha256_of
from gazette.digitization import media
from gazette.digitization.readers.package import MACROS_IGNORED
from gazette.digitization.sandbox import PASSED, PATIENCE, ReadTimeout
from gazette.draft import Digitized, SourceFile, SourceInfo
from gazette.errors import CopyUnreadable, Finding, Level
from gazette.settings import RecordSettings

#: What the input is called for LibreOffice, and the import filter that may read it.
_FILTERS = {
    media.OLE: ("source.doc", "MS Word 97"),
    media.RTF: ("source.rtf", "Rich Text Format"),
    media.ODT: ("source.odt", "writer8"),
}
#: The stream that makes an OLE file a text of Word or WPS; spreadsheets and slides have none.
_WORD_STREAM = "WordDocument".encode("utf-16-le")
#: The stream that holds an OLE file's macros.
_VBA_STREAM = "_VBA_PROJECT".encode("utf-16-le")
#: Least memory that LibreOffice starts with (bytes).
_LEAST_MEMORY = 2 * 1024**3
#: Macros and active content off, links of strangers blocked, and a proxy that leads nowhere.
_PROFILE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema">
{items}
</oor:items>
"""
_ITEM = '<item oor:path="{path}"><prop oor:name="{name}" oor:op="fuse"><value>{value}</value></prop></item>'
_SCRIPTING, _INTERNET = "/org.openoffice.Office.Common/Security/Scripting", "/org.openoffice.Inet/Settings"
_SETTINGS = (
    (_SCRIPTING, "MacroSecurityLevel", "3"),
    (_SCRIPTING, "DisableMacrosExecution", "true"),
    (_SCRIPTING, "DisableActiveContent", "true"),
    (_SCRIPTING, "BlockUntrustedRefererLinks", "true"),
    (_INTERNET, "ooInetProxyType", "2"),
    (_INTERNET, "ooInetHTTPProxyName", "127.0.0.1"),
    (_INTERNET, "ooInetHTTPProxyPort", "9"),
    (_INTERNET, "ooInetHTTPSProxyName", "127.0.0.1"),
    (_INTERNET, "ooInetHTTPSProxyPort", "9"),
)


def find_office() -> str | None:
    """The program, None where LibreOffice is not installed."""
    return shutil.which("soffice") or shutil.which("libreoffice")


def converted(source: SourceFile, settings: RecordSettings) -> SourceFile | None:
    """The source as DOCX; None for one that needs no conversion, or without LibreOffice.

    Raises CopyUnreadable for a file that LibreOffice cannot read, ReadTimeout for one that takes too long.
    """
    media_type = media.detect_media_type(source.data, source.name)
    if media_type not in _FILTERS or (media_type == media.OLE and _WORD_STREAM not in source.data):
        return None
    office = find_office()
    if office is None:
        return None
    with tempfile.TemporaryDirectory(prefix="gongbao-office-") as folder:
        data = _convert(Path(folder), office, source, *_FILTERS[media_type], settings)
    return replace(source, data=data)


def as_converted(digitized: Digitized, source: SourceFile) -> Digitized:
    """What was read of the DOCX, as read of `source`, with a finding that says how."""
    media_type = media.detect_media_type(source.data, source.name)
    info = _original(digitized.source, source, media_type)
    how = Finding(level=Level.INFO, code="office.converted", message="由 LibreOffice 转换为 DOCX 后读取")
    macros = (MACROS_IGNORED,) if _VBA_STREAM in source.data else ()
    return replace(
        digitized,
        drafts=tuple(replace(draft, source=_original(draft.source, source, media_type)) for draft in digitized.drafts),
        source=info,
        findings=(
            *media.check_name(source.name, media_type),
            how,
            *macros,
            *(finding for finding in digitized.findings if finding.code != media.WRONG_EXTENSION),
        ),
    )


def _original(info: SourceInfo, source: SourceFile, media_type: str) -> SourceInfo:
    return replace(info, sha256=sha256_of(source.data), media_type=media_type, charset=None)


def _convert(
    folder: Path, office: str, source: SourceFile, name: str, import_filter: str, settings: RecordSettings
) -> bytes:
    (folder / name).write_bytes(source.data)
    profile = folder / "profile" / "user"
    profile.mkdir(parents=True)
    items = "\n".join(_ITEM.format(path=path, name=key, value=value) for path, key, value in _SETTINGS)
    (profile / "registrymodifications.xcu").write_text(_PROFILE.format(items=items), "utf-8")
    _run(
        [
            *(office, "--headless", "--norestore", "--nolockcheck", "--nodefault", "--nologo"),
            f"-env:UserInstallation={(folder / 'profile').as_uri()}",
            *(f"--infilter={import_filter}", "--convert-to", "docx:MS Word 2007 XML", "--outdir", str(folder / "out")),
            str(folder / name),
        ],
        folder,
        source.name,
        settings,
    )
    result = (folder / "out" / name).with_suffix(".docx")
    if not result.is_file():
        raise CopyUnreadable(name=source.name, why="LibreOffice 无法读取，文件可能已加密或损坏")
    if result.stat().st_size > settings.max_unpacked_bytes:
        raise CopyUnreadable(name=source.name, why="转换后的内容过大")
    return result.read_bytes()


def _run(command: list[str], folder: Path, name: str, settings: RecordSettings) -> None:
    """Run LibreOffice under limits; whatever it started ends with it."""
    environment = {key: os.environ[key] for key in PASSED if key in os.environ}
    environment |= {"HOME": str(folder), "TMPDIR": str(folder), "SAL_USE_VCLPLUGIN": "svp"}
    environment["PYTHONPATH"] = os.pathsep.join(path or os.getcwd() for path in sys.path)
    limits = [str(max(settings.read_memory_bytes, _LEAST_MEMORY)), str(settings.max_unpacked_bytes)]
    process = subprocess.Popen(  # noqa: S603 - our own interpreter and the office program found on the path
        [sys.executable, "-m", "gazette.digitization.conversion_worker", *limits, *command],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=environment,
        start_new_session=True,
    )
    seconds = PATIENCE * settings.read_timeout_s
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired as error:
        raise ReadTimeout(name=name, seconds=seconds) from error
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
