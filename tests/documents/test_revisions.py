"""A sealed file grows: time stamps and proofs are appended by the worker, waited for, and never rewritten."""

from __future__ import annotations

import io
import itertools
import subprocess
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from fieldsales import worker
from fieldsales.audit import evidence
from fieldsales.dispatcher import Dispatcher
from fieldsales.documents import jobs
from fieldsales.documents.models import DocumentRevision
from fieldsales.documents.queries import document_row, revisions_of
from fieldsales.kernel.clock import FixedClock
from fieldsales.kernel.errors import NotAllowed, RuleBroken
from fieldsales.kernel.ids import uuid7
from fieldsales.kernel.operation import SYSTEM
from fieldsales.plans.models import PlanRevision
from fieldsales.store import Store
from fieldsales.store.base import table_of
from fieldsales.store.models import OutboxRow
from fieldsales.web.here import Program
from fieldsales.workday.night import run_night
from tests import cast
from tests.documents import make_clause_cases as made
from tests.documents import samples
from tests.documents.authority import Authority, serving
from tests.documents.test_service import PAPER, an_order
from tests.house import canaries


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Authority]:
    """A running authority for the whole module."""
    with serving(tmp_path_factory.mktemp("authority")) as running:
        yield running


@pytest.fixture
def stamped(authority: Authority, make_app: Callable[..., Flask], main_url: str) -> Iterator[Flask]:
    """The program of a house with a key and an authority of its own."""
    authority.mood = "fine"
    jobs.breakers = jobs.Breakers()
    yield make_app(
        main_url, signer_p12=authority.sealing_key(), signer_password="test", production=True, tsa_urls=authority.url,
        tsa_roots=authority.folder / "root.pem", tsa_timeout_s=2, public_url="https://papers.example")
    authority.mood = "fine"


def worked_off(program: Program) -> None:
    """Let the worker do all that is due."""
    while worker.run_once(program):
        continue


def files_of(program: Program) -> list[Any]:
    """The revisions of the paper."""
    with program.store.reading() as connection:
        return revisions_of(connection, PAPER)


def row_of(program: Program) -> dict[str, Any]:
    """The paper."""
    with program.store.reading() as connection:
        row = document_row(connection, PAPER)
    assert row is not None
    return row


def order(program: Program) -> None:
    """Have a receipt made."""
    program.dispatcher.perform(SYSTEM, "documents.order_paper", an_order(samples.receipt()))


def enter(app: Flask, login: str) -> FlaskClient:
    """Somebody's browser."""
    client = app.test_client()
    client.post("/login", data={"login": login, "password": cast.PASSWORD})
    return client


def test_paper_is_sealed_stamped_and_proved_in_turn(stamped: Flask, clock: FixedClock, tmp_path: Path) -> None:
    """B-B, B-T, B-LTA: each begins with the whole of the one before; every one is known, the newest is served."""
    program: Program = stamped.extensions["fieldsales"]
    order(program)
    worked_off(program)
    found = files_of(program)
    assert [(one.n, one.kind, one.level) for one in found] == [
        (1, "sealed", "B-B"), (2, "time", "B-T"), (3, "archive", "B-LTA")]
    contents = [program.parts["blobs"].read(one.sha256) for one in found]
    assert contents[2].startswith(contents[1])
    assert contents[1].startswith(contents[0])
    assert found[0].at is None
    assert found[1].authority == "Test TSA"
    assert found[2].checkable_until > found[2].at
    row = row_of(program)
    assert (row["sha256"], row["level"], row["time_wanted_at"]) == (found[0].sha256, "B-LTA", None)
    rep = enter(stamped, "rep")
    assert rep.get(f"/documents/{PAPER}.pdf").data == contents[2]
    assert rep.get(f"/documents/{PAPER}.pdf?revision=1").data == contents[0]
    assert rep.get(f"/documents/{PAPER}.pdf?revision=9").status_code == 404
    _check_verify_page(stamped, row["number"], contents)
    with program.store.reading() as connection:
        assert evidence.sealed_papers_are_unchanged(connection, program.parts["blobs"]).breaches == ()
    # the proofs are made to last longer before the newest stamp's certificate runs out
    clock.at = found[2].checkable_until - timedelta(days=30)
    run_night(program.dispatcher)
    worked_off(program)
    assert [one.kind for one in files_of(program)][3:] == ["archive"]
    _check_anchor(program, tmp_path)


def _check_verify_page(app: Flask, number: str, contents: list[bytes]) -> None:
    public = app.test_client()
    body = public.get(f"/v/{number}").get_data(as_text=True)
    assert "Test TSA" in body
    assert "PAdES B-LTA" in body
    for n, content in enumerate(contents, 1):
        answer = public.post(f"/v/{number}", data={"file": (io.BytesIO(content), "paper.pdf")})
        assert f"第 {n} 版，共 3 版" in answer.get_data(as_text=True)


