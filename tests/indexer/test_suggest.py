"""Names as they are typed: characters, pinyin, initials, numbers, agencies; kept fresh from the outbox."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from gazette.draft import SourceFile
from gazette.editing.workflow import withdraw
from gazette.record.ingest import ingest
from gazette.record.names import Named
from gazette.settings import RecordSettings
from gazette.store import Store
from indexer import Index
from indexer.names import NameBook
from indexer.suggest import MOST, Names, NameTable
from indexer.sync import rebuild, sync

TITLES = (
    "中华人民共和国食品安全法",
    "江城市食品安全管理规定",
    "重庆市绿色建筑条例",
    "臺灣地區食品安全衛生管理法",
    "中华人民共和国政府信息公开条例",
)


def named(number: int, title: str, **more: object) -> Named:
    known: dict[str, object] = {"titles": (title,), "numbers": (), "issuers": (), "ended": False}
    return Named(document=f"d{number}", **{**known, **more})  # type: ignore[arg-type]


@pytest.fixture
def book(record_settings: RecordSettings) -> Iterator[Names]:
    names = [named(number, title) for number, title in enumerate(TITLES)]
    names.append(named(9, "江城市教育局通知", numbers=("江教发〔2019〕3号",), issuers=("江城市教育局",)))
    names.append(named(10, "江城市老食品条例", ended=True))
    opened = Names(record_settings)
    opened.book.rebuild_from(names)
    yield opened
    opened.close()


def texts(table: NameTable, typed: str) -> list[str]:
    return [each.text for each in table.suggest(typed)]


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("食品安全", "中华人民共和国食品安全法"),
        ("中华人民共和国食", "中华人民共和国食品安全法"),
        ("《食品安全", "中华人民共和国食品安全法"),
        ("安全卫生", "臺灣地區食品安全衛生管理法"),
        ("衛生管理", "臺灣地區食品安全衛生管理法"),
        ("信息公开", "中华人民共和国政府信息公开条例"),
        ("spaqf", "中华人民共和国食品安全法"),
        ("shipinanquan", "中华人民共和国食品安全法"),
        ("zfxx", "中华人民共和国政府信息公开条例"),
        ("xxgk", "中华人民共和国政府信息公开条例"),
        ("chongqing", "重庆市绿色建筑条例"),
        ("lvse", "重庆市绿色建筑条例"),
        ("重庆市ls", "重庆市绿色建筑条例"),
        ("重庆市lvse", "重庆市绿色建筑条例"),
        ("江教发2019", "江教发〔2019〕3号"),
        ("江教发［２０１９］", "江教发〔2019〕3号"),
        ("江城市教育", "江城市教育局"),
    ],
)
def test_what_is_typed_suggests_the_name_that_was_meant(book: Names, typed: str, first: str) -> None:
    assert texts(book.table(), typed)[0] == first


def test_what_has_ended_is_suggested_last(book: Names) -> None:
    assert texts(book.table(), "食品")[-1] == "江城市老食品条例"


def test_a_number_says_what_it_names(book: Names) -> None:
    (found,) = book.table().suggest("江教发")
    assert found.to_json() == {"text": "江教发〔2019〕3号", "kind": "number", "about": "江城市教育局通知"}


@pytest.mark.parametrize("typed", ["", "，。", "\n", "%", "\x00", "没有这样的名称", "qqqq"])
def test_what_names_nothing_suggests_nothing(book: Names, typed: str) -> None:
    assert texts(book.table(), typed) == []


def test_suggestions_are_bounded_however_much_is_typed_or_found(record_settings: RecordSettings) -> None:
    names = Names(record_settings)
    names.book.rebuild_from(named(number, f"关于安全的第{number}号通知") for number in range(500))
    assert len(texts(names.table(), "安全")) == MOST
    assert texts(names.table(), "安全" * 10_000) == []
    names.close()


def test_the_book_follows_the_store(store: Store) -> None:
    def publish(name: str, text: str) -> str:
        source = SourceFile(name=name, data=text.encode(), media_type="text/plain")
        (outcome,) = ingest(store, source, publish=True, actor="test")
        assert outcome.document
        return outcome.document

    names = Names(store.settings)
    assert texts(names.table(), "节约用水") == []
    with Index.open(store.settings) as index:
        rebuild(store, index)
        assert texts(names.table(), "节约用水") == []
        body = "江政发〔2026〕9号\n第一条　为了节约用水，制定本办法。\n江城市人民政府\n2026年5月6日\n"
        water = publish("a.txt", f"江城市节约用水办法\n{body}")
        sync(store, index)
        assert texts(names.table(), "jyys") == ["江城市节约用水办法"]
        withdraw(store, water, reason="重复", actor="test")
        sync(store, index)
        assert texts(names.table(), "节约用水") == []
    names.close()


def test_a_damaged_book_suggests_nothing_and_is_made_anew(store: Store) -> None:
    names = Names(store.settings)
    book = NameBook(store.settings)
    book.rebuild_from([named(1, "江城市办法")])
    assert texts(names.table(), "江城") == ["江城市办法"]
    names.close()
    for each in book.file.parent.glob("names.db*"):
        each.write_bytes(b"no database at all" * 400)
    assert texts(names.table(), "江城") == []
    book.follow(store)
    assert texts(names.table(), "江城") == []
    book.rebuild_from([named(1, "江城市规定")])
    assert texts(names.table(), "江城") == ["江城市规定"]
    names.close()


def test_a_large_book_is_read_anew_beside_whoever_types(book: Names, monkeypatch: pytest.MonkeyPatch) -> None:
    assert texts(book.table(), "绿色")
    monkeypatch.setattr("indexer.suggest.AT_ONCE", 1)
    book.book.rebuild_from([named(1, "江城市新办法")])
    assert texts(book.table(), "绿色") == ["重庆市绿色建筑条例"]
    while not texts(book.table(), "新办法"):
        pass
    assert texts(book.table(), "绿色") == []
