"""Limits on what one visitor may send, and the sizes of what is kept."""

from __future__ import annotations

from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

from portal.rooms import rooms

limiter = Limiter(key_func=get_remote_address, headers_enabled=False)


def signins_per_visitor() -> str:
    return rooms().portal.signin_limit


def reports_per_visitor() -> str:
    return rooms().portal.report_limit


def exports_per_visitor() -> str:
    return rooms().portal.export_limit


def subscriptions_per_visitor() -> str:
    return rooms().portal.subscribe_limit


def suggestions_per_visitor() -> str:
    return rooms().portal.suggest_limit


def clauses_per_visitor() -> str:
    return rooms().portal.clause_limit
