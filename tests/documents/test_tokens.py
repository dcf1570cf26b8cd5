"""A sealing key on a token (PKCS#11, SoftHSM): it seals, papers wait while it is away, another may follow it."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from flask import Flask

from fieldsales import worker
from fieldsales.documents import press
from fieldsales.kernel.clock import FixedClock
from fieldsales.kernel.operation import SYSTEM
from fieldsales.store.base import table_of
from fieldsales.store.models import OutboxRow
from fieldsales.web.here import Program
from tests.documents import make_clause_cases as made
from tests.documents import samples
from tests.documents.authority import Authority, serving
from tests.documents.test_service import PAPER, an_order, row_of

LIBRARY = Path("/usr/lib/softhsm/libsofthsm2.so")
pytestmark = pytest.mark.skipif(
    not LIBRARY.is_file() or shutil.which("softhsm2-util") is None,
    reason="SoftHSM is not on this machine (apt-get install softhsm2)")


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Authority]:
    """Whoever gives out certificates; nobody is asked for the time here."""
    with serving(tmp_path_factory.mktemp("authority")) as running:
        yield running


@pytest.fixture
def token(authority: Authority, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A token with a key and its certificate; yields the folder it lies in. The press is started anew for it."""
    folder = tmp_path / "tokens"
    folder.mkdir()
    (tmp_path / "softhsm2.conf").write_text(f"directories.tokendir = {folder}\nlog.level = ERROR\n")
    monkeypatch.setenv("SOFTHSM2_CONF", str(tmp_path / "softhsm2.conf"))
    _softhsm("--init-token", "--free", "--label", "house", "--so-pin", "0000", "--pin", "1234")
    key, leaf = authority.issue("海川五金 电子印章（加密机）")
    (tmp_path / "key.pem").write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    _softhsm("--import", str(tmp_path / "key.pem"), "--token", "house", "--pin", "1234", "--label", "seal", "--id",
             "01")
    _put_certificate(leaf.public_bytes(Encoding.DER))
    _new_press()
    yield folder
    _new_press()


def _softhsm(*arguments: str) -> None:
    subprocess.run(["softhsm2-util", *arguments], check=True, capture_output=True)


def _put_certificate(der: bytes) -> None:
    """In a process of its own: the library reads its configuration once."""
    script = (
        "import sys, pkcs11\nfrom pkcs11.util.x509 import decode_x509_certificate\n"
        "der = sys.stdin.buffer.read()\n"
        "token = pkcs11.lib(sys.argv[1]).get_token(token_label='house')\n"
        "with token.open(user_pin='1234', rw=True) as session:\n"
        "    session.create_object({**decode_x509_certificate(der), pkcs11.Attribute.TOKEN: True,\n"
        "                           pkcs11.Attribute.LABEL: 'seal', pkcs11.Attribute.ID: b'\\x01'})\n")
    subprocess.run([sys.executable, "-c", script, LIBRARY], input=der, check=True, capture_output=True)


def _new_press() -> None:
    press.shared().close()
    press.shared.cache_clear()


def test_token_seals_is_waited_for_and_is_followed_by_another_key(
        token: Path, authority: Authority, make_app: Callable[..., Flask], main_url: str, clock: FixedClock) -> None:
    """Through the running program: sealed by the token; while it is away papers wait, however long; old papers stay."""
    options: dict[str, Any] = {"signer_pkcs11": LIBRARY, "signer_token": "house", "signer_label": "seal",
                               "signer_password": "1234", "signer_chain": authority.folder / "root.pem",
                               "production": True}
    program: Program = make_app(main_url, **options).extensions["fieldsales"]
    program.dispatcher.perform(SYSTEM, "documents.order_paper", an_order(samples.receipt()))
    worker.run_once(program)
    row = row_of(program)
    assert (row["state"], row["certificate"][:13]) == ("sealed", "海川五金 电子印章（加密机")
    first = program.parts["blobs"].read(row["sha256"])
    assert press.judge(first, program.settings)["problems"] == []

    token.rename(token.with_name("away"))
    token.mkdir()
    _new_press()
    second = made.paper_id(777)
    order = an_order(samples.receipt(62), document_id=second)
    program.dispatcher.perform(SYSTEM, "documents.order_paper", order)
    for _ in range(14):
        worker.run_once(program)
        clock.at += timedelta(hours=1)
    rows = table_of(OutboxRow)
    with program.store.reading() as connection:
        waiting = connection.execute(rows.select().where(rows.c.done_at.is_(None))).one()
    assert row_of(program, second)["state"] == "sealing_pending"
    assert waiting.attempts > 12
    assert waiting.failed_at is None
    # the paper it has sealed is still ours: its certificate was kept
    assert press.judge(first, program.settings)["problems"] == []

    program.settings.__dict__.update(signer_pkcs11=None, signer_p12=authority.sealing_key(), signer_password="test")
    worker.run_once(program)
    assert row_of(program, second)["certificate"].startswith("海川五金 电子印章 ")
    newer = program.parts["blobs"].read(row_of(program, second)["sha256"])
    assert [press.judge(one, program.settings)["problems"] for one in (first, newer)] == [[], []]
    assert row_of(program, PAPER)["sha256"] == row["sha256"]


def test_wrong_pin_seals_nothing(token: Path, authority: Authority, make_app: Callable[..., Flask], main_url: str
                                 ) -> None:
    program: Program = make_app(
        main_url, signer_pkcs11=LIBRARY, signer_token="house", signer_label="seal", signer_password="4321",
        production=True).extensions["fieldsales"]
    program.dispatcher.perform(SYSTEM, "documents.order_paper", an_order(samples.receipt()))
    worker.run_once(program)
    assert row_of(program)["state"] == "sealing_pending"
