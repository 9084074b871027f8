"""One run of one source: gather, then take in item by item, then report.

Every item is taken in on its own: first the document (a transaction of the record), then what we remember of the
address. Killed between the two, the next run finds the address not remembered, reads it again, and the record says
"unchanged". One source is run by one process at a time; a lock file held by the process dies with it.
"""

from __future__ import annotations

import fcntl
import logging
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from gazette.errors import Conflict, Finding, GongbaoError, Level
from gazette.settings import RecordSettings
from gazette.store import Store, now
from harvest.items import KnownItem, Role, known_items, mark_missing, remember, remember_failure
from harvest.reports import ItemReport, Outcome, RunReport, RunState, begin_run, brake, finish_run
from harvest.settings import HarvestSettings
from harvest.source import Checked, Found, Gathered, Gathering, Loaded, Source

log = logging.getLogger(__name__)

#: Called after each item with (done, title); a terminal shows a bar, a pipe nothing.
Progress = Callable[[int, str], None]


class SourceUnavailable(GongbaoError):
    code, status = "harvest.source_unavailable", 503
    zh, en = "来源 {source} 不可用：{why}", "The source {source} is not available: {why}"


def run(
    store: Store,
    source: Source,
    *,
    settings: HarvestSettings | None = None,
    publish: bool = True,
    actor: str = "harvest",
    limit: int | None = None,
    at: str | None = None,
    fresh: bool = False,
    progress: Progress | None = None,
) -> RunReport:
    """Harvest `source` into the store and report.

    `limit` bounds the documents looked at; `at` is the address of a mirror that answers for the site; `fresh` forgets
    the validators, so that everything is fetched and read again. Raises SourceUnavailable, or Conflict when the
    source is being harvested already.
    """
    if why := source.missing_part():
        raise SourceUnavailable(source=source.name, why=why)
    settings = settings or HarvestSettings()
    with _alone(store, source.name) as folder:
        with store.write() as session:
            run_id = begin_run(
                session,
                name=source.name,
                title=source.title,
                agency=source.agency,
                kind=source.kind,
                every_days=source.every_days,
            )
        started = now()
        with store.read() as session:
            known = known_items(session, source.name)
        gathering = Gathering(
            known={} if fresh else known,
            record=store.settings,
            settings=settings,
            spool=folder / run_id,
            limit=limit,
            at=at,
        )
        report = RunReport(id=run_id, source=source.name, state=RunState.RUNNING, started_at=started, finished_at=None)
        try:
            gathered = source.gather(gathering)
            items = _take_all(
                store, source, gathered, known, fresh=fresh, publish=publish, actor=actor, progress=progress
            )
            report = _concluded(store, source, report, gathered, items, known, settings)
        except GongbaoError as error:
            report = replace(report, state=RunState.FAILED, findings=(error.to_finding(),))
        finally:
            shutil.rmtree(gathering.spool, ignore_errors=True)
        report = replace(report, finished_at=now())
        with store.write() as session:
            finish_run(session, report, keep=settings.keep_runs)
    log.info("harvest.run", extra={"source": source.name, "run": run_id, "counts": report.counts})
    return report


def check(source: Source, *, settings: HarvestSettings | None = None, at: str | None = None) -> Checked:
    """A dry run: the first list page and one document; nothing is stored. Raises SourceUnavailable."""
    if why := source.missing_part():
        raise SourceUnavailable(source=source.name, why=why)
    with tempfile.TemporaryDirectory(prefix="gongbao-check-") as folder:
        return source.check(
            Gathering(
                known={},
                record=RecordSettings(home=Path(folder)),
                settings=settings or HarvestSettings(),
                spool=Path(folder) / "spool",
                limit=1,
                at=at,
            )
        )


def _take_all(
    store: Store,
    source: Source,
    gathered: Gathered,
    known: Mapping[str, KnownItem],
    *,
    fresh: bool,
    publish: bool,
    actor: str,
    progress: Progress | None,
) -> tuple[ItemReport, ...]:
    taken: list[ItemReport] = []
    for done, found in enumerate(gathered.found, start=1):
        before = None if fresh else known.get(found.item.url)
        try:
            report = _take(store, source, found, before, publish=publish, actor=actor)
        except GongbaoError as error:
            report = _failed(store, source, found, error.message())
        except Exception as error:
            # The outermost loop: one bad record must not cost the others. Its traceback is in the log.
            log.exception("harvest.item_crashed", extra={"source": source.name, "url": found.item.url})
            report = _failed(store, source, found, f"内部错误：{type(error).__name__}")
        taken.append(report)
        if progress:
            progress(done, report.title or report.url)
    for page in gathered.pages:
        with store.write() as session:
            before = known.get(page.url)
            changed = before is None or before.content_sha256 != page.content_sha256
            remember(session, source.name, page, seen=now(), changed=changed)
    return tuple(taken)


