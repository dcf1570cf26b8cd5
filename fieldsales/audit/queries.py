"""The whole audit: every invariant that is built, in order."""

from __future__ import annotations

from sqlalchemy import Connection

from fieldsales.audit import cases, evidence, money, phones
from fieldsales.audit.rules import Finding
from fieldsales.store.blobs import BlobStore


def audit_all(connection: Connection, blobs: BlobStore) -> list[Finding]:
    """Check everything against one state of the database. Reads only; bytes are hashed again."""
    return [
        money.payments_cover_allocations(connection),
        money.invoices_cover_allocations(connection),
        money.instalments_sum_to_plans(connection),
        money.balances_add_up(connection),
        money.posted_money_is_unchanged(connection),
        money.currencies_do_not_mix(connection),
        phones.acknowledged_is_there(connection),
        evidence.applied_once(connection),
        phones.ids_stand_for_one_command(connection),
        phones.nothing_is_dropped(connection),
        evidence.attachments_have_their_bytes(connection, blobs),
        evidence.nothing_is_orphaned(connection, blobs),
        phones.the_server_orders(connection),
        evidence.chain_is_unbroken(connection),
        evidence.sealed_papers_are_unchanged(connection, blobs),
        phones.plans_have_their_paper(connection),
        evidence.states_follow_events(connection),
        cases.cases_follow_the_books(connection),
    ]
