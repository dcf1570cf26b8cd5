"""Pages of our own selling companies."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, url_for
from flask_babel import gettext
from sqlalchemy import select

from fieldsales.kernel.errors import N_
from fieldsales.receivables.models import Seller
from fieldsales.store.base import table_of
from fieldsales.web.access import access, missing
from fieldsales.web.forms import Errors, done, field_text, submit
from fieldsales.web.here import reading
from fieldsales.web.pages import NavItem, nav, page

seller_views = Blueprint("sellers", __name__)
nav(NavItem("sellers.every", N_("Selling companies"), "customers", 80, ("finance", "admin"),
            group=N_("Administration")))
_WORDS = ("name", "reg_no", "address", "phone", "bank_name", "bank_account")


@dataclass(frozen=True, slots=True)
class SellersPage:
    """Our selling companies; those without an account first, for no paper can name one."""

    sellers: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class SellerPage:
    """One selling company and its account."""

    code: str
    values: dict[str, str]
    errors: Errors


@seller_views.get("/sellers")
@access("finance", "admin")
def every() -> str:
    """Our selling companies."""
    s = table_of(Seller).c
    with reading() as connection:
        rows = connection.execute(select(table_of(Seller)).order_by(s.bank_account != "", s.code)).all()
    return page("receivables/sellers.html", SellersPage(tuple(rows)))


def _seller(seller_id: str) -> Any:
    with reading() as connection:
        row = connection.execute(select(table_of(Seller)).where(Seller.id == seller_id)).mappings().first()
    if row is None:
        raise missing()
    return row


@seller_views.get("/sellers/<seller_id>")
@access("finance", "admin")
def one(seller_id: str) -> str:
    """The form of one."""
    row = _seller(seller_id)
    return page("receivables/seller.html", SellerPage(row["code"], {name: row[name] for name in _WORDS}, {}))


@seller_views.post("/sellers/<seller_id>")
@access("finance", "admin")
def change(seller_id: str) -> Any:
    """Save its name and account."""
    row, typed = _seller(seller_id), {name: field_text(name) for name in _WORDS}
    errors = submit("receivables.change_seller", {"seller_id": seller_id, **typed})
    if errors:
        return page("receivables/seller.html", SellerPage(row["code"], typed, errors)), 422
    return done(gettext("Saved. New papers print this account."), url_for("sellers.every"))
