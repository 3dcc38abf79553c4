"""Dropped files kept and read: archived first, then read in processes that may be killed."""

from __future__ import annotations

import errno
import hashlib
import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path, PurePosixPath
from typing import Any

from disk.luggage import Original
from intake.archive import arrivals
from intake.archive.arrivals import Arrival
from intake.archive.store import Changed, Keeping, Kept
from intake.causes import Cause
from intake.inbox.leaving import Drop
from intake.photo.trouble import Spoilt
from intake.preflight.sniff import is_picture_name, sniff
from intake.raw import Picture, Refusal, Workbook
from intake.reading import photo_at, photo_in, workbook_at
from intake.sandbox.readers import Failure
from ledger.records import PhotoFacts
from service.company import Service
from validators.layout import form_of

log = logging.getLogger("kebu")

NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
KEEPERS = 2  #: threads that copy into the archive: while one waits for the disk, the other reads and hashes

_WORKBOOKS = frozenset({".xlsx", ".xlsm", ".xls", ".et"})
PICTURE_KINDS = frozenset({"jpeg", "png", "heif", "webp", "tiff", "gif", "bmp", "pdf"})


@dataclass(frozen=True)
class Taken:
    """A dropped file, kept and read."""

    drop: Drop
    kept: Kept
    photo: PhotoFacts | None = None
    workbook: Workbook | None = None
    refusal: Refusal | None = None
    pictures: Mapping[str, tuple[Kept, PhotoFacts]] | None = None  #: sha256 → pictures found inside the workbook


@dataclass(frozen=True)
class _Asked:
    """A file that is kept, and what a reader will say of it."""

    drop: Drop
    kept: Kept
    picture: bool
    answer: Future[Any] | None  #: None: too big to be opened


def keep_and_read(
    service: Service, drops: Sequence[Drop], troubles: list[str], meanwhile: Callable[[], None] = lambda: None
) -> list[Taken]:
    """Archive every drop and read it as soon as it is kept; a file that changed meanwhile waits for the next scan.

    When this ends, what was kept is on the disk with its name, and who dropped it when.

    :param troubles: gets a sentence for each file for which there was no room; it stays where it lies
    :param meanwhile: what to do while the first ones are read
    """
    with service.archive.together() as keeping, ThreadPoolExecutor(KEEPERS, "archive") as threads:
        kept = [(drop, threads.submit(keeping.keep, drop)) for drop in drops]
        asked = [_ask(service, drop, original) for drop, original in _unchanged(kept, troubles)]
        arrivals.note(service.settings.folders.book, (_arrival(each.drop, each.kept) for each in asked))
        meanwhile()
        return _with_pictures(service, keeping, [_taken(service, each) for each in asked])


def read_kept(service: Service, kept: Iterable[tuple[Drop, Kept]]) -> list[Taken]:
    """The same for originals that lie in the archive already."""
    with service.archive.together() as keeping:
        asked = [_ask(service, drop, original) for drop, original in kept]
        return _with_pictures(service, keeping, [_taken(service, each) for each in asked])


def _arrival(drop: Drop, kept: Kept) -> Arrival:
    return Arrival(drop.person, drop.relative, kept.sha256, kept.archived_as, drop.arrived_at.isoformat())


def _unchanged(kept: Iterable[tuple[Drop, Future[Kept]]], troubles: list[str]) -> Iterator[tuple[Drop, Kept]]:
    for drop, original in kept:
        try:
            yield drop, original.result()
        except Changed:
            log.info("changed while it was being kept, left for the next scan: %s", drop.path)
        except OSError as error:
            if error.errno not in NO_ROOM:
                raise
            troubles.append(f"{drop.person}/{drop.relative}：磁盘没有空间（{drop.size / 2**20:.0f} MB），暂时收不了")


def _ask(service: Service, drop: Drop, kept: Kept) -> _Asked:
    limits, path = service.settings.limits, service.archive.where(kept.archived_as)
    if not _is_picture(path, drop.relative):
        return _Asked(drop, kept, False, service.readers.ask(workbook_at, Original(path), service.limits()))
    if kept.size > limits.photo_mb * 2**20:
        return _Asked(drop, kept, True, None)
    return _Asked(
        drop, kept, True,
        service.readers.ask(photo_at, Original(path), str(service.zone), limits.photo_megapixels, kept.sha256),
    )  # fmt: skip


