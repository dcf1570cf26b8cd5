"""The panel of a customer's case at law: where it stands, which periods run, what it costs, what the file lacks."""

from __future__ import annotations

from fieldsales.plugin_api import CaseFacts, CustomerPanel, Line, Link, Panel, Table, words

from . import readiness
from .costs import estimates
from .deciding import share_of
from .ended import warning
from .stages import MEASURES, STATES, STEPS
from .track import Track, timers, track_of, tracks_of

_ROWS = 12
_TIMERS = 5


def show(facts: CaseFacts) -> Panel | None:
    """Nothing while nothing is overdue and no step is on record."""
    tracks = tracks_of(facts)
    if not tracks and facts.overdue.minor <= 0:
        return None
    track = tracks[0] if tracks else track_of(facts)
    running = timers(track)
    lines = [Line(words("进展", "Stands at"), STATES[track.state])]
    if track.steps:
        newest = track.steps[-1]
        if newest.court:
            lines.append(Line(words("法院", "Court"), newest.court))
        if newest.number:
            lines.append(Line(words("案号", "Number"), newest.number))
    lines += [Line(one.labels, words(f"{one.ends_on} 届满（{one.rule}）", f"ends {one.ends_on} ({one.rule})"),
                   one.tone(facts.today)) for one in running[:_TIMERS]]  # type: ignore[arg-type]
    if doubt := warning(track):
        lines.append(Line(words("诉讼时效", "Limitation"), doubt, "warn"))
    lines += _money_lines(track, facts)
    if not track.steps:
        missing = readiness.missing(readiness.for_order(facts), optional=1)
        lines.append(Line(words("支付令材料", "Payment order"), words("齐备", "Ready") if not missing else
                          words(f"还差 {missing} 项", f"{missing} missing"), "good" if not missing else "warn"))
    tones = {one.tone(facts.today) for one in running}
    tone = "bad" if "bad" in tones else "warn" if "warn" in tones else ""
    return Panel(tuple(lines[:12]), _table(track), (Link(words("登记法律步骤", "Note a step"), "method/legal"),),
                 tone)  # type: ignore[arg-type]


def _money_lines(track: Track, facts: CaseFacts) -> list[Line]:
    if track.costs:
        share = share_of(track, facts)
        return [Line(words("费用", "Costs"), words(f"{track.spent}（逾期的 {share}%）", f"{track.spent} ({share} %)")
                     if share else track.spent)]
    return [Line(label, fee) for label, fee in estimates(facts.overdue)[:2]]


def _table(track: Track) -> Table | None:
    if not track.steps:
        return None
    rows = tuple(
        (one.on, words(STEPS[one.stage].labels["zh"] + _more(one.measure, "zh"),
                       STEPS[one.stage].labels["en"] + _more(one.measure, "en")), one.number or one.court or "—")
        for one in reversed(track.steps[-_ROWS:]))
    return Table((words("日期", "On"), words("步骤", "Step"), words("案号", "Number")), rows)


def _more(measure: str, lang: str) -> str:
    return f" · {MEASURES[measure][1][lang]}" if measure in MEASURES else ""


PANEL = CustomerPanel("legal_case", words("法律程序", "At law"), show, roles=("legal", "manager", "admin"))
