"""A PDF's pages as pictures: contracts and certificates (客户成交 5.1(3), 客户新增 3(1)1).

Drawn by pypdfium2, inside a reader process that may be killed for time or memory: nothing in the file is run,
nothing outside it is fetched.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace

import pypdfium2 as pdfium
from PIL import Image

from intake.photo import pixels
from intake.photo.trouble import Spoilt, Unreadable
from ledger.records import PDF, PhotoFacts

MOST_PAGES = 30  #: an approver looks at every one of them
_LONGEST = 14_400  #: points that a page's side may have at most, by the format itself
_INCH, _DOTS = 72, 200  #: points of a page's size, and of a scan that can be read


def drawn(data: bytes, side: int) -> Iterator[Image.Image]:
    """Every page, with a long side of *side* pixels.

    :raises Unreadable: the document cannot be drawn, with the reason in words for the receipt
    """
    with closing(_opened(data)) as document:
        for number in range(len(document)):
            with closing(document[number]) as page:
                longest = max(page.get_size())
                if not 0 < longest <= _LONGEST:
                    raise Unreadable(Spoilt.DAMAGED_PDF)
                with closing(page.render(scale=side / longest)) as bitmap:
                    yield bitmap.to_pil().convert("RGB")


def document_facts(data: bytes, facts: PhotoFacts) -> PhotoFacts:
    """What is known of a document: no camera, no time, no place; its pages, and whether they can be read.

    Contracts made from one draft look alike: only the very same pages count as used before.
    """
    sharpest, digest, first = 0.0, hashlib.sha256(), None
    for page in drawn(data, pixels.GREY_SIDE):
        first = first or page
        digest.update(page.tobytes())
        sharpest = max(sharpest, pixels.sharpness(page.convert("L")) or 0.0)
    if first is None:
        raise Unreadable(Spoilt.DAMAGED_PDF)
    width, height, count = _size(data)
    return replace(
        facts, format=PDF, width=width, height=height, pages=count, pixel_hash=digest.hexdigest(), sharpness=sharpest,
        preview=pixels.preview(first),
    )  # fmt: skip


def _size(data: bytes) -> tuple[int, int, int]:
    """Width and height of the first page in pixels of a readable scan, and the number of pages."""
    with closing(_opened(data)) as document, closing(document[0]) as page:
        width, height = (round(points / _INCH * _DOTS) for points in page.get_size())
        return width, height, len(document)


def _opened(data: bytes) -> pdfium.PdfDocument:
    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        raise Unreadable(Spoilt.LOCKED_PDF if "password" in str(error).lower() else Spoilt.DAMAGED_PDF) from None
    if len(document) > MOST_PAGES:
        raise Unreadable(Spoilt.PAGES, pages=len(document), most=MOST_PAGES)
    return document
