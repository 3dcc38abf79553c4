"""Pictures laid out inside one cell: how big each is shown, and where."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

Pictures = Callable[[str], bytes]  #: a picture's bytes by where it is kept below the book's folder; b'' if it is gone

GAP = 4  #: pixels between pictures and around them
TALLEST = 530  #: pixels; a row can be little taller
MOST_HIGH = 2 * TALLEST  #: pixels of a first picture; a phone's screen is some twice as high as wide
_STRIP = 90  #: pixels that further pictures are high below the first


def no_pictures(_kept_as: str) -> bytes:
    """Where nothing is kept: a workbook of words alone."""
    return b""


@dataclass(frozen=True)
class Box:
    """Where a picture lies in its cell, in pixels."""

    x: int
    y: int
    width: int
    height: int


def arrange(sizes: Sequence[tuple[float, float]], *, high: int, across: int, below: int = 0) -> tuple[Box, ...]:
    """Lay pictures of *sizes* in lines of at most *across* pixels, each *high* pixels or less, from *below* down.

    Many pictures are shown smaller rather than left out: the cell they belong to must hold them all.
    """
    while True:
        boxes = _lines([_scaled(size, high, across - 2 * GAP) for size in sizes], across, below)
        if high <= 12 or max((box.y + box.height for box in boxes), default=0) <= TALLEST:
            return boxes
        high = int(high * 0.85)


def lead(sizes: Sequence[tuple[float, float]], *, across: int) -> tuple[Box, ...]:
    """The first picture as wide as the cell, the others small below it.

    An upright one is taller than any row: it lies over the rows below as well, which its reader leaves free.
    """
    first, others = _first(sizes[0], across), sizes[1:]
    below = first.height + GAP
    return (first, *(replace(box, y=box.y + below) for box in arrange(others, high=_STRIP, across=across)))


def _first(size: tuple[float, float], across: int) -> Box:
    factor = min((across - 2 * GAP) / size[0], MOST_HIGH / size[1])
    return Box(GAP, GAP, max(1, round(size[0] * factor)), max(1, round(size[1] * factor)))


def _scaled(size: tuple[float, float], high: int, across: int) -> tuple[int, int]:
    width, height = size
    factor = min(high / height, across / width, 1.0 if height >= 24 else 24 / height)
    return max(1, round(width * factor)), max(1, round(height * factor))


def _lines(sizes: Sequence[tuple[int, int]], across: int, below: int) -> tuple[Box, ...]:
    boxes: list[Box] = []
    x, y, tallest = GAP, GAP + below, 0
    for width, height in sizes:
        if x > GAP and x + width + GAP > across:
            x, y, tallest = GAP, y + tallest + GAP, 0
        boxes.append(Box(x, y, width, height))
        x, tallest = x + width + GAP, max(tallest, height)
    return tuple(boxes)
