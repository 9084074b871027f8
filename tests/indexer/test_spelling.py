"""Corrections come from the names that are held, and only where nothing is as typed."""

from __future__ import annotations

import pytest

from indexer.names import Name, NameKind
from indexer.pinyin import syllables
from indexer.records import title_keys
from indexer.spelling import correct
from indexer.suggest import NameTable

TITLES = (
    "中华人民共和国食品安全法",
    "江城市食品安全管理规定",
    "江城市食品安全事故应急预案",
    "中华人民共和国政府信息公开条例",
    "优化营商环境条例",
    "住房公积金管理条例",
)


@pytest.fixture(scope="module")
def table() -> NameTable:
    rows = [(key, title) for title in TITLES for key in title_keys(title)]
    return NameTable(
        tuple(
            Name(NameKind.TITLE, key, title, syllables(key), ended=False, documents=1, document=title)
            for key, title in rows
        )
    )


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("食品按全", "食品安全"),
        ("食品安全发", "食品安全法"),
        ("食安品全", "食品安全"),
        ("食品安法", "食品安全法"),
        ("食食品安全法", "食品安全法"),
        ("政府信息公升条例", "政府信息公开条例"),
        ("优化赢商环竟条例", "优化营商环境条例"),
        ("住房公基金管里条例", "住房公积金管理条例"),
        ("shipinanquan", "食品安全"),
        ("yingshanghuanjing", "营商环境"),
    ],
)
def test_a_slip_leads_to_the_piece_of_a_name_that_was_meant(table: NameTable, typed: str, meant: str) -> None:
    assert correct(table, typed) == meant


@pytest.mark.parametrize("typed", ["食品安全", "食品", "量子纠缠", "", "x", "abcdef", "食品" * 50, "《》", "2018"])
def test_what_is_right_or_near_nothing_is_left_alone(table: NameTable, typed: str) -> None:
    assert correct(table, typed) is None


def test_a_slip_is_found_behind_a_beginning_that_thousands_of_names_have() -> None:
    titles = [
        *(f"江城市人民政府关于公布第{number}批名单的通知" for number in range(1500)),
        "江城市人民政府关于夜间施工噪声的通知",
    ]
    table = NameTable(
        tuple(
            Name(NameKind.TITLE, title, title, syllables(title), ended=False, documents=1, document=title)
            for title in titles
        )
    )
    assert correct(table, "江城市人民政府关于夜间施工燥声的通知") == titles[-1]
    assert correct(table, "江城市人民政府关于夜坚施工燥声的通知") == titles[-1]
