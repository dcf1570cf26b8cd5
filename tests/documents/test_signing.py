"""A signing binds payload, text, strokes and device; a change of any is refused, and says which."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from fieldsales.documents import canonical, rules
from fieldsales.documents.clauses import NEWEST, shown_text, text_sha256
from fieldsales.documents.messages import Signatory, Signing, Strokes
from fieldsales.kernel.errors import Invalid, RuleBroken, TradeError
from fieldsales.plans.messages import PlanPayload
from tests.documents import make_clause_cases as made

DEVICE = made.paper_id(77)
KEY = ec.derive_private_key(20261121, ec.SECP256R1())


def _b64(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def jwk(key: ec.EllipticCurvePrivateKey = KEY) -> dict[str, Any]:
    """What WebCrypto exports as the public half."""
    numbers = key.public_key().public_numbers()
    point = {"x": _b64(numbers.x.to_bytes(32, "big")), "y": _b64(numbers.y.to_bytes(32, "big"))}
    return {"kty": "EC", "crv": "P-256", "ext": True, "key_ops": ["verify"], **point}


def signed(payload: Any, signatory: Signatory = made.BOSS, lang: str = "zh", *, drawn: Strokes | None = None,
           **other: Any) -> Signing:
    """What a phone sends: every hash and the device's signature."""
    kind = "plan" if isinstance(payload, PlanPayload) else "statement"
    strokes = drawn or Strokes(width=360, height=200, strokes=[[(x, y, t) for x, y, t in made.wave(40, 2400, 1800)]])
    document = canonical.document_of(payload)
    text = shown_text(kind, lang, document, signatory.model_dump(mode="json"))
    fields: dict[str, Any] = {
        "lang": lang,
        "clause_set": kind,
        "clause_version": NEWEST,
        "payload_sha256": canonical.digest(document),
        "text_sha256": text_sha256(text),
        "strokes": strokes,
        "strokes_sha256": canonical.digest(strokes.model_dump(mode="json")),
        "signatory": signatory,
        "manifest_sha256": "0" * 64,
    }
    signing = Signing(**fields)
    manifest = rules.manifest_bytes(payload, signing, DEVICE)
    r, s = decode_dss_signature(KEY.sign(manifest, ec.ECDSA(hashes.SHA256())))
    proof = {
        "manifest_sha256": canonical.sha256(manifest),
        "device_signature": _b64(r.to_bytes(32, "big") + s.to_bytes(32, "big")),
    }
    return signing.model_copy(update={**proof, **other})


def test_good_signing_has_no_flags() -> None:
    payload = made.plan(1, 10_000_000, 3)
    assert rules.check_signing(payload, signed(payload), DEVICE, jwk()) == []


def test_statement_is_signed_by_the_same_machinery() -> None:
    payload = made.statement(41, 5_000_00, [])
    assert rules.check_signing(payload, signed(payload, made.CLERK, "en"), DEVICE, jwk()) == ["authority_unproven"]


def test_unknown_device_is_flagged_not_refused() -> None:
    payload = made.plan(1, 10_000_000, 3)
    assert rules.check_signing(payload, signed(payload), DEVICE, None) == ["device_unproven"]
    assert rules.check_signing(payload, signed(payload, device_signature=""), DEVICE, jwk()) == ["device_unproven"]


def test_company_signing_for_itself_is_unproven() -> None:
    """"Self" is no authority for a company; a person needs none."""
    payload = made.plan(1, 10_000_000, 3)
    assert rules.check_signing(payload, signed(payload, made.OWNER), DEVICE, jwk()) == ["authority_unproven"]
    person = made.plan(1, 10_000_000, 3, debtor_kind="person")
    assert rules.check_signing(person, signed(person, made.OWNER), DEVICE, jwk()) == []


def test_changed_amount_is_refused() -> None:
    payload = made.plan(1, 10_000_000, 3)
    signing = signed(payload)
    with pytest.raises(RuleBroken, match=r"documents\.payload_changed"):
        rules.check_signing(made.plan(1, 10_000_001, 3), signing, DEVICE, jwk())


