"""P1: a plugin that raises, hangs or answers rubbish affects only itself."""

from __future__ import annotations

import sys
import textwrap
import threading
import time
from pathlib import Path

import pytest

from fieldsales.plugin_api.manager import PluginFailed, Plugins
from fieldsales.plugin_api.observing import Happened
from fieldsales.plugin_api.testing import NOON, case

GOOD = """
    from fieldsales.plugin_api import CollectionMethod, Decision, Excuse, Observer, hookimpl

    HEARD = []

    def outcome(fields, facts):
        return Decision({"zh": "好", "en": "Good"}, "done", grade="C", effect="demand")

    @hookimpl
    def collection_methods():
        return [CollectionMethod("good", {"zh": "好", "en": "Good"}, outcome)]

    @hookimpl
    def observers():
        return [Observer("ears", ("plans.signed",), lambda name, data: HEARD.append(data["number"]))]
"""

METHOD = """
    from fieldsales.plugin_api import CollectionMethod, Decision, MakePaper, Problem, SendMail, hookimpl
    import time
    L = {{"zh": "坏", "en": "Bad"}}

    def outcome(fields, facts):
        {outcome}

    def check(fields, facts):
        {check}

    @hookimpl
    def collection_methods():
        return [CollectionMethod("bad", L, outcome, check=check)]
"""


def _write(folder: Path, name: str, code: str) -> None:
    (folder / f"{name}.py").write_text(textwrap.dedent(code), "utf-8")


def _load(folder: Path, bad: str, **limits: float) -> Plugins:
    _write(folder, "good", GOOD)
    _write(folder, "bad", bad)
    return Plugins.load(own=folder, with_installed=False, **limits)


def _states(plugins: Plugins) -> dict[str, str]:
    return {status.name: status.state for status in plugins.status()}


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("raise RuntimeError('no luck')", "RuntimeError: no luck"),
        ("raise SystemExit(3)", "SystemExit: 3"),
        ("raise KeyboardInterrupt", "KeyboardInterrupt"),
        ("import there_is_no_such_package", "there_is_no_such_package"),
        ("def broken(:", "SyntaxError"),
        ("def f():\n    return f()\nf()", "RecursionError"),
        ("import time\nend = time.monotonic() + 1\nwhile time.monotonic() < end: pass", "no answer within"),
        ("import time; time.sleep(30)", "no answer within"),
    ],
)
def test_import_that_fails_or_hangs_leaves_the_others_working(tmp_path: Path, code: str, said: str) -> None:
    plugins = _load(tmp_path, code, import_seconds=0.5 if said.startswith("no answer") else 20)
    assert _states(plugins) == {"bad": "failed", "good": "active"}
    [bad] = [status for status in plugins.status() if status.name == "bad"]
    assert said in bad.last_error
    assert plugins.decide("good", {}, case()) is not None


@pytest.mark.parametrize(
    ("hook", "said"),
    [
        ("def collection_methods(): return 'phone'", "must return a list"),
        ("def collection_methods(): return ['phone']", "must be a CollectionMethod"),
        ("def collection_methods(): raise ValueError('x' * 9999)", "ValueError: xxx"),
        ("def collection_methods():\n        while True: yield None", "more than 200"),
        ("def no_such_hook(): return []", "no_such_hook"),
        ("def collection_methods(session): return []", "session"),
        ("def collection_methods(): return [CollectionMethod('Bad Name', L, print)]", "Bad Name"),
        ("def collection_methods(): return [CollectionMethod('bad', {'zh': '坏'}, print)]", "has no en"),
        ("def collection_methods(): return [CollectionMethod('bad', L, 'print')]", "must be functions"),
        ("def collection_methods(): return [CollectionMethod('good', L, print)]", "taken"),
        ("def collection_methods(): return [CollectionMethod('bad', L, print)] * 2", "taken"),
        ("def collection_methods(): return [CollectionMethod('bad', L, print, on=('no.such',))]", "no.such"),
        ("def collection_methods(): return [CollectionMethod('bad', L, print, can=('boss',))]", "boss"),
        ("def collection_methods(): return [CollectionMethod('bad', L, print, fields=(Field('one', 'x', L),))]", "'x'"),
        ("def collection_methods(): return [CollectionMethod('bad', L, print, fields=(Field('one', 'text', L),) * 2)]",
         "two fields have the same name"),
        ("def collection_methods(): return [CollectionMethod('bad', L, print, fields=(Field('one', 'choice', L),))]",
         "choices belong"),
        ("def collection_methods(): return [CollectionMethod('bad', {'zh': 'a\\u202eb', 'en': 'b'}, print)]", "U+202E"),
        ("def excuse_codes(): return [Excuse('quality', L, L)]", "taken"),
        ("def observers(): return [Observer('x', ('plans.signed',), None)]", "must be a function"),
    ],
)  # fmt: skip
def test_declaration_that_is_rubbish_fails_its_plugin_alone_and_says_why(tmp_path: Path, hook: str, said: str) -> None:
    # named zbad so that the good plugin, and with it the taken name, comes first
    _write(tmp_path, "good", GOOD)
    _write(tmp_path, "zbad", f"""
    from fieldsales.plugin_api import CollectionMethod, Excuse, Field, Observer, hookimpl
    L = {{"zh": "坏", "en": "Bad"}}

    @hookimpl
    {hook}
    """)
    plugins = Plugins.load(own=tmp_path, with_installed=False)
    assert _states(plugins) == {"good": "active", "zbad": "failed"}
    assert said in plugins.status()[1].last_error
    assert set(plugins.methods) == {"good"}


