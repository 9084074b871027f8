"""The official words for the record's enumerations, in the interface's language."""

from __future__ import annotations

import datetime as dt
import re
from zoneinfo import ZoneInfo

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from markupsafe import Markup

from datasets.dataset import Access
from gazette.draft import BodyType
from gazette.phrases import phrase_book
from gazette.record.documents import DocumentState, VersionOrigin
from gazette.record.ingest import Action
from gazette.validity.events import EventKind, EventState, Origin
from gazette.validity.status import Status
from gazette.versions.comparison import Change
from portal.language import language

#: Chinese characters and what stands between them.
_CHINESE = re.compile(r"([《〔（]*[\u3400-\u9fff〇][\d\u3000-\u303f\u3400-\u9fff\uff00-\uffef·]*)")

STATUS = {
    Status.IN_FORCE: _l("现行有效"),
    Status.PENDING: _l("尚未施行"),
    Status.AMENDED: _l("已被修改"),
    Status.PARTIAL: _l("部分失效"),
    Status.SUSPENDED: _l("暂停施行"),
    Status.REPEALED: _l("已废止"),
    Status.LAPSED: _l("已失效"),
    Status.UNKNOWN: _l("待核"),
}

#: 开放类型
ACCESS = {
    Access.OPEN: _l("无条件开放"),
    Access.CONDITIONAL: _l("有条件开放"),
    Access.CLOSED: _l("不予开放"),
}

#: 更新周期, as datasets keep it.
UPDATE_CYCLE = {
    "实时": _l("实时"),
    "每日": _l("每日"),
    "每周": _l("每周"),
    "每月": _l("每月"),
    "每季度": _l("每季度"),
    "每半年": _l("每半年"),
    "每年": _l("每年"),
    "不定期": _l("不定期"),
    "不更新": _l("不更新"),
    "其他": _l("其他"),
}

#: 认定方式
BASIS = {
    Origin.OFFICIAL_LABEL: _l("官方标注"),
    Origin.TEXT: _l("条文载明"),
    Origin.DATE: _l("日期推算"),
    Origin.EDITOR: _l("编辑认定"),
}

EVENT = {
    EventKind.PROMULGATED: _l("公布"),
    EventKind.COMMENCED: _l("施行"),
    EventKind.AMENDED: _l("修改"),
    EventKind.PARTLY_REPEALED: _l("部分废止"),
    EventKind.REPEALED: _l("废止"),
    EventKind.LAPSED: _l("失效"),
    EventKind.SUSPENDED: _l("暂停施行"),
    EventKind.RESUMED: _l("恢复施行"),
    EventKind.OVERRIDDEN: _l("被优先适用"),
    EventKind.RENEWED: _l("延长有效期"),
    EventKind.ATTESTED: _l("效力认定"),
}

EVENT_STATE = {
    EventState.PROPOSED: _l("待定"),
    EventState.ACCEPTED: _l("已接受"),
    EventState.REJECTED: _l("已驳回"),
}

#: What a day of the calendar brings: said without regard to when it is read, once it has come, while it lies ahead.
TURN = {
    Status.IN_FORCE: (_l("施行"), _l("已施行"), _l("将施行")),
    Status.REPEALED: (_l("废止"), _l("已废止"), _l("将废止")),
    Status.LAPSED: (_l("失效"), _l("已失效"), _l("将失效")),
}
#: The same as a sentence.
TURN_SENTENCE = {
    Status.IN_FORCE: (_l("《%(title)s》已自%(day)s起施行"), _l("《%(title)s》将自%(day)s起施行")),
    Status.REPEALED: (_l("《%(title)s》已自%(day)s起废止"), _l("《%(title)s》将自%(day)s起废止")),
    Status.LAPSED: (_l("《%(title)s》已自%(day)s起失效"), _l("《%(title)s》将自%(day)s起失效")),
}

#: What became of a provision from one version to the next.
CHANGE = {
    Change.SAME: _l("未变"),
    Change.RENUMBERED: _l("仅序号变动"),
    Change.CHANGED: _l("修改"),
    Change.ADDED: _l("新增"),
    Change.REMOVED: _l("删除"),
}

#: Who made a text.
ORIGIN = {
    VersionOrigin.OFFICIAL: _l("官方文本"),
    VersionOrigin.CONSOLIDATED: _l("由本平台整理"),
}

STATE = {
    DocumentState.DRAFT: _l("待审"),
    DocumentState.PUBLISHED: _l("已公开"),
    DocumentState.WITHDRAWN: _l("已撤下"),
    DocumentState.MERGED: _l("已并入他件"),
    DocumentState.PURGED: _l("已清除"),
}

#: What became of an uploaded file.
INGESTED = {
    Action.STORED: _l("已入库，待审"),
    Action.UNCHANGED: _l("已有同一文件，没有变化"),
    Action.COPY_ADDED: _l("已有同一文本，添加了一份来源"),
    Action.VERSION_ADDED: _l("已有此文件，添加了一个版本，待审"),
    Action.FAILED: _l("未能入库"),
}

