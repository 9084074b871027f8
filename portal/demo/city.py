"""The demo city's gazette, brought in as an editor would: files ingested, issues assembled, typeset and published.

Running it again changes nothing: bytes held already are known, and a published issue stays as it is.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from pathlib import Path

from gazette.draft import SourceFile
from gazette.editing.workflow import publish
from gazette.errors import Finding
from gazette.issues.gazettes import (
    EntryDraft,
    IssueAddress,
    IssueState,
    add_gazette,
    add_issue,
    assemble,
    publish_issue,
)
from gazette.issues.typesetting import typeset_issue
from gazette.record.ingest import Action, Ingested, ingest
from gazette.store import Store
from gazette.versions.compilation import list_compiled

FOLDER = Path(str(files("portal.demo") / "city"))
ACTOR = "demo"
SOURCE = "demo-city"

GAZETTE = "jiangcheng"
NAME, NAME_EN = "江城市人民政府公报", "Gazette of the People's Government of Jiangcheng (demonstration)"
SPONSOR = "江城市人民政府办公室"
COLUMNS = ("市政府令", "市政府文件", "市政府办公室文件", "部门文件", "人事任免", "政策解读", "更正")

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryFile:
    """One file of an issue, in printing order."""

    file: Path
    column: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueFolder:
    """One issue as `issue.toml` describes it."""

    folder: Path
    address: IssueAddress
    running_number: int
    cover_date: date
    entries: tuple[EntryFile, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CityReport:
    """What loading did. `findings` are (file, finding): the scan, where no text recognition is installed."""

    issues: int
    files: int
    stored: int
    findings: tuple[tuple[str, Finding], ...]

    @property
    def unread(self) -> int:
        """Files in which no document was found."""
        return len({source for source, _ in self.findings})


def read_issues() -> tuple[IssueFolder, ...]:
    """The issue folders, oldest first."""
    return tuple(_read_issue(file.parent) for file in sorted(FOLDER.glob("*/issue.toml")))


def load(store: Store, *, progress: Progress = lambda line: None) -> CityReport:
    """Bring the whole gazette in, issue by issue, so that later documents act upon earlier ones."""
    add_gazette(store, GAZETTE, NAME, actor=ACTOR, name_en=NAME_EN, sponsor=SPONSOR, columns=COLUMNS)
    outcomes: list[Ingested] = []
    folders = read_issues()
    for folder in folders:
        progress(f"《{NAME}》{folder.address.year}年第{folder.address.number}号：{len(folder.entries)} 个文件")
        outcomes += _load_issue(store, folder)
    _publish_compiled(store)
    return CityReport(
        issues=len(folders),
        files=sum(len(folder.entries) for folder in folders),
        stored=sum(outcome.action in (Action.STORED, Action.VERSION_ADDED) for outcome in outcomes),
        findings=tuple(
            (outcome.source, finding)
            for outcome in outcomes
            if outcome.action is Action.FAILED
            for finding in outcome.findings
        ),
    )


def _publish_compiled(store: Store) -> None:
    """Publish the amended texts that were proposed and of which the gazette printed no official one."""
    with store.read() as session:
        waiting = list_compiled(session)
    for document in waiting:
        publish(store, document, actor=ACTOR)


def _load_issue(store: Store, folder: IssueFolder) -> Iterator[Ingested]:
    contents: list[EntryDraft] = []
    for entry in folder.entries:
        for outcome in _take_in(store, folder, entry):
            yield outcome
            if outcome.document:
                contents.append(EntryDraft(document=outcome.document, version=outcome.version, column=entry.column))
    issue = add_issue(
        store,
        folder.address,
        actor=ACTOR,
        cover_date=folder.cover_date,
        running_number=folder.running_number,
    )
    if issue.state is IssueState.DRAFT:
        assemble(store, folder.address, contents, actor=ACTOR)
        typeset_issue(store, folder.address, actor=ACTOR)
        publish_issue(store, folder.address, actor=ACTOR)


def _take_in(store: Store, folder: IssueFolder, entry: EntryFile) -> tuple[Ingested, ...]:
    source = SourceFile(name=f"{folder.folder.name}/{entry.file.name}", data=entry.file.read_bytes())
    return ingest(store, source, publish=True, actor=ACTOR, source_name=SOURCE)


def _read_issue(folder: Path) -> IssueFolder:
    table = tomllib.loads((folder / "issue.toml").read_text("utf-8"))
    return IssueFolder(
        folder=folder,
        address=IssueAddress(gazette=table["gazette"], year=table["year"], number=table["number"]),
        running_number=table["running_number"],
        cover_date=table["cover_date"],
        entries=tuple(EntryFile(file=folder / entry["file"], column=entry["column"]) for entry in table["entries"]),
    )
