"""Links in README, CHANGELOG and handbook lead somewhere, and the pages are there in both languages."""

from __future__ import annotations

import re
from pathlib import Path

from tests.house.tree import ROOT, ours, plant

LINK = re.compile(r"!?\[[^\]]*\]\(([^)#\s]+)(?:#[^)]*)?\)")
ADDRESS = re.compile(r"^(?:https?:|mailto:|/)")


def dead_links(root: Path) -> list[str]:
    """Return relative links that lead to no file; a handbook page may be named without its language."""
    found = []
    for path in ours(root, ".md"):
        for target in LINK.findall(path.read_text(encoding="utf-8")):
            ends = (path.parent / target, path.parent / f"{target}.md", path.parent / f"{target}.zh.md")
            if not ADDRESS.match(target) and not any(end.exists() for end in ends):
                found.append(f"{path.relative_to(root).as_posix()}: {target}")
    return found


def one_language_only(folder: Path) -> list[str]:
    """Return handbook pages that lack their other language."""
    names = {path.name for path in folder.glob("*.md")}
    pairs = {name.removesuffix(".md").removesuffix(".zh").removesuffix(".en") for name in names}
    return sorted(name for name in pairs if not {f"{name}.zh.md", f"{name}.en.md"} <= names)


def test_links_lead_somewhere() -> None:
    assert dead_links(ROOT) == []


def test_handbook_in_both_languages() -> None:
    assert one_language_only(ROOT / "fieldsales" / "handbook") == []


def test_links_dead_one_and_missing_language_are_found(tmp_path: Path) -> None:
    plant(tmp_path, {"README.md": "[a](gone.md) [b](#here) [c](https://example.org/x) ![d](there.png)", "there.png": "",
                     "book/rep.zh.md": "", "book/both.zh.md": "", "book/both.en.md": ""})  # fmt: skip
    assert dead_links(tmp_path) == ["README.md: gone.md"]
    assert one_language_only(tmp_path / "book") == ["rep"]
