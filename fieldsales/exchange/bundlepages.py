"""Pages of evidence bundles: ordered from the plan's page, fetched when they are packed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, make_response, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from fieldsales.exchange.bundles import bundle_in_sight, bundles_of
from fieldsales.kernel.errors import N_, Stale
from fieldsales.kernel.ids import derived_id
from fieldsales.people.rules import scope_of
from fieldsales.plans.queries import plan_row
from fieldsales.web.access import access, missing
from fieldsales.web.forms import command_id, done, refused, submit
from fieldsales.web.here import actor, here, reading
from fieldsales.web.pages import page

bundle_views = Blueprint("bundles", __name__)


@dataclass(frozen=True, slots=True)
class BundlesPage:
    """A plan's bundles."""

    plan: Any
    bundles: tuple[Any, ...]


@bundle_views.get("/plans/<plan_id>/bundles")
@access("manager", "legal", "admin")
def show(plan_id: str) -> str:
    """What was ordered, and what is packed."""
    with reading() as connection:
        plan = plan_row(connection, scope_of(actor()), plan_id)
        if plan is None:
            raise missing()
        bundles = tuple(bundles_of(connection, plan_id))
    return page("exchange/bundles.html", BundlesPage(plan, bundles))


@bundle_views.post("/plans/<plan_id>/bundles")
@access("manager", "legal", "admin")
def order(plan_id: str) -> Response:
    """Order one."""
    with reading() as connection:
        plan = plan_row(connection, scope_of(actor()), plan_id)
    if plan is None:
        raise missing()
    target = url_for("bundles.show", plan_id=plan_id)
    errors = submit("exchange.order_bundle", {
        "bundle_id": derived_id(command_id(), "bundle"), "plan_id": plan_id, "customer_id": plan.customer_id})
    return refused(errors, target) if errors else done(gettext("The bundle is being packed."), target)


@bundle_views.get("/bundles/<bundle_id>.zip")
@access("manager", "legal", "admin")
def fetch(bundle_id: str) -> Response:
    """The packed bundle, for whoever sees the customer."""
    with reading() as connection:
        bundle = bundle_in_sight(connection, scope_of(actor()), bundle_id)
    if bundle is None:
        raise missing()
    if bundle.state != "ready":
        raise Stale("exchange.bundle_pending", N_("The bundle is still being packed. Try again in a few seconds."))
    answer = make_response(here().parts["blobs"].read(bundle.sha256))
    answer.headers["Content-Type"] = "application/zip"
    answer.headers.set("Content-Disposition", "attachment", filename=f"{bundle.number}-evidence.zip")
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
