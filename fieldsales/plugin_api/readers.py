"""How each type of field reads its answer: the value a plugin is shown, or why the answer cannot stand.

The phone judges by the same data in ``static/js/methods/check.js``; both are held by the same cases.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from fieldsales.kernel.errors import N_
from fieldsales.kernel.money import MAX_MINOR, Money
from fieldsales.kernel.text import forbidden_sign
from fieldsales.plugin_api.fields import SOUNDS, Field, Location, Recording, Value

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TIME = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")
_PHONE = re.compile(r"\+?[0-9(][0-9 ()-]{2,30}")
_EMAIL = re.compile(r"[^\s@<>,;:\"]{1,64}@[^\s@<>,;:\"]{1,180}\.[^\s@<>,;:\".]{2,63}")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_DEGREES = re.compile(r"-?[0-9]{1,3}(\.[0-9]{1,7})?")
_INSTANT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?Z")
_LONGEST_ADDRESS = 200


class BadValue(Exception):
    """An answer that breaks its field's constraint: a code, a msgid, and what fills it."""

    def __init__(self, code: str, message: str, **params: object) -> None:
        super().__init__(code)
        self.code, self.message = code, message
        self.params = {name: str(value) for name, value in params.items()}


def bounded(field: Field, size: int, low: str, high: str, show: Callable[[int], object] = str) -> None:
    """Raise BadValue when ``size`` is below the field's minimum or above its ceiling."""
    ceiling = field.ceiling
    if field.minimum is not None and size < field.minimum:
        raise BadValue("too_small", low, limit=show(field.minimum))
    if ceiling is not None and size > ceiling:
        raise BadValue("too_large", high, limit=show(ceiling))


def _string(given: Any) -> str:
    if not isinstance(given, str):
        raise BadValue("type", N_("%(label)s must be text."))
    sign = forbidden_sign(given)
    if sign:
        raise BadValue("hidden_sign", N_("%(label)s contains a hidden character (%(sign)s)."), sign=sign)
    if not unicodedata.is_normalized("NFC", given):
        raise BadValue("not_nfc", N_("%(label)s is not in Unicode form NFC."))
    return given


def _read_prose(field: Field, given: Any, currency: str) -> str:
    text = _string(given)
    bounded(
        field, len(text), N_("%(label)s needs at least %(limit)s characters."),
        N_("%(label)s may have at most %(limit)s characters."),
    )  # fmt: skip
    return text


def _read_text(field: Field, given: Any, currency: str) -> str:
    text = _read_prose(field, given, currency)
    if "\n" in text or "\r" in text:
        raise BadValue("one_line", N_("%(label)s must be one line."))
    return text.strip()


def _integer(given: Any) -> int:
    if type(given) is not int or abs(given) > MAX_MINOR:
        raise BadValue("type", N_("%(label)s must be a whole number."))
    return given


_LOW, _HIGH = N_("%(label)s must be at least %(limit)s."), N_("%(label)s may be at most %(limit)s.")


def _read_number(field: Field, given: Any, currency: str) -> int:
    number = _integer(given)
    bounded(field, number, _LOW, _HIGH)
    return number


def _read_duration(field: Field, given: Any, currency: str) -> int:
    minutes = _integer(given)
    if minutes < 0:
        raise BadValue("too_small", _LOW, limit=0)
    bounded(field, minutes, _LOW, _HIGH)
    return minutes


def _read_money(field: Field, given: Any, currency: str) -> Money:
    amount = Money(_integer(given), currency)
    floor = 1 if field.minimum is None else field.minimum
    ceiling = field.ceiling or MAX_MINOR
    if amount.minor < floor:
        raise BadValue("too_small", _LOW, limit=Money(floor, currency))
    if amount.minor > ceiling:
        raise BadValue("too_large", _HIGH, limit=Money(ceiling, currency))
    return amount


def _read_date(field: Field, given: Any, currency: str) -> date:
    message = N_("%(label)s is not a date of the calendar. Write it as 2026-03-12.")
    if not isinstance(given, str) or not _DATE.fullmatch(given):
        raise BadValue("not_date", message)
    try:
        day = date.fromisoformat(given)
    except ValueError:
        raise BadValue("not_date", message) from None
    if not 1990 <= day.year <= 2100:
        raise BadValue("date_range", N_("%(label)s lies outside 1990 to 2100."))
    return day


def _read_time(field: Field, given: Any, currency: str) -> time:
    if not isinstance(given, str) or not _TIME.fullmatch(given):
        raise BadValue("not_time", N_("%(label)s is not a time of the day. Write it as 14:30."))
    hour = time.fromisoformat(given)
    bounded(field, hour.hour * 60 + hour.minute, N_("%(label)s must not be before %(limit)s."),
             N_("%(label)s must not be after %(limit)s."), lambda minutes: f"{minutes // 60:02}:{minutes % 60:02}")
    return hour


