"""Boxes drawn on a copy that an approver opens, around what was read there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from PIL import Image, ImageDraw

_MARK = re.compile(r"([ad])(-?\d+)\.(-?\d+)\.(-?\d+)\.(-?\d+)")
_COLOURS = {"a": (22, 130, 60), "d": (200, 30, 30)}  #: agrees, differs
_WIDTH, _AWAY = 400, 200  #: the line's width and its distance from the letters are the long side by these


@dataclass(frozen=True)
class PageBox:
    """A box in thousandths of the page's width and height."""

    colour: tuple[int, int, int]
    sides: tuple[int, int, int, int]  #: left, top, right, bottom


def boxes(marks: str) -> Iterator[PageBox]:
    """The boxes that *marks* names: ``a`` (agrees) or ``d`` (differs), then left, top, right, bottom."""
    for kind, *sides in _MARK.findall(marks):
        left, top, right, bottom = map(int, sides)
        yield PageBox(_COLOURS[kind], (left, top, right, bottom))


def marked(page: Image.Image, marks: str) -> Image.Image:
    """A copy of *page* with its boxes."""
    copy = page.copy()
    pen, longest = ImageDraw.Draw(copy), max(copy.size)
    away = longest / _AWAY
    for box in boxes(marks):
        left, top, right, bottom = (
            side * extent / 1000 for side, extent in zip(box.sides, (*copy.size, *copy.size), strict=True)
        )
        around = (left - away, top - away, max(right, left) + away, max(bottom, top) + away)
        pen.rectangle(around, outline=box.colour, width=round(longest / _WIDTH) or 1)
    return copy
