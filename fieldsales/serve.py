"""``up``: the web process and the worker beside it, started together and stopped together.

The parent imports the program once and forks: what was imported is not imported again, so the second
start is quick. It then only waits: a worker that dies is started again, a web process that dies ends
all, and SIGINT or SIGTERM stops both.
"""

from __future__ import annotations

import atexit
import ctypes
import errno
import os
import signal
import socket
import ssl
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Any

from gunicorn.app.base import BaseApplication

GRACE_S = 10.0
"""Seconds a process has to stop by itself before it is killed."""
HANDSHAKE_S = 5.0
"""Seconds a TLS connection has to introduce itself."""
RESTART_PAUSE_S = 2.0
"""Seconds before a worker that died is started again."""
STOPPING = (signal.SIGINT, signal.SIGTERM)
_DIE_WITH_PARENT = 1  # Linux: PR_SET_PDEATHSIG


class WebServer(BaseApplication):  # type: ignore[misc]  # gunicorn has no types
    """gunicorn around ``create_app``: one process of four threads, which is what SQLite's one writer can use."""

    def __init__(
        self, make_app: Callable[[], Any], hosts: Sequence[str], port: int, ready: Callable[[], None],
        tls: tuple[Path, Path] | None = None,
    ) -> None:  # fmt: skip
        """``tls``: certificate chain and key (PEM); without it plain HTTP is served."""
        self._make_app = make_app
        self._options: dict[str, Any] = {
            "bind": [f"[{host}]:{port}" if ":" in host else f"{host}:{port}" for host in hosts],
            "worker_class": "gthread",
            "workers": 1,
            "threads": 4,
            "timeout": 120,
            "graceful_timeout": int(GRACE_S) - 2,
            "loglevel": "warning",
            "control_socket_disable": True,
            "post_worker_init": lambda _worker: ready(),
        }
        if tls:
            certificate, key = (str(path) for path in tls)
            self._options |= {"certfile": certificate, "keyfile": key,
                              "ssl_context": lambda _conf, _usual: tls_context(certificate, key)}
        super().__init__()

    def load_config(self) -> None:
        """Set gunicorn's own settings; it reads no file and no command line here."""
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        """Return the WSGI application."""
        return self._make_app()


class _Patient(ssl.SSLContext):
    """A context whose handshake ends: four silent connections must not hold all four threads."""

    def wrap_socket(self, sock: socket.socket, *arguments: Any, **options: Any) -> ssl.SSLSocket:
        sock.settimeout(HANDSHAKE_S)
        wrapped = super().wrap_socket(sock, *arguments, **options)
        try:
            wrapped.do_handshake()  # gunicorn would do it later, and without a limit
        except BaseException:
            wrapped.close()
            raise
        wrapped.settimeout(None)
        return wrapped


def tls_context(certificate: str, key: str) -> ssl.SSLContext:
    """What ``up --lan`` serves by: TLS 1.2 or later."""
    context = _Patient(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_cert_chain(certificate, key)
    return context


def run_apart(work: Callable[[], int]) -> int:
    """Run ``work`` in a process of its own and return its exit code: what it opened does not outlive it."""
    _child, status = os.waitpid(fork(work), 0)
    return os.waitstatus_to_exitcode(status)


def why_not_free(host: str, port: int) -> str | None:
    """Return None when the address can be served, "used" when another program has it, else the system's reason."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as refused:
            return "used" if refused.errno == errno.EADDRINUSE else str(refused.strerror or refused)
    return None


def _die_with_parent() -> None:
    """Let the kernel stop this process when its parent is killed (Linux; elsewhere nothing happens)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGTERM)


def fork(work: Callable[[], int]) -> int:
    """Run ``work`` in a process of its own and return its id; the process ends with the code ``work`` returns."""
    sys.stdout.flush()
    sys.stderr.flush()
    # No signal may reach the child while it still has its parent's handlers.
    signal.pthread_sigmask(signal.SIG_BLOCK, STOPPING)
    child = os.fork()
    if child:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, STOPPING)
        return child
    code = 1
    try:
        _die_with_parent()
        atexit._clear()  # what the parent must close at its end is not ours
        signal.signal(signal.SIGINT, signal.default_int_handler)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, STOPPING)
        code = work()
    except KeyboardInterrupt:
        code = 0
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    except BaseException:
        sys.excepthook(*sys.exc_info())
    finally:
        atexit._run_exitfuncs()  # os._exit would leave what the process opened, such as the press
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


@dataclass
class Together:
    """Processes that live and die together. ``lasting`` ones end all when they end; the others are restarted."""

    lasting: dict[str, Callable[[], int]]
    restarted: dict[str, Callable[[], int]]
    _running: dict[int, str] = field(default_factory=dict)
    _stopping: bool = False

    def run(self) -> int:
        """Start all, wait, stop all; return the exit code of the first lasting process that ended by itself."""
        before = {number: signal.signal(number, self._stop) for number in STOPPING}
        try:
            for name in (*self.restarted, *self.lasting):
                self._start(name)
            code = self._wait()
            self._end_all()
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
        return code

    def _start(self, name: str) -> None:
        self._running[fork(self.lasting.get(name) or self.restarted[name])] = name

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        self._stopping = True
        self._tell(signal.SIGTERM)

    def _tell(self, number: int) -> None:
        for child in list(self._running):
            try:
                os.kill(child, number)
            except ProcessLookupError:
                continue

    def _wait(self) -> int:
        while self._running and not self._stopping:
            child, status = os.waitpid(-1, os.WNOHANG)
            if not child:
                time.sleep(0.1)
                continue
            name = self._running.pop(child)
            if name in self.lasting:
                return os.waitstatus_to_exitcode(status)
            time.sleep(RESTART_PAUSE_S)
            if not self._stopping:
                self._start(name)
        return 0

    def _end_all(self) -> None:
        self._tell(signal.SIGTERM)
        deadline = time.monotonic() + GRACE_S
        while self._running:
            try:
                child, _status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            self._running.pop(child, None)
            if not child:
                if time.monotonic() > deadline:
                    self._tell(signal.SIGKILL)
                time.sleep(0.05)
