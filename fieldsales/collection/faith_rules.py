"""Good faith or bad faith (善意拖欠 / 恶意拖欠): what speaks for either, when it is proposed, what it allows. Pure.

The seeds: 客观原因 that truly exist make 善意拖欠; 主观地制造各种不实理由，蓄意拖欠付款 makes 恶意拖欠. The rules only
propose: a manager decides, on evidence, for a time. The class is never shown to the customer, and a rep reads only how
closely to follow up.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from fieldsales.kernel.errors import N_, Invalid, RuleBroken

GOOD, BAD = "good_faith", "bad_faith"
CLASSES = (GOOD, BAD)
#: What a person may note as seen; the sentence is what the rep chooses from, so it judges nobody.
SEEN: Mapping[str, str] = {
    "asset_moves": N_("Stock, equipment or money is being moved away"),
    "pays_others": N_("Pays other suppliers while ours waits"),
    "hides": N_("Cannot be met: avoids us, changes numbers, moved without a word"),
    "denies_papers": N_("Denies a paper of their own, or will not confirm the account"),
    "told_before": N_("Told us before the day that it would be late, and why"),
    "opens_books": N_("Showed stock, orders or accounts without being pressed"),
    "offers_security": N_("Offers security, a guarantor or goods back"),
}
GOOD_SEEN = frozenset({"told_before", "opens_books", "offers_security"})
#: A class holds for at most half a year: then it is looked at again or lapses.
LONGEST_REVIEW = timedelta(days=183)
#: Days before the review day on which the manager is asked to look again.
REVIEW_AHEAD = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Proof:
    """One thing on record. ``kind``: claim | promise | visit | action | signal | payment | plan | statement."""

    kind: str
    id: str
    on: date
    words: str = ""


@dataclass(frozen=True, slots=True)
class BrokenPromise:
    """A promise of which nothing came."""

    proof: Proof
    made_on: date
    due_on: date


@dataclass(frozen=True, slots=True)
class Conduct:
    """What the books and the records say of a customer, as of ``today``. Amounts in minor units of one currency.

    ``judged``: claims that were looked into, by code and what they turned out to be. ``away``: attempts that reached
    nobody who decides; ``met_on``: when somebody who decides was last reached. ``seen``: kinds of ``SEEN``.
    """

    today: date
    overdue_minor: int
    contested_minor: int = 0
    judged: tuple[tuple[str, str, Proof], ...] = ()
    broken: tuple[BrokenPromise, ...] = ()
    kept: tuple[Proof, ...] = ()
    paid: tuple[Proof, ...] = ()
    signed: tuple[Proof, ...] = ()
    away: tuple[Proof, ...] = ()
    met_on: date | None = None
    seen: tuple[tuple[str, Proof], ...] = ()


@dataclass(frozen=True, slots=True)
class Criteria:
    """How much of what, within how many days. The house's measure, one place."""

    days: int = 365
    false_claims: int = 2
    broken_though_able: int = 2
    #: attempts on different days within ``away_days`` with nobody reached since
    away: int = 3
    away_days: int = 60
    pays_others: int = 2
    kept: int = 2
    true_claims: int = 1
    #: money or a signature as recent as this shows good will
    lately_days: int = 60
    #: signs of being able to pay count for a promise until so many days after its day
    able_days: int = 30


@dataclass(frozen=True, slots=True)
class Hit:
    """A criterion that is met: how often, how often it takes, and what it rests on."""

    code: str
    count: int
    needed: int
    proofs: tuple[Proof, ...]


#: A criterion in words, for the manager.
CRITERIA_WORDS: Mapping[str, str] = {
    "false_claims": N_("Reasons found untrue"),
    "broken_though_able": N_("Promises broken though there were means to pay"),
    "away": N_("Nobody who decides can be reached"),
    "asset_moves": N_("Assets are being moved"),
    "pays_others": N_("Others are paid while ours waits"),
    "denies_papers": N_("Denies papers or the account"),
    "true_claims": N_("Reasons found true, none untrue"),
    "kept": N_("Promises kept"),
    "paid": N_("Money came in lately"),
    "signed": N_("Signed a plan or a statement lately"),
    "open": N_("Speaks openly: tells before the day, shows the books, offers security"),
}
#: Without one of these, nothing is called bad faith: silence and bad manners alone prove no intent.
HARD = frozenset({"false_claims", "broken_though_able", "asset_moves", "denies_papers"})
#: Without one of these, nothing is called good faith: it takes a cause that truly exists, or openness about it (A).
ROOTS = frozenset({"true_claims", "open"})


