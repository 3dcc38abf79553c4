"""What stands written on a picture, line by line, as a reader saw it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Line:
    """One line of text.  Places are thousandths of the upright page's width and height."""

    text: str
    sure: float  #: 0 to 1: how sure the reader is of it
    page: int  #: from 1; a picture is one page
    start: tuple[int, int]  #: x and y of the middle of its left end
    end: tuple[int, int]
    height: int  #: of its letters

    @property
    def box(self) -> tuple[int, int, int, int]:
        """Left, top, right and bottom of an upright box around it."""
        (left, first), (right, last), half = self.start, self.end, self.height // 2 + 1
        return min(left, right), min(first, last) - half, max(left, right), max(first, last) + half


@dataclass(frozen=True)
class Words:
    """Everything that was read of one picture."""

    lines: tuple[Line, ...] = ()
    pages: int = 0  #: how many of them were read
    trouble: str = ""  #: why nothing was read; '' if it was looked at, though perhaps nothing stands there


def words_kept(words: Words) -> dict[str, Any]:
    """Words as JSON values."""
    lines = [[each.text, each.sure, each.page, *each.start, *each.end, each.height] for each in words.lines]
    return {"lines": lines, "pages": words.pages, "trouble": words.trouble}


def words_from(given: dict[str, Any]) -> Words:
    """Words as they were kept in the journal."""
    lines = tuple(
        Line(text, sure, page, (left, first), (right, last), height)
        for text, sure, page, left, first, right, last, height in given["lines"]
    )
    return Words(lines, given["pages"], given["trouble"])
