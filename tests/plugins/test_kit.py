"""The test kit, as the author of a plugin uses it: a folder with one file and its test, and pytest."""

from __future__ import annotations

import subprocess
import textwrap
from pathlib import Path

import pytest

PLUGIN = """
    from fieldsales.plugin_api import CollectionMethod, Decision, MakeTask, Problem, SendMail, hookimpl, words

    __version__ = "2.0"


    def check(fields, facts):
        return [] if fields.get("said") else [Problem("said", words("请写内容", "Write something"))]


    def outcome(fields, facts):
        mail = SendMail(facts.contacts[0].email or "boss@harbour.example", "Parcel", fields["said"])
        return Decision(words("已送", "Delivered"), "delivered", grade="C", effect="demand", effects=(mail,))


    @hookimpl
    def settings():
        from fieldsales.plugin_api import Field, Setting, SettingsForm
        return [SettingsForm((Setting(Field("days", "number", words("几天", "Days")), default=3),
                              Setting(Field("token", "text", words("令牌", "Token")), secret=True)))]


    @hookimpl
    def collection_methods():
        from fieldsales.plugin_api import Field
        return [CollectionMethod("parcel", words("包裹", "Parcel"), outcome, check=check,
                                 fields=(Field("said", "prose", words("内容", "Text")),))]
"""

TEST = """
    from datetime import timedelta

    import pytest
    from fieldsales.kernel.errors import TradeError


    @pytest.fixture
    def fieldsales_settings():
        return {"sms_sender": "house_sms"}


    def test_settings_of_the_program_are_the_tests_own(fieldsales_office):
        assert fieldsales_office.program.settings.sms_sender == "house_sms"


    def test_used_at_the_desk(fieldsales_office, fieldsales_mail):
        office = fieldsales_office
        action = office.take("parcel", {"said": "钱"})
        assert (action["outcome"], action["grade"]) == ("delivered", "C")
        assert [one["ground"] for one in office.interruptions()] == ["demand"]
        assert "包裹" in office.page()
        assert "collection.mail" in office.waiting()
        office.carry_out()
        assert fieldsales_mail.mails[0]["To"] == "boss@harbour.example"
        assert office.waiting() == []
        with pytest.raises(TradeError):
            office.take("parcel", {})


    def test_used_on_the_phone(fieldsales_office):
        assert fieldsales_office.forms()["parcel"]["labels"]["zh"] == "包裹"
        assert fieldsales_office.from_phone("parcel", {"said": "x"})["status"] == "applied"
        assert fieldsales_office.from_phone("parcel", {})["status"] == "held"
        assert fieldsales_office.dossier()["name"] == "海港五金商行"


    def test_what_is_set(fieldsales_office):
        plugins = fieldsales_office.program.plugins
        assert dict(plugins.settings_of("parcel")) == {"days": 3}
        fieldsales_office.set("parcel", days=9, token="t0p")
        assert dict(plugins.settings_of("parcel")) == {"days": 9, "token": "t0p"}


    def test_of_another_day(fieldsales_office, fieldsales_clock):
        fieldsales_clock.at += timedelta(days=1)
        assert fieldsales_office.program.today.isoformat() == "2026-03-13"
"""


def kit(elsewhere: Path, surroundings: dict[str, str], folder: Path) -> str:
    """What pytest prints in the author's folder, with nothing but the wheel."""
    done = subprocess.run([str(elsewhere), "-m", "pytest", "-q", "-p", "no:cacheprovider", str(folder)], cwd=folder,
                          env=surroundings, capture_output=True, text=True, timeout=120)  # fmt: skip
    return done.stdout + done.stderr


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The author's folder."""
    made = tmp_path / "mine"
    (made / "tests").mkdir(parents=True)
    (made / "parcel.py").write_text(textwrap.dedent(PLUGIN), "utf-8")
    (made / "tests" / "test_parcel.py").write_text(textwrap.dedent(TEST), "utf-8")
    return made


@pytest.mark.slow
def test_kit_gives_an_office_a_phone_a_clock_and_a_mail_server(
    elsewhere: Path, surroundings: dict[str, str], folder: Path
) -> None:
    said = kit(elsewhere, surroundings, folder)
    assert "5 passed" in said, said


@pytest.mark.slow
def test_kit_names_a_plugin_that_does_not_load(elsewhere: Path, surroundings: dict[str, str], folder: Path) -> None:
    (folder / "parcel.py").write_text("import there_is_no_such_package", "utf-8")
    said = kit(elsewhere, surroundings, folder)
    assert "parcel: ModuleNotFoundError" in said
    assert "5 errors" in said
