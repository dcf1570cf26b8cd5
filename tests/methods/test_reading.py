"""TOML of a written method: read within bounds, every fault named with its line, written down always the same way."""

from __future__ import annotations

import random
import re
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from fieldsales.extensions.commands import plugin
from fieldsales.kernel.money import Money
from fieldsales.plugin_api import ActionFacts, CollectionMethod, validate
from fieldsales.plugin_api.caps import Cap, reached
from fieldsales.plugin_api.manager import Plugins
from fieldsales.plugin_api.testing import NOON, TODAY, case, contract, judge, objections
from fieldsales.plugin_api.types import MakePaper, MakeTask, SendMail
from fieldsales.plugin_api.written import MOST_SIGNS, Fault, NotWritten, method_of, parse, read, write
from fieldsales.plugin_api.written.as_python import source_of
from fieldsales.plugin_api.written.sense import read_document
from fieldsales.plugin_api.written.shape import slim
from tests.house.tree import ROOT
from tests.methods.written_cases import ALL, EVERYTHING, WITNESS

PHOTO = ["a" * 64]
BARE = 'format = 1\nname = "bare"\nlabels = { zh = "最少" }\n[[outcomes]]\ncode = "done"\nsummary = { zh = "办成" }\n'


def method(name: str) -> CollectionMethod:
    return method_of(read(ALL[name]))


@pytest.mark.parametrize("name", ALL)
def test_text_is_written_always_the_same_way_and_reads_the_same(name: str) -> None:
    written = read(ALL[name])
    text = write(slim(written.document))
    assert read(text) == written
    assert write(slim(read(text).document)) == text


@pytest.mark.parametrize("name", ALL)
def test_written_method_keeps_the_contract(name: str) -> None:
    contract(method(name))


def test_one_language_stands_for_both_and_the_least_is_enough() -> None:
    bare = method_of(read(BARE))
    contract(bare)
    assert judge(bare).summary == {"zh": "办成", "en": "办成"}


def test_grades_rest_on_their_conditions() -> None:
    grade = {
        "A": {"result": "signed", "signed_by": "王会计", "photo": PHOTO},
        "B": {"result": "signed", "photo": PHOTO},
        "C": {"result": "signed", "signed_by": "王会计"},
        "": {"result": "away", "photo": PHOTO},
    }
    for wanted, raw in grade.items():
        decided = judge(method("witness"), raw)
        assert (decided.grade, decided.effect) == (wanted, "demand" if wanted else "")


def test_words_are_filled_in_the_language_of_the_reader_and_optional_parts_fall_away() -> None:
    raw = {"result": "signed", "delivered_on": "2026-03-12", "signed_by": "王会计"}
    said = judge(method("witness"), raw).summary
    assert said["zh"] == "见证送达 2026年3月12日，王会计签收"
    assert said["en"] == "Delivered before a witness 2026-03-12, signed for by 王会计"


def test_next_step_counts_from_the_day_answered_and_keeps_off_the_weekend() -> None:
    on = {"2026-03-12": date(2026, 3, 19), "2026-03-14": date(2026, 3, 23), "2020-01-01": date(2026, 3, 19)}
    for day, wanted in on.items():
        decided = judge(method("witness"), {"result": "signed", "delivered_on": day})
        assert decided.next_on == wanted, day


def test_checks_block_or_warn() -> None:
    [nothing, *_] = objections(method("witness"), {}, case(balance=Money(0)))
    assert nothing.blocking
    [photo] = objections(method("witness"), {"result": "left"})
    assert (photo.field, photo.blocking) == ("photo", False)


def test_paper_mail_and_tasks_are_made_while_something_is_open() -> None:
    raw = {"kind": "one", "agreed": True, "amount": 10_000, "day": "2026-03-13", "mark": "c" * 64,
           "mailbox": "a@example.com"}
    decided = judge(method("everything"), raw)
    paper, mail, *tasks = decided.effects
    assert isinstance(paper, MakePaper)
    assert paper.values["note"] == "请于2026年3月12日前付清¥182,300.00。"
    assert isinstance(mail, SendMail)
    assert (mail.to, mail.attach, mail.accepted_effect) == ("a@example.com", "paper", "demand")
    assert "- XS-1001，到期日 2026-01-25，未付 ¥150,000.00" in mail.text
    assert [task.for_role for task in tasks if isinstance(task, MakeTask)] == ["", "legal"]
    nothing_open = case(balance=Money(0), overdue=Money(0))
    values = {"kind": "one", "agreed": True, "amount": Money(10_000)}
    again = validate.decision(method("everything").outcome(values, nothing_open), nothing_open)
    assert again is not None
    assert all(isinstance(one, MakeTask) for one in again.effects)


def test_long_answers_are_cut_not_refused() -> None:
    voice = method("voice_call")
    for said in ("说" * 4000, "a" * 4000):
        decided = judge(voice, {"result": "asked_time", "said": said})
        assert len(decided.summary["zh"]) < 120


