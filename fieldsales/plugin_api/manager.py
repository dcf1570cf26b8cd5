"""The plugins of one running program: loaded once, called apart from one another, never trusted.

Every plugin has a pluggy manager of its own, because pluggy gives no isolation: in a shared one, a
single exception drops everybody's results. Nothing here is global; two ``Plugins`` share no state.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from fieldsales.plugin_api import validate
from fieldsales.plugin_api.contributing import KINDS, Contribution, contribution, names
from fieldsales.plugin_api.excuses import CORE_EXCUSES
from fieldsales.plugin_api.facts import CaseFacts
from fieldsales.plugin_api.fields import Value
from fieldsales.plugin_api.health import RETRY_SECONDS, Aside
from fieldsales.plugin_api.health import PluginFailed as PluginFailed  # who asks imports it from here
from fieldsales.plugin_api.health import PluginStatus as PluginStatus
from fieldsales.plugin_api.isolation import CALL_SECONDS, IMPORT_SECONDS, Hung, Lender, Raised, describe
from fieldsales.plugin_api.jobs import Tell
from fieldsales.plugin_api.loading import Found, in_folder, installed, outside
from fieldsales.plugin_api.notices import HttpPost, Notice, NoticeChannel, post
from fieldsales.plugin_api.observing import Happened, heard
from fieldsales.plugin_api.papers import known
from fieldsales.plugin_api.showing import Failure, Showing
from fieldsales.plugin_api.types import CollectionMethod, Decision, Excuse, Problem


class Plugins(Showing):
    """What the core asks. ``methods``, ``excuses`` and ``forms`` know only plugins in good health."""

    def __init__(
        self, *, call_seconds: float = CALL_SECONDS, import_seconds: float = IMPORT_SECONDS,
        retry_seconds: float = RETRY_SECONDS,
    ) -> None:  # fmt: skip
        super().__init__()
        self._lender = Lender()
        self._call_seconds, self._import_seconds = call_seconds, import_seconds
        self._aside = Aside(retry_seconds)
        self._lock = threading.Lock()
        self.found: list[Found] = []
        self._stuck: set[str] = set()
        self._status: dict[str, PluginStatus] = {}
        self._declared: dict[str, dict[str, tuple[str, Any]]] = {hook: {} for hook in KINDS}
        self._declared["excuse_codes"] |= {one.code: ("", one) for one in CORE_EXCUSES}

    @classmethod
    def load(
        cls,
        built_in: Path | None = None,
        own: Path | None = None,
        *,
        with_installed: bool = True,
        without: Iterable[str] = (),
        call_seconds: float = CALL_SECONDS,
        import_seconds: float = IMPORT_SECONDS,
        retry_seconds: float = RETRY_SECONDS,
    ) -> Plugins:
        """Load from the built-in folder, installed packages, and ``own`` (FIELDSALES_PLUGINS_DIR).

        ``without``: names left disabled. Never raises for a plugin's sake; see ``status()``.
        """
        plugins = cls(call_seconds=call_seconds, import_seconds=import_seconds, retry_seconds=retry_seconds)
        found = list(in_folder(built_in, "built-in")) if built_in else []
        found += installed() if with_installed else ()
        found += in_folder(own, "file") if own else ()
        for one in found:
            plugins.add(one, disabled=one.name in set(without))
        return plugins

    def add(self, found: Found, *, disabled: bool = False) -> PluginStatus:
        """Load one plugin. Its failure is its status; its name must be free."""
        self.found.append(found)
        status = PluginStatus(found.name, found.version, found.origin, found.where, "active")
        if found.name in self._status:
            taken = replace(status, state="failed", errors=1, last_error="another plugin has this name")
            return self._status.setdefault(f"{found.name} ({found.where})", taken)
        if disabled:
            seen = outside(found, KINDS)
            return self._status.setdefault(found.name, replace(
                status, state="disabled", hooks=seen.hooks, title=seen.title, about=seen.about))
        try:
            brought = self._lender.run(lambda: contribution(found), self._import_seconds)
            status = replace(status, version=brought.version, hooks=brought.hooks, api=brought.api, notes=brought.notes,
                             title=brought.title, about=brought.about)  # fmt: skip
            self._accept(found.name, brought)
            status = replace(status, methods=tuple(one.name for one in brought.declared["collection_methods"]))
        except (Hung, Raised, validate.Garbage) as error:
            text = str(error) if not isinstance(error, validate.Garbage) else describe(error)
            seen = outside(found, KINDS)
            status = replace(status, state="failed", errors=1, last_error=text, hooks=seen.hooks, title=seen.title,
                             about=seen.about)  # fmt: skip
            self._stuck |= {found.name} if isinstance(error, Hung) else set()
        self._status[found.name] = status
        return status

    def _accept(self, plugin: str, brought: Contribution) -> None:
        """Take a plugin's declarations whole, or refuse them whole when a name is taken."""
        added: dict[str, dict[str, tuple[str, Any]]] = {}
        for hook, kind in KINDS.items():
            ours = names(brought.declared[hook], kind)
            if kind.shared:
                ours = [f"{plugin}/{name}" for name in ours]
            for name in ours:
                if name in self._declared[hook] or ours.count(name) > 1:
                    raise validate.Garbage(f"the {kind.noun} {name!r} is taken already")
            added[hook] = {name: (plugin, one) for name, one in zip(ours, brought.declared[hook], strict=True)}
        for hook, records in added.items():
            self._declared[hook] |= records

    def _active(self, plugin: str) -> bool:
        status = self._status.get(plugin)
        if status and status.state == "suspended" and self._aside.over(plugin):
            self.resume(plugin)  # it may only have been the machine that stood still
            status = self._status.get(plugin)
        return not plugin or (status is not None and status.state == "active")

    def declared(self, hook: str) -> dict[str, Any]:
        """What plugins in good health declared through ``hook``, by name, in the order loaded."""
        return {name: one for name, (plugin, one) in self._declared[hook].items() if self._active(plugin)}

    def brought_by(self, hook: str, name: str) -> str:
        """The plugin that declared ``name``; "" for the core's own and for what nobody declared."""
        return self._declared[hook].get(name, ("", None))[0]

    def ask(self, hook: str, name: str, call: Callable[[Any], Any]) -> Any:
        """What ``call(record)`` answers, within the deadline. Raises PluginFailed; Garbage raised in it is one.

        ``call`` both asks the plugin and checks the answer: ``lambda one: rows(one.read(data))``.
        """
        plugin, one = self._declared[hook].get(name, ("", None))
        if one is None:
            raise PluginFailed(name, "unknown")
        if not self._active(plugin):
            raise PluginFailed(plugin, "suspended")
        return self._run(plugin, lambda: call(one))

    def become(self, other: Plugins) -> None:
        """Take the place of what was loaded: whoever holds this object sees the new plugins from now on."""
        with self._lock:
            self._status, self._declared = other._status, other._declared
            self.found, self._stuck = other.found, other._stuck
            self._aside, self._read = other._aside, {}

    def anew(self, found: Iterable[Found], *, off: Iterable[str] = (), again: Iterable[str] = ()) -> Plugins:
        """These plugins loaded anew without ``off``, for ``become``; what is known of the health of each goes along.

        ``again``: those to begin afresh. Another whose import hung is not tried again: it would hang once more.
        """
        other = Plugins(call_seconds=self._call_seconds, import_seconds=self._import_seconds,
                        retry_seconds=self._aside.first)  # fmt: skip
        for one in found:
            old = self._status.get(one.name) if one.name not in {*again, *other._status} else None
            if old is not None and one.name in self._stuck:
                other.found, other._stuck, other._status[one.name] = [*other.found, one], {*other._stuck, one.name}, old
                continue
            status = other.add(one, disabled=one.name in off)
            if old is not None and status.state == "active" and old.state in ("active", "suspended"):
                other._status[one.name] = replace(status, state=old.state, errors=old.errors, last_error=old.last_error)
                self._aside.hand_on(one.name, other._aside)
        return other

    @property
    def methods(self) -> dict[str, CollectionMethod]:
        """The methods that can be used now, by name."""
        return self.declared("collection_methods")

    @property
    def excuses(self) -> dict[str, Excuse]:
        """The core's excuses, then those of plugins, by code."""
        return self.declared("excuse_codes")

    @property
    def channels(self) -> dict[str, NoticeChannel]:
        """The company messengers that can be used now, by name."""
        return self.declared("notice_channels")

    def build_notice(self, name: str, notice: Notice, secrets: Mapping[str, str]) -> HttpPost:
        """The request that tells a group ``notice``. Raises PluginFailed."""
        request: HttpPost = self.ask("notice_channels", name, lambda one: post(one.build(notice, secrets), one))
        return request

    def notice_refusal(self, name: str, answer: Mapping[str, Any]) -> str:
        """Why the messenger did not take a notice, "" when it did. Raises PluginFailed."""
        return str(self.ask("notice_channels", name, lambda one: one.refusal(answer)))[:200]

    def method(self, name: str) -> CollectionMethod | None:
        """The method of that name if it can be used now, else None."""
        plugin, method = self._declared["collection_methods"].get(name, ("", None))
        return method if self._active(plugin) else None

    def forms(self) -> list[dict[str, Any]]:
        """The forms of all methods used by hand, as phones draw them."""
        return [method.as_form() for method in self.methods.values() if method.by_hand]

    def subscribers(self, event: str) -> tuple[str, ...]:
        """The names of the methods that want to be asked after ``event``."""
        return tuple(name for name, method in self.methods.items() if event in method.on)

    def status(self) -> tuple[PluginStatus, ...]:
        """Every plugin found, whatever became of it, in the order found; one whose pause is over is active again."""
        for name in tuple(self._status):
            self._active(name)
        return tuple(self._status.values())

    def check(self, name: str, fields: Mapping[str, Value], facts: CaseFacts) -> tuple[Problem, ...]:
        """What the method objects to. Raises PluginFailed."""
        answer: tuple[Problem, ...] = self.ask(
            "collection_methods", name, lambda method: validate.problems(method.check(fields, facts)))
        return answer

    def decide(self, name: str, fields: Mapping[str, Value], facts: CaseFacts) -> Decision | None:
        """What the method decides; None after an event means nothing to record. Raises PluginFailed."""
        templates = self.declared("document_templates")
        answer: Decision | None = self.ask("collection_methods", name, lambda method: known(
            validate.decision(method.outcome(fields, facts), facts), templates))
        return answer

    def observers_of(self, event: str) -> tuple[str, ...]:
        """Who wants to be told of ``event``, by name; also who is set aside just now, since that is told later."""
        return tuple(name for name, (_, one) in self._declared["observers"].items() if event in one.events)

    def observe(self, name: str, happened: Happened) -> tuple[Tell, ...]:
        """Tell an observer; answers what our own people are to be told. Raises PluginFailed."""
        told: tuple[Tell, ...] = self.ask("observers", name, lambda one: heard(one, happened))
        return told

    def resume(self, plugin: str) -> None:
        """Let a suspended plugin work again. It happens by itself after a minute, then two, then four (``health``)."""
        self._aside.end(plugin)
        with self._lock:
            status = self._status.get(plugin)
            if status and status.state == "suspended":
                self._status[plugin] = replace(status, state="active")

    def leave_alone(self, plugin: str, hangs: int, seconds: float | None) -> None:
        """Do not ask a plugin that hung elsewhere in the house, ``hangs`` times in a row; None: until it is resumed."""
        with self._lock:
            status = self._status.get(plugin)
            if status and status.state in ("active", "suspended"):
                self._aside.leave(plugin, hangs, seconds)
                self._status[plugin] = replace(status, state="suspended")

    def _run(self, plugin: str, call: Callable[[], Any]) -> Any:
        def judged() -> Any:
            try:
                return call()
            except validate.Garbage as error:
                return validate.Garbage(describe(error).removeprefix("Garbage: "))

        try:
            answer = self._lender.run(judged, self._call_seconds)
        except Hung as hung:
            self.failed(plugin, "hung", str(hung))
            raise PluginFailed(plugin, "hung", str(hung)) from None
        except Raised as raised:
            self.failed(plugin, "raised", str(raised))
            raise PluginFailed(plugin, "raised", str(raised)) from None
        if isinstance(answer, validate.Garbage):
            self.failed(plugin, "garbage", str(answer))
            raise PluginFailed(plugin, "garbage", str(answer))
        return answer

    def failed(self, plugin: str, why: str, detail: str) -> None:
        """Write down that a call of a plugin failed: here, or in a process of its own. ``why``: as in ``Failure``."""
        with self._lock:
            status = self._status.get(plugin)
            if status is None:  # it was taken away while it was asked
                return
            if why == "hung":
                self._aside.hung(plugin)
                status = replace(status, state="suspended")
            self._status[plugin] = replace(status, errors=status.errors + 1, last_error=detail)
            self.failures.append(Failure(plugin, why, detail))

