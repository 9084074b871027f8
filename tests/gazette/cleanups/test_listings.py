"""Lists of a clean-up, read line by line whatever they come as."""

import datetime as dt

import pytest

from gazette.cleanups.listings import MOST_LINES, decision_kinds, find_decision, read_bodies, read_pasted, read_sheets
from gazette.draft import BodyType, Node
from gazette.errors import BadInput

HEAD = "序号\t文件名称\t文号\t发文机关\t发布日期\t清理结果\t备注"


def only(text):
    (line,) = read_pasted(text)
    return line


@pytest.mark.parametrize(
    ("line", "title", "number"),
    [
        ("1．江城市停车管理暂行办法（江政发〔2010〕5号）", "江城市停车管理暂行办法", "江政发〔2010〕5号"),
        ("（一）《江城市停车管理办法》（江政发[2010]5号）；", "江城市停车管理办法", "江政发〔2010〕5号"),
        (
            "3、江城市人民政府关于加快发展的意见 江政发〔2008〕3号",
            "江城市人民政府关于加快发展的意见",
            "江政发〔2008〕3号",
        ),
        ("江政办发〔2009〕12号", None, "江政办发〔2009〕12号"),
        ("江政办发〔2009〕12号 关于粮食直补的通知", "关于粮食直补的通知", "江政办发〔2009〕12号"),
        ("关于印发《甲办法》的通知（江政发〔2010〕5号）", "关于印发《甲办法》的通知", "江政发〔2010〕5号"),
    ],
)
def test_a_line_names_a_text_by_title_and_number(line, title, number):
    found = only(line)
    assert (found.title, found.number and str(found.number)) == (title, number)


@pytest.mark.parametrize(
    ("line", "title", "day"),
    [
        ("《江城市甲办法》（2010年3月1日江城市人民政府令第5号公布）", "江城市甲办法", dt.date(2010, 3, 1)),
        ("江城市甲办法（2010-03-01）", "江城市甲办法", dt.date(2010, 3, 1)),
        ("关于节水工作的通知　2010.3.1", "关于节水工作的通知", dt.date(2010, 3, 1)),
        ("关于节水工作的通知（2010年）", "关于节水工作的通知", None),
        ("江城市2010年重点工作要点（2010年）", "江城市2010年重点工作要点（2010年）", None),
        ("关于印发《江城市甲办法》的通知", "关于印发《江城市甲办法》的通知", None),
        ("关于节水工作的通知\t2010-03-01", "关于节水工作的通知", dt.date(2010, 3, 1)),
    ],
)
def test_a_day_behind_the_title_is_no_part_of_it(line, title, day):
    found = only(line)
    assert (found.title, found.day) == (title, day)


def test_a_heading_decides_on_the_lines_below_it_and_is_quoted_with_them():
    lines = read_pasted(
        "一、决定废止的规范性文件（1件）\n1.甲办法（江政发〔2010〕1号）\n二、宣布失效的文件目录\n2.乙办法"
    )
    assert [line.decision for line in lines] == ["repeals", "lapses"]
    assert lines[0].quote == "一、决定废止的规范性文件（1件）\n1.甲办法（江政发〔2010〕1号）"


def test_columns_are_known_by_their_heads():
    lines = read_pasted(
        f"{HEAD}\n1\t关于加强养犬管理的通告\t江政告〔2012〕1号\t江城市人民政府\t2012年3月1日\t废止\t已有新规\n"
        "2\t关于发放补贴的通知\t江财〔2013〕22号\t江城市财政局\t\t需修改\t"
    )
    first, second = lines
    assert (first.title, str(first.number), first.issuer) == (
        "关于加强养犬管理的通告",
        "江政告〔2012〕1号",
        "江城市人民政府",
    )
    assert (first.day, first.decision, first.remark) == (dt.date(2012, 3, 1), "repeals", "已有新规")
    assert (second.day, second.decision, second.remark) == (None, "none", None)


def test_a_cell_overrules_the_heading_and_is_quoted_without_it():
    (line,) = read_pasted(f"继续有效的文件目录\n{HEAD}\n1\t关于甲的通知\t江政发〔2012〕1号\t\t\t宣布失效\t")
    assert (line.decision, "继续有效" in line.quote) == ("lapses", False)


def test_words_beside_a_title_decide_on_it():
    assert only("四、将《江城市甲办法》（江政发〔2011〕1号）废止。").decision == "repeals"
    assert only("《江城市节约用水办法》继续有效").decision == "attests"


@pytest.mark.parametrize(
    "prose",
    [
        "为进一步规范清理工作，市政府决定对《甲办法》进行全面清理并征求了各有关部门的意见，现将结果公布如下。",
        "根据《甲办法》和《乙办法》的规定，现通知如下：",
        "江城市人民政府",
        "附件",
    ],
)
def test_prose_is_no_line(prose):
    assert read_pasted(prose) == ()


def test_sheets_are_read_with_their_names_and_the_rows_that_divide_them():
    rows = [
        ["清理结果表"],
        ["序号", "名称", "文号"],
        ["1", "甲办法", "江政发〔2010〕1号"],
        ["二、宣布失效的文件"],
        ["2", "乙办法", ""],
    ]
    lines = read_sheets([("废止目录", rows)])
    assert [(line.title, line.decision, line.place) for line in lines] == [
        ("甲办法", "repeals", "废止目录第3行"),
        ("乙办法", "lapses", "废止目录第5行"),
    ]


def test_a_body_is_read_with_the_addresses_of_its_tables():
    rows = (("序号", "文件名称", "文号"), ("1", "甲办法", "江政发〔2010〕1号"))
    body = (
        Node(type=BodyType.PARAGRAPH, text="现将清理结果公布如下。", eid="para_1"),
        Node(
            type=BodyType.ATTACHMENT,
            heading="予以废止的文件目录",
            eid="att_1",
            children=(Node(type=BodyType.TABLE, rows=rows, eid="att_1__table_1"),),
        ),
    )
    (line,) = read_bodies([("江城市人民政府关于公布清理结果的通知", body)])
    assert (line.title, line.decision, line.eid, line.place) == ("甲办法", "repeals", "att_1__table_1", "表1第2行")


@pytest.mark.parametrize(
    ("words", "decision"),
    [
        ("予以废止", "repeals"),
        ("拟废止的文件目录", None),
        ("部分条款废止的文件目录", "repeals_partially"),
        ("决定修改的政府规章目录", "amends"),
        ("需修改的行政规范性文件目录", "none"),
        ("废止和宣布失效的文件目录", None),
        ("继续有效的行政规范性文件目录", "attests"),
    ],
)
def test_what_becomes_of_a_text_is_said_in_the_words_of_clean_ups(words, decision):
    assert find_decision(words) == decision


def test_every_decision_can_be_chosen_once():
    kinds = decision_kinds()
    assert len(set(kinds)) == len(kinds)
    assert kinds[0] == "repeals"


def test_a_list_without_end_is_refused():
    with pytest.raises(BadInput):
        read_pasted("甲办法（江政发〔2010〕1号）\n" * (MOST_LINES + 1))
