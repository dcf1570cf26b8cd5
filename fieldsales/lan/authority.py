"""A certificate authority for one house, and the server's certificate under it.

A phone is told to trust the authority once. What it may vouch for is bounded by its name constraints
(RFC 5280, 4.2.1.10): private addresses and ``.local`` names, so that a stolen key is worth nothing
against any site of the internet. The server's certificate lives 397 days at most (Apple refuses more
than 825) and is made anew when it nears its end or when the addresses change; the authority stays.
"""

from __future__ import annotations

import ipaddress
import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

AUTHORITY_DAYS = 1825
LEAF_DAYS = 397
RENEW_DAYS = 30
#: What the authority may vouch for (RFC 1918, 4193, 6598, loopback, link-local).
PRIVATE = ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "169.254.0.0/16", "127.0.0.0/8",
           "fc00::/7", "fe80::/10", "::1/128")
NAMES = ("local", "localhost")
Address = ipaddress.IPv4Address | ipaddress.IPv6Address


@dataclass(frozen=True, slots=True)
class Papers:
    """Where the certificates lie, and the authority's fingerprint (SHA-256, as phones show it)."""

    ca: Path
    certificate: Path
    key: Path
    fingerprint: str
    new_authority: bool


def papers(home: Path, hosts: Sequence[str], now: datetime | None = None) -> Papers:
    """The certificates for ``hosts`` (addresses and names), made or renewed where need be, in ``home/lan``."""
    now = (now or datetime.now(UTC)).replace(microsecond=0)
    folder = home / "lan"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    ca, ca_key, leaf, leaf_key = (folder / name for name in ("ca.crt", "ca.key", "server.crt", "server.key"))
    authority = _known(ca, ca_key)
    new = authority is None or not _vouches(authority[0], hosts, now)
    if new:
        authority = _make_authority(hosts, now)
        _write(ca_key, _pem(authority[1]))
        _write(ca, authority[0].public_bytes(Encoding.PEM))
    assert authority is not None
    known = _known(leaf, leaf_key)
    if new or known is None or not _serves(known[0], authority[0], hosts, now):
        certificate, key = _make_leaf(authority, hosts, now)
        _write(leaf_key, _pem(key))
        _write(leaf, certificate.public_bytes(Encoding.PEM) + authority[0].public_bytes(Encoding.PEM))
    digest = authority[0].fingerprint(SHA256()).hex().upper()
    return Papers(ca, leaf, leaf_key, ":".join(digest[n : n + 2] for n in range(0, len(digest), 2)), new)


Pair = tuple[x509.Certificate, ec.EllipticCurvePrivateKey]


def _known(certificate: Path, key: Path) -> Pair | None:
    try:
        found = x509.load_pem_x509_certificate(certificate.read_bytes())
        secret = load_pem_private_key(key.read_bytes(), None)
    except (OSError, ValueError):  # not there, or half written: made anew
        return None
    fits = isinstance(secret, ec.EllipticCurvePrivateKey) and secret.public_key() == found.public_key()
    return (found, secret) if fits and isinstance(secret, ec.EllipticCurvePrivateKey) else None


def _write(path: Path, content: bytes) -> None:
    """Whole or not at all, readable by the owner alone."""
    part = path.with_suffix(f".{os.getpid()}.part")
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)


def _pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _address(host: str) -> Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def _networks(hosts: Sequence[str]) -> list[ipaddress.IPv4Network | ipaddress.IPv6Network]:
    """The private networks, and any address of ours outside them."""
    networks = [ipaddress.ip_network(one) for one in PRIVATE]
    for host in hosts:
        address = _address(host)
        if address and not any(address in network for network in networks if network.version == address.version):
            networks.append(ipaddress.ip_network(address))
    return networks


def _vouches(ca: x509.Certificate, hosts: Sequence[str], now: datetime) -> bool:
    """Whether the authority still lives long enough and may vouch for all these hosts."""
    if ca.not_valid_after_utc < now + timedelta(days=RENEW_DAYS) or ca.not_valid_before_utc > now:
        return False
    allowed = ca.extensions.get_extension_for_class(x509.NameConstraints).value.permitted_subtrees or []
    known = [one.value for one in allowed if isinstance(one, x509.IPAddress)]
    return all(network in known for network in _networks(hosts))


def _serves(leaf: x509.Certificate, ca: x509.Certificate, hosts: Sequence[str], now: datetime) -> bool:
    if leaf.not_valid_after_utc < now + timedelta(days=RENEW_DAYS) or leaf.not_valid_before_utc > now:
        return False
    names = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    return list(names) == _alternatives(hosts) and leaf.issuer == ca.subject


def _alternatives(hosts: Sequence[str]) -> list[x509.GeneralName]:
    addresses = {host: _address(host) for host in hosts}
    return [x509.IPAddress(address) if address else x509.DNSName(host) for host, address in addresses.items()]


def _builder(name: str, issuer: str, now: datetime, days: int) -> x509.CertificateBuilder:
    # a phone's clock may be some hours behind
    return (
        x509.CertificateBuilder().subject_name(_name(name)).issuer_name(_name(issuer))
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=days))
    )


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.ORGANIZATION_NAME, "fieldsales"),
                      x509.NameAttribute(NameOID.COMMON_NAME, common)])


def _usage(*, ca: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not ca, content_commitment=False, key_encipherment=False, data_encipherment=False,
        key_agreement=False, key_cert_sign=ca, crl_sign=ca, encipher_only=False, decipher_only=False,
    )  # fmt: skip


def _make_authority(hosts: Sequence[str], now: datetime) -> Pair:
    key = ec.generate_private_key(ec.SECP256R1())
    # its own name each time: a phone that trusts an older one shall not take this one for it
    name = f"fieldsales LAN {now:%Y-%m-%d} {os.urandom(3).hex()}"
    permitted = [*(x509.DNSName(one) for one in NAMES), *(x509.IPAddress(one) for one in _networks(hosts))]
    constraints = x509.NameConstraints(permitted_subtrees=permitted, excluded_subtrees=None)
    certificate = (
        _builder(name, name, now, AUTHORITY_DAYS).public_key(key.public_key())
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(ca=True), critical=True).add_extension(constraints, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, SHA256())
    )
    return certificate, key


def _make_leaf(authority: Pair, hosts: Sequence[str], now: datetime) -> Pair:
    ca, ca_key = authority
    key = ec.generate_private_key(ec.SECP256R1())
    issuer = ca.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value
    certificate = (
        _builder("fieldsales", str(issuer), now, LEAF_DAYS).public_key(key.public_key())
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(ca=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectAlternativeName(_alternatives(hosts)), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(ca_key.public_key()), critical=False)
        .sign(ca_key, SHA256())
    )
    return certificate, key
