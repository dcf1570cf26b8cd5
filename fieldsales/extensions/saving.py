"""A plugin's settings saved: read as its fields say, shown to its own check, secrets encrypted, then one command."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from fieldsales.extensions.queries import SettingsFact, all_settings
from fieldsales.extensions.sealing import opened, seal
from fieldsales.kernel.errors import N_, Invalid, NotFound, RuleBroken
from fieldsales.kernel.operation import Actor
from fieldsales.plugin_api import validate
from fieldsales.plugin_api.answers import read_fields
from fieldsales.plugin_api.manager import PluginFailed
from fieldsales.plugin_api.settings import SettingsForm
from fieldsales.plugin_api.types import Problem
from fieldsales.web.here import Program


def form_of(program: Program, plugin: str) -> SettingsForm:
    """The form a plugin declares. Raises NotFound when it declares none, or is not at work."""
    form: SettingsForm | None = program.plugins.settings_form(plugin)
    if form is None:
        raise NotFound("extensions.no_settings", N_("This plugin has no settings."))
    return form


def kept_settings(program: Program, plugin: str) -> SettingsFact:
    """What is set for a plugin: plain values as JSON, and its secrets, encrypted."""
    with program.store.reading() as connection:
        return all_settings(connection).get(plugin) or SettingsFact(plugin, 0, {}, {})


def readable_secrets(program: Program, kept: SettingsFact) -> dict[str, str]:
    """The secrets of a plugin that this house's key opens; one from a backup without the key is not among them."""
    tried = {name: opened(program.settings.home, kept.id, name, token) for name, token in kept.sealed.items()}
    return {name: secret for name, secret in tried.items() if secret is not None}


def save_settings(
    program: Program, actor: Actor, plugin: str, given: Mapping[str, Any], *, secrets: Mapping[str, str],
    forget: Collection[str] = (), command_id: str | None = None,
) -> tuple[Problem, ...]:  # fmt: skip
    """Save the whole form: ``given`` as JSON, ``secrets`` those typed anew; the others stay, ``forget`` go.

    Returns what the plugin's check warns of. Raises Invalid at a field, RuleBroken when the check fails itself.
    """
    form, kept = form_of(program, plugin), kept_settings(program, plugin)
    names = {one.field.name for one in form.settings if one.secret}
    typed = {name: secret for name, secret in secrets.items() if name in names and secret}
    standing = {name: secret for name, secret in readable_secrets(program, kept).items() if name not in forget}
    plain = {name: value for name, value in given.items() if name not in names}
    _values, refusals = read_fields(form.fields, plain | typed, currency=program.settings.currency,
                                    locale=actor.locale)  # fmt: skip
    if refusals:
        first = refusals[0]
        raise Invalid(f"extensions.setting_{first.code}", first.message, field=first.field, **first.params)
    found = _check(program, plugin, form, plain | standing | typed)
    for problem in found:
        if problem.blocking:
            text = problem.text.get(actor.locale) or problem.text["zh"]
            raise RuleBroken("extensions.check", N_("%(text)s"), field=problem.field or None, text=text)
    stay = {name for name in kept.sealed if name in names and name not in forget}
    program.dispatcher.perform(actor, "extensions.set_settings", {
        "plugin": plugin, "given": plain, "secrets": sorted(stay | set(typed)),
        "sealed": {name: seal(program.settings.home, plugin, name, secret) for name, secret in typed.items()},
    }, command_id=command_id)  # fmt: skip
    return found


def _check(program: Program, plugin: str, form: SettingsForm, whole: Mapping[str, Any]) -> tuple[Problem, ...]:
    values = form.read(whole, program.settings.currency)
    try:
        found: tuple[Problem, ...] = program.plugins.ask(
            "settings", f"{plugin}/settings", lambda one: validate.problems(one.check(values)))
    except PluginFailed as failure:
        raise RuleBroken("extensions.check_failed", N_("The plugin could not check its settings: %(why)s"),
                         why=str(failure)[:300]) from failure
    return found
