"""Commands of plugins: on and off, and what the administrator sets for them."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from fieldsales.kernel.operation import Command
from fieldsales.kernel.text import Line

PluginName = Annotated[str, Field(min_length=1, max_length=120)]
#: never dumped: a secret, even an encrypted one, must reach no audit body
Sealed = Annotated[dict[str, str], Field(repr=False, exclude=True, max_length=40)]
SettingName = Annotated[str, Field(max_length=40)]


class Disable(Command):
    """The plugin is not loaded from now on, in no process."""

    plugin: PluginName
    reason: Line = ""


class Enable(Command):
    """The plugin is loaded again, everywhere; one that could not be loaded is tried again."""

    plugin: PluginName


class Resume(Command):
    """A plugin left alone because it hung is asked again at once."""

    plugin: PluginName


class SetAside(Command):
    """The plugin hung: no process asks it for a while (by the program itself). ``why``: what the call said."""

    plugin: PluginName
    why: Line = ""


class SetSettings(Command):
    """A plugin's settings, whole: ``given`` as JSON by name; what is missing has its default.

    ``sealed``: secrets given anew, encrypted. ``secrets``: the names of all that are kept; others are forgotten.
    """

    plugin: PluginName
    given: Annotated[dict[SettingName, Any], Field(max_length=40)]
    sealed: Sealed = {}
    secrets: tuple[SettingName, ...] = ()
