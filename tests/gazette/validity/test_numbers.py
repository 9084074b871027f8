import pytest
from hypothesis import given
from hypothesis import strategies as st

from gazette.numbers import (
    find_doc_numbers,
    find_index_numbers,
    find_registry_numbers,
    parse_chinese_number,
    parse_doc_number,
    parse_registry_number,
)

ONE_SPELLING = [
    ("国办发〔2018〕23号", "国办发〔2018〕23号", "国办发", 2018, 23),
    ("国办发[2018]23号", "国办发〔2018〕23号", "国办发", 2018, 23),
    ("国办发（2018）第023号", "国办发〔2018〕23号", "国办发", 2018, 23),
    ("国 办 发﹝２０１８﹞２３ 號", "国办发〔2018〕23号", "国办发", 2018, 23),
    ("国办发【二〇一八】二十三号", "国办发〔2018〕23号", "国办发", 2018, 23),
    ("（国办发〔2018年〕23号）", "国办发〔2018〕23号", "国办发", 2018, 23),
    ("国办发2018年23号", "国办发〔2018〕23号", "国办发", 2018, 23),
    ("国办发明电〔2020〕1号", "国办发明电〔2020〕1号", "国办发明电", 2020, 1),
    ("劳社部发[2000]8号", "劳社部发〔2000〕8号", "劳社部发", 2000, 8),
    ("（90）交计字58号", "交计字〔1990〕58号", "交计字", 1990, 58),
    ("〔84〕农〔机〕字第42号", "农（机）字〔1984〕42号", "农（机）字", 1984, 42),
    ("（1993）农（牧）函字第46号", "农（牧）函字〔1993〕46号", "农（牧）函字", 1993, 46),
    ("商法字〔2019〕6-1号", "商法字〔2019〕6-1号", "商法字", 2019, 6),
    ("国务院令第711号", "国务院令第711号", "国务院令", None, 711),
    ("中华人民共和国国务院令\n第711号", "国务院令第711号", "国务院令", None, 711),
    ("中华人民共和国主席令（第六十号）", "主席令第60号", "主席令", None, 60),
    ("国令第0754号", "国令第754号", "国令", None, 754),
    ("交通运输部令2020年第5号", "交通运输部令2020年第5号", "交通运输部令", 2020, 5),
    ("交通部1997年第16号令", "交通部令1997年第16号", "交通部令", 1997, 16),
    ("交通部1997年第十三号令", "交通部令1997年第13号", "交通部令", 1997, 13),
    ("商务部令〔2020〕第5号", "商务部令〔2020〕5号", "商务部令", 2020, 5),
    ("市政府第十二号令", "市政府令第12号", "市政府令", None, 12),
    ("第69号令", "令第69号", "令", None, 69),
    ("令2020年第5号", "令2020年第5号", "令", 2020, 5),
    ("公告2019年第3号", "公告2019年第3号", "公告", 2019, 3),
    ("国家税务总局公告2018年第31号", "国家税务总局公告2018年第31号", "国家税务总局公告", 2018, 31),
    ("交通部、国家统计局令1992年第36号", "交通部、国家统计局令1992年第36号", "交通部、国家统计局令", 1992, 36),
    ("原国家工商行政管理局令第71号", "国家工商行政管理局令第71号", "国家工商行政管理局令", None, 71),
    ("对外贸易经济合作部令第3号", "对外贸易经济合作部令第3号", "对外贸易经济合作部令", None, 3),
    ("台財庫字第09403500820號", "台財庫字第09403500820號", "台財庫字", None, None),
    ("金管銀(四)字0948010054Ａ號", "金管銀（四）字第0948010054A號", "金管銀（四）字", None, None),
    ("HFGS—2022—7", "HFGS-2022-7", "HFGS", 2022, 7),
    ("ＨＦＧＳ－２０２２－０７", "HFGS-2022-7", "HFGS", 2022, 7),
    ("国办发〈2018〉23号", "国办发〔2018〕23号", "国办发", 2018, 23),
    ("国办发<2018>23号", "国办发〔2018〕23号", "国办发", 2018, 23),
    ("国办发『2018』23号", "国办发〔2018〕23号", "国办发", 2018, 23),
    ("建设部（88）建房字第170号", "建房字〔1988〕170号", "建房字", 1988, 170),
    ("交通部2005年11号令", "交通部令2005年第11号", "交通部令", 2005, 11),
    ("财政部 税务总局公告2019年第94号", "财政部、税务总局公告2019年第94号", "财政部、税务总局公告", 2019, 94),
    ("商务部　海关总署令2004年第20号", "商务部、海关总署令2004年第20号", "商务部、海关总署令", 2004, 20),
    ("人民银行、银保监会令〔2021〕第3号", "人民银行、银保监会令〔2021〕3号", "人民银行、银保监会令", 2021, 3),
    ("中华人民共和国 国务院 令 第754号", "国务院令第754号", "国务院令", None, 754),
    (
        "江城市人大常委会公告（十五届）第七十七号",
        "江城市人大常委会公告〔十五届〕第77号",
        "江城市人大常委会公告〔十五届〕",
        None,
        77,
    ),
]


