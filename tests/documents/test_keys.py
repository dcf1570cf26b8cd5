"""Keys of one's own: they seal without a mark, and one that has expired seals nothing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12
from cryptography.x509.oid import NameOID

from fieldsales.config import Settings
from fieldsales.documents import keys, press
from fieldsales.kernel.errors import RuleBroken
from tests.documents import samples
from tests.documents.test_press import words_of


def own_key(path: Path, *, until: datetime, password: str = "secret") -> Path:
    """A company's own sealing certificate, good until a day."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "杭州远帆工具有限公司")])
    usage = x509.KeyUsage(True, True, False, False, False, False, False, False, False)
    certificate = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(7)
        .not_valid_before(until - timedelta(days=400)).not_valid_after(until).add_extension(usage, critical=True)
        .sign(key, SHA256())
    )  # fmt: skip
    protection = BestAvailableEncryption(password.encode())
    path.write_bytes(pkcs12.serialize_key_and_certificates(b"own", key, certificate, None, protection))
    return path


def with_key(tmp_path: Path, **other: object) -> Settings:
    """Settings that name a key of one's own."""
    options = {"home": tmp_path, "signer_p12": tmp_path / "own.p12", "signer_password": "secret", "production": True}
    return Settings(**{**options, **other})  # type: ignore[arg-type]


def test_own_key_seals_in_production_without_the_development_mark(tmp_path: Path) -> None:
    own_key(tmp_path / "own.p12", until=datetime.now(UTC) + timedelta(days=30))
    settings = with_key(tmp_path)
    product = press.produce("receipt", samples.receipt(), "zh", settings)
    assert product.certificate.startswith("杭州远帆工具有限公司 ")
    assert "开发环境印章" not in words_of(product.content, tmp_path)
    verdict = press.judge(product.content, settings)
    assert (verdict["sound"], verdict["development"]) == (True, False)


def test_expired_key_seals_nothing(tmp_path: Path) -> None:
    """The paper waits for a good key; never a final document under a bad one."""
    own_key(tmp_path / "own.p12", until=datetime.now(UTC) - timedelta(days=1))
    with pytest.raises(RuleBroken, match=r"documents\.key_expired"):
        press.produce("receipt", samples.receipt(), "zh", with_key(tmp_path))


def test_missing_key_or_wrong_password_seals_nothing(tmp_path: Path) -> None:
    with pytest.raises(RuleBroken, match=r"documents\.no_key"):
        keys.sealing_key(with_key(tmp_path))
    own_key(tmp_path / "own.p12", until=datetime.now(UTC) + timedelta(days=30))
    with pytest.raises(RuleBroken, match=r"documents\.no_key"):
        keys.sealing_key(with_key(tmp_path, signer_password="wrong"))


def test_development_key_named_by_setting_is_still_refused_in_production(tmp_path: Path) -> None:
    keys.make_development_key(tmp_path / "own.p12")
    with pytest.raises(RuleBroken, match=r"documents\.development_key"):
        keys.sealing_key(with_key(tmp_path, signer_password=""))
    assert keys.sealing_key(with_key(tmp_path, signer_password="", production=False)).development


def test_two_makers_at_once_keep_the_first_key(tmp_path: Path) -> None:
    path = keys.development_path(tmp_path)
    keys.make_development_key(path)
    first = path.read_bytes()
    keys.make_development_key(path)
    assert path.read_bytes() == first
    assert [file.name for file in path.parent.iterdir()] == ["development.p12"]
