"""What an interface says of parameters it cannot take, in both languages."""

from __future__ import annotations

import pytest

from portal.parameters import in_words


@pytest.mark.parametrize(
    ("address", "zh", "en"),
    [
        ("from=abc", "from：不是日期，请写成2024-05-01", "from: is not a date; write it as 2024-05-01"),
        ("page=2", "page：没有这个参数", "page: there is no such parameter"),
        ("limit=101", "limit：应在0到100之间", "limit: must be from 0 to 100"),
        ("limit=x", "limit：不是整数", "limit: is not a whole number"),
        ("unit=x", "unit：只能是document, article", "unit: must be one of document, article"),
        ("after=" + "A" * 401, "after：最长400个字符", "after: has at most 400 characters"),
        ("kind=" + "A" * 201, "kind：最长200个字符", "kind: has at most 200 characters"),
        ("q=a&q=b", "q只能有一个值", "q takes one value only"),
    ],
)
def test_a_refused_parameter_is_named_in_both_languages(reader, address, zh, en):
    answer = reader.get(f"/api/v1/search?{address}")
    assert answer.status_code == 400
    assert (answer.json["message"], answer.json["message_en"]) == (f"输入有误：{zh}", f"Bad input: {en}")


def test_a_message_nobody_foresaw_is_handed_on():
    assert in_words({"json": {"text": ["Odd."]}}) == ("text：Odd.", "text: Odd.")
