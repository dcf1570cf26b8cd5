"""Operations on plugins: administrators only, on record like everything else."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from fieldsales.extensions import messages as m
from fieldsales.extensions.models import PluginSetting, PluginState
from fieldsales.extensions.queries import SettingsFact, StateFact
from fieldsales.kernel.errors import N_, Invalid, NotAllowed, NotFound, RuleBroken
from fieldsales.kernel.operation import Need, for_office, operation
from fieldsales.people.rules import may_administer
from fieldsales.plugin_api.answers import read_fields
from fieldsales.plugin_api.health import pause_after
from fieldsales.store.work import Work

DISABLED, ENABLED, ASIDE = "disabled", "enabled", "aside"
#: A hang after so long is the first in a row again.
FORGIVEN_AFTER = timedelta(days=1)


@for_office
def _admin(work: Work, command: Any) -> None:
    if not may_administer(work.actor):
        raise NotAllowed("admin_only", N_("Only an administrator can do this."))


def _program(work: Work, command: Any) -> None:
    if work.actor.role != "system":
        raise NotAllowed("system_only", N_("Only the program itself does this."))


def _status_of(work: Work, name: str) -> Any:
    found = next((one for one in work.plugins.status() if one.name == name), None)
    if found is None:
        raise NotFound("extensions.no_plugin", N_("There is no plugin of this name."))
    return found


def _write(work: Work, name: str, **values: Any) -> None:
    known: StateFact | None = work.fact("plugin_state", name)
    version = known.version if known else 0
    values = {"hangs": 0, "until": None} | values
    values |= {"version": version + 1, "at": work.now, "by_id": work.actor.user_id}
    work.hold(PluginState, name, version)
    if known:
        work.update(PluginState, name, **values)
    else:
        work.insert(PluginState, id=name, **values)
    work.facts.put("plugin_state", name, StateFact(
        name, version + 1, values["state"], values["reason"], at=work.now, hangs=values["hangs"],
        until=values["until"]))


def _needs(command: m.Disable | m.Enable | m.Resume | m.SetAside) -> list[Need]:
    return [Need("plugin_state", command.plugin)]


@operation("extensions.disable", m.Disable, needs=_needs, guard=_admin)
def disable(work: Work, command: m.Disable) -> None:
    """Switch a plugin off. What phones send for its methods is held, and applied once it is on again."""
    status = _status_of(work, command.plugin)
    known: StateFact | None = work.fact("plugin_state", command.plugin)
    if known is not None and known.state == DISABLED:
        raise RuleBroken("extensions.off_already", N_("This plugin is switched off already."))
    _write(work, command.plugin, state=DISABLED, reason=command.reason.strip(), methods=list(status.methods))


@operation("extensions.enable", m.Enable, needs=_needs, guard=_admin)
def enable(work: Work, command: m.Enable) -> None:
    """Switch a plugin on, or load one again that could not be loaded."""
    _status_of(work, command.plugin)
    _write(work, command.plugin, state=ENABLED, reason="", methods=[])


@operation("extensions.resume", m.Resume, needs=_needs, guard=_admin)
def resume(work: Work, command: m.Resume) -> None:
    """Ask a plugin again at once that was left alone because it hung."""
    _status_of(work, command.plugin)
    known: StateFact | None = work.fact("plugin_state", command.plugin)
    if known is not None and known.state == DISABLED:
        raise RuleBroken("extensions.off", N_("This plugin is switched off. Switch it on instead."))
    _write(work, command.plugin, state=ENABLED, reason="", methods=[])


@operation("extensions.set_aside", m.SetAside, needs=_needs, guard=_program)
def set_aside(work: Work, command: m.SetAside) -> None:
    """Leave a plugin alone that hung, in every process: for a minute, then two, then four, then until it is resumed.

    Nothing changes when it is switched off, or left alone already: several processes may hang in it at once.
    """
    status, known = _status_of(work, command.plugin), work.fact("plugin_state", command.plugin)
    if known is not None and (known.state == DISABLED or is_aside(known, work.now)):
        return
    again = known is not None and known.state == ASIDE and known.at and work.now - known.at < FORGIVEN_AFTER
    hangs = known.hangs + 1 if again else 1
    pause = pause_after(hangs)
    _write(work, command.plugin, state=ASIDE, reason=command.why, methods=list(status.methods), hangs=hangs,
           until=None if pause is None else work.now + timedelta(seconds=pause))


def is_aside(state: StateFact, now: datetime) -> bool:
    """Whether a plugin is left alone at this moment because it hung."""
    return state.state == ASIDE and (state.until is None or state.until > now)


@operation("extensions.set_settings", m.SetSettings, guard=_admin,
           needs=lambda c: [Need("plugin_settings", c.plugin)])
def set_settings(work: Work, command: m.SetSettings) -> None:
    """Keep what was set for a plugin, each value as its field says. Secrets come encrypted, or stay as they are."""
    form = work.plugins.settings_form(command.plugin)
    if form is None:
        raise NotFound("extensions.no_settings", N_("This plugin has no settings."))
    plain = tuple(one.field for one in form.settings if not one.secret)
    secret = {one.field.name for one in form.settings if one.secret}
    _values, refusals = read_fields(plain, command.given, locale=work.actor.locale)
    if refusals:
        first = refusals[0]
        raise Invalid(f"extensions.setting_{first.code}", first.message, field=first.field, **first.params)
    known: SettingsFact | None = work.fact("plugin_settings", command.plugin)
    before = dict(known.sealed) if known else {}
    given = {one.name: command.given[one.name] for one in plain if command.given.get(one.name) not in (None, "")}
    sealed = {name: token for name, token in (before | command.sealed).items()
              if name in secret and name in command.secrets}
    version = known.version if known else 0
    values = {"given": given, "sealed": sealed, "version": version + 1, "at": work.now, "by_id": work.actor.user_id}
    work.hold(PluginSetting, command.plugin, version)
    if known:
        work.update(PluginSetting, command.plugin, **values)
    else:
        work.insert(PluginSetting, id=command.plugin, **values)
    work.facts.put("plugin_settings", command.plugin, SettingsFact(command.plugin, version + 1, given, sealed))
