"""The life of each letter on the customer's page and on the phone: made, posted, on its way, arrived or back."""

from __future__ import annotations

from fieldsales.plugin_api import CaseFacts, CustomerPanel, Line, Link, Panel, words
from fieldsales.plugin_api.fields import Labels
from fieldsales.plugin_api.panels import Tone

from .thread import LOST, TONES, Sent, held_up_by, next_tone, proof_days, sent

#: Letters and faxes shown, the newest first.
MOST = 4
KINDS = {"letter": words("信函", "Letter"), "fax": words("传真", "Fax")}
NOW = {
    "made": words("未寄出", "not posted yet"), "posted": words("已寄出", "posted"),
    "in_transit": words("在途", "on its way"), "delivered": words("已送达", "delivered"),
    "returned": words("被退回", "came back"), "sent": words("已发送", "sent"),
    "answered": words("对方签收回传", "signed and faxed back"), "failed": words("发送失败", "failed"),
}
PROOF = {"A": words("A 签收", "A signed"), "B": words("B 到达", "B arrived"), "C": words("C", "C")}


def _did(stage: str) -> Labels:
    return words("出函", "made") if stage == "made" else NOW.get(stage, NOW["made"])


def stage_words(one: Sent, facts: CaseFacts) -> Labels:
    """Where a letter stands today; what nobody can prove any more is timed out."""
    now = NOW.get(one.stage, NOW["made"])
    if one.is_proven or one.stage in LOST or not one.is_over(facts.today, proof_days(facts)):
        return now
    return words(f"{now['zh']}，超时未证实", f"{now['en']}, timed out unproven")


def _lines(one: Sent, facts: CaseFacts) -> tuple[Line, Line]:
    """What it is and where it stands, in a few words; then its way, which may be long and is told without colour."""
    tone, kind, now, proof = TONES[one.tone], KINDS[one.method], stage_words(one, facts), PROOF.get(one.grade)
    label = words(f"{kind['zh']}·{tone['zh']}", f"{kind['en']}, {tone['en'].lower()}")
    stands = words(f"{now['zh']}（{proof['zh']}）", f"{now['en']} ({proof['en']})") if proof else now
    late = now != NOW.get(one.stage, NOW["made"])
    colour: Tone = "bad" if late or one.stage in LOST else "good" if one.is_proven else ""
    path, path_en = (" → ".join(f"{on:%m-%d} {_did(stage)[lang]}" for stage, on in one.path) for lang in ("zh", "en"))
    named = words(one.number[:60], one.number[:60]) if one.number else words("经过", "Its way")
    return Line(label, stands, colour), Line(named, words(path[:200], path_en[:200]))


def show(facts: CaseFacts) -> Panel | None:
    """The letters so far, what the next one waits for, and whose turn it is."""
    letters = sent(facts)
    if not letters:
        return None
    waits = held_up_by(facts, "letter") or held_up_by(facts, "fax")
    late = [one for one in letters[:1] if one.is_over(facts.today, proof_days(facts)) and not one.is_proven
            and one.stage not in LOST]
    turn = TONES[next_tone(facts)]
    lines = [Line(words("下一封的语气", "Tone of the next"), turn)]
    if waits is not None:
        free_on = waits.free_on(proof_days(facts))
        until = words(f"证实送达或到 {free_on:%m-%d}", f"proof, or {free_on:%m-%d}")
        lines.append(Line(words("下一封要等", "The next waits for"), until, "warn"))
    if late:
        lines.append(Line(words("超时", "Timed out"), words("查签收或换方式送达", "ask, or send it otherwise"), "bad"))
    lines += [line for one in letters[:MOST] for line in _lines(one, facts)]
    links = (Link(words("登记信函进展", "Note on a letter"), "method/letter"),)
    return Panel(tuple(lines), None, links, "bad" if late else "warn" if waits else "good")


PANEL = CustomerPanel("letters", words("信函与传真", "Letters and faxes"), show)
