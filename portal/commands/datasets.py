"""`gongbao dataset check|add|package|publish` and `gongbao export`."""

from __future__ import annotations

from pathlib import Path

import click

from gazette.settings import RecordSettings
from portal.commands import emit_json, json_option, opened_store

file_argument = click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
actor_option = click.option("--actor", default="cli", show_default=True, help="Who the audit trail names.")


@click.group()
def dataset() -> None:
    """开放数据集：检查、登记、打包、发布。"""


@dataset.command()
@file_argument
@json_option
@click.pass_context
def check(ctx: click.Context, file: Path, as_json: bool) -> None:
    """检查一个表格文件：结构、类型、问题。"""
    from datasets.check import check as examine

    result = examine(file, settings=RecordSettings.load())
    if as_json:
        emit_json(result.to_json())
    else:
        click.echo(f"{file.name}：{result.row_count} 行，问题 {len(result.problems)} 处")
        for problem in result.problems:
            click.echo(f"  {problem.message}")
    ctx.exit(0 if result.valid else 1)


@dataset.command()
@file_argument
@click.option("--name", required=True, help="Slug: lower-case letters, digits, - . _")
@click.option("--title", required=True)
@click.option("--provider", help="提供方")
@click.option("--description")
@click.option("--license", "license_", help="License id, e.g. CC-BY-4.0")
@actor_option
@json_option
def add(
    file: Path,
    name: str,
    title: str,
    provider: str | None,
    description: str | None,
    license_: str | None,
    actor: str,
    as_json: bool,
) -> None:
    """登记一个数据集（草稿）。"""
    from datasets.catalogue import add_dataset

    with opened_store() as store:
        added = add_dataset(
            store,
            name=name,
            title=title,
            files=[file],
            provider=provider,
            description=description,
            license=license_,
            actor=actor,
        )
    emit_json(added.to_json()) if as_json else click.echo(f"已登记 {added.name}（{added.state}）")


@dataset.command()
@click.argument("name")
@click.option("--to", required=True, type=click.Path(dir_okay=False, path_type=Path))
@json_option
def package(name: str, to: Path, as_json: bool) -> None:
    """写出数据包（ZIP）；同样的内容得到逐字节相同的文件。"""
    from datasets.package import package as build

    with opened_store() as store:
        data = build(store, name)
    to.write_bytes(data)
    emit_json({"name": name, "file": str(to), "bytes": len(data)}) if as_json else click.echo(f"{to}：{len(data)} 字节")


@dataset.command()
@click.argument("name")
@actor_option
@json_option
def publish(name: str, actor: str, as_json: bool) -> None:
    """公开一个数据集。"""
    from datasets.catalogue import publish_dataset

    with opened_store() as store:
        published = publish_dataset(store, name, actor=actor)
    emit_json(published.to_json()) if as_json else click.echo(f"已发布 {name}")


@click.command()
@click.option("--since", type=int, help="Only what changed since this snapshot (printed by the export before).")
@click.option("--to", required=True, type=click.Path(file_okay=False, path_type=Path))
@json_option
def export(since: int | None, to: Path, as_json: bool) -> None:
    """把公开记录导出为数据包（文件、版本、效力事件、期次）。"""
    from datasets.export import export_record

    with opened_store() as store:
        exported = export_record(store, to, since=since)
    if as_json:
        emit_json(exported.to_json())
    else:
        click.echo(f"已导出到 {to}，快照 {exported.snapshot}")
