"""What is wrong with the parameters of an interface, in one line of either language.

The schemas' own messages are English and stand in `detail`, where a program finds them by parameter.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

#: (a message of marshmallow, what to say for it in Chinese, in English); groups are filled in.
_WRONG = tuple(
    (re.compile(pattern), zh, en)
    for pattern, zh, en in (
        (r"Unknown field\.", "没有这个参数", "there is no such parameter"),
        (r"Missing data for required field\.", "必须填写", "is required"),
        (r"Field may not be null\.", "不能为空", "must not be null"),
        (r"Not a valid date\.", "不是日期，请写成2024-05-01", "is not a date; write it as 2024-05-01"),
        (
            r"Not a valid datetime\.",
            "不是时刻，请写成2024-05-01T08:00:00Z",
            "is no moment; write it as 2024-05-01T08:00:00Z",
        ),
        (r"Not a valid integer\.", "不是整数", "is not a whole number"),
        (r"Not a valid boolean\.", "只能是true或false", "must be true or false"),
        (r"Not a valid string\.", "不是文字", "is not text"),
        (r"Must be one of: (.+)\.", "只能是{0}", "must be one of {0}"),
        (r"Longer than maximum length (\d+)\.", "最长{0}个字符", "has at most {0} characters"),
        (r"Shorter than minimum length (\d+)\.", "最短{0}个字符", "has at least {0} characters"),
        (
            r"Must be greater than or equal to (-?\d+) and less than or equal to (-?\d+)\.",
            "应在{0}到{1}之间",
            "must be from {0} to {1}",
        ),
    )
)


def in_words(detail: object) -> tuple[str, str]:
    """`detail` of a refused request (place → parameter → messages) in Chinese and in English."""
    said = [(name, *_say(message)) for name, message in _iter_messages(detail)]
    return "；".join(f"{name}：{zh}" for name, zh, _ in said), "; ".join(f"{name}: {en}" for name, _, en in said)


def _iter_messages(detail: Any, name: str = "") -> Iterator[tuple[str, str]]:
    """(parameter, message), however deep: of a list of values each has a number."""
    if isinstance(detail, dict):
        for key, inside in detail.items():
            yield from _iter_messages(inside, name if isinstance(key, int) else str(key))
    elif isinstance(detail, list):
        yield from ((name, str(each)) for each in detail)
    elif detail:
        yield name, str(detail)


def _say(message: str) -> tuple[str, str]:
    for pattern, zh, en in _WRONG:
        if match := pattern.fullmatch(message):
            return zh.format(*match.groups()), en.format(*match.groups())
    return message, message
