"""Recordings: what a file of sound is, told by its first bytes and not by its name."""

from __future__ import annotations

from fieldsales.kernel.errors import N_, Invalid
from fieldsales.plugin_api.fields import LARGEST, SOUNDS

#: (where, sign, type); the more exact before the less. The phone's twin: ``static/js/methods/sound.js``.
_SIGNS: tuple[tuple[int, bytes, str], ...] = (
    (0, b"#!AMR", "audio/amr"), (0, b"OggS", "audio/ogg"), (0, b"ID3", "audio/mpeg"),
    (0, b"\x1aE\xdf\xa3", "audio/webm"), (8, b"WAVE", "audio/wav"),
    (4, b"ftyp3g", "audio/3gpp"), (4, b"ftyp", "audio/mp4"),
    (0, b"\xff\xf1", "audio/aac"), (0, b"\xff\xf9", "audio/aac"),
    (0, b"\xff\xfb", "audio/mpeg"), (0, b"\xff\xfa", "audio/mpeg"), (0, b"\xff\xf3", "audio/mpeg"),
    (0, b"\xff\xf2", "audio/mpeg"), (0, b"\xff\xe3", "audio/mpeg"),
)  # fmt: skip


def sound_of(content: bytes) -> str:
    """One of ``SOUNDS``, or "" for what is no recording this program takes."""
    return next((mime for at, sign, mime in _SIGNS if content[at : at + len(sign)] == sign), "")


def check_sound(content: bytes, mime: str) -> None:
    """Raise Invalid unless the bytes are the kind of recording they are said to be, of bearable size."""
    if mime not in SOUNDS or sound_of(content) != mime:
        kinds = N_("This is no recording that can be kept (MP3, M4A, AAC, WAV, OGG, WebM, AMR, 3GP).")
        raise Invalid("sound_kind", kinds, field="mime")
    if len(content) > LARGEST["recording"]:
        raise Invalid("sound_size", N_("A recording may have at most %(limit)s MB."), field="size",
                      limit=LARGEST["recording"] // 1048576)
