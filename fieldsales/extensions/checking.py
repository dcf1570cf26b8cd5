"""What is wrong with one plugin, and what it still lacks: all of it at once, each with what to do about it."""

from __future__ import annotations

import re
import traceback
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from difflib import get_close_matches
from functools import partial
from inspect import signature
from pathlib import Path
from typing import Any

from fieldsales.extensions.advice import Finding, advised, finding
from fieldsales.extensions.imports import read_sources, undeclared
from fieldsales.extensions.objections import wrong_decided, wrong_in
from fieldsales.plugin_api import validate
from fieldsales.plugin_api.contributing import KINDS
from fieldsales.plugin_api.excuses import CORE_EXCUSES
from fieldsales.plugin_api.fields import words
from fieldsales.plugin_api.isolation import CALL_SECONDS, IMPORT_SECONDS, Hung, Lender, Raised, describe
from fieldsales.plugin_api.loading import Found, in_folder
from fieldsales.plugin_api.manager import Plugins
from fieldsales.plugin_api.markers import PROJECT
from fieldsales.plugin_api.papers import located
from fieldsales.plugin_api.testing import contract
from fieldsales.plugin_api.types import CollectionMethod
from fieldsales.plugin_api.written.faults import NotWritten

_HAN, _LATIN = re.compile(r"[\u3400-\u9fff]"), re.compile(r"[A-Za-z]")


@dataclass(frozen=True, slots=True)
class Report:
    """What was found. ``wrong``: it will not work so. ``lacking``: it works, but is not ready for others.

    ``brings``: its methods and hooks, of what could be read.
    """

    wrong: tuple[Finding, ...]
    lacking: tuple[Finding, ...]
    brings: tuple[str, ...]


def found_at(path: Path) -> Found | None:
    """The plugin in a folder or a ``.py`` or ``.toml`` file, or None when there is none."""
    path = path.resolve()
    path = path.parent if path.name == "__init__.py" else path
    return next((one for one in in_folder(path.parent, "file") if Path(one.where) == path), None)


def examined(found: Found, others: Plugins | None = None, call_seconds: float = CALL_SECONDS) -> Report:
    """Everything wrong with one plugin and lacking in it. It is loaded alone; ``others``: whose names are taken;
    ``call_seconds``: how long one of its functions may take."""
    where = Path(found.where)
    parsed, wrong = read_sources(where)
    if not where.name.endswith(".toml"):
        wrong += undeclared(where, parsed, found.name)
    lender = Lender()
    declared: dict[str, tuple[Any, ...]] = {}
    if not any(": imports " not in one.said["en"] for one in wrong):  # what does not parse cannot be imported
        module, complaints = _answer(lender, found.load, where, IMPORT_SECONDS)
        wrong += complaints
        if module is not None:
            wrong += _misnamed(module)
            every, complaints = _asked(lender, module, where)
            declared, more = _sound(lender, every, where)
            more += _broken(lender, module, every, declared, where, call_seconds)
            wrong += [*complaints, *more, *_taken(found.name, every, others)]
    lacking = [advised(one) for one in dict.fromkeys(
        said for records in declared.values() for one in records for said in _said_in_one_language(one, _name_of(one)))]
    lacking += _missing_files(where)
    if not wrong:  # what the program itself says, loading it alone; and which of its hooks will go
        status = Plugins().add(found)
        wrong += [] if status.state == "active" else [advised(status.last_error.removeprefix("Garbage: "))]
        lacking += map(advised, status.notes)
    methods = (str(one.name) for one in declared.get("collection_methods", ()))
    return Report(_once(wrong), tuple(lacking), (*methods, *sorted(hook for hook in declared if declared[hook])))


def _once(found: list[Finding]) -> tuple[Finding, ...]:
    return tuple({one.said["en"]: one for one in found}.values())


