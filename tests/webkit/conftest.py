"""WebKitGTK on a screen that is not there, and a server that can be gone for a while."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import urllib3
from selenium import webdriver
from selenium.common.exceptions import JavascriptException, WebDriverException
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.client_config import ClientConfig
from selenium.webdriver.remote.webdriver import WebDriver
from selenium.webdriver.webkitgtk.options import Options
from werkzeug.serving import make_server

from fieldsales.app import create_app
from fieldsales.config import Settings
from fieldsales.machine.system import mini_browser
from tests.browser.conftest import Server
from tests.lan.conftest import free_port


class Away(Server):
    """A server one can walk away from: WebKit's driver knows no offline switch, so the house itself goes dark."""

    _listening: Any = None
    _thread: threading.Thread | None = None

    def appear(self) -> None:
        """Serve, on the same port every time."""
        port = int(self.url.rpartition(":")[2] or 0) if self.url else 0
        self._listening = make_server("127.0.0.1", port, self.app, threaded=True)
        self.url = f"http://127.0.0.1:{self._listening.server_port}"
        self._thread = threading.Thread(target=self._listening.serve_forever, daemon=True)
        self._thread.start()

    def vanish(self) -> None:
        """Answer nobody: connections are refused."""
        self._listening.shutdown()
        self._listening.server_close()
        assert self._thread is not None
        self._thread.join()


@pytest.fixture
def house(sqlite_template: Path, tmp_path: Path) -> Iterator[Away]:
    """The program with the cast in it."""
    shutil.copy(sqlite_template, tmp_path / "served.db")
    settings = Settings(home=tmp_path / "home", database_url=f"sqlite:///{tmp_path / 'served.db'}", secret_key="test")
    app = create_app(settings)
    found = Away("", app.extensions["fieldsales"].store, app)
    found.appear()
    yield found
    found.vanish()
    found.store.engine.dispose()


@pytest.fixture
def screen() -> Iterator[str]:
    """An X server of the tests' own; the name of its display."""
    if not shutil.which("Xvfb"):
        pytest.skip("no Xvfb on this machine")
    reading, writing = os.pipe()
    command = ["Xvfb", "-displayfd", str(writing), "-screen", "0", "900x1000x24", "-nolisten", "tcp"]
    server = subprocess.Popen(command, pass_fds=(writing,), stderr=subprocess.DEVNULL)
    os.close(writing)
    name = os.read(reading, 20).decode().strip()
    os.close(reading)
    yield f":{name}"
    server.terminate()
    server.wait(10)


def driven_by(driver: str, browser: Path) -> tuple[subprocess.Popen[bytes], WebDriver]:
    """A driver of our own and the browser it drives. A first start that hangs (it happens) is ended and tried again."""
    options = Options()
    options.binary_location = str(browser)
    options.add_argument("--automation")
    last: Exception | None = None
    for _ in range(3):
        port = free_port()
        process = subprocess.Popen([driver, f"--port={port}"], start_new_session=True, stderr=subprocess.DEVNULL)
        address = f"http://127.0.0.1:{port}"
        config = ClientConfig(remote_server_addr=address, timeout=40)
        try:
            while process.poll() is None:
                with socket.socket() as probe:
                    if not probe.connect_ex(("127.0.0.1", port)):
                        break
                time.sleep(0.05)
            return process, webdriver.Remote(address, options=options, client_config=config)
        except (urllib3.exceptions.HTTPError, WebDriverException) as error:
            last = error
            os.killpg(process.pid, signal.SIGKILL)
            process.wait(10)
    raise AssertionError("WebKitGTK did not start") from last


@pytest.fixture
def webkit(screen: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[WebDriver]:
    """WebKitGTK's own browser, driven by its own driver, with a home of its own."""
    browser, driver = mini_browser(), shutil.which("WebKitWebDriver")
    if browser is None or driver is None:
        pytest.skip("no WebKitGTK on this machine")
    monkeypatch.setenv("DISPLAY", screen)
    for name in ("XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME"):
        monkeypatch.setenv(name, str(tmp_path / name.lower()))
    process, driven = driven_by(driver, browser)
    driven.set_window_size(430, 900)
    driven.set_script_timeout(30)
    yield driven
    with suppress(urllib3.exceptions.HTTPError, WebDriverException):
        driven.quit()
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait(10)


def until(webkit: WebDriver, script: str, seconds: float = 20, *arguments: Any) -> Any:
    """Poll until the script (a function's body) gives something true."""
    end, last = time.monotonic() + seconds, ""
    while time.monotonic() < end:
        try:
            if found := webkit.execute_script(script, *arguments):
                return found
        except (JavascriptException, WebDriverException) as error:  # the page was loaded again meanwhile
            last = str(error)
        time.sleep(0.1)
    shown = webkit.find_element(By.TAG_NAME, "body").text[-800:]
    raise AssertionError(f"never came true: {script} {last}\n{shown}")


def says(webkit: WebDriver, words: str, seconds: float = 20) -> None:
    """Wait until these words are to be read on the page."""
    until(webkit, "return document.body.innerText.includes(arguments[0])", seconds, words)


def tap(webkit: WebDriver, words: str) -> None:
    """Tap the button or link with these words, once it is there and may be tapped."""
    found = until(webkit, """return [...document.querySelectorAll("button, a, [role=button]")].reverse().find((one) =>
        one.checkVisibility() && !one.disabled &&
        ((one.innerText || "").includes(arguments[0]) || (one.ariaLabel || "").includes(arguments[0])))""", 20, words)
    webkit.execute_script("arguments[0].scrollIntoView({ block: 'center' })", found)
    found.click()


def type_into(webkit: WebDriver, selector: str, text: str) -> None:
    """Type into a field, key by key."""
    field = until(webkit, "return document.querySelector(arguments[0])", 20, selector)
    webkit.execute_script("arguments[0].scrollIntoView({ block: 'center' })", field)
    field.send_keys(text)


def kernel(webkit: WebDriver, script: str) -> Any:
    """Run a script with the phone's kernel at hand; what it returns. The policy of the page stays on."""
    return webkit.execute_async_script("""const [script, done] = arguments; Promise.all(
        ["outbox", "docs", "sync", "door", "router"].map((name) => import(`/static/js/kernel/${name}.js`)))
        .then(([outbox, docs, sync, door, router]) => KERNEL(outbox, docs, sync, door, router))
        .then((found) => done({ found }), (error) => done({ error: String(error) }))""".replace(
        "KERNEL", f"((outbox, docs, sync, door, router) => {{ {script} }})"), script)["found"]