def _check_anchor(program: Program, folder: Path) -> None:
    """The night's run has had the log's head stamped, and openssl agrees."""
    with program.store.reading() as connection:
        anchor = jobs.last_anchor(connection)
    token = folder / "head.tst"
    token.write_bytes(program.parts["blobs"].read(anchor.token_sha256))
    command = ["openssl", "ts", "-verify", "-digest", anchor.link_sha256, "-in", token, "-token_in", "-CAfile",
               program.settings.tsa_roots]
    said = subprocess.run(command, capture_output=True, text=True, check=False)
    assert "Verification: OK" in said.stdout + said.stderr


def test_time_is_waited_for_however_long_it_takes(stamped: Flask, authority: Authority, clock: FixedClock) -> None:
    """Never set aside, seen by people, told after a day; then stamped with the authority's time, not one made up."""
    program: Program = stamped.extensions["fieldsales"]
    authority.mood = "refused"
    order(program)
    worked_off(program)
    for _ in range(30):
        clock.at += timedelta(hours=1)
        worked_off(program)
    with program.store.reading() as connection:
        rows = connection.execute(table_of(OutboxRow).select().where(table_of(OutboxRow).c.topic == "documents.stamp"))
        (waiting,) = rows.all()
    assert waiting.attempts > 12
    assert waiting.failed_at is None
    assert [one.kind for one in files_of(program)] == ["sealed"]
    admin = enter(stamped, "admin")
    assert "等待时间戳" in admin.get(f"/customers/{cast.HARBOUR}").get_data(as_text=True)
    assert "超过 24 小时" in admin.get("/reports/house").get_data(as_text=True)
    assert "超过 24 小时" in enter(stamped, "legal").get("/desk").get_data(as_text=True)
    assert "超过 24 小时" not in enter(stamped, "manager").get("/desk").get_data(as_text=True)
    assert "等待时间戳机构" in stamped.test_client().get(f"/v/{row_of(program)['number']}").get_data(as_text=True)
    authority.mood = "fine"
    clock.at += timedelta(hours=1)
    worked_off(program)
    assert [one.kind for one in files_of(program)] == ["sealed", "time", "archive"]
    assert "超过 24 小时" not in admin.get("/reports/house").get_data(as_text=True)


def test_authority_that_fails_is_left_alone_and_the_next_is_asked(
        stamped: Flask, authority: Authority, clock: FixedClock, tmp_path: Path) -> None:
    program: Program = stamped.extensions["fieldsales"]
    with serving(tmp_path / "dead") as dead:
        dead.mood = "refused"
        asked: list[str] = []

        def question(url: str) -> str:
            asked.append(url)
            jobs.press.stamp_hash("ab" * 32, url, program.settings)
            return url

        for _ in range(6):
            assert jobs.breakers.ask([dead.url, authority.url], clock.now, question) == authority.url
        assert (asked.count(dead.url), dead.asked) == (3, 3)
        clock.at += timedelta(minutes=2)
        assert jobs.breakers.ask([dead.url, authority.url], clock.now, question) == authority.url
        assert dead.asked == 4


def test_revision_of_anything_but_the_newest_is_not_recorded(any_store: Store, clock: FixedClock) -> None:
    """Two workers append to the same bytes: the first stands, the second is told so."""
    dispatcher = Dispatcher(any_store, clock)
    who = {"document_id": PAPER, "customer_id": cast.HARBOUR}
    dispatcher.perform(SYSTEM, "documents.order_paper", an_order(samples.receipt()))
    sealed = {"sha256": "a" * 64, "unsealed_sha256": "b" * 64, "size": 1, "level": "B-B", "certificate": "x"}
    dispatcher.perform(SYSTEM, "documents.record_seal", who | sealed)
    longer = {"kind": "time", "previous_sha256": "a" * 64, "size": 2, "level": "B-T", "at": cast.NOON}
    first = dispatcher.perform(SYSTEM, "documents.record_revision", who | longer | {"sha256": "c" * 64})
    second = dispatcher.perform(SYSTEM, "documents.record_revision", who | longer | {"sha256": "d" * 64})
    assert (first["recorded"], second["recorded"], second["sha256"]) == (True, False, "c" * 64)
    with any_store.reading() as connection:
        assert [one.sha256 for one in revisions_of(connection, PAPER)] == ["a" * 64, "c" * 64]


def test_audit_finds_a_revision_that_was_rewritten(stamped: Flask) -> None:
    program: Program = stamped.extensions["fieldsales"]
    order(program)
    worked_off(program)
    blobs, newest = program.parts["blobs"], files_of(program)[-1]
    other = blobs.put(b"%PDF-1.7 another beginning")
    rows = table_of(DocumentRevision)
    program.dispatcher.note(lambda connection: connection.execute(
        rows.update().where(rows.c.id == newest.id).values(sha256=other, size=26)))
    with program.store.reading() as connection:
        assert evidence.sealed_papers_are_unchanged(connection, blobs).breaches == (PAPER,)


