"""Photos from outside: decoded whole before anybody sees them, and only a fresh copy is ever shown.

The original bytes are evidence (they carry the camera's own record) and are kept untouched beside it.
"""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass

from PIL import Image, ImageFile, ImageOps, UnidentifiedImageError

from fieldsales.kernel.errors import N_, Invalid

MAX_PIXELS = 40_000_000
LONG_SIDE = 2560
_FORMATS = ("JPEG", "PNG", "WEBP")


@dataclass(frozen=True, slots=True)
class SafeCopy:
    """A copy that was encoded by us: JPEG, upright, at most 2560 pixels a side, no metadata."""

    content: bytes
    width: int
    height: int
    mime: str = "image/jpeg"


def safe_copy(content: bytes) -> SafeCopy:
    """Decode a photo whole and encode it anew. Raises Invalid for what is no whole photo of bearable size."""
    not_a_photo = Invalid("documents.not_a_photo", N_("This file is not a photo. Please choose a JPEG, PNG or WebP."))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            image = Image.open(io.BytesIO(content), formats=_FORMATS)
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
        raise not_a_photo from error
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_large() from error
    if image.width * image.height > MAX_PIXELS:
        raise _too_large()
    lenient = ImageFile.LOAD_TRUNCATED_IMAGES
    try:
        # WeasyPrint switches this on for the whole process; a photo that is cut short must not pass for whole.
        ImageFile.LOAD_TRUNCATED_IMAGES = False
        image.load()
        upright = ImageOps.exif_transpose(image)
        copy = upright.convert("RGB")
    except (OSError, ValueError, SyntaxError, EOFError) as error:
        raise Invalid(
            "documents.photo_broken", N_("The photo is damaged or was cut short. Please take or send it again.")
        ) from error
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = lenient
    copy.thumbnail((LONG_SIDE, LONG_SIDE), Image.Resampling.LANCZOS)
    target = io.BytesIO()
    copy.save(target, "JPEG", quality=85, optimize=True)
    return SafeCopy(target.getvalue(), copy.width, copy.height)


def _too_large() -> Invalid:
    return Invalid(
        "documents.photo_too_large", N_("The photo has more than %(limit)s megapixels. Please take a smaller one."),
        limit=MAX_PIXELS // 1_000_000,
    )  # fmt: skip
