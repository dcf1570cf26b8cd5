"""What a reader of a ledger should know that kept no row out."""

from __future__ import annotations

from fieldsales.exchange.records import Notice, Reading
from fieldsales.exchange.rowreader import RowReader
from fieldsales.kernel.errors import N_


def notices_of(reading: Reading, reader: RowReader, undated: int) -> list[Notice]:
    """What to tell of a reading; ``undated``: opening balances that took the ledger's first day."""
    notices = []
    if reading.cleaned:
        notices.append(Notice(N_("%(count)s amounts were cents badly written (2309.7899999999995) and were cleaned."),
                              {"count": reading.cleaned}))
    if reading.rounded:
        notices.append(Notice(
            N_("%(count)s amounts have more decimals than the currency. Each was rounded to the cent and the "
               "difference carried to the next, so that the total stays the file's."), {"count": reading.rounded}))
    if reader.no_due_date:
        notices.append(Notice(N_("%(count)s rows give no due date: due %(days)s days after the invoice date."),
                              {"count": reader.no_due_date, "days": reader.options.term_days}))
    if undated:
        notices.append(Notice(N_("%(count)s opening balances have no date and take the ledger's first day."),
                              {"count": undated}))
    several = sum(len(names) > 1 for names in reading.names.values())
    if several:
        notices.append(Notice(N_("%(count)s customer numbers come under several names: one is the name, "
                                 "the others become aliases."), {"count": several}))
    return notices
