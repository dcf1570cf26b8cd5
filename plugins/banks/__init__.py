"""What banks and 支付宝 hand out: camt.053, MT940, and the CSV files of 招商银行, 中国工商银行 and 支付宝.

Only money that came in is a payment; what went out is left out and counted. Nothing is guessed: a line without a date,
an amount or a currency is a problem of that line, said to whoever handed the file in. An unknown layout is not
recognised and falls to the columns mapped by hand.
"""

from __future__ import annotations

from fieldsales.plugin_api import Importer, hookimpl, words

from . import camt, mt940, sheets

__version__ = "1.0"
__title__ = words("银行流水导入", "Files of banks")
__about__ = words("导入收款时认得银行和支付宝导出的文件：camt.053、MT940、招商银行、工商银行、支付宝。",
                  "When payments are imported, knows what banks and Alipay hand out: camt.053, MT940, CMB, ICBC, "
                  "Alipay.")

IMPORTERS = (
    Importer("camt053", words("银行对账单 camt.053（ISO 20022）", "Bank statement camt.053 (ISO 20022)"), "payments",
             camt.recognises, camt.read),
    Importer("mt940", words("银行对账单 MT940（SWIFT）", "Bank statement MT940 (SWIFT)"), "payments",
             mt940.recognises, mt940.read),
    *(Importer(sheet.name, sheet.labels, "payments", sheet.recognises, sheet.read) for sheet in sheets.SHEETS),
)  # fmt: skip


@hookimpl
def importers() -> tuple[Importer, ...]:
    """Every format."""
    return IMPORTERS
