"""Pictures laid out inside one cell: how big each is shown, and where."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

GAP = 4  #: pixels between pictures and around them
TALLEST = 530  #: pixels; a row can be little taller


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
