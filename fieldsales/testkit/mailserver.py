"""A real SMTP server on the loopback, whose behaviour a test chooses."""

from __future__ import annotations

import socket
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller


class MailServer:
    """Takes mail at ``url`` and keeps it in ``mails``, in the order it came.

    ``refuse``: what the server says instead of taking the next mails (``"550 no such user"``), "" to take them.
    """

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.refuse = ""
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = int(probe.getsockname()[1])
        self.url = f"smtp://127.0.0.1:{port}?starttls=never"
        self._controller = Controller(self, hostname="127.0.0.1", port=port)

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        """Take a mail in, or say what the test wants said."""
        if self.refuse:
            return self.refuse
        mail = message_from_bytes(envelope.content, _class=EmailMessage, policy=policy.default)
        self.mails.append(mail)
        return "250 taken"

    def start(self) -> None:
        """Listen."""
        self._controller.start()

    def stop(self) -> None:
        """Listen no longer."""
        self._controller.stop()
