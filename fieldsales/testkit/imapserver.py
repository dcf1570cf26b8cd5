"""A real IMAP server on the loopback (pymap, in memory), for tests of plugins that read a mailbox."""

from __future__ import annotations

import contextlib
import imaplib
import socket
import subprocess
import sys
import time
from pathlib import Path

USER, PASSWORD = "ar", "open-sesame"


class ImapServer:
    """One mailbox at ``host`` and ``port``, empty at first, in a process of its own."""

    host = "127.0.0.1"

    def __init__(self) -> None:
        with socket.socket() as probe:
            probe.bind((self.host, 0))
            self.port = int(probe.getsockname()[1])
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def settings(self) -> dict[str, object]:
        """What a plugin is told to reach it."""
        return {"imap_host": self.host, "imap_port": self.port, "imap_security": "none", "imap_user": USER,
                "imap_password": PASSWORD, "imap_folder": "INBOX"}

    def start(self) -> None:
        """Listen."""
        command = [str(Path(sys.executable).with_name("pymap")), "--host", self.host, "--port", str(self.port),
                   "--no-tls", "dict", "--demo-data", "--demo-user", USER, "--demo-password", PASSWORD]
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        until = time.monotonic() + 15
        while True:
            try:
                socket.create_connection((self.host, self.port), 1).close()
                break
            except OSError:
                if time.monotonic() > until:
                    raise
                time.sleep(0.05)
        self.clear()

    def stop(self) -> None:
        """Listen no longer; what it held is gone."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def client(self) -> imaplib.IMAP4:
        """A connection that is logged in and has the inbox open."""
        client = imaplib.IMAP4(self.host, self.port, timeout=10)
        client.login(USER, PASSWORD)
        client.select("INBOX")
        return client

    def clear(self) -> None:
        """Empty the inbox."""
        client = self.client()
        client.store("1:*", "+FLAGS", "\\Deleted")
        client.expunge()
        client.logout()

    def put(self, *messages: bytes) -> None:
        """Put messages into the inbox, in this order."""
        client = self.client()
        for message in messages:
            client.append("INBOX", "", imaplib.Time2Internaldate(time.time()), message)
        with contextlib.suppress(imaplib.IMAP4.error):
            client.logout()

    def flags(self) -> list[str]:
        """The flags of every message, as the server says them."""
        client = self.client()
        _status, found = client.fetch("1:*", "(FLAGS)")
        client.logout()
        return [one.decode() for one in found if isinstance(one, bytes)]
