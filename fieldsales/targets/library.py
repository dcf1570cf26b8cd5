"""The gap measures a house begins with; its own are rows beside them (缩小目标差距常用办法)."""

from __future__ import annotations

from fieldsales.kernel.errors import N_

#: code -> (name, what it is for); a house may reword or retire each and add its own
KINDS: dict[str, tuple[str, str]] = {
    "potential": (N_("Potential analysis"),
                  N_("Go through stock, sales and downstream debts with the customer, so that he sees he can.")),
    "incentive": (N_("Incentive for the customer"), N_("A reward for paying by a day, out of a registered promotion.")),
    "promotion": (N_("Local promotion"), N_("Promotion at the grass roots, so that stock moves and money comes.")),
    "outlets": (N_("New outlets"), N_("Open outlets for the customer, so that he can sell more.")),
    "training": (N_("Promoter training"), N_("Train the promoters, so that each sells more.")),
}
