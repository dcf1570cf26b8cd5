"""The clause on payment day by day, offered for a repayment plan."""

from __future__ import annotations

from fieldsales.plugin_api import PlanClause, words

CLAUSE = PlanClause(
    "daily_payment", 1, words("逐日付款", "Payment day by day"),
    (words("分期明细按日排列的，每日款项应当在当日二十四时前到账；到账日为银行非营业日的，顺延至下一营业日，其后各期不变。",
           "Where the instalments stand day by day, each must arrive by midnight of its day; on a day banks do not "
           "work, on the next one they do, the later instalments unchanged."),
     words("甲方逐日接受部分付款，不视为对其余款项、违约金或者加速到期权利的放弃或者延期。",
           "Taking payment day by day waives or defers nothing of the rest, of the penalty, or of the right to call in "
           "everything.")),
    words("诉讼时效规定 9、14：部分履行是同意履行，主张部分不等于放弃其余",
          "诉讼时效规定 9, 14: part performance is agreement, and claiming a part gives up nothing of the rest"),
    order=60)
