"""回执: what became of every row that was dropped, in the sheets as they were dropped.

A receipt can be mended and dropped back as it is: the headers stand in row 1 and values keep their types.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache

from outbox.receipts.model import (
    OUTCOMES,
    WEIGHTS,
    Message,
    Note,
    PlacedPicture,
    Receipt,
    ReceiptRow,
    ReceiptSheet,
    Weight,
    column_of,
)
from outbox.receipts.summary import SUMMARY, write_summary
from outbox.xlsx.palette import HEADER, HEADER_OURS, MARKS, MUTED, WEIGHT_WORDS, Look, outcome_look, usual_look
from outbox.xlsx.picture import Pictures, no_pictures
from outbox.xlsx.sheet import Drawing, Page

__all__ = [
    "OURS", "OUTCOME", "OUTCOMES", "RECEIPT_NO", "REMARKS", "SUMMARY",
    "Message", "Note", "PlacedPicture", "Receipt", "ReceiptRow", "ReceiptSheet", "Weight", "render_plain_receipt",
    "render_receipt",
]  # fmt: skip

OUTCOME, REMARKS, RECEIPT_NO = "结果", "说明", "受理号"
OURS = (OUTCOME, REMARKS, RECEIPT_NO)  #: the first columns of each sheet

_PICTURE_HIGH = 90  # pixels
_PICTURES_ACROSS = 400


def render_receipt(receipt: Receipt, pictures: Pictures) -> bytes:
    """The workbook: 概要, then the sheets as dropped with 结果, 说明, 受理号 before their columns."""
    book = Drawing(receipt.made_at, title=receipt.title)
    summary = book.page(SUMMARY)
    pages = [book.page(sheet.name) if sheet.headers or sheet.rows else None for sheet in receipt.sheets]
    write_summary(summary, receipt, pages)
    for sheet, page in zip(receipt.sheets, pages, strict=True):
        if page:
            _write_sheet(page, sheet, pictures)
            page.paper(f"{receipt.title}　{sheet.name}")
    return book.finish()


def render_plain_receipt(receipt: Receipt) -> bytes:
    """The same without pictures, for when they were too much: the words are told all the same.

    :raises ValueError: it has no pictures: they cannot have been the reason
    """
    if not any(row.pictures for sheet in receipt.sheets for row in sheet.rows):
        raise ValueError("a receipt without pictures")
    left_out = Message("note", "图片太多或太大，没有放进这份回执；原图都已存档，原文件也已保留")
    plain = [replace(sheet, rows=tuple(replace(row, pictures=()) for row in sheet.rows)) for sheet in receipt.sheets]
    told = replace(receipt, sheets=tuple(plain), messages=(*receipt.messages, left_out))
    return render_receipt(told, no_pictures)


def _write_sheet(page: Page, sheet: ReceiptSheet, pictures: Pictures) -> None:
    page.table_head(0, OURS, HEADER_OURS)
    page.layout.height(0, 30)
    page.put_row(0, sheet.headers, HEADER, start=len(OURS))
    for column, width in enumerate((11, 46, 14)):
        page.layout.width(column, width)
    for number, row in enumerate(sheet.rows, 1):
        _write_row(page, number, sheet, row, pictures)
    widest = max((len(row.cells) for row in sheet.rows), default=0)
    page.layout.fit(range(len(OURS), len(OURS) + max(len(sheet.headers), widest)), least=10, most=34)
    if sheet.message:
        page.comment(0, 0, f"整表退回：{sheet.message}")
    for index, header in enumerate(sheet.headers):
        if header in sheet.hidden_headers:
            page.layout.hidden.add(len(OURS) + index)
    page.sheet.freeze_panes(1, 1)
    if sheet.rows:
        page.sheet.autofilter(0, 0, len(sheet.rows), len(OURS) + len(sheet.headers) - 1)


def _write_row(page: Page, number: int, sheet: ReceiptSheet, row: ReceiptRow, pictures: Pictures) -> None:
    page.put(number, 0, row.outcome, outcome_look(row.outcome))
    page.put(number, 1, remarks(row.notes))
    page.put(number, 2, row.receipt_no, MUTED)
    noted: dict[int, list[Note]] = {}
    for note in row.notes:
        if (index := column_of(sheet.headers, note.column)) is not None:
            noted.setdefault(index, []).append(note)
    placed: dict[int, list[bytes]] = {}
    for picture in row.pictures:
        placed.setdefault(picture.column_index, []).append(pictures(picture.kept_as))
    for index in range(max(len(sheet.headers), len(row.cells))):
        value = row.cells[index] if index < len(row.cells) else None
        here, shown, column = noted.get(index, ()), placed.get(index, ()), len(OURS) + index
        if not here and not shown:
            page.put_usual(number, column, value)
            continue
        page.put(number, column, value, _cell_look(usual_look(value), _gravest(here), top=bool(shown)))
        if shown:
            below = 22 if value not in (None, "") else 0
            page.pictures(number, column, shown, high=_PICTURE_HIGH, across=_PICTURES_ACROSS, below=below)
        if here:
            page.comment(number, column, "\n".join(f"【{WEIGHT_WORDS[note.weight]}】{note.text}" for note in here))


def remarks(notes: tuple[Note, ...]) -> str:
    """说明: every finding of a row, gravest first, one a line."""
    ordered = sorted(notes, key=lambda note: WEIGHTS.index(note.weight))
    lines = [f"{note.column}：{note.text}" if note.column else note.text for note in ordered]
    return lines[0] if len(lines) == 1 else "\n".join(f"{number}. {line}" for number, line in enumerate(lines, 1))


def _gravest(notes: Sequence[Note]) -> Weight | None:
    return min((note.weight for note in notes), key=WEIGHTS.index, default=None)


@cache
def _cell_look(usual: Look, gravest: Weight | None, *, top: bool) -> Look:
    return usual.but(**MARKS[gravest] if gravest else {}, top=top)