#: Acts of the audit trail.
ACTION = {
    "ingest": _l("入库"),
    "publish": _l("发布"),
    "consolidate": _l("整理文本"),
    "redigitize": _l("再识别"),
    "withdraw": _l("撤下"),
    "purge": _l("清除"),
    "correct": _l("更正"),
    "set_label": _l("认定效力"),
    "accept_event": _l("接受线索"),
    "reject_event": _l("驳回线索"),
    "set_acceptance": _l("设定采信规则"),
    "open_cleanup": _l("交来清理清单"),
    "accept_lines": _l("接受清单所列"),
    "skip_line": _l("略过一行"),
    "merge": _l("合并"),
    "split": _l("拆分"),
    "add_gazette": _l("设立公报"),
    "add_issue": _l("编排一期"),
    "file_issue": _l("拆分整期"),
    "add_to_issue": _l("编入一期"),
    "assemble": _l("编排目录"),
    "divide": _l("重新划分各件"),
    "typeset": _l("排版"),
    "publish_issue": _l("发布一期"),
    "undo": _l("撤销"),
    "dataset.add": _l("收入数据集"),
    "dataset.change": _l("更改数据集"),
    "dataset.published": _l("发布数据集"),
    "dataset.withdrawn": _l("撤下数据集"),
    "dataset.purge": _l("清除数据集"),
    "user.add": _l("新建用户"),
    "user.role": _l("更改角色"),
    "user.password": _l("重设密码"),
}

#: Parts of a body that carry no number of their own.
BODY = {
    BodyType.PARAGRAPH: _l("段落"),
    BodyType.HEADING: _l("标题"),
    BodyType.TABLE: _l("表格"),
    BodyType.LIST: _l("列表"),
    BodyType.ATTACHMENT: _l("附件"),
}

#: How another document is tied to the one shown: what bears on its text and validity first.
RELATION = {
    "corrected_by": _l("更正它的文件"),
    "amended_by": _l("修改它的文件"),
    "repealed_by": _l("废止它的文件"),
    "ended_by": _l("宣布它失效的文件"),
    "repealed_partially_by": _l("部分废止它的文件"),
    "suspended_by": _l("暂停它的文件"),
    "resumed_by": _l("恢复它的文件"),
    "renewed_by": _l("延长它有效期的文件"),
    "attested_by": _l("认定它效力的文件"),
    "overridden_by": _l("优先于它适用的文件"),
    "interpreted_by": _l("解读它的文件"),
    "carried_by": _l("印发它的文件"),
    "corrects": _l("更正"),
    "amends": _l("修改"),
    "repeals": _l("废止"),
    "ends": _l("宣布失效"),
    "repeals_partially": _l("部分废止"),
    "suspends": _l("暂停施行"),
    "resumes": _l("恢复施行"),
    "renews": _l("延长有效期"),
    "attests": _l("认定效力"),
    "overrides": _l("优先适用于"),
    "interprets": _l("解读"),
    "carries": _l("印发"),
    "cites": _l("引用"),
    "cited_by": _l("被引用"),
}

#: 题注 acts, as `history` names them.
ACT = {
    "adopted": _l("通过"),
    "approved": _l("批准"),
    "promulgated": _l("公布"),
    "revised": _l("修订"),
    "amended": _l("修正"),
}


def turn_in_words(turn: Status, day: dt.date, today: dt.date) -> str:
    """已失效, or 将失效 of a day that lies ahead."""
    return str(TURN[turn][2 if day > today else 1])


def turn_sentence(turn: Status, day: dt.date, today: dt.date, title: str) -> str:
    """《题》将自2027年1月1日起失效."""
    said = str(TURN_SENTENCE[turn][day > today])
    return said % {"title": title, "day": day_in_words(day)}


def day_in_words(day: dt.date | str | None) -> str:
    """2015年6月1日, in English 1 June 2015; 未载明 for None."""
    if day is None:
        return gettext("未载明")
    if isinstance(day, str):
        day = dt.date.fromisoformat(day[:10])
    if language() == "en":
        return f"{day.day} {day:%B} {day.year}"
    return f"{day.year}年{day.month}月{day.day}日"


def in_brackets(text: str) -> str:
    """（12件）, in English (12 documents) after a space."""
    return gettext("（%(text)s）", text=text)


def mark_chinese(text: object) -> Markup:
    """`text` with what is Chinese in it marked so on an English page, for who has it read out."""
    pieces = re.split(_CHINESE, str(text)) if language() == "en" else [str(text)]
    marked = Markup('<span lang="zh-CN">{}</span>')
    return Markup("").join(marked.format(each) if number % 2 else each for number, each in enumerate(pieces))


def note_in_words(note: str | None) -> str | None:
    """A note beside a status, which the record writes in Chinese."""
    return phrase_book().say(note, day=day_in_words) if note and language() == "en" else note


def size_in_words(count: int) -> str:
    """84 kB, 2.1 MB (decimal units)."""
    if count < 1_000_000:
        return f"{max(1, round(count / 1000))} kB"
    return f"{count / 1_000_000:.1f} MB"


def moment_in_words(moment: dt.datetime, timezone: str) -> str:
    """2026-11-21 18:04 on the clock of `timezone`."""
    return moment.astimezone(ZoneInfo(timezone)).strftime("%Y-%m-%d %H:%M")
