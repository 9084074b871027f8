"""Where an agency stands: its region, and the path from its place down to it, read off its name.

    湖北省武汉市洪山区人民政府办公室 → 湖北省/武汉市/洪山区/湖北省武汉市洪山区人民政府/湖北省武汉市洪山区人民政府办公室

A path is counted and filtered by step: what is chosen at one step takes in everything below it.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from functools import cache
from itertools import accumulate
from pathlib import Path

#: Between the steps of a path, as 主题分类 are written (市场监管/食品药品监管).
STEP = "/"
_NATION = "全国"
_PLACE = re.compile(
    r"(?P<province>.{2,6}?(?:省|自治区|特别行政区))?(?P<city>[^局院委会]{2,8}?(?:市|自治州|盟))?"
    r"(?P<county>[^局院委会]{2,8}?(?:县|自治旗|旗|(?<![园景库社城发税小街])区))?"
)
#: A body, and what hangs on its name: 人民政府办公室 of 人民政府.
_BODY = re.compile(r"(.*?(?:人民政府|国务院|人民代表大会))(?=.)")


def find_region(names: Iterable[str]) -> str | None:
    """The province-level region by the first name that begins with one; None where none does."""
    national, _, provinces = _regions()
    for name in names:
        for province, short in provinces:
            if name.startswith(province):
                return short
        if name.startswith(national):
            return _NATION
    return None


def agency_path(name: str) -> str:
    """The path of an agency, from its place down to its own name."""
    name = name.replace(STEP, "／")
    national, endings, _ = _regions()
    found = _PLACE.match(name)
    places = [each for each in found.groups() if each] if found else []
    if name.startswith(national) or (not places and name.endswith(endings)):
        places = [_NATION]
    body = _BODY.match(name)
    return STEP.join(dict.fromkeys([*places, *([body[1]] if body else []), name]))


def steps(path: str) -> tuple[str, ...]:
    """A path and everything above it, from the top: 甲/乙 is 甲 and 甲/乙."""
    return tuple(accumulate(path.split(STEP), lambda above, step: f"{above}{STEP}{step}")) if path else ()


@cache
def _regions() -> tuple[tuple[str, ...], tuple[str, ...], tuple[tuple[str, str], ...]]:
    """How national bodies begin; how those that say no place end; (province, its short name)."""
    table = tomllib.loads(Path(__file__).with_name("regions.toml").read_text("utf-8"))
    short = {name: name[:3] if name.startswith(("内蒙古", "黑龙江")) else name[:2] for name in table["provinces"]}
    return tuple(table["national"]), tuple(table["national_endings"]), tuple(short.items())
