"""How amounts, dates and days are written, in Chinese and in English. Pure but for the last section."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any
from zoneinfo import ZoneInfo

from flask import Flask
from flask_babel import get_locale

from fieldsales.kernel.clock import DEFAULT_ZONE
from fieldsales.kernel.money import Money
from fieldsales.web.here import here

_WEEKDAYS_ZH = "一二三四五六日"
_WEEKDAYS_EN = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS_EN = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

#: The upper ends of the ageing buckets in days past due; above the last: over 90 days.
AGE_ENDS = (0, 30, 60, 90)


def money_text(minor: int, currency: str = "CNY") -> str:
    """``¥1,234,567.89``, exact; ``minor`` in the currency's smallest unit."""
    return str(Money(minor, currency))


def _short(value: Decimal, digits: int) -> str:
    text = f"{value.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_EVEN):,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def headline_text(minor: int, lang: str, currency: str = "CNY") -> str:
    """``123.5 万`` in Chinese, ``1.24 M`` in English: rounded half even, for headlines only.

    A currency other than the yuan is named. What is below ten thousand is written in full units.
    """
    major = Money(minor, currency).major
    size = abs(major)
    steps = ((Decimal(10**8), "亿", 2), (Decimal(10**4), "万", 1)) if lang == "zh" else (
        (Decimal(10**9), "B", 2), (Decimal(10**6), "M", 2), (Decimal(10**4), "k", 1))
    text = _short(major, 0)
    for step, unit, digits in steps:
        if size >= step:
            scale = Decimal(1000) if unit == "k" else step
            text = f"{_short(major / scale, digits)}\N{NO-BREAK SPACE}{unit}"
            break
    return text if currency == "CNY" else f"{currency}\N{NO-BREAK SPACE}{text}"


def day_text(day: date, lang: str, today: date | None = None) -> str:
    """``3月12日(周四)`` or ``Thu 12 Mar``; a day of another year carries the year instead of the weekday."""
    if today is not None and day.year != today.year:
        if lang == "zh":
            return f"{day.year}年{day.month}月{day.day}日"
        return f"{day.day} {_MONTHS_EN[day.month - 1]} {day.year}"
    if lang == "zh":
        return f"{day.month}月{day.day}日(周{_WEEKDAYS_ZH[day.weekday()]})"
    return f"{_WEEKDAYS_EN[day.weekday()]} {day.day} {_MONTHS_EN[day.month - 1]}"


def month_text(day: date, lang: str) -> str:
    """``2026年3月`` / ``Mar 2026``: the month of a day."""
    return f"{day.year}年{day.month}月" if lang == "zh" else f"{_MONTHS_EN[day.month - 1]} {day.year}"


def moment_text(at: datetime, lang: str, today: date | None = None, zone: str = DEFAULT_ZONE) -> str:
    """A day and the time of day in the branch's zone: ``3月12日 09:41``; today's has the time only."""
    local = at.astimezone(ZoneInfo(zone))
    clock = f"{local:%H:%M}"
    if today is not None and local.date() == today:
        return f"今天 {clock}" if lang == "zh" else f"today {clock}"
    day = day_text(local.date(), lang, today)
    return f"{day.split('(')[0]} {clock}" if lang == "zh" else f"{day} {clock}"


def overdue_text(days: int, lang: str) -> str:
    """``逾期 37 天`` / ``37 days overdue``; a day ahead is counted down, the day itself says so."""
    if days > 0:
        return f"逾期 {days} 天" if lang == "zh" else f"{days} day{'s' if days > 1 else ''} overdue"
    if days == 0:
        return "今天到期" if lang == "zh" else "due today"
    return f"还有 {-days} 天" if lang == "zh" else f"in {-days} day{'s' if days < -1 else ''}"


def age_step(days: int) -> int:
    """The ageing bucket of ``days`` past due: 0 not due, 1 to 30, 31 to 60, 61 to 90, 4 over 90."""
    return sum(days > end for end in AGE_ENDS)


def percent_text(rate: float | Decimal | None) -> str:
    """A share of one as a whole percentage; nothing measured is a dash."""
    return "–" if rate is None else f"{round(rate * 100)}%"


_SYSTEMS = ("iPhone", "iPad", "OpenHarmony", "HarmonyOS", "Android", "Windows", "Macintosh", "Linux")
#: by the sign in a browser's own words; those that name another browser too come first
_BROWSERS = {
    "wxwork": "WeCom", "MicroMessenger": "WeChat", "DingTalk": "DingTalk", "HuaweiBrowser": "Huawei Browser",
    "MiuiBrowser": "Mi Browser", "SamsungBrowser": "Samsung Internet", "Edg": "Edge", "Firefox": "Firefox",
    "Chrome": "Chrome", "CriOS": "Chrome", "Safari": "Safari",
}
_MODEL = re.compile(r"Android [\d.]+; ([^;)]+?)(?: Build/[^;)]*)?[;)]")


def phone_name(said: str) -> str:
    """A phone in two words from what its browser says of itself (User-Agent): ``V2244A · Chrome``.

    A name that is none of a browser's stays as it is. ``K`` is what Chromium puts where a model stood.
    """
    if not said.startswith("Mozilla/"):
        return said
    model = _MODEL.search(said)
    system = next((one for one in _SYSTEMS if one in said), "")
    device = model[1] if model and model[1] != "K" else system
    browser = next((name for sign, name in _BROWSERS.items() if sign in said), "")
    return " · ".join(part for part in (device, browser) if part) or said


# -- in templates ---------------------------------------------------------------------------------


def lang() -> str:
    """The reader's language: ``zh`` or ``en``."""
    return "en" if str(get_locale() or "zh").startswith("en") else "zh"


def zone() -> str:
    """The branch's zone."""
    return here().settings.zone


def today() -> date:
    """Today in the branch's zone."""
    return here().today


def as_date(value: date | str) -> date:
    """Dossiers carry dates as ISO text, pages as dates: both are shown."""
    return date.fromisoformat(value[:10]) if isinstance(value, str) else value


def as_moment(value: datetime | str) -> datetime:
    """An instant, also from its ISO text."""
    return datetime.fromisoformat(value) if isinstance(value, str) else value


def init_filters(app: Flask) -> None:
    """Make the filters known to every template."""
    filters: dict[str, Any] = {
        "money": money_text,
        "headline": lambda minor, currency="CNY": headline_text(minor, lang(), currency),
        "day": lambda value: day_text(as_date(value), lang(), today()) if value else "–",
        "month": lambda value: month_text(as_date(value), lang()),
        "plain": lambda minor, currency="CNY": Money(minor, currency).plain(),
        "moment": lambda value: moment_text(as_moment(value), lang(), today(), zone()) if value else "–",
        "overdue": lambda days: overdue_text(days, lang()),
        "overdue_since": lambda value: overdue_text((today() - as_date(value)).days, lang()),
        "days_since": lambda value: (today() - as_date(value)).days,
        "age_step": age_step,
        "percent": percent_text,
        "phone_name": phone_name,
    }
    app.jinja_env.filters.update(filters)
