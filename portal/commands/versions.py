"""`gongbao version consolidate|compare|clause`: a decision applied to a text, two texts compared, a clause traced."""

from __future__ import annotations

from pathlib import Path

import click

from gazette.draft import Draft, SourceFile
from gazette.errors import BadInput, Finding, Level
from gazette.settings import RecordSettings
from gazette.store import today
from gazette.versions.clause_lookup import Part
from portal.commands import emit_json, in_words, iter_inputs, json_option, opened_store
from portal.terminal import say

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_MARKS = {"deleted": "[-{}-]", "inserted": "[+{}+]", "kept": "{}"}


@click.group()
def version() -> None:
    """版本：整理、对照、查出处。"""


@version.command()
@click.argument("base", type=_FILE)
@click.argument("decision", type=_FILE)
@json_option
@click.pass_context
def consolidate(ctx: click.Context, base: Path, decision: Path, as_json: bool) -> None:
    """把修改决定 DECISION 适用于原文 BASE（均为文件），输出修改后的文本；不入库。"""
    from gazette.record.likeness import title_key
    from gazette.versions.amendments import read_decision
    from gazette.versions.consolidation import consolidate as apply

    before, act = _draft(base), _draft(decision)
    read = read_decision(act.body, title=act.title)
    named = [each for each in read.amendments if each.title and title_key(each.title) == title_key(before.title or "")]
    chosen = named or [each for each in read.amendments if len(read.amendments) == 1]
    if not chosen:
        raise BadInput(why=f"决定没有写明修改《{before.title}》")
    done = apply(before.body, chosen[0].operations)
    findings = (*read.findings, *done.findings)
    if as_json:
        emit_json(
            {
                "title": done.title or before.title,
                "applied": done.applied,
                "operations": [each.to_json() for each in chosen[0].operations],
                "body": [node.to_json() for node in done.body],
                "findings": [finding.to_json() for finding in findings],
            }
        )
    else:
        click.echo("\n".join(node.full_text() for node in done.body))
        _tell(findings)
    ctx.exit(1 if any(finding.level is not Level.INFO for finding in findings) else 0)


@version.command()
@click.argument("old", type=_FILE)
@click.argument("new", type=_FILE)
@json_option
def compare(old: Path, new: Path, as_json: bool) -> None:
    """逐条对照两个文件中的文本。"""
    from gazette.versions.comparison import compare as side_by_side

    comparison = side_by_side(_draft(old).body, _draft(new).body)
    if as_json:
        emit_json(comparison.to_json())
        return
    for row in comparison.changed():
        numbers = [side.num or "" for side in (row.old, row.new) if side]
        click.echo(f"{row.change.value} {' → '.join(dict.fromkeys(numbers))}")
        for pieces in (row.before, row.after) if row.change.value == "changed" else ():
            click.echo("  " + "".join(_MARKS[piece.mark].format(piece.text) for piece in pieces))


@version.command()
@click.argument("text")
@json_option
@click.pass_context
def clause(ctx: click.Context, text: str, as_json: bool) -> None:
    """查一段条文出自哪个文件、哪一条、哪些版本。TEXT 可写 -，从标准输入每行读一条。"""
    from indexer import Index
    from portal.clauses import find_clause

    missed = False
    with opened_store() as store, Index.open(store.settings) as index, store.read() as session:
        for line in iter_inputs(text):
            traced = find_clause(session, index, line, today())
            for part in traced.parts or (Part(text=line, found=traced.found),):
                missed |= not part.found
                _print_part(part, line if text == "-" else None, as_json, is_part=bool(traced.parts))
    ctx.exit(1 if missed else 0)


def _print_part(part: Part, asked: str | None, as_json: bool, *, is_part: bool) -> None:
    """Where one clause comes from; `asked` is the line of standard input it was."""
    said = ({"input": asked} if asked is not None else {}) | ({"part": part.text} if is_part else {})
    for each in part.found:
        if as_json:
            emit_json(each.to_json() | said)
        else:
            how, day = say("一致" if each.exact else "相近"), each.version_date or "—"
            click.echo(f"{how} 《{each.title}》{each.num or ''}（{day}）{in_words(each.status)}")
    if not part.found and as_json and said:
        emit_json({**said, "match": "none"})


def _draft(path: Path) -> Draft:
    """The document in a file. Raises BadInput for a file without one."""
    from gazette.digitization.digitize import digitize

    settings = RecordSettings.load()
    drafts = digitize(SourceFile(name=path.name, data=path.read_bytes()), settings=settings).drafts
    if not drafts:
        raise BadInput(why=f"{path.name} 中没有识别出文件。")
    return drafts[0]


def _tell(findings: tuple[Finding, ...]) -> None:
    for finding in findings:
        click.echo(f"{finding.level.value}: {say(finding.message)}", err=True)
