"""Keys of list pages as an address carries them. What cannot be read is no key: the list starts over."""

from __future__ import annotations

import re

#: As many digits as fit into every database's whole numbers (64 bits).
_WHOLE = re.compile(r"-?\d{1,18}", re.ASCII)


def whole_key(text: str) -> int | None:
    """The whole number a key holds, or None: an address is anybody's to write."""
    return int(text) if _WHOLE.fullmatch(text) else None
