"""`gongbao digitize` parses and stores nothing; `ingest` stores what was parsed; `redigitize` reads held bytes anew."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gazette.errors import Finding, GongbaoError, Level
from gazette.settings import RecordSettings
from portal.commands import emit_json, in_words, json_option, opened_store, with_pages
from portal.terminal import say, tell

if TYPE_CHECKING:
    from gazette.draft import Draft, SourceFile
    from gazette.issues.issue import IssueAddress
    from gazette.record.ingest import Ingested
    from gazette.store import Store

paths_argument = click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))


@click.command()
@paths_argument
@json_option
@click.option("--akn", is_flag=True, help="Print Akoma Ntoso XML.")
@click.pass_context
def digitize(ctx: click.Context, paths: tuple[Path, ...], as_json: bool, akn: bool) -> None:
    """把文件识别为结构化文本；只解析，不入库。

    PATHS 是文件、文件夹或归档（tar、zip）。
    """
    from gazette.digitization.digitize import digitize as read
    from gazette.digitization.digitize import iter_sources
    from gazette.digitization.refusals import Refusals

    if as_json and akn:
        raise click.UsageError("--json 与 --akn 只能选一个 (choose one of --json and --akn)")
    settings, refusals = RecordSettings.load(), Refusals()
    is_one_file = len(paths) == 1 and paths[0].is_file()
    failed = False

    def refused(name: str, error: GongbaoError) -> None:
        nonlocal failed
        failed = True
        _print_finding(name, error.to_finding())

    for source, progress in with_pages(iter_sources(paths, settings=settings, refused=refused), "识别"):
        try:
            digitized = read(source, settings=settings, progress=progress)
        except GongbaoError as error:
            if source.archive:
                refusals.add(source, [error.to_finding()])
            elif is_one_file:
                raise
            else:
                refused(source.name, error)
            continue
        for draft in digitized.drafts:
            if as_json:
                emit_json(draft.to_json())
            elif akn:
                from gazette.renditions.akn import draft_to_akn

                click.echo(draft_to_akn(draft).decode("utf-8"))
            else:
                _print_draft(draft)
            failed |= _has_error(draft.findings)
        failed |= _has_error(digitized.findings)
        for finding in digitized.findings:
            _print_finding(source.name, finding)
    for archive, finding in refusals.take():
        failed = True
        _print_finding(archive, finding)
    ctx.exit(1 if failed else 0)


@click.command()
@paths_argument
@click.option("--publish", is_flag=True, help="Publish what is stored, unless its own note forbids it.")
@click.option(
    "--issue", metavar="G/Y/N", help="File what is found in this issue, with columns and pages: gazette/year/number."
)
@click.option("--actor", default="cli", show_default=True, help="Who the audit trail names.")
@json_option
@click.pass_context
def ingest(
    ctx: click.Context, paths: tuple[Path, ...], publish: bool, issue: str | None, actor: str, as_json: bool
) -> None:
    """识别文件并入库；同一文件再次入库不产生变化。"""
    from gazette.digitization.digitize import iter_sources
    from gazette.issues.gazettes import check_open, parse_issue_address
    from gazette.record.ingest import alike_once, not_taken_in
    from gazette.record.ingest import ingest as store_source

    address = parse_issue_address(issue) if issue else None
    counts: dict[str, int] = {}
    failed = False

    def taken(ingested: Ingested) -> None:
        nonlocal failed
        counts[ingested.action] = counts.get(ingested.action, 0) + 1
        failed |= _has_error(ingested.findings)
        if as_json:
            emit_json(ingested.to_json())
        else:
            _print_ingested(ingested)

    def refused(name: str, error: GongbaoError) -> None:
        taken(not_taken_in(name, error.to_finding()))

    with opened_store() as store:
        if address:
            with store.read() as session:
                check_open(session, address)
        handed = with_pages(iter_sources(paths, settings=store.settings, refused=refused), "入库")
        if address is not None:
            is_wrong = _file_issue(store, address, handed, publish=publish, actor=actor, taken=taken)
            failed, handed = failed or is_wrong, iter(())
        outcomes = (
            (source, outcome)
            for source, progress in handed
            for outcome in store_source(store, source, publish=publish, actor=actor, progress=progress)
        )
        for ingested in alike_once(outcomes):
            taken(ingested)
    if not as_json:
        tell("；".join(f"{in_words(action)} {count}" for action, count in sorted(counts.items())) or "没有可入库的文件")
    ctx.exit(1 if failed else 0)


@click.command()
@click.argument("documents", nargs=-1, metavar="[CITATION]...")
@click.option("--all", "everything", is_flag=True, help="Every document whose text an older reader gave.")
@click.option("--reader-version", type=int, help="Texts of readers older than this one.  [default: the present one]")
@click.option("--apply", is_flag=True, help="Take up what was read anew in texts that wait for review.")
@click.option("--published", is_flag=True, help="With --apply: in published texts as well.")
@click.option("--actor", default="cli", show_default=True, help="Who the audit trail names.")
@json_option
@click.pass_context
def redigitize(
    ctx: click.Context,
    documents: tuple[str, ...],
    everything: bool,
    reader_version: int | None,
    apply: bool,
    published: bool,
    actor: str,
    as_json: bool,
) -> None:
    """用现在的识别程序重读馆藏原件，列出与现有文本的不同；不加 --apply 不改动任何内容。"""
    from gazette.citations.resolution import get_cited
    from gazette.digitization.readers import READER
    from gazette.editing.redigitization import adopt, list_outdated
    from gazette.editing.redigitization import redigitize as read_anew

    if bool(documents) == everything:
        raise click.UsageError("请指明文件，或用 --all (name documents, or --all)")
    failed = False
    with opened_store() as store:
        with store.read() as session:
            named = [get_cited(session, each)[0] for each in documents] or [None]
            # A document that is named is read whichever reader gave its text.
            below = (READER if everything else READER + 1) if reader_version is None else reader_version
            copies = [copy for each in named for copy in list_outdated(session, each, below=below)]
        for copy, progress in with_pages(copies, "再识别"):
            try:
                proposal = read_anew(store, copy, progress=progress)
                taken = (apply and (published or not proposal.is_published)) or not proposal.after
                act = adopt(store, proposal, actor=actor) if taken else None
            except GongbaoError as error:
                failed = True
                _print_finding(copy, error.to_finding())
                continue
            if as_json:
                emit_json({**proposal.to_json(), "adopted": act})
            elif proposal.after or proposal.kept:
                changed = f"有变化：{'、'.join(proposal.fields)}" if proposal.after else "无变化"
                kept = f"；编辑更正保留：{'、'.join(proposal.kept)}" if proposal.kept else ""
                done = f"；已采用（操作记录 {act}）" if act else ""
                click.echo(f"{proposal.document} 《{proposal.title}》 {changed}{kept}{done}")
    ctx.exit(1 if failed else 0)


def _file_issue(
    store: Store,
    address: IssueAddress,
    handed: Iterator[tuple[SourceFile, Callable[[int, int], None] | None]],
    *,
    publish: bool,
    actor: str,
    taken: Callable[[Ingested], None],
) -> bool:
    """File all files as one issue, as the desk does; whether a doubt about the issue is an error."""
    from gazette.issues.filing import file_issue

    hears: list[Callable[[int, int], None] | None] = [None]

    def sources() -> Iterator[SourceFile]:
        for source, progress in handed:
            hears[0] = progress
            yield source

    def progressed(done: int, total: int) -> None:
        if hears[0] is not None:
            hears[0](done, total)

    filed = file_issue(store, address, sources(), publish=publish, actor=actor, progress=progressed)
    for ingested in filed.outcomes:
        taken(ingested)
    for finding in filed.findings:
        _print_finding(str(address), finding)
    return _has_error(filed.findings)


def _has_error(findings: tuple[Finding, ...]) -> bool:
    return any(finding.level is Level.ERROR for finding in findings)


def _print_draft(draft: Draft) -> None:
    click.echo(f"《{draft.title or say('（未识别标题）')}》 {draft.doc_number or ''}")
    for finding in draft.findings:
        _print_finding(draft.source.name, finding)


def _print_ingested(ingested: Ingested) -> None:
    click.echo(f"{in_words(ingested.action)}　{ingested.document or '-':12} {ingested.title or ingested.source}")
    for finding in ingested.findings:
        _print_finding(str(ingested.source), finding)


def _print_finding(name: str, finding: Finding) -> None:
    click.echo(f"{name}: {finding.level.value} {finding.code}: {say(finding.message)}", err=True)
