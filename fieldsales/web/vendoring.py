"""The JavaScript of others that ships with the program: fetched by name and version, pinned by hash.

``python -m fieldsales.web.vendoring`` fetches every library of ``LIBRARIES`` with npm, rewrites its
bare imports to files beside it (an import map would have to be an inline script, which the
Content-Security-Policy forbids) and writes ``static/vendor/manifest.json``. ``--check`` compares the
files with the manifest and needs no network.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
import subprocess
import sys
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Library:
    """One file of one npm package. ``lazy``: not part of the field app's first load."""

    package: str
    version: str
    source: str
    target: str
    licence: str
    lazy: bool = False


LIBRARIES = (
    Library("preact", "11.2.0", "dist/preact.mjs", "preact.js", "MIT"),
    Library("preact", "11.2.0", "hooks/dist/hooks.mjs", "hooks.js", "MIT"),
    Library("htm", "3.1.1", "dist/htm.mjs", "htm.js", "Apache-2.0"),
    Library("@preact/signals-core", "1.14.5", "dist/signals-core.mjs", "signals-core.js", "MIT"),
    Library("@preact/signals", "2.11.4", "dist/signals.mjs", "signals.js", "MIT"),
    Library("signature_pad", "5.1.4", "dist/signature_pad.min.js", "signature_pad.js", "MIT", lazy=True),
)

#: what a bare import inside a library becomes
BARE = {
    "preact": "./preact.js",
    "preact/hooks": "./hooks.js",
    "@preact/signals-core": "./signals-core.js",
}


def rewrite(text: str) -> str:
    """The module with bare imports made relative and its source-map comment dropped.

    Raises ValueError for a bare import that no vendored file answers.
    """

    def local(found: re.Match[str]) -> str:
        if found[2] not in BARE:
            raise ValueError(f"no vendored file for the import {found[2]!r}")
        return f'{found[1]}"{BARE[found[2]]}"'

    text = re.sub(r"(\b(?:from|import)\s*)[\"']([^.\"'/][^\"']*)[\"']", local, text)
    return re.sub(r"\n?//# sourceMappingURL=.*\n?", "\n", text).strip() + "\n"


def fetch(package: str, version: str, into: Path) -> dict[str, bytes]:
    """The files of a package as npm delivers it (npm checks the registry's own integrity hash)."""
    done = subprocess.run(
        ["npm", "pack", "--silent", f"{package}@{version}"], cwd=into, check=True, capture_output=True, text=True
    )
    archive = into / done.stdout.strip().splitlines()[-1]
    files: dict[str, bytes] = {}
    with tarfile.open(fileobj=io.BytesIO(archive.read_bytes())) as tar:
        for member in tar.getmembers():
            taken = tar.extractfile(member) if member.isfile() else None
            if taken:
                files[member.name.partition("/")[2]] = taken.read()
    return files


def vendor(folder: Path) -> None:
    """Fetch everything, write the files, their licences and the manifest."""
    entries: list[dict[str, Any]] = []
    licences: dict[str, str] = {}
    with tempfile.TemporaryDirectory() as temporary:
        for library in LIBRARIES:
            files = fetch(library.package, library.version, Path(temporary))
            body = rewrite(files[library.source].decode()).encode()
            (folder / library.target).write_bytes(body)
            title = f"{library.package} {library.version} ({library.licence})"
            licences[title] = next(text.decode() for name, text in sorted(files.items()) if name.startswith("LICENSE"))
            entries.append(
                {
                    "file": library.target,
                    "package": library.package,
                    "version": library.version,
                    "source": library.source,
                    "licence": library.licence,
                    "lazy": library.lazy,
                    "sha256": hashlib.sha256(body).hexdigest(),
                }
            )
    (folder / "manifest.json").write_text(json.dumps(entries, indent=1) + "\n", encoding="utf-8")
    texts = "\n\n".join(f"{title}\n{'=' * len(title)}\n\n{text.strip()}" for title, text in licences.items())
    (folder / "LICENCES.txt").write_text(texts + "\n", encoding="utf-8")


def differences(folder: Path) -> list[str]:
    """What does not agree with the manifest, one line each; empty when all is as pinned."""
    entries: list[dict[str, Any]] = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    wrong = []
    for entry in entries:
        path = folder / entry["file"]
        if not path.is_file():
            wrong.append(f"{entry['file']} is missing")
        elif hashlib.sha256(path.read_bytes()).hexdigest() != entry["sha256"]:
            wrong.append(f"{entry['file']} is not the pinned {entry['package']} {entry['version']}")
    known = {entry["file"] for entry in entries}
    wrong += [f"{path.name} is not in the manifest" for path in folder.glob("*.js") if path.name not in known]
    pinned = {(library.target, library.version) for library in LIBRARIES}
    wrong += [
        f"{name} {version} is not what the manifest holds"
        for name, version in sorted(pinned - {(entry["file"], entry["version"]) for entry in entries})
    ]
    return wrong


def main() -> int:
    """Fetch, or with ``--check`` compare."""
    folder = Path(__file__).resolve().parents[2] / "static" / "vendor"
    if "--check" not in sys.argv[1:]:
        vendor(folder)
    wrong = differences(folder)
    print("\n".join(wrong) or "every vendored file is as pinned")
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
