from datetime import date

import pytest

from gazette.draft import BodyType, EffectKind, HistoryEntry, Node, Target
from gazette.validity.clauses import clauses, is_vetoed, vetoes
from gazette.validity.effects import find_effects
from gazette.validity.lifespan import commencement, expiry
from tests.growth import is_linear

TODAY = date(2019, 12, 1)


def body_of(*texts: str) -> tuple[Node, ...]:
    return tuple(Node(type=BodyType.ARTICLE, text=text, eid=f"art_{at}") for at, text in enumerate(texts, 1))


def effects_of(*texts: str, **known):
    return find_effects(
        body_of(*texts), **{"title": "江城市新办法", "doc_number": None, "signed": None, "published": None, **known}
    )


def repealed(*texts: str, **known):
    return [
        (each.target.title, str(each.target.doc_number) if each.target.doc_number else None, each.scope == "whole")
        for each in effects_of(*texts, **known)
        if each.kind in (EffectKind.REPEALS, EffectKind.REPEALS_PARTIALLY, EffectKind.LAPSES)
    ]


@pytest.mark.parametrize(("clause", "text"), [(clause, yes) for clause in clauses() for yes in clause.yes])
def test_each_clause_finds_its_example(clause, text):
    assert clause.rule in [each.rule for each in effects_of(text)]


@pytest.mark.parametrize(("clause", "text"), [(clause, no) for clause in clauses() for no in clause.no])
def test_each_clause_leaves_its_counter_example(clause, text):
    kinds = [each.kind for each in effects_of(text)]
    assert clause.kind not in kinds


@pytest.mark.parametrize("veto", vetoes())
def test_each_veto_stops_its_example_and_no_other(veto):
    ending = EffectKind.REPEALS
    assert ending not in [each.kind for each in effects_of(veto.yes)]
    assert ending in [each.kind for each in effects_of(veto.no)]


def test_a_veto_looks_only_at_the_words_before_the_verb():
    assert is_vetoed("上位法修改后应当及时")
    assert not is_vetoed("《江城市甲办法》")


CODE = (
    "本法自 2026年8月15日起施行。 《中华人民共和国甲保护法》、《中华人民共和国乙保护法》、 "
    "《中华人民共和国丙防治法》，《中华人民共和国丁促进法》同时废止。"
)


def test_one_verb_ends_every_text_named_before_it_despite_stray_blanks():
    assert [title for title, _, _ in repealed(CODE)] == [
        "中华人民共和国甲保护法",
        "中华人民共和国乙保护法",
        "中华人民共和国丙防治法",
        "中华人民共和国丁促进法",
    ]
    assert {each.date for each in effects_of(CODE)} == {date(2026, 8, 15)}


def test_the_number_in_the_bracket_or_before_the_title_is_the_target_s():
    text = "1993年市政府第14号令发布的《甲规定》、《乙规定》（江府发〔2009〕3号）和《丙规定》同时废止。"
    assert repealed(text) == [
        ("甲规定", "市政府令第14号", True),
        ("乙规定", "江府发〔2009〕3号", True),
        ("丙规定", None, True),
    ]


def test_the_decision_that_once_amended_a_target_is_not_ended():
    text = "1990年市人大常委会通过、根据1997年《关于修改〈甲条例〉的决定》第一次修正的《甲条例》同时废止。"
    assert repealed(text) == [("甲条例", None, True)]


def test_part_of_a_text_is_ended_in_part():
    assert repealed("《甲条例》中关于反倾销的规定同时废止。") == [("甲条例", None, False)]
    (effect,) = [each for each in effects_of("《甲条例》第十二条第二款停止执行。") if "repeal" in each.kind]
    assert (effect.kind, effect.target.provision.eid) == (EffectKind.REPEALS_PARTIALLY, "art_12__para_2")


def test_priority_over_conflicting_rules_is_no_repeal():
    text = "以前发布的司法解释与本解释不一致的，以本解释为准。"
    (effect,) = effects_of(text)
    assert effect.kind is EffectKind.OVERRIDES


@pytest.mark.parametrize(
    "text",
    [
        "本条例所称法规的制定、修改和废止，适用《立法法》。",
        "有效期满不办理延续登记手续的，《采矿许可证》自行废止。",
        "依照《产品质量法》关于销售失效、变质的产品的处罚规定处罚。",
        "由标准化行政主管部门公告废止相关标准。",
        "《甲条例》的修改和废止程序，适用本条例。",
        "代表有下列情形之一的，暂时停止执行代表职务。",
        "建议尽快废止《甲条例》。",
        "常务委员会认为应当废止《甲条例》的，提出议案。",
    ],
)
def test_talk_about_repeal_is_no_repeal(text):
    assert repealed(text) == []


