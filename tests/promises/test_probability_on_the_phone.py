"""The phone judges a promise as the office does: the same table of cases, and shapes at random."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

from hypothesis import given, settings

from fieldsales.promises.probability import assess
from tests.browser.test_kernel_in_node import READ, run
from tests.promises.test_probability import CASES, SHAPES

TWIN = Path(__file__).resolve().parents[2] / "static" / "js" / "promises" / "probability.js"
JUDGE = READ + f"""import {{ assess }} from "{TWIN}";
console.log(JSON.stringify(given.map(assess).map(({{ klass, bp, lines }}) =>
  ({{ klass, bp, lines: lines.map(([code, effect]) => [code, effect]) }}))));"""


def test_the_table_of_cases_is_the_same_on_the_phone() -> None:
    said = run(JUDGE, [case["shape"] for case in CASES])
    assert said == [{"klass": case["klass"], "bp": case["bp"], "lines": case["lines"]} for case in CASES]


def test_shapes_at_random_are_judged_alike() -> None:
    shapes: list[Any] = []

    @given(SHAPES)
    @settings(max_examples=200, database=None, derandomize=True)
    def collect(shape: Any) -> None:
        shapes.append(shape)

    collect()
    told = [{name: getattr(one, name) for name in one.__slots__} for one in shapes]
    said = run(JUDGE, json.loads(json.dumps(told, default=str)))
    wrong = [(shape, phone) for shape, phone in zip(shapes, said, strict=True)
             if (phone["klass"], phone["bp"]) != (assess(shape).klass, assess(shape).probability_bp)]
    assert wrong == []
    assert len({(one.due_on - one.made_on) > timedelta(0) for one in shapes}) == 2
