"""A wholesaler's ledger made up from a seed: the same seed and day give the same ledger, to the cent."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Literal

from fieldsales.demo import names

#: The centre of the demo's town, degrees WGS-84.
CENTRE = (29.8683, 121.5440)


@dataclass(frozen=True)
class SampleCustomer:
    """A made-up customer. ``habit``: how it pays, which decides the age of its debt."""

    code: str
    name: str
    kind: Literal["company", "sole_trader", "person"]
    reg_no: str
    legal_rep: str
    contact: str
    contact_role: str
    phone: str
    address: str
    region: str
    lat: str
    lon: str
    grade: str
    tier: str
    rep: str
    team: str
    habit: Literal["prompt", "late", "slow", "stuck"]
    term_days: int
    seller: str


@dataclass(frozen=True)
class SampleInvoice:
    """A made-up invoice (minor units); negative: a red-letter row."""

    number: str
    customer: SampleCustomer
    issued_on: date
    due_on: date
    minor: int
    paid_minor: int = 0
    disputed: bool = False
    kind: Literal["invoice", "credit_note", "opening"] = "invoice"
    goods: str = ""


@dataclass(frozen=True)
class SamplePayment:
    """Made-up money that came in; often the payer does not say what for."""

    number: str
    customer: SampleCustomer
    received_on: date
    minor: int
    method: str
    invoice_number: str = ""


@dataclass
class SampleLedger:
    """Everything of one made-up ledger as of a day."""

    as_of: date
    customers: list[SampleCustomer] = field(default_factory=list)
    invoices: list[SampleInvoice] = field(default_factory=list)
    payments: list[SamplePayment] = field(default_factory=list)


def make_ledger(as_of: date, seed: int = 20) -> SampleLedger:
    """A ledger as of a day: debts in every age, disputes, credit notes, part payments, undesignated money."""
    dice = random.Random(seed)
    ledger = SampleLedger(as_of)
    kinds = [("company", stem) for stem in names.COMPANIES] + [("sole_trader", stem) for stem in names.SHOPS]
    kinds += [("person", stem) for stem in names.PERSONS]
    for index, (kind, stem) in enumerate(kinds):
        ledger.customers.append(_customer(dice, index, kind, stem))
    counter = 1000
    for customer in ledger.customers:
        counter = _trade(dice, ledger, customer, counter)
    _undesignated(dice, ledger)
    return ledger


def _customer(dice: random.Random, index: int, kind: str, stem: str) -> SampleCustomer:
    team, reps = names.TEAMS[index % len(names.TEAMS)]
    district = dice.choice(names.DISTRICTS)
    name = {"company": f"宁波{stem}有限公司", "sole_trader": f"{district}区{stem}", "person": stem}[kind]
    rep_name = dice.choice(names.SURNAMES) + dice.choice(names.GIVEN)
    habit = dice.choices(("prompt", "late", "slow", "stuck"), (30, 34, 22, 14))[0]
    return SampleCustomer(
        code=f"KH{index + 1:04d}", name=name, kind=kind,  # type: ignore[arg-type]
        # "9X": no registry gives out such numbers
        reg_no="" if kind == "person" else f"9X330200MA{dice.randrange(10**7):07d}{dice.choice('ABCDEFGHJK')}",
        legal_rep=stem if kind == "person" else rep_name,
        contact=(stem if kind == "person" else dice.choice(names.SURNAMES) + dice.choice(names.GIVEN))[:4],
        contact_role="本人" if kind == "person" else dice.choice(names.ROLES),
        phone=f"129{index:04d}{dice.randrange(10**4):04d}",  # no network gives out 129
        address=f"浙江省宁波市{district}区{dice.choice(names.STREETS)}{dice.randrange(8, 880)}号",
        region=f"{district}区",
        lat=f"{CENTRE[0] + dice.uniform(-0.045, 0.045):.5f}", lon=f"{CENTRE[1] + dice.uniform(-0.055, 0.055):.5f}",
        grade={"prompt": "A", "late": "B", "slow": "C", "stuck": "D"}[habit], tier=dice.choice("AABBBC"),
        rep=dice.choice(reps), team=team, habit=habit,  # type: ignore[arg-type]
        term_days=dice.choice((30, 30, 45, 60)), seller=names.SELLERS[0 if dice.random() < 0.75 else 1][0],
    )


def _trade(dice: random.Random, ledger: SampleLedger, customer: SampleCustomer, counter: int) -> int:
    """Half a year and more of deliveries to one customer, paid as its habit is."""
    patience = {"prompt": -3, "late": 25, "slow": 70, "stuck": 400}[customer.habit]
    size = dice.choice((800_000, 2_000_000, 4_500_000, 12_000_000) if customer.kind == "company"
                       else (250_000, 600_000, 1_500_000))
    if dice.random() < 0.12:
        opened = date(ledger.as_of.year, 1, 1)
        ledger.invoices.append(SampleInvoice(f"期初-{customer.code}", customer, opened, opened,
                                             dice.randrange(size // 2, size * 2), kind="opening"))
    for days_ago in sorted(dice.sample(range(1, 230), dice.randrange(3, 9)), reverse=True):
        counter += 1
        issued = ledger.as_of - timedelta(days=days_ago)
        due = issued + timedelta(days=customer.term_days)
        minor = dice.randrange(size // 3, size * 2)
        number = f"XS{issued:%y%m%d}{counter:05d}"
        paid = _paid(dice, ledger, customer, number, minor, due, patience)
        ledger.invoices.append(SampleInvoice(
            number, customer, issued, due, minor, paid, dice.random() < 0.05 and not paid,
            goods=dice.choice(names.GOODS)))
        if dice.random() < 0.07:
            back = min(issued + timedelta(days=dice.randrange(3, 12)), ledger.as_of)
            ledger.invoices.append(SampleInvoice(f"{number}H", customer, back, due, -(minor // dice.randrange(8, 20)),
                                                 kind="credit_note", goods="退货"))
    return counter


def _paid(dice: random.Random, ledger: SampleLedger, customer: SampleCustomer, number: str, minor: int, due: date,
          patience: int) -> int:
    """Minor units paid so far on an invoice: the payments file tells of the younger ones."""
    paid_on = due + timedelta(days=patience + dice.randrange(-6, 9))
    part = dice.random() < 0.25
    if paid_on > ledger.as_of:
        if not (part and customer.habit in {"late", "slow"}) or due >= ledger.as_of:
            return 0
        paid_on = due + timedelta(days=dice.randrange(0, max(1, (ledger.as_of - due).days)))
        amount = minor * dice.choice((20, 30, 50)) // 100
    else:
        amount = minor
    if (ledger.as_of - paid_on).days > 60:
        return amount
    ledger.payments.append(SamplePayment(
        f"SK{paid_on:%y%m%d}{len(ledger.payments) + 1:04d}", customer, paid_on, amount,
        dice.choice(("银行转账", "银行转账", "银行转账", "现金", "微信扫码", "银行承兑汇票")), number))
    return 0


def _undesignated(dice: random.Random, ledger: SampleLedger) -> None:
    """Round sums that came in without a word about which invoice they are for."""
    for customer in dice.sample([c for c in ledger.customers if c.habit in {"late", "slow"}], 7):
        owed = sum(i.minor - i.paid_minor for i in ledger.invoices if i.customer is customer)
        if owed > 600_000:
            received = ledger.as_of - timedelta(days=dice.randrange(1, 20))
            ledger.payments.append(SamplePayment(
                f"SK{received:%y%m%d}{len(ledger.payments) + 1:04d}", customer, received,
                owed // 4 // 100_000 * 100_000, "银行转账"))
