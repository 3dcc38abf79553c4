"""What a receipt shows of the rows of a sheet: what became of each, or why the whole comes back."""

from __future__ import annotations

from intake.raw import CellValue, Sheet
from ledger import photos
from ledger.book import Book
from ledger.records import Outcome
from outbox.receipts.compose import notes
from outbox.receipts.model import Note, PlacedPicture, ReceiptRow, ReceiptSheet
from processors.merge import Merged
from validators.judging import RawRow
from validators.layout import Layout, Unfit


def placed(book: Book, raw: RawRow, laid: Layout) -> tuple[PlacedPicture, ...]:
    """The pictures that stood in the row, where the receipt shows them."""
    if not raw.embedded:
        return ()
    shown = [index for index, _header in laid.headers]
    return tuple(
        PlacedPicture(shown.index(laid.fields[field]), photos.archived_as(book, sha256))
        for field, found in raw.embedded.items()
        for sha256 in found
    )


def receipt_row(
    merged: Merged, laid: Layout, cells: tuple[CellValue, ...], placed: tuple[PlacedPicture, ...]
) -> ReceiptRow:
    """What the receipt shows of a row that was judged and merged."""
    return ReceiptRow(
        outcome=merged.outcome.value,
        receipt_no=merged.receipt_no,
        cells=laid.shown(cells),
        notes=(*notes(merged.findings), *_remark(merged)),
        pictures=placed,
    )


def _remark(merged: Merged) -> tuple[Note, ...]:
    if merged.outcome is Outcome.WAITING:
        words = "照片还没有收到；请在明天 24:00 前把照片放进投递文件夹，到时系统会自动接上"
        return (Note("", "flag", words),)
    return (Note("", "note", merged.remark),) if merged.remark else ()


def returned_sheet(sheet: Sheet, unfit: Unfit) -> ReceiptSheet:
    """A sheet that comes back as a whole, with its rows as they were and the reason on top."""
    headers = tuple(header for _index, header in unfit.layout.headers)
    made = tuple(
        ReceiptRow(
            outcome=Outcome.RETURNED.value,
            receipt_no="",
            cells=unfit.layout.shown(cells),
        )
        for _number, cells in unfit.layout.rows
    )
    return ReceiptSheet(name=sheet.name, headers=headers, rows=made, message=unfit.message)
