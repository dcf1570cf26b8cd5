"""``up --lan`` as a phone meets it: the page with the certificate, then HTTPS."""

from __future__ import annotations

import hashlib
import http.cookies
import re
import socket
import ssl
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image

from fieldsales.lan.addresses import code, lan_addresses, local_name, side_by_side
from fieldsales.lan.page import MIME, Trust
from tests.lan.conftest import Lan, free_port, start

pytestmark = pytest.mark.slow


def plain(lan: Lan, path: str, **headers: str) -> tuple[dict[str, str], bytes]:
    """What the plain page answers."""
    asked = urllib.request.Request(f"http://127.0.0.1:{lan.port + 1}{path}", headers=headers)
    with urllib.request.urlopen(asked, timeout=10) as answer:
        return dict(answer.headers), answer.read()


def test_phone_fetches_the_certificate_then_trusts_the_server(lan: Lan) -> None:
    headers, page = plain(lan, "/")
    assert "让手机信任这台电脑" in page.decode()
    assert "Let this phone trust" in plain(lan, "/", **{"Accept-Language": "en-GB"})[1].decode()
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    headers, certificate = plain(lan, "/lan-ca.crt")
    assert headers["Content-Type"] == MIME
    assert certificate == lan.ca.read_bytes()
    digest = hashlib.sha256(ssl.PEM_cert_to_DER_cert(certificate.decode())).hexdigest().upper()
    shown = ":".join(digest[n : n + 2] for n in range(0, 64, 2))
    assert shown in page.decode()
    assert shown in lan.said.read_text(encoding="utf-8")
    assert plain(lan, "/lan.css")[0]["Content-Type"].startswith("text/css")
    status, _headers, body = lan.get("/login")
    assert status == 200
    assert "登录" in body.decode()


@pytest.mark.parametrize("path", ["/login", "/app", "/../setup.cfg", "/lan/ca.key", "/static/css/app.css"])
def test_plain_page_gives_nothing_else(lan: Lan, path: str) -> None:
    with pytest.raises(urllib.error.HTTPError, match="404"):
        plain(lan, path)


def test_page_leads_to_no_address_but_ours(lan: Lan) -> None:
    page = plain(lan, "/", Host=f"evil.example:{lan.port + 1}")[1].decode()
    assert "evil.example" not in page
    assert f'href="https://127.0.0.1:{lan.port}/"' in page
    trust = Trust(lan.ca, "", ["127.0.0.1"], ["127.0.0.1", "pc.local"], 8443)
    assert trust.target("pc.local:8444") == "https://pc.local:8443/"


def test_host_that_is_not_ours_is_refused(lan: Lan) -> None:
    assert lan.get("/login", Host="evil.example")[0] == 400
    assert lan.get("/login", Host=f"localhost:{lan.port}")[0] == 200


def test_cookie_is_for_https_alone_and_hsts_is_not_said(lan: Lan) -> None:
    status, headers, _body = lan.get("/customers")
    assert status == 302
    assert headers["Location"].startswith("/login"), "a redirect that names no scheme and no host"
    assert "Strict-Transport-Security" not in headers
    password = re.findall(r"登录名 admin，密码 (\w+)", lan.said.read_text(encoding="utf-8"))
    asked = urllib.request.Request(lan.url + "/login", data=f"login=admin&password={password[0]}".encode())
    stay = urllib.request.build_opener(urllib.request.HTTPSHandler(context=lan.context()), _NoRedirect())
    with pytest.raises(urllib.error.HTTPError) as answer:
        stay.open(asked, timeout=20)
    assert answer.value.code == 302
    cookie = http.cookies.SimpleCookie(answer.value.headers["Set-Cookie"])["session"]
    assert cookie["secure"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_arguments: object) -> None:
        return None


def test_silent_connections_do_not_hold_the_server(lan: Lan) -> None:
    lines = [socket.create_connection(("127.0.0.1", lan.port)) for _ in range(6)]
    for line in lines:
        line.sendall(b"\x16\x03\x01")  # the beginning of a handshake, and then nothing
    began = time.monotonic()
    assert lan.get("/login")[0] == 200
    assert time.monotonic() - began < 15
    for line in lines:
        line.close()


def test_code_in_the_terminal_reads_as_the_address(lan: Lan) -> None:
    said = lan.said.read_text(encoding="utf-8").split("\n")
    drawn = [row for row in said if row.startswith(("█", "▀"))]
    # a code's own light squares may be a gap, too: the halves stand apart by a column of blanks in every line
    width = max(map(len, drawn))
    blank = [all(row.ljust(width)[at] == " " for row in drawn) for at in range(width)]
    gap = blank.index(True)
    right = blank.index(False, gap)
    rows = [(row.ljust(width)[:gap], row.ljust(width)[right:]) for row in drawn]
    halves = {"█": (255, 255), "▀": (255, 0), "▄": (0, 255), " ": (0, 0)}
    read = []
    for which in (0, 1):
        lines = [row[which] for row in rows]
        dots = [halves[sign][half] for line in lines for half in (0, 1) for sign in line]
        picture = Image.new("L", (len(lines[0]), 2 * len(lines)))
        picture.putdata(dots)
        big = picture.resize((picture.width * 8, picture.height * 8), Image.Resampling.NEAREST)
        read += [found.text for found in zxingcpp.read_barcodes(big)]
    assert read == [f"http://127.0.0.1:{lan.port + 1}/", f"https://127.0.0.1:{lan.port}/"]


def test_code_of_a_long_address_fits_a_terminal_of_80_columns() -> None:
    drawn = side_by_side([("① 首次：让手机信任证书", "http://192.168.100.200:8444/"), ("② 打开", "https://192.168.100.200:8443/")])
    assert max(map(len, drawn.split("\n"))) <= 80
    assert int(code("https://192.168.100.200:8443/").version) <= 3


def test_addresses_are_of_the_house_and_none_twice() -> None:
    found = lan_addresses()
    assert len(found) == len(set(found))
    assert not [one for one in found if one.startswith(("127.", "169.254."))]
    assert local_name().endswith(".local")
    assert local_name().isascii()


def test_second_start_is_quick_and_keeps_the_certificate(tmp_path: Path) -> None:
    first = start(tmp_path / "home", free_port(), tmp_path / "one.txt")
    certificate = first.ca.read_bytes()
    assert first.stop() == 0
    began = time.monotonic()
    second = start(tmp_path / "home", free_port(), tmp_path / "two.txt")
    spent = time.monotonic() - began
    assert second.ca.read_bytes() == certificate
    assert "证书是新做的" not in second.said.read_text(encoding="utf-8")
    assert second.stop() == 0
    print(f"second start: {spent:.1f} s")
    assert spent < 15  # 5 s on a machine that does nothing else; ten times over it is broken


@pytest.mark.parametrize(("url", "said"), [
    ("https://sales.example.com", True), ("https://192.168.1.5:8443", False), ("https://office.local", False),
])  # fmt: skip
def test_hsts_is_said_of_names_of_the_internet_only(url: str, said: bool, make_app: object, main_url: str) -> None:
    app = make_app(main_url, production=True, public_url=url)  # type: ignore[operator]
    answer = app.test_client().get("/login", base_url=url)
    assert ("Strict-Transport-Security" in answer.headers) == said
