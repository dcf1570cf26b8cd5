"""How often and when a debtor may be contacted, by jurisdiction, as dated policies. Pure.

Not legal advice. Each row says where its figures come from; a change of the law is a new row with its day, and what
came before is still judged by the row of its own day. The law of trade debts names few numbers: where it names none,
the row says so and takes the nearest measure there is. The house narrows a policy by its settings and never widens it.

Sources

* **CN** 治安管理处罚法 (2012: art. 42(5); the revised law is in force from 2026-01-01), 民法典 arts. 1032-1033:
  disturbance by call, message, mail is forbidden, no number is named. GB/T 45251-2025 (28 Feb 2025; consumer credit
  on-line, recommended, not binding between firms) is taken for the default: only the debtor himself, third parties
  neither pressed nor told, absent an agreement nothing from 22:00 to 08:00, at most three effective calls a day and
  debtor, counted over everybody who calls. Work hours 9:00-18:00 are advice.
* **EU** Directive 2011/7/EU gives interest, 40 EUR and terms of payment, and says nothing of contacts; national law may
  (civil law on privacy, unfair commercial practices). Hours and caps of this row are a house measure.
* **US** Regulation F, 12 CFR 1006.6(b)(1)(i): inconvenient before 8 am and from 9 pm of the consumer's place;
  1006.14(b)(2): presumed harassing are more than seven calls within seven consecutive days, and a call within seven
  days after a conversation, per debt. It binds third-party collectors of consumer debts: for a firm's own trade debts
  it is the nearest measure. Counted here per debtor, which is the stricter reading.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from fieldsales.kernel.workdays import OFF as OFF
from fieldsales.kernel.workdays import WORKED as WORKED
from fieldsales.kernel.workdays import is_workday as is_workday
from fieldsales.plugin_api.fields import Labels, words


@dataclass(frozen=True, slots=True)
class Policy:
    """One jurisdiction's measure from a day on. Hours are of the debtor's zone: the first included, the last not.

    0 of a cap: none. ``calls_per_day`` counts conversations, ``calls_per_week`` every call; ``quiet_days`` follow a
    conversation; ``demands_per_week`` counts every demand by any channel: no law here names one, so it is the house's.
    ``calendar``: whose working days count.
    """

    pack: str
    since: date
    from_hour: int
    to_hour: int
    work_from: int
    work_to: int
    calls_per_day: int
    calls_per_week: int
    quiet_days: int
    demands_per_week: int
    calendar: str
    source: Labels


_FIRST = date(1900, 1, 1)
_CN_OLD = words(
    "治安管理处罚法（2012）第42条第5项、民法典第1032–1033条；法律未定次数，取自家尺度",
    "Public Security Administration Punishments Law (2012) art. 42(5), Civil Code arts. 1032-1033; the law names no "
    "number: the house's own measure")
_CN_GB = words(
    "GB/T 45251-2025 作默认（推荐性，原为个人网络消费信贷）："
    "22:00–次日8:00不联系，每日有效通话不超过3次，不联系第三人",
    "GB/T 45251-2025 taken as the default (recommended, made for consumer credit): not from 22:00 to 08:00, three "
    "effective calls a day, no third parties")
_CN_2026 = words(
    "GB/T 45251-2025 作默认（推荐性），并适用2026年1月1日起施行的新治安管理处罚法",
    "GB/T 45251-2025 taken as the default (recommended), and the revised Public Security Administration Punishments "
    "Law in force from 1 January 2026")
_EU = words(
    "2011/7/EU 指令不规定联系次数；时段与次数为自家尺度，另查成员国法律",
    "Directive 2011/7/EU sets no contact limits: hours and counts are a house measure; check national law")
_US = words(
    "Regulation F（12 CFR 1006.6、1006.14(b)(2)）：8–21点；七天内电话不超过7次，通话后七天内不再打；"
    "对企业自有账款非强制",
    "Regulation F (12 CFR 1006.6, 1006.14(b)(2)): 8 am to 9 pm; seven calls in seven days, none within seven days "
    "after a conversation; not binding on a firm's own trade debts")

POLICIES: tuple[Policy, ...] = (
    Policy("CN", _FIRST, 8, 22, 9, 18, 0, 0, 0, 0, "CN", _CN_OLD),
    Policy("CN", date(2025, 2, 28), 8, 22, 9, 18, 3, 0, 0, 0, "CN", _CN_GB),
    Policy("CN", date(2026, 1, 1), 8, 22, 9, 18, 3, 0, 0, 0, "CN", _CN_2026),
    Policy("EU", _FIRST, 8, 20, 9, 17, 3, 0, 0, 0, "", _EU),
    Policy("US", _FIRST, 8, 21, 9, 17, 0, 7, 7, 0, "", _US),
)  # fmt: skip
PACKS: dict[str, Labels] = {
    "CN": words("中国", "China"), "EU": words("欧盟", "European Union"), "US": words("美国", "United States"),
}
DEFAULT_PACK = "CN"


def policy_on(pack: str, day: date) -> Policy:
    """The policy of a jurisdiction that holds on a day; of one nobody knows, the default one's."""
    known = pack if pack in PACKS else DEFAULT_PACK
    return max((one for one in POLICIES if one.pack == known and one.since <= day), key=lambda one: one.since)


def narrowed(policy: Policy, from_hour: int, to_hour: int, demands_per_week: int) -> Policy:
    """A policy within the house's own hours and demands (0: the policy's). Nothing is ever widened.

    Hours of the house that leave no hour of the policy are none, so that a slip in a setting silences nobody for good.
    """
    first, last = max(policy.from_hour, from_hour), min(policy.to_hour, to_hour)
    if first >= last:
        first, last = policy.from_hour, policy.to_hour
    caps = [one for one in (policy.demands_per_week, demands_per_week) if one]
    return replace(policy, from_hour=first, to_hour=last, demands_per_week=min(caps, default=0))
