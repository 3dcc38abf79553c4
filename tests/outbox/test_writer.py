"""The quicker writer of workbooks gives the bytes that XlsxWriter gives."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
import xlsxwriter

from outbox.xlsx import sheet
from outbox.xlsx.palette import CELL, MARKS, NUMBER
from outbox.xlsx.sheet import Drawing
from outbox.xlsx.writer import PlainSheet

WORDS = (
    "宏远电子", "", " 前后有空格 ", "两行\n字", "a<b & c>d", '"引号"', "_x0041_", "下划_线", "\ufffe非字符", "=1+1", "x" * 2_000, "<r>不是富文本</r>",
)  # fmt: skip
NUMBERS = (0, 7, -3, 12_800.5, 0.1 + 0.2, 1e300, 123_456_789_012_345, True, None, date(2026, 11, 23))


def _drawn() -> bytes:
    """A workbook with everything that a cell can be, rows left out, notes, spans, links and totals."""
    book = Drawing(datetime(2026, 11, 23, 18, tzinfo=UTC), title="样本")
    first, second, _empty = book.page("甲"), book.page("乙"), book.page("空")
    marked = CELL.but(**MARKS["refuse"])
    for row in (*range(20), 40, 95):
        for column, value in enumerate((*WORDS, *NUMBERS)):
            if (row + column) % 5:
                first.put(row, column + row % 3, value, marked if column % 7 == 0 else CELL)
    first.comment(60, 30, "远处的批注")
    first.comment(3, 2, "批注 & 说明\n第二行")
    second.span(0, 0, 5, "合并 <的> 标题")
    second.put_row(2, [1, 2.5, "三"], NUMBER)
    second.total(3, 0, (2, 2), 1, NUMBER)
    second.link(4, 30, "去看", first, (3, 2), CELL)
    second.sheet.write_formula(5, 1, '="a<b"', None, "a<b")
    return book.finish()


class _Own(xlsxwriter.Workbook):  # type: ignore[misc]
    """The library's own writer, told only what our pages call it by."""

    def add_worksheet(self, name: str | None = None, worksheet_class: type | None = None) -> object:
        return super().add_worksheet(name, worksheet_class or _OwnSheet)


class _OwnSheet(xlsxwriter.worksheet.Worksheet):  # type: ignore[misc]
    put_words = xlsxwriter.worksheet.Worksheet.write_string

    def put_blank(self, row: int, column: int, style: object) -> None:
        self.write_blank(row, column, None, style)


@pytest.mark.parametrize("in_memory", [True, False])
def test_every_part_is_what_the_library_writes(monkeypatch: pytest.MonkeyPatch, in_memory: bool) -> None:
    if not in_memory:
        monkeypatch.setattr(Drawing, "small", 0)
    quick = _drawn()
    monkeypatch.setattr(sheet, "Writer", _Own)
    assert quick == _drawn()


def test_the_shortcuts_were_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    def left_to_the_library(self: PlainSheet, row: int, col: int, cell: object) -> None:
        slow.append(type(cell).__name__)

    slow: list[str] = []
    monkeypatch.setattr(xlsxwriter.worksheet.Worksheet, "_write_cell", left_to_the_library)
    _drawn()
    assert set(slow) == {"Boolean", "Datetime", "Formula"}
