"""``python3 -m fieldsales verify FILE``: for whoever holds the file, without a server."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from fieldsales.cli import main
from fieldsales.config import Settings
from fieldsales.documents.judge import judge


def test_verify_tells_sound_from_tampered(
    sealed_file: Path, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    monkeypatch.setenv("FIELDSALES_HOME", str(settings.home))
    monkeypatch.setenv("LANGUAGE", "zh_CN")
    tampered = tmp_path / "tampered.pdf"
    tampered.write_bytes(sealed_file.read_bytes() + b"\n")
    assert main(["verify", str(sealed_file)]) == 0
    assert "完好 HK" in capfd.readouterr().out
    assert main(["verify", str(sealed_file), str(tampered)]) == 1
    assert "封存之后在文件末尾追加了内容" in capfd.readouterr().err
    assert main(["verify", "--json", str(tampered)]) == 1
    assert json.loads(capfd.readouterr().out)["problems"] == ["bytes_after_seal"]


def test_verify_makes_no_key_and_trusts_nobody_without_one(
    sealed_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FIELDSALES_HOME", str(tmp_path / "nowhere"))
    monkeypatch.setenv("LANGUAGE", "en")
    assert main(["verify", str(sealed_file)]) == 1
    assert "not from a key of this house" in capfd.readouterr().err
    assert not (tmp_path / "nowhere" / "keys").exists()


def test_what_holds_for_two_reasons_is_said_once(sealed_file: Path) -> None:
    assert judge(sealed_file.read_bytes(), [], own=frozenset({b"another"})).problems == ["not_ours"]