@pytest.mark.parametrize(("text", "normalized", "prefix", "year", "serial"), ONE_SPELLING)
def test_every_form_of_a_number_has_one_spelling(text, normalized, prefix, year, serial):
    number = parse_doc_number(text)
    assert (number.normalized, number.prefix, number.year, number.serial) == (normalized, prefix, year, serial)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "国务院办公厅",
        "第三条",
        "2018年4月8日",
        "房权证字第123456号",
        "国办发〔2018〕23号文件精神",
        "身份证号",
        "（2018）京01民终1234号",
        "《办法》",
    ],
)
def test_what_is_no_number_is_none(text):
    assert parse_doc_number(text) is None


RUNNING = [
    ("按国办发(1985)49号文件执行", ["国办发〔1985〕49号"]),
    ("《国务院关于X的通知》（国发〔1997〕5号）和《Y》（国函〔2003〕9号）", ["国发〔1997〕5号", "国函〔2003〕9号"]),
    ("交通运输部以交通运输部令2008年第2号公布", ["交通运输部令2008年第2号"]),
    ("2004年11月22日交通部令第10号公布", ["交通部令第10号"]),
    ("1998年市人民政府令第5号发布", ["市人民政府令第5号"]),
    ("根据国家发展和改革委员会令第12号", ["国家发展和改革委员会令第12号"]),
    ("参见自由贸易试验区管委会令第3号", ["自由贸易试验区管委会令第3号"]),
    ("（2008）民终字第12号判决", []),
    ("限期责令第3号井停产", []),
    ("依据《环境保护法》第十条第二款和江政发〔2024〕3号", ["江政发〔2024〕3号"]),
    ("根据本法第三条之一、第（三）项及国务院令第3号", ["国务院令第3号"]),
    ("有关法律法规和江政发〔2024〕3号", ["江政发〔2024〕3号"]),
    ("江政发〔2024〕3号和江政办发〔2024〕4号", ["江政发〔2024〕3号", "江政办发〔2024〕4号"]),
    ("第10号令和第11号令", ["令第10号", "令第11号"]),
    ("第二十条与呼和浩特市人民政府令第5号", ["呼和浩特市人民政府令第5号"]),
    ("依照和田地区行署令第6号", ["和田地区行署令第6号"]),
    ("财政部和国家税务总局公告2019年第3号", ["财政部和国家税务总局公告2019年第3号"]),
    ("国家卫生和计划生育委员会〔2014〕3号", ["国家卫生和计划生育委员会〔2014〕3号"]),
    ("由第一机械工业部令第3号发布", ["第一机械工业部令第3号"]),
    ("根据第69号令，以令2020年第5号公布", ["令第69号", "令2020年第5号"]),
    ("国发〔2015〕12、13号文件", ["国发〔2015〕12号", "国发〔2015〕13号"]),
    ("财税〔2009〕59号、60号文件", ["财税〔2009〕59号", "财税〔2009〕60号"]),
    ("国发〔2015〕12号、3家单位", ["国发〔2015〕12号"]),
    ("依照财政部 税务总局公告2019年第94号", ["财政部、税务总局公告2019年第94号"]),
]


@pytest.mark.parametrize(("text", "numbers"), RUNNING)
def test_numbers_are_found_in_running_text_without_the_words_before_them(text, numbers):
    assert [str(number) for number, _ in find_doc_numbers(text)] == numbers


def test_a_span_covers_the_raw_number():
    text = "《A》（法释〔2003〕9号）"
    ((number, (start, end)),) = find_doc_numbers(text)
    assert text[start:end] == number.raw == "法释〔2003〕9号"


def test_registry_and_index_numbers_are_kept_apart_from_document_numbers():
    text = "统一编号：ZJSP01-2018-0001 索引号：000014349/2018-00079"
    assert [str(number) for number, _ in find_registry_numbers(text)] == ["ZJSP01-2018-1"]
    assert [number for number, _ in find_index_numbers(text)] == ["000014349/2018-00079"]
    assert find_doc_numbers(text) == ()
    assert parse_registry_number("国办发〔2018〕23号") is None


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("三十八", 38),
        ("十", 10),
        ("一百零五", 105),
        ("一千二百六十", 1260),
        ("二〇一八", 2018),
        ("38", 38),
        ("甲", None),
        ("", None),
    ],
)
def test_chinese_numerals_are_read(text, value):
    assert parse_chinese_number(text) == value


PREFIXES = st.sampled_from(["国办发", "国发", "国函", "农（牧）字", "法释", "穗府办规", "高检发释字"])
ORDERS = st.sampled_from(["国务院令", "主席令", "公安部令", "国家税务总局公告", "交通部、国家统计局令"])


@given(PREFIXES, st.integers(1949, 2099), st.integers(1, 99999))
def test_a_bracketed_number_survives_print_and_parse(prefix, year, serial):
    number = parse_doc_number(f"{prefix}〔{year}〕{serial}号")
    assert parse_doc_number(str(number)) == number


@given(ORDERS, st.none() | st.integers(1949, 2099), st.integers(1, 9999))
def test_an_order_number_survives_print_and_parse(prefix, year, serial):
    number = parse_doc_number(f"{prefix}{f'{year}年' if year else ''}第{serial}号")
    assert (number.year, number.serial) == (year, serial)
    assert parse_doc_number(str(number)) == number


@given(st.text(max_size=200))
def test_no_text_breaks_the_search(text):
    for number, (start, end) in find_doc_numbers(text):
        assert text[start:end] == number.raw


def test_a_very_long_paragraph_takes_linear_time():
    assert len(find_doc_numbers("令第" * 50_000 + "国办发〔2018〕23号")) == 1
    assert find_doc_numbers("〔2018〕" * 30_000) == ()
