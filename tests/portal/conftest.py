"""A portal over an empty store, and one over a small library that is made once and only read."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient
from werkzeug.serving import make_server

from datasets.catalogue import add_dataset
from datasets.catalogue import publish as publish_dataset
from datasets.dataset import DatasetMeta
from gazette.draft import SourceFile
from gazette.issues.gazettes import EntryDraft, IssueAddress, add_gazette, add_issue, assemble, publish_issue
from gazette.issues.typesetting import typeset_issue
from gazette.record.ingest import ingest
from gazette.settings import RecordSettings
from gazette.store import Store
from indexer.search import Index
from indexer.sync import rebuild
from portal.accounts import HASHING
from portal.app import create_app
from portal.database import open_store
from portal.settings import PortalSettings

#: What the library holds, by a short name of each document.
TEXTS = {
    "old": """江城市食品安全管理办法
江政发〔2010〕5号
第一条　为了加强食品安全管理，制定本办法。
第二条　本办法自2010年9月1日起施行。
江城市人民政府
2010年7月30日
""",
    "new": """江城市食品安全管理规定
江政发〔2018〕8号
各区人民政府：
第一章　总则
第一条　为了加强食品安全管理，保障公众身体健康，制定本规定。
第二条　市场监督管理部门负责食品安全监督管理工作。
第二章　附则
第三条　本规定自2018年9月1日起施行。《江城市食品安全管理办法》（江政发〔2010〕5号）同时废止。
江城市人民政府
2018年7月30日
""",
    "notice": """江城市教育局关于做好校园食品安全工作的通知
江教发〔2019〕3号
各学校：
根据《江城市食品安全管理规定》（江政发〔2018〕8号），现就有关事项通知如下。
一、落实责任
各学校应当落实食品安全校长负责制。
江城市教育局
2019年3月1日
""",
    "pending": """江城市节约用水办法
江政发〔2026〕9号
第一条　为了节约用水，制定本办法。
第二条　本办法自2099年1月1日起施行。
江城市人民政府
2026年5月6日
""",
}
TABLE = "停车场编号,名称,泊位数\n001,中心广场,120\n002,火车站,86\n003,体育馆,240\n"


@dataclass(frozen=True, slots=True)
class Library:
    """The home of a filled store, and the ids of its documents by short name."""

    home: Path
    ids: Mapping[str, str]


@pytest.fixture(scope="session", autouse=True)
def _quick_passwords() -> Iterator[None]:
    """Argon2 as small as it goes: its full cost is a fifth of a second for each account and each signing in."""
    small = {"argon2__memory_cost": 64, "argon2__rounds": 1, "argon2__parallelism": 1}
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(HASHING, "SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS", small)
        yield


@pytest.fixture
def app(store: Store, record_settings: RecordSettings) -> Iterator[APIFlask]:
    yield from opened(record_settings)


@pytest.fixture
def client(app: APIFlask) -> FlaskClient:
    return app.test_client()


@pytest.fixture(scope="session")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    home = tmp_path_factory.mktemp("library")
    store = open_store(RecordSettings(home=home))
    ids = {}
    for name, text in TEXTS.items():
        source = SourceFile(name=f"{name}.txt", data=text.encode(), media_type="text/plain")
        (outcome,) = ingest(store, source, publish=True, actor="test")
        assert outcome.document, outcome
        ids[name] = outcome.document
    _print_issue(store, ids)
    _add_table(store, tmp_path_factory.mktemp("table") / "parking.csv")
    with Index.open(store.settings) as index:
        rebuild(store, index)
    store.close()
    return Library(home=home, ids=ids)


@pytest.fixture(scope="session")
def library_app(library: Library) -> Iterator[APIFlask]:
    yield from opened(RecordSettings(home=library.home))


@pytest.fixture
def reader(library_app: APIFlask) -> FlaskClient:
    """A visitor of the filled portal."""
    return library_app.test_client()


@pytest.fixture(scope="session")
def address(library_app: APIFlask) -> Iterator[str]:
    """The filled portal behind a real server on loopback."""
    with served(library_app) as address:
        yield address


@contextmanager
def served(app: APIFlask) -> Iterator[str]:
    """The address of a real server on loopback that answers for `app`."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def opened(record: RecordSettings, **more: object) -> Iterator[APIFlask]:
    app = create_app(PortalSettings(secret_key="for tests only", page_size=2, **more), record)
    yield app
    rooms = app.extensions["gongbao"]
    rooms.index.close()
    rooms.store.close()


def _print_issue(store: Store, ids: Mapping[str, str]) -> None:
    """Issues 1 and 3 of 2018; number 2 is missing."""
    add_gazette(
        store, "jiangcheng", "江城市人民政府公报", sponsor="江城市人民政府", columns=("市政府文件",), actor="test"
    )
    for number, name in ((1, "old"), (3, "new")):
        place = IssueAddress(gazette="jiangcheng", year=2018, number=number)
        add_issue(store, place, actor="test", cover_date=date(2018, 8, number))
        assemble(store, place, [EntryDraft(document=ids[name], column="市政府文件")], actor="test")
        typeset_issue(store, place, actor="test")
        publish_issue(store, place, actor="test")


def _add_table(store: Store, file: Path) -> None:
    file.write_text(TABLE, "utf-8")
    meta = DatasetMeta(name="parking", title="公共停车场", description="公共停车场及泊位", provider="江城市交通运输局")
    add_dataset(store, meta, [file], actor="test")
    publish_dataset(store, "parking", actor="test")
