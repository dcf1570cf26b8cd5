"""``plugin …`` on the command line: begin, check, test, switch, and a list for another machine."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from click.testing import CliRunner

from fieldsales.cli import cli
from fieldsales.extensions import checking
from fieldsales.plugin_api.loading import in_folder
from fieldsales.plugin_api.manager import Plugins
from tests.extensions.conftest import write_keeper

ROOT = Path(__file__).parents[2]


@pytest.fixture
def at_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine of one's own: home, no database yet, and a folder of plugins."""
    folder = tmp_path / "mine"
    folder.mkdir()
    monkeypatch.setenv("FIELDSALES_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("FIELDSALES_PLUGINS_DIR", str(folder))
    monkeypatch.delenv("FIELDSALES_DATABASE_URL", raising=False)
    return folder


def run(*arguments: str, code: int = 0) -> str:
    done = CliRunner().invoke(cli, ["plugin", *arguments])
    assert done.exit_code == code, (done.output, done.exception)
    return done.output


def test_new_plugin_is_sound_and_lacks_nothing(at_home: Path) -> None:
    run("new", "courier", "--into", str(at_home), "--title", "专人送达")
    made = sorted(path.relative_to(at_home).as_posix() for path in at_home.rglob("*") if path.is_file())
    assert made == ["courier/README.md", "courier/__init__.py", "courier/py.typed", "courier/pyproject.toml",
                    "courier/tests/__init__.py", "courier/tests/test_courier.py"]  # fmt: skip
    assert run("check", str(at_home / "courier"), "--strict") == "Sound: courier, collection_methods\n"
    assert "courier\t0.1\tfile\tactive\tcourier" in run("list")


@pytest.mark.parametrize(("given", "labels", "lacking"), [
    (["--title", "专人送达"], 'words("专人送达", "Hand delivery")', ""),
    (["--title", "专人送达", "--title-en", "By courier"], 'words("专人送达", "By courier")', ""),
    (["--title", "Kurier"], 'words("Kurier", "Kurier")', "no Chinese for 'Kurier'"),
    ([], 'words("Hand delivery", "Hand delivery")', "no Chinese for 'Hand delivery'"),
])
def test_new_plugin_has_a_title_in_each_language(at_home: Path, given: list[str], labels: str, lacking: str) -> None:
    run("new", "hand_delivery", "--into", str(at_home), *given)
    assert labels in (at_home / "hand_delivery" / "__init__.py").read_text("utf-8")
    said = run("check", str(at_home / "hand_delivery"))
    assert lacking in said
    assert ("Lacking" in said) is bool(lacking)


def test_new_plugin_may_not_take_a_name_that_is_there(at_home: Path) -> None:
    write_keeper(at_home, "keeper")
    (at_home / "keeper.py").rename(at_home / "notes.py")
    shipped = sorted(one.name for one in in_folder(ROOT / "plugins", "built-in"))[:1]
    for name, said in [("keeper", "The plugin notes has a method keeper"), ("notes", "There is a plugin notes"),
                       ("json", "a module of Python's own"), *((one, f"a plugin {one}") for one in shipped)]:
        assert said in run("new", name, "--into", str(at_home / "here"), code=1)
    assert not (at_home / "here").exists()


@pytest.mark.slow
def test_new_plugins_tests_pass_and_it_is_clean_and_can_be_installed(at_home: Path) -> None:
    run("new", "courier", "--into", str(at_home), "--title", "专人送达")
    environment = os.environ | {"PYTHONPATH": str(ROOT)}

    def done(*command: str) -> str:
        found = subprocess.run([sys.executable, "-m", *command], cwd=at_home, env=environment, capture_output=True,
                               text=True, timeout=180, check=False)  # fmt: skip
        assert found.returncode == 0, found.stdout + found.stderr
        return found.stdout

    with ThreadPoolExecutor() as side_by_side:
        said = list(side_by_side.map(lambda command: done(*command), [
            ("fieldsales", "plugin", "test", "courier"),
            ("mypy", "--strict", "--explicit-package-bases", "courier/__init__.py"),
            ("ruff", "check", "--isolated", "--line-length", "120", "--select", "E,F,I,UP,B,SIM,C4,RUF,PT",
             "--ignore", "RUF001", "courier"),
            ("build", "--wheel", "--no-isolation", "--outdir", str(at_home / "dist"), "courier")]))  # fmt: skip
    assert "4 passed" in said[0]
    [wheel] = (at_home / "dist").glob("fieldsales_courier-0.1-*.whl")
    listed = zipfile.ZipFile(wheel).namelist()
    assert "courier/__init__.py" in listed
    assert not any("test_courier" in name for name in listed)


@pytest.mark.parametrize(("name", "title"), [("class", ""), ("Courier", ""), ("a b", ""), ("../x", ""),
                                             ("courier", 'x"""\nimport os'), ("courier", "{0}"),
                                             ("courier", "长" * 41)])  # fmt: skip
def test_name_or_title_that_would_break_the_file_is_refused(at_home: Path, name: str, title: str) -> None:
    run("new", name, "--into", str(at_home), "--title", title, code=1)
    assert list(at_home.iterdir()) == []


def test_check_tells_everything_and_what_to_do_and_ends_badly(at_home: Path) -> None:
    head = "import yaml\nfrom fieldsales.plugin_api import hookimpl\n\n@hookimpl\n"
    (at_home / "bad.py").write_text(f"{head}def observer():\n    return []\n", "utf-8")
    said = run("check", str(at_home / "bad.py"), code=1)
    for words in ("did you mean 'observers'", "Give it the name of a hook", "bad.py:1: imports yaml", "# /// script",
                  "Not so: 2 wrong, 0 lacking"):  # fmt: skip
        assert words in said, said


def test_what_is_lacking_is_told_and_counts_only_when_asked(at_home: Path) -> None:
    write_keeper(at_home, "keeper")
    folder = at_home / "bare"
    folder.mkdir()
    text = (at_home / "keeper.py").read_text("utf-8").replace("天数", "Days")
    (at_home / "keeper.py").unlink()
    (folder / "__init__.py").write_text(text, "utf-8")
    said = run("check", str(folder))
    for words in ("no README.md", "no tests", "no Chinese for 'Days'"):
        assert words in said
    run("check", str(folder), "--strict", code=1)


def test_shipped_plugins_lack_no_translation() -> None:
    for found in in_folder(ROOT / "plugins", "built-in"):
        report = checking.examined(found)
        assert report.wrong == (), found.name
        assert [one for one in report.lacking if not one.said["en"].startswith("no README")] == [], found.name


def test_plugin_is_switched_off_and_on_from_the_command_line(at_home: Path) -> None:
    write_keeper(at_home, "keeper")
    run("disable", "keeper", "--reason", "试用结束")
    assert "keeper\t-\tfile\tdisabled" in run("list")
    run("disable", "nobody", code=1)
    assert "# switched off here: keeper" in run("requirements")
    run("enable", "keeper")
    assert "keeper\t-\tfile\tactive\tkeeper" in run("list")
    run("resume", "keeper")


def test_requirements_name_what_a_file_declares_to_need(at_home: Path) -> None:
    write_keeper(at_home, "keeper")
    path = at_home / "keeper.py"
    path.write_text('# /// script\n# dependencies = ["pyyaml>=6"]\n# ///\n' + path.read_text("utf-8"), "utf-8")
    lines = run("requirements").splitlines()
    assert lines[lines.index("pyyaml>=6") - 1].startswith("# file: keeper.py")


def test_list_makes_no_database(at_home: Path, tmp_path: Path) -> None:
    run("list")
    assert not (tmp_path / "home").exists()


def test_at_least_one_shipped_plugin_has_settings() -> None:
    plugins = Plugins.load(ROOT / "plugins", with_installed=False)
    if not plugins.status():
        pytest.skip("no plugin is shipped")
    assert any("settings" in plugins.brings(one.name) for one in plugins.status())
