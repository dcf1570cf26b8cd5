"""Chinese for English sentences, outside a request: papers, phone documents, the command line.

Pages translate through the web's own gettext; both read the same PO fragments, one a capability.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from babel.messages.pofile import read_po

from fieldsales.places import PACKAGE

FOLDER = PACKAGE / "translations" / "zh"


@cache
def catalog() -> dict[str, str]:
    """English sentence -> Chinese, from every fragment of the program. Read once."""
    return read_words(FOLDER)


def read_words(folder: Path) -> dict[str, str]:
    """English sentence -> Chinese, from every PO fragment in ``folder``; nothing where there is no such folder."""
    words: dict[str, str] = {}
    for path in sorted(folder.glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file, locale="zh", charset="utf-8"):
                if message.id and message.string and isinstance(message.id, str):
                    words[message.id] = str(message.string)
                elif isinstance(message.id, (list, tuple)) and message.string:
                    words[message.id[0]] = words[message.id[1]] = str(message.string[0])
    return words


def say(message: str, lang: str, **params: Any) -> str:
    """An English msgid in the language asked for ("zh" or "en"), its places filled."""
    text = catalog().get(message, message) if lang == "zh" else message
    return text % params if params else text
