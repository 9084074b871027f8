import tomllib
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gazette.citations.numbers import find_doc_numbers, parse_doc_number
from gazette.citations.registers import (
    find_index_numbers,
    find_register_numbers,
    find_registry_numbers,
    parse_registry_number,
)
from gazette.numerals import parse_chinese_number
from tests.growth import is_linear

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
    ("第41号部长令", "令第41号", "令", None, 41),
    ("公安部第41号部长令", "公安部令第41号", "公安部令", None, 41),
    ("江城省省长令第5号", "江城省令第5号", "江城省令", None, 5),
    ("国家计委等七部委联合令第12号", "国家计委等七部委令第12号", "国家计委等七部委令", None, 12),
    ("中共中央令第5号", "中共中央令第5号", "中共中央令", None, 5),
    ("和政发〔2013〕8号", "和政发〔2013〕8号", "和政发", 2013, 8),
    ("即政办发〔2013〕8号", "即政办发〔2013〕8号", "即政办发", 2013, 8),
    ("日政发〔2013〕8号", "日政发〔2013〕8号", "日政发", 2013, 8),
    ("并政发〔2013〕8号", "并政发〔2013〕8号", "并政发", 2013, 8),
    ("原政规〔2013〕8号", "原政规〔2013〕8号", "原政规", 2013, 8),
    ("行政院院臺衛字第1090171234號", "院臺衛字第1090171234號", "院臺衛字", None, None),
    ("2012年第027号法律公告", "2012年第27号法律公告", None, 2012, 27),
    ("L.N. 27 of 2012", "2012年第27号法律公告", None, 2012, 27),
    ("第3/2012號行政法規", "第3/2012号行政法规", None, 2012, 3),
    ("香港法例第571A章", "香港法例第571A章", None, None, None),
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
    ("第12号、第15号令", ["令第12号", "令第15号"]),
    ("公安部第82号和第151号令", ["公安部令第82号", "公安部令第151号"]),
    ("国务院第301、305号令同时废止", ["国务院令第301号", "国务院令第305号"]),
    ("2004年第3号、第5号和第8号令", ["令2004年第3号", "令2004年第5号", "令2004年第8号"]),
    ("税务总局令第7、8号", ["税务总局令第7号", "税务总局令第8号"]),
    ("财政部公告2019年第5、6号", ["财政部公告2019年第5号", "财政部公告2019年第6号"]),
    ("财政部公告2019年第1号、2020年第2号", ["财政部公告2019年第1号", "财政部公告2020年第2号"]),
    ("国函〔2003〕9号、〔2004〕10号和〔2005〕11号", ["国函〔2003〕9号", "国函〔2004〕10号", "国函〔2005〕11号"]),
    ("与和政办发〔2013〕8号不一致的", ["和政办发〔2013〕8号"]),
    ("和行发〔2013〕5号", ["和行发〔2013〕5号"]),
    ("根据财政部财税〔2016〕36号", ["财税〔2016〕36号"]),
    ("国务院办公厅国办发〔2018〕23号", ["国办发〔2018〕23号"]),
    ("国家计委、财政部计价费〔1996〕3号", ["计价费〔1996〕3号"]),
    ("江城市人民政府江政发〔2024〕3号", ["江政发〔2024〕3号"]),
    ("按工信部联规〔2021〕206号和人社部发〔2019〕85号", ["工信部联规〔2021〕206号", "人社部发〔2019〕85号"]),
    ("中华人民共和国商务部 中华人民共和国海关总署令第23号", ["商务部、海关总署令第23号"]),
    ("2019年3月5日国发〔2019〕3号", ["国发〔2019〕3号"]),
    ("当日国发〔2019〕3号和江政发〔2019〕3号", ["国发〔2019〕3号", "江政发〔2019〕3号"]),
    ("第三十二条、第5号井", []),
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


PREFIXES = st.sampled_from(
    ["国办发", "国发", "国函", "农（牧）字", "法释", "穗府办规", "高检发释字", "和政发", "日政发"]
)
ORDERS = st.sampled_from(["国务院令", "主席令", "公安部令", "国家税务总局公告", "交通部、国家统计局令"])
SERIALS = st.integers(1, 9999)
ZEROS = st.sampled_from(["", "0", "00"])


def digits(number, style):
    """`number` in wide figures, in Chinese digits (二〇一八), or as it is."""
    table = {"wide": "０１２３４５６７８９", "chinese": "〇一二三四五六七八九"}.get(style, "0123456789")
    return str(number).translate(str.maketrans("0123456789", table))


