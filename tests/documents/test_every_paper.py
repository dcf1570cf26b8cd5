"""Every kind of paper in every language: whole, dated, paged, and conformant before it is sealed."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from fieldsales.config import Settings
from fieldsales.documents import press
from tests.documents import samples
from tests.documents.test_verapdf import verdicts

PAPERS = samples.every_paper()


@pytest.mark.parametrize("name", [name for name in PAPERS if name.endswith("zh-en")])
def test_paper_in_both_languages_says_which_prevails(settings: Settings, tmp_path: Path, name: str) -> None:
    kind, lang, source = PAPERS[name]
    target = tmp_path / "p.pdf"
    target.write_bytes(press.make(kind, source, lang, settings))
    text = subprocess.run(["pdftotext", target, "-"], capture_output=True, text=True, check=True).stdout
    flat = " ".join(text.split())
    assert "以中文文本为准" in flat.replace(" ", "")
    assert "the Chinese text prevails" in flat
    assert "{" not in flat


@pytest.mark.slow
@pytest.mark.verapdf
def test_every_paper_in_every_language_conforms(settings: Settings, tmp_path: Path) -> None:
    files = []
    for name, (kind, lang, source) in PAPERS.items():
        files.append(tmp_path / f"{name}.pdf")
        files[-1].write_bytes(press.make(kind, source, lang, settings))
    found = verdicts(files)
    assert len(found) == 2 * len(PAPERS) == 60
    assert all(found.values()), [name for name, said in found.items() if not said]
