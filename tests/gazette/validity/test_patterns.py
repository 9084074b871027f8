"""The sentence patterns that change validity, as closing articles, decisions and 清理 notices print them."""

import tomllib
from datetime import date
from pathlib import Path

import pytest

from gazette.draft import BodyType, Node
from gazette.validity.effects import find_effects

CHANGES = [
    ("本条例自2020年1月1日起施行。", {"commences"}),
    ("本法自2020年1月1日起施行。", {"commences"}),
    ("本解释自2020年1月1日起施行。", {"commences"}),
    ("本办法自颁布之日起实施。", {"commences"}),
    ("本规定自印发之日起执行。", {"commences"}),
    ("本修正案自公布之日起施行。", {"commences"}),
    ("本细则自公布之日起30日后施行。", {"commences"}),
    ("《甲办法》同时废止。", {"repeals"}),
    ("1990年5月1日国务院发布的《甲办法》同时废止。", {"repeals"}),
    ("1990年市人大常委会第五次会议通过、1991年省人大常委会批准的《甲条例》同时废止。", {"repeals"}),
    ("本条例自2020年1月1日起施行，《甲条例》同时废止。", {"commences", "repeals"}),
    ("《甲办法》（国家工商行政管理局令第26号）同时废止。", {"repeals"}),
    ("《甲办法》自本办法施行之日起即行废止。", {"repeals"}),
    ("自本规定施行之日起，《甲规定》即行废止。", {"repeals"}),
    ("本条例颁布施行后，《甲条例》即行废止。", {"repeals"}),
    ("《甲规定》停止执行。", {"repeals"}),
    ("《甲规定》自本解释公布之日起不再执行。", {"repeals"}),
    ("《甲条例》中关于反倾销的规定同时废止。", {"repeals_partially"}),
    ("《甲条例》中有关总会计师的规定同时废止。", {"repeals_partially"}),
    ("《甲解释》第一条第一款第（一）项不再适用。", {"repeals_partially"}),
    ("凡与本法抵触的，同时失效。", {"overrides"}),
    ("本院以前发布的司法解释与本解释不一致的，以本解释为准。", {"overrides"}),
    ("《甲规定》与本解释不一致的，以本解释为准。", {"overrides"}),
    ("本文件自2025年05月01日起施行，有效期至2027年04月30日。", {"commences", "expires"}),
    ("本办法自印发之日起施行，有效期5年。", {"commences", "expires"}),
    ("本通知自2020年1月1日起施行，试行期2年。", {"commences", "expires"}),
    ("本办法自2020年1月1日起施行，有效期至2024年12月31日，《甲办法》同时废止。", {"commences", "expires", "repeals"}),
    ("宣布废止《甲通知》（岳城管发〔2020〕15号）。", {"repeals"}),
    ("《甲通知》宣布失效。", {"lapses"}),
    ("对《甲条例》作如下修改：", {"amends"}),
    ("将《甲条例》第三条修改为：“新条文。”", {"amends"}),
    ("《甲条例》根据本决定作相应修改，重新公布。", {"amends"}),
    ("在试验区暂时调整或者暂时停止适用《甲条例》的部分规定。", {"suspends"}),
    ("《甲办法》有效期延长至2027年4月30日。", {"renews"}),
    ("经评估，《甲办法》继续有效。", {"attests"}),
    ("国办发〔2009〕12号文件同时废止。", {"repeals"}),
    ("原《甲办法》及《乙细则》一并废止。", {"repeals"}),
    ("现决定废止2005年3月1日公布的《甲规定》。", {"repeals"}),
    ("《甲办法》（江府发〔2009〕3号）、《乙办法》（江府发〔2010〕4号）自2020年1月1日起废止。", {"repeals"}),
    ("《甲办法》已于2019年8月1日起施行，《乙办法》同时废止。", {"repeals"}),
]

NOTHING = [
    "合同自依法成立之日起生效。",
    "判决自批准之日起生效。",
    "许可证在有效期内继续有效。",
    "《营业执照》有效期届满需要延续的，应当申请。",
    "规范性文件的修订或者废止适用本办法。",
    "《甲办法》应当予以废止。",
    "建议废止《甲办法》。",
    "《甲办法》拟废止。",
    "对执行死刑命令停止执行的，应当报告。",
    "《支付令》自行失效。",
    "行政处罚决定停止执行的情形，依照《行政处罚法》的规定。",
    "被废止的《甲办法》不再收录。",
    "有《立法法》规定情形之一的，由制定机关予以废止。",
    "经营许可证有效期为五年。",
    "规范性文件的有效期自施行之日起一般不超过5年。",
    "制定机关应当自评估之日起三十日内提出继续有效、修改、废止的意见。",
    "有效期届满，规范性文件自动失效。",
]


def kinds(text):
    return {effect.kind.value for effect in find_effects((Node(type=BodyType.ARTICLE, text=text, eid="art_1"),))}


@pytest.mark.parametrize(("text", "expected"), CHANGES)
def test_a_sentence_changes_what_it_says(text, expected):
    assert kinds(text) == expected


@pytest.mark.parametrize("text", NOTHING)
def test_a_sentence_that_only_talks_changes_nothing(text):
    assert kinds(text) == set()


def test_only_the_old_text_ends_where_the_new_one_is_named_too():
    (effect,) = find_effects(
        (Node(type=BodyType.ARTICLE, text="《甲办法》已于2019年8月1日起施行，《乙办法》同时废止。", eid="art_1"),)
    )
    assert effect.target.title == "乙办法"


SENTENCES = tomllib.loads(Path(__file__).with_name("sentences.toml").read_text("utf-8"))


def effects_of_lines(text):
    lines = enumerate(text.split("\n"), start=1)
    body = tuple(Node(type=BodyType.PARAGRAPH, text=line, eid=f"p_{at}") for at, line in lines)
    return find_effects(body, published=date(2020, 6, 1), signed=date(2020, 5, 20))


@pytest.mark.parametrize("clause", SENTENCES["clause"], ids=lambda clause: clause["text"][:30])
def test_a_text_states_these_effects_and_no_others(clause):
    found = sorted(
        f"{each.kind.value}|{each.target.title or ''}|{each.date or ''}" for each in effects_of_lines(clause["text"])
    )
    assert len(found) == len(clause["effects"])
    for wanted in sorted(clause["effects"], key=len, reverse=True):
        found.remove(
            next(each for each in found if each == wanted or (wanted.endswith("|") and each.startswith(wanted)))
        )


@pytest.mark.parametrize("text", SENTENCES["talk"]["nothing"])
def test_talk_of_an_end_ends_nothing(text):
    kinds = {each.kind.value for each in effects_of_lines(text)}
    assert not kinds & {"repeals", "repeals_partially", "lapses"}
