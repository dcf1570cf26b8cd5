"""A batch: one action a customer, one file to print, and nothing doubled by whatever happens on the way."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from fieldsales.batches.models import Batch, BatchItem
from fieldsales.batches.queries import papers_of, pieces_of
from fieldsales.collection.models import Action, Task
from fieldsales.documents.models import Document
from fieldsales.kernel.clock import FixedClock
from fieldsales.kernel.errors import NotAllowed
from fieldsales.kernel.ids import uuid7
from fieldsales.store.base import table_of
from fieldsales.web.here import Program
from tests import cast
from tests.batches.conftest import PIECES, batch_method, customer_id, order, with_many

WorkOn = Callable[..., int]


def count(program: Program, model: type) -> int:
    with program.store.reading() as connection:
        return int(connection.scalar(select(func.count()).select_from(table_of(model))) or 0)


def batch(program: Program, batch_id: str) -> Batch:
    with program.store.reading() as connection:
        return connection.execute(select(table_of(Batch)).where(table_of(Batch).c.id == batch_id)).one()


def text_of(pdf: bytes, tmp_path: Path) -> list[str]:
    """The text of every page, checked by qpdf first."""
    path = tmp_path / "print.pdf"
    path.write_bytes(pdf)
    subprocess.run(["qpdf", "--check", path], check=True, capture_output=True)
    told = subprocess.run(["pdftotext", "-layout", path, "-"], check=True, capture_output=True, text=True).stdout
    return ["".join(page.split()) for page in told.split("\f")[:-1]]


def test_thirty_letters_are_made_printed_in_posting_order_and_none_twice(
    make_app: Callable[..., Flask], any_url: str, work_on: WorkOn, tmp_path: Path
) -> None:
    """Thirty on one database. The second decides the order and that none is doubled, which twelve show as well: what
    the other eighteen cost is the press, and the press knows no database."""
    program: Program = make_app(any_url).extensions["fieldsales"]
    many = PIECES if any_url.startswith("sqlite") else 12
    ids = with_many(program, many)
    began = time.perf_counter()
    batch_id = order(program, ids, note="请于月底前付清。")
    assert order(program, ids, batch_id) == batch_id, "ordered twice (a page sent again) it is one batch"
    work_on(program)
    print(f"\n{many} letters: {time.perf_counter() - began:.1f} s")
    assert count(program, Action) == count(program, Document) == many
    made = batch(program, batch_id)
    assert (made.state, made.print_pages % many) == ("printed", 0)
    pages = text_of(program.parts["blobs"].read(made.print_sha256), tmp_path)
    with program.store.reading() as connection:
        pieces = pieces_of(connection, batch_id)
        papers = papers_of(connection, [piece.action_id for piece in pieces])
    assert [piece.n for piece in pieces] == list(range(1, many + 1))
    found = [[n for n, page in enumerate(pages) if papers[piece.action_id][0].number in page] for piece in pieces]
    assert all(len(places) >= 2 for places in found), "the letter, and before it its address"
    assert [place for places in found for place in places] == list(range(len(pages))), "in order, nothing between"
    assert "请于月底前付清" in pages[1]


def test_who_may_not_be_written_to_is_left_out_with_the_reason(program: Program, work_on: WorkOn) -> None:
    ids = with_many(program, 3)
    program.dispatcher.perform(cast.REP, "collection.take_action", {
        "action_id": uuid7(), "customer_id": ids[1], "method": batch_method(program).name,
        "fields": dict(batch_method(program).batch.answers)})
    batch_id = order(program, ids)
    work_on(program)
    with program.store.reading() as connection:
        pieces = {piece.customer_id: piece for piece in pieces_of(connection, batch_id)}
    assert [pieces[one].state for one in ids] == ["waiting", "left_out", "waiting"]
    assert pieces[ids[1]].why_zh, "and says why"
    assert [pieces[one].outcome for one in ids] == ["made", None, "made"]
    assert batch(program, batch_id).state == "printed"


def test_a_rep_and_another_team_order_no_batch(program: Program) -> None:
    ids = with_many(program, 2)
    for actor in (cast.REP, cast.OTHER_MANAGER):
        command = {"batch_id": uuid7(), "method": batch_method(program).name, "customer_ids": ids}
        with pytest.raises(Exception, match=r"office_only|not_found|not_yours"):
            program.dispatcher.perform(actor, "batches.start_batch", command)
    assert count(program, BatchItem) == 0


@pytest.mark.parametrize(("operation", "more"), [
    ("batches.record_made", {}), ("batches.record_print", {"sha256": "ab" * 32, "pages": 1}),
    ("batches.leave_out", {"item_id": uuid7(), "why_zh": "甲", "why_en": "a"}),
])  # fmt: skip
def test_what_the_worker_records_nobody_else_does(program: Program, operation: str, more: dict[str, object]) -> None:
    with pytest.raises(NotAllowed):
        program.dispatcher.perform(cast.ADMIN, operation, {"batch_id": uuid7(), **more})


def test_a_later_stage_settles_what_the_earlier_left_to_do(program: Program) -> None:
    method, ids = batch_method(program), with_many(program, 2)
    tracking = method.batch.tracking

    def act(which: str, fields: dict[str, object]) -> str:
        action_id = uuid7()
        program.dispatcher.perform(cast.REP, "collection.take_action", {
            "action_id": action_id, "customer_id": which, "method": method.name, "fields": fields})
        return action_id

    made, other = act(ids[0], dict(method.batch.answers)), act(ids[1], dict(method.batch.answers))
    posted = act(ids[0], {**tracking.steps["posted"], tracking.number: "EA1"})
    delivered = act(ids[0], {**tracking.steps["delivered"], tracking.number: "EA1"})
    a, t = table_of(Action).c, table_of(Task).c
    with program.store.reading() as connection:
        follows = {row.id: row.follows_id for row in connection.execute(select(a.id, a.follows_id))}
        open_tasks = list(connection.scalars(select(t.source_id).where(t.done_at.is_(None))))
    assert follows == {made: "", other: "", posted: made, delivered: made}, "one thread, named after its first stage"
    assert made not in open_tasks
    assert posted not in open_tasks, "the day it would have timed out is asked for no more"
    assert other in open_tasks
    assert delivered in open_tasks


CHILD = """
import sys
from datetime import datetime
from fieldsales.app import create_app
from fieldsales.config import Settings
from fieldsales.kernel.clock import FixedClock
from fieldsales.worker import run_once
url, home, now = sys.argv[1:]
sys.stdin.readline()  # imports are done while the batch is ordered
app = create_app(Settings(home=home, database_url=url, secret_key="test"),
                 clock=FixedClock(datetime.fromisoformat(now)))
while True:
    run_once(app.extensions["fieldsales"])
"""


def test_killed_in_the_middle_it_goes_on_and_doubles_nothing(
    make_app: Callable[..., Flask], main_url: str, clock: FixedClock, work_on: WorkOn, tmp_path: Path
) -> None:
    child = subprocess.Popen([sys.executable, "-c", CHILD, main_url, str(tmp_path / "home"), clock.now().isoformat()],
                             stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
    try:
        program: Program = make_app(main_url).extensions["fieldsales"]
        batch_id = order(program, with_many(program, 5))
        assert child.stdin is not None
        with child.stdin as told:
            told.write(b"go\n")
        until = time.monotonic() + 30
        while count(program, Action) < 2 and time.monotonic() < until:
            time.sleep(0.002)
    finally:
        os.kill(child.pid, signal.SIGKILL)
        child.wait()
    assert 2 <= count(program, Action) < 5, "in the middle of it"
    work_on(program)
    assert count(program, Action) == count(program, Document) == 5
    assert batch(program, batch_id).state == "printed"
    with program.store.reading() as connection:
        assert {piece.customer_id for piece in pieces_of(connection, batch_id) if piece.outcome} == {
            customer_id(n) for n in range(5)}
