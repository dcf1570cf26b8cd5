"""A plugin goes, or changes its form, between the saving and the sending: the record is kept and comes to count."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from fieldsales.collection.models import Action
from fieldsales.kernel.ids import uuid7
from fieldsales.store.base import table_of
from tests.cast import HARBOUR
from tests.faults.phone.rig import Phone
from tests.faults.server import House

Well = Callable[..., None]

DOORBELL = '''
from fieldsales.plugin_api import CollectionMethod, Decision, Field, hookimpl, words


def outcome(fields, facts):
    """What ringing the bell meant."""
    said = str(fields.get("{field}", "nothing"))
    return Decision(summary=words(said, said), outcome="rung")


@hookimpl
def collection_methods():
    """The one method."""
    return [CollectionMethod("doorbell", words("按门铃", "Doorbell"), outcome, version={version},
                             fields=(Field("{field}", "text", words("谁开的门", "Who opened")),))]
'''


@pytest.fixture
def plugged(house: House, tmp_path: Path) -> Iterator[Callable[[str], None]]:
    """The house with a plugin of its own: ``plugged("who", version=1)``; ``plugged("")`` takes it away."""
    folder = tmp_path / "plugins"
    folder.mkdir()

    def plug(field: str, version: int = 1) -> None:
        house.kill()
        file = folder / "doorbell.py"
        file.unlink(missing_ok=True)
        if field:
            file.write_text(DOORBELL.replace("{field}", field).replace("{version}", str(version)), encoding="utf-8")
        house.settings["FIELDSALES_PLUGINS_DIR"] = str(folder)
        house.start()

    yield plug
    house.settings.pop("FIELDSALES_PLUGINS_DIR", None)
    house.kill()
    house.start()


def rung(phone: Phone, who: str, version: int = 1) -> dict[str, Any]:
    """An action by the doorbell as its screen saves it."""
    action_id = uuid7()
    form = phone.run("return docs.docs.all('form').value.find((one) => one.method === 'doorbell')")
    assert form["version"] == version
    return {"command_id": uuid7(), "operation": "collection.take_action", "entity_id": action_id,
            "form": {"id": form["id"], "version": version},
            "payload": {"action_id": action_id, "customer_id": HARBOUR, "method": "doorbell", "form_version": version,
                        "fields": {"who": who}}}


def actions(house: House, *ids: str) -> list[Any]:
    """What the server holds of these actions."""
    table = table_of(Action)
    with house.store() as store, store.reading() as connection:
        return list(connection.execute(select(table).where(table.c.id.in_(ids))))


def test_method_withdrawn_then_back_with_another_form_loses_no_answer(
        phone: Phone, all_well: Well, plugged: Callable[..., None]) -> None:
    plugged("who")
    phone.run("await sync.syncNow()")
    phone.wire.down = True
    what = phone.save(rung(phone, "the son, by the old form"))
    phone.save("a visit beside it")
    plugged("")
    phone.wire.mend()
    phone.drain()
    assert phone.states() == ["held"], "at the office, waiting; nothing refused, nothing lost"
    assert actions(phone.house, what["entity_id"]) == []
    plugged("name", version=2)
    phone.tap()
    phone.until("return docs.docs.all('form').value.find((one) => one.method === 'doorbell')?.version === 2")
    phone.run("await answers.retry(arg)", what["command_id"])
    phone.until("return outbox.queue.value.length === 0")
    (action,) = actions(phone.house, what["entity_id"])
    assert action.fields == {"who": "the son, by the old form"}
    all_well(phone)
