"""What the columns of a ledger are called: in Chinese and English, by 金蝶, by 用友, and by banks' clerks."""

from __future__ import annotations

from typing import Literal

from fieldsales.kernel.errors import N_

Kind = Literal["invoices", "payments", "customers"]
KINDS: tuple[Kind, ...] = ("invoices", "payments", "customers")

#: What each column means, in words for the mapping page.
LABELS: dict[str, str] = {
    "customer_code": N_("Customer number"),
    "customer_name": N_("Customer name"),
    "aliases": N_("Other names"),
    "number": N_("Document number"),
    "line": N_("Line"),
    "doc_type": N_("Document type"),
    "issued_on": N_("Invoice date"),
    "due_on": N_("Due date"),
    "term_days": N_("Days of credit"),
    "total": N_("Invoice amount"),
    "paid": N_("Already paid"),
    "open": N_("Still open"),
    "currency": N_("Currency"),
    "seller_code": N_("Selling company"),
    "rep": N_("Rep"),
    "team": N_("Team"),
    "terms": N_("Payment terms"),
    "fapiao_number": N_("Fapiao number"),
    "disputed": N_("Disputed"),
    "settled_on": N_("Settled on"),
    "summary": N_("Summary"),
    "received_on": N_("Received on"),
    "amount": N_("Amount received"),
    "method": N_("Method of payment"),
    "payer": N_("Payer"),
    "reference": N_("Bank reference"),
    "invoice_numbers": N_("Invoices paid"),
    "phone": N_("Phone"),
    "contact": N_("Contact"),
    "contact_role": N_("Contact's role"),
    "address": N_("Address"),
    "region": N_("Region"),
    "lat": N_("Latitude"),
    "lon": N_("Longitude"),
    "debtor_kind": N_("Legal form"),
    "reg_no": N_("Registration number"),
    "legal_rep": N_("Legal representative"),
    "tier": N_("Tier"),
    "credit_grade": N_("Credit grade"),
}

#: Headings of exports beside those.
MORE_LABELS: dict[str, str] = {
    "overdue": N_("Overdue"),
    "not_due": N_("Not yet due"),
    "d1_30": N_("1 to 30 days overdue"),
    "d31_60": N_("31 to 60 days overdue"),
    "d61_90": N_("61 to 90 days overdue"),
    "d91p": N_("Over 90 days overdue"),
    "oldest_due_on": N_("Oldest due date"),
    "receipt_number": N_("Receipt number"),
    "taken_on": N_("Taken on"),
    "state": N_("State"),
    "collector": N_("Collected by"),
    "bill_number": N_("Bill number"),
    "bill_matures_on": N_("Bill matures on"),
    "promised": N_("Amount promised"),
    "promised_for": N_("Promised for"),
    "promisor": N_("Promised by"),
    "words": N_("In these words"),
    "kept": N_("Amount kept"),
    "made_on": N_("Promised on"),
    "funding": N_("Where the money comes from"),
    "class_then": N_("Judged when it was made"),
    "chance_then": N_("Probability then"),
}

_CUSTOMER = ("customer_code", "customer_name")
FIELDS: dict[Kind, tuple[str, ...]] = {
    "invoices": (*_CUSTOMER, "number", "line", "doc_type", "issued_on", "due_on", "term_days", "total", "paid", "open",
                 "currency", "seller_code", "rep", "team", "terms", "fapiao_number", "disputed", "settled_on",
                 "summary", "contact", "phone", "address", "region"),
    "payments": (*_CUSTOMER, "number", "received_on", "amount", "currency", "method", "payer", "reference",
                 "invoice_numbers", "seller_code", "summary"),
    "customers": (*_CUSTOMER, "aliases", "debtor_kind", "reg_no", "legal_rep", "contact", "contact_role", "phone",
                  "address", "region", "lat", "lon", "tier", "credit_grade", "rep", "team"),
}
"""The columns each kind of ledger may have, in the order of the mapping page and of our own export."""

#: One of each group must be there before anything can be read.
REQUIRED: dict[Kind, tuple[tuple[str, ...], ...]] = {
    "invoices": (("customer_code", "customer_name"), ("total", "open"), ("issued_on", "due_on")),
    "payments": (("customer_code", "customer_name"), ("amount",), ("received_on",)),
    "customers": (("customer_name",),),
}

DATES = frozenset({"issued_on", "due_on", "settled_on", "received_on"})
AMOUNTS = frozenset({"total", "paid", "open", "amount"})

