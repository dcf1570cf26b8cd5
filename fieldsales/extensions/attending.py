"""The plugins of a process put to work: loaded as the tables say, looked after before and after every request."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask, Response

from fieldsales.config import Settings
from fieldsales.extensions.service import DISABLED
from fieldsales.extensions.standing import Standing, decided, leave_alone, standing_of
from fieldsales.kernel.clock import SystemClock
from fieldsales.places import data_dir
from fieldsales.plugin_api.manager import Plugins
from fieldsales.store.engines import Store
from fieldsales.web.here import Program


def off_by_settings(settings: Settings) -> frozenset[str]:
    """The plugins that the machine's own settings switch off: they stay off whatever anybody does on a page."""
    return frozenset(name.strip() for name in settings.plugins_off.split(",") if name.strip())


def load(settings: Settings, store: Store) -> Plugins:
    """The plugins of this installation, without those that are switched off: these are not even imported."""
    states = decided(store)
    off = off_by_settings(settings) | {name for name, one in states.items() if one.state == DISABLED}
    plugins = Plugins.load(data_dir("plugins"), settings.plugins_dir, without=off,
                           call_seconds=settings.plugin_deadline_s)  # fmt: skip
    leave_alone(plugins, states.values(), SystemClock().now())
    return plugins


def attend(app: Flask, program: Program, changed: Callable[[], Any]) -> None:
    """Follow what the tables say from now on. ``changed`` is called whenever the plugins have become others."""
    settings = program.settings
    program.plugins.currency = settings.currency
    standing = Standing(program.dispatcher, program.plugins, settings.home, off_by_settings(settings),
                        settings.plugins_dir if settings.plugins_reload else None, changed=[changed])
    program.parts["standing"] = standing
    standing.look(at_once=True)

    @app.before_request
    def look() -> None:
        standing_of(program).look()

    @app.after_request
    def tell(response: Response) -> Response:
        if standing.has_news:
            response.call_on_close(standing.tell)
        return response
