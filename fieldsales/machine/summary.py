"""A pytest plugin: shows how ruff, mypy and the import walls went above pytest's closing line."""

from __future__ import annotations

import os
from typing import Any

from fieldsales.machine.checks import SUMMARY


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Write the outcomes handed over by ``fieldsales test``."""
    lines = os.environ.get(SUMMARY, "").splitlines()
    if lines:
        terminalreporter.section("checks")
        for line in lines:
            terminalreporter.write_line(line, red="FAILED" in line)
