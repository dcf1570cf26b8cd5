"""A sealed file taken apart for whoever checks it with other tools: what is embedded, and its bare signatures.

Imported in the press's own process only.
"""

from __future__ import annotations

import io
from typing import Any

from asn1crypto import pem
from pyhanko.pdf_utils.reader import PdfFileReader

from fieldsales.documents.judge import embedded


def take_apart(pdf: bytes) -> tuple[dict[str, Any], list[bytes]]:
    """(names and byte ranges, contents): the embedded files, then each signature (CMS in DER), then certificates.

    A signature's ``range`` is that of its file: where it begins, how long, where it goes on, how long.
    """
    reader = PdfFileReader(io.BytesIO(pdf), strict=True)
    files = embedded(reader)
    signatures, contents, chain = [], [], dict[bytes, None]()
    for one in reader.embedded_signatures:
        stamp = one.sig_object_type == "/DocTimeStamp"
        signatures.append({"stamp": stamp, "range": [int(part) for part in one.byte_range]})
        contents.append(_der(one.pkcs7_content))
        if not stamp:
            chain |= dict.fromkeys(other.chosen.dump() for other in one.signed_data["certificates"])
    certificates = b"".join(pem.armor("CERTIFICATE", der) for der in chain)
    return {"files": list(files), "signatures": signatures}, [*files.values(), *contents, certificates]


def _der(padded: bytes) -> bytes:
    """The signature without the zeros that fill its place: its own length says where it ends."""
    width = padded[1] & 0x7F if padded[1] & 0x80 else 0
    length = int.from_bytes(padded[2 : 2 + width], "big") if width else padded[1]
    return padded[: 2 + width + length]
