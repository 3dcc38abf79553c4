"""A picture's words, read inside a process that may be killed for time or memory."""

from __future__ import annotations

import warnings
from collections.abc import Iterator

from PIL import Image

from disk.luggage import Content
from intake.photo import pixels
from intake.photo.document import drawn
from intake.photo.read import opened_picture
from intake.photo.trouble import Unreadable
from intake.preflight.sniff import sniff
from intake.words.engine import lines_on
from ledger.written import Words

SIDE = 2_000  #: pixels of the long side: more is not read better, and costs time
FIRST, LAST = 6, 2  #: pages of a long document that are read: who, how much; and who signed


def words_at(original: Content, megapixels: int) -> Words:
    """What stands on the picture in *original*, or on a document's pages; a picture that cannot be opened says why."""
    try:
        pages = list(_pages(original.read_bytes(), megapixels))
    except Unreadable as why:
        return Words(trouble=str(why))
    wanted = [(n, page) for n, page in enumerate(pages, 1) if n <= FIRST or n > len(pages) - LAST]
    return Words(tuple(line for n, page in wanted for line in lines_on(page, n)), len(wanted))


def _pages(data: bytes, megapixels: int) -> Iterator[Image.Image]:
    if sniff(data) == "pdf":
        yield from drawn(data, SIDE)
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with opened_picture(data, megapixels) as picture:
            picture.load()
            yield pixels.small(pixels.to_rgb(picture), pixels.orientation(picture), SIDE)
