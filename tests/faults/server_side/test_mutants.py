"""Faults planted in the server's sync code, one at a time: each is caught by the test that is named for it.

The planted code runs in a pytest of its own (rigging/sitecustomize.py, ``RIG_MUTANT``); the named test must
fail there. That it passes without the fault is what the rest of this suite shows.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from dataclasses import dataclass

import pytest

from tests.faults.server import ROOT
from tests.faults.server_side.conftest import RIGGING


@dataclass(frozen=True)
class Mutant:
    """A fault: in ``module``, ``new`` instead of ``old`` (which stands there once), and who finds it."""

    module: str
    old: str
    new: str
    caught_by: str
    cheap: bool = False


_PUSH, _BLOBS = "tests/sync/test_push.py::", "tests/sync/test_blobs.py::"
_KILLED = "tests/faults/server_side/test_killed.py::"
MUTANTS = {
    "receipts are not looked at before judging": Mutant(
        "fieldsales.store.receipts", "row = self.rows.get(envelope.command_id)", "row = None",
        _PUSH + "test_push_visit_is_applied_once_however_often_it_is_sent", cheap=True),
    "anybody gets the answer to an id": Mutant(
        "fieldsales.store.receipts", "if row.actor_id != actor.user_id or _differs(", "if _differs(",
        _PUSH + "test_push_another_persons_command_id_is_rejected_and_tells_nothing"),
    "other bytes under an id are taken for the same": Mutant(
        "fieldsales.store.receipts", "return bool(one and other and one != other)", "return False",
        _PUSH + "test_push_same_id_other_bytes_is_rejected_id_reused"),
    "what a command needs is not waited for": Mutant(
        "fieldsales.store.receipts", "return next((need for need in envelope.needs", "return next((need for need in ()",
        _PUSH + "test_push_missing_predecessor_is_held_and_follows_when_it_comes", cheap=True),
    "nothing follows what came": Mutant(
        "fieldsales.sync.service", "let_follow(dispatcher, came)} if came else {}", "()} if came else {}",
        _PUSH + "test_push_missing_predecessor_is_held_and_follows_when_it_comes"),
    "a poison command holds its whole batch": Mutant(
        "fieldsales.dispatcher", "        if len(envelopes) > 1:\n            middle",
        "        if False:\n            middle",
        _PUSH + "test_push_twin_entity_id_is_held_alone"),
    "nothing follows a predecessor sent again": Mutant(
        "fieldsales.sync.service", 'one.raw.get("entity_id") and answer.status in DONE\n',
        'one.raw.get("entity_id") and answer.status in DONE and not answer.duplicate\n',
        _KILLED + "test_killed_before_what_waited_could_follow_it_follows_when_the_phone_asks_again"),
    "a photo is taken without its hash": Mutant(
        "fieldsales.store.blobs", "if found != sha256:", "if False:",
        _BLOBS + "test_upload_with_the_wrong_hash_is_thrown_away_and_begins_anew", cheap=True),
    "a piece is put anywhere": Mutant(
        "fieldsales.store.blobs", "if offset != self.offset(upload):", "if False:",
        _BLOBS + "test_upload_in_pieces_goes_on_where_it_stopped"),
    "log and changes are written in a transaction of their own": Mutant(
        "fieldsales.store.writing", "    _write_audit(connection, verdicts, actor, now)\n",
        '    connection.exec_driver_sql("COMMIT")\n    connection.exec_driver_sql("BEGIN IMMEDIATE")\n'
        "    _write_audit(connection, verdicts, actor, now)\n",
        _KILLED + "test_killed_at_each_step_nothing_acknowledged_is_lost_and_nothing_doubled[sqlite]"),
    "a cursor goes one too far": Mutant(
        "fieldsales.sync.service", "seq=rows[-1].seq if rows", "seq=rows[-1].seq + 1 if rows",
        "tests/sync/test_pull.py::test_later_pull_carries_only_what_changed_in_sight[sqlite]"),
    "photos are named before their folder is durable": Mutant(
        "fieldsales.store.blobs", "        self._keep(target.parent)\n", "",
        "tests/faults/server_side/test_power_loss.py::test_nothing_acknowledged_is_lost_when_the_power_fails"),
}  # fmt: skip


def _run(mutant: Mutant) -> str:
    env = {key: value for key, value in os.environ.items() if not key.startswith("PYTEST_")}
    planted = json.dumps({"module": mutant.module, "old": mutant.old, "new": mutant.new})
    env |= {"PYTHONPATH": f"{RIGGING}:{ROOT}", "RIG_MUTANT": planted}
    env["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"  # else pytest reads the modules itself, past the planted fault
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", "-p", "no:xdist", mutant.caught_by],
        cwd=ROOT, env=env, capture_output=True, text=True, check=False, timeout=200)
    return done.stdout + done.stderr


@pytest.mark.parametrize("name", [
    pytest.param(name, marks=() if mutant.cheap else pytest.mark.soak) for name, mutant in MUTANTS.items()])
def test_a_planted_fault_is_caught_by_the_test_named_for_it(name: str) -> None:
    said = _run(MUTANTS[name])
    assert "does not fit" not in said, said
    assert re.search(r"^1 failed", said.strip().splitlines()[-1]), said