def _answer(lender: Lender, call: Callable[[], Any], where: Path, seconds: float, what: str = "",
            kind: str = "") -> tuple[Any, list[Finding]]:  # fmt: skip
    """(what ``call`` returns, nothing) or (None, what it raised and on which line of the plugin)."""

    def tried() -> tuple[Any, list[Finding]]:
        try:
            return call(), []
        except NotWritten as error:
            return None, [Finding(words(one.said("zh"), one.said("en")), words("改好这一行。", "Mend that line."))
                          for one in error.faults]  # fmt: skip
        except validate.Garbage as error:
            return None, [advised(f"{what}{error}", kind)]
        except BaseException as error:  # whatever an author's code raises is what he wants to read
            return None, [advised(f"{what}{describe(error)}{_line(error, where)}", "")]

    try:
        answer: tuple[Any, list[Finding]] = lender.run(tried, seconds)
    except (Hung, Raised) as error:
        return None, [advised(f"{what}{error}")]
    return answer


def _line(error: BaseException, where: Path) -> str:
    """The last line of the plugin's own that an error came through: `` (courier/__init__.py:12)``."""
    own = where.parent if where.is_file() else where
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        path = Path(frame.filename)
        if path == where or (where.is_dir() and path.is_relative_to(own)):
            return f" ({path.relative_to(where.parent)}:{frame.lineno})"
    return ""


def _hooks_of(module: object) -> dict[str, Any]:
    """The functions of a module that are marked as hooks, whatever they are called."""
    marked = {name: getattr(module, name, None) for name in dir(module)}
    return {name: one for name, one in marked.items() if getattr(one, f"{PROJECT}_impl", None) is not None}


def _misnamed(module: object) -> Iterator[Finding]:
    """Hooks there are not, with the one that was perhaps meant; and arguments a hook is never given."""
    hooks = _hooks_of(module)
    for name, function in hooks.items():
        if name not in KINDS:
            near = get_close_matches(name, KINDS, n=1)
            meant = f"; did you mean {near[0]!r}?" if near else f"; there are {', '.join(KINDS)}"
            meant_zh = f"，是不是 {near[0]}？" if near else f"；可用：{'、'.join(KINDS)}"
            yield finding(f"unknown hook {name!r}{meant}", "改成正确的钩子名，或去掉 @hookimpl。",
                          "Give it the name of a hook, or take @hookimpl away.", f"没有叫 {name} 的钩子{meant_zh}")
        elif signature(function).parameters:
            yield finding(f"hook {name} takes no arguments, but is {name}{signature(function)}",
                          f"写成 def {name}():。", f"Write def {name}():.",
                          f"钩子 {name} 不带参数，这里却是 {name}{signature(function)}")
    if not hooks:
        yield finding("no function is marked with @hookimpl",
                      "至少写一个钩子，例如 @hookimpl def collection_methods(): return [METHOD]。",
                      "Write at least one hook, such as @hookimpl def collection_methods(): return [METHOD].",
                      "没有一个函数标着 @hookimpl")


def _asked(lender: Lender, module: object, where: Path) -> tuple[dict[str, tuple[Any, ...]], list[Finding]]:
    """(every record by hook, what hooks did instead of returning them)."""
    every: dict[str, tuple[Any, ...]] = {}
    wrong: list[Finding] = []
    for hook, function in _hooks_of(module).items():
        if hook in KINDS and not signature(function).parameters:
            records, complaints = _answer(lender, partial(_records, function, hook), where, CALL_SECONDS, f"{hook}: ")
            every[hook], wrong = tuple(records or ()), wrong + complaints
    return every, wrong


def _sound(
    lender: Lender, every: Mapping[str, tuple[Any, ...]], where: Path
) -> tuple[dict[str, tuple[Any, ...]], list[Finding]]:
    """(the records that are well declared, what is wrong with the others)."""
    sound: dict[str, tuple[Any, ...]] = {}
    wrong: list[Finding] = []
    for hook, records in every.items():
        for one in records:
            said, complaints = _answer(lender, partial(_all_wrong_in, hook, one), where, IMPORT_SECONDS)
            wrong += [*complaints, *(advised(each, type(one).__name__) for each in said or ())]
            if not said and not complaints:
                sound[hook] = (*sound.get(hook, ()), one)
    return sound, wrong


def _records(function: Callable[[], Any], hook: str) -> list[Any]:
    return validate.declared(function(), hook)


def _all_wrong_in(hook: str, record: Any) -> list[str]:
    return list(wrong_in(hook, record))


