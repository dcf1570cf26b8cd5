"""The made-up ledger as the files 金蝶 and 用友 export: titles above, 合计 below, their column names and encodings."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from pathlib import Path

import xlsxwriter

from fieldsales.demo import names
from fieldsales.demo.ledger import SampleInvoice, SampleLedger

_SELLER_NAMES = {code: name for code, name, _, _ in names.SELLERS}
_DOC_TYPES = {"invoice": "应收单", "credit_note": "红字应收单", "opening": "期初余额"}
_KINDS = {"company": "企业", "sole_trader": "个体工商户", "person": "个人"}


def _yuan(minor: int) -> Decimal:
    return Decimal(minor).scaleb(-2)


def _amount(minor: int) -> str:
    return f"{_yuan(minor):,.2f}"


def write_all(folder: Path, ledger: SampleLedger) -> dict[str, Path]:
    """Write the four files of a ledger; returns them by kind."""
    folder.mkdir(parents=True, exist_ok=True)
    made = {
        "customers": (folder / "客户档案.xlsx", kingdee_customers(ledger)),
        "invoices": (folder / "应收款明细表-金蝶.xlsx", kingdee_invoices(ledger)),
        "invoices-yonyou": (folder / "客户往来明细账-用友.csv", yonyou_invoices(ledger)),
        "payments": (folder / "收款单列表.csv", payments(ledger)),
    }
    for path, data in made.values():
        path.write_bytes(data)
    return {kind: path for kind, (path, _) in made.items()}


def _workbook(title: Iterable[tuple[str, ...]], header: tuple[str, ...], rows: Iterable[tuple[object, ...]],
              foot: Iterable[tuple[object, ...]]) -> bytes:
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    page = book.add_worksheet("Sheet1")
    day, money = book.add_format({"num_format": "yyyy-mm-dd"}), book.add_format({"num_format": "#,##0.00"})
    page.set_column(0, len(header) - 1, 14)
    for at, line in enumerate((*title, header, *rows, *foot)):
        for column, cell in enumerate(line):
            if isinstance(cell, date):
                page.write_datetime(at, column, cell, day)
            elif isinstance(cell, Decimal):
                page.write_number(at, column, float(cell), money)
            elif cell not in ("", None):
                page.write_string(at, column, str(cell))
    book.close()
    return stream.getvalue()


def _gb18030(lines: Iterable[tuple[object, ...]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerows(lines)
    return text.getvalue().encode("gb18030")


def kingdee_customers(ledger: SampleLedger) -> bytes:
    """客户档案 as an Excel workbook."""
    header = ("客户编码", "客户名称", "客户性质", "统一社会信用代码", "法定代表人", "联系人", "职务", "联系电话",
              "地址", "区域",
              "纬度", "经度", "客户等级", "信用等级", "业务员", "部门")
    rows = [(c.code, c.name, _KINDS[c.kind], c.reg_no, c.legal_rep, c.contact, c.contact_role, c.phone, c.address,
             c.region, c.lat, c.lon, c.tier, c.grade, c.rep, c.team) for c in ledger.customers]
    return _workbook([("客户档案",), ()], header, rows, [])


def _kingdee_row(invoice: SampleInvoice) -> tuple[object, ...]:
    customer = invoice.customer
    return (_DOC_TYPES[invoice.kind], invoice.number, invoice.issued_on, invoice.due_on, customer.code, customer.name,
            _yuan(invoice.minor), _yuan(invoice.paid_minor), _yuan(invoice.minor - invoice.paid_minor), "人民币",
            customer.rep, customer.team, customer.seller, f"月结{customer.term_days}天",
            "是" if invoice.disputed else "否", invoice.goods)


def kingdee_invoices(ledger: SampleLedger) -> bytes:
    """应收款明细表 as 金蝶 exports it: an Excel workbook with titles and a 合计 row."""
    header = ("单据类型", "单据编号", "业务日期", "到期日", "客户编码", "客户名称", "价税合计", "已收金额",
              "未收金额", "币别",
              "业务员", "部门", "销售组织", "收款条件", "是否争议", "备注")
    total, paid = (sum(getattr(i, name) for i in ledger.invoices) for name in ("minor", "paid_minor"))
    title = [("应收款明细表",), ("核算组织：海川五金批发有限公司", "", "", f"截止日期：{ledger.as_of:%Y年%m月%d日}"),
             ()]
    foot = [("合计", "", "", "", "", "", _yuan(total), _yuan(paid), _yuan(total - paid)),
            ("制表人：孙丽", "", "", f"打印日期：{ledger.as_of}")]
    return _workbook(title, header, [_kingdee_row(invoice) for invoice in ledger.invoices], foot)


def yonyou_invoices(ledger: SampleLedger) -> bytes:
    """客户往来明细账 as 用友 exports it: CSV in GB18030, amounts with thousands separators, 小计 by customer."""
    lines: list[tuple[object, ...]] = [
        ("客户往来明细账",), (f"单位：元　　币种：人民币　　截止：{ledger.as_of:%Y.%m.%d}",),
        ("客户编码", "客户", "单据类型", "单据号", "立账日期", "到期日", "本币金额", "余额", "业务员", "部门",
         "公司代码", "摘要"),
    ]
    for customer in ledger.customers:
        own = [invoice for invoice in ledger.invoices if invoice.customer is customer]
        for invoice in own:
            lines.append((customer.code, customer.name, _DOC_TYPES[invoice.kind], invoice.number,
                          f"{invoice.issued_on:%Y年%-m月%-d日}", f"{invoice.due_on:%Y-%m-%d}", _amount(invoice.minor),
                          _amount(invoice.minor - invoice.paid_minor), customer.rep, customer.team, customer.seller,
                          invoice.goods))
        lines.append(("小计", "", "", "", "", "", _amount(sum(i.minor for i in own)),
                      _amount(sum(i.minor - i.paid_minor for i in own))))
    lines.append(("合计", "", "", "", "", "", _amount(sum(i.minor for i in ledger.invoices)),
                  _amount(sum(i.minor - i.paid_minor for i in ledger.invoices))))
    return _gb18030(lines)


def payments(ledger: SampleLedger) -> bytes:
    """收款单列表 in GB18030: some name the invoice they pay, some name none."""
    lines: list[tuple[object, ...]] = [
        ("收款单列表",),
        ("收款单号", "收款日期", "客户编码", "客户名称", "收款金额", "币别", "收款方式", "付款人", "应收单号",
         "收款组织", "摘要"),
    ]
    for paid in ledger.payments:
        lines.append((paid.number, paid.received_on, paid.customer.code, paid.customer.name, _amount(paid.minor),
                      "人民币",
                      paid.method, paid.customer.name, paid.invoice_number, paid.customer.seller, "回款"))
    lines.append(("合计", "", "", "", _amount(sum(paid.minor for paid in ledger.payments))))
    return _gb18030(lines)