@dataclass(frozen=True, slots=True)
class Weighed:
    """Both sides of the scales, and the class the written rules would propose ("" for none)."""

    against: tuple[Hit, ...]
    in_favour: tuple[Hit, ...]
    klass: str

    @property
    def hits(self) -> tuple[Hit, ...]:
        """Both sides, what speaks against first."""
        return (*self.against, *self.in_favour)


def weigh(conduct: Conduct, criteria: Criteria = Criteria()) -> Weighed:
    """What the record proposes.

    Bad faith: something overdue that is not mostly contested, two different criteria met, one of them ``HARD``; where
    money, a kept word or a signature of late speak for the customer, three. Good faith: two kinds of good signs, one of
    ``ROOTS``, and none of bad. Otherwise nothing: most customers have no class and need none.
    """
    against, in_favour = _against(conduct, criteria), _in_favour(conduct, criteria)
    codes, good = {hit.code for hit in against}, {hit.code for hit in in_favour}
    needed = 3 if good & {"kept", "paid", "signed"} else 2
    mostly_contested = conduct.contested_minor * 2 > conduct.overdue_minor
    klass = ""
    if conduct.overdue_minor > 0 and not mostly_contested and len(codes) >= needed and codes & HARD:
        klass = BAD
    elif conduct.overdue_minor > 0 and not codes and len(good) >= 2 and good & ROOTS:
        klass = GOOD
    return Weighed(against, in_favour, klass)


def _against(conduct: Conduct, criteria: Criteria) -> tuple[Hit, ...]:
    since = conduct.today - timedelta(days=criteria.days)
    false = _recent((proof for _, state, proof in conduct.judged if state == "false"), since)
    others = _recent((*(proof for code, state, proof in conduct.judged if code == "paid_others" and state != "false"),
                      *_seen(conduct, "pays_others")), since)
    return _met((
        ("false_claims", criteria.false_claims, false),
        ("broken_though_able", criteria.broken_though_able, _recent(_though_able(conduct, criteria), since)),
        ("away", criteria.away, _away(conduct, criteria)),
        ("asset_moves", 1, _recent(_seen(conduct, "asset_moves"), since)),
        ("pays_others", criteria.pays_others, others),
        ("denies_papers", 1, _recent(_seen(conduct, "denies_papers"), since)),
    ))


def _in_favour(conduct: Conduct, criteria: Criteria) -> tuple[Hit, ...]:
    since = conduct.today - timedelta(days=criteria.days)
    lately = conduct.today - timedelta(days=criteria.lately_days)
    states = {state for _, state, proof in conduct.judged if proof.on >= since}
    true = _recent((proof for _, state, proof in conduct.judged if state == "true"), since)
    return _met((
        ("true_claims", criteria.true_claims, () if "false" in states else true),
        ("kept", criteria.kept, _recent(conduct.kept, since)),
        ("paid", 1, _recent(conduct.paid, lately)),
        ("signed", 1, _recent(conduct.signed, lately)),
        ("open", 1, _recent((proof for kind, proof in conduct.seen if kind in GOOD_SEEN), lately)),
    ))


def _met(asked: tuple[tuple[str, int, tuple[Proof, ...]], ...]) -> tuple[Hit, ...]:
    return tuple(Hit(code, len(proofs), needed, proofs) for code, needed, proofs in asked if len(proofs) >= needed)


def _recent(proofs: object, since: date) -> tuple[Proof, ...]:
    known: dict[tuple[str, str], Proof] = {}
    for proof in proofs:  # type: ignore[attr-defined]
        if proof.on >= since:
            known[proof.kind, proof.id] = proof
    return tuple(sorted(known.values(), key=lambda one: (one.on, one.id), reverse=True))


def _seen(conduct: Conduct, kind: str) -> tuple[Proof, ...]:
    return tuple(proof for seen, proof in conduct.seen if seen == kind)


