"""The press: warm processes that make, seal and judge papers, kept out of the web process.

``make(kind, data, lang)`` is what most callers want. A piece of work that takes too long is ended with
its process; the next one gets a new process.
"""

from __future__ import annotations

import atexit
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from queue import Empty, LifoQueue
from typing import Any, BinaryIO, cast

from fieldsales.config import Settings
from fieldsales.documents import keys, papers
from fieldsales.documents.frames import read_frame, write_frame
from fieldsales.documents.keys import known_key, sealing_key
from fieldsales.documents.styles import worn
from fieldsales.kernel import errors
from fieldsales.kernel.errors import Stale, TradeError

_KINDS: dict[str, type[TradeError]] = {
    kind.kind: kind
    for kind in (errors.NotAllowed, errors.NotFound, errors.Invalid, errors.RuleBroken, errors.Stale)
}  # fmt: skip
#: After so many pieces of work a process is replaced: whatever leaks, leaks no further.
LIFETIME = 400


Outside = Callable[[bytes], bytes]
"""A time stamp (RFC 3161 token, DER) over a SHA-256. Raises Stale."""


class PressFault(Exception):
    """The press failed, was too slow, or died; the work may be tried again."""


@dataclass(frozen=True, slots=True)
class Product:
    """A sealed paper: its bytes, and what must be recorded of them."""

    content: bytes
    unsealed_sha256: str
    level: str
    certificate: str


