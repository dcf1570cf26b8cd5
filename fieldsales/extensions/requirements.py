"""The plugins of an installation as a requirements file: what another machine needs to be like this one."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from importlib.metadata import entry_points
from pathlib import Path

from fieldsales.extensions.imports import requirements_of
from fieldsales.plugin_api.loading import GROUP
from fieldsales.plugin_api.manager import PluginStatus


def requirements(found: Iterable[PluginStatus]) -> str:
    """Lines for ``pip install -r``: installed packages pinned, what files declare to need; files and built-in plugins
    named in comments."""
    plugins = list(found)
    pins = {point.name: f"{point.dist.metadata['Name']}=={point.dist.version}"
            for point in entry_points(group=GROUP) if point.dist}  # fmt: skip
    built_in = sorted(one.name for one in plugins if one.origin == "built-in")
    lines = ["# Plugins of fieldsales: pip install -r this file,",
             "# then put the files named below into FIELDSALES_PLUGINS_DIR."]  # fmt: skip
    if built_in:
        lines.append(f"# in the program itself: {', '.join(built_in)}")
    lines += sorted({pins[one.name] for one in plugins if one.origin == "installed" and one.name in pins})
    for one in sorted(plugins, key=lambda one: one.name):
        if one.origin == "page":
            lines.append(f"# made on the page of methods, carried over by its file: {one.name}")
        elif one.origin not in ("built-in", "installed"):
            path = Path(one.where)
            lines.append(f"# file: {path.name}  version {one.version or '-'}  sha256 {digest_of(path)}")
            lines += requirements_of(path)
    off = sorted(one.name for one in plugins if one.state == "disabled")
    if off:
        lines.append(f"# switched off here: {', '.join(off)}")
    return "\n".join(lines) + "\n"


def digest_of(path: Path) -> str:
    """The SHA-256 (hex) of a file, or of a folder's files in order with their names; "-" when it cannot be read."""
    try:
        if path.is_file():
            return hashlib.sha256(path.read_bytes()).hexdigest()
        whole = hashlib.sha256()
        for one in sorted(path.rglob("*")):
            if one.is_file() and "__pycache__" not in one.parts:
                name = one.relative_to(path).as_posix().encode()
                whole.update(name + b"\0" + hashlib.sha256(one.read_bytes()).digest())
        return whole.hexdigest()
    except OSError:
        return "-"
