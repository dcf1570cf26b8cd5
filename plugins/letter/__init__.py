"""By letter and by fax (信函、传真): three tones in their order, the whole debt stated, proof graded, one at a time.

``letter.py`` and ``fax.py`` are the methods, ``thread.py`` reads what became of earlier ones, ``panel.py`` shows it,
``making.py`` holds what both ask and what stands before a new one.
"""

from __future__ import annotations

from fieldsales.plugin_api import (
    CollectionMethod,
    CustomerPanel,
    DocumentTemplate,
    Field,
    Setting,
    SettingsForm,
    hookimpl,
    words,
)

from . import fax, letter
from .making import DAYS_TO_PAY
from .panel import PANEL
from .thread import PROOF_DAYS

__title__ = words("信函和传真", "Letters and fax")
__about__ = words("催告函三档语气，单封或批量打印邮寄，传真也可；回执扫描件作凭证。",
                  "Demand letters in three tones, one by one or in batches, by post or fax; scans of receipts are "
                  "the proof.")

METHOD = letter.METHOD

TEMPLATES = (
    DocumentTemplate(
        "fax_cover", words("传真封面", "Fax cover sheet"), "letter/fax_cover.html",
        facts=("number", "on", "seller_name", "seller_address", "seller_phone", "debtor_name", "contact_name", "total"),
        values=("fax_number", "to_person", "pages", "note"), prefix="CZ",
    ),
    DocumentTemplate(
        "address_sheet", words("地址页（窗口信封）", "Address sheet (window envelope)"), "letter/address_sheet.html",
        facts=("number", "seller_name", "seller_address", "debtor_name", "debtor_address"), per="piece",
        style="letter/address_sheet.css",
    ),
    DocumentTemplate(
        "address_labels", words("地址标签", "Address labels"), "letter/address_labels.html", facts=("pieces",),
        per="batch", style="letter/address_labels.css",
    ),
    *(DocumentTemplate(
        f"envelope_{code.lower()}", words(f"信封正面 {code}（{zh}）", f"Envelopes {code} ({en})"),
        "letter/envelope.html", facts=("pieces",), per="batch", style=f"letter/envelope_{code.lower()}.css"
    ) for code, zh, en in (("DL", "5号，220×110", "220 × 110"), ("ZL", "6号，230×120", "230 × 120"),
                           ("C5", "7号，229×162", "229 × 162"))),
    DocumentTemplate(
        "posting_list", words("邮寄清单", "Posting list"), "letter/posting_list.html",
        facts=("pieces", "count", "on", "seller_name", "seller_address"), per="batch", style="letter/posting_list.css",
    ),
)  # fmt: skip

SETTINGS = SettingsForm((
    Setting(Field("proof_days", "number", words("多少天无送达凭证视为超时", "Days without proof until it timed out"),
                  minimum=3, maximum=90), PROOF_DAYS),
    Setting(Field("days_to_pay", "number", words("函中给对方的付款天数", "Days to pay given in a letter"), minimum=1,
                  maximum=60), DAYS_TO_PAY),
))  # fmt: skip


@hookimpl
def collection_methods() -> list[CollectionMethod]:
    """Letter and fax."""
    return [letter.METHOD, fax.METHOD]


@hookimpl
def document_templates() -> list[DocumentTemplate]:
    """The fax's cover sheet, and what is printed with a batch of letters."""
    return list(TEMPLATES)


@hookimpl
def customer_panels() -> list[CustomerPanel]:
    """The life of each letter."""
    return [PANEL]


@hookimpl
def settings() -> list[SettingsForm]:
    """How long a letter may take, and how long the debtor may."""
    return [SETTINGS]