class _Process:
    """One warm process."""

    def __init__(self) -> None:
        environment = {**os.environ, "PYTHONHASHSEED": "0"}
        self.child = subprocess.Popen(
            [sys.executable, "-m", "fieldsales.documents.pressroom"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            env=environment,
        )  # fmt: skip
        self.done = 0

    def ask(self, head: dict[str, Any], blobs: list[bytes], seconds: float, outside: Outside | None = None
            ) -> tuple[dict[str, Any], list[bytes]]:
        watch = threading.Timer(seconds, self.child.kill)
        watch.start()
        try:
            write_frame(cast(BinaryIO, self.child.stdin), head, blobs)
            self.done += 1
            reply, contents = read_frame(cast(BinaryIO, self.child.stdout))
            while "wants" in reply:
                write_frame(cast(BinaryIO, self.child.stdin), *_fetched(outside, contents[0]))
                reply, contents = read_frame(cast(BinaryIO, self.child.stdout))
            return reply, contents
        except (EOFError, BrokenPipeError, ValueError) as error:
            self.close()
            raise PressFault("the press died or took too long") from error
        finally:
            watch.cancel()

    def close(self) -> None:
        for pipe in (self.child.stdin, self.child.stdout):
            if pipe is not None:
                try:
                    pipe.close()
                except BrokenPipeError:
                    continue
        self.child.kill()
        self.child.wait()


def _fetched(outside: Outside | None, digest: bytes) -> tuple[dict[str, Any], list[bytes]]:
    """What the press asked for in the middle of its work: a time stamp over a hash, or why there is none."""
    try:
        return {}, [outside(digest)] if outside else []
    except Stale as error:
        return {"why": str(error.params.get("why", error.code))[:200]}, []


class Press:
    """At most ``size`` processes, started when first needed."""

    def __init__(self, size: int = 1, seconds: float = 60.0) -> None:
        self.seconds = seconds
        self._idle: LifoQueue[_Process | None] = LifoQueue()
        for _ in range(size):
            self._idle.put(None)

    def ask(self, work: str, head: dict[str, Any], blobs: list[bytes], outside: Outside | None = None
            ) -> tuple[dict[str, Any], list[bytes]]:
        """One piece of work. Raises the TradeError the press refuses with, or PressFault.

        ``outside``: fetches a time stamp over a hash, for a press that has no way out of its own to this authority.
        """
        process = self._idle.get()
        try:
            process = process or _Process()
            reply, contents = process.ask({**head, "work": work}, blobs, self.seconds, outside)
            if process.done >= LIFETIME:
                process.close()
                process = None
        except PressFault:
            process = None
            raise
        finally:
            self._idle.put(process)
        if "refused" in reply:
            refusal = reply["refused"]
            kind = _KINDS.get(refusal["kind"], errors.Invalid)
            raise kind(refusal["code"], refusal["message"], field=refusal["field"], **refusal["params"])
        if "fault" in reply:
            raise PressFault(reply["fault"])
        return reply, contents

    def close(self) -> None:
        """End the idle processes."""
        while True:
            try:
                process = self._idle.get_nowait()
            except Empty:
                return
            if process:
                process.close()


@lru_cache(maxsize=1)
def shared() -> Press:
    """The press of this process (web or worker)."""
    press = Press(size=1)
    atexit.register(press.close)
    return press


def warm() -> None:
    """Start the press and have it load everything; a failure is the first paper's business, not the start's."""
    with suppress(PressFault):
        shared().ask("warm", {}, [])


def make(kind: str, data: dict[str, Any], lang: str, settings: Settings | None = None, *, development: bool = True
         ) -> bytes:
    """The unsealed PDF of a paper, from its PaperSource's JSON form. Same data, same bytes."""
    settings = settings or Settings()
    paper = papers.paper_of(kind, lang, data, settings.public_url, development)
    head, blobs = worn(settings.home).put_on(paper).to_json()
    return shared().ask("make", {"paper": head}, blobs)[1][0]


def print_only(paper: papers.Paper) -> bytes:
    """The unsealed PDF of a paper that is no document: a preview, or a sheet to be signed by hand."""
    head, blobs = paper.to_json()
    return shared().ask("make", {"paper": head}, blobs)[1][0]


def print_pack(sheets: Sequence[papers.Paper]) -> bytes:
    """Several sheets to be signed by hand, as one file to print."""
    return shared().ask("pack", {"papers": [sheet.to_json()[0] for sheet in sheets]}, [])[1][0]


def print_sheets(html: str) -> tuple[bytes, int]:
    """(working sheets as one PDF, how many pages). Raises Invalid where they cannot be printed."""
    head, contents = shared().ask("sheets", {"html": html}, [])
    return contents[0], int(head["pages"])


def merge(files: Sequence[bytes], order: Sequence[tuple[int, int, int]]) -> tuple[bytes, int]:
    """(one file to print, how many pages) out of pages of several; ``order`` as ``merging.merged``."""
    head, contents = shared().ask("merge", {"order": [list(one) for one in order]}, list(files))
    return contents[0], int(head["pages"])


def produce(kind: str, data: dict[str, Any], lang: str, settings: Settings, flags: Sequence[str] = ()) -> Product:
    """Make and seal a paper. Raises RuleBroken without a key to seal with: then it waits."""
    key = sealing_key(settings)
    paper = papers.paper_of(kind, lang, data, settings.public_url, key.development, flags)
    head, blobs = worn(settings.home).put_on(paper).to_json()
    reply, contents = shared().ask("produce", {"paper": head, "key": key.to_json()}, blobs)
    if not key.development:
        keys.keep_certificates(settings.home, contents[1])
    return Product(contents[0], reply["unsealed_sha256"], reply["level"], reply["certificate"])


def _trust(settings: Settings) -> dict[str, Any]:
    """Whose seals and times are believed: this house's keys, old and new, and the pinned time authorities."""
    key, kept = known_key(settings), keys.kept_certificates(settings.home)
    return {
        "key": key.to_json() if key else None,
        "kept": str(kept) if kept.is_file() else "", "time_roots": str(settings.tsa_roots or ""),
    }


def judge(content: bytes, settings: Settings) -> dict[str, Any]:
    """What the judge says of a file (``judge.Judgement`` as JSON). Seals by this house's keys are trusted."""
    return shared().ask("judge", _trust(settings), [content])[0]


def stamp(content: bytes, url: str, settings: Settings, *, lengthen: bool = False, outside: Outside | None = None
          ) -> tuple[bytes, dict[str, Any]]:
    """(the file with a time stamp of this authority appended, what the judge says of it).

    ``lengthen``: with everything a check in many years needs (B-LTA). ``outside``: fetches the stamps of an authority
    that is no address but the name of a plugin's. Raises Stale when the authority
    cannot be reached, refuses, tells a wrong time, or is not one of the pinned ones.
    """
    head = {**_trust(settings), "url": url, "seconds": settings.tsa_timeout_s, "lengthen": lengthen}
    verdict, contents = shared().ask("stamp", head, [content], outside)
    return contents[0], verdict


def countersign(content: bytes, settings: Settings, reason: str) -> tuple[bytes, dict[str, Any]]:
    """(the file with its prepared field signed by the house's key, what the judge says of it). Raises RuleBroken
    without a key."""
    key = sealing_key(settings)
    verdict, contents = shared().ask("countersign", {**_trust(settings), "key": key.to_json(), "reason": reason},
                                     [content])  # fmt: skip
    if not key.development:
        keys.keep_certificates(settings.home, contents[1])
    return contents[0], verdict


def sign(message: bytes, settings: Settings) -> tuple[bytes, bytes]:
    """(a bare signature by the sealing key, its chain in PEM). Raises RuleBroken while the key cannot be reached."""
    signature, chain = shared().ask("sign", {"key": sealing_key(settings).to_json()}, [message])[1]
    return signature, chain


@dataclass(frozen=True, slots=True)
class Apart:
    """A sealed file taken apart: embedded files by name; (is a stamp, byte range, CMS) of each signature; chain."""

    files: dict[str, bytes]
    signatures: tuple[tuple[bool, list[int], bytes], ...]
    chain: bytes


def take_apart(content: bytes) -> Apart:
    """What lies in a sealed file, for whoever checks it with other tools."""
    told, contents = shared().ask("take_apart", {}, [content])
    count = len(told["files"])
    signatures = zip(told["signatures"], contents[count:-1], strict=True)
    return Apart(
        dict(zip(told["files"], contents[:count], strict=True)),
        tuple((one["stamp"], one["range"], der) for one, der in signatures), contents[-1],
    )  # fmt: skip


def stamp_hash(sha256: str, url: str, settings: Settings, *, outside: Outside | None = None
               ) -> tuple[bytes, dict[str, Any]]:
    """(token, ``{time, authority}``): a time stamp over a hash by a pinned authority. Raises Stale as ``stamp``."""
    head = {**_trust(settings), "url": url, "seconds": settings.tsa_timeout_s, "digest": sha256}
    told, contents = shared().ask("stamp_hash", head, [], outside)
    return contents[0], told


def safe_photo(content: bytes) -> tuple[bytes, str]:
    """A photo fully decoded and encoded anew, without metadata: (bytes, mime). Raises Invalid."""
    reply, contents = shared().ask("photo", {}, [content])
    return contents[0], str(reply["mime"])
