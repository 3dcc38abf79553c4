"""Labels on a page and what stands behind them: on the same line, or in the next box to the right."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from ledger.written import Line, Words

_LONG = 80  #: thousandths of the width: the slope of a shorter line says nothing
_MARKS = str.maketrans(";︰【】〔〕[]", "::()()()")


@dataclass(frozen=True)
class Value:
    """What stands behind a label."""

    text: str
    line: Line  #: where it stands


def plain(text: str) -> str:
    """The text in one kind of letters, brackets and colons, without spaces."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).translate(_MARKS)


def behind(words: Words, label: re.Pattern[str]) -> Iterator[Value]:
    """What stands behind each place where *label* is found.  The label must match up to its colon."""
    for line in words.lines:
        text = plain(line.text)
        for found in label.finditer(text):
            rest = text[found.end() :].lstrip(":.")
            if rest:
                yield Value(rest, line)
            elif (beside := right_of(words, line)) is not None:
                yield Value(plain(beside.text), beside)


def right_of(words: Words, line: Line) -> Line | None:
    """The nearest line that goes on where *line* ends, as far as the page is not level also a little above or below."""
    run = line.end[0] - line.start[0]
    slope = (line.end[1] - line.start[1]) / run if run >= _LONG else 0.0

    def follows(other: Line) -> bool:
        gap = other.start[0] - line.end[0]
        off = abs(other.start[1] - line.end[1] - slope * gap)
        return other.page == line.page and gap >= -line.height and off <= 0.7 * max(line.height, other.height)

    after = [other for other in words.lines if other is not line and follows(other)]
    return min(after, key=lambda other: other.start[0], default=None)


def under(words: Words, line: Line) -> Line | None:
    """The nearest line below that begins in the same breadth: a long name goes on there."""
    left, _top, right, _bottom = line.box
    below = [
        other
        for other in words.lines
        if other.page == line.page and 0 < other.start[1] - line.start[1] <= 4 * line.height
        and other.box[0] < right and other.box[2] > left and other is not line
    ]  # fmt: skip
    return min(below, key=lambda other: other.start[1], default=None)
