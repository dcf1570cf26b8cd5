"""B16 and B17: what plugins cost as the program starts, and what asking one costs, against doing without the house."""

from __future__ import annotations

import json
import subprocess
import sys
from statistics import median
from typing import Any

from fieldsales.places import data_dir
from fieldsales.plugin_api.manager import Plugins
from fieldsales.plugin_api.testing import case
from tests.bench.bench_money import _result, interleaved

ROUNDS = 7
#: In a Python of its own: the milliseconds each plugin takes, by itself and by the house. What all plugins stand on is
#: imported first, as the program has it already.
_START = """
import importlib, json, sys, time
from fieldsales.places import data_dir
from fieldsales.plugin_api.loading import in_folder
from fieldsales.plugin_api.manager import Plugins
import fieldsales.plugin_api.testing
taken, plugins = {}, Plugins()
for found in in_folder(data_dir("plugins"), "built-in"):
    began = time.perf_counter()
    found.load() if sys.argv[1] == "bare" else plugins.add(found)
    taken[found.name] = (time.perf_counter() - began) * 1000
print(json.dumps(taken))
"""


def _started(how: str) -> dict[str, float]:
    """The median milliseconds of each plugin over several starts."""
    runs = [json.loads(subprocess.run([sys.executable, "-c", _START, how], capture_output=True, text=True,
                                      check=True).stdout) for _ in range(ROUNDS)]  # fmt: skip
    return {name: median(run[name] for run in runs) for name in runs[0]}


def bench_b16() -> dict[str, Any]:
    """The start of all shipped plugins: loaded, asked and checked, against importing their modules."""
    ours, bare = _started("house"), _started("bare")
    return _result(f"start of {len(ours)} shipped plugins", "≤ 100 ms together", sum(ours.values()),
                   sum(bare.values()), each_ms={name: round(ms, 2) for name, ms in ours.items()})


def bench_b17() -> dict[str, Any]:
    """A decision through the house (deadline, own thread, answer checked) against calling the function."""
    plugins, facts = Plugins.load(data_dir("plugins"), with_installed=False), case()
    name, method = next((name, one) for name, one in plugins.methods.items() if one.by_hand)
    calls = 200

    def ours() -> None:
        for _ in range(calls):
            plugins.decide(name, {}, facts)

    def bare() -> None:
        for _ in range(calls):
            method.outcome({}, facts)

    figure, floor = interleaved(ours, bare, 20)
    return _result(f"{calls} decisions of {name}", "≤ 1 ms each", figure, floor,
                   us_each=round(figure / calls * 1000, 1), us_bare=round(floor / calls * 1000, 1))
