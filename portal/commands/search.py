"""`gongbao search` and `gongbao index rebuild|sync|verify`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import TYPE_CHECKING

import click

from gazette.errors import BadInput
from gazette.settings import RoomSettings
from gazette.store import Store
from portal.commands import SettingsGroup, emit_json, in_words, iter_inputs, json_option, opened_store, told_progress
from portal.commands.validity import Day
from portal.terminal import tell

if TYPE_CHECKING:
    from indexer.search import Hit, Index

SORTS = ("relevance", "date", "date-asc", "effective", "effective-asc")

engine_option = click.option("--engine", help="tantivy, whoosh or opensearch; the configured one without it.")


def _settings() -> type[RoomSettings]:
    from indexer.settings import IndexSettings

    return IndexSettings


@contextmanager
def _opened(engine: str | None) -> Iterator[tuple[Store, Index]]:
    """The store and its index, of the engine named or the configured one."""
    from indexer.search import Index
    from indexer.settings import IndexSettings

    with opened_store() as store, Index.open(store.settings, engine, IndexSettings.load()) as opened:
        yield store, opened


def _filters(pairs: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    """FIELD=VALUE pairs; a field named twice takes either value."""
    filters: dict[str, tuple[str, ...]] = {}
    for pair in pairs:
        field, equals, value = pair.partition("=")
        if not equals or not field:
            raise BadInput(why=f"--filter {pair}")
        filters[field] = (*filters.get(field, ()), value)
    return filters


@click.command()
@click.argument("query")
@click.option("--filter", "pairs", multiple=True, metavar="FIELD=VALUE", help="Repeat for several.")
@click.option("--sort", type=click.Choice(SORTS), default=SORTS[0], show_default=True)
@click.option("--as-of", type=Day(), help="Search the texts that stood on this day.")
@click.option("--limit", type=click.IntRange(0), default=10, show_default=True)
@click.option("--offset", type=click.IntRange(0), default=0, show_default=True)
@click.option("--unit", type=click.Choice(["document", "article"]), default="document", show_default=True)
@click.option("--stats", is_flag=True, help="Print the exact total and the facets instead of hits.")
@click.option("--all", "every", is_flag=True, help="Print every hit, whatever --limit and --offset say.")
@engine_option
@json_option
def search(
    query: str,
    pairs: tuple[str, ...],
    sort: str,
    as_of: date | None,
    limit: int,
    offset: int,
    unit: str,
    stats: bool,
    every: bool,
    engine: str | None,
    as_json: bool,
) -> None:
    """检索。QUERY 可写 -，从标准输入每行读一条。"""
    from indexer.search import SearchRequest

    if every and stats:
        raise click.UsageError("--all 与 --stats 只能选一个 (choose one of --all and --stats)")
    filters = _filters(pairs)
    with _opened(engine) as (store, index):
        for text in iter_inputs(query):
            request = SearchRequest(
                query=text, filters=filters, sort=sort, as_of=as_of, limit=limit, offset=offset, unit=unit
            )
            extra = {"input": text} if query == "-" else {}
            if every:
                exported = index.export(request)
                _print_hits(exported.hits, exported.total, extra, as_json)
                continue
            results = index.search(request)
            if stats:
                emit_json({"total": results.total, "facets": results.facets_json()} | extra)
                continue
            for note in results.notes:
                tell(note, err=True)
            _print_hits(results.hits, results.total, extra, as_json)
        _warn_if_behind(store, index)


def _warn_if_behind(store: Store, index: Index) -> None:
    """Say on stderr that what was taken in last is not found yet, before someone concludes that it is not held."""
    from gazette.outbox import last_change

    with store.read() as session:
        newest = last_change(session)
    if index.reader().last_change() < newest:
        tell("数据库中有变化尚未编入索引，结果可能不全；请运行 gongbao index sync", err=True)


def _print_hits(hits: Iterable[Hit], total: int, extra: dict[str, str], as_json: bool) -> None:
    for hit in hits:
        if as_json:
            emit_json(hit.to_json() | extra)
        else:
            click.echo(f"[{in_words(hit.status)}] 《{hit.title}》 {hit.doc_number or ''}")
            click.echo(f"    {hit.snippet}\n    {hit.url}")
    if not as_json:
        tell(f"共 {total} 件")


@click.group(cls=SettingsGroup, room=_settings)
def index() -> None:
    """索引：重建、同步、核对。"""


@index.command()
@engine_option
@json_option
def rebuild(engine: str | None, as_json: bool) -> None:
    """从数据库重建索引；在旁边建好后一次切换，期间检索不中断。"""
    from indexer.sync import rebuild as build

    with _opened(engine) as (store, opened), told_progress("重建索引") as progress:
        count = build(store, opened, progress)
    emit_json({"documents": count}) if as_json else tell(f"已索引 {count} 件")


@index.command()
@engine_option
@json_option
def sync(engine: str | None, as_json: bool) -> None:
    """把数据库中的变化送入索引。"""
    from indexer.sync import sync as carry

    with _opened(engine) as (store, opened), told_progress("更新索引") as progress:
        count = carry(store, opened, progress)
    emit_json({"documents": count}) if as_json else tell(f"已更新 {count} 件")


@index.command()
@engine_option
@json_option
@click.pass_context
def verify(ctx: click.Context, engine: str | None, as_json: bool) -> None:
    """核对索引与数据库是否一致。"""
    from indexer.sync import verify as compare

    with _opened(engine) as (store, opened):
        result = compare(store, opened)
    emit_json(result.to_json()) if as_json else tell("一致" if result.ok else f"不一致：{result.to_json()}")
    ctx.exit(0 if result.ok else 1)
