"""XlsxWriter, quicker at what our workbooks hold thousands of: words, numbers and blank cells.  The bytes are the same.

It writes each cell by way of attributes that may be anything.  Ours are a place and a look, so a cell is one piece of
text.  Whatever is not plain is left to the writer itself; ``tests/outbox/test_writer.py`` compares the two.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.packager import Packager
from xlsxwriter.sharedstrings import SharedStrings
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import CellBlankTuple, CellNumberTuple, CellStringTuple, Worksheet

_BLOCK = 16  # rows that share one statement of where their cells begin and end
_ODD = re.compile(r'[&<>"_]|^\s|\s$')  # must be written in another way than it reads, or may have to


class PlainSheet(Worksheet):  # type: ignore[misc]
    """A worksheet that knows plain cells."""

    def put_words(self, row: int, column: int, words: str, style: Format) -> None:
        """Write text that a cell can hold; :meth:`write_string` would look for a place in A1 notation first."""
        self._write_string(row, column, words, style)

    def put_blank(self, row: int, column: int, style: Format) -> None:
        """Write a cell that only looks like something."""
        self._write_blank(row, column, None, style)

    def _write_cell(self, row: int, col: int, cell: Any) -> None:
        kind, style = type(cell), cell.format
        if style is None or kind not in _PLAIN:
            super()._write_cell(row, col, cell)
            return
        begin = f'<c r="{_letter(col)}{row + 1}" s="{style._get_xf_index()}"'
        if kind is CellStringTuple:
            self.fh.write(f'{begin} t="s"><v>{cell.string}</v></c>')
        elif kind is CellNumberTuple:
            self.fh.write(f"{begin}><v>{cell.number:.16G}</v></c>")
        else:
            self.fh.write(f"{begin}/>")

    def _calculate_spans(self) -> None:
        ends: dict[int, tuple[int, int]] = {}
        for row, columns in self._occupied():
            first, last = ends.get(row // _BLOCK, (columns[0], columns[0]))
            ends[row // _BLOCK] = min(first, *columns), max(last, *columns)
        self.row_spans = {block: f"{first + 1}:{last + 1}" for block, (first, last) in ends.items()}

    def _occupied(self) -> Iterator[tuple[int, tuple[int, ...]]]:
        """Each row with the columns in which it holds something."""
        for held in (self.table, self.comments):
            yield from ((row, tuple(cells)) for row, cells in held.items() if cells)


_PLAIN = frozenset({CellStringTuple, CellNumberTuple, CellBlankTuple})


@cache
def _letter(column: int) -> str:
    return str(xl_col_to_name(column))


class Strings(SharedStrings):  # type: ignore[misc]
    """The list of words, of which nearly all are written as they read."""

    def _write_sst_strings(self) -> None:
        self.write_words(self.string_table.string_array)

    def write_words(self, words: Iterable[str]) -> None:
        """Write some of them."""
        for each in words:
            if each.isprintable() and _ODD.search(each) is None:
                self.fh.write(f"<si><t>{each}</t></si>")
            else:
                self._write_si(each)


class Packing(Packager):  # type: ignore[misc]
    """Puts the workbook's parts together."""

    def new_strings(self) -> Strings:
        """What writes the list of words."""
        return Strings()

    def _write_shared_strings_file(self) -> None:
        if self.workbook.str_table.count:
            strings = self.new_strings()
            strings.string_table = self.workbook.str_table
            strings._set_xml_writer(self._filename("xl/sharedStrings.xml"))
            strings._assemble_xml_file()


class Writer(xlsxwriter.Workbook):  # type: ignore[misc]
    """A workbook of plain sheets."""

    worksheet_class = PlainSheet

    def _get_packager(self) -> Packager:
        return Packing()
