"""A real browser over HTTPS: what needs a secure origin is there once the certificate is trusted."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from playwright.sync_api import Browser, Page
from playwright.sync_api import Error as PageError

from tests.chromium import ARGS, CHROMIUM
from tests.lan.conftest import Lan

pytestmark = pytest.mark.slow


def trusting(chromium: Browser, lan: Lan, *more: str) -> Browser:
    """A browser that trusts the key of our certificate (its stand-in for a phone's settings), and no other."""
    leaf = x509.load_pem_x509_certificate((lan.home / "lan" / "server.crt").read_bytes())
    spki = leaf.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    pin = base64.b64encode(hashlib.sha256(spki).digest()).decode()
    arguments = [*ARGS, f"--ignore-certificate-errors-spki-list={pin}", *more]
    return chromium.browser_type.launch(executable_path=CHROMIUM, args=arguments)


@pytest.fixture
def phone(chromium: Browser, lan: Lan) -> Iterator[Page]:
    """The field app's sign-in over HTTPS."""
    with trusting(chromium, lan) as browser:
        page = browser.new_page(base_url=lan.url, viewport={"width": 390, "height": 844}, locale="zh-CN")
        page.goto("/login")
        yield page


def test_app_has_its_worker_its_keys_and_its_place_over_https(phone: Page, lan: Lan) -> None:
    assert phone.evaluate("isSecureContext")
    assert phone.evaluate("Boolean(crypto.subtle && navigator.geolocation && navigator.serviceWorker)")
    made = """async () => {
        const pair = await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, false, ["sign", "verify"]);
        return pair.privateKey.extractable === false }"""
    assert phone.evaluate(made)
    phone.evaluate("navigator.serviceWorker.register('/sw.js').then(() => true)")
    assert phone.evaluate("navigator.serviceWorker.ready.then((one) => one.active.scriptURL)") == lan.url + "/sw.js"


def test_browser_that_was_not_told_refuses(chromium: Browser, lan: Lan) -> None:
    page = chromium.new_page()
    with pytest.raises(PageError, match="ERR_CERT_AUTHORITY_INVALID"):
        page.goto(lan.url + "/login")
    page.close()
