"""CSV files with a known heading: 招商银行企业网银 (交易明细) and 支付宝商家 (账务明细), in GBK or UTF-8.

The headings were compared with files and parsers published for each (2026-11). 招商银行 writes 交易日期, 借方(出账),
贷方(入账), 余额, 摘要, 收(付)方名称, 收(付)方账号 and, in some exports, 交易流水号. 支付宝 writes lines with #
before and after its table: 账务流水号, 业务流水号, 商户订单号, 商品名称, 发生时间, 对方账号, 收入金额（+元）,
支出金额（-元）, 账户余额（元）, 交易渠道, 业务类型, 备注, each cell with a tab behind it. A file without the
needed headings is not it.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from fieldsales.plugin_api import FileRead, LineProblem, PaymentLine, Unreadable, words
from fieldsales.plugin_api.fields import Labels

_SEARCHED, _MOST_LINES = 40, 100_000
_DAY = re.compile(r"(\d{4})[-/年.]?(\d{1,2})[-/月.]?(\d{1,2})")
_AMOUNT = re.compile(r"[+-]?\d{1,13}(\.\d{1,4})?")
_ALIPAY_NAME = re.compile(r"^(.*?)\s*[(（][^()（）]*[)）]$")


def plain(cell: str) -> str:
    """A cell without tabs, quotes of Excel, and outer space; full-width signs as half-width."""
    return unicodedata.normalize("NFKC", cell).strip().strip("`'\"").strip()


def decoded(data: bytes) -> str:
    """The text, in UTF-8 or the Chinese standard encodings."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Unreadable(words("文字编码无法识别，请另存为 UTF-8 或 GBK 的 CSV。", "The text encoding cannot be read."))


@dataclass(frozen=True)
class Sheet:
    """One bank's table. ``columns``: what we need → the headings it may have; ``needed``: without them it is not it."""

    name: str
    labels: Labels
    columns: Mapping[str, tuple[str, ...]]
    needed: tuple[str, ...]
    currency: str = "CNY"
    mark: str = ""
    """A word that stands above the table, if the headings alone could be somebody else's."""

    def recognises(self, name: str, first: bytes) -> bool:
        """By its headings; the first bytes may end within a sign."""
        for cut in range(4):
            try:
                text = decoded(first[:len(first) - cut])
            except Unreadable:
                continue
            return (not self.mark or self.mark in text) and self._header(text.splitlines()[:_SEARCHED]) is not None
        return False

    def _header(self, lines: list[str]) -> tuple[int, dict[str, int]] | None:
        """(its place, field → column), or None."""
        for at, line in enumerate(lines):
            if "," not in line:
                continue
            names = [plain(cell) for cell in next(csv.reader([line]), [])]
            found = {field: names.index(one) for field, wanted in self.columns.items()
                     for one in map(plain, wanted) if one in names}
            if all(field in found for field in self.needed):
                return at, found
        return None

    def read(self, data: bytes, settings: object) -> FileRead:
        """Every line that came in."""
        text = decoded(data)
        header = self._header(text.splitlines()[:_SEARCHED])
        if header is None:
            raise Unreadable(words("没有找到表头，可能不是这家银行的明细。", "The headings were not found."))
        top, columns = header
        rows: list[PaymentLine] = []
        problems: list[LineProblem] = []
        passed: list[int] = []
        reader = csv.reader(io.StringIO("\n".join(text.splitlines()[top + 1:])))
        try:
            for number, cells in enumerate(reader, top + 2):
                if number > _MOST_LINES:
                    raise Unreadable(words("行数太多，请按较短的期间导出。", "Too many lines: export fewer days."))
                self._line(number, [plain(cell) for cell in cells], columns, (rows, problems, passed))
        except csv.Error as error:
            raise Unreadable(words(f"第 {reader.line_num + top + 1} 行的引号没有配对。",
                                   f"A quotation mark in line {reader.line_num + top + 1} is not closed.")) from error
        return FileRead(tuple(rows), tuple(problems), tuple(passed))

    def _line(self, number: int, cells: list[str], columns: Mapping[str, int],
              into: tuple[list[PaymentLine], list[LineProblem], list[int]]) -> None:
        rows, problems, passed = into
        def cell(field: str) -> str:
            at = columns.get(field, -1)
            return cells[at] if 0 <= at < len(cells) else ""

        if not any(cells) or cells[0].startswith("#") or (_day(cell("on")) is None and (
                len(cells) <= max(columns[name] for name in self.needed) or "合计" in "".join(cells[:3]))):
            return  # the lines above and below the table, and its totals
        came, went = _amount(cell("came")), _amount(cell("went"))
        on = _day(cell("on"))
        if came is None or went is None:
            wrong = cell("came") if came is None else cell("went")
            problems.append(LineProblem(number, words(f"“{wrong[:40]}”不是金额", f"“{wrong[:40]}” is not an amount")))
        elif came < 0:
            problems.append(LineProblem(number, words("收入为负：请手工登记冲正", "negative: enter it by hand")))
        elif came == 0:
            passed.append(number)
        elif on is None:
            problems.append(LineProblem(number, words(f"“{cell('on')[:40]}”不是日期",
                                                      f"“{cell('on')[:40]}” is not a date")))
        else:
            said = " ".join(part for part in (cell("summary"), cell("note")) if part)
            rows.append(PaymentLine(number, _payer(cell("payer"))[:120], came, self.currency, on,
                                    cell("key")[:100], said[:300]))


def _payer(text: str) -> str:
    """支付宝 writes 海港五金 (pay@haigang.example): the name stands before the account."""
    named = _ALIPAY_NAME.match(text)
    return named[1] if named and "@" in text else text


def _amount(text: str) -> Decimal | None:
    """An amount; nothing written is nothing. None when it cannot be read."""
    bare = text.replace(",", "").replace("¥", "").replace(" ", "")
    if bare in ("", "-", "--"):
        return Decimal(0)
    if not _AMOUNT.fullmatch(bare):
        return None
    try:
        return Decimal(bare)
    except InvalidOperation:
        return None


def _day(text: str) -> date | None:
    found = _DAY.match(text)
    try:
        return date(*map(int, found.groups())) if found else None
    except ValueError:
        return None


SHEETS = (
    Sheet("cmb_csv", words("招商银行企业网银交易明细（CSV）", "China Merchants Bank, business account (CSV)"), {
        "on": ("交易日期", "交易日"), "came": ("贷方(入账)", "贷方金额", "贷方"),
        "went": ("借方(出账)", "借方金额", "借方"),
        "payer": ("收(付)方名称", "收/付方名称"), "summary": ("摘要",), "note": ("用途", "业务摘要", "其它摘要"),
        "key": ("交易流水号", "流水号"),
    }, ("on", "came", "went", "payer")),
    Sheet("alipay_csv", words("支付宝商家账务明细（CSV）", "Alipay merchant ledger (CSV)"), {
        "on": ("发生时间", "入账时间"), "came": ("收入金额(+元)", "收入(+元)"), "went": ("支出金额(-元)", "支出(-元)"),
        "payer": ("对方账号", "对方账户", "对方名称"), "summary": ("商品名称",), "note": ("备注",),
        "key": ("账务流水号",),
    }, ("on", "came", "went", "payer", "key")),
)  # fmt: skip
