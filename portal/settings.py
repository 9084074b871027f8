"""Settings of the portal, and the secret key it signs cookies with."""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from gazette.settings import RoomSettings, SettingInvalid, setting


@dataclass(frozen=True, kw_only=True)
class PortalSettings(RoomSettings):
    """Settings of the portal. What the footer states about the site is empty until the operator fills it in."""

    room: ClassVar[str] = "portal"

    host: str = setting("127.0.0.1", "Address the server listens on")
    port: int = setting(8000, "Port the server listens on")
    workers: int = setting(2, "Web worker processes")
    base_url: str = setting("", "Public address of the site; empty means the address each request came to")
    secret_key: str = setting("", "Key that signs cookies; empty means one made once and kept in the home folder")
    trusted_proxies: int = setting(0, "Reverse proxies in front whose X-Forwarded headers are believed")
    language: str = setting("zh", "Interface language of a first visit: zh or en")
    timezone: str = setting("Asia/Shanghai", "Time zone whose calendar day is “today”")
    page_size: int = setting(20, "Results on one page")
    lapse_warning_months: int = setting(6, "How many months before its end a document is shown to editors")
    signin_limit: str = setting("30 per 10 minutes", "How many passwords one address may try")
    report_limit: str = setting("5 per hour", "How many error reports one address may send")
    suggest_limit: str = setting("1200 per minute", "How many suggestions one address may ask for while typing")
    clause_limit: str = setting("300 per minute", "How many pasted clauses one address may have traced")
    export_limit: str = setting("60 per hour", "How many whole results one address may download")
    subscribe_limit: str = setting("10 per hour", "How many saved searches one address may ask to have sent")
    webhooks_local: bool = setting(False, "Webhooks go to loopback addresses, and those only (for trying them out)")
    limits_url: str = setting("memory://", "Where request counts are kept (Flask-Limiter storage URL)")
    site_name: str = setting("公报", "Name of the site in Chinese")
    site_name_en: str = setting("Gongbao", "Name of the site in English")
    sponsor: str = setting("", "主办单位, shown in the footer")
    site_code: str = setting("", "网站标识码, shown in the footer")
    icp: str = setting("", "ICP备案号, shown in the footer")
    police: str = setting("", "公安备案号, shown in the footer")
    contact: str = setting("", "联系我们: address, telephone or e-mail, shown in the footer")

    def __post_init__(self) -> None:
        try:
            ZoneInfo(self.timezone)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise SettingInvalid(name=self.variable("timezone"), value=self.timezone) from error
        if not 0 < self.port < 65536:
            raise SettingInvalid(name=self.variable("port"), value=self.port)


def get_secret_key(settings: PortalSettings, home: Path) -> str:
    """The configured key, or the one kept in `home/secret_key`, made on first use (readable by its owner only)."""
    if settings.secret_key:
        return settings.secret_key
    file = home / "secret_key"
    home.mkdir(parents=True, exist_ok=True)
    # Written aside and linked into place: of two workers that start at once one wins, and both read a whole key.
    part = file.with_suffix(f".{secrets.token_hex(4)}")
    if not file.exists():
        part.touch(mode=0o600)
        part.write_text(secrets.token_urlsafe(48), "utf-8")
        try:
            os.link(part, file)
        except FileExistsError:
            pass
        finally:
            part.unlink()
    return file.read_text("utf-8")
