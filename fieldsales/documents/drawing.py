"""Pictures a paper carries, made from data only: the signature from its points, the code from its text."""

from __future__ import annotations

import io
from collections.abc import Sequence
from itertools import pairwise

import segno

from fieldsales.documents.canonical import Stroke

_PEN = 24  # tenths of a CSS pixel: a fine fountain pen at the size it was written
_MARGIN = 30


def _path(stroke: Stroke) -> str:
    """A smooth line through a stroke: quadratic curves between the midpoints of its points."""
    xy = [(int(x), int(y)) for x, y, _ in stroke]
    if len(xy) == 1:
        return f"M{xy[0][0]} {xy[0][1]}h1"
    parts = [f"M{xy[0][0]} {xy[0][1]}"]
    for (x0, y0), (x1, y1) in pairwise(xy[1:]):
        parts.append(f"Q{x0} {y0} {(x0 + x1) // 2} {(y0 + y1) // 2}")
    parts.append(f"L{xy[-1][0]} {xy[-1][1]}")
    return "".join(parts)


def signature_svg(strokes: Sequence[Stroke]) -> bytes:
    """The signature as SVG, cropped to its ink. Only whole numbers go in, so nothing else can."""
    points = [point for stroke in strokes for point in stroke]
    left, top = min(p[0] for p in points) - _MARGIN, min(p[1] for p in points) - _MARGIN
    width = max(p[0] for p in points) + _MARGIN - left
    height = max(p[1] for p in points) + _MARGIN - top
    pen = max(_PEN, width // 120)
    path = "".join(_path(stroke) for stroke in strokes if stroke)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{left} {top} {width} {height}" width="{width}" '
        f'height="{height}"><path d="{path}" fill="none" stroke="#10204a" stroke-width="{pen}" '
        'stroke-linecap="round" stroke-linejoin="round"/></svg>'
    ).encode()


def code_png(address: str) -> bytes:
    """A QR code of ``address`` as a PNG: a third of the time an SVG of squares takes to lay out."""
    target = io.BytesIO()
    segno.make(address, error="m", micro=False).save(target, kind="png", scale=6, border=0)
    return target.getvalue()
