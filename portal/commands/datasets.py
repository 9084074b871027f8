"""`gongbao dataset check|add|package|publish` and `gongbao export`."""

from __future__ import annotations

from pathlib import Path

import click

from portal.commands import emit_json, in_words, json_option, opened_store
from portal.terminal import tell

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
    from datasets.settings import DatasetSettings

    report = examine(file, settings=DatasetSettings.load())
    if as_json:
        emit_json(report.to_json())
    else:
        for line in report.lines():
            click.echo(line)
    ctx.exit(0 if report.valid else 1)


@dataset.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--name", required=True, help="Slug: lower-case letters, digits, - . _")
@click.option("--title", required=True)
@click.option("--provider", help="提供方")
@click.option("--description", default="")
@click.option("--theme", help="主题")
@click.option("--update-cycle", default="不定期", show_default=True, help="更新周期")
@click.option("--license", "license_", help="License id, e.g. CC-BY-4.0")
@actor_option
@json_option
def add(
    files: tuple[Path, ...],
    name: str,
    title: str,
    provider: str | None,
    description: str,
    theme: str | None,
    update_cycle: str,
    license_: str | None,
    actor: str,
    as_json: bool,
) -> None:
    """登记一个数据集（草稿）；再次登记同名数据集即更新。"""
    from datasets.catalogue import add_dataset
    from datasets.dataset import DatasetMeta
    from datasets.settings import DatasetSettings

    meta = DatasetMeta(
        name=name,
        title=title,
        provider=provider,
        description=description,
        theme=theme,
        update_cycle=update_cycle,
        license=license_,
    )
    with opened_store() as store:
        added = add_dataset(store, meta, files, actor=actor, settings=DatasetSettings.load())
    emit_json(added.to_json()) if as_json else tell(f"已登记 {added.name}（{in_words(added.state)}）")


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
    emit_json({"name": name, "file": str(to), "bytes": len(data)}) if as_json else tell(f"{to}：{len(data)} 字节")


@dataset.command()
@click.argument("name")
@click.option("--accept-errors", is_flag=True, help="Publish although the check found errors; readers see them.")
@actor_option
@json_option
def publish(name: str, accept_errors: bool, actor: str, as_json: bool) -> None:
    """公开一个数据集。"""
    from datasets.catalogue import get_dataset
    from datasets.catalogue import publish as make_public

    with opened_store() as store:
        make_public(store, name, actor=actor, accept_errors=accept_errors)
        with store.read() as session:
            published = get_dataset(session, name)
    emit_json(published.to_json()) if as_json else tell(f"已发布 {name}")


@dataset.command()
@click.argument("name")
@click.option("--reason", required=True, help="理由；留在操作记录里")
@click.confirmation_option(prompt="数据和原件将被销毁，不能撤销。继续？")
@actor_option
def purge(name: str, reason: str, actor: str) -> None:
    """清除一个数据集的数据（泄露个人信息时），只留名称、校验值和理由。"""
    from datasets.catalogue import purge_dataset

    with opened_store() as store:
        purge_dataset(store, name, actor=actor, reason=reason)
    tell(f"已清除 {name}")


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
        tell(f"已导出到 {to}，快照 {exported.snapshot}")