@pytest.mark.parametrize(
    ("outcome", "why", "said"),
    [
        ("raise ValueError('no luck')", "raised", "ValueError: no luck"),
        ("raise SystemExit", "raised", "SystemExit"),
        ("return 1 / 0", "raised", "ZeroDivisionError"),
        ("return outcome(fields, facts)", "raised", "RecursionError"),
        ("facts.customer = None", "raised", "FrozenInstanceError"),
        ("time.sleep(30)", "hung", "no answer"),
        ("return None", "garbage", "must return a Decision"),
        ("return {'outcome': 'paid'}", "garbage", "must return a Decision, not dict"),
        ("return Decision('好', 'done')", "garbage", "summary"),
        ("return Decision(L, 'Done!')", "garbage", "Done!"),
        ("return Decision(L, 'done', grade='D')", "garbage", "'D'"),
        ("return Decision(L, 'done', effect='waiver', grade='A')", "garbage", "waiver"),
        ("return Decision(L, 'done', effect='demand')", "garbage", "needs a grade"),
        ("return Decision(L, 'done', next_on='2026-03-12')", "garbage", "next_on"),
        ("return Decision(L, 'done', next_on=facts.now)", "garbage", "next_on"),
        ("return Decision(L, 'done', next_on=facts.today.replace(year=2099))", "garbage", "ten years"),
        ("return Decision(L, 'done', effects=('mail',))", "garbage", "not str"),
        ("return Decision(L, 'done', effects=(SendMail('a@b.example', 'x\\nBcc: c', 'y'),))", "garbage", "line"),
        ("return Decision(L, 'done', effects=(SendMail('a@b.example', 'x', 'y', 'paper'),))", "garbage", "paper"),
        ("return Decision(L, 'done', effects=(MakePaper('waiver'),))", "garbage", "waiver"),
        ("return Decision(L, 'done', effects=(SendMail('a@b.example', 'x', 'y'),) * 11)", "garbage", "more than 10"),
        ("return Decision({'zh': '坏' * 501, 'en': 'Bad'}, 'done')", "garbage", "longer than 500"),
    ],
)
def test_outcome_that_fails_is_reported_and_leaves_the_others_working(
    tmp_path: Path, outcome: str, why: str, said: str
) -> None:
    limit = 0.3 if why == "hung" else 20
    plugins = _load(tmp_path, METHOD.format(outcome=outcome, check="return []"), call_seconds=limit)
    with pytest.raises(PluginFailed) as failed:
        plugins.decide("bad", {}, case())
    assert failed.value.why == why
    assert said in failed.value.detail
    if why != "hung":  # a deadline that short is no fair test of the good one on a busy machine
        assert plugins.decide("good", {}, case()) is not None
    [bad] = [status for status in plugins.status() if status.name == "bad"]
    assert (bad.errors, bad.state) == (1, "suspended" if why == "hung" else "active")


