"""Elements of official documents, the 题注, labels and kinds."""

from __future__ import annotations

import datetime as dt
import tomllib
from importlib.resources import files

import pytest

from gazette.digitization.elements import read_elements
from gazette.digitization.genre import find_kind
from gazette.digitization.history import is_caption, read_caption
from gazette.digitization.labels import element_of_label, split_labels
from gazette.digitization.signature import find_signature, split_agencies
from tests.gazette.digitization.builders import lines, one_draft, read_here


def test_a_title_over_several_lines_is_joined_and_the_number_may_come_first():
    found = read_elements(
        lines("江政规〔2020〕3号", "江城市人民政府", "关于加强公园管理的", "通知", "各区人民政府：", "请执行。")
    )
    assert found.title == "江城市人民政府关于加强公园管理的通知"
    assert str(found.doc_number) == "江政规〔2020〕3号"
    assert found.recipients == ("各区人民政府",)


def test_an_order_number_over_two_lines_is_one_number():
    found = read_elements(lines("中华人民共和国国务院令", "第７０７号", "现公布《甲条例》。"))
    assert str(found.doc_number) == "国务院令第707号"


def test_joint_signers_are_all_issuers_and_a_signing_person_is_none():
    found = read_elements(
        lines("通知", "各有关单位：", "请执行。", "江城市财政局　江城市民政局", "江城市审计局", "2020年1月2日")
    )
    assert found.signers == ("江城市财政局", "江城市民政局", "江城市审计局")
    assert split_agencies("总理　　李克强") == ()


def test_the_list_of_attachments_is_taken_from_above_the_signature():
    found = read_elements(
        lines(
            "通知",
            "各区：",
            "请执行。",
            "附件：1.收费标准",
            "2.申请表",
            "江城市财政局",
            "2020年1月2日",
            "附件1",
            "收费标准",
        )
    )
    assert found.attached == ("收费标准", "申请表")
    assert [block.text for block in found.body] == ["请执行。", "附件1", "收费标准"]


def test_a_page_that_names_the_title_wins_over_the_lines_of_the_text():
    found = read_elements(lines("江城市关于管理", "公园的规定", "公园应当开放。"), "江城市关于管理公园的规定")
    assert [block.text for block in found.body] == ["公园应当开放。"]


def test_an_opening_clause_is_text_where_the_page_alone_names_the_title():
    opening = "为了维护法制统一，江城市水务局决定废止下列规范性文件："
    found = read_elements(lines(opening, "一、《江城市河道采砂办法》；"), "江城市水务局关于废止部分规范性文件的决定")
    assert opening in [block.text for block in found.body]


@pytest.mark.parametrize("parting", ["", "\n\n"])
def test_a_note_broken_over_lines_is_no_part_of_the_title(parting: str):
    title = "江城市公园管理条例"
    note = (
        "(2001年9月4日江城市第七届人民代表大会常务委员会",
        "第二十七次会议通过",
        "根据2005年2月28日江城市第八届人民代表大会常务委",
        "员会第十二次会议《关于修改〈江城市公",
        "园管理条例〉的决定》修正",
        "2011年4",
        "月28日江城市第九届人民代表大会常务委员会第二次会议修",
        "订)",
    )
    articles = ("第一条　为了加强公园管理，制定本条例。", "第二条　公园应当开放。")
    draft = one_draft(f"# {title}{parting}" + "\n\n".join((*note, *articles)), "a.md")
    assert draft.title == title
    assert [(entry.kind, str(entry.date)) for entry in draft.history] == [
        ("adopted", "2001-09-04"),
        ("amended", "2005-02-28"),
        ("revised", "2011-04-28"),
    ]
    assert draft.history[1].act == "关于修改〈江城市公园管理条例〉的决定"
    assert draft.body[0].num == "第一条"


@pytest.mark.parametrize(
    ("printed", "title"),
    [
        ("《江城市公园管理办法》", "江城市公园管理办法"),
        ("《江城市公园管理办法》和《江城市绿化办法》", "《江城市公园管理办法》和《江城市绿化办法》"),
    ],
)
def test_marks_around_the_whole_title_are_no_part_of_it(printed: str, title: str):
    draft = one_draft(f"# {printed}\n\n第一条　为了加强管理，制定本办法。\n\n第二条　公园应当开放。\n", "a.md")
    assert draft.title == title


@pytest.mark.parametrize(
    ("note", "acts"),
    [
        ("（2001年3月1日江城市人民政府令第5号公布）", [("promulgated", "2001-03-01", "江城市人民政府令第5号")]),
        (
            "2001年3月1日江城市第九届人民代表大会常务委员会第二次会议通过 "
            "2001年4月2日江省第八届人民代表大会常务委员会第七次会议批准",
            [
                ("adopted", "2001-03-01", "江城市第九届人民代表大会常务委员会第二次会议"),
                ("approved", "2001-04-02", "江省第八届人民代表大会常务委员会第七次会议"),
            ],
        ),
        (
            "根据2003年1月2日江城市人大常委会通过并经2003年2月3日江省人大常委会批准的《关于修改〈甲条例〉的决定》第二次修正",
            [("amended", "2003-02-03", "关于修改〈甲条例〉的决定")],
        ),
        (
            "根据1988年4月1日会议通过的《甲修正案》、1993年3月2日会议通过的《乙修正案》修正",
            [("amended", "1988-04-01", "甲修正案"), ("amended", "1993-03-02", "乙修正案")],
        ),
        ("2009年3月24日农业部令第20号", [("promulgated", "2009-03-24", "农业部令第20号")]),
        ("2015年6月7日江城市人民政府修订通过", [("revised", "2015-06-07", "江城市人民政府")]),
    ],
)
def test_the_acts_of_a_note_are_read_in_order(note: str, acts: list[tuple[str, str, str]]):
    caption = read_caption((note,))
    assert [(entry.kind, str(entry.date), entry.act) for entry in caption.entries] == acts


