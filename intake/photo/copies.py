"""Copies of a picture to be looked at: upright, without what the camera wrote into it, no larger than asked."""

from __future__ import annotations

import warnings
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

from PIL import Image

from intake.photo import pixels
from intake.photo.document import drawn
from intake.photo.read import opened_picture
from intake.preflight.sniff import sniff

QUALITY = 82


@dataclass(frozen=True)
class Copies:
    """JPEGs of one picture; b'' where it cannot be opened."""

    large: bytes = field(default=b"", repr=False)
    small: bytes = field(default=b"", repr=False)
    more: tuple[Copies, ...] = field(default=(), repr=False)  #: a document's other pages

    def pages(self) -> tuple[Copies, ...]:
        """The copies page by page; a picture is one page, what cannot be opened none."""
        return (self, *self.more) if self.large else ()


def copies_at(path: Path, large: int, small: int, megapixels: int) -> Copies:
    """Copies of the picture at *path*, with long sides of at most *large* and *small* pixels."""
    return copies(path.read_bytes(), large=large, small=small, max_megapixels=megapixels)


def copies(data: bytes, *, large: int, small: int, max_megapixels: int) -> Copies:
    """Two copies of *data* with long sides of at most *large* and *small* pixels.

    Made anew from the pixels: whatever else lies in the file stays behind.
    """
    try:
        if sniff(data) == "pdf":
            return _of_document(data, large, small)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with opened_picture(data, max_megapixels) as picture:
                picture.load()
                rgb, turn = pixels.to_rgb(picture), pixels.orientation(picture)
                copy = pixels.small(rgb, turn, large)
                return Copies(_jpeg(copy), _jpeg(pixels.small(copy, None, small)))
    except Exception:  # the file is a stranger's: whatever is wrong with it, there is no picture to show
        return Copies()


def _of_document(data: bytes, large: int, small: int) -> Copies:
    first, *more = (Copies(_jpeg(page), _jpeg(pixels.small(page, None, small))) for page in drawn(data, large))
    return Copies(first.large, first.small, tuple(more))


def _jpeg(picture: Image.Image) -> bytes:
    stream = BytesIO()
    picture.save(stream, "JPEG", quality=QUALITY)
    return stream.getvalue()