@pytest.mark.parametrize("answer", ["return None", "return 'no'", "return [1]", "return [Problem('', 'text')]"])
def test_check_that_answers_rubbish_is_reported(tmp_path: Path, answer: str) -> None:
    plugins = _load(tmp_path, METHOD.format(outcome="pass", check=answer))
    with pytest.raises(PluginFailed) as failed:
        plugins.check("bad", {}, case())
    assert failed.value.why == "garbage"


def test_hanging_plugin_is_suspended_at_once_and_comes_back_when_resumed(tmp_path: Path) -> None:
    plugins = _load(tmp_path, METHOD.format(outcome="time.sleep(30)", check="return []"), call_seconds=0.5)
    with pytest.raises(PluginFailed, match="hung"):
        plugins.decide("bad", {}, case())
    started = time.monotonic()
    for _ in range(20):
        with pytest.raises(PluginFailed, match="suspended"):
            plugins.decide("bad", {}, case())
    assert time.monotonic() - started < 5, "a suspended plugin must cost nobody its deadline"
    assert plugins.method("bad") is None
    assert "bad" not in plugins.methods
    plugins.resume("bad")
    assert plugins.method("bad") is not None


def test_suspended_plugin_is_tried_again_after_a_while_and_longer_after_each_hang(tmp_path: Path) -> None:
    plugins = _load(tmp_path, METHOD.format(outcome="time.sleep(30)", check="return []"),
                    call_seconds=0.2, retry_seconds=0.5)  # fmt: skip
    for round_ in range(2):
        with pytest.raises(PluginFailed, match="hung"):
            plugins.decide("bad", {}, case())
        assert plugins.method("bad") is None
        hung_at = time.monotonic()
        while plugins.method("bad") is None:
            assert time.monotonic() - hung_at < 20
            time.sleep(0.02)
        assert time.monotonic() - hung_at >= 0.5 * 2**round_
    assert _states(plugins)["bad"] == "active"


def test_plugin_whose_pause_is_over_is_said_to_be_at_work_before_anybody_asks_it(tmp_path: Path) -> None:
    plugins = _load(tmp_path, METHOD.format(outcome="return None", check="return []"))
    plugins.leave_alone("bad", 1, 60)
    assert _states(plugins)["bad"] == "suspended"
    plugins.leave_alone("bad", 1, 0)
    assert _states(plugins)["bad"] == "active"


def test_hanging_call_delays_no_other_thread(tmp_path: Path) -> None:
    plugins = _load(tmp_path, METHOD.format(outcome="time.sleep(30)", check="return []"), call_seconds=6)

    def hang() -> None:
        with pytest.raises(PluginFailed):
            plugins.decide("bad", {}, case())

    waiting = threading.Thread(target=hang)
    waiting.start()
    started = time.monotonic()
    for _ in range(50):
        assert plugins.decide("good", {}, case()) is not None
    assert time.monotonic() - started < 5, "fifty calls waited for the one that hangs"
    waiting.join()


def test_observers_fail_alone(tmp_path: Path) -> None:
    plugins = _load(tmp_path, """
    from fieldsales.plugin_api import Observer, hookimpl

    def raise_it(name, data):
        raise OSError("no bell")

    @hookimpl
    def observers():
        return [Observer("bell", ("plans.signed",), raise_it)]
    """)
    signed = Happened("plans.signed", {"number": "HK1"}, NOON, "Asia/Shanghai", "", {})
    assert plugins.observers_of("plans.signed") == ("bad/bell", "good/ears")
    assert plugins.observers_of("visits.logged") == ()
    with pytest.raises(PluginFailed, match="no bell"):
        plugins.observe("bad/bell", signed)
    assert plugins.observe("good/ears", signed) == ()
    [heard] = [
        module.HEARD
        for name, module in list(sys.modules.items())
        if name.endswith(".good") and str(tmp_path) in str(getattr(module, "__file__", ""))
    ]
    assert heard == ["HK1"]


def test_two_programs_share_no_plugin_state(tmp_path: Path) -> None:
    first = _load(tmp_path, METHOD.format(outcome="time.sleep(30)", check="return []"), call_seconds=0.1)
    second = Plugins.load(own=tmp_path, with_installed=False, without=("good",), call_seconds=0.1)
    with pytest.raises(PluginFailed):
        first.decide("bad", {}, case())
    assert _states(first) == {"bad": "suspended", "good": "active"}
    assert _states(second) == {"bad": "active", "good": "disabled"}
    assert set(Plugins().methods) == set()
