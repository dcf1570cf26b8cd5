"""How the press and its process talk: a JSON head and some bytes, lengths first. Nothing is ever unpickled."""

from __future__ import annotations

import json
from typing import Any, BinaryIO

_HEAD_LIMIT = 50_000_000


def write_frame(stream: BinaryIO, head: dict[str, Any], blobs: list[bytes]) -> None:
    """Send one message."""
    packed = json.dumps({**head, "sizes": [len(blob) for blob in blobs]}, ensure_ascii=False).encode()
    stream.write(len(packed).to_bytes(4, "big") + packed)
    for blob in blobs:
        stream.write(blob)
    stream.flush()


def _exactly(stream: BinaryIO, size: int) -> bytes:
    content = stream.read(size)
    if len(content) != size:
        raise EOFError
    return content


def read_frame(stream: BinaryIO) -> tuple[dict[str, Any], list[bytes]]:
    """Receive one message. Raises EOFError when the other side is gone."""
    size = int.from_bytes(_exactly(stream, 4), "big")
    if size > _HEAD_LIMIT:
        raise EOFError
    head: dict[str, Any] = json.loads(_exactly(stream, size))
    return head, [_exactly(stream, length) for length in head.pop("sizes")]
