"""What a request may ask of the rooms below: the open store, the index, the settings, the calendar day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from flask import current_app

from gazette.settings import RecordSettings
from gazette.store import Store
from indexer.settings import IndexSettings
from portal.settings import PortalSettings
from portal.subscriptions.mail import MailSettings, Office, office_of

if TYPE_CHECKING:
    from indexer import Index
    from indexer.suggest import Names


@dataclass(frozen=True)
class Rooms:
    """One per application; reached through `rooms()` inside a request."""

    store: Store
    record: RecordSettings
    portal: PortalSettings
    search: IndexSettings
    mail: MailSettings

    @cached_property
    def index(self) -> Index:
        """The search index, opened by the first request that needs it."""
        from indexer import Index

        return Index.open(self.record, options=self.search)

    @cached_property
    def names(self) -> Names:
        """The names that suggestions and corrections are made of."""
        from indexer.suggest import Names

        return Names(self.record)

    @property
    def office(self) -> Office:
        """What letters to subscribers say of the site."""
        return office_of(self.portal, self.record.home)

    def today(self) -> date:
        return datetime.now(self.timezone).date()

    @property
    def timezone(self) -> ZoneInfo:
        return ZoneInfo(self.portal.timezone)


def rooms() -> Rooms:
    found: Rooms = current_app.extensions["gongbao"]
    return found
