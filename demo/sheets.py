"""Workbooks as staff handle them: templates filled in, receipts read and mended, approval sheets decided."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import msoffcrypto.format.ooxml
import openpyxl
from openpyxl.drawing.image import Image
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet
from python_calamine import CalamineWorkbook

from demo.people import Row
from demo.story import Filled, Verdict

_SUMMARY = "概要"
Placed = Mapping[str, Sequence[bytes]]  #: form → pictures placed in its first row


def fill(templates: Path, sheets: Sequence[Filled], placed: Placed) -> bytes:
    """The workbook that comes of the templates: a form's own one, or 个人工作簿 when several are filled."""
    name = sheets[0].form if len(sheets) == 1 else "个人工作簿"
    template = (templates / f"{name}.xlsx").read_bytes()
    if any(filled.without for filled in sheets) or any(placed.values()):
        return fill_workbook(openpyxl.load_workbook(io.BytesIO(template)), sheets, placed)
    book = _opened(template)
    filled = fill_workbook(book, sheets, placed)
    for each in sheets:
        _wipe(book[each.form], each.rows)
    return filled


@lru_cache(maxsize=32)
def _opened(template: bytes) -> Workbook:
    """A template as a program has it open: everybody's are the same, and opening one takes longer than filling it."""
    return openpyxl.load_workbook(io.BytesIO(template))


def _wipe(sheet: Worksheet, rows: Sequence[Row]) -> None:
    """Take out again what was written."""
    at = columns(sheet)
    for number, row in enumerate(rows, 2):
        for header in row:
            sheet.cell(number, at[header]).value = None


def fill_workbook(book: Workbook, sheets: Iterable[Filled], placed: Placed) -> bytes:
    """*book* with the rows written under its headers."""
    for filled in sheets:
        sheet = book[filled.form]
        at = columns(sheet)
        for number, row in enumerate(filled.rows, 2):
            for header, value in row.items():
                sheet.cell(number, at[header], value)
        for data in placed.get(filled.form, ()):
            sheet.add_image(
                _picture(data), sheet.cell(2, next(at[name] for name in at if name.endswith("照片"))).coordinate
            )
        if filled.without:
            sheet.delete_cols(at[filled.without])
    return saved(book)


def _picture(data: bytes) -> Image:
    image = Image(io.BytesIO(data))
    image.width, image.height = 160, 120
    return image


def columns(sheet: Worksheet, head: int = 1) -> dict[str, int]:
    """Header → column, from row *head*."""
    return {str(cell.value): cell.column for cell in sheet[head] if cell.value}


def _head_row(sheet: Worksheet) -> int:
    """The row of an approval sheet's headers."""
    return next(number for number in range(1, 10) if "审批结论" in {cell.value for cell in sheet[number]})


def saved(book: Workbook) -> bytes:
    """The file's bytes."""
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _encrypted(book: bytes) -> bytes:
    out = io.BytesIO()
    msoffcrypto.format.ooxml.OOXMLFile(io.BytesIO(book)).encrypt("20261119", out)
    return out.getvalue()


def _web_page(book: bytes) -> bytes:
    """What an old system calls an Excel file: a table in HTML, the ending changed by hand."""
    rows = openpyxl.load_workbook(io.BytesIO(book)).worksheets[0].iter_rows(values_only=True)
    cells = "".join("<tr>" + "".join(f"<td>{cell or ''}</td>" for cell in row) + "</tr>" for row in rows)
    return f"<html><head><meta charset='utf-8'></head><body><table>{cells}</table></body></html>".encode()


SPOILERS: Mapping[str, Callable[[bytes], bytes]] = {
    "encrypted": _encrypted,
    "web page": _web_page,
    "empty": lambda _book: b"",
}


@dataclass(frozen=True)
class Answer:
    """One row of a receipt, or one message of its 概要 (then *outcome* is '')."""

    path: Path
    outcome: str
    number: str  #: 受理号
    text: str
    cells: str  #: all cells of the row, one after another
    findings: tuple[str, ...]  #: *text* line by line, without numbers and names of columns
    weight: str = ""  #: of a message


def answers(path: Path) -> Iterator[Answer]:
    """Everything that a receipt says."""
    book = CalamineWorkbook.from_path(path)
    for row in _rows(book, _SUMMARY):
        if row[0] in ("需改正", "请留意", "提示"):
            yield Answer(path, "", "", str(row[1]), "", (str(row[1]),), str(row[0]))
    for sheet in book.sheet_names:
        if sheet != _SUMMARY:
            yield from _answered(path, _rows(book, sheet))


def _answered(path: Path, rows: Sequence[Sequence[Any]]) -> Iterator[Answer]:
    headers = "|".join(re.escape(str(header)) for header in rows[0] if header)
    lead = re.compile(rf"^(\d+\. )?(?:({headers})：)?")
    for row in rows[1:]:
        if row[0]:
            findings = tuple(lead.sub("", line) for line in str(row[1]).splitlines())
            words = " ".join(str(cell) for cell in row if cell)
            yield Answer(path, str(row[0]), str(row[2]), str(row[1]), words, findings)


def _rows(book: CalamineWorkbook, sheet: str) -> list[list[Any]]:
    """All cells from A1 on; a blank one is ''."""
    return book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)


def mended(receipt: Path, changes: Row) -> bytes:
    """The receipt with *changes* written into its returned rows, wherever a sheet has such a column."""
    book = openpyxl.load_workbook(receipt)
    for sheet in book.worksheets:
        at = columns(sheet) if sheet.title != _SUMMARY else {}
        for number in range(2, sheet.max_row + 1):
            if sheet.cell(number, 1).value == "退回":
                for header in changes.keys() & at.keys():
                    sheet.cell(number, at[header], changes[header])
    return saved(book)


def decided(sheet_file: Path, verdicts: Sequence[Verdict]) -> bytes:
    """The approval sheet with the last fitting verdict written into every row."""
    book = openpyxl.load_workbook(sheet_file)
    sheet = book.worksheets[0]
    head = _head_row(sheet)
    at = columns(sheet, head)
    for number in range(head + 1, sheet.max_row + 1):
        row = [cell.value for cell in sheet[number]]
        if not row[at["受理号"] - 1]:
            continue
        words = " ".join(str(value) for value in row if value)
        verdict = [each for each in verdicts if each.about in words][-1]
        cells: dict[str, Any] = {"审批结论": verdict.decision, "审批意见": verdict.comment, **verdict.overwrite}
        for header, value in cells.items():
            if value is not None:
                sheet.cell(number, at[header], value)
    return saved(book)


def table(path: Path, sheet: str) -> list[dict[str, Any]]:
    """The rows of a report's sheet, by header; none if there is no such report or sheet."""
    rows = cells(path, sheet)
    return [dict(zip(map(str, rows[0]), row, strict=False)) for row in rows[1:]]


def cells(path: Path, sheet: str) -> list[list[Any]]:
    """The rows of a report's sheet, headers and all; none if there is no such report or sheet."""
    book = CalamineWorkbook.from_path(path) if path.is_file() else None
    return _rows(book, sheet) if book and sheet in book.sheet_names else []
