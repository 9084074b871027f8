"""Saving a search: as a feed for anyone, by e-mail to an address that says yes, to a program by its account's webhook.

A link in a letter only opens a page; a button there does what it says, for mail scanners open links too. The one
exception is the request that mail programs send for their own unsubscribe button (RFC 8058), which is a POST.
"""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode

from apiflask import APIBlueprint
from email_validator import EmailNotValidError, validate_email
from flask import Response, flash, g, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_security import auth_required, current_user
from werkzeug.datastructures import MultiDict

from gazette.errors import GongbaoError, NotFound
from portal.language import language
from portal.limits import limiter, subscriptions_per_visitor
from portal.pages.search import SearchForm, chips
from portal.rooms import rooms
from portal.subscriptions.book import (
    Channel,
    confirm,
    get_subscription,
    last_failure,
    list_of_user,
    subscribe,
    unsubscribe,
)
from portal.subscriptions.mail import describe, read_confirming, read_leaving
from portal.subscriptions.webhook import check_url, secret_of

bp = APIBlueprint("subscriptions", __name__, url_prefix="/subscriptions", enable_openapi=False)


@bp.get("/new")
def ask() -> str:
    """Ways to be told of what a search finds; the address holds the search, as the search page's does."""
    return _page(SearchForm.from_args(request.args))


@bp.post("/email")
@limiter.limit(subscriptions_per_visitor)
def by_email() -> Response:
    form = _form()
    typed = request.form.get("email", "").strip()
    if errors := form.errors():
        return make_response(_page(form, errors=errors, typed=typed), 400)
    try:
        # Not every mail server takes addresses with other than ASCII characters.
        checked = validate_email(typed, check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError:
        return make_response(_page(form, errors=(("email", _("请填写正确的电子邮箱地址")),), typed=typed), 400)
    if not _takes_mail():
        return redirect(url_for(".ask", **form.args()), 303)
    subscribe(rooms().store, Channel.EMAIL, str(checked.ascii_email), _search(form), language=language())
    return redirect(url_for(".ask", asked=1, **form.args()), 303)


@bp.post("/webhook")
@auth_required("session")
def by_webhook() -> Response:
    form = _form()
    url = request.form.get("url", "").strip()
    if errors := form.errors():
        return make_response(_page(form, errors=errors, typed=url), 400)
    try:
        check_url(url, local=rooms().portal.webhooks_local)
        subscribe(rooms().store, Channel.WEBHOOK, url, _search(form), language=language(), user=current_user.id)
    except GongbaoError as error:
        return make_response(_page(form, errors=(("url", error.message(language())),), typed=url), 400)
    return redirect(url_for(".show_mine"), 303)


@bp.get("")
@auth_required("session")
def show_mine() -> str:
    """An account's webhooks, with the secrets their receivers check."""
    key = rooms().office.key
    mine = [
        (each, describe(each.search), secret_of(key, each.id), last_failure(g.session, each.id))
        for each in list_of_user(g.session, current_user.id)
    ]
    return render_template("subscriptions/mine.html", mine=mine)


@bp.post("/<subscription>/delete")
@auth_required("session")
def delete(subscription: str) -> Response:
    if any(each.id == subscription for each in list_of_user(g.session, current_user.id)):
        unsubscribe(rooms().store, subscription)
        flash(_("已删除"), "notice")
    return redirect(url_for(".show_mine"), 303)


@bp.get("/confirm/<token>")
def ask_confirm(token: str) -> str:
    return _letter_page(read_confirming(rooms().office.key, token), action="confirm")


@bp.post("/confirm/<token>")
def do_confirm(token: str) -> str:
    confirmed = confirm(rooms().store, read_confirming(rooms().office.key, token))
    return _letter_page(confirmed.id, action="confirm", done=True)


@bp.get("/leave/<token>")
def ask_leave(token: str) -> str:
    subscription = read_leaving(rooms().office.key, token)
    try:
        return _letter_page(subscription, action="leave")
    except NotFound:
        # Somebody who has left already is told so.
        return _left()


@bp.post("/leave/<token>")
def do_leave(token: str) -> str:
    """Also what a mail program's own button sends; doing it twice is no error."""
    unsubscribe(rooms().store, read_leaving(rooms().office.key, token))
    return _left()


def _left() -> str:
    return render_template("subscriptions/letter.html", action="leave", done=True, search="")


def _letter_page(subscription: str, *, action: str, done: bool = False) -> str:
    found = get_subscription(g.session, subscription)
    return render_template("subscriptions/letter.html", action=action, done=done, search=describe(found.search))


def _page(form: SearchForm, errors: tuple[tuple[str, str], ...] = (), typed: str = "") -> str:
    return render_template(
        "subscriptions/new.html",
        form=form,
        chips=tuple(chips(form)),
        search=_search(form),
        errors=errors,
        typed=typed,
        takes_mail=_takes_mail(),
        asked="asked" in request.args,
    )


def _takes_mail() -> bool:
    """Letters need a server to take them and a public address to lead to."""
    return rooms().mail.ready and bool(rooms().portal.base_url)


def _form() -> SearchForm:
    return SearchForm.from_args(MultiDict(parse_qsl(request.form.get("search", ""))))


def _search(form: SearchForm) -> str:
    """The search as it stands in an address; how results are sorted is no part of it."""
    return urlencode(form.args(sort=None), doseq=True)
