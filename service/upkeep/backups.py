"""Backups of the ledger: written beside running work, looked at before they count, and kept by a rule."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from pathlib import Path

from filelock import FileLock

from disk.private import FILE
from ledger import book_files, copies, files
from ledger.replay import first_difference
from policy.settings_running import BackupSettings
from service.company import Service

log = logging.getLogger("kebu")

_WHOLE = 6  #: Sunday, as Python counts: somebody will look into it on Monday
_NAME = re.compile(r"ledger_(?:(\d{4})-(\d{2})-(\d{2})|(\d{4})(\d{2})(\d{2})-(\d{6}))\.db")


class BadBackup(OSError):
    """A backup was written and does not hold: it was taken away again, and the older ones are still there."""


def folder_of(service: Service) -> Path:
    """Where backups lie."""
    return service.settings.folders.book / "backups"


def back_up(service: Service, label: str) -> Path:
    """A consistent copy of the ledger in ``backups/``, made while others may read; older ones go by the rule.

    :raises BadBackup: the copy does not hold
    :raises OSError: it cannot be written
    """
    return _kept(service, label, partial(copies.first_fault, service.book))


def back_up_night(service: Service, day: date) -> Path:
    """The copy of the night that ends *day*: looked at as a whole on Sundays, else from where the newest backup ends.

    :raises BadBackup: the copy does not hold
    :raises OSError: it cannot be written
    """
    before = newest(service)
    if before is None or day.weekday() == _WHOLE:
        return back_up(service, day.isoformat())
    return _kept(service, day.isoformat(), partial(copies.first_new_fault, service.book, before=before))


def _kept(service: Service, label: str, first_fault: Callable[[Path], str | None]) -> Path:
    folder = folder_of(service)
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / f"ledger_{label}.db"
    temporary = target.with_suffix(".tmp")
    temporary.unlink(missing_ok=True)
    service.book.copy_to(temporary)
    if fault := first_fault(temporary):
        temporary.unlink()
        raise BadBackup(f"备份没有通过核对，没有保留（{fault}）：请检查磁盘，再运行 backup；以前的备份都还在")
    temporary.replace(target)
    for path in outdated(folder.iterdir(), service.settings.backup):
        path.unlink()
        log.info("backup %s is no longer kept", path.name)
    return target


def outdated(found: Iterable[Path], rule: BackupSettings) -> list[Path]:
    """The backups that *rule* does not keep.  Files that we have not named are nobody's business.

    Of each of the newest days, of each of the weeks before and each of the months before, the newest one is kept; of the
    newest days also those that somebody made by hand.  Days without a backup do not count.
    """
    known = sorted(((taken, path) for path in found if (taken := _taken(path)) is not None), reverse=True)
    days = list(dict.fromkeys(day for (day, _time), _path in known))[: rule.days]
    kept = {path for (day, _time), path in known if day in days}
    earlier = [(day, path) for (day, _time), path in known if day not in days]
    for period, n in ((_week, rule.weeks), (_month, rule.months)):
        newest = _newest_of_each(earlier, period, n)
        kept |= set(newest.values())
        earlier = [(day, path) for day, path in earlier if period(day) not in newest]
    return [path for _taken_at, path in known if path not in kept]


def _newest_of_each(
    among: Iterable[tuple[date, Path]], period: Callable[[date], tuple[int, int]], n: int
) -> dict[tuple[int, int], Path]:
    newest: dict[tuple[int, int], Path] = {}
    for day, path in among:  # the newest first
        if period(day) not in newest and len(newest) < n:
            newest[period(day)] = path
    return newest


def _week(day: date) -> tuple[int, int]:
    return day.isocalendar()[:2]


def _month(day: date) -> tuple[int, int]:
    return day.year, day.month


def _taken(path: Path) -> tuple[date, str] | None:
    """Day and time of a backup by its name; the night's one stands for its whole day."""
    match = _NAME.fullmatch(path.name)
    if match is None:
        return None
    year, month, day = (int(part) for part in (match.groups()[:3] if match[1] else match.groups()[3:6]))
    try:
        return date(year, month, day), match[7] or "240000"
    except ValueError:
        return None


def newest(service: Service) -> Path | None:
    """The newest backup that we have named, or None."""
    folder = folder_of(service)
    known = [(taken, path) for path in folder.glob("ledger_*.db") if (taken := _taken(path)) is not None]
    return max(known)[1] if known else None


@dataclass(frozen=True)
class Drill:
    """What restoring a backup beside the running book came to."""

    backup: Path
    entries: int  #: of the backup
    later: int  #: entries that the running book has besides
    missing: int  #: originals that it names and that are not in the archive
    seconds: float
    troubles: tuple[str, ...]

    @property
    def lines(self) -> list[str]:
        """The same, for reading."""
        held = "没有通过" if self.troubles else "可以恢复，与现在的账本一致"
        return [
            f"演练 {self.backup.name}：{held}；{self.entries} 条记录，之后又有 {self.later} 条（恢复后从归档补收）；"
            f"用时 {self.seconds:.1f} 秒；现在的账本没有动"
        ]


def drill(service: Service, backup: Path, clock: Callable[[], datetime]) -> Drill:
    """Restore *backup* beside the running book, prove it as ``restore`` would, compare, and take it away again.

    :raises LedgerError: the file is not a ledger
    """
    began, candidate = clock(), service.settings.folders.book / "ledger_drill.db"
    with FileLock(candidate.with_suffix(".lock"), timeout=0, mode=FILE):
        try:
            with closing(book_files.copy_of(backup, candidate)) as copy:
                wrong = copy.first_break() or first_difference(copy) or copies.contradiction(service.book, copy.db)
                entries = copy.length()
                gone, archive = files.erased(service.book), service.archive
                absent = [path for path in archive.absent(files.archived(copy)) if path not in gone]
                missing = [path for path in absent if not archive.unknown(path)]
        finally:
            book_files.discard(candidate)
    troubles = [f"{backup.name}：{wrong}"] if wrong else []
    if missing:
        troubles.append(f"{backup.name}：它登记的 {len(missing)} 个原件不在归档里（第一个：{missing[0]}）")
    later = max(0, service.book.length() - entries)
    return Drill(backup, entries, later, len(missing), (clock() - began).total_seconds(), tuple(troubles))
