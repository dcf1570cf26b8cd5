"""Nothing of one machine or one person in the tree: no registry, no key, no path of someone's disk."""

from __future__ import annotations

import re
from pathlib import Path

from tests.house.tree import ROOT, ours, plant

TEXTS = (".py", ".cfg", ".toml", ".txt", ".md", ".html", ".js", ".mjs", ".css", ".json", ".po", ".ini", ".yml", ".yaml",
         ".sh", ".csv", ".webmanifest", ".svg", ".pem", ".key", ".env", "")  # fmt: skip
LEAKS = {
    "a package registry": re.compile(
        r"(?:--|\b)(?:extra-)?index-url[ =]|\bfind-links[ =]|\btrusted-host[ =]"
        r"|https?://[^/\s\"']*(?:registry\.|artifact|pythonhosted|mirror)[^\s\"']*|\s@\s(?:https?|file)://",
        re.IGNORECASE,
    ),
    "a machine's path": re.compile(r"(?<![\w.$])/(?:root|work|home/\w+|Users/\w+)/[\w.]"),
    "a private key": re.compile(r"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----"),
    "a token": re.compile(r"\b(?:AKIA[0-9A-Z]{16}|gh[pousr]_\w{30,}|sk-[A-Za-z0-9]{32,}|xox[baprs]-\w{10,})"),
}


def leaks(root: Path) -> list[str]:
    """Return each line that names a registry, a key, a token or a folder of someone's machine."""
    found = []
    for path in ours(root, *TEXTS):
        if path == Path(__file__).resolve():
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="ignore").splitlines(), 1):
            name = path.relative_to(root).as_posix()
            found += [f"{name}:{number} {what}" for what, pattern in LEAKS.items() if pattern.search(line)]
    return found


def test_secrets_none_in_the_tree() -> None:
    wrong = leaks(ROOT)
    assert not wrong, "\n".join(wrong)


def test_secrets_planted_ones_are_found(tmp_path: Path) -> None:
    key = "-----BEGIN EC PRIVATE" + " KEY-----"
    plant(
        tmp_path,
        {
            "fieldsales/constraints.txt": "flask @ https://example.org/flask.whl\nweasyprint==70\n",
            "README.md": "pip install --index-url https://example.org\nopen /roots/ and docs/work/x\n",
            "fieldsales/a.py": f'HERE = "/home/anna/data"\nKEY = """{key}"""\n',
        },
    )
    assert leaks(tmp_path) == [
        "README.md:1 a package registry",
        "fieldsales/a.py:1 a machine's path",
        "fieldsales/a.py:2 a private key",
        "fieldsales/constraints.txt:1 a package registry",
    ]
