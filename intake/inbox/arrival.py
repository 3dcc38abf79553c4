"""When a file came into a drop folder, how sure that is, and by whom it is known (销售日报 7(1)).

A file's own ctime tells when it was written or renamed.  A folder that was filled elsewhere and then moved here leaves it
alone; but the folder's own ctime tells of the moving, and of anything else that was put into it later.  Whoever watches
knows more: what was not there at the last look came after it.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path
from typing import Literal

from intake.inbox.read import FileMark

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

Known = Literal["file", "folder", "seen", "clock"]


@dataclass(frozen=True)
class Arrived:
    """When a file came: not before *earliest*, at the latest *at*."""

    at: datetime
    earliest: datetime
    known: Known  #: by the file's ctime, by a folder's above it, by our own look, or by the clock that was given


@dataclass(frozen=True)
class _Sight:
    """What was known when a file was seen for the first time as it is."""

    mark: FileMark
    low_ns: int
    high_ns: int
    known: Known


class Arrivals:
    """What the looks of this process saw, folder by folder."""

    def __init__(self, zone: tzinfo) -> None:
        self._zone = zone
        self._looked: dict[Path, int] = {}  #: drop folder → when the last complete look at it began
        self._sights: dict[Path, _Sight] = {}
        self._places: dict[FileMark, tuple[Path, _Sight]] = {}  #: where a file of this mark was seen

    def begin(self) -> int:
        """The moment at which a look begins."""
        return time.time_ns()

    def saw(self, top: Path, path: Path, mark: FileMark) -> None:
        """A file lies below *top*."""
        sight = self._sights.get(path)
        if sight is None or sight.mark != mark:  # new, or another than lay there: perhaps moved in with a folder
            sight = self._before(top, mark) or _first_sight(mark, _moved_ns(top, path), self._looked.get(top))
            self._sights[path] = sight
        self._places[mark] = (path, sight)

    def _before(self, top: Path, mark: FileMark) -> _Sight | None:
        """What was known of this very file where its folder bore another name; a folder renamed here brings nothing new."""
        place, sight = self._places.get(mark, (None, None))
        if place is None or not place.is_relative_to(top) or _lies_at(place, mark):
            return None
        return sight

    def looked(self, top: Path, began: int, present: Iterable[Path]) -> None:
        """A complete look at *top* is over: what was not *present* has gone, or is yet to come."""
        there = set(present)
        self._sights = {
            path: sight for path, sight in self._sights.items() if path in there or not path.is_relative_to(top)
        }
        self._places = {sight.mark: (path, sight) for path, sight in self._sights.items()}
        self._looked[top] = began

    def of(self, path: Path, mark: FileMark) -> Arrived:
        """What is known of a file that was seen.  Never later than the real clock: a server's that runs ahead makes nobody late."""
        sight = self._sights.get(path)
        if sight is None or sight.mark != mark:  # written again since this look saw it
            sight = _Sight(mark, mark.changed_ns, mark.changed_ns, "file")
        now = time.time_ns()
        at, earliest = (time_of(min(ns, now)).astimezone(self._zone) for ns in (sight.high_ns, sight.low_ns))
        return Arrived(at, earliest, sight.known)


def _lies_at(place: Path, mark: FileMark) -> bool:
    """Whether the file lies there still: then this is another."""
    try:
        return FileMark.of(place.lstat()) == mark
    except OSError:
        return False


def _first_sight(mark: FileMark, moved_ns: int, looked_ns: int | None) -> _Sight:
    written = mark.changed_ns
    latest = max(written, moved_ns)
    if looked_ns is not None and latest <= looked_ns:  # not there when we looked, and no clock tells of its coming
        return _Sight(mark, looked_ns, time.time_ns(), "seen")
    low = written if looked_ns is None else max(written, looked_ns)
    return _Sight(mark, min(low, latest), latest, "folder" if moved_ns > written else "file")


def _moved_ns(top: Path, path: Path) -> int:
    """The latest change of a folder between *top* and the file; 0 where there is none, or ctime means something else."""
    if os.name == "nt":
        return 0
    latest, folder = 0, path.parent
    while folder != top and folder.is_relative_to(top):
        with suppress(OSError):  # it is being renamed: the next look tells
            latest = max(latest, FileMark.of(folder.lstat()).ctime_ns)
        folder = folder.parent
    return latest


def time_of(ns: int) -> datetime:
    """A file's time, as arrivals are written: to the microsecond."""
    return EPOCH + timedelta(microseconds=max(ns, 0) // 1000)
