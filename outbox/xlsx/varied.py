"""A sheet that says the same to many, but for a few cells: its rows are squeezed once, and only those with such cells anew."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date

from outbox.xlsx.sheet import column_letter
from outbox.xlsx.spliced import Piece, piece

_ROW = re.compile(r'<row r="(\d+)".*?</row>', re.DOTALL)
_TOGETHER = 64  #: rows in a piece: fewer squeeze worse, more are squeezed anew for one cell
_DAY_0 = date(1899, 12, 30)  #: of spreadsheets

Cell = tuple[int, int]  #: row and column, from 0


class Varied:
    """The part of a workbook that holds such a sheet; blank cells of it may be days instead."""

    def __init__(self, text: str, style: int) -> None:
        """Take *text* as the writer wrote it; *style* is the number of the look in which days are shown."""
        self._style = style
        self._rows = {int(found[1]) - 1: found[0] for found in _ROW.finditer(text)}
        numbers = sorted(self._rows)
        self._blocks = [numbers[n : n + _TOGETHER] for n in range(0, len(numbers), _TOGETHER)]
        self._pieces = [piece(self._text(block, {})) for block in self._blocks]
        spans = [found.span() for found in _ROW.finditer(text)] or [(len(text), len(text))]
        self._first, self._last = piece(text[: spans[0][0]]), piece(text[spans[-1][1] :])

    def pieces(self, days: Mapping[Cell, date]) -> Iterator[Piece]:
        """The part with these *days* in it.

        :raises ValueError: where one is to stand there is no blank cell
        """
        rows: dict[int, dict[Cell, date]] = {}
        for cell, day in days.items():
            rows.setdefault(cell[0], {})[cell] = day
        if rows.keys() - self._rows.keys():
            raise ValueError("a day is to stand in a row that the sheet does not have")
        yield self._first
        for block, squeezed in zip(self._blocks, self._pieces, strict=True):
            yield piece(self._text(block, rows)) if not rows.keys().isdisjoint(block) else squeezed
        yield self._last

    def _text(self, block: list[int], rows: Mapping[int, Mapping[Cell, date]]) -> str:
        return "".join(self._row(row, rows.get(row, {})) for row in block)

    def _row(self, row: int, days: Mapping[Cell, date]) -> str:
        text = self._rows[row]
        for (_row, column), day in days.items():
            place = f"{column_letter(column)}{row + 1}"
            shown = f'<c r="{place}" s="{self._style}"><v>{(day - _DAY_0).days}</v></c>'
            text, n = re.subn(f'<c r="{place}" s="[0-9]+"/>', shown, text)
            if n != 1:
                raise ValueError(f"{place} is no blank cell of this sheet")
        return text
