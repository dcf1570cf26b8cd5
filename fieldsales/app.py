"""The roof: ``create_app()`` puts the floors together. It alone knows every capability."""

from __future__ import annotations

import os
import secrets
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from flask import Blueprint, Flask, jsonify, redirect
from sqlalchemy import select
from werkzeug.wrappers import Response

from fieldsales import money_reactions, promise_reactions, truth_reactions  # noqa: F401 - their reactions join the table
from fieldsales.config import Settings
from fieldsales.dispatcher import Dispatcher
from fieldsales.documents import editions, onetime
from fieldsales.documents.witness import Witness
from fieldsales.extensions import attending
from fieldsales.kernel.clock import Clock, SystemClock
from fieldsales.people.login import init_login
from fieldsales.people.views import home_of
from fieldsales.places import data_dir
from fieldsales.reactions import react
from fieldsales.schema import CAPABILITIES
from fieldsales.store import Store
from fieldsales.store.blobs import BlobStore
from fieldsales.store.models import Beat
from fieldsales.web import brought
from fieldsales.web.access import PUBLIC, access, init_access
from fieldsales.web.embedded import init_embedded
from fieldsales.web.errors import init_errors
from fieldsales.web.headers import init_headers, init_logs
from fieldsales.web.here import Program, db
from fieldsales.web.limits import limiter
from fieldsales.web.pages import init_pages, present_actor
from fieldsales.web.pwa import views as pwa
from fieldsales.web.words import add_words, init_words

#: Capabilities with pages or operations but no tables of their own stand after those with.
ROOMS = (*CAPABILITIES, "workday", "reports", "sync", "handbook")


def create_app(settings: Settings | None = None, *, clock: Clock | None = None, plugins: Any = None) -> Flask:
    """The whole program as a WSGI app. ``clock`` and ``plugins`` are arguments so that tests can choose them."""
    settings = settings or Settings()
    settings.home.mkdir(parents=True, exist_ok=True)
    editions.look_in(settings.home / editions.HOME_FOLDER)
    init_logs(settings.log_level)
    app = Flask("fieldsales", static_folder=str(data_dir("static")), template_folder=str(data_dir("templates")))
    app.config.update(
        SECRET_KEY=settings.secret_key or _own_secret(settings.home), SQLALCHEMY_DATABASE_URI=settings.database,
        SESSION_COOKIE_SAMESITE="Lax", SESSION_COOKIE_HTTPONLY=True, MAX_CONTENT_LENGTH=settings.upload_limit_mb << 20,
        MAX_FORM_MEMORY_SIZE=16 << 20, SEND_FILE_MAX_AGE_DEFAULT=31_536_000, JSON_SORT_KEYS=False,
        RATELIMIT_ENABLED=True, TRUSTED_HOSTS=settings.hosts or None,
    )
    db.init_app(app)
    with app.app_context():
        store = Store(db.engine)
    plugins = plugins if plugins is not None else attending.load(settings, store)
    for room in ROOMS:
        _open_room(app, room)
    app.register_blueprint(pwa)
    app.register_blueprint(brought.views)
    clock = clock or SystemClock()
    dispatcher = Dispatcher(store, clock, reactions=react, plugins=plugins, zone=settings.zone,
                            witness=Witness(settings.home))
    program = Program(settings, store, clock, dispatcher, plugins, {"blobs": BlobStore(settings.blobs)})
    app.extensions["fieldsales"] = program
    _templates(app, program)
    attending.attend(app, program, lambda: _templates(app, program))
    init_words(app)
    init_headers(app, settings)
    init_pages(app)
    init_embedded(app)
    init_errors(app)
    limiter.init_app(app)
    init_login(app)
    init_access(app)
    _own_routes(app)
    return app


def _open_room(app: Flask, name: str) -> None:
    """Import a capability's facts, operations and jobs, and hang in its pages."""
    for part in ("queries", "service", "handover", "jobs", "views"):
        if find_spec(f"fieldsales.{name}.{part}"):
            for value in vars(import_module(f"fieldsales.{name}.{part}")).values():
                if isinstance(value, Blueprint) and value.name not in app.blueprints:
                    app.register_blueprint(value)


def _templates(app: Flask, program: Program) -> None:
    """What hangs on the plugins there are. Their templates come last: none can put itself in place of the core's."""
    app.jinja_loader = brought.loader(str(app.template_folder), program.plugins)
    add_words(app, brought.words(program.plugins))
    if app.jinja_env.cache is not None:
        app.jinja_env.cache.clear()
    onetime.send_by(onetime.channels_of(program.settings, program.plugins))


def _own_secret(home: Path) -> str:
    """A cookie key made once: 0600, under the home folder."""
    path = home / "secret.key"
    if not path.exists():
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_hex(32))
    return path.read_text()


def _own_routes(app: Flask) -> None:
    @app.get("/")
    @access(*PUBLIC)
    def home() -> Response:
        actor = present_actor()
        return redirect(home_of(actor.role) if actor else "/login")

    @app.get("/healthz")
    @access(*PUBLIC)
    def healthz() -> Any:
        store: Store = app.extensions["fieldsales"].store
        with store.reading() as connection:
            beat = connection.execute(select(Beat.at).where(Beat.name == "worker")).first()
        return jsonify({"status": "ok", "worker": beat.at.isoformat() if beat else None})
