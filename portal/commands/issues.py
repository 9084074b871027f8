"""`gongbao issue list|show|assemble|typeset|publish|verify`."""

from __future__ import annotations

from pathlib import Path

import click

from portal.commands import emit_json, in_words, json_option, opened_store
from portal.terminal import say, tell

address_argument = click.argument("address", metavar="GAZETTE/YEAR/NUMBER")
actor_option = click.option("--actor", default="cli", show_default=True, help="Who the audit trail names.")


@click.group()
def issue() -> None:
    """公报期次：编排、排版、发布、核验。"""


@issue.command("list")
@click.argument("gazette", required=False)
@json_option
def list_(gazette: str | None, as_json: bool) -> None:
    """列出各期。"""
    from gazette.issues.gazettes import list_issues

    with opened_store() as store, store.read() as session:
        for each in list_issues(session, gazette):
            emit_json(each.to_json()) if as_json else click.echo(
                f"{each.address!s:24} {each.cover_date or '—'!s:10} {in_words(each.state):10} {len(each.entries)}"
            )


@issue.command()
@address_argument
@json_option
def show(address: str, as_json: bool) -> None:
    """显示一期的目录。"""
    from gazette.issues.gazettes import get_issue, parse_issue_address

    with opened_store() as store, store.read() as session:
        found = get_issue(session, parse_issue_address(address))
    if as_json:
        emit_json(found.to_json())
        return
    tell(f"{found.gazette_name} {found.year}年第{found.number}号（{in_words(found.state)}）")
    for entry in found.entries:
        click.echo(f"  {entry.column or '':12} {entry.title} …… {entry.page_from or '—'}")


@issue.command()
@address_argument
@click.argument("documents", nargs=-1, required=True)
@click.option("--column", help="The column (栏目) these documents stand in.")
@click.option("--cover-date", type=click.DateTime(["%Y-%m-%d"]), help="The day on the cover.")
@actor_option
@json_option
def assemble(
    address: str, documents: tuple[str, ...], column: str | None, cover_date: object, actor: str, as_json: bool
) -> None:
    """把文件编入一期（没有这一期就新建）。DOCUMENTS 是文件标识、文号或标题。"""
    from gazette.citations.resolution import get_cited
    from gazette.issues.gazettes import add_to_issue, get_issue, parse_issue_address

    where = parse_issue_address(address)
    day = cover_date.date() if cover_date else None  # type: ignore[attr-defined]
    with opened_store() as store:
        with store.read() as session:
            ids = [get_cited(session, text)[0] for text in documents]
        for document in ids:
            add_to_issue(store, where, document, column=column, cover_date=day, actor=actor)
        with store.read() as session:
            found = get_issue(session, where)
    emit_json(found.to_json()) if as_json else tell(f"{address}：共 {len(found.entries)} 件")


@issue.command()
@address_argument
@click.option("--to", type=click.Path(dir_okay=False, path_type=Path), help="Also write the PDF here.")
@actor_option
@json_option
def typeset(address: str, to: Path | None, actor: str, as_json: bool) -> None:
    """排出整期 PDF（清样）并记下每件的页码。"""
    from gazette.issues.gazettes import parse_issue_address
    from gazette.issues.typesetting import typeset_issue

    with opened_store() as store:
        done = typeset_issue(store, parse_issue_address(address), actor=actor)
        if to:
            to.write_bytes(store.blobs.get(done.sha256))
    emit_json(done.to_json()) if as_json else tell(f"{address}：{done.pages} 页，sha256 {done.sha256}")


@issue.command()
@address_argument
@actor_option
@json_option
def publish(address: str, actor: str, as_json: bool) -> None:
    """发布一期：编入的文件一并公开，并记入公开账本。"""
    from gazette.issues.gazettes import parse_issue_address, publish_issue

    with opened_store() as store:
        published = publish_issue(store, parse_issue_address(address), actor=actor)
    emit_json(published.to_json()) if as_json else tell(f"已发布 {address}，{len(published.entries)} 件")


@issue.command()
@address_argument
@json_option
@click.pass_context
def verify(ctx: click.Context, address: str, as_json: bool) -> None:
    """核验一期：整期文件、各件文本与公开账本是否一致。"""
    from gazette.issues.commitment import verify_issue
    from gazette.issues.gazettes import parse_issue_address

    with opened_store() as store:
        result = verify_issue(store, parse_issue_address(address))
    if as_json:
        emit_json(result.to_json())
    else:
        tell(f"{address}：{'一致' if result.ok else '不一致'}")
        for finding in result.findings:
            click.echo(f"  {say(finding.message)}", err=True)
    ctx.exit(0 if result.ok else 1)
