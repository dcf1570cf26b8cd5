"""A program whose one plugin is a file with jobs of every kind, good and bad."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from fieldsales.plugin_api.manager import Plugins
from fieldsales.web.here import Program

HERE = Path(__file__).parent


@pytest.fixture
def make_clerk(make_app: Callable[..., Any], main_url: str) -> Callable[..., Program]:
    """The program with the plugin ``clerk`` alone (``clerk_plugin.py`` in this folder)."""

    def make(**settings: Any) -> Program:
        plugins = Plugins.load(None, HERE / "clerks", with_installed=False)
        program: Program = make_app(main_url, plugins=plugins, **settings).extensions["fieldsales"]
        return program

    return make


@pytest.fixture
def clerk(make_clerk: Callable[..., Program]) -> Program:
    """The same, ready made."""
    return make_clerk()
