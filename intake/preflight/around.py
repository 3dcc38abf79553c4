"""What stands around the cells of a sheet: merges, links, the drawing, heights and widths."""

from __future__ import annotations

from collections.abc import Callable

from intake.preflight.address import area, number, size, whole
from intake.preflight.survey import Area
from intake.preflight.xml import Attributes, attribute

MANY_CELLS = 200_000  # under merges, or under hyperlinks: openpyxl makes an object of each
DEFAULT_HEIGHT = 15.0  # points
DEFAULT_WIDTH = 9.0  # characters


class Surroundings:
    """Notes of one sheet, filled by the scan."""

    def __init__(self, rows: int, columns: int) -> None:
        self._rows, self._columns = rows, columns
        self._merged = self._linked = 0
        self.merges: list[Area] = []
        self.merges_too_big = False
        self.dimension: Area | None = None
        self.drawing: str | None = None
        self.heights: dict[int, float] = {}
        self.widths: list[tuple[int, int, float]] = []
        self.row_height = DEFAULT_HEIGHT
        self._takers: dict[str, Callable[[Attributes], None]] = {
            "dimension": self._dimension,
            "mergeCell": self._merge,
            "hyperlink": self._hyperlink,
            "drawing": self._drawing,
            "sheetFormatPr": self._format,
            "col": self._column,
        }

    @property
    def expands(self) -> bool:
        """Whether openpyxl would make far too many cells of the hyperlinks."""
        return self._linked > MANY_CELLS

    def take(self, name: str, attributes: Attributes) -> None:
        """Note an element outside the cells."""
        if taker := self._takers.get(name):
            taker(attributes)

    def take_height(self, row: int, attributes: Attributes) -> None:
        """Note a row's height; a hidden row has none."""
        if attributes.get("hidden") in ("1", "true"):
            self.heights[row] = 0.0
        elif height := attributes.get("ht"):
            self.heights[row] = number(height, DEFAULT_HEIGHT)

    def _dimension(self, attributes: Attributes) -> None:
        self.dimension = area(attributes.get("ref", ""))

    def _merge(self, attributes: Attributes) -> None:
        if (merged := area(attributes.get("ref", ""))) is None:
            return
        self._merged += size(merged)
        outside = merged[2] > self._rows or merged[3] > self._columns
        self.merges_too_big = self.merges_too_big or outside or self._merged > MANY_CELLS
        if not self.merges_too_big:
            self.merges.append(merged)

    def _hyperlink(self, attributes: Attributes) -> None:
        if linked := area(attributes.get("ref", "")):
            self._linked += size(linked)

    def _drawing(self, attributes: Attributes) -> None:
        self.drawing = attribute(attributes, "id")

    def _format(self, attributes: Attributes) -> None:
        self.row_height = number(attributes.get("defaultRowHeight", ""), DEFAULT_HEIGHT)

    def _column(self, attributes: Attributes) -> None:
        first, last = whole(attributes.get("min"), 1), whole(attributes.get("max"), 1)
        self.widths.append((first, last, number(attributes.get("width", ""), DEFAULT_WIDTH)))
