"""What a plugin declares or decides, checked by type and bound before anything believes it.

Raises Garbage with the first thing that is wrong, named so that its author can find it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from types import MappingProxyType
from typing import Any

from fieldsales.kernel.text import forbidden_sign
from fieldsales.plugin_api import bringing, caps, proceedings, texts
from fieldsales.plugin_api import keeping as k
from fieldsales.plugin_api import types as t
from fieldsales.plugin_api.batches import check_batch
from fieldsales.plugin_api.facts import CaseFacts
from fieldsales.plugin_api.fields import FIELD_TYPES, NAME, PREFILLS, ROW_TYPES, Choice, Field
from fieldsales.plugin_api.garbage import Garbage as Garbage
from fieldsales.plugin_api.garbage import need as need

_CODE = re.compile(r"[a-z][a-z0-9_]{1,39}")
_EXCUSE = re.compile(r"[a-z_]{2,40}")
_EVENT = re.compile(r"[a-z_]+\.[a-z_]+")
_MAX_FIELDS, _MAX_IN_ROW, _MAX_CHOICES, _MAX_EFFECTS, _MAX_DETAILS = 40, 12, 60, 10, 40
_MAX_PAPERS = 3
#: What the page of a form sends beside the answers.
_TAKEN = ("command_id", "debtor_id")


def text(given: Any, what: str, longest: int, *, empty: bool = False) -> str:
    """Text of at most ``longest`` signs, or Garbage."""
    need(isinstance(given, str), f"{what} must be text, not {type(given).__name__}")
    need(empty or bool(given.strip()), f"{what} is empty")
    need(len(given) <= longest, f"{what} is longer than {longest} characters")
    sign = forbidden_sign(given)
    need(sign is None, f"{what} contains {sign}")
    return str(given)


def labels(given: Any, what: str, longest: int = 500) -> Mapping[str, str]:
    """Words in both languages, or Garbage."""
    need(isinstance(given, Mapping), f'{what} must be {{"zh": …, "en": …}}, not {type(given).__name__}')
    for locale in ("zh", "en"):
        need(locale in given, f"{what} has no {locale}")
    return MappingProxyType({locale: text(given[locale], f"{what} ({locale})", longest) for locale in ("zh", "en")})


def _tuple(given: Any, what: str, longest: int) -> tuple[Any, ...]:
    need(isinstance(given, tuple), f"{what} must be a tuple, not {type(given).__name__}")
    need(len(given) <= longest, f"{what} has more than {longest} entries")
    return tuple(given)


def field(given: Any) -> Field:
    """A form field, or Garbage."""
    need(type(given) is Field, f"a field must be a Field, not {type(given).__name__}")
    is_name = isinstance(given.name, str) and NAME.fullmatch(given.name) and given.name not in _TAKEN
    need(bool(is_name), f"field name {given.name!r}")
    what = f"field {given.name}"
    need(given.type in FIELD_TYPES, f"{what}: there is no field type {given.type!r}")
    labels(given.labels, f"{what}: labels", 60)
    if given.hint is not None:
        labels(given.hint, f"{what}: hint", 200)
    choices = _tuple(given.choices, f"{what}: choices", _MAX_CHOICES)
    need(bool(choices) == (given.type == "choice"), f"{what}: choices belong to the type choice, and only to it")
    for choice in choices:
        need(type(choice) is Choice and bool(_CODE.fullmatch(choice.value)), f"{what}: choice {choice!r}")
        labels(choice.labels, f"{what}: choice {choice.value}", 60)
        need(choice.opens in ("", "share", "sms"), f"{what}: choice {choice.value} opens {choice.opens!r}")
    need(len({choice.value for choice in choices}) == len(choices), f"{what}: a choice stands twice")
    for bound in (given.minimum, given.maximum):
        need(bound is None or type(bound) is int, f"{what}: a bound must be a whole number")
    need(given.prefill in PREFILLS, f"{what}: there is no prefill {given.prefill!r}")
    need(given.opens in ("", "tel", "mailto", "sms"), f"{what}: opens {given.opens!r}")
    asked = tuple(field(one) for one in _tuple(given.fields, f"{what}: fields", _MAX_IN_ROW))
    need(bool(asked) == (given.type == "rows"), f"{what}: fields belong to the type rows, and only to it")
    need(all(one.type in ROW_TYPES for one in asked), f"{what}: a row may ask only {', '.join(ROW_TYPES)}")
    _conditions(asked)
    checked: Field = given
    return checked


def _conditions(fields: tuple[Field, ...]) -> None:
    by_name = {one.name: one for one in fields}
    need(len(by_name) == len(fields), "two fields have the same name")
    for one in fields:
        if one.when is None:
            continue
        need(isinstance(one.when, tuple) and len(one.when) == 2, f"field {one.name}: when must be (field, values)")
        other, answers = by_name.get(one.when[0]), one.when[1]
        offered: set[object] = {choice.value for choice in other.choices} if other else set()
        if other is not None and other.type == "bool":
            offered = {True, False}
        need(
            isinstance(answers, tuple) and bool(answers) and all(_is_one_of(answer, offered) for answer in answers),
            f"field {one.name}: when names answers that field {one.when[0]} does not offer",
        )
        before = {one.name}
        while other is not None and other.when is not None:
            need(other.name not in before, f"field {one.name}: when goes round in a circle")
            before.add(other.name)
            other = by_name.get(other.when[0])


def _is_one_of(answer: object, offered: set[object]) -> bool:
    # 1 equals True in Python, and no answer in JSON
    return any(type(answer) is type(one) and answer == one for one in offered)


def method(given: Any) -> t.CollectionMethod:
    """A collection method, or Garbage."""
    need(type(given) is t.CollectionMethod, f"a method must be a CollectionMethod, not {type(given).__name__}")
    need(isinstance(given.name, str) and bool(NAME.fullmatch(given.name)), f"method name {given.name!r}")
    what = f"method {given.name}"
    labels(given.labels, f"{what}: labels", 40)
    if given.hint is not None:
        labels(given.hint, f"{what}: hint", 300)
    fields = tuple(field(one) for one in _tuple(given.fields, f"{what}: fields", _MAX_FIELDS))
    _conditions(fields)
    need(callable(given.check) and callable(given.outcome), f"{what}: check and outcome must be functions")
    for event in _tuple(given.on, f"{what}: on", 20):
        need(event in t.EVENTS, f"{what}: there is no event {event!r}")
    for role in _tuple(given.can, f"{what}: can", 10):
        need(role in t.ROLES, f"{what}: there is no role {role!r}")
    need(type(given.version) is int and given.version >= 1, f"{what}: version must be 1 or more")
    need(type(given.level) is int and 1 <= given.level <= 3, f"{what}: level must be 1, 2 or 3")
    cost = given.cost_minor
    need(type(cost) is int and 0 <= cost <= 10**9, f"{what}: cost_minor must be a whole number of minor units")
    said = (given.in_person, given.approval, given.asks)
    need(all(type(one) is bool for one in said), f"{what}: in_person, approval and asks are True or False")
    need(given.manner in t.MANNERS, f"{what}: there is no manner {given.manner!r}")
    need(given.reach in t.REACHES, f"{what}: there is no reach {given.reach!r}")
    need(given.by_hand or bool(given.on), f"{what}: has neither a form nor an event, so nothing would call it")
    for against in (bringing.objection(given), caps.objection(given.caps)):
        need(not against, f"{what}: {against}")
    if given.batch is not None:
        check_batch(given.batch, what, frozenset(one.name for one in fields))
    for against in map(texts.objection, _tuple(given.texts, f"{what}: texts", 40)):
        need(not against, f"{what}: {against}")
    choosing = {one.name for one in fields if one.type == "choice"}
    for one in fields:
        need(not one.draft or (one.type == "prose" and one.draft in choosing), f"{what}: {one.name}: {one.draft!r}")
    checked: t.CollectionMethod = given
    return checked


def excuse(given: Any) -> t.Excuse:
    """An excuse code, or Garbage."""
    need(type(given) is t.Excuse, f"an excuse must be an Excuse, not {type(given).__name__}")
    need(isinstance(given.code, str) and bool(_EXCUSE.fullmatch(given.code)), f"excuse code {given.code!r}")
    labels(given.labels, f"excuse {given.code}: labels", 60)
    labels(given.verify, f"excuse {given.code}: verify", 200)
    what = f"excuse {given.code}"
    need(given.effect in ("dispute", "none"), f"{what}: effect {given.effect!r}")
    for one in _tuple(given.asks, f"{what}: asks", 6):
        labels(one, f"{what}: asks", 120)
    for fact in _tuple(given.facts, f"{what}: facts", len(t.FACTS)):
        need(fact in t.FACTS, f"{what}: there is no kind of fact {fact!r}")
    for name, text in (("rule", given.rule), ("reply", given.reply)):
        if text is not None:
            labels(text, f"{what}: {name}", 300)
    need(given.owner in t.DESKS, f"{what}: there is no desk {given.owner!r}")
    need(given.flag in ("", "manager"), f"{what}: flag {given.flag!r}")
    need(given.if_true in ("", "instalments"), f"{what}: if_true {given.if_true!r}")
    checked: t.Excuse = given
    return checked


def declared(given: Any, what: str) -> list[Any]:
    """The list a hook returned, or Garbage."""
    need(
        isinstance(given, Iterable) and not isinstance(given, str | bytes | Mapping),
        f"{what} must return a list, not {type(given).__name__}",
    )
    found = []
    for one in given:
        found.append(one)
        need(len(found) <= 200, f"{what} returns more than 200 entries")
    return found


def problems(given: Any) -> tuple[t.Problem, ...]:
    """What ``check`` returned, or Garbage."""
    need(isinstance(given, list | tuple), f"check must return a list of Problem, not {type(given).__name__}")
    need(len(given) <= 50, "check returns more than 50 problems")
    for one in given:
        need(type(one) is t.Problem, f"check must return Problem records, not {type(one).__name__}")
        text(one.field, "problem: field", 60, empty=True)
        labels(one.text, "problem: text")
        need(type(one.blocking) is bool, "problem: blocking must be True or False")
    return tuple(given)


def _day(given: Any, what: str, today: date) -> None:
    need(type(given) is date, f"{what} must be a date, not {type(given).__name__}")
    need(abs((given - today).days) <= 3660, f"{what} lies more than ten years away")


def _effect(given: Any, facts: CaseFacts) -> t.Effects:
    if type(given) is t.MakePaper:
        is_name = isinstance(given.kind, str) and NAME.fullmatch(given.kind)
        need(bool(is_name), f"MakePaper: there is no paper {given.kind!r}")
        need(isinstance(given.values, Mapping) and len(given.values) <= 20, "MakePaper: values are no small mapping")
        for name, value in given.values.items():
            text(name, "MakePaper: a value's name", 40)
            text(value, f"MakePaper: value {name}", 2000, empty=True)
        return replace(given, values=MappingProxyType(dict(given.values)))
    if type(given) is t.SendMail:
        text(given.to, "SendMail: to", 254)
        text(given.subject, "SendMail: subject", 200)
        need("\n" not in given.subject + given.to and "\r" not in given.subject + given.to, "SendMail: a line break")
        text(given.text, "SendMail: text", 20_000)
        text(given.attach, "SendMail: attach", 60, empty=True)
        need(given.accepted_effect in t.EFFECTS, f"SendMail: accepted_effect {given.accepted_effect!r}")
        return given
    if type(given) is t.MakeTask:
        labels(given.title, "MakeTask: title", 120)
        _day(given.due_on, "MakeTask: due_on", facts.today)
        need(bool(_CODE.fullmatch(given.kind)), f"MakeTask: kind {given.kind!r}")
        need(given.for_role in ("", *t.ROLES), f"MakeTask: there is no role {given.for_role!r}")
        return given
    if type(given) in (texts.SendText, texts.StopContact, proceedings.SuitEnded):
        against = proceedings.wrong(given) if type(given) is proceedings.SuitEnded else texts.wrong(given, t.EFFECTS)
        need(not against, against)
        said: t.Effects = given
        return said
    if type(given) in (k.Keep, k.Forget):
        return kept(given)
    named = "MakePaper, SendMail, SendText, StopContact, MakeTask, Keep, Forget or SuitEnded"
    raise Garbage(f"an effect must be {named}, not {type(given).__name__}")


def decision(given: Any, facts: CaseFacts) -> t.Decision | None:
    """What ``outcome`` returned (None after an event: nothing to record), or Garbage."""
    if given is None:
        need(facts.trigger is not None, "outcome must return a Decision")
        return None
    need(type(given) is t.Decision, f"outcome must return a Decision, not {type(given).__name__}")
    summary = labels(given.summary, "decision: summary")
    need(isinstance(given.outcome, str) and bool(_CODE.fullmatch(given.outcome)), f"outcome code {given.outcome!r}")
    need(given.grade in t.GRADES, f"decision: grade {given.grade!r}")
    need(given.effect in t.EFFECTS, f"decision: effect {given.effect!r}")
    need(not given.effect or bool(given.grade), "decision: an effect on limitation needs a grade of proof")
    step = None if given.next_step is None else labels(given.next_step, "decision: next_step", 200)
    if given.next_on is not None:
        _day(given.next_on, "decision: next_on", facts.today)
    effects = tuple(_effect(one, facts) for one in _tuple(given.effects, "decision: effects", _MAX_EFFECTS))
    against = k.objection(effects, facts.kept)
    need(not against, against)
    needs_paper = any(type(one) is t.SendMail and one.attach == "paper" for one in effects)
    made = [one.kind for one in effects if type(one) is t.MakePaper]
    need(sum(kind in t.PAPERS for kind in made) <= 1 and len(made) <= _MAX_PAPERS, "decision: more than one paper")
    need(not needs_paper or bool(made), 'decision: a mail attaches "paper", but the decision makes none')
    earlier = {action.id for action in facts.actions}
    need(given.follows in ("", *earlier), f"decision: follows {given.follows!r}, which is no action of this case")
    lines = _tuple(given.details, "decision: details", _MAX_DETAILS)
    details = tuple(labels(one, "decision: details", 300) for one in lines)
    decided: t.Decision = replace(given, summary=summary, next_step=step, effects=effects, details=details)
    return decided


def kept(given: Any) -> k.Keep | k.Forget:
    """What a plugin wants kept or forgotten, or Garbage."""
    need(type(given) in (k.Keep, k.Forget), f"a record must be Keep or Forget, not {type(given).__name__}")
    what = type(given).__name__
    need(isinstance(given.kind, str) and bool(_CODE.fullmatch(given.kind)),
         f"{what}: kind {given.kind!r} is not 2 to 40 signs of a-z, 0-9 and _")
    text(given.key, f"{what}: key", 120)
    need(type(given.house) is bool, f"{what}: house must be True or False")
    if type(given) is k.Forget:
        gone: k.Forget = given
        return gone
    need(isinstance(given.body, Mapping), f"{what}: body must be a mapping, not {type(given.body).__name__}")
    need(given.was is None or (type(given.was) is int and given.was >= 0), f"{what}: was must be a version")
    try:
        said = json.dumps(dict(given.body), allow_nan=False, ensure_ascii=False)
        size = len(said.encode())
    except (TypeError, ValueError) as error:
        raise Garbage(f"{what}: body cannot be written as JSON: {error}") from error
    need("\\u0000" not in said, f"{what}: body contains U+0000")
    need(size <= k.LARGEST_BODY, f"{what}: body is larger than {k.LARGEST_BODY} bytes")
    checked: k.Keep = replace(given, body=MappingProxyType(json.loads(said)))
    return checked
