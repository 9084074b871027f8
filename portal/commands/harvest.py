"""`gongbao harvest list|run|report|check [SOURCE]`."""

from __future__ import annotations

import sys

import click

from gazette.settings import RecordSettings
from portal.commands import emit_json, in_words, json_option, opened_store
from portal.terminal import tell

source_argument = click.argument("source")
at_option = click.option("--at", metavar="URL", help="Fetch from a mirror at this address instead of the site itself.")


@click.group()
def harvest() -> None:
    """采集：来源、运行、报告。"""


@harvest.command("list")
@json_option
def list_(as_json: bool) -> None:
    """列出来源。"""
    from harvest.sources import list_sources

    for source in list_sources(RecordSettings.load().home):
        emit_json(source.to_json()) if as_json else click.echo(f"{source.name:24} {source.title}")


@harvest.command()
@source_argument
@at_option
@click.option("--limit", type=click.IntRange(min=1), help="Look at this many documents at most.")
@click.option("--fresh", is_flag=True, help="Fetch and read everything again.")
@click.option("--draft", is_flag=True, help="Leave new documents as drafts for review.")
@json_option
@click.pass_context
def run(
    ctx: click.Context, source: str, at: str | None, limit: int | None, fresh: bool, draft: bool, as_json: bool
) -> None:
    """运行一次采集。"""
    from harvest.run import run as harvest_source
    from harvest.settings import HarvestSettings
    from harvest.sources import get_source

    with opened_store() as store:
        report = harvest_source(
            store,
            get_source(source, store.settings.home),
            settings=HarvestSettings.load(),
            publish=not draft,
            limit=limit,
            at=at,
            fresh=fresh,
            progress=_tell if sys.stderr.isatty() else None,
        )
    emit_json(report.to_json()) if as_json else tell(report.summary())
    ctx.exit(1 if report.failed else 0)


@harvest.command()
@click.argument("source", required=False)
@click.option("--labels", is_flag=True, help="Instead: the source's validity labels beside what the texts say.")
@json_option
def report(source: str | None, labels: bool, as_json: bool) -> None:
    """各来源的状况：上次成功、新增、更新、失败、逾期。"""
    from gazette.validity.official_labels import list_unread
    from harvest.divergence import Verdict, count_verdicts, labels_divergence
    from harvest.reports import get_health, list_health

    with opened_store() as store, store.read() as session:
        if not labels:
            for each in (get_health(session, source),) if source else list_health(session):
                emit_json(each.to_json()) if as_json else tell(each.summary())
            return
        checks, unread = labels_divergence(session, source=source), list_unread(session)
    for check in checks:
        if as_json:
            emit_json(check.to_json())
        elif check.verdict is Verdict.DIVERGES:
            tell(f"《{check.title}》 标注“{check.label}”（{check.as_of}），条文推得 {in_words(check.ours.value)}")
    if not as_json:
        for label in unread:
            if source in (None, label.source):
                tell(f"读不懂的标注“{label.label}”：{len(label.documents)} 件")
        counts = count_verdicts(checks)
        tell(
            f"标注 {len(checks)} 条：一致 {counts['agrees']}，条文未载 {counts['silent']}，不一致 {counts['diverges']}"
        )


@harvest.command()
@source_argument
@at_option
@json_option
@click.pass_context
def check(ctx: click.Context, source: str, at: str | None, as_json: bool) -> None:
    """试读来源的一页列表和一件详情，说明能取到哪些字段；不入库。"""
    from harvest.run import check as probe
    from harvest.settings import HarvestSettings
    from harvest.sources import get_source

    result = probe(get_source(source, RecordSettings.load().home), settings=HarvestSettings.load(), at=at)
    emit_json(result.to_json()) if as_json else tell(result.summary())
    ctx.exit(0 if result.ok else 1)


def _tell(done: int, title: str) -> None:
    """One line on a terminal, written over by the next."""
    click.echo(f"\r\x1b[K{done}  {title[:36]}", nl=False, err=True)
