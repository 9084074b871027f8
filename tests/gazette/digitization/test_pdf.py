"""Text PDFs: columns in reading order, tables with their cells, text layers that lie."""

from __future__ import annotations

import pytest

from gazette.digitization.blocks import Block, BlockKind
from gazette.digitization.readers import pdf
from gazette.digitization.readers.garbled import is_garbled, mend
from gazette.digitization.readers.pdf import read_pdf
from gazette.renditions.pdf import print_page

PROSE = "公园管理机构应当按照规定的时间开放公园并做好安全保卫工作，不得擅自停止开放；确需停止的，应当公告。"


@pytest.mark.parametrize("count", [2, 3])
def test_columns_are_read_one_after_the_other(count: int):
    paragraphs = "".join(f"<p>第{n}款，{PROSE}</p>" for n in range(1, 37))
    page = (
        f"<h1>江城市公园管理办法的说明和解释</h1><div style='column-count:{count};column-gap:24pt'>{paragraphs}</div>"
    )
    texts = [block.text for block in _read(page)]
    assert [text.partition("款")[0] for text in texts[1:]] == [f"第{n}" for n in range(1, 37)]
    assert all(text.endswith("应当公告。") for text in texts[1:])


def test_a_ruled_table_keeps_its_cells_and_spans():
    (table,) = _tables(
        _read(
            "<p>收费标准如下：</p><table><tr><th rowspan=2>类别</th><th colspan=2>标准（元）</th></tr>"
            "<tr><td>雨水</td><td>污水</td></tr><tr><td>圆形井盖</td><td>12.50</td><td></td></tr></table><p>以上。</p>"
        )
    )
    assert table.rows == (
        ("类别", "标准（元）", "标准（元）"),
        ("类别", "雨水", "污水"),
        ("圆形井盖", "12.50", ""),
    )


def test_a_line_that_fills_its_cell_runs_on_and_a_short_one_does_not():
    cells = f"<tr><td>说明</td><td>{PROSE}</td></tr><tr><td>要求</td><td>1.完好；<br>2.平整。</td></tr>"
    (table,) = _tables(_read(f"<table style='width:8cm'>{cells}</table>"))
    assert [row[1] for row in table.rows] == [PROSE, "1.完好； 2.平整。"]


def test_a_table_over_pages_is_one_and_its_head_is_not_repeated():
    rows = "".join(f"<tr><td>{n}</td><td>江城市第{n}公园</td><td>开放</td></tr>" for n in range(1, 120))
    head = "<thead><tr><th>序号</th><th>名称</th><th>状态</th></tr></thead>"
    (table,) = _tables(_read(f"<p>公园名录如下：</p><table>{head}{rows}</table>"))
    assert [row[0] for row in table.rows] == ["序号", *map(str, range(1, 120))]


def test_a_frame_around_text_and_an_empty_drawing_are_no_tables():
    boxes = "<table>" + "<tr><td style='height:1cm'></td><td></td><td></td></tr>" * 3 + "</table>"
    assert _tables(_read(f"<div style='border:1pt solid'>{PROSE}</div>{boxes}")) == []


def _unruled(*rows: tuple[str, ...]) -> str:
    style = "border:0;vertical-align:top;padding:3pt 10pt"
    cells = ["".join(f"<td style='{style}'>{cell}</td>" for cell in row) for row in rows]
    return f"<table style='border:0'><tr>{'</tr><tr>'.join(cells)}</tr></table>"


def test_a_table_that_white_space_alone_sets_keeps_its_cells():
    head, *rows = ("区县", "常住人口（万人）", "增速（%）"), ("江北区", "52.3", "1.2"), ("江南区", "48.0", "-0.4")
    wide = ("经济技术开发区", "7.9", "12.5")
    before, table, after = _read(f"<p>{PROSE}</p>{_unruled(head, *rows, wide)}<p>{PROSE}</p>")
    assert table.rows == (head, *rows, wide)
    assert (before.text, after.text) == (PROSE, PROSE)


def test_a_long_cell_of_a_table_without_rules_is_one_cell():
    rows = (("1", f"<div style='width:5cm'>{PROSE}</div>", "120"), ("2", "公园保洁", "80.5"), ("3", "公园绿化", "64"))
    (table,) = _tables(_read(_unruled(*rows)))
    assert table.rows == (("1", PROSE, "120"), *rows[1:])


@pytest.mark.parametrize(
    "rows",
    [
        [
            ("张三明", "李四光", "王五常", "赵六一"),
            ("钱七", "孙八达", "周九思", "吴十全"),
            ("郑一", "冯二", "陈三", "褚四"),
        ],
        [("市财政局", "2024年3月1日"), ("市教育局", "2024年3月2日"), ("市公安局", "2024年3月3日")],
        [("一、总则", "1"), ("二、管理", "12"), ("三、附则", "30")],
        [("序号", "名称", "金额"), ("1", "保洁", "80.5")],
    ],
    ids=["names in columns", "signatures", "contents", "two rows"],
)
def test_what_only_looks_like_a_table_stays_lines(rows: list[tuple[str, ...]]):
    assert _tables(_read(f"<p>{PROSE}</p>{_unruled(*rows)}<p>{PROSE}</p>")) == []


def test_text_set_aslant_is_a_watermark():
    mark = "<div style='position:absolute;top:8cm;transform:rotate(-35deg);font-size:40pt'>内部资料</div>"
    assert "内部资料" not in "".join(block.text for block in _read(f"{mark}<p>{PROSE}</p>"))


def test_paragraphs_without_indents_are_told_apart_by_the_space_between_them():
    body = "".join(f"<p style='margin:8pt 0;text-align:justify'>{PROSE * 3}</p>" for _ in range(3))
    assert len(_read(body)) == 3


def test_gbk_taken_for_latin_is_mended_and_other_latin_is_not():
    assert mend("中华人民共和国".encode("gbk").decode("latin-1")) == "中华人民共和国"
    assert mend("Prefeitura de São João, licitação pública") == "Prefeitura de São João, licitação pública"


@pytest.mark.parametrize(
    ("text", "lies"),
    [
        (PROSE * 4, False),
        ("\ue001\ue002\ue003\ue004" * 20 + PROSE, True),
        ("龘靐齉爩龗灪麷鱻爨籱" * 20, True),
        ("\x80\x81" * 40, True),
        ("Emission standard of air pollutants for the cement industry", False),
        ("短", False),
    ],
)
def test_a_text_layer_that_cannot_be_what_is_printed_is_found_out(text: str, lies: bool):
    assert is_garbled(text) is lies


def test_a_page_with_a_lying_text_layer_goes_to_recognition_with_a_finding(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(pdf, "is_garbled", lambda _text: True)
    monkeypatch.setattr(pdf, "find_recognizer", lambda: None)
    reading = read_pdf(print_page(f"<p>{PROSE}</p>"))
    assert {finding.code for finding in reading.findings} == {"pdf.garbled", "scan.needs_ocr"}
    assert reading.blocks == ()


def _read(html: str) -> tuple[Block, ...]:
    cells = "td,th{border:1pt solid;padding:3pt} tr{break-inside:avoid} table{border-collapse:collapse}"
    style = "@page{size:A4;margin:2.5cm}" + cells
    return read_pdf(print_page(f"<style>{style}</style>{html}")).blocks


def _tables(blocks: tuple[Block, ...]) -> list[Block]:
    return [block for block in blocks if block.kind is BlockKind.TABLE]