#: Best first: where a file has several, the earlier name wins.
SYNONYMS: dict[str, tuple[str, ...]] = {
    "customer_code": (
        "客户编码", "客户编号", "客户代码", "客户号", "往来单位编码", "往来户编码", "单位编码", "客商编码",
        "购货单位编码", "customer number", "customer code", "customer no", "customer id", "cust number", "cust no",
        "account number", "client code", "编码", "code",
    ),
    "customer_name": (
        "客户名称", "客户", "客户简称", "往来单位", "往来户名称", "单位名称", "购货单位", "客商名称", "客户全称",
        "customer name", "name customer", "customer", "client name", "client", "debtor", "company", "公司名称", "名称",
        "name",
    ),
    "aliases": ("别名", "曾用名", "其他名称", "客户简称", "简称", "aliases", "alias", "other names", "short name"),
    "number": (
        "应收单号", "单据编号", "单据号", "单号", "发票编号", "凭证号", "凭证编号", "业务单号", "销售单号", "出库单号",
        "订单号", "收款单号", "invoice number", "invoice no", "invoice id", "doc id", "document number", "document no",
        "doc no", "voucher number", "receipt number", "payment number", "payment no", "payment id", "number",
        "invoice",
    ),
    "line": ("行号", "分录行号", "序列号", "line", "line no", "line number", "item"),
    "doc_type": ("单据类型", "单据名称", "业务类型", "类型", "document type", "doc type", "type", "kind"),
    # the day the terms run from comes before the day it was booked: a posting may follow the due date
    "issued_on": (
        "单据日期", "业务日期", "立账日期", "开票日期", "制单日期", "invoice date", "document date",
        "document create date", "issue date", "issued on", "baseline create date", "baseline date", "posting date",
        "入账日期", "记账日期", "日期", "date",
    ),
    "due_on": (
        "到期日", "到期日期", "应收日期", "应收到期日", "付款到期日", "收款期限", "due date", "due in date", "due on",
        "net due date", "payment due",
    ),
    "term_days": ("账期天数", "信用天数", "账期", "信用期", "days of credit", "credit days", "term days"),
    "total": (
        "价税合计", "应收金额", "应收本币金额", "应收款金额", "原币金额", "本币金额", "发票金额", "单据金额",
        "含税金额", "借方金额", "应收", "invoice amount", "total amount", "total", "gross amount",
        "amount in local currency", "converted usd", "original amount", "amount", "金额",
    ),
    "paid": (
        "已收金额", "已收款金额", "已核销金额", "已结算金额", "已收", "累计收款", "已收款", "amount paid",
        "paid amount", "paid", "received",
    ),
    "open": (
        "未收金额", "未收款金额", "未核销金额", "应收余额", "原币余额", "本币余额", "欠款金额", "未结算金额", "余额",
        "未收", "欠款", "open amount", "outstanding amount", "outstanding", "balance", "amount due", "open balance",
        "still open", "open",
    ),
    "currency": ("币别", "币种", "货币", "结算币别", "currency", "currency code", "invoice currency", "ccy"),
    "seller_code": (
        "销售公司", "销售组织", "结算组织", "公司代码", "账套", "核算单位", "收款组织", "selling company",
        "business code", "company code", "seller", "seller code", "entity",
    ),
    "rep": (
        "业务员", "销售员", "职员", "销售代表", "负责人", "业务员名称", "rep", "sales rep", "salesperson",
        "sales person", "owner", "account manager",
    ),
    "team": ("部门", "团队", "销售部门", "销售组", "部门名称", "team", "department", "sales team"),
    "terms": ("收款条件", "付款条件", "结算方式", "账期条件", "payment terms", "cust payment terms", "terms"),
    "fapiao_number": (
        "发票号", "发票号码", "税务发票号", "数电发票号码", "fapiao number", "fapiao no", "tax invoice number",
    ),
    "disputed": ("有争议", "争议", "是否争议", "disputed", "in dispute", "dispute"),
    "settled_on": (
        "结清日期", "核销日期", "收款日期", "结算日期", "settled date", "settled on", "paid on", "payment date",
    ),
    "summary": ("摘要", "备注", "说明", "summary", "remark", "remarks", "note", "description", "memo"),
    "received_on": (
        "收款日期", "到账日期", "回款日期", "交易日期", "业务日期", "单据日期", "日期", "received on", "payment date",
        "receipt date", "date received", "value date", "posting date", "date",
    ),
    "amount": (
        "收款金额", "回款金额", "到账金额", "实收金额", "贷方金额", "收入金额", "本币金额", "金额", "amount received",
        "payment amount", "received amount", "paid amount", "credit amount", "amount",
    ),
    "method": ("收款方式", "结算方式", "付款方式", "method of payment", "payment method", "method", "payment type"),
    "payer": (
        "付款人", "付款方", "付款单位", "对方户名", "付款账户名称", "payer", "payer name", "paid by", "counterparty",
    ),
    "reference": (
        "银行流水号", "交易流水号", "流水号", "结算号", "票据号", "bank reference", "reference", "transaction id",
        "reference number",
    ),
    "invoice_numbers": (
        "应收单号", "核销单号", "对应单号", "对应应收单", "发票编号", "源单编号", "源单单号", "invoices paid",
        "invoice number", "invoice numbers", "invoice no", "applied to", "invoices",
    ),
    "phone": ("电话", "联系电话", "手机", "手机号", "移动电话", "phone", "telephone", "mobile", "tel"),
    "contact": ("联系人", "联系人姓名", "contact", "contact person", "contact name"),
    "contact_role": ("联系人职务", "职务", "contact s role", "contact role", "role"),
    "address": ("地址", "联系地址", "详细地址", "经营地址", "注册地址", "送货地址", "address", "street address"),
    "region": ("地区", "区域", "所属区域", "region", "area", "district", "city", "country code"),
    "lat": ("纬度", "latitude", "lat"),
    "lon": ("经度", "longitude", "lon", "lng"),
    "debtor_kind": ("主体类型", "客户性质", "客户类型", "企业性质", "legal form", "debtor kind", "customer type"),
    "reg_no": (
        "统一社会信用代码", "统一社会信用代码证件号", "社会信用代码", "纳税人识别号", "税号", "身份证号",
        "registration number", "tax id",
        "reg no",
    ),
    "legal_rep": ("法定代表人", "法人代表", "法人", "经营者", "legal representative", "legal rep"),
    "tier": ("客户等级", "客户级别", "客户分级", "tier", "customer tier", "class"),
    "credit_grade": ("信用等级", "信用级别", "信用评级", "credit grade", "credit rating"),
}
