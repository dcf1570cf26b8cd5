"""A sealing key on a token or in an HSM (PKCS#11): it never leaves it. Imported in the press's process only."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from asn1crypto import pem, x509
from pyhanko.sign.general import SigningError

from fieldsales.documents.keys import no_key

if TYPE_CHECKING:
    from pyhanko.sign.pkcs11 import PKCS11Signer


def signer_on(library: str, token: str, label: str, pin: str, chain: str) -> PKCS11Signer:
    """The signer whose key and certificate have ``label`` on ``token``. Raises RuleBroken while it is not there."""
    with reachable():
        return _opened(library, token, label, pin, chain)


@contextmanager
def reachable() -> Iterator[None]:
    """Whatever goes wrong between us and a token: the session is forgotten, and the paper waits for it."""
    try:
        from pkcs11.exceptions import PKCS11Error
    except ImportError as error:  # the library is an extra: who seals from a file needs none
        if _opened.cache_info().misses:
            raise no_key() from error
        yield
        return
    try:
        yield
    except (PKCS11Error, SigningError, OSError) as error:
        _opened.cache_clear()
        raise no_key() from error


@lru_cache(maxsize=1)
def _opened(library: str, token: str, label: str, pin: str, chain: str) -> PKCS11Signer:
    from pyhanko.config.pkcs11 import TokenCriteria
    from pyhanko.sign.pkcs11 import PKCS11Signer, open_pkcs11_session

    session = open_pkcs11_session(library, token_criteria=TokenCriteria(label=token), user_pin=pin)
    signer = PKCS11Signer(session, cert_label=label, ca_chain=_chain(chain))
    # The bare ECDSA mechanism is the one that every token has; and a wrong label is told now, not when sealing.
    signer.use_raw_mechanism = signer.signing_cert.public_key.algorithm == "ec"
    return signer


def _chain(path: str) -> list[x509.Certificate]:
    if not path:
        return []
    return [x509.Certificate.load(der) for _, _, der in pem.unarmor(Path(path).read_bytes(), multiple=True)]
