from datetime import date

import pytest

from gazette.draft import EffectKind
from gazette.validity.effects import find_effects

SIGNED = date(2005, 1, 3)


def acts(title):
    return [(each.kind.value, each.target.title) for each in find_effects((), title=title, signed=SIGNED)]


@pytest.mark.parametrize(
    ("title", "repealed"),
    [
        ("財政部令：廢止「進口貨物甲作業要點」", ["進口貨物甲作業要點"]),
        ("農業委員會令：廢止「甲管理要點」及「乙管理要點」，並自即日生效", ["甲管理要點", "乙管理要點"]),
        ("教育部令：訂定「丙作業要點」，並同時廢止「丁作業要點」", ["丁作業要點"]),
        ("內政部令：廢止81年7月29日訂定發布之「戊辦事細則」", ["戊辦事細則"]),
        ("財政部令：廢止依「己稅法」第22條授權訂定之「庚分配辦法」", ["庚分配辦法"]),
        ("行政院公告：「辛編製辦法」施行期間已於104年2月4日屆滿，當然廢止", ["辛編製辦法"]),
        ("農業委員會令：「壬實施要點」，自即日廢止", ["壬實施要點"]),
        ("經濟部公告：預告廢止「癸貸款辦法」", []),
        ("內政部令：廢止本部100年11月9日台內地字第1000207767號有關「甲條例」第13條之解釋令", []),
        ("衛生署函：註銷本署98年12月11日健保字第0980093753號廢止「乙細則」之發布令", []),
        ("中央銀行令：訂定「丙準則」，並廢止64年1月18日訂定之「丙準則」、「丁辦法」", ["丁辦法"]),
        ("財政部令：廢止「甲要點」及「乙要點」等2種行政規則，並自97年1月1日生效", ["甲要點", "乙要點"]),
        ("國防部令：修正「甲要點」，名稱並修正為「乙要點」；「丙要點」停止適用", ["丙要點"]),
        ("考試院令：廢止「甲細則」第5條條文", []),
        ("環境保護署令：修正「證明核發撤銷及廢止辦法」第15條條文", []),
    ],
)
def test_an_order_ends_the_texts_its_verb_is_said_of(title, repealed):
    assert [name for kind, name in acts(title) if kind == "repeals"] == repealed


def test_an_order_that_ends_an_article_leaves_the_rest():
    (effect,) = find_effects((), title="考試院令：廢止「甲細則」第5條條文", signed=SIGNED)
    assert (effect.kind, effect.scope) == (EffectKind.REPEALS_PARTIALLY, "第5條條文")


def test_an_order_prints_its_day_in_years_of_the_republic():
    (effect,) = find_effects((), title="財政部令：廢止「甲作業要點」，自94年2月1日生效", signed=SIGNED)
    assert (effect.kind, effect.date, effect.date_rule) == (EffectKind.REPEALS, date(2005, 2, 1), None)


def test_an_order_that_amends_says_so():
    assert acts("交通部令：修正「甲規則」部分條文") == [("amends", "甲規則")]
