"""The administrator's pages of plugins: how each fares, on and off, and its settings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, request, url_for
from flask_babel import gettext

from fieldsales.collection.questions import Drawn, draw_fields, read_answers
from fieldsales.extensions.attending import off_by_settings
from fieldsales.extensions.requirements import requirements
from fieldsales.extensions.saving import form_of, kept_settings, readable_secrets, save_settings
from fieldsales.extensions.standing import standing_of
from fieldsales.kernel.errors import N_, NotAllowed, NotFound, TradeError
from fieldsales.kernel.money import Money
from fieldsales.plugin_api.health import PluginStatus
from fieldsales.plugin_api.markers import API_VERSION
from fieldsales.plugin_api.settings import SettingsForm
from fieldsales.reports.pluginhealth import PluginLine, held_by_method, plugin_lines, waiting_for_nobody
from fieldsales.reports.plugintrouble import trouble
from fieldsales.web.access import access, missing
from fieldsales.web.errors import say
from fieldsales.web.filters import lang, moment_text
from fieldsales.web.forms import Errors, command_id, done, field_text, refused, submit
from fieldsales.web.here import actor, here, reading
from fieldsales.web.pages import NavItem, nav, page

plugin_views = Blueprint("extensions", __name__)
nav(NavItem("extensions.plugins", N_("Plugins"), "plugins", 97, ("admin",), group=N_("Administration")))
#: What each hook brings to the house: in a word, and in a sentence.
HOOK_WORDS: Mapping[str, tuple[str, str]] = {
    "collection_methods": (N_("Ways of collecting"), N_("On the customer's page and on the phone, and in the log.")),
    "excuse_codes": (N_("Excuses"), N_("More reasons to choose from when a customer does not pay.")),
    "observers": (N_("Listens to what happens"), N_("Hears it once it is on record, and may tell the team's group.")),
    "notice_channels": (N_("Company messengers"), N_("Reminders can go to a group there.")),
    "message_senders": (N_("Senders of messages"), N_("Text messages can go out through it.")),
    "importers": (N_("Readers of files"), N_("More formats that can be imported.")),
    "compliance_rules": (N_("Rules of contact"), N_("One more look before anybody is contacted; only ever stricter.")),
    "interest_rules": (N_("Rules of interest"), N_("One more way to reckon interest.")),
    "plan_clauses": (N_("Clauses of plans"), N_("To choose from when a repayment plan is made.")),
    "document_templates": (N_("Papers to print"), N_("More papers that can be printed.")),
    "timestampers": (N_("Time stamp authorities"), N_("To choose from for sealed papers.")),
    "customer_panels": (N_("Panels on a customer"), N_("Beside a customer's figures, at the office and on the phone.")),
    "workday_cards": (N_("Cards of the day"), N_("On the day's page, at the office and on the phone.")),
    "scorecard_metrics": (N_("Measures on the scorecard"), N_("More columns in the reps' scorecard.")),
    "scheduled_jobs": (N_("Scheduled work"), N_("Done by itself at its hours.")),
    "cli_commands": (N_("Commands"), N_("For whoever sits at the server.")),
    "settings": (N_("Settings"), N_("A form of its own.")),
}  # fmt: skip
#: So many names of one kind stand in the list of all.
NAMES_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Added:
    """Something a plugin adds to the house. ``hook``: its technical name; ``names``: in words, as far as they have
    any; ``count``: of all."""

    hook: str
    word: str
    hint: str
    names: tuple[str, ...]
    count: int


@dataclass(frozen=True, slots=True)
class Known:
    """A plugin in words. ``said`` and ``todo``: what ails it, "" when nothing does."""

    line: PluginLine
    title: str
    about: str
    adds: tuple[Added, ...]
    said: str
    todo: str


@dataclass(frozen=True, slots=True)
class PluginsPage:
    """Every plugin found, and what waits for one that is not."""

    plugins: tuple[Known, ...]
    nobody: tuple[tuple[str, int], ...]
    api_version: int
    names_shown: int


@dataclass(frozen=True, slots=True)
class PluginPage:
    """One plugin: its health, what it brings, what hangs on it."""

    known: Known
    one: PluginLine
    #: of its ways of collecting, by name
    labels: dict[str, str]


@dataclass(frozen=True, slots=True)
class Secret:
    """A secret as it is drawn: never its value. ``state``: empty | set | lost (the house's key does not open it)."""

    name: str
    label: str
    hint: str
    state: str


@dataclass(frozen=True, slots=True)
class SettingsPage:
    """The form a plugin declares for its settings."""

    plugin: str
    title: str
    hint: str
    fields: tuple[Drawn, ...]
    secrets: tuple[Secret, ...]
    currency: str
    errors: Errors


def _lines() -> tuple[tuple[PluginLine, ...], tuple[tuple[str, int], ...]]:
    with reading() as connection:
        lines = plugin_lines(connection, here().plugins, off_by_settings(here().settings))
        return lines, waiting_for_nobody(held_by_method(connection), lines)


def _adds(status: PluginStatus) -> tuple[Added, ...]:
    records: Mapping[str, Mapping[str, Any]] = here().plugins.records_of(status.name)
    found = []
    for hook in (one for one in HOOK_WORDS if one in records or (not records and one in status.hooks)):
        word, hint = HOOK_WORDS[hook]
        ours = records.get(hook, {})
        names = (one.labels[lang()] for one in ours.values() if getattr(one, "labels", None))
        found.append(Added(hook, gettext(word), gettext(hint), tuple(str(name) for name in names), len(ours)))
    return tuple(found)


def _title(plugin: str) -> str:
    found = next((one for one in here().plugins.status() if one.name == plugin), None)
    return str(found.title.get(lang()) or plugin) if found else plugin


def _known(line: PluginLine) -> Known:
    status = line.status
    wrong = trouble(line.state, line.fault.why if line.fault else "", line.last_error,
                    moment_text(line.until, lang(), here().today, here().settings.zone) if line.until else "")
    said, todo = (gettext(wrong.said, **wrong.params), gettext(wrong.todo, **wrong.params)) if wrong else ("", "")
    return Known(line, _title(status.name), status.about.get(lang(), ""), _adds(status),
                 said, todo)  # fmt: skip


@plugin_views.get("/plugins")
@access("admin")
def plugins() -> str:
    """Every plugin, those in trouble first."""
    lines, nobody = _lines()
    return page("extensions/plugins.html", PluginsPage(tuple(map(_known, lines)), nobody, API_VERSION, NAMES_SHOWN))


@plugin_views.get("/plugins/requirements.txt")
@access("admin")
def requirements_txt() -> Response:
    """What another machine needs to have the same plugins."""
    answer = Response(requirements(here().plugins.status()), mimetype="text/plain")
    answer.headers["Content-Disposition"] = 'attachment; filename="requirements.txt"'
    return answer


@plugin_views.get("/plugins/<plugin>")
@access("admin")
def one(plugin: str) -> str:
    """One plugin."""
    found = next((line for line in _lines()[0] if line.status.name == plugin), None)
    if found is None:
        raise missing()
    methods = here().plugins.records_of(plugin).get("collection_methods", {})
    return page("extensions/plugin.html", PluginPage(_known(found), found, {
        name: str(method.labels[lang()]) for name, method in methods.items()}))


def _switch(operation: str, plugin: str, said: str, **more: str) -> Any:
    target = url_for("extensions.one", plugin=plugin)
    errors = submit(operation, {"plugin": plugin} | more)
    if errors:
        return refused(errors, target)
    standing_of(here()).look(at_once=True)
    return done(said, target)


@plugin_views.post("/plugins/<plugin>/off")
@access("admin")
def switch_off(plugin: str) -> Any:
    """Switch a plugin off, in every process within a second."""
    return _switch("extensions.disable", plugin, gettext("Switched off."), reason=field_text("reason"))


@plugin_views.post("/plugins/<plugin>/on")
@access("admin")
def switch_on(plugin: str) -> Any:
    """Switch a plugin on, or load it again."""
    return _switch("extensions.enable", plugin, gettext("Loaded again. What waited for it is applied in a moment."))


@plugin_views.post("/plugins/<plugin>/resume")
@access("admin")
def resume(plugin: str) -> Any:
    """Ask a plugin again that hung."""
    return _switch("extensions.resume", plugin, gettext("It is asked again from now on."))


def _form(plugin: str) -> SettingsForm:
    try:
        return form_of(here(), plugin)
    except NotFound as error:
        raise missing() from error


def _draw(plugin: str, form: SettingsForm, typed: dict[str, str], errors: Errors) -> str:
    kept = kept_settings(here(), plugin)
    readable = readable_secrets(here(), kept)
    plain = tuple(one.field for one in form.settings if not one.secret)

    def said(labels: Any) -> str:
        return str(labels[lang()]) if labels else ""

    secrets = tuple(
        Secret(one.field.name, said(one.field.labels), said(one.field.hint),
               "set" if one.field.name in readable else "lost" if one.field.name in kept.sealed else "empty")
        for one in form.settings if one.secret)  # fmt: skip
    return page("extensions/settings.html", SettingsPage(
        plugin, _title(plugin), said(form.hint), draw_fields(plain, lang(), typed), secrets,
        here().settings.currency, errors))


def _as_typed(value: Any) -> str:
    """A value as its control shows it."""
    if isinstance(value, bool):
        return "1" if value else ""
    return value.plain() if isinstance(value, Money) else str(value)


@plugin_views.get("/plugins/<plugin>/settings")
@access("admin")
def settings(plugin: str) -> str:
    """What is set for a plugin; secrets are never shown."""
    form = _form(plugin)
    values = form.read(kept_settings(here(), plugin).given, here().settings.currency)
    return _draw(plugin, form, {name: _as_typed(value) for name, value in values.items()}, {})


@plugin_views.post("/plugins/<plugin>/settings")
@access("admin")
def save(plugin: str) -> Any:
    """Save them; they hold from the next call on, in every process within a second."""
    form = _form(plugin)
    plain = tuple(one.field for one in form.settings if not one.secret)
    secret = [one.field.name for one in form.settings if one.secret]
    given = read_answers(plain, request.form, here().settings.currency, lambda _field, _name: None)
    try:
        warned = save_settings(
            here(), actor(), plugin, given, secrets={name: field_text(name) for name in secret},
            forget=[name for name in secret if field_text(f"forget.{name}")], command_id=command_id())
    except NotAllowed:
        raise
    except TradeError as error:
        known = error.field if error.field in {one.field.name for one in form.settings} else ""
        return _draw(plugin, form, dict(request.form.items()), {known or "": say(error)}), 422
    standing_of(here()).look(at_once=True)
    told = " ".join(one.text[lang()] for one in warned)
    return done(f"{gettext('Saved.')} {told}".strip(), url_for("extensions.settings", plugin=plugin))
