"""Logging in and out, choosing a language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, g, make_response, redirect, request, url_for
from werkzeug.wrappers import Response

from fieldsales.people.admin import admin_views as admin_views
from fieldsales.people.login import log_in, log_out
from fieldsales.web.access import EVERYONE, PUBLIC, access, safe_next
from fieldsales.web.here import actor, here
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