ZERO = "0" * 64
OTHER_STROKES = Strokes(width=360, height=200, strokes=[[(x, y, t) for x, y, t in made.wave(30, 2000, 1500)]])
DOT = Strokes(width=360, height=200, strokes=[[(500, 500, 0)]])


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"payload_sha256": ZERO}, "documents.payload_changed"),
        ({"text_sha256": ZERO}, "documents.text_changed"),
        ({"lang": "en"}, "documents.text_changed"),
        ({"witness": "张三"}, "documents.text_changed"),
        ({"signatory": made.CLERK}, "documents.text_changed"),
        ({"strokes": OTHER_STROKES}, "documents.strokes_changed"),
        ({"strokes_sha256": ZERO}, "documents.strokes_changed"),
        ({"manifest_sha256": ZERO}, "documents.manifest_changed"),
        ({"clause_set": "lease"}, "documents.clause_set"),
        ({"clause_version": 9}, "documents.clause_version"),
        ({"strokes": DOT}, "documents.strokes_few_points"),
        ({"strokes": Strokes(width=360, height=200, strokes=[])}, "documents.strokes_empty"),
        ({"device_signature": "AAAA"}, "documents.device_signature"),
        ({"device_signature": "*" * 86}, "documents.device_signature"),
    ],
)
def test_any_change_is_refused_with_its_reason(change: dict[str, Any], code: str) -> None:
    payload = made.plan(1, 10_000_000, 3)
    with pytest.raises(TradeError) as refused:
        rules.check_signing(payload, signed(payload).model_copy(update=change), DEVICE, jwk())
    assert refused.value.code == code


def test_signature_of_another_device_is_refused() -> None:
    payload = made.plan(1, 10_000_000, 3)
    other = ec.derive_private_key(7, ec.SECP256R1())
    with pytest.raises(RuleBroken, match=r"documents\.device_signature"):
        rules.check_signing(payload, signed(payload), DEVICE, jwk(other))
    with pytest.raises(RuleBroken, match=r"documents\.manifest_changed"):
        rules.check_signing(payload, signed(payload), made.paper_id(78), jwk())


@pytest.mark.parametrize("key", [{}, {"kty": "RSA"}, {"kty": "EC", "crv": "P-256", "x": "AA", "y": "AA"}])
def test_broken_key_is_not_a_key(key: dict[str, Any]) -> None:
    assert not canonical.is_signed_by(key, "A" * 86, b"x")


def test_strokes_refused_are_the_fixtures() -> None:
    for case in made.cases()["strokes"]:
        strokes = Strokes(width=case["width"], height=case["height"], strokes=case["strokes"])
        assert canonical.strokes_problem(strokes.strokes, strokes.width, strokes.height) == case["problem"]


def test_instants_lose_their_fraction_and_offset() -> None:
    """The phone hashes ``…T09:41:07Z``; nothing finer, no other zone."""
    payload = made.plan(1, 100, 1).model_copy(update={"made_at": made.MADE_AT.replace(microsecond=5)})
    assert canonical.document_of(payload)["made_at"] == "2026-11-21T09:41:07Z"


def test_invalid_signature_is_the_persons_field() -> None:
    payload = made.plan(1, 100, 1)
    with pytest.raises(Invalid) as refused:
        rules.check_signing(payload, signed(payload, strokes=DOT), DEVICE, jwk())
    assert refused.value.field == "signature"


def test_name_that_cannot_be_printed_is_refused_before_it_is_signed_for_good() -> None:
    """The phone keeps the record; the person writes the name another way and signs again."""
    payload = made.plan(1, 100, 1, debtor_name="好运\U0001f98a\ue000")
    with pytest.raises(Invalid) as refused:
        rules.check_signing(payload, signed(payload), DEVICE, jwk())
    assert (refused.value.code, refused.value.params) == ("documents.no_glyph", {"signs": "U+E000, U+1F98A"})
    rare = made.plan(1, 100, 1, debtor_name="义乌市䶮㛃商行")
    assert rules.check_signing(rare, signed(rare), DEVICE, jwk()) == []
