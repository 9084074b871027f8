"""Letters: what they say, how they are signed, and how they are handed to the mail server.

Plain text, so that nothing is loaded and nothing is tracked. Every letter of news names the address that ends it
(List-Unsubscribe, and List-Unsubscribe-Post for one click: RFC 8058).
"""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formataddr, formatdate
from functools import cache
from pathlib import Path
from typing import ClassVar
from urllib.parse import parse_qsl

from babel.support import NullTranslations, Translations
from itsdangerous import BadSignature, URLSafeSerializer, URLSafeTimedSerializer

from gazette.errors import GongbaoError
from gazette.settings import RoomSettings, SettingInvalid, setting
from portal.settings import PortalSettings, get_secret_key
from portal.subscriptions.book import UNANSWERED_DAYS, Subscription

_TRANSLATIONS = Path(__file__).parents[1] / "translations"
#: Documents that one letter lists; all of them stand behind its last address.
MOST_LISTED = 100
_SECURITY = ("starttls", "tls", "none")


class LinkInvalid(GongbaoError):
    code, status = "subscription.link", 404
    zh, en = "链接无效或已过期", "This link is invalid or has expired"


@dataclass(frozen=True, kw_only=True)
class MailSettings(RoomSettings):
    """How letters leave. Without a host none are offered; with one, the portal's public address must be known."""

    room: ClassVar[str] = "smtp"

    host: str = setting("", "Mail server that takes our letters; empty offers no e-mail subscriptions")
    port: int = setting(587, "Its port")
    security: str = setting("starttls", "starttls, tls or none")
    user: str = setting("", "User name for the mail server; empty for none")
    password: str = setting("", "Password for the mail server")
    sender: str = setting("", "Address that letters come from")
    timeout_s: float = setting(20.0, "Longest time the mail server may take to answer")

    def __post_init__(self) -> None:
        if self.security not in _SECURITY:
            raise SettingInvalid(name=self.variable("security"), value=self.security)

    @property
    def ready(self) -> bool:
        return bool(self.host and self.sender)


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """What a letter needs to know of the site: its public address, its name by language, and its signing key."""

    base_url: str
    names: dict[str, str]
    key: str

    def url(self, path: str) -> str:
        return f"{self.base_url.rstrip('/')}{path}"

    def confirm_url(self, subscription: str) -> str:
        return self.url(f"/subscriptions/confirm/{_confirming(self.key).dumps(subscription)}")

    def leave_url(self, subscription: str) -> str:
        return self.url(f"/subscriptions/leave/{_leaving(self.key).dumps(subscription)}")


def office_of(settings: PortalSettings, home: Path) -> Office:
    """The office of a portal. Links lead to its public address, or where it listens while it has none."""
    return Office(
        base_url=settings.base_url or f"http://{settings.host}:{settings.port}",
        names={"zh": settings.site_name, "en": settings.site_name_en},
        key=get_secret_key(settings, home),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """One document of a letter."""

    id: str
    title: str
    status: str
    number: str | None
    path: str


def read_confirming(key: str, token: str) -> str:
    """The subscription a confirming link is of. Raises LinkInvalid."""
    try:
        return str(_confirming(key).loads(token, max_age=UNANSWERED_DAYS * 86400))
    except BadSignature as error:
        raise LinkInvalid() from error


def read_leaving(key: str, token: str) -> str:
    """The subscription an unsubscribing link is of; it never expires. Raises LinkInvalid."""
    try:
        return str(_leaving(key).loads(token))
    except BadSignature as error:
        raise LinkInvalid() from error


def confirming_letter(office: Office, subscription: Subscription) -> EmailMessage:
    _ = _say(subscription.language)
    name = office.names[subscription.language]
    lines = (
        _("有人（也许就是您）请%(site)s把下面这次搜索的新结果寄到这个地址：") % {"site": name},
        describe(subscription.search),
        _("如果是您，请在%(n)s天内打开这个地址确认：") % {"n": UNANSWERED_DAYS},
        office.confirm_url(subscription.id),
        _("如果不是您，不用理会这封信：不会再有信寄来，您的地址也会被删除。"),
    )
    return _letter(office, subscription, _("请确认订阅"), lines)


def news_letter(office: Office, subscription: Subscription, news: Sequence[News]) -> EmailMessage:
    _ = _say(subscription.language)
    leave = office.leave_url(subscription.id)
    lines = [_("您保存的搜索有%(n)s件新文件：") % {"n": len(news)}, describe(subscription.search)]
    for each in news[:MOST_LISTED]:
        facts = " · ".join(filter(None, (each.status, each.number)))
        lines.append(f"{each.title}\n{facts}\n{office.url(each.path)}")
    lines.append(f"{_('全部结果：')}\n{office.url('/search?' + subscription.search)}")
    lines.append(f"{_('不再接收，并删除您的地址：')}\n{leave}")
    letter = _letter(office, subscription, _("新文件%(n)s件") % {"n": len(news)}, lines)
    letter["List-Unsubscribe"] = f"<{leave}>"
    letter["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    letter["Precedence"] = "bulk"
    return letter


def describe(search: str) -> str:
    """A saved search in one line: 食品安全 · status=in_force."""
    pairs = parse_qsl(search)
    return " · ".join(value if name == "q" else f"{name}={value}" for name, value in pairs) or "*"


def hand_over(settings: MailSettings, letter: EmailMessage, address: str, begin: Callable[[], None]) -> None:
    """Give a letter to the mail server. `begin` is called when everything but the letter itself was accepted: what
    fails before may be tried again, what ends after it has perhaps been sent. Raises OSError, smtplib.SMTPException."""
    tls = ssl.create_default_context()
    connect = smtplib.SMTP_SSL if settings.security == "tls" else smtplib.SMTP
    more = {"context": tls} if settings.security == "tls" else {}
    with connect(settings.host, settings.port, timeout=settings.timeout_s, **more) as server:
        if settings.security == "starttls":
            server.starttls(context=tls)
        if settings.user:
            server.login(settings.user, settings.password)
        server.ehlo_or_helo_if_needed()
        _accepted(server.mail(settings.sender), address)
        _accepted(server.rcpt(address), address)
        begin()
        code, reply = server.data(letter.as_bytes(policy=SMTP))
        if code != 250:
            raise smtplib.SMTPDataError(code, reply)


def _accepted(answer: tuple[int, bytes], address: str) -> None:
    code, reply = answer
    if code not in (250, 251):
        raise smtplib.SMTPRecipientsRefused({address: (code, reply)})


def _letter(office: Office, subscription: Subscription, subject: str, lines: Sequence[str]) -> EmailMessage:
    letter = EmailMessage()
    name = office.names[subscription.language]
    letter["Subject"] = f"{subject} - {name}"
    letter["To"] = subscription.address
    letter["Date"] = formatdate()
    letter["Auto-Submitted"] = "auto-generated"
    # Base64: not every server on the way takes eight bits.
    letter.set_content("\n\n".join((*lines, f"{name}\n{office.base_url}")) + "\n", cte="base64")
    return letter


def sender_of(settings: MailSettings, office: Office, language: str) -> str:
    return formataddr((office.names[language], settings.sender))


@cache
def _catalogue(language: str) -> NullTranslations:
    return Translations.load(_TRANSLATIONS, [language])


def _say(language: str) -> Callable[[str], str]:
    """What gettext is inside a request."""
    return _catalogue(language).gettext


def _confirming(key: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(key, salt="subscription-confirm")


def _leaving(key: str) -> URLSafeSerializer:
    return URLSafeSerializer(key, salt="subscription-leave")
