"""`gongbao init | backup | restore | daily`: the store as a whole."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from gazette.settings import RecordSettings
from portal.commands import emit_json, json_option, opened_store, told_progress
from portal.terminal import tell


@click.command()
@json_option
def init(as_json: bool) -> None:
    """建立（或升级）数据库、文件库和索引。"""
    from indexer.search import Index
    from indexer.settings import IndexSettings
    from indexer.sync import sync

    with opened_store() as store:
        with Index.open(store.settings, options=IndexSettings.load()) as index, told_progress("索引") as progress:
            sync(store, index, progress)
        facts = {"home": str(store.settings.home), "database": store.engine.dialect.name}
    if as_json:
        emit_json(facts)
    else:
        tell(f"已就绪：{facts['home']}（{facts['database']}）")


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@json_option
def backup(file: Path, as_json: bool) -> None:
    """把数据库和全部文件备份到 FILE；服务不必停。"""
    from gazette.backup import backup as write_backup

    with opened_store() as store:
        summary = write_backup(store, file)
    emit_json(summary.to_json()) if as_json else tell(f"已备份到 {file}：文件 {summary.blobs} 个")


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--force", is_flag=True, help="Replace what the home folder holds.")
@json_option
def restore(file: Path, force: bool, as_json: bool) -> None:
    """从备份 FILE 恢复到 GONGBAO_HOME。"""
    from gazette.backup import restore as read_backup

    summary = read_backup(RecordSettings.load(), file, force=force)
    if as_json:
        emit_json(summary.to_json())
    else:
        tell(f"已恢复：文件 {summary.blobs} 个。请运行 gongbao index rebuild 重建索引。")


@click.command()
@json_option
def daily(as_json: bool) -> None:
    """日历任务：把当天施行、失效的文件送入索引，更新“公开文件记录”数据集（由定时任务每天运行）。"""
    from datasets.record_dataset import refresh
    from gazette.store import today
    from gazette.validity.intervals import enqueue_calendar
    from indexer.search import Index
    from indexer.settings import IndexSettings
    from indexer.sync import sync
    from portal.settings import PortalSettings
    from portal.subscriptions.book import Channel, forget_unanswered
    from portal.subscriptions.collect import collect
    from portal.subscriptions.mail import MailSettings, office_of
    from portal.subscriptions.post import Postman

    with opened_store() as store:
        changed = enqueue_calendar(store)
        with Index.open(store.settings, options=IndexSettings.load()) as index:
            synced = sync(store, index)
            for channel in Channel:
                collect(store, index, channel, today())
        forget_unanswered(store)
        settings = PortalSettings.load()
        office = office_of(settings, store.settings.home)
        postman = Postman(store=store, settings=MailSettings.load(), office=office, local=settings.webhooks_local)
        posted = postman.send_due()
        refreshed = refresh(store)
    facts = {"changed": changed, "synced": synced, "record_dataset": refreshed, "posted": asdict(posted)}
    emit_json(facts) if as_json else tell(f"今日状态变化 {changed} 件，索引更新 {synced} 件")