def _though_able(conduct: Conduct, criteria: Criteria) -> tuple[Proof, ...]:
    """Broken promises beside which the record shows means: others paid, assets moved, "no money" found untrue."""
    able = [proof.on for kind, proof in conduct.seen if kind in ("pays_others", "asset_moves")]
    able += [proof.on for code, state, proof in conduct.judged
             if (code == "paid_others" and state != "false") or (code == "cash_tight" and state == "false")]
    late = timedelta(days=criteria.able_days)
    return tuple(one.proof for one in conduct.broken if any(one.made_on <= on <= one.due_on + late for on in able))


def _away(conduct: Conduct, criteria: Criteria) -> tuple[Proof, ...]:
    """Attempts that reached nobody, one a day, since somebody was last reached; "the boss is away" found untrue and
    hiding that was seen count among them."""
    since = conduct.today - timedelta(days=criteria.away_days)
    if conduct.met_on is not None:
        since = max(since, conduct.met_on + timedelta(days=1))
    tried = [*conduct.away, *_seen(conduct, "hides"),
             *(proof for code, state, proof in conduct.judged if code == "boss_away" and state == "false")]
    by_day = {proof.on: proof for proof in tried if proof.on >= since}
    return tuple(by_day[on] for on in sorted(by_day, reverse=True))


def is_news(weighed: Weighed, standing: str, refused_on: date | None) -> bool:
    """Whether a proposal is worth putting up: another class than stands, and, after a refusal, on newer evidence."""
    if not weighed.klass or weighed.klass == standing:
        return False
    side = weighed.against if weighed.klass == BAD else weighed.in_favour
    return refused_on is None or any(proof.on > refused_on for hit in side for proof in hit.proofs)


def check_approval(klass: str, review_on: date | None, today: date, *, rests_on: int, is_own: bool) -> None:
    """Refuse an approval without a review day, or of bad faith on nobody's proposal but one's own or on no evidence.

    ``rests_on``: hits of the proposal and files of the manager, together; ``is_own``: no proposal, or his own.
    """
    if review_on is None or not today < review_on <= today + LONGEST_REVIEW:
        raise Invalid("collection.faith_review", N_("Choose a day to look at it again, within half a year."),
                      field="review_on")
    if klass == BAD and is_own:
        raise RuleBroken("collection.faith_own", N_("It takes two: the rules or somebody else proposes, you decide."))
    if klass == BAD and not rests_on:
        raise RuleBroken("collection.faith_evidence", N_("Nothing on record supports this. Attach evidence."))


@dataclass(frozen=True, slots=True)
class Allowed:
    """Whether a manner of asking may be used. ``why``: a sentence (msgid) fit for a rep's screen; empty when it may."""

    ok: bool
    why: str = ""


#: What a manner is for, by class (S53, S49): soft ways work by goodwill and are no use where there is none; persistent
#: pressure is for an approved class alone; what stands between is for everybody.
_BARRED: Mapping[tuple[str, str], str] = {
    ("soft", BAD): N_("Soft ways have done nothing here: ask firmly, in writing, with a day."),
    ("persistent", ""): N_("So close a pace needs a manager's decision first."),
    ("persistent", GOOD): N_("They are in good will and short of means: agree on instalments instead."),
}


def method_allowed(klass: str, stage: int, manner: str) -> Allowed:
    """Whether a way of asking fits the class at this stage.

    ``stage``: the method's rung, 1 a notice, 2 formal, 3 law. ``manner``: soft | firm | persistent. Law is open to any
    class: it asks for a manager's approval elsewhere, and a soft way may always carry a court's settlement.
    """
    why = "" if stage >= 3 and manner != "persistent" else _BARRED.get((manner, klass), "")
    return Allowed(not why, why)


#: How a rep is told to follow up, by class: neutral words, for the phone lies on the customer's table.
FOLLOW_UP: Mapping[str, tuple[str, str]] = {
    "": (N_("as usual"), ""),
    GOOD: (N_("by agreement"), N_("Look for instalments they can keep, and put them in writing.")),
    BAD: (N_("closely"),
          N_("One matter each time: amount and day. Put it in writing, keep to the hours, stop when told.")),
}
#: The code a phone carries for each: it says nothing of a class.
MODES: Mapping[str, str] = {"": "usual", GOOD: "agreed", BAD: "close"}
