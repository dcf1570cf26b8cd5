"""What a decision has kept or forgotten, written with everything else the decision asks for."""

from __future__ import annotations

from collections.abc import Iterable

from fieldsales.extensions.models import PluginRecord
from fieldsales.extensions.rules import HOUSE, Record, record_id, shown
from fieldsales.kernel.errors import N_, RuleBroken
from fieldsales.plugin_api.keeping import Forget, Keep, objection
from fieldsales.store.work import Work


def carry_out(work: Work, plugin: str, customer_id: str, effects: Iterable[object]) -> None:
    """Write the records of ``plugin``. Raises RuleBroken for too many, too much, or a version that is no more.

    Needs the facts ``kept`` of the customer and of the house. Each row written is held to the version it was judged
    on: two who write the same record at once are judged one after the other.
    """
    asked = [one for one in effects if isinstance(one, Keep | Forget)]
    owners = dict.fromkeys(HOUSE if one.house else customer_id for one in asked)
    against = objection(asked, shown(plugin, *(work.fact("kept", owner) for owner in owners)))
    if against:  # a decision was judged by this already; whatever else may keep records was not
        raise RuleBroken("extensions.not_kept", N_("The plugin may not keep this: %(why)s"), why=against)
    for effect in asked:
        _write(work, plugin, HOUSE if effect.house else customer_id, effect)


def _write(work: Work, plugin: str, owner: str, effect: Keep | Forget) -> None:
    known: tuple[Record, ...] = work.fact("kept", owner) or ()
    row_id = record_id(plugin, owner, effect.kind, effect.key)
    before = next((one for one in known if one.id == row_id), None)
    body = dict(effect.body) if isinstance(effect, Keep) else None
    if body is None and (before is None or before.body is None):
        return
    work.hold(PluginRecord, row_id, before.version if before else 0)
    fresh = Record(row_id, plugin, effect.kind, effect.key, owner, body, before.version + 1 if before else 1)
    said = {"body": body, "version": fresh.version, "changed_at": work.now, "changed_by": work.actor.user_id}
    if before:
        work.update(PluginRecord, row_id, **said)
    else:
        work.insert(PluginRecord, id=row_id, plugin=plugin, kind=effect.kind, key=effect.key,
                    customer_id=owner or None, **said)
    work.facts.put("kept", owner, (fresh, *(one for one in known if one.id != row_id)))
