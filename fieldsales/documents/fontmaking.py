"""Makes the bundled faces from Debian's fonts-noto-cjk: ``python -m fieldsales.documents.fontmaking``.

Noto Serif CJK SC, subset to GBK, GB 2312's marks and Latin (regular) and to GB 2312 level 1 (bold, for
headings), turned into TrueType outlines: pages made with them are half the size and a third quicker
than with the CFF original. Needed only when the faces change; the result is kept in the repository
under the SIL Open Font License (``fonts/OFL.txt``).
"""

from __future__ import annotations

import io
import json
import re
import sys
from pathlib import Path
from typing import Any

import uharfbuzz as hb
from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont, newTable

from fieldsales.places import data_dir

SOURCES = Path("/usr/share/fonts/opentype/noto")
FOLDER = Path(__file__).parent / "fonts"
CLAUSES = Path(__file__).parent / "clause_sets"
SC_FACE = 2
_DROPPED = ("VORG", "vhea", "vmtx", "GSUB", "GDEF", "BASE", "DSIG")
_FIXED_TIME = 3_850_000_000  # seconds since 1904 (2026): the same faces again give the same bytes
_LATIN = (range(0x20, 0x250), range(0x2000, 0x2070), range(0x20A0, 0x20C0), range(0x2460, 0x2474))


def _decoded(codec: str, highs: range, lows: range) -> set[int]:
    found: set[int] = set()
    for high in highs:
        for low in lows:
            try:
                found.update(map(ord, bytes([high, low]).decode(codec)))
            except UnicodeDecodeError:
                continue
    return found


def core() -> set[int]:
    """GBK and Latin: what names and addresses are written with."""
    latin = {code for block in _LATIN for code in block}
    return latin | _decoded("gbk", range(0x81, 0xFF), range(0x40, 0xFF))


def headings() -> set[int]:
    """GB 2312 level 1, its marks, Latin, and all that the clause sets say: what headings are written with."""
    latin = {code for block in _LATIN for code in block}
    said = {ord(sign) for path in CLAUSES.glob("*.json") for sign in path.read_text(encoding="utf-8")}
    return latin | said | _decoded("gb2312", range(0xA1, 0xD8), range(0xA1, 0xFF))


def _subset(source: Path, codes: set[int]) -> bytes:
    wish = hb.SubsetInput()
    wish.sets(hb.SubsetInputSets.UNICODE).update(codes)
    features = wish.sets(hb.SubsetInputSets.LAYOUT_FEATURE_TAG)
    features.clear()
    features.add(int.from_bytes(b"kern", "big"))
    wish.sets(hb.SubsetInputSets.DROP_TABLE_TAG).update(int.from_bytes(tag.encode(), "big") for tag in _DROPPED)
    wish.flags = hb.SubsetFlags.NO_HINTING
    face = hb.subset(hb.Face(hb.Blob.from_file_path(str(source)), SC_FACE), wish)
    return bytes(face.blob.data)


def _to_truetype(font: TTFont) -> None:
    """Cubic outlines to quadratic ones, within a thousandth of an em."""
    order, glyph_set = font.getGlyphOrder(), font.getGlyphSet()
    glyphs: dict[str, Any] = {}
    for name in order:
        pen = TTGlyphPen(None)
        glyph_set[name].draw(Cu2QuPen(pen, 1.0, reverse_direction=True))
        glyphs[name] = pen.glyph()
    table = newTable("glyf")
    table.glyphOrder, table.glyphs = order, glyphs
    font["loca"], font["glyf"] = newTable("loca"), table
    limits = font["maxp"]
    limits.tableVersion = 0x00010000
    for field in (
        "maxTwilightPoints maxStorage maxFunctionDefs maxInstructionDefs maxStackElements maxSizeOfInstructions "
        "maxComponentElements maxPoints maxContours maxCompositePoints maxCompositeContours maxComponentDepth"
    ).split():
        setattr(limits, field, 0)
    limits.maxZones = 1
    font["post"].formatType = 3.0
    del font["CFF "]
    font.sfntVersion = "\x00\x01\x00\x00"


def _rename(font: TTFont, family: str) -> None:
    """A name of its own, so that nobody takes the subset for the whole face."""
    kept = {0, 7, 13, 14}
    names = font["name"]
    names.names = [record for record in names.names if record.nameID in kept and record.langID == 0x409]
    for name_id, value in ((1, family), (2, "Regular"), (3, f"{family} 1"), (4, family), (5, "Version 1.000")):
        names.setName(value, name_id, 3, 1, 0x409)
    names.setName(family.replace(" ", ""), 6, 3, 1, 0x409)


def make(source: Path, codes: set[int], family: str, target: Path) -> None:
    """Write one face."""
    font = TTFont(io.BytesIO(_subset(source, codes)), recalcTimestamp=False)
    _to_truetype(font)
    _rename(font, family)
    font["head"].created = font["head"].modified = _FIXED_TIME
    font.save(target)


def ranges(codes: set[int]) -> list[list[int]]:
    """Code points as [first, last] pairs."""
    found: list[list[int]] = []
    for code in sorted(codes):
        if found and found[-1][1] == code - 1:
            found[-1][1] = code
        else:
            found.append([code, code])
    return found


def printable() -> set[int]:
    """All that can be printed where the whole face is installed too: what a signing may contain."""
    with TTFont(FOLDER / "FieldsalesSong.ttf", lazy=True) as bundled:
        codes = set(bundled.getBestCmap())
    with TTFont(SOURCES / "NotoSerifCJK-Regular.ttc", fontNumber=SC_FACE, lazy=True) as whole:
        return codes | set(whole.getBestCmap())


def for_the_phone(pairs: list[list[int]]) -> str:
    """The same list as static/js/documents/printable.js has it: gap and length of each range, in hexadecimal."""
    parts, last = [], 0
    for first, end in pairs:
        parts.append(f"{first - last:x}" + (f"-{end - first:x}" if end > first else ""))
        last = end
    return ",".join(parts)


def main() -> None:
    """Make both faces, and the list of what they can print, in the folder beside this module."""
    make(SOURCES / "NotoSerifCJK-Regular.ttc", core(), "Fieldsales Song", FOLDER / "FieldsalesSong.ttf")
    make(SOURCES / "NotoSerifCJK-Bold.ttc", headings(), "Fieldsales Song Head", FOLDER / "FieldsalesSongHead.ttf")
    (FOLDER / "printable.json").write_text(json.dumps(ranges(printable()), separators=(",", ":")) + "\n")
    script = data_dir("static") / "js" / "documents" / "printable.js"
    script.write_text(re.sub(r'(?<=const RANGES = ")[^"]*', for_the_phone(ranges(printable())), script.read_text()))
    sys.stdout.write("".join(f"{path.name} {path.stat().st_size}\n" for path in sorted(FOLDER.glob("*.ttf"))))


if __name__ == "__main__":
    main()
