"""Paper first: a sheet printed with its number, filled in and signed by hand, photographed, and counted as signed."""

from __future__ import annotations

import io
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select

from fieldsales.documents import press
from fieldsales.documents.models import Attachment, Document
from fieldsales.exchange.models import PrintPack
from fieldsales.exchange.packs import print_pack
from fieldsales.kernel.errors import Invalid, NotAllowed, NotFound, RuleBroken
from fieldsales.kernel.ids import uuid7
from fieldsales.plans.models import BlankPlan, Plan, PlanInstalment
from fieldsales.receivables.models import Interruption
from fieldsales.store.base import table_of
from fieldsales.web.here import Program
from tests import cast
from tests.collection.conftest import with_debt

LogIn = Callable[[str], FlaskClient]


@pytest.fixture
def owed(app: Flask) -> Program:
    """海港五金 owes ¥182,300.00."""
    return with_debt(app)


def rows(program: Program, model: Any) -> list[Any]:
    with program.store.reading() as connection:
        return list(connection.execute(select(table_of(model))))


def photo() -> bytes:
    target = io.BytesIO()
    Image.new("RGB", (80, 60), (200, 190, 170)).save(target, "JPEG")
    return target.getvalue()


def printed(program: Program, client: FlaskClient) -> Any:
    """A pack of one sheet, made; the sheet."""
    value = f"{cast.HARBOUR}|{cast.HARBOUR_DEBTOR}|{cast.SELLER}|CNY"
    assert value in client.get("/packs").get_data(as_text=True)
    assert client.post("/packs", data={"sheets": value, "command_id": uuid7()}).status_code == 303
    [pack] = rows(program, PrintPack)
    print_pack(program, {"pack_id": pack.id})
    print_pack(program, {"pack_id": pack.id})  # run twice, made once
    [blank] = rows(program, BlankPlan)
    return blank


def filled(**other: str) -> dict[str, Any]:
    form = {"command_id": uuid7(), "total": "182,300.00", "signed_on": "2026-03-12", "name": "王海", "role": "finance",
            "authority": "none", "stamped": "1", "due_0": "2026-04-10", "amount_0": "100,000.00",
            "due_1": "2026-05-10", "amount_1": "82,300.00"}  # fmt: skip
    return {**form, **other, "photos": (io.BytesIO(photo()), "纸.jpg")}


def test_pack_is_one_file_with_number_balance_and_blank_rows(owed: Program, log_in: LogIn, tmp_path: Path) -> None:
    client = log_in("rep")
    blank = printed(owed, client)
    [pack] = rows(owed, PrintPack)
    target = tmp_path / "pack.pdf"
    target.write_bytes(client.get(f"/packs/{pack.id}.pdf").data)
    text = subprocess.run(["pdftotext", "-layout", target, "-"], capture_output=True, text=True, check=True).stdout
    for words in (blank.number, "¥182,300.00", "XS-1001", "第6期", "不放弃权利", "住所", "对账及还款承诺书"):
        assert words in text
    pages = subprocess.run(["pdfinfo", target], capture_output=True, text=True, check=True).stdout
    assert "Pages:           2" in pages
    assert log_in("manager").get(f"/packs/{pack.id}.pdf").status_code == 404, "only whoever had it made"


def test_sheet_signed_by_hand_counts_as_signed(owed: Program, log_in: LogIn, tmp_path: Path) -> None:
    client = log_in("rep")
    blank = printed(owed, client)
    assert rows(owed, Plan) == [], "a sheet nobody signed promises nothing"
    found = client.get(f"/paper-plans?number=http://127.0.0.1/v/{blank.number}%23abc")
    assert found.status_code == 302
    form = client.get(f"/paper-plans/{blank.number}")
    assert form.status_code == 200, "the empty form stands before anything is typed"
    assert "¥" in form.get_data(as_text=True)
    answer = client.post(f"/paper-plans/{blank.number}", data=filled(), content_type="multipart/form-data")
    assert answer.status_code == 303
    [plan] = rows(owed, Plan)
    assert (plan.id, plan.number, plan.total_minor) == (blank.id, blank.number, 18_230_000)
    assert plan.flags == ["on_paper", "authority_unproven"]
    assert [(one.n, one.amount_minor, one.state) for one in rows(owed, PlanInstalment)] == [
        (1, 10_000_000, "open"), (2, 8_230_000, "open")]  # fmt: skip
    [act] = rows(owed, Interruption)
    assert (act.ground, act.grade) == ("acknowledgement", "A")
    [proof] = rows(owed, Attachment)
    assert (proof.slot, proof.subject_id) == ("signed_paper", plan.id)
    assert owed.parts["blobs"].read(proof.sha256) == photo()
    [document] = rows(owed, Document)
    assert document.kind == "transcript"
    target = tmp_path / "transcript.pdf"
    target.write_bytes(press.make("transcript", document.source, "zh-en", owed.settings))
    text = subprocess.run(["pdftotext", target, "-"], capture_output=True, text=True, check=True).stdout
    for words in (blank.number, proof.sha256[:40], "签署权限尚未证明", "已加盖公章", "王海"):
        assert words in text
    page = client.get(f"/plans/{plan.id}").get_data(as_text=True)
    assert "以照片为凭证" in page
    assert client.get(f"/paper-plans/{blank.number}").location.endswith(f"/plans/{plan.id}")


