"""Pieces of print back to lines with their sizes, and leaders found beside them, without a recognizer."""

from collections.abc import Sequence
from typing import Any

from PIL import Image, ImageDraw

from gazette.digitization.readers.page_layout import Piece, printed_lines
from gazette.digitization.readers.page_leaders import add_leaders
from tests import paper
from tests.gazette.digitization.builders import needs_ocr

WIDTH, HEIGHT = 1240, 30.0


def piece(text: str, top: float, *, pitch: float = 25.0, height: float = HEIGHT, left: float = 140.0) -> Piece:
    return Piece((left, top, left + pitch * len(text), top + height), text, 0.99)


def sizes(*pieces: Piece) -> list[float]:
    boxes = {each.box: each.box for each in pieces}
    rows = [(each,) for each in pieces]
    return [line.size for line in printed_lines(rows, page=1, width=WIDTH, boxes=boxes)]


def test_a_longer_line_tells_its_size_by_its_characters_and_not_by_its_box():
    title, addressed, text, *_ = sizes(
        piece("江城市人民政府关于废止部分行政规范性文件的决定", 100, pitch=37.0, height=38.0),
        piece("各区、县人民政府，市政府各部门：", 160, height=36.0),
        piece("根据全市统一大市场建设政策措施清理工作要求，经会议研究", 220),
        piece("本决定自印发之日起施行，由市人民政府办公室负责解释。", 280),
    )
    assert addressed == text
    assert title > 1.4 * text


def contents_page(*entries: tuple[str, str], dots: str = "." * 40) -> tuple[Any, list[Piece]]:
    """A page of titles, dots and numbers, of which only the titles were read."""
    page = Image.new("RGB", (WIDTH, 60 * len(entries) + 60), "white")
    pen, font = ImageDraw.Draw(page), paper.font_of(12, 150)
    pieces = []
    for at, (title, number) in enumerate(entries):
        left, top, right, bottom = pen.textbbox((140, 40 + 60 * at), title, font=font)
        pen.text((140, 40 + 60 * at), title, font=font, fill="black")
        pen.text((right + 10, 40 + 60 * at), dots, font=font, fill="black")
        end = right + 20 + pen.textlength(dots, font=font)
        pen.text((end, 40 + 60 * at), number, font=font, fill="black")
        pieces.append(Piece((left, top - 3, right, bottom + 3), title, 0.98))
    import numpy

    return numpy.asarray(page), pieces


@needs_ocr
def test_a_leader_and_its_number_are_found_where_only_the_title_was_read():
    points, pieces = contents_page(("江城市养犬管理办法", "1"), ("江城市户外广告设施管理办法", "12"))
    asked: list[Any] = []

    def read(crops: list[Any]) -> Sequence[str]:
        asked.extend(crops)
        return ["l", "12"]

    found = add_leaders(points, pieces, read)
    assert [each.text for each in found] == [
        *[each.text for each in pieces],
        "………1",
        "………12",
    ]
    assert asked[1].shape[1] > asked[0].shape[1]


@needs_ocr
def test_a_leader_alone_on_its_line_and_one_read_along_with_the_title_are_found():
    points, pieces = contents_page(("江城市养犬管理办法", "1"), ("", "7"), ("江城市户外广告设施管理办法", "12"))
    last = pieces[2]
    along = Piece((*last.box[:2], last.box[2] + 300, last.box[3]), last.text + "....2", 0.9)
    found = add_leaders(points, [pieces[0], along], lambda crops: [["1", "12", "7"][n] for n in range(len(crops))])
    assert [each.text for each in found] == [pieces[0].text, last.text, "………1", "………12", "………7"]


@needs_ocr
def test_points_within_the_characters_of_a_title_are_no_leader():
    points, pieces = contents_page(
        ("江城市公布清理结果的通知、江城市公共汽车、江海、河流、治沙、注溉、沟渠", "3"), dots="....."
    )
    along = Piece((*pieces[0].box[:2], pieces[0].box[2] + 200, pieces[0].box[3]), pieces[0].text + ".....3", 0.9)
    assert add_leaders(points, [along], lambda _crops: []) == [along]


@needs_ocr
def test_the_six_dots_of_an_ellipsis_are_no_leader():
    points, pieces = contents_page(("江城市养犬管理办法", ""), dots="......")
    assert add_leaders(points, pieces, lambda _crops: []) == pieces
