"""`gongbao harvest list|run|report|check [SOURCE]`."""

from __future__ import annotations

import click

from portal.commands import emit_json, json_option, opened_store

source_argument = click.argument("source")


@click.group()
def harvest() -> None:
    """采集：来源、运行、报告。"""


@harvest.command("list")
@json_option
def list_(as_json: bool) -> None:
    """列出来源。"""
    from harvest.sources import list_sources

    for source in list_sources():
        emit_json(source.to_json()) if as_json else click.echo(f"{source.name:24} {source.title}")


@harvest.command()
@source_argument
@json_option
@click.pass_context
def run(ctx: click.Context, source: str, as_json: bool) -> None:
    """运行一次采集。"""
    from harvest.run import run as harvest_source
    from harvest.sources import get_source

    with opened_store() as store:
        report = harvest_source(store, get_source(source))
    emit_json(report.to_json()) if as_json else click.echo(report.summary())
    ctx.exit(1 if report.failed else 0)


@harvest.command()
@click.argument("source", required=False)
@json_option
def report(source: str | None, as_json: bool) -> None:
    """各来源最近一次运行的报告。"""
    from harvest.reports import latest_reports

    with opened_store() as store, store.read() as session:
        for each in latest_reports(session, source):
            emit_json(each.to_json()) if as_json else click.echo(each.summary())


@harvest.command()
@source_argument
@json_option
@click.pass_context
def check(ctx: click.Context, source: str, as_json: bool) -> None:
    """试读来源的一页列表和一件详情，说明能取到哪些字段；不入库。"""
    from harvest.run import check as probe
    from harvest.sources import get_source

    result = probe(get_source(source))
    emit_json(result.to_json()) if as_json else click.echo(result.summary())
    ctx.exit(0 if result.ok else 1)