def test_a_list_after_a_colon_is_ended_entry_by_entry():
    body = (
        Node(
            type=BodyType.ARTICLE,
            text="市政府决定，对下列规章予以废止：",
            eid="art_1",
            children=(
                Node(type=BodyType.ITEM, num="一、", text="《甲办法》（江府令第3号）；", eid="art_1__item_1"),
                Node(type=BodyType.ITEM, num="二、", text="乙暂行规定（江府发〔2001〕5号）", eid="art_1__item_2"),
            ),
        ),
        Node(type=BodyType.ARTICLE, text="本决定自2020年5月1日起施行。", eid="art_2"),
    )
    found = [each for each in find_effects(body, title="关于废止部分规章的决定") if each.kind is EffectKind.REPEALS]
    assert [(each.target.title, str(each.target.doc_number), each.date) for each in found] == [
        ("甲办法", "江府令第3号", date(2020, 5, 1)),
        ("乙暂行规定", "江府发〔2001〕5号", date(2020, 5, 1)),
    ]


def test_a_title_that_repeals_names_its_target():
    found = find_effects((), title="江城市人民政府关于废止〈江城市旧办法〉的决定", published=TODAY)
    assert [(each.kind, each.target.title, each.date) for each in found] == [
        (EffectKind.REPEALS, "江城市旧办法", TODAY)
    ]


def test_quoted_provisions_belong_to_the_amended_law():
    text = "将《甲条例》第九条修改为：“本条例自2012年1月1日起施行，《乙条例》同时废止。”"
    assert [each.kind for each in effects_of(text)] == [EffectKind.AMENDS]


def test_a_draft_for_comment_is_never_sure():
    found = effects_of("《甲办法》同时废止。", title="江城市新办法（征求意见稿）")
    assert all(each.confidence < 0.5 for each in found)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("本办法自2020年1月1日起施行。", date(2020, 1, 1)),
        ("本办法由市财政局负责解释，自二〇二〇年一月一日起执行。", date(2020, 1, 1)),
        ("本条例自 1995 年 1 月 1 日 起施行。", date(1995, 1, 1)),
        ("本规定自公布之日起施行。", TODAY),
        ("本规定自公布之日起30日后施行。", date(2019, 12, 31)),
        ("本规定自发布之日起三个月后施行。", date(2020, 3, 1)),
    ],
)
def test_commencement_is_read_or_worked_out(text, day):
    assert commencement(effects_of(text, published=TODAY)).date == day


def test_an_unknown_base_day_leaves_the_rule_and_no_date():
    effect = commencement(effects_of("本办法自公布之日起施行。"))
    assert (effect.date, effect.date_rule) == (None, "自公布之日起施行")


def test_the_closing_article_of_an_amended_law_speaks_of_its_first_publication():
    history = (
        HistoryEntry(kind="promulgated", date=date(1988, 6, 3)),
        HistoryEntry(kind="amended", date=date(2019, 3, 2)),
    )
    effect = commencement(effects_of("本条例自发布之日起施行。", published=date(2019, 3, 2), history=history))
    assert effect.date == date(1988, 6, 3)


@pytest.mark.parametrize(
    "text",
    [
        "合同自依法成立之日起生效。",
        "许可证自批准之日起生效。",
        "新标准自2020年1月1日起执行。",
        "企业自登记之日起三十日内报告。",
    ],
)
def test_what_commences_other_than_the_text_is_left_alone(text):
    assert commencement(effects_of(text)) is None


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("本办法自2020年5月1日起施行，有效期5年。", date(2025, 4, 30)),
        ("本文件自2025年05月01日起施行，有效期至2027年04月30日。", date(2027, 4, 30)),
        ("本办法自2020年5月1日起施行。有效期为两年。", date(2022, 4, 30)),
        ("本通知自2020年1月1日起至2021年12月31日止执行。", date(2021, 12, 31)),
    ],
)
def test_a_term_gives_the_last_day(text, day):
    assert expiry(effects_of(text)).date == day


@pytest.mark.parametrize("text", ["采矿许可证有效期为5年。", "本办法规定的资质证书有效期五年。"])
def test_the_term_of_a_permit_is_not_the_text_s(text):
    assert expiry(effects_of(text)) is None


@pytest.mark.parametrize(
    ("repeated", "end"),
    [("《甲办法》、", "同时废止。"), ("自", ""), ("本办法", "自公布之日起施行。"), ("《", "同时废止")],
)
def test_a_very_long_paragraph_takes_linear_time(repeated, end):
    assert is_linear(lambda size: effects_of(repeated * size + end), 16_000)


