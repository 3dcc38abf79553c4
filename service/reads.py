"""Dropped files kept and read: archived first, then read in processes that may be killed."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path, PurePosixPath

from intake.archive.store import Changed, Kept
from intake.inbox.scan import Drop
from intake.photo.read import read_photo
from intake.preflight.sniff import is_picture_name, sniff
from intake.raw import Picture, Refusal, Workbook
from intake.reading import photo_at, workbook_at
from intake.sandbox.readers import Failure
from ledger.records import PhotoFacts
from service.company import Service
from validators.layout import form_of

log = logging.getLogger("kebu")

PICTURE_KINDS = frozenset({"jpeg", "png", "heif", "webp", "tiff", "gif", "bmp"})


@dataclass(frozen=True)
class Taken:
    """A dropped file, kept and read."""

    drop: Drop
    kept: Kept
    photo: PhotoFacts | None = None
    workbook: Workbook | None = None
    refusal: Refusal | None = None
    pictures: Mapping[str, tuple[Kept, PhotoFacts]] | None = None  #: sha256 → pictures found inside the workbook


def keep_and_read(service: Service, drops: Sequence[Drop]) -> list[Taken]:
    """Archive every drop, then read them side by side; a file that changed meanwhile waits for the next scan."""
    kept = []
    for drop in drops:
        try:
            kept.append((drop, service.archive.keep(drop)))
        except Changed:
            log.info("changed while it was being kept, left for the next scan: %s", drop.path)
    book = service.settings.folders.book
    pictures = [pair for pair in kept if _is_picture(book / pair[1].archived_as, pair[0].relative)]
    others = [pair for pair in kept if pair not in pictures]
    return _with_pictures(service, [*_photos(service, pictures), *_workbooks(service, others)])


def _is_picture(path: Path, name: str) -> bool:
    with path.open("rb") as stream:
        kind = sniff(stream.read(4096))
    return kind in PICTURE_KINDS or (kind not in ("zip", "ole") and is_picture_name(name))


def _photos(service: Service, kept: Sequence[tuple[Drop, Kept]]) -> Iterable[Taken]:
    limits, book = service.settings.limits, service.settings.folders.book
    fit = [pair for pair in kept if pair[1].size <= limits.photo_mb * 2**20]
    for drop, original in (pair for pair in kept if pair not in fit):
        yield Taken(drop, original, photo=unreadable(original.sha256, f"文件超过 {limits.photo_mb} MB"))
    calls = [(book / original.archived_as, str(service.zone), limits.photo_megapixels) for _drop, original in fit]
    for (drop, original), read in zip(fit, service.readers.map(photo_at, calls), strict=True):
        yield Taken(drop, original, photo=_photo_or_trouble(read, original.sha256))


def _photo_or_trouble(read: PhotoFacts | Failure, sha256: str) -> PhotoFacts:
    if isinstance(read, Failure):
        return unreadable(sha256, _MACHINE[read.kind])
    return replace(read, sha256=sha256)


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


def _workbooks(service: Service, kept: Sequence[tuple[Drop, Kept]]) -> Iterable[Taken]:
    book, limits = service.settings.folders.book, service.limits()
    calls = [(book / original.archived_as, limits) for _drop, original in kept]
    for (drop, original), read in zip(kept, service.readers.map(workbook_at, calls), strict=True):
        if isinstance(read, Failure):
            remedy = "请在 Excel 或 WPS 中打开后另存为新的 .xlsx 再投递；仍不行请联系管理员"
            yield Taken(drop, original, refusal=Refusal(read.kind, _MACHINE[read.kind], remedy, by_machine=True))
        elif isinstance(read, Refusal):
            yield Taken(drop, original, refusal=read)
        else:
            yield Taken(drop, original, workbook=read)


def _with_pictures(service: Service, taken: Sequence[Taken]) -> list[Taken]:
    """Keep and read the pictures that stand in form sheets; those of other sheets are of no concern."""
    wanted: dict[str, tuple[Picture, date]] = {}
    for each in taken:
        for picture in form_pictures(each.workbook):
            wanted.setdefault(sha_of(picture), (picture, each.drop.arrived_at.date()))
    limit = service.settings.limits.photo_megapixels
    calls = [(picture.data, service.zone, limit) for picture, _day in wanted.values()]
    reads = service.readers.map(_read_picture, calls)
    found: dict[str, tuple[Kept, PhotoFacts]] = {}
    for (sha256, (picture, day)), read in zip(wanted.items(), reads, strict=True):
        kept = service.archive.keep_bytes(picture.data, PurePosixPath(picture.name).name, day)
        found[sha256] = (kept, _photo_or_trouble(read, sha256))
    return [
        replace(each, pictures={sha_of(picture): found[sha_of(picture)] for picture in form_pictures(each.workbook)})
        for each in taken
    ]


def _read_picture(data: bytes, zone: object, megapixels: int) -> PhotoFacts:
    return read_photo(data, zone, max_megapixels=megapixels)  # type: ignore[arg-type]


def form_pictures(workbook: Workbook | None) -> list[Picture]:
    """The pictures that stand in sheets that are forms."""
    sheets = workbook.sheets if workbook else ()
    return [picture for sheet in sheets if form_of(sheet) for picture in sheet.pictures]


def sha_of(picture: Picture) -> str:
    """The content hash of a picture."""
    return hashlib.sha256(picture.data).hexdigest()