def _read_choice(field: Field, given: Any, currency: str) -> str:
    if not isinstance(given, str) or given not in {choice.value for choice in field.choices}:
        raise BadValue("not_a_choice", N_("%(label)s is none of the answers offered."))
    return given


def _read_bool(field: Field, given: Any, currency: str) -> bool:
    if not isinstance(given, bool):
        raise BadValue("type", N_("%(label)s must be yes or no."))
    return given


def _read_phone(field: Field, given: Any, currency: str) -> str:
    text = _string(given).strip()
    if not _PHONE.fullmatch(text):
        raise BadValue("not_phone", N_("%(label)s is not a telephone number."))
    return text


def _read_email(field: Field, given: Any, currency: str) -> str:
    text = _string(given).strip()
    if len(text) > 254 or not _EMAIL.fullmatch(text) or not text.isascii():
        raise BadValue("not_email", N_("%(label)s is not an e-mail address."))
    return text


def _read_photo(field: Field, given: Any, currency: str) -> tuple[str, ...]:
    if not isinstance(given, list) or not all(_is_hash(one) for one in given):
        raise BadValue("not_photos", N_("%(label)s must be photos."))
    bounded(
        field, len(given), N_("%(label)s needs at least %(limit)s photos."),
        N_("%(label)s may have at most %(limit)s photos."),
    )  # fmt: skip
    return tuple(given)


def _is_hash(given: Any) -> bool:
    return isinstance(given, str) and bool(_SHA256.fullmatch(given))


def _read_signature(field: Field, given: Any, currency: str) -> str:
    if not _is_hash(given):
        raise BadValue("not_signature", N_("%(label)s must be a signature."))
    return str(given)


def _read_location(field: Field, given: Any, currency: str) -> Location:
    message = N_("%(label)s is neither a place on the map nor an address.")
    if not isinstance(given, Mapping):
        raise BadValue("not_place", message)
    address = _string(given.get("address") or "").strip()
    if len(address) > _LONGEST_ADDRESS:
        raise BadValue("too_large", N_("%(label)s may have at most %(limit)s characters."), limit=_LONGEST_ADDRESS)
    if "\n" in address or "\r" in address:
        raise BadValue("one_line", N_("%(label)s must be one line."))
    lat, lon, accuracy, at = (given.get(name) for name in ("lat", "lon", "accuracy_m", "at"))
    if lat is None and lon is None and address:
        return Location(address=address)
    is_place = all(isinstance(one, str) and _DEGREES.fullmatch(one) for one in (lat, lon))
    if not is_place or abs(Decimal(lat)) > 90 or abs(Decimal(lon)) > 180:  # type: ignore[arg-type]
        raise BadValue("not_place", message)
    if accuracy is not None and (type(accuracy) is not int or not 0 <= accuracy <= 1_000_000):
        raise BadValue("not_place", message)
    try:
        moment = datetime.fromisoformat(at) if isinstance(at, str) and _INSTANT.fullmatch(at) else None
    except ValueError:
        moment = None
    if at is not None and moment is None:
        raise BadValue("not_place", message)
    return Location(Decimal(lat), Decimal(lon), accuracy, moment, address)  # type: ignore[arg-type]


def _read_recording(field: Field, given: Any, currency: str) -> Recording:
    is_one = isinstance(given, Mapping) and _is_hash(given.get("sha256")) and given.get("mime") in SOUNDS
    if not is_one or type(given.get("size")) is not int or given["size"] < 1:
        raise BadValue("not_recording", N_("%(label)s must be a recording."))
    if given.get("consent") is not True:
        raise BadValue("no_consent", N_("%(label)s may be kept only if the other side agreed. Tick that they did."))
    ceiling = field.ceiling or 0
    if given["size"] > ceiling:
        raise BadValue("too_large", N_("%(label)s may have at most %(limit)s MB."), limit=f"{ceiling / 1048576:.4g}")
    return Recording(given["sha256"], given["mime"], given["size"])


#: By type; rows are read by ``answers``, which reads what stands in them.
READERS: Mapping[str, Callable[[Field, Any, str], Value]] = {
    "text": _read_text,
    "prose": _read_prose,
    "money": _read_money,
    "date": _read_date,
    "time": _read_time,
    "duration": _read_duration,
    "choice": _read_choice,
    "bool": _read_bool,
    "phone": _read_phone,
    "photo": _read_photo,
    "number": _read_number,
    "email": _read_email,
    "location": _read_location,
    "signature": _read_signature,
    "recording": _read_recording,
}