def test_creditor_countersigns_as_a_revision_with_a_time_of_its_own(stamped: Flask) -> None:
    """In the field made ready; the file's level counts for both signatures; once, and only by who may."""
    program: Program = stamped.extensions["fieldsales"]
    order = an_order(samples.signed_source(made.plan(2, 18_230_000, 6)), kind="plan")
    program.dispatcher.perform(SYSTEM, "documents.order_paper", order)
    worked_off(program)
    address = f"/customers/{cast.HARBOUR}/documents/{PAPER}/countersign"
    assert enter(stamped, "rep").post(address).status_code == 403
    assert enter(stamped, "other_manager").post(address).status_code in (303, 404)
    worked_off(program)
    assert len(files_of(program)) == 3
    assert enter(stamped, "legal").post(address, data={"command_id": uuid7()}).status_code == 303
    worked_off(program)
    found = files_of(program)
    assert [(one.kind, one.level) for one in found[3:]] == [
        ("countersigned", "B-B"), ("time", "B-T"), ("archive", "B-LTA")]
    assert found[3].by_id == cast.LEGAL.user_id
    contents = [program.parts["blobs"].read(one.sha256) for one in found]
    assert all(longer.startswith(shorter) for shorter, longer in itertools.pairwise(contents))
    verdict = jobs.press.judge(contents[-1], program.settings)
    assert (verdict["problems"], verdict["signatures"]) == ([], 2)
    assert "债权人已会签" in stamped.test_client().get(f"/v/{row_of(program)['number']}").get_data(as_text=True)
    with pytest.raises(RuleBroken, match="countersigned already"):
        program.dispatcher.perform(
            cast.MANAGER, "documents.countersign", {"document_id": PAPER, "customer_id": cast.HARBOUR})


def test_want_time_asks_once_and_only_for_what_has_none(any_store: Store, clock: FixedClock) -> None:
    """documents.want_time by night: a paper sealed before an authority was named gets its errand, once."""
    dispatcher = Dispatcher(any_store, clock)
    who = {"document_id": PAPER, "customer_id": cast.HARBOUR}
    dispatcher.perform(SYSTEM, "documents.order_paper", an_order(samples.receipt()))
    dispatcher.perform(SYSTEM, "documents.want_time", who)
    sealed = {"sha256": "a" * 64, "unsealed_sha256": "b" * 64, "size": 1, "level": "B-B", "certificate": "x"}
    dispatcher.perform(SYSTEM, "documents.record_seal", who | sealed)
    for _ in range(2):
        dispatcher.perform(SYSTEM, "documents.want_time", who)
    rows = table_of(OutboxRow)
    with any_store.reading() as connection:
        assert len(connection.execute(rows.select().where(rows.c.topic == "documents.stamp")).all()) == 1


@pytest.mark.parametrize("operation", ["documents.want_time", "documents.record_anchor", "documents.record_revision"])
def test_only_the_system_speaks_for_the_authority(operation: str, any_store: Store, clock: FixedClock) -> None:
    who = {"document_id": PAPER, "customer_id": cast.HARBOUR}
    commands: dict[str, dict[str, Any]] = {
        "documents.want_time": who,
        "documents.record_anchor": {"seq": 1, "link_sha256": "a" * 64, "token_sha256": "b" * 64, "at": cast.NOON,
                                    "authority": "me"},
        "documents.record_revision": who | {"kind": "time", "previous_sha256": "a" * 64, "sha256": "b" * 64, "size": 1,
                                            "level": "B-T"},
    }
    with pytest.raises(NotAllowed):
        Dispatcher(any_store, clock).perform(cast.ADMIN, operation, commands[operation])


@pytest.mark.parametrize(("kind", "words"), [("superseded", "已被取代"), ("void", "已作废"), ("stamped_copy", "有效")])
def test_public_page_says_what_has_become_of_a_plan(kind: str, words: str, program: Program, app: Flask) -> None:
    plan_id = made.paper_id(501)
    program.dispatcher.perform(SYSTEM, "documents.order_paper", an_order(samples.receipt(), kind="receipt")
                               | {"subject_kind": "plan", "subject_id": canaries.IDS["plan_id"]})
    program.dispatcher.note(canaries.fill)
    rows = table_of(PlanRevision)
    program.dispatcher.note(lambda connection: connection.execute(rows.insert().values(
        id=plan_id, plan_id=canaries.IDS["plan_id"], kind=kind, by_id="", at=cast.NOON, note="")))
    assert words in app.test_client().get(f"/v/{row_of(program)['number']}").get_data(as_text=True)
