"""Telephone numbers as people write them: what kind of number one is, so that a slip is seen before it is dialled.

Chinese numbers by the numbering plan of telecommunication networks (电信网编号计划, 2017, 工信部): mobile numbers
are 11 digits from 12 to 19 (12 is held back: the demo rings nobody there), area codes 010 and 02x take 8 digits,
others 7 or 8, 400 and 800 take 7 more. Foreign
ones by ITU-T E.164 (11/2010) § 6: a plus, the country code, 15 digits at most. Only the shape is judged: whether
anybody answers, nobody knows. The phone's twin is ``static/js/parts/telephone.js``; both answer
``tests/machine/telephone_cases.json`` alike.
"""

from __future__ import annotations

import re
import unicodedata

_EXTENSION = re.compile(r"(?:转|ext\.?|x|#|-)\s*([0-9]{1,6})$", re.IGNORECASE)
_SPARE = re.compile(r"[\s()\-.·]")
_HOME = re.compile(r"^(?:\+86|0086|86(?=1[2-9][0-9]{9}$))")
_LANDLINE = re.compile(r"(?:010|02[0-9])[2-8][0-9]{7}|0[3-9][0-9]{2}[2-8][0-9]{6,7}")
_KINDS = (
    ("mobile", re.compile(r"1[2-9][0-9]{9}")),
    ("landline", _LANDLINE),
    ("service", re.compile(r"[48]00[0-9]{7}|9[56][0-9]{3,6}")),
    ("local", re.compile(r"[2-8][0-9]{6,7}")),
)
_ABROAD = re.compile(r"(?:\+|00)[1-9][0-9]{6,14}")


def plain(number: str) -> str:
    """The digits alone, as dialled in China: nothing between them, no country code, area codes with their 0."""
    digits = _SPARE.sub("", unicodedata.normalize("NFKC", number))
    home = _HOME.sub("", digits, count=1)
    return f"0{home}" if home != digits and _LANDLINE.fullmatch(f"0{home}") else home


def kind_of(number: str) -> str:
    """``mobile``, ``landline`` (with area code, and an extension or not), ``service`` (400, 800, 95…), ``abroad``,
    ``local`` (a landline without its area code), or "" for what is no number one could dial.

    >>> kind_of("138 0571 2222"), kind_of("0571-8888 1234"), kind_of("+44 20 7946 0958"), kind_of("1380571222")
    ('mobile', 'landline', 'abroad', '')
    """
    digits = plain(number)
    found = _shape(digits)
    if found:
        return found
    whole = unicodedata.normalize("NFKC", number).strip()
    return _without(whole) if _EXTENSION.search(whole) else ""


def _without(whole: str) -> str:
    """What it is without its extension, where such a number can have one."""
    found = _shape(plain(_EXTENSION.sub("", whole)))
    return found if found in ("landline", "service") else ""


def _shape(digits: str) -> str:
    kind = next((kind for kind, pattern in _KINDS if pattern.fullmatch(digits)), "")
    return kind or ("abroad" if _ABROAD.fullmatch(digits) else "")
