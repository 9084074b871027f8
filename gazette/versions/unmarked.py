"""New wording that a decision prints without quotation marks, found by what introduces it and what follows it.

第四条修改为： opens it, on the same line or on the next ones; the next change, or the closing sentence, ends it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

_N = r"[一二三四五六七八九十百零〇两\d]{1,6}"
_ADDRESS = rf"第(?:{_N}|[（(]{_N}[）)])[条款项目章节编](?:之{_N})?"
_MARKER = re.compile(rf"\s*(?:{_N}、|[（(]{_N}[）)]、?|\d{{1,3}}[.．、](?!\d)|[①-⑳]|第{_N}[，,])\s*")
_VERB = (
    r"(?:修改|修订|修正|改[为成]|调整|替换|删[去除]|去掉|取消|废止|增加|新增|增设|增列|补充|插入"
    r"|合并|拆分|分为|移至|移到|作为|予以|顺延|作如下|由)"
)
_INTRODUCES = re.compile(
    rf"(?P<lead>[^“”：:]{{0,160}}?(?:{_ADDRESS}[^“”：:]*(?:修改|改|订|换|表述|内容|作为|原文|增加|新增|增设)|"
    rf"(?:增加|新增|增设|增列|补充|增补)[^“”：:。]{{0,40}}[条款项章])[^“”：:]{{0,30}}[：:])\s*(?P<rest>\S.*)?$"
)
_INSTRUCTS = re.compile(
    rf"\s*(?:(?:将|把|对|在|原|现将|同时|并)*(?:《[^《》]{{2,60}}》)?的?(?:原?{_ADDRESS}[、和至及与，,]?)+"
    rf"(?:(?:以后|中|后|前|的|之|与|款|项)*[^\s\u3000。；，]{{0,12}}?|\s*){_VERB}"
    rf"|(?:删去|删除|增加|新增|增设|废止|取消|补充)(?:第|原|一|二|两|三|\d|本|《|“|条)"
    r"|(?:将|把)[^。]{0,20}“|(?:此外|另外|同时)[，,]?[^。]{0,30}(?:序号|顺序|条文|文字)"
    r"|(?:对|其[他余]|有关|相关|以下|以后|其后)?[^。\s]{0,12}(?:条文|条款|章节|条)[^。]{0,8}(?:序号|顺序)[^。]{0,12}(?:调整|修改|顺延)"
    r"|本(?:决定|修正案|办法|规定)自.{1,20}施行|《[^《》]+》[^。]{0,16}根据本(?:决定|修正案))"
)
_ARTICLE = re.compile(rf"(?P<marker>{_MARKER.pattern})(?P<article>第{_N}条(?:之{_N})?)[\s\u3000]+(?P<text>\S.*)$")


def mark_wording(lines: Sequence[str]) -> list[str]:
    """`lines` with “ ” set around new wording that has none; there are as many lines as before."""
    marked = list(lines)
    row = 0
    while row < len(marked):
        line = marked[row]
        article = _ARTICLE.match(line)
        if article and not instructs(article["text"]) and "“" not in line and not instructs(line):
            marked[row] = f"{article['marker']}{article['article']}修改为：“{article['text']}"
            row = _close(marked, row)
            continue
        told = _INTRODUCES.match(line)
        rest = told["rest"] if told else None
        if told and rest and not _opens(rest) and not instructs(rest):
            marked[row] = f"{told['lead']}“{rest}"
            row = _close(marked, row)
        elif told and not rest and row + 1 < len(marked) and not _opens(marked[row + 1]):
            if not instructs(marked[row + 1]):
                marked[row + 1] = "“" + marked[row + 1].lstrip()
                row = _close(marked, row + 1)
            else:
                row += 1
        else:
            row += 1
    return marked


def instructs(line: str) -> bool:
    """Whether a line tells a change, or closes the decision, rather than being new wording."""
    marker = _MARKER.match(line)
    return bool(_INSTRUCTS.match(line, marker.end() if marker else 0))


def _opens(line: str) -> bool:
    return line.lstrip().startswith(("“", "‘", "《"))


def _close(lines: list[str], row: int) -> int:
    """Set ” at the end of the wording that opens in `row`; returns the row after it."""
    last = row
    while last + 1 < len(lines) and not instructs(lines[last + 1]) and not _ARTICLE.match(lines[last + 1]):
        last += 1
    lines[last] = lines[last].rstrip() + "”"
    return last + 1
