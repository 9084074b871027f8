"""A process killed at any instant of an ingest loses nothing and duplicates nothing when run again."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, func, select

from gazette.audit import AuditRow
from gazette.blobs import Blobs
from gazette.draft import SourceFile
from gazette.ledger import verify
from gazette.outbox import OutboxRow
from gazette.record import ingest as ingesting
from gazette.record.documents import CopyRow, DocumentRow, VersionRow
from gazette.record.ingest import ingest
from gazette.record.reading import iter_documents
from gazette.settings import RecordSettings
from gazette.store import Store
from gazette.validity.events import EventRow
from portal.database import open_store
from tests.gazette.builders import a_draft, take_in

DRAFTS = [
    a_draft("公园条例", acts=[("adopted", "2010-01-01")], text=("本条例自2010年2月1日起施行。",), place="1"),
    a_draft("中华人民共和国公园条例", acts=[("adopted", "2010-01-01")], text=("甲。",), place="2"),
    a_draft("公园条例", acts=[("amended", "2020-01-01")], text=("本条例自2020年2月1日起施行。",), place="3"),
    a_draft("绿地条例", published="2021-01-01", text=("自2021年5月1日起施行。《公园条例》同时废止。",), place="4"),
    a_draft("关于落实《绿地条例》的通知", number="江政发〔2021〕9号", signed="2021-06-01", place="5"),
]


def summary(store: Store) -> dict[str, Any]:
    """What the record holds, without ids and times."""
    with store.read() as session:
        documents = {
            record.title: (
                record.standing.status,
                sorted((str(version.version_date), len(version.copies)) for version in record.versions),
                sorted((event.kind, str(event.date), event.quote) for event in record.events),
            )
            for record in iter_documents(session)
        }
        rows = {
            row.__tablename__: session.scalar(select(func.count()).select_from(row))
            for row in (AuditRow, DocumentRow, VersionRow, CopyRow, EventRow, OutboxRow)
        }
        assert verify(session).intact
    return {"documents": documents, "rows": rows}


def _crash_at(step: int) -> None:
    """From now on, the process dies at its `step`-th step, a step being a statement, a commit or a blob."""
    left = [step]

    def count(*_: Any) -> None:
        left[0] -= 1
        if left[0] < 0:
            os._exit(9)

    def counted(function: Callable[..., Any]) -> Callable[..., Any]:
        def wrapper(*arguments: Any) -> Any:
            count()
            result = function(*arguments)
            count()
            return result

        return wrapper

    Blobs.put = counted(Blobs.put)  # type: ignore[method-assign]
    ingesting.publish_version = _keywords(ingesting.publish_version, count)  # type: ignore[assignment]
    from sqlalchemy.engine import Engine

    for name in ("before_cursor_execute", "after_cursor_execute", "commit"):
        event.listen(Engine, name, count)


def _keywords(function: Callable[..., Any], count: Callable[[], None]) -> Callable[..., Any]:
    def wrapper(*arguments: Any, **keywords: Any) -> Any:
        count()
        return function(*arguments, **keywords)

    return wrapper


def _ingest_dying(settings: RecordSettings, step: int) -> bool:
    """Ingest everything in a child that dies at `step`; says whether it lived to the end."""
    child = os.fork()
    if child == 0:
        store = Store(settings)
        _crash_at(step)
        for draft in DRAFTS:
            take_in(store, draft)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


@pytest.mark.parametrize("seed", range(3))
def test_an_ingest_killed_at_any_step_and_run_again_ends_like_one_that_was_not(
    store: Store, tmp_path: Path, seed: int
) -> None:
    whole = open_store(RecordSettings(home=tmp_path / "whole"))
    for draft in DRAFTS:
        take_in(whole, draft)
    expected = summary(whole)
    whole.close()
    store.close()
    steps = random.Random(seed)
    for _ in range(12):
        _ingest_dying(store.settings, steps.randrange(260))
    assert _ingest_dying(store.settings, 10**9)
    assert summary(store) == expected


_TEXT = (
    "江城市关于第{0}件事的通知\n江政发〔2020〕1{0}号\n各单位：\n请按要求办理第{0}件事。\n江城市人民政府\n2020年1月2日"
)
_SCRIPT = """
import sys
from pathlib import Path
from gazette.draft import SourceFile
from gazette.record.ingest import ingest
from gazette.settings import RecordSettings
from gazette.store import Store
store = Store(RecordSettings(home=Path(sys.argv[1])))
print("ready", flush=True)
for number in range(200):
    text = sys.argv[2].format(number)
    ingest(store, SourceFile(name=f"{number}.txt", data=text.encode()), publish=True, actor="脚本")
    print(number, flush=True)
"""


def test_a_process_killed_from_outside_is_taken_up_where_it_stopped(store: Store) -> None:
    store.close()
    root = Path(__file__).resolve().parents[3]
    command = [sys.executable, "-c", _SCRIPT, str(store.settings.home), _TEXT]
    with subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        done = -1
        for line in process.stdout:
            if line.strip() == "8":
                process.send_signal(signal.SIGKILL)
            done = int(line) if line.strip().isdigit() else done
        process.wait(timeout=30)
    assert process.returncode == -signal.SIGKILL
    with store.read() as session:
        held = session.scalar(select(func.count()).select_from(DocumentRow)) or 0
        assert held in (done + 1, done + 2)
        assert session.scalar(select(func.count()).select_from(CopyRow)) == held
        assert verify(session).entries == held
    (again,) = ingest(store, SourceFile(name="3.txt", data=_TEXT.format(3).encode()), publish=True, actor="脚本")
    assert again.action == "unchanged"
