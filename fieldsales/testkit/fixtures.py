"""The fixtures pytest finds by itself once fieldsales is installed; all else is imported when one is asked for."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from fieldsales.kernel.clock import FixedClock
    from fieldsales.plugin_api.manager import Plugins
    from fieldsales.testkit.imapserver import ImapServer
    from fieldsales.testkit.mailserver import MailServer
    from fieldsales.testkit.office import Office


def own_folder(test_file: Path) -> Path:
    """The folder the plugin under test lies in: the first above the test that is no package and no folder of tests."""
    folder = test_file.parent
    while (folder / "__init__.py").is_file() or folder.name == "tests":
        folder = folder.parent
    return folder


@pytest.fixture
def fieldsales_plugins(request: pytest.FixtureRequest) -> Plugins:
    """The shipped plugins, installed ones, and those beside the test; one of them that fails to load fails the test."""
    from fieldsales.places import data_dir
    from fieldsales.plugin_api.manager import Plugins

    own = own_folder(request.path)
    plugins = Plugins.load(data_dir("plugins"), own)
    broken = [f"{one.name}: {one.last_error}" for one in plugins.status()
              if one.state == "failed" and Path(one.where).is_relative_to(own)]
    assert not broken, "\n".join(broken)
    return plugins


@pytest.fixture
def fieldsales_mail() -> Iterator[MailServer]:
    """A real SMTP server; what the office sends is in its ``mails``."""
    from fieldsales.testkit.mailserver import MailServer

    server = MailServer()
    server.start()
    yield server
    server.stop()


@pytest.fixture
def fieldsales_mailbox() -> Iterator[ImapServer]:
    """A real IMAP server with one empty mailbox; ``settings`` say how a plugin reaches it, ``put`` fills it."""
    from fieldsales.testkit.imapserver import ImapServer

    server = ImapServer()
    server.start()
    yield server
    server.stop()


@pytest.fixture
def fieldsales_settings() -> dict[str, Any]:
    """Settings of the program (``sms_sender="house_sms"``) the office is to have: override it in your own tests."""
    return {}


@pytest.fixture
def fieldsales_office(
    fieldsales_plugins: Plugins, fieldsales_mail: MailServer, fieldsales_settings: dict[str, Any], tmp_path: Path
) -> Iterator[Office]:
    """A whole program in a temporary folder: people, a customer who owes, the plugin under test among the others."""
    from fieldsales.testkit.office import open_office

    office = open_office(tmp_path, fieldsales_plugins, fieldsales_mail.url, **fieldsales_settings)
    yield office
    office.program.store.engine.dispose()


@pytest.fixture
def fieldsales_clock(fieldsales_office: Office) -> FixedClock:
    """The office's clock: noon on 12 March 2026, until the test moves it."""
    return fieldsales_office.clock
