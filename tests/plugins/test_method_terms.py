"""What a method says of itself for the next step: bound before anything believes it, with defaults that suit most."""

from typing import Any

import pytest

from fieldsales.collection.ladder import way_of
from fieldsales.plugin_api.fields import Field, words
from fieldsales.plugin_api.types import CollectionMethod
from fieldsales.plugin_api.validate import Garbage, method


def made(**more: Any) -> CollectionMethod:
    return CollectionMethod("drum", words("击鼓", "Drum"), lambda fields, facts: None, **more)


@pytest.mark.parametrize(
    "more",
    [{"level": 0}, {"level": 4}, {"level": True}, {"cost_minor": -1}, {"cost_minor": 1.5}, {"cost_minor": 10**9 + 1},
     {"in_person": 1}, {"approval": "yes"}, {"manner": "rude"}, {"reach": "telex"}],
)
def test_terms_out_of_bounds_are_garbage(more: dict[str, Any]) -> None:
    with pytest.raises(Garbage, match="drum"):
        method(made(**more))


def test_terms_have_defaults_and_above_a_notice_a_yes_is_needed() -> None:
    way = way_of(method(made()))
    assert (way.level, way.cost_minor, way.in_person, way.manner, way.reach, way.has_form) == (
        1, 500, False, "soft", "", False)
    assert not way.needs_approval
    assert way_of(made(level=2)).needs_approval
    assert way_of(made(approval=True)).needs_approval
    assert way_of(made(fields=(Field("note", "prose", words("说明", "Note")),))).has_form
