"""The authority and what it vouches for, judged by OpenSSL in real handshakes."""

from __future__ import annotations

import socket
import ssl
import stat
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from fieldsales.lan import authority
from fieldsales.lan.authority import papers
from fieldsales.serve import tls_context

HOSTS = ["192.168.3.7", "office-pc.local", "localhost", "127.0.0.1"]


def shake_hands(certificate: Path, key: Path, ca: Path, name: str) -> str:
    """The TLS version agreed on with a server of that certificate, asked for by ``name``; raises what TLS raises."""
    ours, theirs = socket.socketpair()
    server = tls_context(str(certificate), str(key))

    def answer() -> None:
        try:
            server.wrap_socket(ours, server_side=True).close()
        except OSError:  # the other side did not like us
            ours.close()

    thread = threading.Thread(target=answer)
    thread.start()
    try:
        with ssl.create_default_context(cafile=str(ca)).wrap_socket(theirs, server_hostname=name) as line:
            return str(line.version())
    finally:
        theirs.close()
        thread.join(10)


def leaf_of(found: authority.Papers) -> x509.Certificate:
    return x509.load_pem_x509_certificate(found.certificate.read_bytes())


@pytest.mark.parametrize("name", HOSTS)
def test_every_address_of_ours_is_believed(tmp_path: Path, name: str) -> None:
    found = papers(tmp_path, HOSTS)
    assert shake_hands(found.certificate, found.key, found.ca, name) == "TLSv1.3"


@pytest.mark.parametrize("name", ["192.168.3.8", "other.local", "example.com"])
def test_another_address_is_not(tmp_path: Path, name: str) -> None:
    found = papers(tmp_path, HOSTS)
    with pytest.raises(ssl.SSLCertVerificationError, match=r"mismatch|doesn't match"):
        shake_hands(found.certificate, found.key, found.ca, name)


def test_a_phone_that_does_not_trust_us_refuses(tmp_path: Path) -> None:
    found, other = papers(tmp_path / "a", HOSTS), papers(tmp_path / "b", HOSTS)
    with pytest.raises(ssl.SSLCertVerificationError):
        shake_hands(found.certificate, found.key, other.ca, "localhost")


@pytest.mark.parametrize("name", ["bank.example.com", "8.8.8.8"])
def test_stolen_authority_is_worth_nothing_on_the_internet(tmp_path: Path, name: str) -> None:
    found = papers(tmp_path, HOSTS)
    ca = x509.load_pem_x509_certificate(found.ca.read_bytes())
    key = load_pem_private_key((tmp_path / "lan" / "ca.key").read_bytes(), None)
    forged, forged_key = authority._make_leaf((ca, key), [name], datetime.now(UTC))  # type: ignore[arg-type]
    authority._write(found.key, authority._pem(forged_key))
    authority._write(found.certificate, forged.public_bytes(authority.Encoding.PEM))
    with pytest.raises(ssl.SSLCertVerificationError, match="permitted subtree violation"):
        shake_hands(found.certificate, found.key, found.ca, name)


def test_keys_are_the_owners_alone_and_phones_rules_are_kept(tmp_path: Path) -> None:
    found = papers(tmp_path, HOSTS)
    assert stat.S_IMODE((tmp_path / "lan").stat().st_mode) == 0o700
    for path in (tmp_path / "lan").iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600, path.name
    leaf = leaf_of(found)
    assert leaf.not_valid_after_utc - leaf.not_valid_before_utc <= timedelta(days=825)
    ca = x509.load_pem_x509_certificate(found.ca.read_bytes())
    assert ca.extensions.get_extension_for_class(x509.NameConstraints).critical
    assert found.fingerprint.replace(":", "").lower() == ca.fingerprint(authority.SHA256()).hex()


def test_start_again_changes_nothing_and_a_new_address_only_the_leaf(tmp_path: Path) -> None:
    first = papers(tmp_path, HOSTS)
    assert first.new_authority
    kept = {path.name: path.read_bytes() for path in (tmp_path / "lan").iterdir()}
    again = papers(tmp_path, HOSTS)
    assert not again.new_authority
    assert {path.name: path.read_bytes() for path in (tmp_path / "lan").iterdir()} == kept
    moved = papers(tmp_path, ["10.1.2.3", *HOSTS[1:]])
    assert not moved.new_authority
    assert moved.ca.read_bytes() == kept["ca.crt"]
    assert moved.certificate.read_bytes() != kept["server.crt"]
    assert shake_hands(moved.certificate, moved.key, moved.ca, "10.1.2.3")


def test_renewed_before_it_ends_and_the_authority_too(tmp_path: Path) -> None:
    first = papers(tmp_path, HOSTS)
    ca = first.ca.read_bytes()
    later = datetime.now(UTC) + timedelta(days=380)
    assert not papers(tmp_path, HOSTS, later).new_authority
    assert leaf_of(first).not_valid_after_utc > later + timedelta(days=300)
    assert first.ca.read_bytes() == ca
    assert papers(tmp_path, HOSTS, datetime.now(UTC) + timedelta(days=1810)).new_authority


def test_half_written_files_are_made_anew(tmp_path: Path) -> None:
    papers(tmp_path, HOSTS)
    (tmp_path / "lan" / "ca.key").write_bytes(b"-----BEGIN")
    found = papers(tmp_path, HOSTS)
    assert found.new_authority
    assert shake_hands(found.certificate, found.key, found.ca, "localhost")


def test_address_outside_the_private_networks_is_vouched_for_by_name(tmp_path: Path) -> None:
    papers(tmp_path, HOSTS)
    found = papers(tmp_path, ["192.0.2.2"])
    assert found.new_authority, "the old authority may not vouch for it"
    assert shake_hands(found.certificate, found.key, found.ca, "192.0.2.2")