def _is_picture(path: Path, name: str) -> bool:
    with path.open("rb") as stream:
        kind = sniff(stream.read(4096))
    if kind == "pdf" and PurePosixPath(name).suffix.lower() in _WORKBOOKS:  # told so as what it should have been
        return False
    return kind in PICTURE_KINDS or (kind not in ("zip", "ole") and is_picture_name(name))


def _taken(service: Service, asked: _Asked) -> Taken:
    drop, kept = asked.drop, asked.kept
    if asked.answer is None:
        words = Spoilt.LARGE.format(megabytes=service.settings.limits.photo_mb)
        return Taken(drop, kept, photo=unreadable(kept.sha256, words))
    read = asked.answer.result()
    if asked.picture:
        return Taken(drop, kept, photo=_photo_or_trouble(read, kept.sha256))
    if isinstance(read, Failure):
        remedy = "请在 Excel 或 WPS 中打开后另存为新的 .xlsx 再投递；仍不行请联系管理员"
        return Taken(drop, kept, refusal=given_up(read, remedy))
    return Taken(drop, kept, refusal=read) if isinstance(read, Refusal) else Taken(drop, kept, workbook=read)


def given_up(failure: Failure, remedy: str) -> Refusal:
    """What is said of a workbook that no reader came to the end of."""
    return Refusal(Cause(failure.kind), _MACHINE[failure.kind], remedy, by_machine=True)


def _photo_or_trouble(read: PhotoFacts | Failure, sha256: str) -> PhotoFacts:
    return unreadable(sha256, _MACHINE[read.kind]) if isinstance(read, Failure) else read


def unreadable(sha256: str, trouble: str) -> PhotoFacts:
    """The facts of a picture about which nothing could be learnt."""
    return PhotoFacts(
        sha256=sha256, format="", width=0, height=0, taken_at=None, offset_known=False, lat=None, lon=None, gps_at=None,
        place=None, near=(), make=None, model=None, software=None, pixel_hash=None, dhash=None, turned=(),
        sharpness=None, thumbnail_differs=None, has_exif=False, screen_sized=False, trouble=trouble,
    )  # fmt: skip


_MACHINE = {
    "time": "读取时间过长，已中止",
    "memory": "读取需要的内存过大，已中止",
    "crash": "文件内容损坏，读取程序异常退出",
    "error": "文件内容损坏，无法读取",
}


def _with_pictures(service: Service, keeping: Keeping, taken: Sequence[Taken]) -> list[Taken]:
    """Keep and read the pictures that stand in form sheets; those of other sheets are of no concern."""
    wanted: dict[str, tuple[Picture, date]] = {}
    for each in taken:
        for picture in form_pictures(each.workbook):
            wanted.setdefault(sha_of(picture), (picture, each.drop.arrived_at.date()))
    zone, limit = str(service.zone), service.settings.limits.photo_megapixels
    calls = [(picture.data, zone, limit, sha256) for sha256, (picture, _day) in wanted.items()]
    found: dict[str, tuple[Kept, PhotoFacts]] = {}
    for (sha256, (picture, day)), read in zip(wanted.items(), service.readers.map(photo_in, calls), strict=True):
        kept = keeping.keep_bytes(picture.data, PurePosixPath(picture.name).name, day)
        found[sha256] = (kept, _photo_or_trouble(read, sha256))
    return [
        replace(each, pictures={sha_of(picture): found[sha_of(picture)] for picture in form_pictures(each.workbook)})
        for each in taken
    ]


def form_pictures(workbook: Workbook | None) -> list[Picture]:
    """The pictures that stand in sheets that are forms."""
    sheets = workbook.sheets if workbook else ()
    return [picture for sheet in sheets if form_of(sheet) for picture in sheet.pictures]


def sha_of(picture: Picture) -> str:
    """The content hash of a picture."""
    return hashlib.sha256(picture.data).hexdigest()
