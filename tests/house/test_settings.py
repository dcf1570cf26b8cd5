"""Every setting is described in the code and on the handbook's page, and read nowhere but in config."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pydantic import Field
from pydantic_settings import BaseSettings

from fieldsales.config import Settings
from tests.house.tree import ROOT, ours, plant

#: Read before config can be: where things lie, the bootstrap, and what tests are told.
MAY_READ = ("fieldsales/config.py", "fieldsales/places.py", "fieldsales/machine/", "fieldsales/opening.py")


def complaints(settings: type[BaseSettings], page: str) -> list[str]:
    """Return settings without a description, or not on the page; and names on the page that are none."""
    names = {f"FIELDSALES_{name.upper()}": field for name, field in settings.model_fields.items()}
    wrong = [f"{name}: no description" for name, field in names.items() if not (field.description or "").strip()]
    told = set(re.findall(r"^\|\s*`(FIELDSALES_\w+)`", page, re.MULTILINE))
    wrong += [f"{name}: not on the handbook's page" for name in sorted(set(names) - told)]
    return wrong + [f"{name}: on the page, but no setting" for name in sorted(told - set(names))]


def read_elsewhere(root: Path) -> list[str]:
    """Return modules that read the environment themselves."""
    return [
        path.relative_to(root).as_posix()
        for path in ours(root, ".py", under=("fieldsales", "plugins"))
        if not path.relative_to(root).as_posix().startswith(MAY_READ)
        and re.search(r"os\.environ(?:\[|\.get)|\bgetenv\(", path.read_text(encoding="utf-8"))
    ]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_settings_all_described(language: str) -> None:
    wrong = complaints(Settings, (ROOT / f"fieldsales/handbook/settings.{language}.md").read_text(encoding="utf-8"))
    assert not wrong, "\n".join(wrong)


def test_settings_read_in_one_place() -> None:
    assert read_elsewhere(ROOT) == []


def test_settings_undescribed_or_unknown_one_is_found() -> None:
    class Planted(BaseSettings):
        known: str = Field(default="", description="Known.")
        mute: str = ""

    assert complaints(Planted, "| `FIELDSALES_KNOWN` | … |\n| `FIELDSALES_GONE` | … |") == [
        "FIELDSALES_MUTE: no description",
        "FIELDSALES_MUTE: not on the handbook's page",
        "FIELDSALES_GONE: on the page, but no setting",
    ]


def test_settings_read_elsewhere_is_found(tmp_path: Path) -> None:
    plant(tmp_path, {"fieldsales/visits/rules.py": 'import os\nX = os.environ["FIELDSALES_X"]\n', "plugins/a.py": ""})
    assert read_elsewhere(tmp_path) == ["fieldsales/visits/rules.py"]


def test_settings_file_in_the_home_folder_is_read_and_the_environment_wins(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "settings.env").write_text("FIELDSALES_COMPANY_NAME=东湖建材\nFIELDSALES_FAR_AWAY_M=900\n", "utf-8")
    monkeypatch.setenv("FIELDSALES_HOME", str(tmp_path))
    monkeypatch.setenv("FIELDSALES_FAR_AWAY_M", "700")
    settings = Settings()
    assert (settings.home, settings.company_name, settings.far_away_m) == (tmp_path, "东湖建材", 700)
