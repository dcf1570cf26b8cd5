"""Operations on written methods: each writes a new version; what stands is the newest."""

from __future__ import annotations

from typing import Any

from fieldsales.kernel.errors import N_, Invalid, NotAllowed, RuleBroken
from fieldsales.kernel.operation import Need, for_office, operation
from fieldsales.methods import queries
from fieldsales.methods.messages import SwitchMethod, WriteMethod
from fieldsales.methods.models import WrittenMethod
from fieldsales.plugin_api.written import NotWritten, Written, parse, read, write
from fieldsales.plugin_api.written.shape import slim
from fieldsales.store.work import Work

#: Who makes methods: whoever answers for how the house collects. Every version names its writer.
KEEPERS = ("manager", "admin")
NAME_TAKEN = N_("Another plugin has the name %(name)s. Choose another.")


@for_office
def keepers_only(work: Work, command: Any) -> None:
    """Guard: managers and the administrator."""
    if work.actor.role not in KEEPERS:
        raise NotAllowed("methods.keepers", N_("Only a manager or the administrator makes collection methods."))


def name_in(text: str) -> str:
    """The name a text gives its method; "" when it cannot be read."""
    try:
        name = parse(text).get("name", "")
    except NotWritten:
        return ""
    return name if isinstance(name, str) else ""


def _needs(command: WriteMethod) -> list[Need]:
    name = name_in(command.text)
    return [Need("written_method", name), Need("last_form", name)] if name else []


@operation("methods.write_method", WriteMethod, needs=_needs, guard=keepers_only)
def write_method(work: Work, command: WriteMethod) -> None:
    """Write a version of a method down. A question that changed raises the version of its form, so that a phone's
    answers are read by the form they were given on. Answers ``name``, ``n`` and ``form_version``."""
    written = _read(work, command.text)
    name = written.name
    before: queries.Standing | None = work.fact("written_method", name)
    _free(work, name)
    if before is not None and command.was == 0:
        raise RuleBroken("methods.name_taken", NAME_TAKEN, field="name", name=name)
    if (before.n if before else 0) != command.was:
        raise _moved()
    version = _form_version(work, written, before)
    document = {**written.document, "version": version}
    _keep(work, name, before, text=write(slim(document)), form_version=version, is_on=True, note=command.note)


def _read(work: Work, text: str) -> Written:
    try:
        return read(text)
    except NotWritten as wrong:
        first = wrong.faults[0]
        raise Invalid("methods.faults", N_("%(text)s"), field=first.path or None,
                      text=first.said(work.actor.locale)) from None


def _free(work: Work, name: str) -> None:
    """Raise RuleBroken when something else has the name: a plugin, its method, or a method written before."""
    plugins = work.plugins.status() if work.plugins else ()
    others = {one.name for one in plugins if one.origin != queries.ORIGIN}
    others |= {method for one in plugins if one.origin != queries.ORIGIN for method in one.methods}
    if name in others:
        raise RuleBroken("methods.name_taken", NAME_TAKEN, field="name", name=name)


def _moved() -> RuleBroken:
    return RuleBroken("methods.moved", N_("Somebody else has written this method meanwhile. Open it again."))


def _form_version(work: Work, written: Written, before: queries.Standing | None) -> int:
    """The form's version: as it was while every question is as it was, else one above all that were given out."""
    last = max(work.fact("last_form", written.name) or 0, before.form_version if before else 0)
    if before is None:
        return max(last + 1, int(written.document["version"]))
    same = [one.as_json() for one in read(before.text).fields] == [one.as_json() for one in written.fields]
    return before.form_version if same else last + 1


def _keep(work: Work, name: str, before: queries.Standing | None, **values: Any) -> None:
    n = before.n + 1 if before else 1
    work.insert(WrittenMethod, id=f"{name}@{n}", name=name, n=n, by_id=work.actor.user_id, at=work.now, **values)
    standing = queries.Standing(name, n, values["text"], values["form_version"], values["is_on"])
    work.facts.put("written_method", name, standing)
    work.answer(name=name, n=n, form_version=values["form_version"])


@operation("methods.switch_method", SwitchMethod, needs=lambda c: [Need("written_method", c.name)], guard=keepers_only)
def switch_method(work: Work, command: SwitchMethod) -> None:
    """Switch a method off, or on again. Its actions stay as they are; what phones made meanwhile waits for it."""
    before: queries.Standing = work.require("written_method", command.name)
    if before.n != command.was:
        raise _moved()
    if before.is_on == command.is_on:
        return
    _free(work, command.name)
    _keep(work, command.name, before, text=before.text, form_version=before.form_version, is_on=command.is_on,
          note=command.note)
