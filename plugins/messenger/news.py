"""What a team hears at once: money that came in, a plan that was signed, and, where it is wanted, what was not kept.

Figures and colleagues, never a customer's name: a group's members change, and its robot is somebody else's server.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from fieldsales.kernel.money import Money
from fieldsales.plugin_api import Field, Happened, Observer, Setting, SettingsForm, Tell, words

#: Money booked so long after it came is no news: a ledger is being taken in.
OLD_NEWS = timedelta(days=3)

SETTINGS = SettingsForm((
    Setting(Field("money", "bool", words("到账播报", "Tell of money that came in")), default=True),
    Setting(Field("money_from", "money", words("到账多少起播报", "Tell of sums from"),
                  hint=words("小于它的不播报，免得打扰；留空按 1 万元。", "Less is not told; empty means 10,000.")),
            default=Money(10_000_00)),
    Setting(Field("plans", "bool", words("还款计划签署播报", "Tell of plans that were signed")), default=True),
    Setting(Field("broken", "bool", words("失约播报", "Tell of promises and instalments not kept"),
                  hint=words("平时不必打开：每天早上和每小时的提醒里已有失约的笔数。",
                             "Not needed as a rule: the morning's and the hour's reminders count them already.")),
            default=False),
), hint=words(
    "播报发到客户所在小组的群和全公司的群：只有金额和同事，没有客户名称。夜里的留到早上，一个群一小时最多六条。",
    "Told to the group of the customer's team and to those of the whole company: sums and colleagues, no customer's "
    "name. What happens at night waits for the morning, and a group hears six an hour at most."))  # fmt: skip


def money_came(happened: Happened) -> list[Tell]:
    """A payment in the books: from a sum on, unless it is a reversal or old."""
    data, settings = happened.data, happened.settings
    came, least = Money(data["amount_minor"], data["currency"]), settings["money_from"]
    fresh = happened.at.date() - date.fromisoformat(data["received_on"]) <= OLD_NEWS
    small = isinstance(least, Money) and least.currency == came.currency and came.minor < least.minor
    if not settings["money"] or came.minor <= 0 or small or not fresh:
        return []
    return [Tell(data["payment_id"], words(f"到账 {came}", f"{came} came in"), _whose(happened))]


def plan_signed(happened: Happened) -> list[Tell]:
    """A plan signed: its number and sum."""
    data = happened.data
    if not happened.settings["plans"]:
        return []
    whole = Money(data["total_minor"], data["currency"])
    return [Tell(data["plan_id"], words(f"还款计划已签署 {whole}", f"A repayment plan was signed: {whole}"),
                 (words(f"编号 {data['number']}", f"No. {data['number']}"), *_whose(happened)))]


def not_kept(happened: Happened) -> list[Tell]:
    """A promise or an instalment that was broken."""
    data = happened.data
    if not happened.settings["broken"] or data["state"] != "broken":
        return []
    if happened.event == "plans.instalment_settled":
        return [Tell(f"{data['plan_id']} {data['n']}",
                     words(f"还款计划第 {data['n']} 期没有按期付", f"Instalment {data['n']} of a plan was not paid"),
                     _whose(happened))]
    due = f" {Money(data['amount_minor'], data['currency'])}" if data["currency"] else ""
    return [Tell(data["promise_id"], words(f"付款承诺没有兑现{due}", f"A promise was not kept:{due}".rstrip(":")),
                 _whose(happened))]


def _whose(happened: Happened) -> tuple[Mapping[str, str], ...]:
    name = happened.owner_name
    return (words(f"业务员：{name}", f"Rep: {name}"),) if name else ()


OBSERVERS = (
    Observer("money", ("payments.posted",), tell=money_came),
    Observer("plans", ("plans.signed",), tell=plan_signed),
    Observer("broken", ("promises.settled", "plans.instalment_settled"), tell=not_kept),
)
