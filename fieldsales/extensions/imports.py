"""What a plugin imports, read from its source without running it, and what of that it has not declared to need.

A plugin may import the standard library, ``fieldsales.plugin_api``, ``fieldsales.kernel``, its own modules relatively,
and what its requirements name: ``dependencies`` in ``pyproject.toml``, ``install_requires`` in ``setup.cfg``, and in a
single file the block ``# /// script`` (PEP 723).
"""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from configparser import ConfigParser
from configparser import Error as ConfigError
from contextlib import suppress
from functools import cache
from importlib.metadata import PackageNotFoundError, packages_distributions, version
from pathlib import Path

from fieldsales.extensions.advice import Finding, finding

_ALLOWED = ("fieldsales.plugin_api", "fieldsales.kernel")
_ASIDE = ("tests", "build", "dist", "__pycache__")
_SCRIPT = re.compile(r"^# /// script$\n((?:^#(?: .*)?$\n)+?)^# ///$", re.MULTILINE)
_NAMED = re.compile(r"\s*([A-Za-z0-9][A-Za-z0-9._-]*)")


def read_sources(where: Path) -> tuple[dict[Path, ast.Module], list[Finding]]:
    """(the plugin's modules as they parse, what does not parse). Its tests are left out: they are no part of it."""
    parsed, wrong = dict[Path, ast.Module](), []
    for path in _sources(where):
        try:
            parsed[path] = ast.parse(path.read_bytes(), str(path))
        except (SyntaxError, ValueError) as error:
            line = getattr(error, "lineno", None) or 1
            wrong.append(finding(f"{_named(path, where)}:{line}: {getattr(error, 'msg', error)}",
                                 "Python 读不懂这一行，先改好它。", "Python cannot read this line; mend it first."))
    return parsed, wrong


def undeclared(where: Path, parsed: dict[Path, ast.Module], own: str) -> list[Finding]:
    """What the modules import and may not, or have not declared; each module once, with where it stands."""
    places: dict[str, str] = {}
    for path, tree in parsed.items():
        for name, line in _imported(tree):
            places.setdefault(name, f"{_named(path, where)}:{line}")
    declared = frozenset(map(_normal, requirements_of(where)))
    found = (_objection(name, at, own, where, declared) for name, at in places.items())
    return [one for one in found if one is not None]


def requirements_of(where: Path) -> list[str]:
    """The requirements a plugin declares, as written; fieldsales itself left out."""
    lines = _in_script(where) if where.is_file() else []
    homes = [where, where.parent, where.parent.parent] if where.is_dir() else []
    for home in homes:
        if (home / "pyproject.toml").is_file() or (home / "setup.cfg").is_file():
            lines += [*_in_pyproject(home / "pyproject.toml"), *_in_setup(home / "setup.cfg")]
            break
    return [one for one in lines if _normal(one) not in ("", "fieldsales")]


def _sources(where: Path) -> Iterator[Path]:
    if where.is_file():
        yield from [where] if where.suffix == ".py" else []
        return
    for path in sorted(where.rglob("*.py")):
        inner = path.relative_to(where).parts
        is_aside = any(part in _ASIDE or part.startswith(".") for part in inner[:-1])
        if not is_aside and path.name not in ("conftest.py", "setup.py"):
            yield path


def _named(path: Path, where: Path) -> str:
    return path.name if where.is_file() else path.relative_to(where.parent).as_posix()


def _imported(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """(dotted name, line) of everything imported absolutely, wherever in the module it stands."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((one.name, node.lineno) for one in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level and node.module:
            deeper = node.module == "fieldsales"  # ``from fieldsales import kernel`` names a module, not a value
            yield from ((f"fieldsales.{one.name}" if deeper else node.module, node.lineno) for one in node.names)


def _objection(name: str, at: str, own: str, where: Path, declared: frozenset[str]) -> Finding | None:
    top = name.partition(".")[0]
    if top in sys.stdlib_module_names or any(name == one or name.startswith(f"{one}.") for one in _ALLOWED):
        return None
    if top == "fieldsales":
        return finding(f"{at}: imports {name}",
                       "插件只能用 fieldsales.plugin_api 和 fieldsales.kernel，其余部分随时会变。",
                       "A plugin may use fieldsales.plugin_api and fieldsales.kernel; all else changes without notice.",
                       f"{at}：导入了 {name}")
    beside = where.parent / f"{top}.py" if where.is_file() else where / f"{top}.py"
    if top == own or beside.is_file() or (where.is_dir() and (where / top / "__init__.py").is_file()):
        inner = name.partition(".")[2] if top == own else name
        return finding(f"{at}: imports {name} by its full name",
                       f"自己的模块要相对导入：from .{inner} import …（放进插件目录后它没有这个全名）。",
                       f"Import your own modules relatively, from .{inner} import …: in the folder of plugins it has "
                       "no such name.", f"{at}：用全名导入了自己的 {name}")
    owners = [_normal(one) for one in _owners().get(top, [])]
    if {_normal(top), *owners} & declared:
        return None
    return _unsaid(at, top, owners[0] if owners else top, where)


def _unsaid(at: str, top: str, package: str, where: Path) -> Finding:
    said, said_zh = f"{at}: imports {top}, which it does not declare to need", f"{at}：导入了没有声明的 {top}"
    with suppress(PackageNotFoundError):  # it is not installed here either: then its version is not known
        package = f"{package}>={version(package)}"
    if where.is_file():
        return finding(said, f'在文件开头写三行：# /// script、# dependencies = ["{package}"]、# ///',
                       f'Begin the file with three lines: # /// script, # dependencies = ["{package}"], # ///',
                       said_zh)
    return finding(said, f'在 pyproject.toml 的 dependencies 里加上 "{package}"。',
                   f'Add "{package}" to dependencies in pyproject.toml.', said_zh)


@cache
def _owners() -> dict[str, list[str]]:
    """Which distributions bring a top-level module, of those installed here."""
    return {name: list(dict.fromkeys(found)) for name, found in packages_distributions().items()}


def _normal(requirement: str) -> str:
    named = _NAMED.match(requirement)
    return re.sub(r"[-_.]+", "-", named[1]).lower() if named else ""


def _in_script(path: Path) -> list[str]:
    try:
        block = _SCRIPT.search(path.read_text("utf-8"))
        text = "\n".join(line[2:] for line in block[1].splitlines()) if block else ""
        return [str(one) for one in tomllib.loads(text).get("dependencies", [])]
    except (OSError, ValueError):
        return []


def _in_pyproject(path: Path) -> list[str]:
    try:
        project = tomllib.loads(path.read_text("utf-8")).get("project", {})
    except (OSError, ValueError):
        return []
    extras = project.get("optional-dependencies", {}).values()
    return [str(one) for some in (project.get("dependencies", []), *extras) for one in some]


def _in_setup(path: Path) -> list[str]:
    found = ConfigParser(interpolation=None)
    try:
        found.read(path, "utf-8")
        return found.get("options", "install_requires", fallback="").split("\n")
    except (ConfigError, ValueError):
        return []
