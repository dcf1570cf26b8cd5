"""Who may open which route. A route without a policy is closed to everyone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from flask import Flask, current_app, g, redirect, request, url_for
from werkzeug.wrappers import Response

from fieldsales.kernel.errors import N_, Invalid, NotAllowed, NotFound
from fieldsales.kernel.operation import ROLES

View = TypeVar("View", bound=Callable[..., Any])
#: Everyone, logged in or not.
PUBLIC = ("public",)
#: Whoever is logged in.
EVERYONE = ROLES
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


def access(*roles: str) -> Callable[[View], View]:
    """Declare who may open the view below: role names, ``*EVERYONE`` or ``*PUBLIC``."""

    def declare(view: View) -> View:
        view.access = frozenset(roles)  # type: ignore[attr-defined]
        return view

    return declare


def policy_of(app: Flask, endpoint: str) -> frozenset[str] | None:
    """The roles that may open an endpoint, or None when it has no policy."""
    if endpoint == "static" or endpoint.endswith(".static"):
        return frozenset(PUBLIC)
    view = app.view_functions.get(endpoint)
    roles: frozenset[str] | None = getattr(view, "access", None)
    return roles


def init_access(app: Flask) -> None:
    """Ask the policy before every request, and refuse changes that come from another site."""

    @app.before_request
    def ask_policy() -> Response | None:
        if request.endpoint is None:
            return None
        if any("\x00" in value for value in _sent_words()):
            raise Invalid("forbidden_sign", N_("There is a hidden character here (%(sign)s). Type the text again."),
                          sign="U+0000")
        roles = policy_of(current_app, request.endpoint)
        if roles is None:
            raise NotAllowed("no_policy", N_("This page is closed."))
        if request.method not in _SAFE and not same_site():
            raise NotAllowed("other_site", N_("This request came from another site and was refused."))
        if "public" in roles:
            return None
        actor = g.get("actor")
        if actor is None:
            return _to_login()
        if actor.role not in roles:
            raise NotAllowed("role", N_("Your role cannot do this."))
        return None


def _sent_words() -> Iterator[str]:
    """Everything typed into the address or a form: PostgreSQL stores no NUL, and no word of ours has one."""
    yield from (str(value) for value in (request.view_args or {}).values())
    for source in (request.args, request.form):
        yield from (word for pair in source.items(multi=True) for word in pair)


def _to_login() -> Response:
    if request.path.startswith("/api/") or request.method not in _SAFE:
        raise NotAllowed("login_needed", N_("Log in first."))
    return redirect(url_for("people.login", next=request.full_path.rstrip("?")))


def same_site() -> bool:
    """Whether a change comes from our own pages: by token, or by what the browser says of its origin.

    No token in the page: pages are cached, and a token would expire in a phone's queue.
    """
    if g.get("token_id"):
        return True
    if request.path.startswith("/api/") and request.headers.get("X-Fieldsales") != "1":
        return False
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site in {"same-origin", "none"}
    origin = request.headers.get("Origin")
    return origin is None or origin in (f"http://{request.host}", f"https://{request.host}")


def safe_next(target: str | None, fallback: str) -> str:
    """Where to go after logging in: a path of ours, never another host.

    Browsers and libraries drop tabs and line ends from an address: ``/<tab>/host`` is ``//host`` to them.
    """
    if not target or not target.startswith("/") or target.startswith("//") or not target.isprintable():
        return fallback
    if "\\" in target:
        return fallback
    return target


def missing() -> NotFound:
    """What is not there, or not yours: one answer for both, so that nothing is told by the difference."""
    return NotFound("not_found", N_("There is no such record, or you cannot see it."))
