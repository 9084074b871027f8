"""Figures of standing: the laws of the shared corpus taken into a record, and asked whether they still stood.

Only what the record can know is asked: evidence that lies in a text of the archive, not a flag of its makers.
"""

from __future__ import annotations

import json
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from gazette.digitization.digitize import digitize_here
from gazette.draft import SourceFile
from gazette.record.ingest import ingest_digitized
from gazette.settings import RecordSettings
from gazette.store import Store, now
from gazette.validity.events import EventKind, EventState, list_events
from gazette.validity.intervals import version_dates
from gazette.validity.status import Status, derive_standing
from portal.database import open_store
from tests.score.row import Measure, Row

Truth = dict[str, Any]
#: Where a file of the archive went: document and version.
Held = dict[str, tuple[str, str]]

SNAPSHOT = date(2025, 4, 19)
#: After every day that the texts of the snapshot name as an end.
_LATER = date(2035, 1, 1)
_ENDED = {Status.REPEALED, Status.LAPSED, Status.AMENDED}
_ENDING = {EventKind.REPEALED, EventKind.LAPSED, EventKind.PARTLY_REPEALED}


def standing_rows(corpus: Path) -> list[Row]:
    truths = _read(corpus, "derived_status.jsonl")
    links = _read(corpus, "repeal_links.jsonl")
    with tempfile.TemporaryDirectory() as home, closing(open_store(RecordSettings(home=Path(home)))) as store:
        held = _take_in(store, corpus)
        with store.read() as session:
            return [*_standing_rows(session, truths, held), _link_row(session, links, held)]


def _read(corpus: Path, name: str) -> list[Truth]:
    return [json.loads(line) for line in (corpus / "validity" / name).read_text("utf-8").splitlines()]


def _take_in(store: Store, corpus: Path) -> Held:
    held: Held = {}
    with tarfile.open(corpus / "law_markdown.tar.gz") as archive:
        for member in archive:
            file = archive.extractfile(member) if member.isfile() else None
            if file is None:
                continue
            path, data = member.name.removeprefix("./").removeprefix("law_markdown/"), file.read()
            digitized = digitize_here(SourceFile(name=path, data=data))
            for outcome in ingest_digitized(store, digitized, data, publish=True, actor="score")[:1]:
                if outcome.document and outcome.version:
                    held[path] = outcome.document, outcome.version
    return held


def _standing_rows(session: Session, truths: list[Truth], held: Held) -> Iterator[Row]:
    def on(day: date, truth: Truth) -> Status:
        document, version = held[truth["path"]]
        dates, events = version_dates(session, document), list_events(session, document)
        return derive_standing(dates, events, version=version, as_of=day, known_at=now()).status

    checks: dict[str, Callable[[Truth], bool]] = {
        "ended": lambda truth: on(SNAPSHOT, truth) in _ENDED,
        "ends_later": lambda truth: on(SNAPSHOT, truth) not in _ENDED and on(_LATER, truth) in _ENDED,
        "uncertain": lambda truth: on(SNAPSHOT, truth) is not Status.IN_FORCE,
    }
    for name, check in checks.items():
        asked = [row for row in truths if row["derived_status_asof_2025_04_19"] == name and _can_know(row, held)]
        yield _row(f"derived_status: {name}", [check(row) for row in asked])


def _can_know(truth: Truth, held: Held) -> bool:
    """Whether a text that is held gives the evidence; one version under two names is no successor of itself."""
    mine = held.get(truth["path"])
    return mine is not None and any(held.get(each.get("by"), mine) != mine for each in truth["evidence"])


def _link_row(session: Session, links: list[Truth], held: Held) -> Row:
    asked = [link for link in links if link["repealing"] in held and link["target"] in held]
    return _row("repeal_links: link found", [_is_linked(session, link, held) for link in asked])


def _is_linked(session: Session, link: Truth, held: Held) -> bool:
    """Whether the record knows that one text ended the other, or holds both as versions of one document."""
    target, act = held[link["target"]][0], held[link["repealing"]][0]
    return target == act or any(
        event.act_document == act and event.kind in _ENDING and event.state is EventState.ACCEPTED
        for event in list_events(session, target)
    )


def _row(metric: str, verdicts: list[bool]) -> Row:
    figure = sum(verdicts) / max(len(verdicts), 1)
    return Row(set="validity", metric=metric, n=len(verdicts), figure=figure, target=">= 0.97")


_NEEDS = ("law_markdown.tar.gz", "validity/derived_status.jsonl", "validity/repeal_links.jsonl")
MEASURES = (Measure(needs=_NEEDS, rows=standing_rows),)
