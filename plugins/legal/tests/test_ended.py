"""What we filed came to nothing: which steps the core is told to doubt, and what follows for fee and measures."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from fieldsales.plugin_api import Keep, Kept, SuitEnded
from fieldsales.plugin_api.panels import panel
from fieldsales.plugin_api.testing import case, judge

from .. import METHOD
from ..panel import PANEL
from ..track import Track, kept, read
from .test_track import run, with_kept


def on(text: str) -> date:
    return date.fromisoformat(f"2026-{text}")


SUED = (("sued", "2026-03-01"), ("docketed", "2026-03-05"))
ORDER = (("filed", "2026-01-05"), ("accepted", "2026-01-08"), ("issued", "2026-01-12"))


@pytest.mark.parametrize(("before", "stage", "fields", "doubt", "says", "silent"), [
    (SUED, "withdrawn", {}, ("03-01", None), ("存疑", "减半"), ("解除", "退还")),
    (SUED, "withdrawn", {"served_on": "2026-03-08"}, ("03-01", "03-08"), ("存疑", "按催告计"), ("解除",)),
    (SUED, "withdrawn", {"served_on": "2026-05-01"}, ("03-01", "03-10"), (), ()),  # never after it ended
    (SUED, "withdrawn", {"served_on": "2026-02-01"}, ("03-01", "03-01"), (), ()),  # nor before it was filed
    (SUED, "dismissed", {}, ("03-01", None), ("退还", "对裁定上诉"), ("减半",)),
    ((*SUED, ("frozen", "2026-03-06")), "withdrawn", {}, ("03-01", None), ("财产保全规定 23",), ()),
    ((("pre_frozen", "2026-02-20"), *SUED), "withdrawn", {}, ("02-20", None), ("财产保全规定 23",), ()),
    (ORDER, "unserved", {}, ("01-05", None), ("存疑",), ("减半", "退还")),
    (ORDER[:1], "refused", {}, ("01-05", None), ("存疑",), ("退还",)),
    ((*ORDER, ("served", "2026-01-20")), "withdrawn", {}, ("01-05", "01-20"), ("按催告计",), ()),
    # What failed before is not doubted again: only the suit that followed.
    ((*ORDER, ("unserved", "2026-02-20"), *SUED), "withdrawn", {}, ("03-01", None), (), ()),
    ((), "withdrawn", {}, None, (), ("存疑", "减半")),
])  # fmt: skip
def test_what_comes_to_nothing_is_doubted_from_its_first_step(
    before: tuple[tuple[str, str], ...], stage: str, fields: dict[str, Any], doubt: tuple[str, str | None] | None,
    says: tuple[str, ...], silent: tuple[str, ...],
) -> None:
    decision = judge(METHOD, {"stage": stage, "on": "2026-03-10", **fields}, with_kept(run(*before)))
    told = [one for one in decision.effects if isinstance(one, SuitEnded)]
    assert told == ([SuitEnded(on(doubt[0]), on("03-10"), on(doubt[1]) if doubt[1] else None)] if doubt else [])
    assert (decision.effect, decision.grade) == ("", "")
    said = " ".join(line["zh"] for line in decision.details)
    assert [word for word in says if word not in said] == []
    assert [word for word in silent if word in said] == []


@pytest.mark.parametrize(("stage", "grade"), [("filed", "C"), ("sued", "C"), ("docketed", "")])
def test_a_step_noted_after_it_came_to_nothing_is_only_asserted(stage: str, grade: str) -> None:
    facts = with_kept(run(*SUED[:0], ("withdrawn", "2026-03-09")))
    decision = judge(METHOD, {"stage": stage, "on": "2026-03-01", "case_number": "（2026）浙0203民初8号"}, facts)
    assert decision.grade == grade
    assert judge(METHOD, {"stage": "sued", "on": "2026-03-10", "case_number": "8"}, facts).grade == "B", "a new suit"


@pytest.mark.parametrize(("steps", "warned"), [
    (SUED, False), ((*SUED, ("withdrawn", "2026-03-10")), True), ((*SUED, ("dismissed", "2026-03-10")), True),
    ((("withdrawn", "2026-03-10"),), False),
    ((*SUED, ("withdrawn", "2026-03-10"), ("sued", "2026-03-11")), False),
])  # fmt: skip
def test_panel_warns_while_the_last_step_came_to_nothing(steps: tuple[tuple[str, str], ...], warned: bool) -> None:
    shown = panel(PANEL.show(with_kept(run(*steps))))
    assert shown is not None
    assert any(line.label["zh"] == "诉讼时效" and line.tone == "warn" for line in shown.lines) is warned


def test_a_withdrawn_case_is_kept_and_may_go_on() -> None:
    decision = judge(METHOD, {"stage": "withdrawn", "on": "2026-03-10"}, with_kept(run(*SUED)))
    [keep] = [one for one in decision.effects if isinstance(one, Keep)]
    track: Track = read(Kept(keep.kind, keep.key, keep.body, 2, "c1"))
    assert (track.state, kept(track).key) == ("closed", keep.key)
    assert judge(METHOD, {"stage": "sued", "on": "2026-03-12"}, case()).effect == "suit"
