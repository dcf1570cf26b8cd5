"""A PDF as pictures, page by page: what a phone shows of a paper, with or without a network.

Browsers on phones draw no PDF inside a page; a picture is drawn everywhere. The pictures are for the eye
alone: what is signed, shared and checked is the PDF itself. Strangers' PDFs are drawn too (a scanned
contract), so the drawing is done in a process of its own, with little memory and little time.
"""

from __future__ import annotations

import io
import os
import resource
import subprocess
import sys
from typing import BinaryIO

from fieldsales.documents.frames import read_frame, write_frame
from fieldsales.kernel.errors import N_, Invalid

#: Pixels across: sharp on a phone of 390 points at three pixels each.
WIDTH = 1240
#: Pages drawn at most; a longer paper is read as PDF.
MOST_PAGES = 60
#: Colours kept: print stays crisp, a red seal stays red, and a page of text weighs some 60 KB.
COLOURS = 32
SECONDS = 60.0
_MEMORY = 1536 * 1024**2
#: A page is at most this many times as high as it is wide: a strip of paper is no page.
_LONGEST = 6


def draw(content: bytes) -> list[bytes]:
    """Every page of a PDF as PNG, at most ``MOST_PAGES``. For the drawing process: raises what PDFium raises."""
    import pypdfium2  # a heavy library that only the drawing process loads
    from PIL import Image

    pictures = []
    document = pypdfium2.PdfDocument(content)
    for number in range(min(len(document), MOST_PAGES)):
        page = document[number]
        width, height = page.get_size()
        if not 0 < height <= _LONGEST * width:
            raise ValueError("not the shape of a page")
        picture = page.render(scale=WIDTH / width).to_pil().convert("RGB")
        few = picture.quantize(COLOURS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
        target = io.BytesIO()
        few.save(target, "PNG", optimize=True)
        pictures.append(target.getvalue())
    return pictures


def pages_of(content: bytes, seconds: float = SECONDS) -> list[bytes]:
    """The pages of a PDF as PNG. Raises Invalid for what cannot be drawn in ``seconds``."""
    command = [sys.executable, "-m", "fieldsales.documents.pages"]
    try:
        done = subprocess.run(command, input=content, capture_output=True, timeout=seconds, check=True)
        pictures = read_frame(io.BytesIO(done.stdout))[1]
    except (subprocess.SubprocessError, EOFError) as error:
        raise Invalid("documents.not_drawn", N_("This PDF cannot be shown here. Download it instead.")) from error
    return pictures


def main() -> None:
    """Draw what comes on standard input; the pictures go to standard output in one frame."""
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.nice(5)
    out: BinaryIO = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # whatever a library prints must not look like a picture
    write_frame(out, {}, draw(sys.stdin.buffer.read()))


if __name__ == "__main__":
    main()
