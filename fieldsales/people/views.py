"""Logging in and out, choosing a language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, g, make_response, redirect, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from fieldsales.people.admin import admin_views as admin_views
from fieldsales.people.login import log_in, log_out
from fieldsales.people.passwords import fits
from fieldsales.people.queries import login_of, password_row
from fieldsales.web.access import EVERYONE, PUBLIC, access, safe_next
from fieldsales.web.forms import Errors, done, submit
from fieldsales.web.here import actor, here, reading
from fieldsales.web.limits import limiter
from fieldsales.web.pages import page
from fieldsales.web.words import LOCALES

views = Blueprint("people", __name__)


@dataclass(frozen=True, slots=True)
class LoginPage:
    """The login form: what was typed, where to go after, and whether it failed."""

    login: str
    next: str
    failed: bool


@views.get("/login")
@access(*PUBLIC)
def login() -> Any:
    """The login form."""
    if g.get("actor"):
        return redirect(home_of(g.actor.role))
    return page("people/login.html", LoginPage("", safe_next(request.args.get("next"), ""), False))


@views.post("/login")
@access(*PUBLIC)
@limiter.limit("120 per minute; 1200 per hour")  # an office shares one address; a list of names is tried from one, too
@limiter.limit("10 per minute; 60 per hour", key_func=lambda: f"{request.remote_addr} {_name_typed()}")
def enter() -> Any:
    """Log in by name and password."""
    name, target = _name_typed(), safe_next(request.form.get("next"), "")
    who = log_in(name, request.form.get("password", "")[:200])
    if who is None:
        return page("people/login.html", LoginPage(name, target, True)), 401
    return redirect(target or home_of(who.role))


def _name_typed() -> str:
    """The name as it is looked up: tries are counted by it, whatever space was typed around it."""
    return request.form.get("login", "")[:80].strip()


@views.post("/logout")
@access(*EVERYONE)
def leave() -> Response:
    """End this session; the browser drops what it kept of it."""
    log_out()
    answer = redirect(url_for("people.login"))
    answer.headers["Clear-Site-Data"] = '"cache"'
    return answer


@dataclass(frozen=True, slots=True)
class AccountPage:
    """One's own password."""

    login: str
    errors: Errors


def _account(errors: Errors) -> str:
    with reading() as connection:
        return page("people/account.html", AccountPage(login_of(connection, actor().user_id), errors))


@views.get("/account")
@access(*EVERYONE)
def account() -> str:
    """One's own password."""
    return _account({})


@views.post("/account")
@access(*EVERYONE)
@limiter.limit("10 per minute; 60 per hour")
def choose_password() -> Any:
    """Choose one's own password: every session ends, and this browser is let in anew."""
    with reading() as connection:
        login = login_of(connection, actor().user_id)
        kept = password_row(connection, login)
    if not fits(kept.password, request.form.get("current", "")[:200]):
        return _account({"current": gettext("This is not your present password.")}), 422
    new = request.form.get("password", "")[:200]
    errors = submit("people.set_password", {"user_id": actor().user_id, "password": new})
    if errors:
        return _account(errors), 422
    log_in(login, new)
    return done(gettext("Your password is changed; other browsers and phones must log in again."),
                home_of(actor().role))


@views.post("/language")
@access(*PUBLIC)
def language() -> Response:
    """Choose a language: kept with the person, or in a cookie before logging in."""
    locale = request.form.get("locale", "zh")
    locale = locale if locale in LOCALES else "zh"
    answer = make_response(redirect(safe_next(request.form.get("next"), "/")))
    answer.set_cookie("lang", locale, max_age=31_536_000, samesite="Lax")
    if g.get("actor"):
        here().dispatcher.perform(actor(), "people.choose_language", {"locale": locale})
    return answer


def home_of(role: str) -> str:
    """Where a role begins its day."""
    return "/app" if role == "rep" else "/desk"
