"""Time stamps by the authorities that plugins bring: the plugin words the request and reads the answer, we send it.

Whatever goes wrong on the way is an authority that does not answer: the next one is asked, and the paper waits.
"""

from __future__ import annotations

from typing import Any

from fieldsales.documents.press import Outside
from fieldsales.kernel.errors import N_, Stale
from fieldsales.plugin_api.manager import PluginFailed
from fieldsales.plugin_api.timestamps import Timestamper, stamp_post, token_bytes
from fieldsales.web import outward

HOOK = "timestampers"


def _no_time(why: str) -> Stale:
    return Stale("documents.no_time", N_("No time stamp could be had: %(why)s"), why=why[:200])


def fetcher(program: Any, authority: str) -> Outside | None:
    """How a stamp is had from an authority; None for an address, which the press asks itself."""
    if "://" in authority:
        return None

    def fetch(digest: bytes) -> bytes:
        settings, plugins = program.settings, program.plugins
        secrets, now = {"account": settings.tsa_account, "secret": settings.tsa_secret}, program.clock.now()
        try:
            request = plugins.ask(HOOK, authority, lambda one: stamp_post(one.request(digest, now, secrets), one))
            headers = {"Content-Type": request.content_type, **request.headers}
            reply = outward.post(request.url, request.body, headers, private=settings.remind_private, plain=True)
            if reply.status != 200:
                raise _no_time(f"{authority}: HTTP {reply.status}")
            token, why = plugins.ask(HOOK, authority, lambda one: _token(one, reply.body))
        except (PluginFailed, outward.NotAllowedOut, outward.Unreachable) as error:
            raise _no_time(f"{authority}: {error}") from error
        if not token:
            raise _no_time(f"{authority}: {why}")
        return bytes(token)

    return fetch


def _token(one: Timestamper, answer: bytes) -> tuple[bytes, str]:
    """(the token a plugin reads out of an answer, why there is none): a refusal is no fault of the plugin's."""
    try:
        return token_bytes(one.token(answer)), ""
    except ValueError as error:
        return b"", str(error)
