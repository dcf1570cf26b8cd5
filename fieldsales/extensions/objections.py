"""Everything the core would object to in one declared record, not only the first thing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import MISSING, fields, is_dataclass, replace
from itertools import combinations
from types import MappingProxyType
from typing import Any

from fieldsales.plugin_api.built import bare, case
from fieldsales.plugin_api.commands import CliCommand
from fieldsales.plugin_api.contributing import KINDS
from fieldsales.plugin_api.fields import Field, words
from fieldsales.plugin_api.isolation import describe
from fieldsales.plugin_api.settings import SettingsForm, settings_form
from fieldsales.plugin_api.signatures import callable_as_asked
from fieldsales.plugin_api.types import CollectionMethod
from fieldsales.plugin_api.validate import Garbage, decision
from fieldsales.plugin_api.validate import field as read_field

_NAME = "stands_in_for_a_name"
#: What stands in for a part that has no default while the others are looked at.
_SOUND: Mapping[str, Any] = {
    "name": _NAME, "code": _NAME, "labels": words("好", "Good"), "verify": words("好", "Good"),
    "source": words("好", "Good"), "law": words("好", "Good"), "title": words("好", "Good"),
    "codes": {_NAME: words("好", "Good")}, "paras": (words("好", "Good"),), "hosts": ("there.example.com",),
    "summary": words("好", "Good"), "outcome": "done", "version": 1, "unit": "number", "every": 30,
}  # fmt: skip
#: Parts of a record that are lists of fields, and how one of them is read.
_PARTS: Mapping[str, Callable[[Any], Any]] = {
    "fields": read_field, "options": read_field, "settings": lambda one: settings_form(SettingsForm((one,))),
}
_OF_PARTS = (CollectionMethod, CliCommand, SettingsForm)
#: Parts of one record that may be wrong together and are still told apart.
_MOST_AT_ONCE = 3
Read = Callable[[Any], Any]


def wrong_in(hook: str, record: Any) -> Iterator[str]:
    """What is wrong with a record that a hook returned, in the words of the core's own checks."""
    kind = KINDS[hook]
    record, gaps = _in_both_languages(record, str(getattr(record, kind.key, "") or type(record).__name__))
    yield from gaps
    for part in _PARTS if type(record) in _OF_PARTS else ():
        record, complaints = _part_by_part(record, part)
        yield from complaints
    yield from _objections(kind.read, record)
    yield from _uncallable(record, f"{kind.noun} {getattr(record, kind.key, '?')}")


def _part_by_part(record: Any, part: str) -> tuple[Any, list[str]]:
    """(the record without its bad fields and whatever hangs on them, what is wrong with those)."""
    given = getattr(record, part, None) if part in {one.name for one in fields(record)} else None
    if not isinstance(given, tuple):
        return record, []
    bad = [(one, complaints) for one in given if (complaints := _objections(_PARTS[part], one))]
    gone = {getattr(one, "name", None) for one, _ in bad}
    sound = tuple(one for one in given if all(one is not other for other, _ in bad) and not _hangs_on(one, gone))
    return (replace(record, **{part: sound}) if bad else record), [said for _, some in bad for said in some]


def _hangs_on(one: Any, names: set[Any]) -> bool:
    return isinstance(one, Field) and isinstance(one.when, tuple) and bool(one.when) and one.when[0] in names


def wrong_decided(method: CollectionMethod, form: SettingsForm | None) -> list[str]:
    """What is wrong with what a method decides on an empty form, of a bare case and of a full one."""
    settings = MappingProxyType(form.read({}) if form else {})
    found: list[str] = []
    for facts in (bare(settings=settings), case(settings=settings)):
        decided = method.outcome({}, facts)
        found += _objections(lambda given, of=facts: decision(given, of), decided)  # type: ignore[misc]
    return list(dict.fromkeys(found))


def _said(read: Read, record: Any) -> str:
    try:
        read(record)
    except Garbage as error:
        return str(error)
    except Exception as error:  # a part of a kind nobody thought of
        return describe(error)
    return ""


def _objections(read: Read, record: Any) -> list[str]:
    """The complaints about a record: the smallest set of parts is found without which it is sound, and each of them is
    then judged alone."""
    first = _said(read, record)
    if not first or not is_dataclass(record) or isinstance(record, type):
        return [first] if first else []
    stand_ins = dict(_stand_ins(record))
    for size in range(1, _MOST_AT_ONCE + 1):
        for chosen in combinations(stand_ins, size):
            if not _said(read, _with(record, stand_ins, chosen)):
                others = ([other for other in chosen if other != one] for one in chosen)
                alone = (_said(read, _with(record, stand_ins, left)) for left in others)
                own = str(getattr(record, "name", "") or getattr(record, "code", ""))
                return [*dict.fromkeys(said.replace(_NAME, own) for said in alone if said)]
    return [first]


def _with(record: Any, stand_ins: Mapping[str, Any], chosen: Any) -> Any:
    return replace(record, **{name: stand_ins[name] for name in chosen})


def _stand_ins(record: Any) -> Iterator[tuple[str, Any]]:
    """What would surely do, for each part that is not so already."""
    for one in fields(record):
        value = getattr(record, one.name)
        if one.default is not MISSING:
            if value is not one.default:
                yield one.name, one.default
        elif one.default_factory is not MISSING:
            yield one.name, one.default_factory()
        elif one.name in _SOUND:
            yield one.name, _SOUND[one.name]
        elif not callable(value):
            yield one.name, lambda *given: None


def _uncallable(record: Any, what: str) -> Iterator[str]:
    """Every function of a record that cannot take what it will be given."""
    if not is_dataclass(record) or isinstance(record, type):
        return
    functions = [one.name for one in fields(record) if callable(getattr(record, one.name))]
    for name in functions:
        others = {other: _takes_anything for other in functions if other != name}
        said = _said(lambda one: callable_as_asked(one, what), replace(record, **others))
        if said:
            yield said


def _takes_anything(*given: Any) -> None:
    return None


def _in_both_languages(given: Any, where: str) -> tuple[Any, list[str]]:
    """(the same with every sentence there in both languages, what was lacking): walked through records and tuples."""
    if isinstance(given, Mapping) and given and set(given) < {"zh", "en"}:
        [lang] = given
        return words(given[lang], given[lang]), [f"{where}: {given[lang]!r} has no {'en' if lang == 'zh' else 'zh'}"]
    gaps: list[str] = []
    if is_dataclass(given) and not isinstance(given, type):
        changed = {}
        for one in fields(given):
            value = getattr(given, one.name)
            named = getattr(value, "name", "") or one.name
            made, lacking = _in_both_languages(value, f"{where}.{named}" if one.name != "labels" else where)
            gaps += lacking
            if lacking:
                changed[one.name] = made
        return (replace(given, **changed) if changed else given), gaps
    if isinstance(given, tuple | list):
        made_all = []
        for one in given:
            name = str(getattr(one, "name", "") or getattr(one, "value", "") or "")
            inner = f"{where.removesuffix('.fields').removesuffix('.choices')}.{name}" if name else where
            made, lacking = _in_both_languages(one, inner)
            made_all.append(made)
            gaps += lacking
        return (type(given)(made_all) if gaps else given), gaps
    return given, gaps