def test_cap_is_reached_by_uses_within_its_days_only() -> None:
    cap, on = Cap(2, 7), TODAY
    assert reached((cap,), [on - timedelta(days=6), on], on) == cap
    assert reached((cap,), [on - timedelta(days=7), on], on) is None
    assert reached((cap,), [on + timedelta(days=1), on], on) is None
    used = ActionFacts("a1", "everything", "rest", TODAY - timedelta(days=2))
    facts = replace(case(), actions=(used,), promises=(replace(case().promises[0], state="open"),))
    assert [one.text["zh"] for one in objections(method("everything"), {}, facts)] == ["前几天刚用过"]


def signed(now: str, before: str = "{field.signed_by}签收") -> Callable[[str], str]:
    """The example with other words in the template of its first outcome."""
    return lambda text: text.replace(before, now)


#: what is changed in the example → part of the Chinese reason, and whether the line that was changed is named
FAULTS: dict[str, tuple[Callable[[str], str], str, bool]] = {
    "no toml": (lambda text: text + "= 3", "不是有效的 TOML", True),
    "another format": (lambda text: text.replace("format = 1", "format = 2"), "1 到 1", True),
    "format missing": (lambda text: text.replace("format = 1\n", ""), "缺少“format”", False),
    "unknown key": (lambda text: text.replace("level = 2", "levle = 2"), "没有“levle”这一项", True),
    "wrong kind": (lambda text: text.replace("cost = 6000", 'cost = "60"'), "整数", True),
    "a huge number": (lambda text: text.replace("6000", "9" * 4000), "整数", True),
    "a number without end": (lambda text: text.replace("6000", "9" * 5000), "数字长得", False),
    "not a number": (lambda text: text.replace("6000", "nan"), "整数", True),
    "name with a dash": (lambda text: text.replace('"witness"', '"wit-ness"', 1), "小写字母", True),
    "no such role": (lambda text: text.replace('"legal"]', '"lawyer"]'), "只能是", True),
    "no such type": (lambda text: text.replace('type = "photo"', 'type = "film"'), "只能是", True),
    "rows of rows": (lambda text: text.replace('type = "photo"', 'type = "rows"'), "只能是", True),
    "two of a name": (lambda text: text.replace('name = "signed_by"', 'name = "photo"'), "同名", False),
    "condition of nothing": (lambda text: text.replace('field = "photo", ', "").replace(
        '"missing", field = "photo"', '"missing", field = "foto"'), "请选择一个问题", False),
    "hole of nothing": (signed("{field.signer}签收"), "没有叫“signer”", True),
    "hole of code": (signed("{facts.balance.minor}签收"), "没有占位词", True),
    "braces alone": (signed("{field.signed_by签收"), "花括号要成对", True),
    "brackets alone": (signed("[，{field.signed_by}签收", "[，{field.signed_by}签收]"), "方括号", True),
    "answer not offered": (lambda text: text.replace('values = ["left"]', 'values = ["right"]'), "没有答案", False),
    "A without proof": (lambda text: text.replace("grade_a = [\n    { test = \"answered\", field = \"photo\" },\n",
                                                  "grade_a = [\n"), "照片或签名", False),
    "last with a condition": (lambda text: text.replace(
        'code = "away"\n', 'code = "away"\nif = [{ test = "nothing_open" }]\n'), "最后一个结果不能有条件", True),
    "first without": (lambda text: text.replace(
        'if = [\n    { test = "is", field = "result", values = ["signed"] },\n]\n', ""), "永远轮不到", False),
    "label too long": (lambda text: text.replace("第三方见证送达", "长" * 41, 1), "最多 40 个字符", True),
    "line in a label": (lambda text: text.replace("第三方见证送达", "第三方\\n送达", 1), "一行", True),
    "hidden sign": (lambda text: text.replace("见证人", "见\u200b证人", 1), "看不见的字符", True),
    "hidden sign escaped": (lambda text: text.replace("第三方见证", "第三\\u202e方见证", 1), "看不见的字符", True),
    "hidden sign in a comment": (lambda text: text + "# x\u202ey\n", "看不见的字符", True),
    "too long": (lambda text: text + "#" * MOST_SIGNS, "文本太长", False),
    "nested deeply": (lambda text: text + "x = " + "[" * 5000, "层级太深", False),
    "dotted deeply": (lambda text: text + ".".join(["a"] * 20_000) + " = 1", "层级太深", False),
    "date for text": (lambda text: text.replace('name = "witness"', "name = 2026-03-12"), "这里要写文字", True),
    "a table too many": (lambda text: text + "".join(
        f'[[outcomes]]\ncode = "c{n}"\nsummary = {{ zh = "x" }}\n' for n in range(30)), "最多 20 项", False),
}  # fmt: skip


