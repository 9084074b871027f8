"""Pages set in columns, their pieces of print placed by hand: 24 letters of 10 points a column, 20 points between."""

from __future__ import annotations

from gazette.digitization.readers.columns import in_reading_order
from gazette.digitization.readers.printed import PrintedLine

LEFT, RIGHT, WIDTH = 50.0, 310.0, 240.0


def column(name: str, lengths: list[float], *, page: int, left: float, indent: float = 0.0) -> list[PrintedLine]:
    return [
        PrintedLine(f"{name}{n}", page, left + indent, left + length, 100.0 + 15 * n, 10.0)
        for n, length in enumerate(lengths)
    ]


def full_page(page: int) -> list[PrintedLine]:
    return [
        *column("左", [WIDTH] * 12, page=page, left=LEFT),
        *column("右", [WIDTH] * 12, page=page, left=RIGHT),
    ]


def read(*pages: list[PrintedLine]) -> list[list[str]]:
    return [[line.text for line in lines] for lines in in_reading_order(pages)]


def test_columns_of_many_short_lines_and_some_full_ones_are_columns():
    lengths = [WIDTH, 60.0, 80.0, WIDTH, 40.0, 70.0, WIDTH, 90.0, WIDTH, 50.0, 60.0, 60.0]
    page = [*column("左", lengths, page=1, left=LEFT), *column("右", lengths, page=1, left=RIGHT)]
    assert read(page) == [[*(f"左{n}" for n in range(12)), *(f"右{n}" for n in range(12))]]


def test_a_page_of_short_lines_is_read_by_the_gutter_of_the_others():
    short = [
        *column("左", [60.0, 200.0, 40.0, 50.0, 30.0], page=2, left=LEFT),
        *column("右", [50.0, 60.0, 210.0, 40.0], page=2, left=RIGHT, indent=20.0),
    ]
    assert read(full_page(1), short)[1] == [*(f"左{n}" for n in range(5)), *(f"右{n}" for n in range(4))]
    assert read(short)[0] != read(full_page(1), short)[1]


def test_a_signature_at_the_right_of_a_page_of_one_column_makes_no_column():
    text = [PrintedLine(f"行{n}", 2, LEFT, RIGHT + WIDTH, 100.0 + 15 * n, 10.0) for n in range(6)]
    ending = [
        PrintedLine("附件：名单", 2, LEFT + 20, 130.0, 200.0, 10.0),
        PrintedLine("江城市人民政府", 2, 420.0, 490.0, 215.0, 10.0),
        PrintedLine("2024年5月20日", 2, 425.0, 495.0, 230.0, 10.0),
        PrintedLine("（此件公开发布）", 2, LEFT + 20, 150.0, 245.0, 10.0),
    ]
    assert read(full_page(1), [*text, *ending])[1][-4:] == [line.text for line in ending]


def test_a_heading_across_both_columns_parts_them():
    upper, lower = full_page(1), full_page(1)
    lower = [PrintedLine(f"下{line.text}", 1, line.left, line.right, line.top + 220, 10.0) for line in lower]
    heading = PrintedLine("跨栏标题", 1, 200.0, 400.0, 300.0, 16.0)
    assert read([*upper, heading, *lower])[0] == [
        *(f"左{n}" for n in range(12)), *(f"右{n}" for n in range(12)), "跨栏标题",
        *(f"下左{n}" for n in range(12)), *(f"下右{n}" for n in range(12)),
    ]  # fmt: skip


def test_three_lines_at_the_top_of_the_second_column_are_placed_as_text():
    page = [
        *column("左", [WIDTH] * 12, page=2, left=LEFT),
        *column("右", [WIDTH, WIDTH, 90.0, 80.0], page=2, left=RIGHT),
    ]
    (_first, second) = in_reading_order([full_page(1), page])
    assert {round(line.left) for line in second} == {50}
    assert second[12].right == RIGHT + WIDTH
