"""Pictures for an approver: one in the row, the same in readable size beside the sheet (客户拜访 5.3, 客户成交 5.2).

What an approver is told names copies; they are made from the archive after the commit, as often as they are needed,
and lie in the spool until the sheet and its pictures are delivered.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from disk.luggage import Original
from disk.private import opened_private
from intake.reading import copies_at
from intake.sandbox.readers import Failure
from ledger import deliveries, photos
from ledger.records import Row
from outbox.approvals.model import PictureCopy, ShownPicture
from outbox.queue import tell
from service.company import Service
from validators.written.point import MARKS

LARGE = 1_600  #: pixels of the long side: a contract's small print can be read
FOLDER = "照片"  #: below 审批
#: long side of the picture in the row: with many pictures the workbook must still be small enough to come back
_IN_ROW = ((80, 960), (200, 640))
_LEAST_IN_ROW = 480
_COPY = re.compile(r'"spool/([0-9a-f]{64})(?:-(\d+))?@(\d+)(?:~([\w.-]+))?\.jpg"')
_MOST_MARKS = 7  #: on one page; they stand in the copy's name, which must be no longer than a file system allows


@dataclass(frozen=True)
class Album:
    """The pictures of one sheet's rows."""

    number: str  #: 表单编号
    side: int  #: pixels of the long side of those in the rows
    pages: Mapping[str, int]  #: sha256 of those that can be shown → how many pages each has

    def shown(self, row: Row) -> tuple[ShownPicture, ...]:
        """The pictures of *row* in reading order, each with the place of its large copy seen from the sheet."""
        return tuple(
            ShownPicture(_copy_of(sha256, page, self.side), f"{FOLDER}/{self.name(row, n)}")
            for n, (sha256, page) in self._kept(row)
        )

    def files(self, rows: Sequence[Row]) -> Iterator[tuple[str, PictureCopy]]:
        """The large copies: name and what it is a copy of."""
        for row in rows:
            for n, (sha256, page) in self._kept(row):
                yield self.name(row, n), PictureCopy(_copy_of(sha256, page, LARGE, _marks_on(row, sha256, page)))

    def name(self, row: Row, n: int) -> str:
        """The file's name: which sheet it belongs to, which row, which picture of it."""
        return f"{self.number}_{row.receipt_no}_{n}.jpg"

    def _kept(self, row: Row) -> Iterator[tuple[int, tuple[str, int]]]:
        """Every page of a document is a picture: its number, whose page, and which."""
        shown = ((sha256, page) for sha256 in row.photos for page in range(1, self.pages.get(sha256, 0) + 1))
        return enumerate(shown, 1)


def _copy_of(sha256: str, page: int, side: int, marks: str = "") -> str:
    number, drawn = f"-{page}" if page > 1 else "", f"~{marks}" if marks else ""
    return f"spool/{sha256}{number}@{side}{drawn}.jpg"


def _marks_on(row: Row, sha256: str, page: int) -> str:
    """The boxes around what was read on a page, as :func:`intake.photo.marks.boxes` understands them."""
    boxes = [box for on, *box in row.read.get(MARKS, {}).get(sha256, ()) if on == page]
    return "_".join(f"{'a' if agrees else 'd'}{'.'.join(map(str, box))}" for *box, agrees in boxes[:_MOST_MARKS])


def album(service: Service, number: str, rows: Sequence[Row]) -> Album:
    """What *rows* can show."""
    wanted = list(dict.fromkeys(sha256 for row in rows for sha256 in row.photos))
    small = next((side for most, side in _IN_ROW if len(wanted) <= most), _LEAST_IN_ROW)
    return Album(number, small, photos.pages(service.book, wanted))


def queue_album(service: Service, made: Album, rows: Sequence[Row], approver: str, now: datetime) -> None:
    """Queue the large copies for whoever may decide; inside the transaction that issues the sheet."""
    folder = f"{service.settings.folders.approvals}/{FOLDER}"
    for name, copy in made.files(rows):
        tell(service.book, approver, folder, name, copy, f"picture:{made.number}", now)


def make_copies(service: Service, away: Collection[str]) -> None:
    """Make the copies that are due, in reader processes: the files are strangers'.  What fails is missing, and told of.

    :param away: people whose folder is out of reach: what is theirs waits
    """
    sides: dict[str, set[int]] = {}
    marked: dict[str, dict[tuple[int, str], None]] = {}
    for words in deliveries.words_due(service.book, away):
        for sha256, page, side, marks in _COPY.findall(words):
            sides.setdefault(sha256, set()).add(int(side))
            if marks:
                marked.setdefault(sha256, {})[int(page or 1), marks] = None
    pairs = [(sha256, small) for sha256, of in sides.items() for small in sorted(of - {LARGE}) or [_LEAST_IN_ROW]]
    book, limit = service.settings.folders.book, service.settings.limits.photo_megapixels
    calls = [
        (
            Original(service.archive.where(photos.archived_as(service.book, sha256))),
            LARGE,
            small,
            limit,
            tuple(marked.get(sha256, ())),
        )
        for sha256, small in pairs
    ]
    for (sha256, small), made in zip(pairs, service.readers.map(copies_at, calls), strict=True):
        for page, copy in enumerate(() if isinstance(made, Failure) else made.pages(), 1):
            _keep(book / _copy_of(sha256, page, LARGE), copy.large)
            _keep(book / _copy_of(sha256, page, small), copy.small)
            for marks, data in copy.marked.items():
                _keep(book / _copy_of(sha256, page, LARGE, marks), data)


def _keep(path: Path, data: bytes) -> None:
    with opened_private(path) as stream:
        stream.write(data)
