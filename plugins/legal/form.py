"""The form: what the person of legal does or has seen the court do, and what belongs to each."""

from __future__ import annotations

from fieldsales.plugin_api import Choice, Field, words

from .costs import KINDS
from .stages import MEASURES, STEPS

#: What we do at our own desk. The rest of the stages are ``STEPS``: what was filed, and what the court has done.
DESK = {
    "review": words("检查材料（支付令、起诉、保全、执行）", "Check the file (order, suit, preservation, enforcement)"),
    "lawyer": words("出律师函草稿", "Make a draft of a lawyer's letter"),
    "apply": words("出支付令申请书", "Make the application for a payment order"),
    "sue": words("出民事起诉状", "Make the civil complaint"),
    "preserve": words("出财产保全申请书", "Make the application for preservation"),
    "enforce": words("出强制执行申请书", "Make the application for enforcement"),
    "report": words("出证据报告", "Make a report of the evidence"),
    "cost": words("登记费用", "Note a cost"),
}
STAGES = {**DESK, **{code: step.labels for code, step in STEPS.items()}}
_SEEN = tuple(STEPS)
_PAPERS = ("apply", "lawyer", "report")
_COURT = ("apply", "sue", "preserve", "enforce", *_SEEN)
_FROZEN, _PROPERTY = ("pre_frozen", "frozen"), ("preserve", "enforce")

FIELDS = (
    Field("stage", "choice", words("进行到哪一步", "Where it stands"), required_hint=True,
          choices=tuple(Choice(code, labels) for code, labels in STAGES.items())),
    Field("lang", "choice", words("语言", "Language"), when=("stage", _PAPERS),
          choices=(Choice("zh", words("中文", "Chinese")), Choice("en", words("英文", "English")),
                   Choice("zh_en", words("中英对照，以中文为准", "Both, the Chinese prevails")))),
    Field("law_firm", "text", words("律师事务所", "Law firm"), when=("stage", ("lawyer",))),
    Field("lawyer", "text", words("律师", "Lawyer"), when=("stage", ("lawyer",))),
    Field("pay_by", "date", words("要求付款日", "To be paid by"), when=("stage", ("lawyer",))),
    Field("court", "text", words("法院或仲裁机构", "Court or tribunal"), when=("stage", _COURT)),
    Field("case_number", "text", words("案号", "Case number"), when=("stage", ("preserve", *_SEEN))),
    Field("on", "date", words("日期（送达、裁定以文书为准）", "On (as the court's paper says)"), prefill="today",
          when=("stage", ("cost", *_SEEN))),
    Field("served_on", "date", words("起诉状副本哪天送达债务人", "Complaint served on the debtor on"),
          hint=words("没有送达或不清楚就不填；时效按没有中断的较早日期预警",
                     "Leave empty if not served or not known; alerts go by the earlier day"),
          when=("stage", ("withdrawn", "dismissed"))),
    Field("amount", "money", words("金额", "Amount"), minimum=1,
          hint=words("裁判：判给的本金等，不含一般利息；保全：冻结数；收款：到账数",
                     "Judgement: what was awarded without general interest; preserved; received"),
          when=("stage", ("effective", "judged", "final", "received", *_FROZEN))),
    Field("perform_by", "date", words("履行期限届满日", "Last day to perform"), when=("stage", ("final", "effective"))),
    Field("measure", "choice", words("保全措施", "Measure"), when=("stage", (*_FROZEN, "released")),
          choices=tuple(Choice(code, labels) for code, (_, labels) in MEASURES.items())),
    Field("property", "prose", words("财产线索", "Property"), maximum=600, when=("stage", _PROPERTY)),
    Field("cost_kind", "choice", words("什么费用", "What kind"), when=("stage", ("cost",)),
          choices=tuple(Choice(code, labels) for code, labels in KINDS.items())),
    Field("cost", "money", words("付了多少", "How much was paid"), minimum=1, when=("stage", ("cost",))),
    Field("proof", "photo", words("法院文书照片", "Photo of the court's paper"), when=("stage", _SEEN)),
    Field("note", "prose", words("备注（出文书时印上）", "Note (printed on the paper)"), maximum=900),
)  # fmt: skip
