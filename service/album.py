"""Pictures for an approver: one in the row, the same in readable size beside the sheet (客户拜访 5.3, 客户成交 5.2)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from intake.photo.copies import Copies
from intake.reading import copies_at
from intake.sandbox.readers import Failure
from ledger import deliveries, photos
from ledger.records import Row
from outbox.approvals.model import ShownPicture
from service.company import Service

LARGE = 1_600  #: pixels of the long side: a contract's small print can be read
FOLDER = "照片"  #: below 审批
#: long side of the picture in the row: with many pictures the workbook must still be small enough to come back
_IN_ROW = ((80, 960), (200, 640))
_LEAST_IN_ROW = 480


@dataclass(frozen=True)
class Album:
    """The pictures of one sheet's rows."""

    number: str  #: 表单编号
    copies: dict[str, Copies] = field(repr=False)  #: sha256 → copies

    def shown(self, row: Row) -> tuple[ShownPicture, ...]:
        """The pictures of *row* in reading order, each with the place of its large copy seen from the sheet."""
        return tuple(
            ShownPicture(self.copies[sha256].small, f"{FOLDER}/{self.name(row, n)}") for n, sha256 in self._kept(row)
        )

    def files(self, rows: Iterable[Row]) -> list[tuple[str, bytes]]:
        """The large copies: name and content."""
        return [(self.name(row, n), self.copies[sha256].large) for row in rows for n, sha256 in self._kept(row)]

    def name(self, row: Row, n: int) -> str:
        """The file's name: which sheet it belongs to, which row, which picture of it."""
        return f"{self.number}_{row.receipt_no}_{n}.jpg"

    def _kept(self, row: Row) -> list[tuple[int, str]]:
        return [(n, sha256) for n, sha256 in enumerate(row.photos, 1) if self.copies[sha256].large]


def album(service: Service, number: str, rows: Sequence[Row]) -> Album:
    """Make the copies of everything that *rows* show, in reader processes: the files are strangers'."""
    wanted = list(dict.fromkeys(sha256 for row in rows for sha256 in row.photos))
    small = next((side for most, side in _IN_ROW if len(wanted) <= most), _LEAST_IN_ROW)
    book, limit = service.settings.folders.book, service.settings.limits.photo_megapixels
    calls = [(book / photos.archived_as(service.book, sha256), LARGE, small, limit) for sha256 in wanted]
    made = service.readers.map(copies_at, calls)
    return Album(number, {
        sha256: Copies() if isinstance(read, Failure) else read for sha256, read in zip(wanted, made, strict=True)
    })  # fmt: skip


def queue_album(service: Service, made: Album, rows: Sequence[Row], approver: str, now: datetime) -> None:
    """Queue the large copies for whoever may decide; inside the transaction that issues the sheet."""
    folder = f"{service.settings.folders.approvals}/{FOLDER}"
    for name, data in made.files(rows):
        sha256 = service.outbox.lay_out(data)
        service.book.post(
            [deliveries.queue(service.book, approver, folder, name, sha256, f"picture:{made.number}")], now
        )
