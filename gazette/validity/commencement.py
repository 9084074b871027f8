"""When a text comes into force and until when: dates printed, and dates worked out from a known base.

自公布之日起30日后施行 needs the day of 公布. Where that day is not known the date stays None and the wording is kept
as the rule, so that it can be worked out when the day becomes known.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from gazette.dates import DATE, find_date, find_impossible
from gazette.draft import HistoryEntry
from gazette.numerals import parse_chinese_number

_NUMBER = r"(?:\d{1,3}|[一二两三四五六七八九十]{1,3})"
_BASE = (
    r"(?P<base>公布|发布|颁布|印发|通过|批准|下发|签发|签署|公告|颁发|通告|作出|核准|文到|收文)"
    rf"(?:(?:施行|实施)?之日|(?=之?次日|后的?次月)|(?=后满?{_NUMBER}(?:日|天|个月|年)))"
)
_DELAY = rf"(?:起|后)?(?:满|的)?(?P<delay>{_NUMBER})(?P<unit>个工作日|日|天|个月|月|年)(?:后|之后|起)?"
_VERB = r"(?:正式|开始|试|暂|全面|统一|依法|同步)?(?P<verb>施行|实施|执行|生效|试行|实行|启用)"
_HOUR = r"(?:[零〇\d]{1,2}(?:时|:00|点))"
CORE = re.compile(
    rf"(?:(?:自|从)(?:本[一-龥]{{1,8}}?)?|于|由)?(?:(?<![至到])(?P<date>{DATE}){_HOUR}?(?:起?(?:至|到|[-—–~～]{{1,2}}){DATE}{_HOUR}?(?:止|期间)?)?|{_BASE}(?P<next>的?次日|之次日|后?的?次月(?:1|一)日|后次日)?(?:{_DELAY})?)"
    rf"(?:起算?|后)?(?:在[一-龥]{{1,12}})?，?{_VERB}(?!的)"
)
DOCUMENT_NOUN = (
    r"(?:法典|法|条例|办法|规定|细则|规则|决定|决议|解释|通知|意见|通告|公告|通报|方案|标准|文件|规程|准则|章程"
    r"|制度|目录|修正案|批复|复函|函|规范|令|命令|纲要|要点|指南|指引|守则|清单|措施|政策|计划|协议|大纲|名录|安排|协定|公约|规章|预案|须知|程序|手册|流程|机制|导则|定额|答复|说明|规划)"
)
_SUBJECT = re.compile(
    rf"本(?!市|省|区|县|州|旗|级|人|单位|院|部门|辖|行政区)[一-龥]{{0,8}}?{DOCUMENT_NOUN}|(?:以上|上述)[一-龥]{{0,8}}?(?:规定|政策|措施|意见|办法|标准|通知|要求|事项)|现予(?:公布|发布|颁布|印发)|特此(?:通告|公告|通知)"
)
#: 施行日期：2021年2月1日.
_LABELLED = re.compile(
    rf"(?:本[一-龥]{{0,6}}?{DOCUMENT_NOUN})?的?(?:施行|实施|执行|生效)(?:日期|时间)(?:为|是|[:：])(?P<date>{DATE})[。；]?$"
)
_ISSUED = re.compile(r"(?:公布|发布|印发|颁布|通过|批准|同意|印发给你们|遵照执行|通知如下|，并|，|、)，?$")
_NUMBERED = re.compile(r"^(?:[一二三四五六七八九十]+、|[（(][一二三四五六七八九十\d]+[）)]|\d+[.．、])[:：]?")
_TERM = re.compile(
    rf"(?P<word>有效期(?:限)?|适用期(?:限)?|试行期(?:限)?|暂行期(?:限)?|执行期(?:限)?|实施期(?:限)?|施行期(?:限)?|有效时间)[:：]?(?:暂定)?(?:为|是)?"
    rf"(?:(?:自|从)?(?P<since>{DATE})起?(?=至|到|[-—–~～])|自[^，。；]{{0,24}}?(?:起|日))?(?:至|到|截至|截止到?|，至|[-—–~～]{{1,2}})?"
    rf"(?:(?P<until>{DATE}|\d{{4}}年(?:年底|底|末))|(?P<length>{_NUMBER})(?P<unit>年|个月))"
    rf"|(?P<word_>施行|实施|执行|试行|有效)(?:至|到)(?P<until_>{DATE})(?=止|[。，；）)]|$)"
    rf"|(?:起)?(?:至|到)(?P<until__>{DATE}){_HOUR}?(?:止|(?:自动)?(?:废止|失效|终止)|期间?(?=施行|实施|执行)|(?=(?:施行|实施|执行|试行)[。，；]))"
    rf"|(?:(?<=，)|(?<=起)|暂定)(?P<stint>试行|暂行|有效|执行)(?P<length_>{_NUMBER})(?P<unit_>年|个月)(?=[。，；]|$)"
)
_LENGTH = re.compile(rf"(?P<length>{_NUMBER})(?P<unit>年|个月)(?!\d)")
_PERMIT = re.compile(
    r"(?:证|证书|许可|执照|资质|资格|批准|批文|报告|保函|合同|协议|凭证|标志|检验|鉴定|认定|名单|处罚|决定书|结果|承诺|注册|备案|认证|入选)的?$"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bases:
    """Known days from which relative dates are worked out; None is unknown."""

    published: date | None
    signed: date | None
    adopted: date | None
    approved: date | None

    def day(self, base: str) -> date | None:
        """The day of 公布, 印发, 通过 or 批准."""
        if base in ("通过",):
            return self.adopted
        if base in ("批准", "核准"):
            return self.approved
        if base in ("文到", "收文"):
            return None
        if base in ("印发", "下发", "签发", "签署", "颁发"):
            return self.signed or self.published
        return self.published


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """A commencement read: its day where known, the wording it comes from, where that stands in the sentence.

    `subject` is own, provisions or other; `words` are those before it in the clause.
    """

    date: date | None
    rule: str | None
    start: int
    end: int
    subject: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """A period of validity read: the last day, or a length to be counted from the commencement; neither (0 months)
    where the calendar does not have the day printed, which the wording then says.

    `since` is its first day where the term prints one (执行期限为2020年1月1日至2022年12月31日).
    """

    until: date | None
    months: int
    wording: str
    since: date | None = None


def bases(published: date | None, signed: date | None, history: tuple[HistoryEntry, ...]) -> Bases:
    """The base days of a text. The closing article of an amended law still speaks of its first publication (or of
    the last full revision), so the day this version was published on is a base only where nothing was amended."""
    amended = any(entry.kind == "amended" for entry in history)
    dated = [entry for entry in history if entry.date]
    revised = [entry.date for entry in dated if entry.kind == "revised"]
    promulgated = [entry.date for entry in dated if entry.kind == "promulgated"]
    adopted = [entry.date for entry in dated if entry.kind == "adopted"]
    approved = [entry.date for entry in dated if entry.kind == "approved"]
    first_published = promulgated[0] if promulgated else (None if amended or revised else published)
    return Bases(
        published=first_published,
        signed=None if amended or revised else signed,
        adopted=adopted[0] if adopted else None,
        approved=approved[0] if approved else None,
    )


def find_moments(sentence: str, known: Bases) -> tuple[Moment, ...]:
    """Every commencement a sentence states, with what it speaks of."""
    return tuple(_iter_moments(sentence, known))


def find_term(sentence: str, *, after_commencement: bool) -> Term | None:
    """The period of validity a sentence gives to the text itself; permits and certificates have terms of their own."""
    for match in _TERM.finditer(sentence):
        before = sentence[: match.start()]
        if _PERMIT.search(before[-12:]):
            continue
        clause = _NUMBERED.sub("", before[max(before.rfind("。"), before.rfind("；")) + 1 :])
        about_self = bool(_SUBJECT.search(clause)) or bool(CORE.search(clause))
        if not about_self and not (after_commencement and len(clause) < 4):
            continue
        if match["stint"]:
            if CORE.search(clause + match["stint"]):
                return Term(until=None, months=_months(match["length_"], match["unit_"]), wording=match[0])
            continue
        if not match["word"] and not CORE.search(clause + "施行") and not _SUBJECT.search(clause[:20]):
            continue
        until = match["until"] or match["until_"] or match["until__"]
        if until:
            day = find_date(until) or _end_of_year(until)
            since = find_date(match["since"]) if match["since"] else None
            wording = match[0] if day else find_impossible(until)
            return Term(until=day, months=0, wording=wording, since=since) if wording else None
        return Term(until=None, months=_months(match["length"], match["unit"]), wording=match[0])
    return None


def _end_of_year(until: str) -> date | None:
    """至2023年底 is until 31 December."""
    return date(int(until[:4]), 12, 31) if until.endswith(("底", "末")) else None


def find_months(words: str) -> int | None:
    """The length of a period in months (延长5年, 期限为六个月); None where none is printed."""
    match = _LENGTH.search(words)
    return _months(match["length"], match["unit"]) if match else None


def _months(length: str, unit: str) -> int:
    return (parse_chinese_number(length) or 0) * (12 if unit == "年" else 1)


def last_day(start: date | None, term: Term) -> date | None:
    """The last day of validity: five years from 1 May 2020 end on 30 April 2025."""
    if term.until:
        return term.until
    return add_months(start, term.months) - timedelta(days=1) if start and term.months else None


def add_months(day: date, months: int) -> date:
    """The same day `months` later, or the last one of a shorter month."""
    total = day.year * 12 + day.month - 1 + months
    year, month = divmod(total, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def _iter_moments(sentence: str, known: Bases) -> Iterator[Moment]:
    labelled = _LABELLED.match(sentence)
    if labelled:
        day, rule = find_date(labelled["date"]), find_impossible(labelled["date"])
        if day or rule:
            yield Moment(date=day, rule=rule, start=0, end=labelled.end(), subject="own", words="")
        return
    begin = 0
    for match in CORE.finditer(sentence):
        words = sentence[begin : match.start()]
        subject = _subject(_NUMBERED.sub("", words), match)
        day, rule = _day(match, known)
        if day or rule:
            yield Moment(date=day, rule=rule, start=match.start(), end=match.end(), subject=subject, words=words)
        begin = match.end()


def _subject(words: str, match: re.Match[str]) -> str:
    """own, provisions or other: what it is that commences."""
    plain = words.strip("，,：:“")
    if not plain:
        return "own"
    if re.search(r"[，；](?:其[他它余]|其[他它]各)(?:条款|条文|规定|内容|部分|各条|条)(?:规定)?$", words):
        return "own"
    if re.search(r"第[一二三四五六七八九十百零〇\d]+[章节条款项][^，。；]{0,40}$", plain):
        return "own" if re.search(r"[，,](?:并)?$", words) and _SUBJECT.match(plain) else "provisions"
    if (
        re.search(r"的(?:[一-龥]{0,10})$", plain)
        and not _ISSUED.search(words)
        and match["verb"] in ("执行", "生效", "实行")
    ):
        return "other"
    if _SUBJECT.search(plain) or (_ISSUED.search(words) and match["verb"] in ("施行", "实施", "生效", "执行", "试行")):
        return "own" if _SUBJECT.search(plain) or re.search(r"公布|发布|印发|颁布", plain[-30:]) else "other"
    return "other"


def _day(match: re.Match[str], known: Bases) -> tuple[date | None, str | None]:
    if match["date"]:
        return find_date(match["date"]), find_impossible(match["date"])
    wording = match[0]
    base = known.day(match["base"])
    if base is None:
        return None, wording
    if match["next"]:
        if "次月" in match["next"]:
            return add_months(base.replace(day=1), 1), wording
        return base + timedelta(days=1), wording
    if not match["delay"]:
        return base, wording
    length = parse_chinese_number(match["delay"]) or 0
    if match["unit"] == "个工作日":
        return None, wording
    if match["unit"] in ("日", "天"):
        return base + timedelta(days=length), wording
    return add_months(base, length * (12 if match["unit"] == "年" else 1)), wording
