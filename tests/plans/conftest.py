"""The program with the debt of 海港五金 in it, and the rep's phone enrolled."""

from __future__ import annotations

import pytest
from flask import Flask

from fieldsales.web.here import Program
from tests.collection.conftest import with_debt
from tests.plans.signing import enrol


@pytest.fixture
def owed(app: Flask) -> Program:
    """The program on SQLite."""
    program = with_debt(app)
    enrol(program)
    return program
