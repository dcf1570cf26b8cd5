"""Secrets of plugins, encrypted at rest: a copy of the database alone gives none of them away.

AES-256-GCM with a key of the house, made once in its home folder (0600). A secret is bound to its plugin and its
name: put under another, it cannot be opened.
"""

from __future__ import annotations

import os
from base64 import urlsafe_b64decode, urlsafe_b64encode
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_FILE = "plugin-secrets.key"
_FIRST = "v1:"
_NONCE = 12


def _key(home: Path) -> bytes:
    path = home / KEY_FILE
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_bytes()
    made = AESGCM.generate_key(256)
    with os.fdopen(handle, "wb") as file:
        file.write(made)
    return made


def seal(home: Path, plugin: str, name: str, secret: str) -> str:
    """The secret, encrypted for this one setting of this one plugin."""
    nonce = os.urandom(_NONCE)
    sealed = AESGCM(_key(home)).encrypt(nonce, secret.encode(), f"{plugin}/{name}".encode())
    return _FIRST + urlsafe_b64encode(nonce + sealed).decode()


def opened(home: Path, plugin: str, name: str, sealed: str) -> str | None:
    """The secret again, or None when it was not sealed here for this: another key, another name, or changed."""
    try:
        raw = urlsafe_b64decode(sealed.removeprefix(_FIRST))
        return AESGCM(_key(home)).decrypt(raw[:_NONCE], raw[_NONCE:], f"{plugin}/{name}".encode()).decode()
    except (InvalidTag, ValueError):
        return None
