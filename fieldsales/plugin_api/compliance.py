"""Rules of contact that a plugin adds to the gate: they make it stricter, never looser.

The core's own gate is asked first and stands whatever a rule answers. A rule that raises, hangs or answers rubbish
refuses contacts by the methods of its own plugin, which rest on it, and none of anybody else's.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import Any

from fieldsales.plugin_api import validate
from fieldsales.plugin_api.fields import NAME, Labels
from fieldsales.plugin_api.markers import hookspec

LONGEST_REFUSAL = timedelta(days=366)
_CODE = re.compile(r"[a-z][a-z0-9_]{1,39}")


@dataclass(frozen=True, slots=True)
class PastContact:
    """A contact on record, by whoever made it. ``effective``: somebody was spoken to; ``demand``: pressed for money."""

    at: datetime
    channel: str
    effective: bool = True
    demand: bool = True


@dataclass(frozen=True, slots=True)
class PastStop:
    """A stop that stands. ``kind``: objection | asked_to_leave | police."""

    kind: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ContactQuestion:
    """A contact that is meant, with what the gate knows.

    ``channel``: call | message | visit | mail | letter | legal. ``at``: aware UTC; ``there``: the same instant at the
    debtor's place. ``purpose``: demand | reminder | legal; anything else is free and never asked about. ``method``: the
    method that means it, "" for a contact without one. ``person``: third_party | family | refused | left, or "" for
    their own. ``faith``: the approved class, for deciding only. ``made``: newest first. ``covered_until``: till then
    promises cover all that is overdue.
    """

    channel: str
    at: datetime
    there: datetime
    purpose: str = "demand"
    method: str = ""
    person: str = ""
    faith: str = ""
    made: tuple[PastContact, ...] = ()
    stops: tuple[PastStop, ...] = ()
    covered_until: date | None = None
    disputed: bool = False


@dataclass(frozen=True, slots=True)
class Ruling:
    """A rule's answer. ``code``: one of the rule's codes, "" allows. ``until``: aware UTC, the first instant at which
    this ground is gone; None when a person must end it."""

    code: str = ""
    until: datetime | None = None

    @property
    def allows(self) -> bool:
        """Whether nothing stands in the way."""
        return not self.code


ALLOW = Ruling()


@dataclass(frozen=True, slots=True)
class ComplianceRule:
    """A rule of contact. ``codes``: why it may refuse, in both languages; ``source``: the law or standard it follows.

    ``judge(question)`` is pure. It is asked when a contact is meant, and for three days ahead hour by hour when a phone
    fetches the customer: by way alone (``method`` ""), by each method where it looks at ``method``, and once more as if
    one more demand had been made today where it looks at ``made``; so the phone's form warns before, offline. ``until``
    must be the very instant at which the ground ends. What is still to be sent is held back; what has happened already
    is kept and flagged.
    """

    name: str
    labels: Labels
    source: Labels
    codes: Mapping[str, Labels]
    judge: Callable[[ContactQuestion], Ruling]


class ComplianceHooks:
    """Stricter rules of contact."""

    @hookspec
    def compliance_rules(self) -> Iterable[ComplianceRule]:  # type: ignore[empty-body]
        """Rules that may hold back a contact the core's gate would let through.

        When: once, as the program starts; ``judge`` then before every contact that presses for money or goes to law.
        Returns: ComplianceRule records; a name already taken is refused. A refusal adds to the core's and lifts none.
        Errors: one bad record fails the whole plugin. When ``judge`` raises, hangs or answers rubbish, contacts by
        this plugin's own methods are refused until it works again; the core's gate alone decides on all others.
        Since: API 1.

        Example::

            @hookimpl
            def compliance_rules():
                return [ComplianceRule("no_friday", {"zh": "周五不催", "en": "No Fridays"},
                                       {"zh": "本公司规定", "en": "House rule"},
                                       {"friday": {"zh": "周五不催款", "en": "No demands on Fridays"}}, judge)]
        """


def rule(given: Any) -> ComplianceRule:
    """A rule of contact, or Garbage."""
    need = validate.need
    need(type(given) is ComplianceRule, f"a rule must be a ComplianceRule, not {type(given).__name__}")
    need(isinstance(given.name, str) and bool(NAME.fullmatch(given.name)), f"rule name {given.name!r}")
    what = f"rule {given.name}"
    validate.labels(given.labels, f"{what}: labels", 40)
    validate.labels(given.source, f"{what}: source", 300)
    need(isinstance(given.codes, Mapping) and 0 < len(given.codes) <= 20, f"{what}: codes are no small mapping")
    for code, said in given.codes.items():
        need(isinstance(code, str) and bool(_CODE.fullmatch(code)), f"{what}: code {code!r}")
        validate.labels(said, f"{what}: code {code}", 120)
    need(callable(given.judge), f"{what}: judge must be a function")
    checked: ComplianceRule = replace(given, codes=MappingProxyType(dict(given.codes)))
    return checked


def ruling(given: Any, of: ComplianceRule, at: datetime) -> Ruling:
    """What ``judge`` answered about a contact at ``at``, or Garbage."""
    need = validate.need
    need(type(given) is Ruling, f"judge must return a Ruling, not {type(given).__name__}")
    need(given.code == "" or given.code in of.codes, f"rule {of.name}: there is no code {given.code!r}")
    if given.until is not None:
        need(type(given.until) is datetime and given.until.tzinfo is not None, f"rule {of.name}: until is no instant")
        need(bool(given.code), f"rule {of.name}: until without a code")
        need(at < given.until <= at + LONGEST_REFUSAL, f"rule {of.name}: until lies outside the year that follows")
    answer: Ruling = given
    return answer