def test_a_title_that_stops_part_of_a_text_does_not_end_the_whole():
    title = "江城市交通运输局关于停止执行《江城市甲细则》部分条款的通知"
    assert repealed("本通知自2025年9月1日起施行。", title=title) == [("江城市甲细则", None, False)]


def test_a_text_that_stays_valid_and_is_renewed_in_one_sentence_is_both():
    effects = effects_of("《江城市甲办法》（江教规〔2023〕2号）经评估继续有效，有效期延续至2029年12月31日。")
    assert [(each.kind.value, each.target.title, each.date) for each in effects if each.target.title] == [
        ("attests", "江城市甲办法", None),
        ("renews", "江城市甲办法", date(2029, 12, 31)),
    ]


def test_a_term_printed_with_both_its_days_begins_and_ends_the_text():
    effects = effects_of("本公告执行期限为2020年1月1日至2022年12月31日。")
    assert commencement(effects).date == date(2020, 1, 1)
    assert expiry(effects).date == date(2022, 12, 31)


def test_a_sentence_about_one_article_does_not_move_the_commencement_of_the_whole():
    effects = effects_of("本办法自2020年3月1日起施行。第五条自2021年1月1日起施行。")
    assert commencement(effects).date == date(2020, 3, 1)
    assert [effect.scope for effect in effects] == ["whole", "第五条"]


def test_a_repeal_that_excepts_a_provision_is_partial_and_names_what_lives_on():
    (effect,) = effects_of("《江城市甲规定》除第五条外，自2020年3月1日起废止。")
    assert (effect.kind, effect.scope, effect.target.provision) == (EffectKind.REPEALS_PARTIALLY, "除第五条外", None)


def test_a_suspension_for_a_time_in_a_place_ends_by_itself():
    sentence = "在江城自由贸易试验区内，暂时停止适用《江城市甲条例》第九条，期限为三年，自2020年3月1日起试行。"
    stops, resumes = effects_of(sentence)
    assert (stops.kind, stops.date, stops.scope) == (EffectKind.SUSPENDS, date(2020, 3, 1), "在江城自由贸易试验区")
    assert (resumes.kind, resumes.date) == (EffectKind.RESUMES, date(2023, 3, 1))


def test_texts_described_and_not_named_are_an_effect_without_a_target():
    (unlisted,) = effects_of("凡未纳入继续有效目录的规范性文件一律废止，不再引用和执行。")
    assert (unlisted.kind, unlisted.target, unlisted.scope) == (
        EffectKind.REPEALS,
        Target(),
        "凡未纳入继续有效目录的规范性文件",
    )
    (late,) = effects_of("需修改的应当在2020年12月31日前公布，逾期未公布的，自2021年1月1日起宣布失效。")
    assert (late.kind, late.scope, late.date) == (EffectKind.LAPSES, "逾期未公布的", date(2021, 1, 1))


def test_a_renewal_by_a_length_says_how_long():
    (renewed,) = effects_of("《江城市甲办法》的有效期延长5年。")
    assert (renewed.kind, renewed.date, renewed.date_rule) == (EffectKind.RENEWS, None, "5年")


@pytest.mark.parametrize("noun", ["复函", "函"])
def test_a_letter_of_reply_commences_by_its_own_words(noun):
    (effect,) = effects_of(f"本{noun}自印发之日起施行。", signed=TODAY)
    assert (effect.kind, effect.date) == (EffectKind.COMMENCES, TODAY)


SUSPENDING = "江城市人民政府关于{}暂停施行《江城市夜市管理办法》{}的决定"


@pytest.mark.parametrize(
    ("place", "part", "scope", "eid"),
    [("", "", "whole", None), ("", "第四条", "第四条", "art_4"), ("在江城新区", "", "在江城新区", None)],
)
def test_a_title_that_suspends_says_which_part_and_where(place, part, scope, eid):
    (effect,) = find_effects((), title=SUSPENDING.format(place, part), published=TODAY)
    provision = effect.target.provision
    assert (effect.kind, effect.scope, provision.eid if provision else None) == (EffectKind.SUSPENDS, scope, eid)


def test_what_the_text_says_of_a_suspension_goes_before_its_title():
    text = "决定自2026年11月1日起暂停施行《江城市夜市管理办法》第四条。"
    found = effects_of(text, title=SUSPENDING.format("", "第四条"), published=TODAY)
    assert [(each.scope, each.date) for each in found] == [("第四条", date(2026, 11, 1))]
