"""A time stamp authority and its certificate authority, on this machine: openssl answers, http carries."""

from __future__ import annotations

import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from asn1crypto import tsp
from asn1crypto import x509 as asn1_x509
from asn1crypto.keys import PrivateKeyInfo
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, pkcs12
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.sign.timestamps.dummy_client import DummyTimeStamper
from pyhanko_certvalidator.registry import SimpleCertificateStore

Key = ec.EllipticCurvePrivateKey
_CONFIG = """
[tsa]
default_tsa = it
[it]
serial = {folder}/serial
signer_cert = {folder}/tsa.pem
certs = {folder}/root.pem
signer_key = {folder}/tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
ess_cert_id_alg = sha256
"""


class Authority:
    """``mood``: fine, refused, silent, garbage, slow_clock (an hour behind). ``asked``: how often for the time."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.mood, self.asked = folder, "fine", 0
        self.ended = threading.Event()
        folder.mkdir(parents=True, exist_ok=True)
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        self.root_key, self.root = self._ca()
        key, leaf = self.issue("Test TSA", time_stamping=True)
        (folder / "root.pem").write_bytes(self.root.public_bytes(Encoding.PEM))
        (folder / "tsa.pem").write_bytes(leaf.public_bytes(Encoding.PEM))
        (folder / "tsa.key").write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        (folder / "serial").write_text("01")
        (folder / "tsa.cnf").write_text(_CONFIG.format(folder=folder))

    def _ca(self) -> tuple[Key, x509.Certificate]:
        key, name, now = ec.generate_private_key(ec.SECP256R1()), _name("Test root"), datetime.now(UTC)
        built = (
            x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
            .serial_number(x509.random_serial_number()).not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + timedelta(days=3650))
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(_usage(ca=True), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        )
        return key, built.sign(key, SHA256())

    def issue(self, common: str, *, time_stamping: bool = False, key: Any = None) -> tuple[Any, x509.Certificate]:
        """A key and a certificate under this root that names where its revocations are published."""
        key, now = key or ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
        published = x509.DistributionPoint([x509.UniformResourceIdentifier(self.url + "/crl")], None, None, None)
        above = x509.AuthorityKeyIdentifier.from_issuer_public_key(self.root_key.public_key())
        built = (
            x509.CertificateBuilder().subject_name(_name(common)).issuer_name(self.root.subject)
            .public_key(key.public_key()).serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=365))
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_usage(ca=False), critical=True)
            .add_extension(x509.CRLDistributionPoints([published]), critical=False)
            .add_extension(above, critical=False)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        )
        if time_stamping:
            built = built.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
        return key, built.sign(self.root_key, SHA256())

    def sealing_key(self) -> Path:
        """A PKCS#12 file to seal with, under this root. Its password is ``test``."""
        key, leaf = self.issue("海川五金 电子印章")
        path = self.folder / "seal.p12"
        secret = pkcs12.PBES.PBESv2SHA256AndAES256CBC
        protection = PrivateFormat.PKCS12.encryption_builder().key_cert_algorithm(secret).build(b"test")
        path.write_bytes(pkcs12.serialize_key_and_certificates(b"seal", key, leaf, [self.root], protection))
        return path

    def revocations(self) -> bytes:
        """The list of revoked certificates: empty, and new."""
        now = datetime.now(UTC)
        above = x509.AuthorityKeyIdentifier.from_issuer_public_key(self.root_key.public_key())
        built = (
            x509.CertificateRevocationListBuilder().issuer_name(self.root.subject).last_update(now - timedelta(hours=1))
            .next_update(now + timedelta(days=7)).add_extension(x509.CRLNumber(1), critical=False)
            .add_extension(above, critical=False)
        )
        return built.sign(self.root_key, SHA256()).public_bytes(Encoding.DER)

    def tell(self, query: bytes) -> bytes:
        """The answer to one query for the time, by openssl."""
        asked, told = self.folder / f"{time.monotonic_ns()}.tsq", self.folder / f"{time.monotonic_ns()}.tsr"
        asked.write_bytes(query)
        config = self.folder / "tsa.cnf"
        command = ["openssl", "ts", "-reply", "-config", config, "-queryfile", asked, "-out", told]
        subprocess.run(command, check=True, capture_output=True)
        return told.read_bytes()


    def tell_wrongly(self, query: bytes) -> bytes:
        """The same, well signed, an hour behind: openssl knows no other time than the machine's."""
        key, leaf = self.issue("Test TSA", time_stamping=True, key=rsa.generate_private_key(65537, 2048))
        secret = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
        above = [asn1_x509.Certificate.load(one.public_bytes(Encoding.DER)) for one in (leaf, self.root)]
        stamper = DummyTimeStamper(above[0], PrivateKeyInfo.load(secret), SimpleCertificateStore.from_certs(above),
                                   fixed_dt=datetime.now(UTC) - timedelta(hours=1))
        answer: bytes = stamper.request_tsa_response(tsp.TimeStampReq.load(query)).dump()
        return answer


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])


def _usage(*, ca: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not ca, content_commitment=not ca, key_encipherment=False, data_encipherment=False,
        key_agreement=False, key_cert_sign=ca, crl_sign=ca, encipher_only=False, decipher_only=False,
    )  # fmt: skip


def _handler(authority: Authority) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            authority.asked += 1
            query = self.rfile.read(int(self.headers["Content-Length"]))
            if authority.mood == "silent":
                authority.ended.wait(20)
                return
            if authority.mood == "refused":
                return self._answer(503, "text/plain", b"closed")
            tell = authority.tell_wrongly if authority.mood == "slow_clock" else authority.tell
            told = b"<html>portal</html>" if authority.mood == "garbage" else tell(query)
            return self._answer(200, "application/timestamp-reply", told)

        def do_GET(self) -> None:
            self._answer(200, "application/pkix-crl", authority.revocations())

        def _answer(self, status: int, mime: str, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", mime)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_arguments: object) -> None:
            """Say nothing."""

    return Handler


@contextmanager
def serving(folder: Path) -> Iterator[Authority]:
    """An authority that answers until the block ends."""
    authority = Authority(folder)
    thread = threading.Thread(target=authority.server.serve_forever, daemon=True)
    thread.start()
    try:
        yield authority
    finally:
        authority.ended.set()
        authority.server.shutdown()
        authority.server.server_close()
        thread.join()
