"""Planted faults: the phone's sync code is changed on its way to the browser, and a test named here must notice.

Each mutant is one line of one kernel file, replaced in what the wire delivers; the named test then runs as it
is, with a phone that has this fault. A test that passes all the same proves nothing, and fails here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Error as PageError

from tests.faults.phone import test_accidents as accidents
from tests.faults.phone import test_people as people
from tests.faults.phone import test_photos_on_the_way as photos
from tests.faults.phone import test_queue as queue
from tests.faults.phone import test_wire as wire
from tests.faults.phone import test_writing as writing
from tests.faults.phone.rig import Phone
from tests.faults.server import ROOT
from tests.faults.wire import Wire

Well = Callable[..., None]
MakePhone = Callable[..., Phone]


@dataclass(frozen=True)
class Mutant:
    """``old`` becomes ``new`` in ``static/js/kernel/<file>``; ``test`` must fail, called with ``more``."""

    file: str
    old: str
    new: str
    test: Callable[..., None]
    more: dict[str, Any]


def _storm(name: str) -> dict[str, Any]:
    return {"storm": [dict(fault) for fault in wire.STORMS[name]]}


_STORM = wire.test_push_through_a_storm_arrives_once
MUTANTS = {
    "an answer need not name the command": Mutant(
        "exchange.js", "await answered(answer.results);",
        "await answered(list.map(({ command }, n) => ({ status: 'applied', ...answer.results[n], "
        "command_id: command.command_id })));",
        _STORM, _storm("another's acknowledgement")),
    "any 200 is an acknowledgement": Mutant(
        "exchange.js", "if (!Array.isArray(answer?.results)) throw new NotOurs(\"not our answer\");",
        "answer.results ??= list.map(({ command }) => ({ command_id: command.command_id, status: 'applied' }));",
        _STORM, _storm("nothing but brackets")),
    "a retry has a new id": Mutant(
        "answers.js", "({ seq, command }) => ({ ...command,",
        "({ seq, command, attempts }) => ({ ...command, "
        "...(attempts > 0 && { command_id: command.command_id.replace(/.$/, (d) => (d === '0' ? '1' : '0')) }),",
        _STORM, _storm("cut after the commit")),
    "the row is dropped before the answer is kept": Mutant(
        "answers.js", "await transact([\"outbox\", \"held\", \"sent\"], \"readwrite\", (at) => {",
        "await transact([\"outbox\"], \"readwrite\", (at) => pairs.forEach(([one]) => at(\"outbox\").delete(one.seq)));"
        "await transact([\"outbox\", \"held\", \"sent\"], \"readwrite\", (at) => {",
        writing.test_answer_that_cannot_be_written_leaves_the_command_where_it_was, {}),
    "the cursor is kept before the documents": Mutant(
        "docs.js", "await transact([\"docs\", \"meta\"], \"readwrite\", async (at) => {",
        "await transact([\"meta\"], \"readwrite\", (at) => void at(\"meta\").put({ id: \"cursor\", value: cursor }));"
        "await transact([\"docs\", \"meta\"], \"readwrite\", async (at) => {",
        writing.test_page_of_changes_that_cannot_be_written_is_asked_for_again, {}),
    "what is applied is out of sight before the pull": Mutant(
        "exchange.js", "await answered(answer.results);",
        "await answered(answer.results); await settled(settling.value);",
        writing.test_what_was_applied_stays_in_sight_until_the_pull_shows_it, {}),
    "saved is said before it is written": Mutant(
        "storage.js", "await done;\n  return result;", "void done;\n  return result;",
        writing.test_saved_is_said_only_after_the_strict_transaction_is_complete, {}),
    "the disk is not flushed": Mutant(
        "storage.js", "{ durability: \"strict\" });\n  } catch", "{ durability: \"relaxed\" });\n  } catch",
        writing.test_saved_is_said_only_after_the_strict_transaction_is_complete, {}),
    "a reset takes the forms along": Mutant(
        "docs.js", "if (!id.startsWith(\"form/\")) at(", "at(",
        writing.test_reset_forgets_what_was_pulled_and_never_the_outbox_or_the_forms, {}),
    "what was tried is not sealed": Mutant(
        "answers.js", "state: \"sent\", attempts: record.index.attempts + 1 }",
        "state: \"waiting\", attempts: 0 }",
        queue.test_an_edit_after_a_partial_send_is_a_new_command, {}),
    "the order is turned round": Mutant(
        "exchange.js", "for (const row of rows.value) {", "for (const row of [...rows.value].reverse()) {",
        queue.test_each_phones_own_order_holds, {}),
    "a poisoned batch is not halved": Mutant(
        "exchange.js", "if (error instanceof ApiError && blames.has(error.status)) return error;", "",
        queue.test_poison_in_the_middle_blocks_nothing, {"said": queue.refused("500 Internal", "fault")}),
    "a save during a send is forgotten": Mutant(
        "sync.js", "again = true;", "again ||= !running;",
        queue.test_save_during_a_send_goes_in_another_run, {}),
    "nothing is tried again by itself": Mutant(
        "sync.js", "timer = setTimeout(run, delay)", "timer = 0",
        queue.test_queue_goes_on_by_itself_when_the_server_is_back, {}),
    "a photo is done at 409": Mutant(
        "blobs.js", "{ ...error.body, done: false }", "{ ...error.body, done: true }",
        photos.test_photo_request_doubled_and_answered_409_goes_on, {}),
    "a photo belongs to its first command only": Mutant(
        "shelves.js", "[photo.command_id, ...(photo.also ?? [])]", "[photo.command_id]",
        photos.test_same_photo_in_two_commands_is_sent_once_and_counts_for_both, {}),
    "a photo that is gone counts as sent": Mutant(
        "blobs.js", "return refuse(state, \"photo_lost\", LOST);", "return note({ ...state, done: true, lost: true });",
        photos.test_photo_gone_from_the_phone_is_said_and_the_next_one_goes, {"how": "at('blobs').delete(arg)"}),
    "tabs do not wait for one another": Mutant(
        "sync.js", "navigator.locks ? navigator.locks.request(\"fieldsales-\" + storeOf(), work) : work()", "work()",
        people.test_two_tabs_one_queue_one_status, {}),
    "nothing applied is sent after a restore": Mutant(
        "answers.js", "new Set([\"applied\", \"conflict\", \"held\"])", "new Set([\"conflict\"])",
        people.test_restored_from_a_backup_everything_comes_again_once, {"told": True}),
    "the phone's own clock says what is old": Mutant(
        "api.js", "const serverTime = () => Date.now() + ahead;", "const serverTime = () => Date.now();",
        accidents.test_clock_jumps_order_nothing_and_forget_nothing, {"jump": 400}),
    "one damaged record closes the queue": Mutant(
        "storage.js", "damaged.value = [...new Set([", "throw new Error(\"damaged\"); damaged.value = [...new Set([",
        accidents.test_damaged_records_are_set_aside_and_the_queue_goes_on, {}),
}
#: The mutants of the normal run; the others with --all. What is caught in many ways needs no proof in every run.
USUAL = {
    "an answer need not name the command", "any 200 is an acknowledgement", "a retry has a new id",
    "the row is dropped before the answer is kept", "the cursor is kept before the documents",
    "what was tried is not sealed", "what is applied is out of sight before the pull", "a photo is done at 409",
    "tabs do not wait for one another", "the order is turned round",
}


def planted(mutant: Mutant) -> Callable[[Wire], None]:
    """What puts the mutant on a phone's wire before its first byte: the file's source, changed in one place."""
    source = (ROOT / "static/js/kernel" / mutant.file).read_text(encoding="utf-8")
    assert source.count(mutant.old) == 1, f"{mutant.file} does not hold {mutant.old!r} once any more"
    changed = source.replace(mutant.old, mutant.new).encode()
    return lambda line: line.rewritten.update({f"/static/js/kernel/{mutant.file}": lambda _served: changed})


@pytest.mark.parametrize("name", [
    pytest.param(name, marks=() if name in USUAL else pytest.mark.soak) for name in MUTANTS])
def test_planted_fault_is_caught_by_the_test_named_for_it(
        name: str, new_phone: MakePhone, all_well: Well) -> None:
    mutant = MUTANTS[name]
    plant = planted(mutant)  # before anything may fail: a fault that was not planted is not caught

    def make(*args: Any, **options: Any) -> Phone:
        phone = new_phone(*args, **options | {"service_workers": "block"}, before=plant)
        phone.patience = 5.0
        return phone

    asked = mutant.test.__code__.co_varnames[: mutant.test.__code__.co_argcount]
    given = {"new_phone": lambda: make, "phone": make, "worn_phone": make, "all_well": lambda: all_well}
    with pytest.raises((AssertionError, PageError)) as caught:
        mutant.test(**{one: given[one]() for one in asked if one in given}, **mutant.more)
    print(f"{name}: {mutant.test.__name__}: {str(caught.value).splitlines()[0][:120]}")
