"""Amounts and dates in words, by rules small enough that the phone has them too (static/js/plans/words.js).

Amounts are whole minor units (分); nothing here is ever a float.
"""

from __future__ import annotations

_ZH_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_ZH_PLACES = ("", "拾", "佰", "仟")
_ZH_GROUPS = ("", "万", "亿", "万亿")
_ZH_PARTS = ("角", "分", "厘")
_EN_ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
).split()
_EN_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_EN_GROUPS = ("", " thousand", " million", " billion", " trillion")


def _zh_group(value: int) -> str:
    """1..9999 without the zero that may stand before it: 200 → 贰佰, 1002 → 壹仟零贰."""
    said, gap = "", False
    for place in (3, 2, 1, 0):
        digit = value // 10**place % 10
        if digit:
            said += ("零" if gap and said else "") + _ZH_DIGITS[digit] + _ZH_PLACES[place]
            gap = False
        else:
            gap = True
    return said


def zh_integer(value: int) -> str:
    """A whole number in the capitals of 正确填写票据和结算凭证的基本规定: 100200 → 壹拾万零贰佰.

    A zero is said where a group of four begins with one, and nowhere at the end of a group.
    """
    if value == 0:
        return "零"
    said = ""
    for group in (3, 2, 1, 0):
        part = value // 10000**group % 10000
        if not part:
            continue
        if said and part < 1000:
            said += "零"
        said += _zh_group(part) + _ZH_GROUPS[group]
    return said


def zh_amount(minor: int, digits: int = 2) -> str:
    """¥100,000.00 → 壹拾万元整; 角 ends with 整, 分 does not (会计基础工作规范 52)."""
    whole, rest = divmod(minor, 10**digits)
    said = zh_integer(whole) + "元" if whole or not rest else ""
    gap = False
    for index in range(digits):
        digit = rest // 10 ** (digits - 1 - index) % 10
        if digit:
            said += ("零" if gap and said else "") + _ZH_DIGITS[digit] + _ZH_PARTS[index]
        gap = not digit
    return said + ("" if digits > 1 and rest % 10 ** (digits - 1) else "整")


def _en_hundreds(value: int) -> str:
    """1..999: 125 → one hundred and twenty-five."""
    hundreds, rest = divmod(value, 100)
    said = f"{_EN_ONES[hundreds]} hundred" if hundreds else ""
    if not rest:
        return said
    tens = _EN_TENS[rest // 10 - 2] + (f"-{_EN_ONES[rest % 10]}" if rest % 10 else "")
    low = _EN_ONES[rest] if rest < 20 else tens
    return f"{said} and {low}" if said else low


def en_integer(value: int) -> str:
    """1234567 → one million two hundred and thirty-four thousand five hundred and sixty-seven."""
    if value == 0:
        return "zero"
    parts: list[str] = []
    for group in (4, 3, 2, 1, 0):
        part = value // 1000**group % 1000
        if part:
            joint = "and " if group == 0 and parts and part < 100 else ""
            parts.append(joint + _en_hundreds(part) + _EN_GROUPS[group])
    return " ".join(parts)


def en_amount(minor: int, digits: int = 2) -> str:
    """10050 → one hundred and 50/100; a whole amount ends with "only"."""
    whole, rest = divmod(minor, 10**digits)
    return en_integer(whole) + (f" and {rest:0{digits}d}/{10**digits}" if rest else " only")


def figures(minor: int, sign: str, digits: int = 2) -> str:
    """10000000 → ¥100,000.00."""
    whole, rest = divmod(abs(minor), 10**digits)
    return f"{'-' if minor < 0 else ''}{sign}{whole:,}" + (f".{rest:0{digits}d}" if digits else "")


def percent(bp100: int) -> str:
    """A rate in 1/100 of a basis point as a percentage without needless zeros: 500 → 0.05%."""
    whole, rest = divmod(bp100, 10_000)
    return f"{whole}.{rest:04d}".rstrip("0").rstrip(".") + "%"
