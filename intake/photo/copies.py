"""Copies of a picture to be looked at: upright, without what the camera wrote into it, no larger than asked."""

from __future__ import annotations

import warnings
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from io import BytesIO

from PIL import Image

from disk.luggage import Content
from intake.photo import pixels
from intake.photo.document import drawn
from intake.photo.marks import marked
from intake.photo.read import opened_picture
from intake.preflight.sniff import sniff

QUALITY = 82


Marks = Collection[tuple[int, str]]  #: page, and what to draw on it, as :mod:`intake.photo.marks` understands it


@dataclass(frozen=True)
class Copies:
    """JPEGs of one picture; b'' where it cannot be opened."""

    large: bytes = field(default=b"", repr=False)
    small: bytes = field(default=b"", repr=False)
    more: tuple[Copies, ...] = field(default=(), repr=False)  #: a document's other pages
    marked: Mapping[str, bytes] = field(default_factory=dict, repr=False)  #: marks → the large one with its boxes

    def pages(self) -> tuple[Copies, ...]:
        """The copies page by page; a picture is one page, what cannot be opened none."""
        return (self, *self.more) if self.large else ()


def copies_at(original: Content, large: int, small: int, megapixels: int, marks: Marks) -> Copies:
    """Copies of the picture in *original*, with long sides of at most *large* and *small* pixels."""
    return copies(original.read_bytes(), large=large, small=small, max_megapixels=megapixels, marks=marks)


def copies(data: bytes, *, large: int, small: int, max_megapixels: int, marks: Marks = ()) -> Copies:
    """Two copies of *data* with long sides of at most *large* and *small* pixels, and large ones with *marks*.

    Made anew from the pixels: whatever else lies in the file stays behind.
    """
    try:
        if sniff(data) == "pdf":
            pages = drawn(data, large)
            first, *more = (_copied(page, small, marks, number) for number, page in enumerate(pages, 1))
            return replace(first, more=tuple(more))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with opened_picture(data, max_megapixels) as picture:
                picture.load()
                rgb, turn = pixels.to_rgb(picture), pixels.orientation(picture)
                return _copied(pixels.small(rgb, turn, large), small, marks, 1)
    except Exception:  # the file is a stranger's: whatever is wrong with it, there is no picture to show
        return Copies()


def _copied(page: Image.Image, small: int, marks: Marks, number: int) -> Copies:
    on_it = {each: _jpeg(marked(page, each)) for of, each in marks if of == number}
    return Copies(_jpeg(page), _jpeg(pixels.small(page, None, small)), marked=on_it)


def _jpeg(picture: Image.Image) -> bytes:
    stream = BytesIO()
    picture.save(stream, "JPEG", quality=QUALITY)
    return stream.getvalue()
