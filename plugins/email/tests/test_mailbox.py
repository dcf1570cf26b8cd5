"""The mailbox over real IMAP: nothing lost, nothing twice, nothing changed in it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from fieldsales.plugin_api import Arrived, JobFacts, Keep, Kept, Log
from fieldsales.plugin_api.jobchild import run_here
from fieldsales.plugin_api.jobs import JobAnswer, job

from .. import mailbox
from ..mailbox import JOB, NotReached, read_mailbox
from .test_reading import letter


@pytest.fixture
def server(fieldsales_mailbox: Any) -> Any:
    return fieldsales_mailbox


def facts(server: Any, *kept: Keep, **changed: object) -> JobFacts:
    records = tuple(Kept(one.kind, one.key, one.body, 1) for one in kept)
    now = datetime.now(UTC)
    return JobFacts(now, now.date(), settings={**server.settings, **changed}, kept=records)


def arrived(answer: JobAnswer) -> list[str]:
    return [one.text for one in answer.orders if isinstance(one, Arrived)]


def place(answer: JobAnswer) -> Keep:
    return [one for one in answer.orders if isinstance(one, Keep)][-1]


def test_job_is_well_declared_and_speaks_to_the_set_host_only() -> None:
    assert job(JOB).hosts == ("settings:imap_host",)


def test_new_mail_is_read_once_in_order_and_the_box_is_left_as_it_was(server: Any) -> None:
    server.put(letter("一"), letter("二"))
    first = run_here(JOB, facts(server))
    assert arrived(first) == ["一", "二"]
    assert run_here(JOB, facts(server, place(first))).orders == (Log("0 read"),)
    server.put(letter("三"))
    assert arrived(run_here(JOB, facts(server, place(first)))) == ["三"]
    assert all("Seen" not in one for one in server.flags())


def test_after_a_crash_reading_goes_on_behind_what_was_put_on_the_case(server: Any) -> None:
    server.put(letter("一"), letter("二"), letter("三"))
    whole = run_here(JOB, facts(server))
    done = next(one for one in whole.orders if isinstance(one, Keep))
    assert arrived(run_here(JOB, facts(server, done))) == ["二", "三"]
    again = [one.key for one in run_here(JOB, facts(server)).orders if isinstance(one, Arrived)]
    assert again == [one.key for one in whole.orders if isinstance(one, Arrived)]


def test_box_numbered_anew_is_read_again_under_the_same_keys(server: Any) -> None:
    server.put(letter("一"))
    first = run_here(JOB, facts(server))
    stale = replace(place(first), body={"validity": 1, "uid": 10_000})
    assert arrived(run_here(JOB, facts(server, stale))) == ["一"]


def test_one_run_takes_no_more_than_it_may_and_leaves_the_rest(
    server: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mailbox, "MOST_MESSAGES", 2)
    server.put(*(letter(text) for text in "一二三"))
    first = run_here(JOB, facts(server))
    assert (arrived(first), first.orders[-1]) == (["一", "二"], Log("2 read, 1 wait for the next run"))
    assert arrived(run_here(JOB, facts(server, place(first)))) == ["三"]


def test_message_that_is_too_large_comes_with_its_beginning(
    server: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mailbox, "LARGEST", 2_000)
    monkeypatch.setattr(mailbox, "_BEGINNING", 900)
    server.put(letter("A long story. " * 400))
    [text] = arrived(run_here(JOB, facts(server)))
    assert text.startswith("A long story.")
    assert "全文仍在邮箱中" in text


@pytest.mark.parametrize(("changed", "says"), [
    ({"imap_password": "wrong"}, "login refused"), ({"imap_folder": "没有"}, "cannot be opened"),
    ({"imap_port": 1}, "ConnectionRefusedError"), ({"imap_host": "mail.example.com"}, "encrypted only"),
])  # fmt: skip
def test_box_that_cannot_be_read_says_why_and_never_the_password(
    server: Any, changed: dict[str, object], says: str
) -> None:
    with pytest.raises(NotReached, match=says) as failed:
        read_mailbox(facts(server, **changed))
    assert "open-sesame" not in str(failed.value)


def test_folder_names_are_written_as_imap_writes_them() -> None:
    assert mailbox._folder_name("其他文件夹/回款") == "&UXZO1mWHTvZZOQ-/&Vt5rPg-"
    assert mailbox._folder_name('A&B"') == 'A&-B\\"'
