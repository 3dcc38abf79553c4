"""Widths of columns and heights of rows, worked out from what is in them.

Text that plainly fits is never measured: a character takes one em at most.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from outbox.xlsx import measure
from outbox.xlsx.palette import Look

_WIDEST = 200.0  # characters
_USUAL = 8.43

Span = tuple[int, ...]  #: the column of a cell, or the columns that it spans
CellWords = tuple[int, str, Look]  #: what is seen in a cell: its row, the text, how it looks


@dataclass
class Sizes:
    """The sizes of one sheet; widths in characters, heights in points."""

    words: dict[Span, list[CellWords]] = field(default_factory=lambda: defaultdict(list))
    widths: dict[int, float] = field(default_factory=dict)
    points: dict[int, float] = field(default_factory=dict)
    hidden: set[int] = field(default_factory=set)
    fixed: set[int] = field(default_factory=set)  #: columns that do not grow, whatever is in them

    def seen(self, row: int, columns: Span, text: str, look: Look) -> None:
        """Remember what is seen in a cell."""
        self.words[columns].append((row, text, look))

    def width(self, column: int, characters: float) -> None:
        """The least width of a column; it grows only for text that no row could hold."""
        self.widths[column] = max(self.widths.get(column, 0.0), characters)

    def fix(self, column: int, characters: float) -> None:
        """The width of a column, for good."""
        self.widths[column] = characters
        self.fixed.add(column)

    def height(self, row: int, points: float) -> None:
        """The least height of a row."""
        self.points[row] = max(self.points.get(row, 0.0), points)

    def fit(self, columns: Sequence[int], *, least: float, most: float) -> None:
        """Make columns as wide as what is in them, within bounds."""
        for column in columns:
            wanted, narrow = least, dict[tuple[int, bool], float]()  # size, bold → characters that are plainly narrower
            for _row, text, look in self.words.get((column,), ()):
                if wanted >= most:
                    break
                font = (look.size, look.bold)
                if font not in narrow:
                    narrow[font] = measure.plainly_narrower(wanted, look.size, bold=look.bold)
                if len(text) > narrow[font]:
                    wanted = max(wanted, measure.wanted_characters(text, look.size, bold=look.bold))
                    narrow.clear()
            self.width(column, min(wanted, max(most, least)))

    def heights(self) -> dict[int, float]:
        """The height of every row with something in it; columns become wider where no height is enough."""
        tall = {span: list(self._tall(span)) for span in self.words}
        while narrow := self._crowded(tall):
            for column in narrow:
                self.widths[column] = min(_WIDEST, self._wide(column) * 1.5)
            tall |= {span: list(self._tall(span)) for span in self.words if not narrow.isdisjoint(span)}
        heights = dict(self.points)
        for rows in tall.values():
            for row, points in rows:
                if heights.get(row, 0.0) < points:
                    heights[row] = points
        return dict(sorted(heights.items()))

    def _crowded(self, tall: dict[Span, list[tuple[int, float]]]) -> set[int]:
        """Columns that may still grow and hold text for which no row is tall enough."""
        most = measure.MAX_ROW_POINTS
        full = {span[-1] for span, rows in tall.items() if any(points >= most for _row, points in rows)}
        return {column for column in full - self.fixed if self._wide(column) < _WIDEST}

    def _tall(self, span: Span) -> Iterator[tuple[int, float]]:
        """How tall each row must be for what these columns hold."""
        pixels = sum(measure.column_pixels(self._wide(column)) for column in span)
        unseen, short = self.hidden.issuperset(span), dict[int, float]()  # size of a font → characters that plainly fit
        for row, text, look in self.words[span]:
            size = look.size
            if size not in short:
                short[size] = measure.plainly_one_line(pixels, size)
            one = unseen or not look.wrap or (len(text) <= short[size] and "\n" not in text)
            yield row, measure.row_points(1 if one else measure.line_count(text, pixels, size), size)

    def _wide(self, column: int) -> float:
        return self.widths.get(column, _USUAL)
