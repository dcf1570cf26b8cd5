"""Photos: decoded whole, shown only as our own copy."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image

from fieldsales.documents import photos, press
from fieldsales.documents.copies import Copies
from fieldsales.kernel.errors import Invalid


def a_photo(kind: str = "JPEG", size: tuple[int, int] = (640, 480), **options: object) -> bytes:
    """A picture with something on it."""
    target = io.BytesIO()
    Image.effect_noise(size, 80).convert("RGB").save(target, kind, **options)  # type: ignore[arg-type]
    return target.getvalue()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_copy_is_ours_and_bare(kind: str) -> None:
    """EXIF (place, camera) is evidence: it stays with the original and is not shown."""
    exif = Image.Exif()
    exif[0x010F] = "Camera"
    copy = photos.safe_copy(a_photo(kind, exif=exif))
    shown = Image.open(io.BytesIO(copy.content))
    assert (shown.format, shown.size, dict(shown.getexif())) == ("JPEG", (640, 480), {})


def test_large_photo_is_shown_smaller_and_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by 90 degrees
    copy = photos.safe_copy(a_photo(size=(4000, 2000), exif=exif))
    assert (copy.width, copy.height) == (1280, 2560)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "documents.not_a_photo"),
        (b"hello", "documents.not_a_photo"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"/>', "documents.not_a_photo"),
        (b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><svg>&a;</svg>', "documents.not_a_photo"),
        (a_photo("GIF"), "documents.not_a_photo"),
        (a_photo()[:-3000], "documents.photo_broken"),
        (a_photo("PNG")[:-3000], "documents.photo_broken"),
        (a_photo("JPEG")[:200], "documents.not_a_photo"),
    ],
)
def test_what_is_no_whole_photo_is_refused(content: bytes, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        photos.safe_copy(content)
    assert refused.value.code == code


def test_twenty_thousand_square_is_refused_before_it_is_decoded() -> None:
    target = io.BytesIO()
    Image.new("1", (20_000, 20_000)).save(target, "PNG")
    with pytest.raises(Invalid, match=r"documents\.photo_too_large"):
        photos.safe_copy(target.getvalue())


def test_photo_cut_short_is_refused_by_the_press_too() -> None:
    """WeasyPrint makes Pillow lenient for its whole process."""
    with pytest.raises(Invalid, match=r"documents\.photo_broken"):
        press.safe_photo(a_photo()[:-3000])


def test_copies_can_be_deleted_and_are_made_again(tmp_path: Path) -> None:
    copies, photo = Copies(tmp_path), a_photo()
    first, mime = copies.shown("ab" * 32, photo, "image/jpeg")
    copies.path("ab" * 32).unlink()
    assert (copies.shown("ab" * 32, photo, "image/jpeg"), mime) == ((first, mime), "image/jpeg")
    assert copies.shown("cd" * 32, b"%PDF", "application/pdf") == (b"%PDF", "application/pdf")
