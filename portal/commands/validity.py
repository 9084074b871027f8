"""`gongbao validity extract|status` and `gongbao cite`."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from pathlib import Path

import click

from gazette.draft import Citation
from gazette.errors import GongbaoError, Level
from gazette.settings import RecordSettings
from gazette.store import now, today
from portal.commands import act_in_words, emit_json, in_words, iter_inputs, json_option, opened_store
from portal.terminal import say, tell, terminal_language


class Day(click.ParamType):
    """A day in any form people write: 2024-05-01, 2024年5月1日, 20240501."""

    name = "date"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> date:
        from gazette.dates import parse_date

        day = value if isinstance(value, date) else parse_date(str(value))
        if day is None:
            self.fail(f"日期无法识别，请写成2024年5月1日：{value}", param, ctx)
        return day


def end_of_day(day: date | None) -> datetime:
    """What was known by the end of that day (UTC); without a day, what is known now."""
    return datetime.combine(day, time.max, tzinfo=UTC) if day else now()


@click.group()
def validity() -> None:
    """效力：条款识别与任一日的状态。"""


@validity.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@json_option
@click.pass_context
def extract(ctx: click.Context, paths: tuple[Path, ...], as_json: bool) -> None:
    """列出文件中改变效力的条款。"""
    from gazette.digitization.digitize import digitize, iter_sources

    settings = RecordSettings.load()
    failed = False

    def refused(name: str, error: GongbaoError) -> None:
        nonlocal failed
        failed = True
        click.echo(f"{name}: {error.message(terminal_language())}", err=True)

    for source in iter_sources(paths, settings=settings, refused=refused):
        digitized = digitize(source, settings=settings)
        findings = [*digitized.findings, *(finding for draft in digitized.drafts for finding in draft.findings)]
        failed |= any(finding.level is Level.ERROR for finding in findings)
        for draft in digitized.drafts:
            for effect in draft.effects:
                if as_json:
                    emit_json(effect.to_json() | {"source": draft.source.to_json()})
                else:
                    target = effect.target.title or effect.target.doc_number or say("本文件")
                    click.echo(f"{act_in_words(effect.kind.value):18} {effect.date or '—'} {target}：“{effect.quote}”")
        for finding in digitized.findings:
            click.echo(f"{source.name}: {say(finding.message)}", err=True)
    ctx.exit(1 if failed else 0)


@validity.command()
@click.argument("citation")
@click.option("--as-of", type=Day(), help="The day asked about; today without it.")
@click.option("--known-at", type=Day(), help="What the record said at the end of this day; now without it.")
@json_option
@click.pass_context
def status(ctx: click.Context, citation: str, as_of: date | None, known_at: date | None, as_json: bool) -> None:
    """某文件在某日的效力状态及依据。CITATION 可写 -，从标准输入每行读一条。"""
    from gazette.validity.standing import status_of

    missed = False
    with opened_store() as store, store.read() as session:
        for text in iter_inputs(citation):
            try:
                known = end_of_day(known_at) if known_at else None
                answer = status_of(session, text, as_of=as_of or today(), known_at=known)
            except GongbaoError as error:
                if citation != "-":
                    raise
                missed = True
                emit_json({"input": text, "error": error.to_json()})
                continue
            if as_json:
                emit_json(answer.to_json() | ({"input": text} if citation == "-" else {}))
            else:
                tell(f"《{answer.title}》 {in_words(answer.status)}（截至 {answer.as_of}）")
                if answer.note:
                    tell(f"  {answer.note}")
                for event in answer.events:
                    said, day = event.quote or event.label or "", event.date or "—"
                    click.echo(f"  {act_in_words(event.kind.value)} {day}：“{said}”")
                for finding in answer.findings:
                    said = f"：“{finding.locator.quote}”" if finding.locator.quote else ""
                    click.echo(f"  {say('未计入')} {finding.code}: {say(finding.message)}{said}")
    ctx.exit(1 if missed else 0)


@click.command()
@click.argument("text")
@click.option("--as-of", type=Day(), help="The day of the citing text; today without it.")
@json_option
def cite(text: str, as_of: date | None, as_json: bool) -> None:
    """识别并解析文中的引用。TEXT 可写 -，从标准输入每行读一条。"""
    from gazette.citations.mentions import cite_text
    from gazette.store import today

    with opened_store() as store, store.read() as session:
        for line in iter_inputs(text):
            for resolved in cite_text(session, line, as_of or today()):
                if as_json:
                    emit_json(resolved.to_json() | ({"input": line} if text == "-" else {}))
                else:
                    click.echo(f"{resolved.raw} → {_place(resolved)}")


def _place(citation: Citation) -> str:
    """Where a citation leads: the address of the document and provision, and the version it had then."""
    if citation.document is None:
        return say("未收录")
    address = f"/documents/{citation.document}" + (f"#{citation.provision.eid}" if citation.provision else "")
    return f"{address} {say('版本')} {citation.version}" if citation.version else address
