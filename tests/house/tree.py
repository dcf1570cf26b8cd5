"""The tree under test: which files are ours. Every check takes the root, so that a planted tree shows it works."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

NOT_OURS = {
    ".git", ".venv", "build", "dist", "node_modules", "__pycache__", "vendor", "var", "instance",
    ".pytest_cache", ".mypy_cache", ".ruff_cache", ".hypothesis", ".import_linter_cache",
}  # fmt: skip


def ours(root: Path, *suffixes: str, under: tuple[str, ...] = ()) -> Iterator[Path]:
    """Yield the project's own files with one of the suffixes, below ``under`` (all folders when empty)."""
    places = [root / name for name in under] or [root]
    for place in places:
        for path in sorted(place.rglob("*")):
            inside = path.relative_to(root).parts
            if path.suffix in suffixes and path.is_file() and not (NOT_OURS & set(inside) or _generated(inside)):
                yield path


def _generated(parts: tuple[str, ...]) -> bool:
    return any(part.endswith(".egg-info") for part in parts) or (
        len(parts) > 2 and parts[-3:-1] == ("migrations", "versions")
    )


def plant(root: Path, files: dict[str, str]) -> Path:
    """Write the files below ``root`` and return it: a tree in which a check must find something."""
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return root
