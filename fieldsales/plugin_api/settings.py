"""Settings of a plugin (插件设置): declared as fields, drawn on the plugin's page, kept by the core.

A secret is written and never shown again: it is kept encrypted, stands in no audit body and reaches the plugin alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from fieldsales.kernel.money import Money
from fieldsales.plugin_api import validate
from fieldsales.plugin_api.answers import read_fields
from fieldsales.plugin_api.fields import Field, Labels, Value
from fieldsales.plugin_api.markers import hookspec
from fieldsales.plugin_api.types import Problem

#: Types of fields a setting may have, and those of them that may be secret.
SETTING_TYPES = ("text", "prose", "money", "date", "choice", "bool", "phone", "number", "email")
SECRET_TYPES = ("text", "prose")
MOST_SETTINGS = 40


@dataclass(frozen=True, slots=True)
class Setting:
    """One thing the administrator sets. ``field``: its name, type, labels, hint and bounds.

    ``default``: what holds while nothing is set, typed as the field says; None: it is left out of ``facts.settings``.
    ``secret``: a password or token (text or prose): write-only, kept encrypted.
    """

    field: Field
    default: Value | None = None
    secret: bool = False


def no_objection(settings: Mapping[str, Value]) -> list[Problem]:
    """The check of a form that has nothing to object to."""
    return []


@dataclass(frozen=True, slots=True)
class SettingsForm:
    """The settings of one plugin. ``check(settings)`` lists problems of what shall be saved: pure, two seconds.

    A blocking problem refuses to save; any other is shown and saved nevertheless.
    """

    settings: tuple[Setting, ...]
    check: Callable[[Mapping[str, Value]], list[Problem]] = no_objection
    hint: Labels | None = None
    name: str = "settings"

    @property
    def fields(self) -> tuple[Field, ...]:
        """The fields alone, in their order."""
        return tuple(one.field for one in self.settings)

    def read(self, given: Mapping[str, Any], currency: str = "CNY") -> dict[str, Value]:
        """The settings from what is kept as JSON; where it no longer fits a field, that field's default holds.

        ``currency``: the house's; sums are in it, whatever a default was declared in.
        """
        values, _refused = read_fields(self.fields, given, currency=currency)
        held = {one.field.name: one.default for one in self.settings if one.default is not None}
        sums = {name: Money(value.minor, currency) for name, value in held.items() if isinstance(value, Money)}
        return held | sums | values


class SettingsHooks:
    """The hook of settings."""

    @hookspec
    def settings(self) -> Iterable[SettingsForm]:  # type: ignore[empty-body]
        """What an administrator can set for this plugin.

        When: once, as the program starts; ``check`` then runs when the form is saved.
        Returns: at most one SettingsForm in a list. What is set reaches methods as ``facts.settings``.
        Errors: one bad setting fails the whole plugin. A ``check`` that raises, hangs or returns anything else
        refuses to save, with the reason; what was set before holds on.
        Since: API 1.

        Example::

            @hookimpl
            def settings():
                return [SettingsForm((
                    Setting(Field("days", "number", words("等几天", "Days to wait"), minimum=1, maximum=30), default=3),
                    Setting(Field("token", "text", words("令牌", "Token")), secret=True),
                ))]
        """


def settings_form(given: Any) -> SettingsForm:
    """A settings form, or Garbage."""
    validate.need(type(given) is SettingsForm, f"settings must be a SettingsForm, not {type(given).__name__}")
    validate.need(given.name == "settings", "settings: the form is called 'settings'")
    validate.need(callable(given.check), "settings: check must be a function")
    if given.hint is not None:
        validate.labels(given.hint, "settings: hint", 300)
    validate.need(isinstance(given.settings, tuple), "settings must be a tuple")
    validate.need(len(given.settings) <= MOST_SETTINGS, f"settings: more than {MOST_SETTINGS}")
    for one in given.settings:
        _setting(one)
    names = [one.field.name for one in given.settings]
    validate.need(len(set(names)) == len(names), "settings: two have the same name")
    checked: SettingsForm = given
    return checked


def _setting(given: Any) -> None:
    validate.need(type(given) is Setting, f"a setting must be a Setting, not {type(given).__name__}")
    field = validate.field(given.field)
    what = f"setting {field.name}"
    validate.need(field.type in SETTING_TYPES, f"{what}: a setting cannot be of type {field.type}")
    validate.need(field.when is None, f"{what}: a setting has no condition")
    validate.need(type(given.secret) is bool, f"{what}: secret must be True or False")
    validate.need(not given.secret or field.type in SECRET_TYPES, f"{what}: a secret is text or prose")
    validate.need(not given.secret or given.default is None, f"{what}: a secret has no default")
    if given.default is not None:
        values, refused = read_fields((field,), {field.name: as_json(given.default)})
        value = values.get(field.name)
        fits = not refused and value == given.default and type(value) is type(given.default)
        validate.need(fits, f"{what}: its default {given.default!r} does not fit")


def as_json(value: Any) -> Any:
    """A value as the form's JSON carries it."""
    if isinstance(value, Money):
        return value.minor
    return value.isoformat() if isinstance(value, date) else value
