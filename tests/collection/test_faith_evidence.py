"""What a class rests on: it is here, it was weighed by the written rules, and it stays in the office."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from PIL import Image

from fieldsales.collection.models import FaithProposal
from fieldsales.documents.models import Attachment
from fieldsales.kernel.errors import NotAllowed, RuleBroken
from fieldsales.kernel.ids import uuid7
from fieldsales.kernel.operation import SYSTEM
from fieldsales.web.here import Program
from fieldsales.workday.queries import dossiers
from tests import cast
from tests.collection.conftest import rows
from tests.collection.test_faith import decide, do, proposed, standing
from tests.sync.phone import Phone

LogIn = Callable[[str], FlaskClient]
HIT = {"code": "false_claims", "count": 2, "needed": 2}


def table_of_phone(pulled: str) -> dict[str, Any]:
    """What a phone carries for the table, whoever its customers are."""
    settings: dict[str, Any] = next(one["doc"] for one in json.loads(pulled)["changes"] if one["kind"] == "settings")
    return settings


def dossier(program: Program) -> dict[str, Any]:
    with program.store.reading() as connection:
        return dossiers(connection, [cast.HARBOUR], cast.TODAY)[cast.HARBOUR]


@pytest.fixture
def sha(owed: Program, log_in: LogIn) -> str:
    """A photo the manager has sent: it is here."""
    target = io.BytesIO()
    Image.new("RGB", (40, 30), (90, 60, 30)).save(target, "JPEG")
    Phone(log_in("manager")).upload(target.getvalue())
    return hashlib.sha256(target.getvalue()).hexdigest()


def test_what_a_class_rests_on_stays_in_the_office(owed: Program, log_in: LogIn, sha: str) -> None:
    """The evidence of an approval, the task to decide it: neither is in what phones carry, nor opens for a rep."""
    proposal = proposed(owed)
    assert [one["kind"] for one in dossier(owed)["tasks"] if "faith" in one["kind"]] == []
    decide(owed, proposal_id=proposal, evidence_sha256=[sha])
    assert dossier(owed)["photos"] == []
    opened = {login: Phone(log_in(login)).get(f"/blobs/{sha}").status_code for login in ("rep", "legal", "manager")}
    assert opened == {"rep": 404, "legal": 200, "manager": 200}
    pulled = Phone(log_in("rep")).get("/sync/pull?cursor=").get_data(as_text=True)
    assert cast.HARBOUR in pulled
    assert sha not in pulled
    insults = [one["phrase"] for one in table_of_phone(pulled)["never"]]  # what nobody may write to anybody
    assert pulled.count("faith") == sum("faith" in one for one in insults)


def test_a_file_that_is_not_here_is_no_evidence(owed: Program, sha: str) -> None:
    """It may be named, for it may be on its way; but a class rests on what can be looked at."""
    proposal = uuid7()
    do(owed, "collection.propose_faith", cast.LEGAL, proposal_id=proposal, klass="bad_faith", note="已查到转移资产")
    with pytest.raises(RuleBroken, match="faith_evidence"):
        decide(owed, proposal_id=proposal, evidence_sha256=["ab" * 32, "cd" * 32])
    assert standing(owed) == ""
    decide(owed, proposal_id=proposal, evidence_sha256=["ab" * 32, sha])
    assert standing(owed) == "bad_faith"
    assert {one["sha256"] for one in rows(owed, Attachment)} == {"ab" * 32, sha}


def test_only_the_written_rules_say_which_of_them_are_met(owed: Program) -> None:
    with pytest.raises(NotAllowed, match="faith_hits"):
        do(owed, "collection.propose_faith", cast.LEGAL, proposal_id=uuid7(), klass="bad_faith", hits=[HIT])
    assert rows(owed, FaithProposal) == []
    do(owed, "collection.propose_faith", SYSTEM, proposal_id=uuid7(), klass="bad_faith", hits=[HIT])
    assert len(rows(owed, FaithProposal)) == 1