def test_a_note_in_lines_keeps_every_act_and_gives_no_line_the_day_of_another():
    note = (
        "1991年10月26日 江城市第九届人民代表大会常务委员会",
        "第二十六次会议通过",
        "江北省第七届人民代表大会常务委员会第三次会议批准",
        "1996年6月29日 江北省第八届人民代表大会常务委员会会议批准的《关于修改〈江城市绿化条例〉的决定》第一次修正",
    )
    text = "\n\n".join(("# 江城市绿化条例", *note, "第一条 为了绿化，制定本条例。"))
    (draft,) = read_here(text, "江城市绿化条例.md").drafts
    assert [(each.kind, each.date and str(each.date)) for each in draft.history] == [
        ("adopted", "1991-10-26"),
        ("approved", None),
        ("amended", "1996-06-29"),
    ]
    assert draft.history[0].act == "江城市第九届人民代表大会常务委员会第二十六次会议"


def test_a_note_gives_commencement_and_the_first_maker():
    caption = read_caption(("（2009年3月24日农业部令第20号公布　自2009年5月1日起施行）",))
    assert caption.effective == dt.date(2009, 5, 1)
    assert caption.issuer == "农业部"


@pytest.mark.parametrize("line", ["2001年3月1日起，公园免费开放。", "为了管理公园，制定本办法。", "第一条　甲。"])
def test_a_sentence_is_no_note(line: str):
    assert not is_caption(line)


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("国务院办公厅关于加强管理的通知", "通知"),
        ("江城市公园管理办法（试行）", "办法"),
        ("中华人民共和国甲法实施条例", "条例"),
        ("关于办理案件适用法律若干问题的解释(2018-01-01)", "解释"),
        ("小学招生5月7日起网上报名", None),
    ],
)
def test_the_end_of_a_title_says_the_kind(title: str, kind: str | None):
    assert find_kind(title) == kind


def test_every_label_bears_its_example_and_not_its_counter_example():
    table = tomllib.loads(files("gazette").joinpath("data/labels.toml").read_text("utf-8"))
    for row in table["element"]:
        if row["yes"]:
            assert element_of_label(row["yes"]) == row["name"], row["name"]
        assert element_of_label(row["no"]) != row["name"], row["name"]


def test_a_label_and_its_value_on_one_line_are_parted():
    assert list(split_labels("文　　号：　江政办发〔2021〕7号")) == [("doc_number", "江政办发〔2021〕7号")]
    assert list(split_labels("会议强调：要抓紧")) == []


def test_a_day_alone_closes_a_text_that_bears_a_seal_for_a_name():
    found = read_elements(lines("关于秋收的通知", "各区人民政府：", "请做好秋收工作。", "二○○八年九月三日"))
    assert (found.signed, [block.text for block in found.body]) == (dt.date(2008, 9, 3), ["请做好秋收工作。"])


def test_the_first_sentence_of_a_text_is_no_addressee():
    opening = "为贯彻落实市委、市政府部署，现就有关事项通知如下："
    found = read_elements(lines("关于秋收的通知", opening, "一、加强领导。"), "关于秋收的通知")
    assert (found.recipients, found.body[0].text) == ((), opening)


def test_who_is_addressed_is_no_title():
    found = read_elements(lines("各区人民政府：", "请做好秋收工作。"))
    assert (found.title, found.recipients) == (None, ("各区人民政府",))


def test_a_telegram_s_head_is_no_title():
    head = ("发电单位　江城市防汛指挥部　签批盖章　王某", "等级　特提·明电　江防汛电〔2024〕7号")
    found = read_elements(lines(*head, "关于防台的紧急通知", "各区人民政府："))
    assert (found.title, str(found.doc_number)) == ("关于防台的紧急通知", "江防汛电〔2024〕7号")


def test_minutes_count_without_a_series():
    found = read_elements(lines("江城市人民政府常务会议纪要", "〔2024〕5号", "会议听取了汇报。"))
    assert found.title == "江城市人民政府常务会议纪要"


def test_an_officer_s_title_is_printed_with_spaces():
    order = ("江城市人民政府令", "第120号", "现公布《绿化办法》。", "市　长　　王一二", "2001年3月10日")
    signature = find_signature(lines(*order))
    assert signature is not None
    assert (signature.start, signature.signers) == (3, ())


def test_joint_issuers_stand_on_lines_of_their_own():
    signature = find_signature(lines("通知如下。", "国家发展改革委", "财　政　部", "住房城乡建设部", "2024年3月28日"))
    assert signature is not None
    assert signature.signers == ("国家发展改革委", "财政部", "住房城乡建设部")
