"""显示设置: size and theme of the page, kept in cookies and read into `data-size`, `data-theme` on every page."""

from __future__ import annotations

from urllib.parse import urlsplit

from apiflask import APIBlueprint
from flask import Response, make_response, redirect, render_template, request
from flask_babel import lazy_gettext as _l

from portal.language import YEAR

bp = APIBlueprint("display", __name__, enable_openapi=False)

SIZES = {"standard": _l("标准"), "large": _l("大字"), "huge": _l("特大")}
THEMES = {"system": _l("跟随系统"), "light": _l("浅色"), "dark": _l("深色")}


@bp.app_context_processor
def chosen() -> dict[str, str]:
    """`size` and `theme` for the base template."""
    size, theme = request.cookies.get("size", ""), request.cookies.get("theme", "")
    return {"size": size if size in SIZES else "standard", "theme": theme if theme in THEMES else "system"}


@bp.get("/display")
def show() -> str:
    return render_template("display.html", sizes=SIZES, themes=THEMES, back=local_path(request.args.get("next")))


@bp.post("/display")
def choose() -> Response:
    response = make_response(redirect(local_path(request.form.get("next")), 303))
    for name, allowed in (("size", SIZES), ("theme", THEMES)):
        value = request.form.get(name)
        if value in allowed:
            response.set_cookie(name, value, max_age=YEAR, samesite="Lax", httponly=True, secure=request.is_secure)
    return response


def local_path(target: str | None) -> str:
    """`target` if it is a path of this site, else the home page: a form must not send anybody elsewhere."""
    parts = urlsplit((target or "/").replace("\\", "/"))
    if parts.scheme or parts.netloc or not parts.path.startswith("/") or parts.path.startswith("//"):
        return "/"
    return parts.path + (f"?{parts.query}" if parts.query else "")
