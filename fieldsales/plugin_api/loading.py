"""Finding plugins: the built-in folder, installed packages, and single files in a folder of one's own.

Finding imports nothing. Importing one plugin can fail or hang without touching another.
"""

from __future__ import annotations

import importlib
import itertools
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, entry_points, version
from pathlib import Path
from types import ModuleType

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


_TITLE = re.compile(r"^__title__ = words\(\s*\"([^\"\n]{1,40})\",\s*\"([^\"\n]{1,40})\"", re.M)
#: Of a plugin's files so much is read to see what it would bring.
_MOST_READ = 200_000


def as_written(found: Found, hooks: Iterable[str]) -> tuple[tuple[str, ...], dict[str, str]]:
    """(hooks, title) of a plugin that could not be imported, as far as its own first file says without running it."""
    where = Path(found.where)
    try:
        with open(where / "__init__.py" if where.is_dir() else where, encoding="utf-8", errors="replace") as file:
            text = file.read(_MOST_READ)
    except (OSError, ValueError):  # an installed package, or no file at all
        return (), {}
    title = _TITLE.search(text)
    return (tuple(sorted(one for one in hooks if re.search(rf"^def {one}\b", text, re.M))),
            {"zh": title[1], "en": title[2]} if title else {})


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
