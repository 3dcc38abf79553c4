"""Widths of columns and heights of rows, worked out from what is in them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from outbox.xlsx import measure
from outbox.xlsx.palette import Look

_WIDEST = 200.0  # characters
_USUAL = 8.43


@dataclass(frozen=True)
class Words:
    """What is seen in a cell, or in one that spans several columns."""

    row: int
    columns: tuple[int, ...]
    text: str
    look: Look


@dataclass
class Layout:
    """The sizes of one sheet; widths in characters, heights in points."""

    words: list[Words] = field(default_factory=list)
    widths: dict[int, float] = field(default_factory=dict)
    points: dict[int, float] = field(default_factory=dict)
    hidden: set[int] = field(default_factory=set)
    fixed: set[int] = field(default_factory=set)  #: columns that do not grow, whatever is in them

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
        wanted = dict.fromkeys(columns, least)
        for one in self.words:
            column = one.columns[0]
            if len(one.columns) == 1 and column in wanted:
                need = measure.wanted_characters(one.text, one.look.size, bold=one.look.bold)
                wanted[column] = max(wanted[column], min(need, most))
        for column, characters in wanted.items():
            self.width(column, characters)

    def heights(self) -> dict[int, float]:
        """The height of every row with something in it; columns become wider where no height is enough."""
        tall = [self._height(one) for one in self.words]
        while narrow := self._crowded(tall):
            for column in narrow:
                self.widths[column] = min(_WIDEST, self._wide(column) * 1.5)
            tall = [self._height(one) for one in self.words]
        heights = dict(self.points)
        for one, points in zip(self.words, tall, strict=True):
            heights[one.row] = max(heights.get(one.row, 0.0), points)
        return dict(sorted(heights.items()))

    def _crowded(self, tall: Sequence[float]) -> set[int]:
        """Columns that may still grow and hold text for which no row is tall enough."""
        most = measure.MAX_ROW_POINTS
        full = {one.columns[-1] for one, points in zip(self.words, tall, strict=True) if points >= most}
        return {column for column in full - self.fixed if self._wide(column) < _WIDEST}

    def _height(self, one: Words) -> float:
        if not one.look.wrap or self.hidden.issuperset(one.columns):
            return measure.row_points(1, one.look.size)
        pixels = sum(measure.column_pixels(self._wide(column)) for column in one.columns)
        return measure.row_points(measure.line_count(one.text, pixels, one.look.size), one.look.size)

    def _wide(self, column: int) -> float:
        return self.widths.get(column, _USUAL)