def _take(
    store: Store, source: Source, found: Found, before: KnownItem | None, *, publish: bool, actor: str
) -> ItemReport:
    """What becomes of one item."""
    item = found.item
    if found.lost is Outcome.FAILED:
        return _failed(store, source, found, found.reason)
    if found.lost:
        return _report(found, found.lost)
    if before and (found.load is None or before.content_sha256 == item.content_sha256) and before.document:
        item = replace(item, document=before.document, version=before.version)
        with store.write() as session:
            remember(session, source.name, item, seen=now(), changed=False)
        return _report(found, Outcome.UNCHANGED, document=before.document, version=before.version)
    if found.load is None:
        return _failed(store, source, found, "网站称未修改，而本站没有该文件")
    return _ingest(store, source, found, found.load(), before, publish=publish, actor=actor)


def _ingest(
    store: Store,
    source: Source,
    found: Found,
    loaded: Loaded,
    before: KnownItem | None,
    *,
    publish: bool,
    actor: str,
) -> ItemReport:
    from gazette.record.ingest import Action, ingest_digitized

    if not loaded.digitized.drafts:
        return _failed(store, source, found, "页面中没有识别出文件")
    for annex in loaded.annexes:
        store.blobs.put(annex)
    outcomes = ingest_digitized(
        store,
        loaded.digitized,
        loaded.data,
        publish=publish,
        actor=actor,
        source_name=source.name,
        label_date=loaded.label_date,
    )
    lost = next((each for each in outcomes if each.action is Action.FAILED), None)
    if lost is not None:
        return _failed(store, source, found, "；".join(finding.message for finding in lost.findings))
    # The page stands for what it publishes: of a notice and the measures it carries, the notice.
    main = outcomes[0]
    item = replace(found.item, document=main.document, version=main.version)
    actions = {each.action for each in outcomes}
    with store.write() as session:
        remember(session, source.name, item, seen=now(), changed=actions != {Action.UNCHANGED})
    outcome, reason = _judged(actions, is_new=before is None or before.document is None)
    return ItemReport(
        url=item.url,
        outcome=outcome,
        reason=found.reason or reason,
        title=main.title,
        document=main.document,
        version=main.version,
    )


def _judged(actions: set[str], *, is_new: bool) -> tuple[Outcome, str | None]:
    """The outcome of an address by what ingest did with its documents."""
    if "stored" in actions:
        return (Outcome.CREATED, None) if is_new else (Outcome.UPDATED, "页面增加了文件")
    if "version_added" in actions:
        return Outcome.UPDATED, "正文有新版本"
    if "copy_added" in actions:
        return Outcome.UPDATED, "已有该文件，增加一份来源" if is_new else "正文未变，页面信息有变"
    return Outcome.UNCHANGED, None


def _failed(store: Store, source: Source, found: Found, reason: str | None) -> ItemReport:
    reason = reason or "原因不明"
    with store.write() as session:
        remember_failure(session, source.name, found.item.url, found.item.role, reason, seen=now())
    return _report(found, Outcome.FAILED, reason=reason)


def _report(
    found: Found,
    outcome: Outcome,
    *,
    reason: str | None = None,
    document: str | None = None,
    version: str | None = None,
) -> ItemReport:
    return ItemReport(
        url=found.item.url,
        outcome=outcome,
        reason=reason or found.reason,
        title=found.title,
        document=document,
        version=version,
    )


def _concluded(
    store: Store,
    source: Source,
    report: RunReport,
    gathered: Gathered,
    items: tuple[ItemReport, ...],
    known: Mapping[str, KnownItem],
    settings: HarvestSettings,
) -> RunReport:
    """The report with what is missing, unless the brake holds or the source was not seen to its end."""
    findings = list(gathered.findings)
    if not gathered.whole and not findings:
        findings.append(Finding(level=Level.ERROR, code="harvest.cut_short", message="采集中途停止，本次结果不完整"))
    expected = {url for url, item in known.items() if item.role is Role.DOCUMENT and item.document}
    missing = frozenset(expected - {item.url for item in items}) if gathered.whole else frozenset()
    held = brake(len(expected), len(missing), settings.brake_percent)
    if held:
        findings.append(held)
    elif missing:
        with store.write() as session:
            mark_missing(session, source.name, missing, at=now())
    failed = any(finding.level is Level.ERROR for finding in findings)
    return replace(
        report,
        state=RunState.FAILED if failed else RunState.DONE,
        items=items,
        missing=() if held else tuple(sorted(missing)),
        traffic=gathered.traffic,
        findings=tuple(findings),
    )


@contextmanager
def _alone(store: Store, source: str) -> Iterator[Path]:
    """The working folder of a source, held by this process alone; what a killed run left there is cleared."""
    folder = store.settings.home / "harvest" / source
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Conflict(why=f"来源 {source} 正在采集") from error
        for left in folder.iterdir():
            if left.is_dir():
                shutil.rmtree(left, ignore_errors=True)
        yield folder