def _broken(
    lender: Lender, module: object, every: Mapping[str, tuple[Any, ...]], sound: Mapping[str, tuple[Any, ...]],
    where: Path, seconds: float,
) -> list[Finding]:  # fmt: skip
    """What does not keep its promise when it is asked (some questions, ``seconds`` each), or misses its file. Of what
    is not even well declared, only what a method decides is looked at."""
    form = next(iter(sound.get("settings", ())), None)
    wrong: list[Finding] = []

    def tried(call: Callable[[], Any], one: Any) -> tuple[Any, list[Finding]]:
        return _answer(lender, call, where, 2 * seconds, f"{_name_of(one)}: ", type(one).__name__)

    for hook, records in every.items():
        for one in records:
            complaints: list[Finding] = []
            is_sound = any(one is other for other in sound.get(hook, ()))
            if is_sound:
                paper = hook == "document_templates"
                _, complaints = tried(partial(located, one, module) if paper else partial(contract, one, form), one)
            if type(one) is CollectionMethod and callable(one.outcome) and (complaints or not is_sound):
                said, raised = tried(partial(wrong_decided, one, form), one)  # it may be wrong in more ways than one
                raised = [each for each in raised if "positional argument" not in each.said["en"]]  # told by then
                complaints = [advised(f"{_name_of(one)}: {each}", "Decision") for each in said or ()] or (
                    complaints if is_sound else raised)
            wrong += complaints
    return wrong


def _taken(plugin: str, declared: Mapping[str, tuple[Any, ...]], others: Plugins | None) -> Iterator[Finding]:
    """Names that stand twice in the plugin, or are somebody else's: of the core, or of a plugin that is there."""
    namesake = next((one for one in others.status() if one.name == plugin), None) if others is not None else None
    if namesake is not None:
        yield finding(f"another plugin has this name ({namesake.origin}: {namesake.name})",
                      "给文件夹或文件换一个名字。", "Give the folder or file another name.",
                      f"已有插件叫 {namesake.name}（{namesake.origin}）")
    for hook, records in declared.items():
        kind = KINDS[hook]
        ours = [str(getattr(one, kind.key, "")) for one in records]
        theirs = {one.code: "fieldsales" for one in CORE_EXCUSES} if hook == "excuse_codes" else {}
        if others is not None and not kind.shared:
            theirs |= {name: others.brought_by(hook, name) for name in others.declared(hook)
                       if others.brought_by(hook, name) != plugin}  # fmt: skip
        for name in dict.fromkeys(ours):
            if ours.count(name) > 1:
                yield advised(f"the {kind.noun} {name!r} stands twice")
            if name in theirs:
                yield advised(f"the {kind.noun} {name!r} is taken already (by {theirs[name] or 'fieldsales'})")


def _name_of(record: object) -> str:
    return str(getattr(record, "name", "") or getattr(record, "code", "") or type(record).__name__)


def _said_in_one_language(given: Any, where: str) -> Iterator[str]:
    """Words whose Chinese is not Chinese, or whose English is: walked through records, tuples and labels."""
    if isinstance(given, Mapping) and set(given) == {"zh", "en"}:
        zh, en = str(given["zh"]), str(given["en"])
        if zh == en and not _HAN.search(zh) and zh.upper() != zh:  # STARTTLS is called so in both
            yield f"{where}: no Chinese for {en!r}"
        if _HAN.search(en) and not _LATIN.search(en):  # a law may be cited by its own name
            yield f"{where}: no English for {zh!r}"
    elif is_dataclass(given) and not isinstance(given, type):
        inner = f"{where}.{_name_of(given)}" if _name_of(given) not in where.split(".") else where
        for one in fields(given):
            yield from _said_in_one_language(getattr(given, one.name), inner)
    elif isinstance(given, tuple):
        for one in given:
            yield from _said_in_one_language(one, where)


def _missing_files(where: Path) -> Iterator[Finding]:
    if where.is_file():
        return
    if not (where / "README.md").is_file():
        yield finding("no README.md", "写一份：做什么、何时用、怎么设置、依据哪条规定。",
                      "Write one: what it does, when to use it, how it is set up, by which rule of law.",
                      "没有 README.md")
    if not any((where / "tests").glob("test_*.py")):
        yield finding("no tests (tests/test_*.py)", "从 contract(METHOD) 写起，每种结果一个测试。",
                      "Begin with contract(METHOD), then one test for every outcome.",
                      "没有测试（tests/test_*.py）")
