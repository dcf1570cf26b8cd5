"""Every table of the program, so that one metadata knows them all (migrations, tests)."""

from importlib import import_module

from fieldsales.store.base import Base

CAPABILITIES = (
    "people", "documents", "extensions", "customers", "receivables", "visits", "promises", "plans", "statements",
    "disputes", "collection", "targets", "exchange", "reminders", "jobs", "batches", "methods",
)

for _name in ("store", *CAPABILITIES):
    import_module(f"fieldsales.{_name}.models")
# What is said at the table has a file of tables to itself.
import_module("fieldsales.collection.tablemodels")
# So have what stands beside the ledger, and the solvency watch.
import_module("fieldsales.receivables.moneymodels")
import_module("fieldsales.collection.watchmodels")
# So have the case, and the gate before every contact.
import_module("fieldsales.collection.case_models")
# So has what comes back from debtors.
import_module("fieldsales.collection.arrival_models")
# So have the answers to a suggested step, and what each way of asking has brought.
import_module("fieldsales.collection.stepmodels")
# So have text messages to debtors.
import_module("fieldsales.collection.textmodels")
# So have the links of outside counsel.
import_module("fieldsales.exchange.counselmodels")
# The search index is no mapped table: it is made beside its table, on either engine.
import_module("fieldsales.customers.search_index")

metadata = Base.metadata
