"""Settings of the harvest room: how politely and how far the crawler may go."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from gazette.settings import RoomSettings, setting


@dataclass(frozen=True, kw_only=True)
class HarvestSettings(RoomSettings):
    """Settings of harvesting: what a run may ask of a site and of this machine."""

    room: ClassVar[str] = "harvest"

    contact_url: str = setting("http://127.0.0.1:8000/about", "Address in the User-Agent at which we can be reached")
    max_page_bytes: int = setting(8 * 1024 * 1024, "Largest page that is fetched")
    max_attachment_bytes: int = setting(32 * 1024 * 1024, "Largest attachment that is fetched")
    max_requests: int = setting(20_000, "Most requests in one run")
    fetch_timeout_s: float = setting(60.0, "Longest time one request may take")
    run_timeout_s: float = setting(4 * 3600.0, "Longest time one crawl may take")
    memory_bytes: int = setting(2 * 1024**3, "Most memory the crawler process may use")
    retries: int = setting(2, "How often a failed request is tried again")
    brake_percent: int = setting(20, "Share of known items whose absence stops a run from marking any as missing")
    keep_runs: int = setting(100, "Run reports kept for each source")

    @property
    def user_agent(self) -> str:
        return f"GongbaoBot/0.1 (+{self.contact_url})"