@pytest.mark.parametrize("name", FAULTS)
def test_fault_is_named_with_its_line_in_both_languages(name: str) -> None:
    change, reason, has_line = FAULTS[name]
    text = change(WITNESS)
    pairs = zip(text.splitlines(), [*WITNESS.splitlines(), ""], strict=False)
    changed = next(n for n, (now, before) in enumerate(pairs, 1) if now != before)
    began = time.monotonic()
    with pytest.raises(NotWritten) as wrong:
        read(text)
    assert time.monotonic() - began < 1
    found = [one for one in wrong.value.faults if reason in one.text["zh"]]
    assert found, [one.said("zh") for one in wrong.value.faults]
    assert all(not re.search("[\u4e00-\u9fff]", re.sub("'.*'|{.*}", "", one.text["en"])) for one in found)
    if has_line:
        assert changed in [one.line for one in found], [one.said("zh") for one in found]


def test_all_faults_are_told_at_once() -> None:
    text = WITNESS.replace("level = 2", "level = 9").replace('manner = "firm"', 'manner = "rude"')
    with pytest.raises(NotWritten) as wrong:
        read(text)
    assert [one.line for one in wrong.value.faults] == [9, 12]
    assert "第 9 行" in str(wrong.value)
    assert "line 12" in wrong.value.faults[1].said("en")


JUNK: tuple[Any, ...] = ("", "x" * 5000, -1, 10**30, 1.5, True, [], {}, [[]], [{}], {"zh": 3}, "{balance",
                         date(2026, 3, 12))


def junk_in(node: Any, chance: random.Random) -> Any:
    """The document with something else at one place of it, drawn by lot."""
    if isinstance(node, dict) and node and chance.random() < 0.85:
        key = chance.choice(list(node))
        if chance.random() < 0.15:
            return {name: one for name, one in node.items() if name != key}
        return {**node, key: junk_in(node[key], chance)}
    if isinstance(node, list) and node and chance.random() < 0.85:
        n = chance.randrange(len(node))
        return [*node[:n], junk_in(node[n], chance), *node[n + 1:]]
    return chance.choice(JUNK)


def test_whatever_stands_in_a_document_it_is_read_or_its_faults_are_told() -> None:
    chance = random.Random(27)
    refused: list[tuple[Fault, ...]] = []
    whole = parse(EVERYTHING)  # what is changed in it is a copy
    for _ in range(600):
        document = whole
        for _ in range(chance.randrange(1, 4)):
            document = junk_in(document, chance)
        try:
            written = read_document(document if isinstance(document, dict) else {})
        except NotWritten as wrong:
            refused.append(wrong.faults)
            continue
        contract(method_of(written))
        compile(source_of(written), written.name, "exec")
        assert read(write(slim(written.document))) == written
    assert 400 < len(refused) < 600
    assert all(faults and len({one.path for one in faults}) == len(faults) for faults in refused)


def test_bytes_that_are_no_text_are_refused() -> None:
    for raw in (b"\xff\xfe\x00", b"x" * (4 * MOST_SIGNS + 1)):
        with pytest.raises(NotWritten):
            read(raw)
    assert read("\ufeff".encode() + WITNESS.replace("\n", "\r\n").encode()) == read(WITNESS)


def test_file_in_the_folder_is_a_plugin_and_a_bad_one_fails_alone(tmp_path: Path) -> None:
    (tmp_path / "witness.toml").write_text(WITNESS, encoding="utf-8")
    (tmp_path / "broken.toml").write_text(WITNESS.replace("level = 2", "level = 9"), encoding="utf-8")
    (tmp_path / "witness2.toml").write_text(WITNESS, encoding="utf-8")
    plugins = Plugins.load(own=tmp_path, with_installed=False)
    state = {one.name: (one.state, one.last_error) for one in plugins.status()}
    assert state["witness"][0] == "active"
    assert "第 9 行" in state["broken"][1]
    assert "taken already" in state["witness2"][1]
    assert list(plugins.methods) == ["witness"]


def test_everything_is_made_use_of_by_the_example_of_the_tests() -> None:
    assert method("everything").version == 4
    assert EVERYTHING.count("[[outcomes]]") == 4
    assert NOON.date() == TODAY


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_file_in_the_handbook_is_a_plugin_that_checks_sound(lang: str, tmp_path: Path) -> None:
    page = (ROOT / "fieldsales" / "handbook" / f"plugin-author.{lang}.md").read_text(encoding="utf-8")
    [(name, text)] = re.findall(r"```toml file=(\S+)\n(.*?)```", page, re.S)
    (tmp_path / name).write_text(text, encoding="utf-8")
    assert write(slim(read(text).document)) == text
    ran = CliRunner().invoke(plugin, ["check", str(tmp_path / name)])
    assert ran.exit_code == 0, ran.output
