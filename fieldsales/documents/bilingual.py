"""A paper in Chinese and English: every block in Chinese, its English below it, one table for both.

Both wordings of a set run block by block in step (``clause_checks`` refuses a set where they do not), so
pairing them is all there is to it. The phone's port is ``paired`` in ``static/js/plans/text.js``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from fieldsales.documents.shown import CELL_JOINT, Shown

BILINGUAL = "zh-en"
_JOINT = " / "


def both(zh: str, en: str) -> str:
    """One entry in both languages; said once where they are the same."""
    return zh if zh == en else f"{zh}{_JOINT}{en}"


def _table(zh: Shown, en: Shown) -> Shown:
    heads = tuple(both(*pair) for pair in zip(zh.heads, en.heads, strict=True))
    rows = tuple(
        tuple(both(*cells) for cells in zip(left, right, strict=True))
        for left, right in zip(zh.rows, en.rows, strict=True)
    )
    text = "\n".join(CELL_JOINT.join(cells) for cells in (heads, *rows))
    return replace(zh, text=text, caption=both(zh.caption, en.caption), heads=heads, rows=rows)


def paired(zh: Iterable[Shown], en: Iterable[Shown]) -> list[Shown]:
    """The blocks of both wordings, in step. Raises ValueError when they are not."""
    blocks: list[Shown] = []
    for left, right in zip(zh, en, strict=True):
        if left.kind != right.kind:
            raise ValueError(f"the wordings part at {left.kind} and {right.kind}")
        if left.kind == "rows":
            blocks.append(_table(left, right))
        elif left.text == right.text:
            blocks.append(left)
        else:
            blocks += [left, replace(right, gap=False, lang="en")]
    return blocks
