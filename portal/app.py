"""The application factory: settings in, one WSGI application out."""

from __future__ import annotations

import hashlib
from functools import partial
from importlib import import_module
from pathlib import Path

from apiflask import APIFlask
from flask import request, url_for
from flask_babel import lazy_gettext as _l
from werkzeug.middleware.proxy_fix import ProxyFix

from gazette.settings import RecordSettings
from gazette.store import Store
from indexer.settings import IndexSettings
from portal import words
from portal.accounts import init_accounts
from portal.addresses import HeldNumber, PublicAddress, same_page
from portal.failures import translate_errors
from portal.language import language, speak
from portal.limits import limiter, signins_per_visitor
from portal.logs import configure_logs
from portal.requests import surround
from portal.rooms import Rooms
from portal.settings import PortalSettings, get_secret_key
from portal.subscriptions.mail import MailSettings

#: Every blueprint, by the module that holds it as `bp`. Order is of no matter.
VIEWS = (
    "portal.views.acceptance",
    "portal.views.acquisitions",
    "portal.views.api",
    "portal.views.calendar",
    "portal.views.cite",
    "portal.views.comparison",
    "portal.views.cleanups",
    "portal.views.datasets",
    "portal.views.desk",
    "portal.views.display",
    "portal.views.documents",
    "portal.views.exports",
    "portal.views.feeds",
    "portal.views.filing",
    "portal.views.gazettes",
    "portal.views.harvest",
    "portal.views.health",
    "portal.views.help",
    "portal.views.home",
    "portal.views.labels",
    "portal.views.originals",
    "portal.views.reports",
    "portal.views.review",
    "portal.views.rereading",
    "portal.views.scans",
    "portal.views.search",
    "portal.views.sitemap",
    "portal.views.subscriptions",
    "portal.views.suggest",
    "portal.views.verify",
)

NAVIGATION = (
    ("search.show", _l("政策法规")),
    ("gazettes.show_all", _l("政府公报")),
    ("datasets.show_all", _l("开放数据")),
    ("calendar.show", _l("施行失效日历")),
    ("verify.show", _l("验证")),
)
FOOT = (
    ("help.show_help", _l("帮助")),
    ("help.show_about", _l("关于本站")),
    ("harvest.show", _l("采集状况")),
    ("acquisitions.show", _l("待收录")),
    ("help.show_feeds", _l("订阅")),
    ("help.show_api", _l("数据接口")),
)
#: What the operator states in the footer, or nothing.
IMPRINT = {
    "sponsor": _l("主办单位"),
    "site_code": _l("网站标识码"),
    "icp": _l("ICP备案号"),
    "police": _l("公安备案号"),
    "contact": _l("联系我们"),
}


def create_app(
    settings: PortalSettings,
    record: RecordSettings,
    search: IndexSettings | None = None,
    mail: MailSettings | None = None,
) -> APIFlask:
    """The portal over the store of `record`. Opens the store once; a worker process has one application."""
    configure_logs()
    app = APIFlask(
        "portal", title="Gongbao API", version="1", spec_path="/api/v1/openapi.json", docs_path=None, json_errors=False
    )
    app.url_map.converters["int"] = HeldNumber
    app.config.update(
        SECRET_KEY=get_secret_key(settings, record.home),
        SEND_FILE_MAX_AGE_DEFAULT=31_536_000,
        MAX_CONTENT_LENGTH=record.max_file_bytes + 1_000_000,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SECURE=settings.base_url.startswith("https:"),
        VALIDATION_ERROR_STATUS_CODE=400,
        AUTO_404_RESPONSE=False,
        AUTO_VALIDATION_ERROR_RESPONSE=False,
    )
    rooms = Rooms(
        store=Store(record),
        record=record,
        portal=settings,
        search=search or IndexSettings(),
        mail=mail or MailSettings(),
    )
    app.extensions["gongbao"] = rooms
    surround(app, rooms)
    app.config.update(RATELIMIT_STORAGE_URI=settings.limits_url)
    limiter.init_app(app)
    speak(app, settings)
    translate_errors(app)
    _dress(app, settings)
    init_accounts(app, rooms.store)
    # Flask-Security's own views: guessing passwords is slow for one address.
    guesses = limiter.shared_limit(signins_per_visitor, scope="signin", methods=["POST"])
    for name in ("security.login", "security.verify"):
        app.view_functions[name] = guesses(app.view_functions[name])
    # After Flask-Security, which brings a JSON provider of its own.
    app.json.ensure_ascii = app.json.sort_keys = False
    for name in VIEWS:
        app.register_blueprint(import_module(name).bp)
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops, x_prefix=hops)
    if settings.base_url:
        app.wsgi_app = PublicAddress(app.wsgi_app, settings.base_url)
    return app


def _dress(app: APIFlask, settings: PortalSettings) -> None:
    """What every template may use."""
    static = Path(app.static_folder or "")
    marks = {file.name: hashlib.sha256(file.read_bytes()).hexdigest()[:10] for file in static.glob("*.*")}
    #: Changes when templates, stylesheet or words do, so that nobody keeps a page in an old dress.
    app.config["SKIN"] = _digest(Path(__file__).parent)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters.update(
        chinese=words.mark_chinese,
        day=words.day_in_words,
        in_brackets=words.in_brackets,
        size=words.size_in_words,
        moment=partial(words.moment_in_words, timezone=settings.timezone),
    )
    app.jinja_env.globals.update(
        site=settings,
        words=words,
        # Addresses of static files change with their content, so that they may be cached for a year.
        static_url=lambda name: url_for("static", filename=name, v=marks[name]),
        other_language_url=_other_language_url,
        interface_language=language,
        account_template="desk/account.html",
    )

    @app.context_processor
    def shell() -> dict[str, object]:
        """The header and footer of this request."""
        return {
            "site_name": settings.site_name_en if language() == "en" else settings.site_name,
            "here": request.full_path.rstrip("?"),
            "nav": NAVIGATION,
            "foot": FOOT,
            "imprint": [(label, getattr(settings, name)) for name, label in IMPRINT.items() if getattr(settings, name)],
        }


def _digest(folder: Path) -> str:
    digest = hashlib.sha256()
    for file in sorted(folder.rglob("*")):
        if file.suffix in {".py", ".html", ".css", ".js", ".mo"}:
            digest.update(file.read_bytes())
    return digest.hexdigest()[:10]


def _other_language_url() -> str:
    """This page in the other language."""
    return same_page(lang="zh" if language() == "en" else "en")
