"""A real server, a real Chromium, a phone's size."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, request
from playwright.sync_api import Browser, BrowserContext, Page
from werkzeug.serving import make_server

from fieldsales.app import create_app
from fieldsales.config import Settings
from fieldsales.store import Store
from tests import cast


@dataclass
class Server:
    """A running fieldsales. ``lose``: paths whose next answers are lost after the work is done."""

    url: str
    store: Store
    app: Any
    lose: list[str] = field(default_factory=list)
    instead: bytes = b"<html>portal</html>"
    seen: list[tuple[str, str]] = field(default_factory=list)


class _Wire:
    """WSGI between server and program: counts requests, and can lose an answer on the way back."""

    def __init__(self, app: Any, server: Server) -> None:
        self.app, self.server = app, server

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Any:
        path = environ["PATH_INFO"]
        self.server.seen.append((environ["REQUEST_METHOD"], path))
        if path not in self.server.lose:
            return self.app(environ, start_response)
        self.server.lose.remove(path)
        b"".join(self.app(environ, lambda *_: None))  # the work is done and committed …
        length = str(len(self.server.instead))
        start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", length)])
        return [self.server.instead]  # … but what comes back is not our answer


@pytest.fixture
def serve(sqlite_template: Path, tmp_path: Path) -> Iterator[Server]:
    """The program with the cast in it, on its own port, by the machine's own clock."""
    shutil.copy(sqlite_template, tmp_path / "served.db")
    settings = Settings(home=tmp_path / "home", database_url=f"sqlite:///{tmp_path / 'served.db'}", secret_key="test")
    app = create_app(settings)
    server = Server("", app.extensions["fieldsales"].store, app)
    listening = make_server("127.0.0.1", 0, _Wire(app, server), threaded=True)
    server.url = f"http://127.0.0.1:{listening.server_port}"
    thread = threading.Thread(target=listening.serve_forever, daemon=True)
    thread.start()
    yield server
    listening.shutdown()
    thread.join()
    server.store.engine.dispose()


@pytest.fixture
def phone(chromium: Browser, serve: Server) -> Iterator[BrowserContext]:
    """A phone: 390 × 844, touch, Chinese, at the harbour. It sets its PIN and unlocks itself."""
    from tests.browser.inside import always_open  # it names Server, which stands here

    context = chromium.new_context(
        base_url=serve.url, viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True, locale="zh-CN",
        timezone_id="Asia/Shanghai", geolocation={"latitude": 29.8683, "longitude": 121.544, "accuracy": 12},
        permissions=["geolocation"],
    )
    context.set_default_timeout(15_000)
    yield always_open(context)
    context.close()


@pytest.fixture
def enter(phone: BrowserContext) -> Callable[[str], Page]:
    """Log in on the phone as one of the cast and open the field app: ``enter("rep")``."""

    def go(login: str, path: str = "/app") -> Page:
        page = phone.new_page()
        page.goto("/login?next=" + path)
        page.fill("[name=login]", login)
        page.fill("[name=password]", cast.PASSWORD)
        page.press("[name=password]", "Enter")
        page.wait_for_url("**" + path)
        return page

    return go


@pytest.fixture
def page(enter: Callable[..., Page]) -> Page:
    """The field app, open, as the harbour's rep, and whole on the phone."""
    from tests.browser.inside import ready, until  # it names Server, which stands here

    page = ready(enter("rep"))
    until(page, "return Boolean(navigator.serviceWorker.controller)", 20)
    return page


@pytest.fixture
def publish(serve: Server) -> Callable[[], None]:
    """Make the server offer a newer service worker."""
    app: Flask = serve.app
    view = app.view_functions["pwa.worker"]

    def newer() -> Any:
        request.environ.pop("HTTP_IF_NONE_MATCH", None)
        request.environ.pop("HTTP_ACCEPT_ENCODING", None)
        answer = view()
        answer.set_data(answer.get_data(as_text=True) + "\n// a newer one\n")
        answer.headers.pop("ETag", None)
        return answer

    newer.access = view.access  # type: ignore[attr-defined]
    return lambda: app.view_functions.update({"pwa.worker": newer})
