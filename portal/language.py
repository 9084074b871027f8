"""The interface's language: Chinese is what the templates are written in, English is one complete catalogue.

`?lang=en` chooses and is remembered in a cookie; an address without it follows the cookie, else the setting.
"""

from __future__ import annotations

from datetime import timedelta

from flask import Flask, Response, request
from flask_babel import Babel, get_locale

from portal.settings import PortalSettings

LANGUAGES = ("zh", "en")
COOKIE = "lang"
YEAR = timedelta(days=365)


def speak(app: Flask, settings: PortalSettings) -> None:
    """Register Babel and remember the language a visitor chose."""

    def choose() -> str:
        for wanted in (request.args.get("lang"), request.cookies.get(COOKIE)):
            if wanted in LANGUAGES:
                return str(wanted)
        return settings.language

    Babel(app, locale_selector=choose, default_locale="zh", default_timezone=settings.timezone)

    @app.after_request
    def remember(response: Response) -> Response:
        wanted = request.args.get("lang")
        if wanted in LANGUAGES and request.cookies.get(COOKIE) != wanted:
            response.set_cookie(COOKIE, wanted, max_age=YEAR, samesite="Lax", httponly=True, secure=request.is_secure)
        return response


def language() -> str:
    """zh or en; zh outside a request."""
    locale = get_locale()
    return locale.language if locale else "zh"
