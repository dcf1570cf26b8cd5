"""Where things lie: the program's own folders, and the folder of its data. Standard library only.

A checkout keeps ``plugins/``, ``static/`` and ``templates/`` beside the package, a wheel inside it.
"""

from __future__ import annotations

import os
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent
"""The folder of the package ``fieldsales`` itself."""


def source_root() -> Path | None:
    """Return the checkout this package runs from, or None when it is an installed wheel."""
    root = PACKAGE.parent
    return root if (root / "setup.cfg").is_file() and (root / "plugins").is_dir() else None


def data_dir(name: str) -> Path:
    """Return the folder ``name`` ("plugins", "static", "templates"): in the package, or one level up.

    Raises FileNotFoundError when neither is there: an installation without its templates cannot
    serve a page, and says so at the start rather than at the first request.
    """
    for folder in (PACKAGE / name, PACKAGE.parent / name):
        if folder.is_dir():
            return folder
    raise FileNotFoundError(f"no folder {name!r} in or beside {PACKAGE}")


def home() -> Path:
    """Return the folder of database, blobs and keys: FIELDSALES_HOME, by default in the user's own data.

    It is never inside the program's tree, so that a deleted or updated program takes no data with it.
    The folder need not exist yet.
    """
    named = os.environ.get("FIELDSALES_HOME")
    if named:
        return Path(named).expanduser().absolute()
    base = os.environ.get("XDG_DATA_HOME")
    return (Path(base) if base else Path.home() / ".local" / "share") / "fieldsales"
