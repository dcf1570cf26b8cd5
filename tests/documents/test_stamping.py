"""Time stamps and long-term proofs: appended, trusted only from pinned authorities, never made up."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from fieldsales.config import Settings
from fieldsales.documents import press, stamping
from fieldsales.kernel.errors import Stale
from tests.documents import make_clause_cases as made
from tests.documents import samples
from tests.documents.authority import Authority, serving


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Authority]:
    """A running authority for the whole module."""
    with serving(tmp_path_factory.mktemp("authority")) as running:
        yield running


@pytest.fixture
def fine(authority: Authority) -> Iterator[Authority]:
    """The authority in a good mood, before and after."""
    authority.mood = "fine"
    yield authority
    authority.mood = "fine"


@pytest.fixture(scope="module")
def house(authority: Authority, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A house in production, with a key of its own under the authority's root."""
    return Settings(
        home=tmp_path_factory.mktemp("home"), signer_p12=authority.sealing_key(), signer_password="test",
        production=True, tsa_urls=authority.url, tsa_roots=authority.folder / "root.pem", tsa_timeout_s=2,
        public_url="https://papers.example",
    )  # fmt: skip


@pytest.fixture(scope="module")
def sealed_only(house: Settings) -> bytes:
    """A plan at B-B."""
    return press.produce("plan", samples.signed_source(made.plan(2, 18_230_000, 6)), "zh", house).content


def test_stamped_file_carries_the_authoritys_time(fine: Authority, house: Settings, sealed_only: bytes) -> None:
    longer, verdict = press.stamp(sealed_only, fine.url, house)
    assert longer.startswith(sealed_only)
    assert (verdict["level"], verdict["authority"], verdict["problems"]) == ("B-T", "Test TSA", [])
    assert abs(datetime.fromisoformat(verdict["time"]) - datetime.now(UTC)) < timedelta(minutes=1)


def test_lengthened_file_holds_its_own_proofs(fine: Authority, house: Settings, sealed_only: bytes, tmp_path: Path
                                              ) -> None:
    """B-LTA: revocation lists and certificates inside, a stamp over them, and pdfsig still finds the seal valid."""
    stamped, _ = press.stamp(sealed_only, fine.url, house)
    longest, verdict = press.stamp(stamped, fine.url, house, lengthen=True)
    assert longest.startswith(stamped)
    assert (verdict["level"], verdict["problems"]) == ("B-LTA", [])
    assert b"/CRLs" in longest[len(stamped) :]
    path = tmp_path / "longest.pdf"
    path.write_bytes(longest)
    said = subprocess.run(["pdfsig", "-nocert", path], capture_output=True, text=True, check=False).stdout
    assert "Signature is Valid" in said
    assert "Total document signed" in said.rsplit("Signature #", 1)[1]


def test_one_byte_changed_after_the_stamp_is_refused(fine: Authority, house: Settings, sealed_only: bytes) -> None:
    stamped, _ = press.stamp(sealed_only, fine.url, house)
    for place in (len(sealed_only) + 300, stamped.rindex(b"/Contents <") + 200, len(stamped) - 3):
        broken = stamped[:place] + bytes([stamped[place] ^ 1]) + stamped[place + 1 :]
        assert press.judge(broken, house)["problems"], place
    assert press.judge(stamped + b"\n%%EOF\n", house)["problems"]


def test_stamp_of_an_authority_that_is_not_pinned_is_refused(
        fine: Authority, house: Settings, sealed_only: bytes, tmp_path: Path) -> None:
    with serving(tmp_path / "stranger") as stranger, pytest.raises(Stale, match="not one we trust"):
        press.stamp(sealed_only, stranger.url, house)


@pytest.mark.parametrize("mood", ["refused", "garbage", "silent"])
def test_authority_that_does_not_answer_gives_no_time(
        mood: str, fine: Authority, house: Settings, sealed_only: bytes) -> None:
    fine.mood = mood
    with pytest.raises(Stale):
        press.stamp(sealed_only, fine.url, house)


def test_stamp_of_a_pinned_authority_whose_clock_is_wrong_is_refused(
        fine: Authority, house: Settings, sealed_only: bytes) -> None:
    """Well signed and an hour off: one of the two clocks is wrong, so neither counts."""
    fine.mood = "slow_clock"
    with pytest.raises(Stale, match="clock"):
        press.stamp(sealed_only, fine.url, house)


def test_nobody_there_gives_no_time(house: Settings, sealed_only: bytes) -> None:
    with pytest.raises(Stale):
        press.stamp(sealed_only, "http://127.0.0.1:9", house)


def test_wrong_clock_is_refused() -> None:
    now = datetime.now(UTC)
    stamping.check_clock(now.isoformat(), now + timedelta(minutes=4))
    with pytest.raises(Stale):
        stamping.check_clock(now.isoformat(), now + timedelta(minutes=6))


def test_seal_of_another_under_the_same_root_is_not_ours(
        authority: Authority, house: Settings, tmp_path: Path) -> None:
    """A public authority gives certificates to everybody; ours are the ones we sealed with."""
    other: dict[str, Any] = house.model_dump() | {"home": tmp_path, "signer_p12": Path(authority.sealing_key())}
    strange = press.produce("plan", samples.signed_source(made.plan(3, 100_00, 1)), "zh", Settings(**other)).content
    assert press.judge(strange, Settings(**other))["problems"] == []
    # the file has been replaced by the other key: the house knows its own certificate from what it kept
    kept = Settings(**(house.model_dump() | {"signer_p12": None}))
    assert press.judge(strange, kept)["problems"] == ["not_ours"]


def test_papers_of_a_former_key_stay_ours(authority: Authority, house: Settings, sealed_only: bytes) -> None:
    """The key is changed; the old certificate is kept, and so is every paper's proof."""
    authority.sealing_key()
    fresh = press.produce("plan", samples.signed_source(made.plan(4, 200_00, 1)), "zh", house).content
    assert press.judge(sealed_only, house)["problems"] == []
    assert press.judge(fresh, house)["problems"] == []
