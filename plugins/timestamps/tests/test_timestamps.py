"""Named authorities: each declares well, asks only its own host, and asks for exactly the hash it was given."""

from __future__ import annotations

from datetime import UTC, datetime
from hashlib import sha256

import pytest

from fieldsales.plugin_api.timestamps import Timestamper, stamp_post, timestamper, token_of

from .. import AUTHORITIES, timestampers

DIGEST, NOW = sha256(b"a paper").digest(), datetime(2026, 3, 12, 4, 0, tzinfo=UTC)


@pytest.mark.parametrize("one", AUTHORITIES, ids=lambda one: one.name)
def test_each_authority_asks_its_own_host_for_this_hash(one: Timestamper) -> None:
    assert timestamper(one) is one
    post = stamp_post(one.request(DIGEST, NOW, {}), one)
    assert DIGEST in post.body
    assert post == one.request(DIGEST, NOW, {}), "the same question twice is the same request"
    assert post.body != one.request(DIGEST, NOW.replace(minute=1), {}).body, "a nonce of its own each time"
    assert one.roots.startswith("https://"), "and says where its root is published"


def test_names_are_taken_once() -> None:
    assert len({one.name for one in timestampers()}) == len(AUTHORITIES)


@pytest.mark.parametrize(("answer", "why"), [
    (b"", "cut short"),
    (b"<html>", "cut short"),
    (bytes.fromhex("30053003020102"), "refused with status 2"),
    (bytes.fromhex("30053003020100"), "no token"),
])  # fmt: skip
def test_an_answer_without_a_token_says_why(answer: bytes, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        token_of(answer)
