"""Printed lines, placed on a page 400 wide with letters 16 high, back to paragraphs."""

from gazette.digitization.readers.printed import PrintedLine, join_paragraphs, part_running_heads

FULL, MARGIN = 480.0, 80.0


def lines(*placed: tuple[str, float, float], size: float = 16.0) -> list[PrintedLine]:
    return [PrintedLine(text, 1, left, right, 20.0 * at, size) for at, (text, left, right) in enumerate(placed)]


def paragraphs(printed: list[PrintedLine]) -> list[str]:
    return [block.text for block in join_paragraphs(printed)]


def test_a_line_at_the_margin_goes_on_with_a_full_line_before_it():
    printed = lines(
        ("第一条　停放三十分钟以内免费，新能源汽车首次停放", MARGIN + 32, FULL),
        ("两小时以内免费。", MARGIN, 220),
    )
    assert paragraphs(printed) == ["第一条　停放三十分钟以内免费，新能源汽车首次停放两小时以内免费。"]


def test_signature_date_and_note_keep_to_themselves():
    printed = lines(
        ("第七条　本办法自印发之日起施行，由市发展和改革委员会负责解释，有效期", MARGIN + 32, FULL),
        ("5年。", MARGIN, 120),
        ("江城市发展和改革委员会", 300, 440),
        ("2024年12月10日", 320, 440),
        ("（此件公开发布）", MARGIN, 210),
    )
    assert paragraphs(printed)[1:] == ["江城市发展和改革委员会", "2024年12月10日", "（此件公开发布）"]


def test_a_title_in_larger_letters_is_no_part_of_the_number_below_it():
    title = lines(("江城市机动车停放服务收费管理办法", 120, 440), size=22.0)
    number = [PrintedLine("江发改规〔2024〕2号", 1, 220, 340, 60.0, 16.0)]
    body = lines(
        ("为了规范收费行为，根据有关法律法规，结合本市实际，制定", MARGIN + 32, FULL), ("本办法。", MARGIN, 140)
    )
    assert paragraphs([*title, *number, *body])[:2] == ["江城市机动车停放服务收费管理办法", "江发改规〔2024〕2号"]


def test_the_lowest_confidence_of_its_lines_is_the_paragraph_s():
    printed = [
        PrintedLine("为了规范收费行为，根据有关法律法规，结合本市实际，制定", 1, MARGIN + 32, FULL, 0, 16.0, 0.99),
        PrintedLine("本办法。", 1, MARGIN, 140, 20, 16.0, 0.71),
    ]
    (block,) = join_paragraphs(printed)
    assert block.confidence == 0.71


def test_a_page_number_is_taken_out():
    printed = lines(("第一条　为了规范收费行为，制定本办法。", MARGIN + 32, 400), ("- 1 -", 270, 290))
    assert [line.text for line in part_running_heads(printed).lines] == ["第一条　为了规范收费行为，制定本办法。"]


def test_a_running_head_is_known_whatever_spaces_were_read_in_it():
    heads = ["江城市人民政府公报 2025年 第4号 （总第196号）", "江城市人民政府公报 2025年 第4号（总第196号）"]
    printed = [
        PrintedLine(text, page, MARGIN, FULL, 20.0 * at, 16.0)
        for page, word in enumerate("春夏秋冬", 1)
        for at, text in enumerate([heads[page % 2], *[f"{word}{of}章。" for of in "甲乙丙丁"]])
    ]
    pages = part_running_heads(printed)
    assert len(pages.running) == 1
    assert len(pages.lines) == 16
