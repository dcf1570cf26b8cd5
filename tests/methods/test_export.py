"""What is exported to Python decides as the written method does, and passes the house's own judges."""

from __future__ import annotations

import importlib
import importlib.util
import random
import subprocess
import sys
import zipfile
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from fieldsales.kernel.money import Money
from fieldsales.methods.packing import packed
from fieldsales.methods.trying import CASES, sample_case
from fieldsales.plugin_api import CaseFacts, CollectionMethod, CustomerFacts, validate
from fieldsales.plugin_api.answers import read_fields
from fieldsales.plugin_api.testing import NOON, TODAY, contract
from fieldsales.plugin_api.written import Written, method_of, read
from tests.house.tree import ROOT
from tests.methods.written_cases import ALL

ANSWERS: dict[str, list[Any]] = {
    "text": ["王会计", "长" * 120], "prose": ["十五号先打\n五万", "说" * 3000], "number": [0, 7],
    "money": [1, 999, 10_000, 15_000_001, 20_000_000], "bool": [True, False],
    "date": ["2026-03-10", "2026-03-12", "2026-03-13", "2026-03-14", "2099-01-01"], "time": ["14:30"],
    "phone": ["138 0571 2222"], "photo": [["a" * 64], ["a" * 64, "b" * 64]], "signature": ["c" * 64],
    "location": [{"address": "港口路 8 号"}], "duration": [0, 5, 90], "email": ["a@example.com"],
}  # fmt: skip


def unpacked(written: Written, folder: Path) -> CollectionMethod:
    """The exported plugin's method, imported from its own folder."""
    with zipfile.ZipFile(BytesIO(packed(written))) as archive:
        archive.extractall(folder)
    path = folder / written.name / "__init__.py"
    spec = importlib.util.spec_from_file_location(f"exported_{written.name}", path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # string annotations of the module are looked up there
    spec.loader.exec_module(module)
    found: CollectionMethod = module.METHOD
    return found


def table(written: Written, count: int = 400) -> list[tuple[dict[str, Any], CaseFacts]]:
    """Forms and cases, always the same: the empty form in every case, then drawn by lot."""
    chance = random.Random(written.name)
    cases = [sample_case(kind, written.name) for kind in CASES]
    cases.append(replace(cases[0], customer=replace(cases[0].customer, supply_stopped=True)))
    cases.append(replace(cases[0], actions=tuple(
        replace(cases[5].actions[0], id=f"a{n}", on=TODAY - n * timedelta(days=9)) for n in range(4))))
    cases.append(replace(cases[-1], promises=sample_case("promise", "").promises))
    cases.append(replace(sample_case("plan", ""), overdue=Money(0)))
    cases.append(CaseFacts(today=TODAY, now=NOON, customer=CustomerFacts("c1", "海港五金"), balance=Money(-5)))
    rows: list[tuple[dict[str, Any], CaseFacts]] = [({}, facts) for facts in cases]
    for _ in range(count):
        raw = {}
        for field in written.fields:
            given = [one.value for one in field.choices] or ANSWERS[field.type]
            if chance.random() < 0.75:
                raw[field.name] = chance.choice(given)
        rows.append((raw, chance.choice(cases)))
    return rows


@pytest.mark.parametrize("name", ALL)
def test_exported_plugin_decides_as_the_written_method(name: str, tmp_path: Path) -> None:
    written = read(ALL[name])
    ours, theirs = method_of(written), validate.method(unpacked(written, tmp_path))
    contract(theirs)
    assert ours.as_form() == theirs.as_form()
    chosen = ("level", "cost_minor", "in_person", "manner", "reach", "approval", "caps", "can")
    assert [getattr(ours, one) for one in chosen] == [getattr(theirs, one) for one in chosen]
    seen, said = set(), set()
    for raw, facts in table(written):
        values, _ = read_fields(written.fields, raw)
        decided = validate.decision(ours.outcome(values, facts), facts)
        problems = validate.problems(ours.check(values, facts))
        assert decided == theirs.outcome(values, facts), raw
        assert problems == validate.problems(theirs.check(values, facts)), raw
        assert decided
        seen.add((decided.outcome, decided.grade))
        said |= {one.text["zh"][:2] for one in problems}
    grades = {one.code: 1 + (one.grade_a is not None) + (one.grade_b is not None)
              for one in written.results if one.effect}
    assert len(seen) == sum(grades.get(one.code, 1) for one in written.results), "the table leaves an outcome out"
    assert len(said) == len(written.objections), "the table leaves a check out"


def test_exported_plugins_pass_ruff_and_mypy(tmp_path: Path) -> None:
    for name, text in ALL.items():
        unpacked(read(text), tmp_path)
        assert (tmp_path / name / "tests" / f"test_{name}.py").is_file()
    bin_dir = Path(sys.executable).parent
    ruff = [str(bin_dir / "ruff"), "check", "--no-cache", "--config", str(ROOT / ".ruff.toml"), str(tmp_path)]
    answer = subprocess.run(ruff, capture_output=True, text=True, timeout=60)
    assert answer.returncode == 0, answer.stdout
    file = str(tmp_path / "everything" / "__init__.py")
    mypy = [str(bin_dir / "mypy"), "--strict", "--config-file", str(ROOT / "setup.cfg"), "--follow-imports=silent",
            "--cache-dir", str(ROOT / ".mypy_cache"), file]  # fmt: skip
    answer = subprocess.run(mypy, capture_output=True, text=True, timeout=120, cwd=ROOT)
    assert answer.returncode == 0, answer.stdout


def test_exported_plugin_passes_its_own_tests(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    unpacked(read(ALL["witness"]), tmp_path / "own_plugins")
    (tmp_path / "own_plugins" / "__init__.py").touch()
    monkeypatch.syspath_prepend(tmp_path)
    tests = importlib.import_module("own_plugins.witness.tests.test_witness")
    ran = [one() for name, one in vars(tests).items() if name.startswith("test_")]
    assert len(ran) == 2


def test_same_method_is_the_same_archive() -> None:
    written = read(ALL["witness"])
    assert packed(written) == packed(read(ALL["witness"]))
