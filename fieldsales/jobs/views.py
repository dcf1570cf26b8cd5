"""The administrator's page of scheduled jobs: what each does, when it runs next, and how its last runs went."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Blueprint, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from fieldsales.jobs.queries import RunFact, job_states, latest_runs
from fieldsales.jobs.rules import OUTCOMES, hosts_of, lacks
from fieldsales.kernel.errors import N_
from fieldsales.plugin_api.fields import Labels
from fieldsales.plugin_api.jobs import ScheduledJob
from fieldsales.web.access import access
from fieldsales.web.filters import lang
from fieldsales.web.forms import done, refused, submit
from fieldsales.web.here import here, reading
from fieldsales.web.pages import NavItem, nav, page

job_pages = Blueprint("jobs", __name__)
nav(NavItem("jobs.listed", N_("Scheduled jobs"), "bell", 98, roles=("admin",), group=N_("Administration")))


@dataclass(frozen=True, slots=True)
class JobLine:
    """One job. ``lacking``: settings it waits for; ``due_at`` None: it never ran yet."""

    plugin: str
    name: str
    label: str
    every: str
    hosts: tuple[str, ...]
    lacking: tuple[str, ...]
    due_at: datetime | None
    failures: int
    runs: tuple[RunFact, ...]


@dataclass(frozen=True, slots=True)
class JobsPage:
    """Every job of plugins in good health, and the words of how runs end."""

    jobs: tuple[JobLine, ...]
    outcomes: dict[str, str]


def _line(plugin: str, job: ScheduledJob, state: Any, runs: tuple[RunFact, ...]) -> JobLine:
    given = dict(here().plugins.settings_of(plugin))
    form = here().plugins.settings_form(plugin)
    labels: dict[str, Labels] = {field.name: field.labels for field in form.fields} if form else {}
    lacking = tuple(labels[name][lang()] if name in labels else name for name in lacks(job, given))
    every = gettext("once a night") if job.every == "night" else gettext("every %(n)s minutes", n=job.every)
    return JobLine(plugin, job.name, job.labels[lang()], every, hosts_of(job, given), lacking,
                   state.due_at if state else None, state.failures if state else 0, runs)


@job_pages.get("/jobs")
@access("admin")
def listed() -> str:
    """What plugins do by the hour."""
    with reading() as connection:
        states, runs = job_states(connection), latest_runs(connection)
    plugins = here().plugins
    lines = tuple(_line(plugins.brought_by("scheduled_jobs", name), job, states.get(name), runs.get(name, ()))
                  for name, job in plugins.declared("scheduled_jobs").items())
    return page("jobs/list.html", JobsPage(lines, {code: words[lang()] for code, words in OUTCOMES.items()}))


@job_pages.post("/jobs/<plugin>/<name>/run")
@access("admin")
def run_now(plugin: str, name: str) -> Response:
    """Run it at the worker's next pulse."""
    errors = submit("jobs.run_now", {"plugin": plugin, "job": name})
    if errors:
        return refused(errors, url_for("jobs.listed"))
    return done(gettext("It runs within half a minute. Open this page again then."), url_for("jobs.listed"))
