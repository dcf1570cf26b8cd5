"""Finding plugins: the built-in folder, installed packages, and single files in a folder of one's own.

Finding imports nothing. Importing one plugin can fail or hang without touching another.
"""

from __future__ import annotations

import ast
import importlib
import itertools
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, entry_points, version
from pathlib import Path
from types import ModuleType

from fieldsales.kernel.text import clean
from fieldsales.plugin_api.fields import NAME
from fieldsales.plugin_api.written.judging import WrittenPlugin
from fieldsales.plugin_api.written.sense import read

#: Entry points of installed packages that bring plugins.
GROUP = "fieldsales"
#: What the built-in plugins are called, whether they lie in the package or beside it.
BUILT_IN = "fieldsales.plugins"
_LOADS = itertools.count(1)
_PACKAGE = Path(__file__).resolve().parents[1]


@dataclass(frozen=True, slots=True)
class Found:
    """A plugin that is there but not yet imported. ``origin``: built-in | installed | file | page."""

    name: str
    origin: str
    where: str
    version: str
    load: Callable[[], object]


@dataclass(frozen=True, slots=True)
class Outside:
    """What a plugin's first file says of it without being run: the hooks it defines, what it is called, what it is."""

    hooks: tuple[str, ...] = ()
    title: Mapping[str, str] = field(default_factory=dict)
    about: Mapping[str, str] = field(default_factory=dict)


#: Of a plugin's file so much is looked at.
_MOST_READ = 200_000


def outside(found: Found, hooks: Iterable[str]) -> Outside:
    """A plugin that is off, or could not be imported, as far as its file can be read; nothing of an installed one."""
    where = Path(found.where)
    try:
        with open(where / "__init__.py" if where.is_dir() else where, encoding="utf-8", errors="replace") as file:
            text = file.read(_MOST_READ)
        defined = tuple(sorted(one for one in hooks if re.search(rf"^def {one}\b", text, re.M)))
    except (OSError, ValueError):  # no file at all
        return Outside()
    try:
        tops = ast.parse(text).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return Outside(defined)
    return Outside(defined, _words_of(tops, "__title__", 40), _words_of(tops, "__about__", 300))


def _words_of(tops: list[ast.stmt], name: str, longest: int) -> Mapping[str, str]:
    """``name = words("…", "…")`` at the top of a file, empty where there is no such line."""
    for one in tops:
        match one:
            case ast.Assign([ast.Name(id=found)], ast.Call(ast.Name("words"), [ast.Constant(zh), ast.Constant(en)])):
                if found == name and isinstance(zh, str) and isinstance(en, str):
                    return {"zh": clean(zh)[:longest], "en": clean(en)[:longest]}
    return {}


def _parent(folder: Path) -> str:
    """The package that stands for ``folder`` in sys.modules; made there when it is missing."""
    folder = folder.resolve()
    own = folder in (_PACKAGE / "plugins", _PACKAGE.parent / "plugins")
    # A folder of one's own is imported anew by every program that loads it: two share no module state.
    name = BUILT_IN if own else f"fieldsales_plugins_{next(_LOADS)}"
    if name not in sys.modules:
        package = ModuleType(name, f"The plugins in {folder.name}.")
        package.__path__ = [str(folder)]
        sys.modules[name] = package
    return name


def _own_version() -> str:
    """The program's version, which its built-in plugins share; empty when it is not installed."""
    try:
        return version("fieldsales")
    except PackageNotFoundError:
        return ""


def written(name: str, origin: str, where: str, version: str, text: Callable[[], str | bytes]) -> Found:
    """A method written without programming (``plugin_api.written``): its TOML text is the whole plugin."""
    return Found(name, origin, where, version, lambda: WrittenPlugin(read(text())))


def _loader(parent: str, name: str) -> Callable[[], object]:
    def load() -> object:
        return importlib.import_module(f"{parent}.{name}")

    return load


def in_folder(folder: Path, origin: str) -> Iterator[Found]:
    """Plugins in a folder: packages, and where ``origin`` is ``file`` single ``.py`` and ``.toml`` files too."""
    if not folder.is_dir():
        return
    importlib.invalidate_caches()
    parent, shared = _parent(folder), _own_version() if origin == "built-in" else ""
    for entry in sorted(folder.iterdir()):
        is_package = entry.is_dir() and (entry / "__init__.py").is_file()
        if origin == "file" and entry.is_file() and entry.suffix == ".toml" and NAME.fullmatch(entry.stem):
            yield written(entry.stem, origin, str(entry), "", entry.read_bytes)
            continue
        is_module = origin == "file" and entry.is_file() and entry.suffix == ".py"
        name = entry.stem if is_module else entry.name
        if not (is_package or is_module) or name.startswith(("_", "conftest", "test_")) or not name.isidentifier():
            continue
        yield Found(name, origin, str(entry), shared, _loader(parent, name))


def installed() -> Iterator[Found]:
    """Plugins of installed packages, by the entry-point group ``fieldsales``."""
    for point in entry_points(group=GROUP):
        yield Found(point.name, "installed", point.value, point.dist.version if point.dist else "", point.load)
