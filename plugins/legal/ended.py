"""What becomes of limitation, costs and measures when what we filed came to nothing. Pure.

Sources, read again: 民法典 195(3), 诉讼时效规定 (法释〔2020〕17号) 8, 10, 11: a suit interrupts from the day it is
filed, an application for a payment order or for preservation before a suit likewise. Whether it still does when it was
withdrawn, treated as withdrawn (民诉法 146), not accepted or dismissed stands in no statute; 最高人民法院第二巡回法庭
2021 年第 18 次法官会议纪要 sets out three views (never; always; only once the complaint was served on the debtor). The
cautious reading is taken: the act is marked doubtful, and only a service with its day counts, as a demand of that day.
财产保全规定 23: whoever withdraws or is dismissed must have a measure lifted in time, or pays for the damage.
诉讼费用交纳办法 15, 34: half the fee is due on withdrawal, borne by the plaintiff; 8, 27: none on dismissal, what was
paid is returned. Not legal advice.
"""

from __future__ import annotations

from datetime import date

from fieldsales.plugin_api import SuitEnded, words
from fieldsales.plugin_api.fields import Labels

from .stages import ENDED, STEPS
from .track import Noted, Track

_DOUBTED = words(
    "时效：这次起诉或申请是否中断时效有争议，已标记存疑；按不中断的较早日期预警，请尽快另行主张并留送达凭证",
    "Limitation: whether this interrupted is disputed; marked doubtful, alerts go by the earlier day: claim anew soon, "
    "with proof of arrival")
_MEASURE = words("有保全措施：及时申请解除，否则赔偿对方损失（财产保全规定 23）",
                 "A measure stands: have it lifted in time, or pay for the damage (财产保全规定 23)")
_HALF = words("撤诉：案件受理费减半，由我方负担（诉讼费用交纳办法 15、34）",
              "Withdrawn: half the court fee, borne by us (诉讼费用交纳办法 15, 34)")
_BACK = words("不予受理、驳回起诉：不交案件受理费，已交的退还（诉讼费用交纳办法 8、27）",
              "Not accepted or dismissed: no court fee, what was paid is returned (诉讼费用交纳办法 8, 27)")


def proceeding(track: Track, ended: Noted) -> tuple[Noted, ...]:
    """The steps that ``ended`` brought to nothing: those before it, back to where something ended or was closed."""
    before = track.steps[:track.steps.index(ended)]
    start = max((n + 1 for n, one in enumerate(before) if one.stage in (*ENDED, "closed")), default=0)
    return before[start:]


def in_doubt(track: Track, ended: Noted, served_on: date | None) -> SuitEnded | None:
    """What the core marks doubtful; None where nothing was filed that could have interrupted."""
    steps = proceeding(track, ended)
    filed = [one for one in steps if STEPS[one.stage].effect]
    if not filed:
        return None
    served = served_on or next((one.on for one in reversed(steps) if one.stage == "served"), None)
    return SuitEnded(filed[0].on, ended.on, max(served, filed[0].on) if served else None)


def comes_late(track: Track, step: Noted) -> bool:
    """Whether a step noted now had come to nothing already, by what is on record."""
    later = track.steps[track.steps.index(step) + 1:]
    return bool(STEPS[step.stage].effect) and any(one.stage in ENDED for one in later)


def consequences(track: Track, ended: Noted, doubt: SuitEnded | None) -> tuple[Labels, ...]:
    """What follows for limitation, the measures of the court, and the fee."""
    found: list[Labels] = []
    if doubt is not None:
        found.append(_DOUBTED)
        if doubt.served_on:
            found.append(words(f"起诉状或支付令 {doubt.served_on} 已送达：当天按催告计（诉讼时效规定 8）",
                               f"Served on {doubt.served_on}: counts as a demand of that day (诉讼时效规定 8)"))
    if any(one.stage in ("pre_frozen", "frozen") for one in proceeding(track, ended)):
        found.append(_MEASURE)
    if any(one.stage in ("sued", "docketed") for one in proceeding(track, ended)):
        found += [_HALF] if ended.stage == "withdrawn" else [_BACK] if ended.stage == "dismissed" else []
    return tuple(found)


def warning(track: Track) -> Labels | None:
    """The line of the panel while the newest step is one that came to nothing."""
    newest = next((one for one in reversed(track.steps) if STEPS[one.stage].state), None)
    if newest is None or newest.stage not in ENDED or in_doubt(track, newest, None) is None:
        return None
    return words("存疑：撤回、驳回后是否中断有争议，按较早日期预警",
                 "Doubtful: interrupted or not is disputed; alerts go by the earlier day")