@pytest.mark.parametrize(("change", "field"), [
    ({"amount_1": "1.00"}, "各期之和与总额不符"), ({"signed_on": "2026-03-11"}, "签署日期"),
    ({"signed_on": "2026-03-13"}, "签署日期"),
    ({"due_0": ""}, "第 1 行"), ({"due_0": "2026-03-01"}, "到期"),
])  # fmt: skip
def test_what_was_typed_wrong_is_told_and_kept(
    owed: Program, log_in: LogIn, change: dict[str, str], field: str
) -> None:
    client = log_in("rep")
    blank = printed(owed, client)
    answer = client.post(f"/paper-plans/{blank.number}", data=filled(**change), content_type="multipart/form-data")
    assert answer.status_code == 422
    page = answer.get_data(as_text=True)
    assert "王海" in page
    assert field in page
    assert rows(owed, Plan) == []


def test_without_a_photo_nothing_is_recorded(owed: Program, log_in: LogIn) -> None:
    client = log_in("rep")
    blank = printed(owed, client)
    form = {name: value for name, value in filled().items() if name != "photos"}
    answer = client.post(f"/paper-plans/{blank.number}", data=form)
    assert answer.status_code == 422
    assert "照片" in answer.get_data(as_text=True)
    assert rows(owed, Plan) == []


def test_sheet_is_recorded_once_and_only_by_whoever_sees_the_customer(owed: Program, log_in: LogIn) -> None:
    client = log_in("rep")
    blank = printed(owed, client)
    assert log_in("other_rep").get(f"/paper-plans/{blank.number}").status_code == 404
    command = {"plan_id": blank.id, "customer_id": cast.HARBOUR, "signed_on": "2026-03-12", "total_minor": 100,
               "instalments": [{"n": 1, "due_on": "2026-04-01", "amount_minor": 100}],
               "signatory": {"name": "王海", "role": "self", "authority": "self"}, "photos": ["a" * 64]}  # fmt: skip
    with pytest.raises(NotFound):
        owed.dispatcher.perform(cast.OTHER_REP, "plans.record_paper_plan", command)
    owed.dispatcher.perform(cast.REP, "plans.record_paper_plan", command)
    with pytest.raises(RuleBroken, match=r"plans\.sheet_recorded"):
        owed.dispatcher.perform(cast.REP, "plans.record_paper_plan", command)
    with pytest.raises(RuleBroken, match=r"plans\.no_sheet"):
        owed.dispatcher.perform(cast.REP, "plans.record_paper_plan", command | {"plan_id": uuid7()})


def test_only_the_worker_notes_a_packs_file(owed: Program) -> None:
    with pytest.raises(NotAllowed):
        owed.dispatcher.perform(cast.ADMIN, "exchange.record_pack", {"pack_id": uuid7(), "sha256": "a" * 64})


def test_pack_for_a_customer_of_somebody_else_is_refused(owed: Program) -> None:
    sheet = {"plan_id": uuid7(), "customer_id": cast.HARBOUR, "debtor_id": cast.HARBOUR_DEBTOR,
             "seller_id": cast.SELLER}  # fmt: skip
    with pytest.raises(NotFound):
        owed.dispatcher.perform(cast.OTHER_REP, "exchange.order_pack", {"pack_id": uuid7(), "sheets": [sheet]})
    with pytest.raises((RuleBroken, Invalid)):
        owed.dispatcher.perform(cast.REP, "exchange.order_pack", {
            "pack_id": uuid7(), "sheets": [sheet | {"debtor_id": cast.RIVER_DEBTOR}]})
