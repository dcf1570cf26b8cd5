"""Run benches by name: ``python3 -m fieldsales bench [B1 B2 …]``, or a module's: ``bench papers``.

A bench module ``bench_*.py`` has functions ``bench_b1() -> dict`` (keys: what, figure_ms, floor_ms,
ratio, aim, and what else it measured). Figure and floor come from the same run, interleaved; the
absolute milliseconds drift with the machine, the ratio is what counts. Nothing here asserts.
"""

from __future__ import annotations

import json
import sys
from importlib import import_module
from pathlib import Path


def found() -> dict[str, object]:
    """Every bench by its name, upper case: {"B1": function}."""
    benches = {}
    for path in sorted(Path(__file__).parent.glob("bench_*.py")):
        module = import_module(f"tests.bench.{path.stem}")
        for name, value in vars(module).items():
            if name.startswith("bench_b") and callable(value):
                benches[name.removeprefix("bench_").upper()] = value
    return benches


def _of_module(benches: dict[str, object], word: str) -> list[str]:
    """The benches of ``bench_<word>.py``."""
    return [name for name, bench in benches.items() if bench.__module__ == f"tests.bench.bench_{word}"]


def main(wanted: list[str]) -> int:
    """Run the benches named, or all; returns 2 when one is not known."""
    benches = found()
    wanted = [name for word in wanted for name in _of_module(benches, word) or [word]]
    unknown = [name for name in wanted if name.upper() not in benches]
    if unknown:
        print(f"unknown: {' '.join(unknown)}; there are {' '.join(benches)}", file=sys.stderr)
        return 2
    for name in [name.upper() for name in wanted] or sorted(benches):
        result = benches[name]()
        print(f"{name:4} {result['what']}: {result['figure_ms']:.2f} ms, floor {result['floor_ms']:.2f} ms, "
              f"ratio {result['ratio']:.2f} (aim {result['aim']})", flush=True)
        print(json.dumps({"bench": name, **result}, ensure_ascii=False), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
