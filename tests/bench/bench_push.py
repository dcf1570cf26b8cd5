"""B1: log one visit over the API. B2: push 100 visits in one batch, a verdict each; and the same again."""

from __future__ import annotations

import json
from typing import Any

from tests.bench.rig import ROWS, Served, Timed, fieldsales_and_floor, interleaved
from tests.sync.phone import visit

FLOORS = {False: "tests.bench.floor_push:app", True: "tests.bench.floor_push_pg:app"}


def _body(commands: list[dict[str, Any]]) -> bytes:
    return json.dumps({"device": None, "epoch": "", "sent_at": None, "pending": len(commands), "commands": commands},
                      ensure_ascii=False).encode()


def a_visit() -> dict[str, Any]:
    """A visit on which somebody paid: it asks for no task, so that B1's duties are what is measured."""
    return visit(outcome="paid")


def _push(side: Served, path: str, size: int) -> None:
    answer = side.post(path, _body([a_visit() for _ in range(size)]))
    verdicts = [result["status"] for result in answer["results"]]
    if verdicts != ["applied"] * size:
        raise RuntimeError(f"not all applied: {set(verdicts)}")


def _measured(size: int, rounds: int, *, postgresql: bool) -> dict[str, Any]:
    """Push ``size`` visits at a time, turn by turn with the floor; then the last batch again, all duplicates."""
    with fieldsales_and_floor(FLOORS[postgresql], postgresql=postgresql) as (program, floor):
        ours, bare = interleaved([
            (program, lambda: _push(program, "/api/v1/sync/push", size)),
            (floor, lambda: _push(floor, "/push", size)),
        ], rounds=rounds, warm=10)
        wire = (program.sent / (size * (rounds + 10)), program.got / (size * (rounds + 10)))
        known = _body([a_visit() for _ in range(size)])
        program.post("/api/v1/sync/push", known)

        def again() -> None:
            answer = program.post("/api/v1/sync/push", known)
            if not all(result["duplicate"] for result in answer["results"]):
                raise RuntimeError("not known as duplicates")

        (repeat,) = interleaved([(program, again)], rounds=15, warm=2)
    return _ratios(ours, bare) | {
        "wire_bytes_per_command": {"up": round(wire[0]), "down": round(wire[1])}, "again_ms": round(repeat.p50, 2),
        "again_ratio": round(repeat.p50 / ours.p50, 2)}


def _ratios(ours: Timed, floor: Timed) -> dict[str, Any]:
    return {
        "figure_ms": round(ours.p50, 3), "floor_ms": round(floor.p50, 3), "ratio": round(ours.p50 / floor.p50, 2),
        "p95_ms": round(ours.p95, 2), "floor_p95_ms": round(floor.p95, 2), "p95_ratio": round(ours.p95 / floor.p50, 2),
        "cpu_ms": round(ours.cpu, 2), "floor_cpu_ms": round(floor.cpu, 2),
        "cpu_ratio": round(ours.cpu / floor.cpu, 2) if floor.cpu else None,
    }


def _report(what: str, aim: str, size: int, rounds: int) -> dict[str, Any]:
    return {"what": what, "aim": aim, "rows": ROWS, **_measured(size, rounds, postgresql=False),
            "postgresql": _measured(size, rounds, postgresql=True)}


def bench_b1() -> dict[str, Any]:
    """One visit with permission, plugin decision, receipt, audit row and change row."""
    return _report("log one visit over the API", "≤ 4 × floor", 1, 200)


def bench_b2() -> dict[str, Any]:
    """A hundred visits in one batch; then the same batch again, all duplicates."""
    return _report("push 100 visits in one batch", "≤ 8 × floor, p95 ≤ 16 ×, again no dearer", 100, 30)