@given(
    PREFIXES,
    st.integers(1949, 2099),
    SERIALS,
    st.sampled_from(["〔〕", "[]", "［］", "()", "（）", "【】", "﹝﹞", "〖〗", "<>", "〈〉"]),
    st.sampled_from(["plain", "wide", "chinese"]),
    st.sampled_from(["", "年"]),
    st.sampled_from(["", "第", " 第 "]),
    ZEROS,
    st.sampled_from(["号", " 号", "號"]),
)
def test_a_bracketed_number_has_one_spelling_however_it_is_printed(
    prefix, year, serial, brackets, style, after_year, before_serial, zeros, end
):
    printed = (
        f"{prefix}{brackets[0]}{digits(year, style)}{after_year}{brackets[1]}"
        f"{before_serial}{zeros}{digits(serial, 'wide' if style == 'wide' else None)}{end}"
    )
    number = parse_doc_number(printed)
    assert (number.prefix, number.year, number.serial) == (prefix, year, serial)
    assert str(number) == f"{prefix}〔{year}〕{serial}号"
    assert str(parse_doc_number(str(number))) == str(number)
    assert [str(found) for found, _ in find_doc_numbers(f"按照{printed}文件")] == [str(number)]


@given(
    ORDERS,
    st.none() | st.integers(1949, 2099),
    SERIALS,
    ZEROS,
    st.sampled_from(["{kind}{year}第{serial}号", "{kind}（{year}第{serial}号）", "{year}第{serial}号{kind}"]),
)
def test_an_order_number_has_one_spelling_however_it_is_printed(order, year, serial, zeros, form):
    kind = "公告" if order.endswith("公告") else "令"
    printed = order.removesuffix(kind) + form.format(
        kind=kind, year=f"{year}年" if year else "", serial=f"{zeros}{serial}"
    )
    number = parse_doc_number(printed)
    assert (number.prefix, number.year, number.serial) == (order, year, serial)
    assert str(parse_doc_number(str(number))) == str(number)


@given(
    st.sampled_from(["HFGS", "ZJAC00", "SDPR"]),
    st.integers(1990, 2099),
    SERIALS,
    ZEROS,
    st.sampled_from(["-", "—", "－"]),
)
def test_a_registration_number_has_one_spelling_however_it_is_printed(prefix, year, serial, zeros, dash):
    number = parse_doc_number(f"{prefix}{dash}{year}{dash}{zeros}{serial}")
    assert str(number) == f"{prefix}-{year}-{serial}"
    assert str(parse_doc_number(str(number))) == str(number)


@given(st.sampled_from(["院臺財字", "華總一義字", "金管銀（四）字"]), st.integers(10**8, 10**12 - 1), st.booleans())
def test_a_number_of_taiwan_has_one_spelling_however_it_is_printed(series, serial, wide):
    number = parse_doc_number(f"{series}第{digits(serial, 'wide' if wide else None)}號")
    assert str(number) == f"{series}第{serial}號"
    assert str(parse_doc_number(str(number))) == str(number)


@given(st.text(max_size=200))
def test_no_text_breaks_the_search(text):
    for number, (start, end) in find_doc_numbers(text):
        assert text[start:end] == number.raw


FORMS = tomllib.loads(files("gazette").joinpath("data/numbers.toml").read_text("utf-8"))["form"]


@pytest.mark.parametrize("form", FORMS, ids=[each["of"] for each in FORMS])
def test_each_form_of_another_record_reads_its_example_and_not_its_counter_example(form):
    assert [raw for raw in (form["yes"], form["no"]) if find_register_numbers(raw)] == [form["yes"]]


def test_numbers_of_other_registers_are_found_in_running_text():
    text = "依據行政院106年3月5日院臺法字第1060165432號函，索引号：FZ0100-0202-2021-00001；第10/2013號法律"
    found = [str(number) for number, _ in find_register_numbers(text)]
    assert found == ["院臺法字第1060165432號", "FZ0100-0202-2021-00001", "第10/2013号法律"]
    assert all(text[start:end] == number.raw for number, (start, end) in find_register_numbers(text))


def test_a_very_long_paragraph_takes_linear_time():
    assert len(find_doc_numbers("令第" * 50_000 + "国办发〔2018〕23号")) == 1
    assert find_doc_numbers("〔2018〕" * 30_000) == ()


@pytest.mark.parametrize(
    "repeated", ["第", "第1号、", "第1、", "公告1号、", "字第1號", "索引号A-1-", "和政", "令2019年第1号、"]
)
def test_a_text_made_to_be_slow_takes_linear_time(repeated):
    assert is_linear(lambda size: (find_doc_numbers(repeated * size), find_register_numbers(repeated * size)), 4_000)
