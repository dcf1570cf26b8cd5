"""A rep's round: several customers on the map, papers in the dossier, a reason found out, a day's worth of work."""

from __future__ import annotations

import io
import os
from datetime import timedelta
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw
from playwright.sync_api import Page
from sqlalchemy import select

from fieldsales.collection.models import Claim
from fieldsales.documents import press
from fieldsales.kernel.clock import on_date
from fieldsales.kernel.ids import uuid7
from fieldsales.receivables.models import Invoice
from fieldsales.receivables.paperfiles import PaperFile
from fieldsales.receivables.papers import keep_bytes
from fieldsales.store.base import table_of
from tests import cast
from tests.browser.conftest import Server
from tests.browser.stock import stock
from tests.documents import make_clause_cases, samples

#: code, name, address, where, days late, minor units owed
NEIGHBOURS = (
    ("C101", "甬江水暖", "宁波市江北区人民路18号", ("29.882000", "121.556000"), 33, 4_200_000),
    ("C102", "三江口机电", "宁波市海曙区药行街3号", ("29.871500", "121.549000"), 95, 8_650_000),
    ("C103", "慈城门窗", "宁波市江北区慈城镇民权路6号", ("29.985000", "121.460000"), 8, 1_280_000),
    ("C104", "东钱湖标准件", "宁波市鄞州区东钱湖镇", None, 61, 2_075_000),
)  # fmt: skip


def picture(words: str, size: tuple[int, int] = (900, 1200)) -> bytes:
    """A photo with something to recognise on it."""
    image = Image.new("RGB", size, "#f4efe4")
    draw = ImageDraw.Draw(image)
    for line in range(12):
        draw.line((60, 220 + line * 70, size[0] - 60, 220 + line * 70), fill="#9a9288", width=2)
    draw.text((80, 100), words, fill="#222222", font_size=44)
    draw.ellipse((560, 880, 800, 1120), outline="#c03028", width=8)
    stream = io.BytesIO()
    image.save(stream, "JPEG")
    return stream.getvalue()


def paper(server: Server, kind: str, data: bytes, *, number: str | None = None, mime: str = "image/jpeg") -> str:
    """Keep a paper at HARBOUR, of an invoice by its number or of the customer; its SHA-256."""
    program = server.app.extensions["fieldsales"]
    sha256 = keep_bytes(program, cast.FINANCE, [PaperFile(f"{kind}.jpg", mime, data)])[0]
    invoice = None
    if number:
        with server.store.reading() as connection:
            invoices = table_of(Invoice)
            invoice = connection.scalar(select(invoices.c.id).where(invoices.c.number == number))
    program.dispatcher.perform(cast.FINANCE, "receivables.attach_paper", {
        "paper_id": uuid7(), "customer_id": cast.HARBOUR, "invoice_id": invoice, "kind": kind, "sha256": sha256,
        "mime": mime, "size": len(data)})
    return sha256


def round_of(server: Server) -> None:
    """HARBOUR as ``stock`` leaves it, four neighbours that owe, papers, and a reason that proved untrue."""
    stock(server)
    program = server.app.extensions["fieldsales"]
    today = on_date(program.clock.now())
    for code, name, address, where, late, minor in NEIGHBOURS:
        customer, debtor = uuid7(), uuid7()
        program.dispatcher.perform(cast.MANAGER, "customers.add_customer", {
            "customer_id": customer, "code": code, "name": name, "address": address, "owner_id": cast.REP.user_id,
            "debtor_id": debtor, "phone": "0574-8800" + code[1:], "contact_name": "老板",
            **({"lat": where[0], "lon": where[1]} if where else {})})
        program.dispatcher.perform(cast.FINANCE, "receivables.add_invoices", {"invoices": [{
            "invoice_id": uuid7(), "customer_id": customer, "debtor_id": debtor, "seller_id": cast.SELLER,
            "number": f"YS-{code}", "issued_on": today - timedelta(days=late + 30),
            "due_on": today - timedelta(days=late), "total_minor": minor}]})
    paper(server, "delivery_note", picture("delivery note HC-0318"), number="HC-0318")
    paper(server, "contract", scan(program), mime="application/pdf")
    verify_the_reason(server)


def scan(program: Any) -> bytes:
    """A contract as the office scanned it: a PDF of several pages."""
    kind, lang, payload, signatory, _ = make_clause_cases.papers()[0]
    made: bytes = press.make(kind, samples.signed_source(payload, signatory, lang), lang, program.settings)
    return made


def verify_the_reason(server: Server) -> None:
    """What the customer said was looked into, and was not so."""
    claims = table_of(Claim)
    with server.store.reading() as connection:
        claim = connection.execute(select(claims.c.id).where(claims.c.customer_id == cast.HARBOUR)).scalar_one()
    server.app.extensions["fieldsales"].dispatcher.perform(
        cast.REP, "collection.verify_claim", {"claim_id": claim, "customer_id": cast.HARBOUR, "state": "false"})


def shot(page: Page, name: str, *, whole: bool = False) -> None:
    """A picture of the screen, where somebody asked for pictures (``FIELDSALES_SHOTS``: a folder)."""
    folder = os.environ.get("FIELDSALES_SHOTS")
    if folder:
        Path(folder).mkdir(parents=True, exist_ok=True)
        page.wait_for_timeout(250)
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=whole)
