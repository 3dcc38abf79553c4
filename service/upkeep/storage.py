"""How much the book takes up, how fast it grows, and for how many days the disk will do."""

from __future__ import annotations

import json
import shutil
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from disk.private import write_private
from service.company import Service, book_path
from service.upkeep.sizes import FolderSizes

_KEPT = 400  #: nights
_SPAN = 30  #: days over which growth is reckoned
_SOON = 30  #: days of disk left that want the operator


@dataclass(frozen=True)
class Measured:
    """Bytes at the end of a day."""

    day: str
    ledger: int
    archive: int  #: originals, those in quarantine included
    backups: int
    free: int  #: where the book lies
    cold: int = 0  #: originals that were moved to the cold disk

    @property
    def grown(self) -> int:
        """What only grows: backups come and go by their rule."""
        return self.ledger + self.archive


@dataclass(frozen=True)
class Storage:
    """What ``status`` tells."""

    now: Measured
    days: int  #: over how many the growth was seen; 0: not yet
    daily: float  #: bytes a day
    days_left: int | None  #: None: not known, or it does not grow

    @property
    def words(self) -> str:
        """One line, for reading."""
        held = f"占用：账本 {_size(self.now.ledger)}，原件 {_size(self.now.archive)}，备份 {_size(self.now.backups)}"
        held += f"，冷盘 {_size(self.now.cold)}" if self.now.cold else ""
        if not self.days:
            return f"{held}；盘上还剩 {_size(self.now.free)}（关账几晚之后知道增长）"
        left = f"，约够 {self.days_left} 天" if self.days_left is not None else ""
        return f"{held}；近 {self.days} 天每天增加 {_size(self.daily)}，盘上还剩 {_size(self.now.free)}{left}"

    @property
    def trouble(self) -> str:
        """What the operator should do; '' if there is time."""
        if self.days_left is None or self.days_left >= _SOON:
            return ""
        return f"按近 {self.days} 天的增长，账本所在的盘只够 {self.days_left} 天：请换大盘或清理这块盘上别的东西"

    @property
    def data(self) -> dict[str, Any]:
        """The same, for programs."""
        return {
            **asdict(self.now),
            "growth_days": self.days,
            "growth_daily": round(self.daily),
            "days_left": self.days_left,
        }


def measure(service: Service, day: date) -> None:
    """Note what the book takes up at the end of *day*; again for the same day replaces it."""
    known = {each.day: each for each in _noted(service)}
    known[day.isoformat()] = _measured(service, day.isoformat())
    lines = [json.dumps(asdict(known[each])) for each in sorted(known)[-_KEPT:]]
    write_private(_notes(service), ("\n".join(lines) + "\n").encode())


def storage(service: Service, today: date) -> Storage:
    """How it stands now, and how it grew since the nights noted it."""
    noted = [each for each in _noted(service) if date.fromisoformat(each.day) >= today - timedelta(days=_SPAN)]
    sizes = _sizes(service)
    now = Measured(
        today.isoformat(), book_path(service.settings).stat().st_size,
        noted[-1].archive if noted else _originals(service, sizes),
        _backups(service, sizes), _free(service), noted[-1].cold if noted else _cold(service, sizes),
    )  # fmt: skip
    if len(noted) < 2:
        return Storage(now, 0, 0.0, None)
    first, last = noted[0], noted[-1]
    days = (date.fromisoformat(last.day) - date.fromisoformat(first.day)).days
    daily = max(0.0, (last.grown - first.grown) / days)
    room = max(0, now.free - int(service.settings.limits.reserve_mb * 2**20))
    return Storage(now, days, daily, int(room / daily) if daily else None)


def _notes(service: Service) -> Path:
    return service.settings.folders.book / "sizes.log"


def _noted(service: Service) -> list[Measured]:
    try:
        lines = _notes(service).read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return []
    return [Measured(**json.loads(line)) for line in lines if line]


def _measured(service: Service, day: str) -> Measured:
    sizes = _sizes(service)
    measured = Measured(
        day=day,
        ledger=book_path(service.settings).stat().st_size,
        archive=_originals(service, sizes),
        backups=_backups(service, sizes),
        free=_free(service),
        cold=_cold(service, sizes),
    )
    sizes.keep()
    return measured


def _sizes(service: Service) -> FolderSizes:
    return FolderSizes(service.settings.folders.book / "sizes.json")


def _originals(service: Service, sizes: FolderSizes) -> int:
    book = service.settings.folders.book
    return sizes.below(book / "archive") + sizes.below(book / "quarantine")


def _backups(service: Service, sizes: FolderSizes) -> int:
    return sizes.anew(service.settings.folders.book / "backups")


def _cold(service: Service, sizes: FolderSizes) -> int:
    """What lies on the cold disk; 0 if it is not there."""
    disk = service.archive.cold
    return sizes.below(disk.folder) if disk.folder and not disk.trouble() else 0


def _free(service: Service) -> int:
    return shutil.disk_usage(service.settings.folders.book).free


_STEP = 1024


def _size(n: float) -> str:
    for unit in ("字节", "KB", "MB", "GB"):
        if n < _STEP:
            return f"{n:.0f} {unit}" if n >= 10 or unit == "字节" else f"{n:.1f} {unit}"
        n /= _STEP
    return f"{n:.1f} TB"
