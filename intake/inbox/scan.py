"""Watched folders → settled files.  Events are hints, scans are the truth.

Nothing that lies in a drop folder can stop a scan: what cannot be read is a trouble to be shown, a folder that is
not there is unreachable (never emptied), and a name is only ever data.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from pathlib import Path
from types import MappingProxyType

from intake.inbox.arrival import Arrivals, Arrived
from intake.inbox.leaving import Drop, Leaving
from intake.inbox.read import PAUSES, FileMark
from intake.inbox.remove import own_name
from intake.inbox.settle import Settled, Settler
from intake.inbox.walk import FolderTrouble, Found, Walk, walk

__all__ = ["FolderTrouble", "Inbox", "Scan"]


@dataclass(frozen=True)
class Scan:
    """What one scan saw."""

    drops: tuple[Drop, ...]  #: sorted by (arrived_at, person, relative)
    settling: tuple[Path, ...]  #: seen, not yet at rest
    ignored: Mapping[str, int]  #: named rule → how many names
    troubles: tuple[FolderTrouble, ...]


@dataclass
class _Tally:
    drops: list[Drop] = field(default_factory=list)
    settling: list[Path] = field(default_factory=list)
    ignored: Counter[str] = field(default_factory=Counter)
    troubles: list[FolderTrouble] = field(default_factory=list)
    present: set[Path] = field(default_factory=set)
    blind: list[Path] = field(default_factory=list)

    def scan(self) -> Scan:
        drops = tuple(sorted(self.drops, key=lambda drop: (drop.arrived_at, drop.person, drop.relative)))
        return Scan(drops, tuple(self.settling), MappingProxyType(dict(self.ignored)), tuple(self.troubles))


class Inbox:
    """The drop folders below *share*, one named *drop_name* for each person.

    *settle_seconds* is how long a file must be quiet (0: a complete file is taken at first sight);
    a file that looks unfinished is taken as it is after *incomplete_seconds*, to be refused with the reason.
    A file of more than *largest* bytes is not even read: it would keep everybody else waiting.
    """

    def __init__(
        self,
        share: Path,
        drop_name: str,
        *,
        settle_seconds: float,
        incomplete_seconds: float,
        zone: tzinfo,
        largest: int = 1 << 62,
    ) -> None:
        self._share = share
        self._drop_name = drop_name
        self._zone = zone
        self._settler = Settler(settle_seconds, incomplete_seconds)
        self._arrivals = Arrivals(zone)
        self._largest = largest
        self._held: set[Path] = set()  # could not be read at the last scan: tried once a scan, not four times
        self.leaving = Leaving(share, drop_name, self._settler.forget)  #: how what was kept goes

    def scan(self, people: Sequence[str], now: datetime | None) -> Scan:
        """Look into the folders of *people* once.  *now* stands in for the arrival time (``--now``)."""
        self._settler.doubt()
        return self._look(people, now)

    def scan_until_settled(
        self,
        people: Sequence[str],
        now: datetime | None,
        patience_seconds: float,
        sleep: Callable[[float], None] = time.sleep,
    ) -> Scan:
        """Keep looking until nothing is settling any more, or *patience_seconds* are over."""
        deadline = time.monotonic() + patience_seconds
        pause = 0.05
        scan = self.scan(people, now)
        while scan.settling and (left := deadline - time.monotonic()) > 0:
            sleep(min(pause, left))
            pause = min(pause * 1.5, 0.5)
            scan = self._look(people, now)
        return scan

    def soonest(self) -> float | None:
        """Seconds until a file that is settling may be at rest; None if none is, or one has not come to its end."""
        return self._settler.soonest()

    def _look(self, people: Sequence[str], now: datetime | None) -> Scan:
        tally = _Tally()
        if not self._reachable(tally):
            return tally.scan()
        for person in dict.fromkeys(people):
            self._look_at(person, now, tally)
        self._forget_vanished(tally)
        return tally.scan()

    def _reachable(self, tally: _Tally) -> bool:
        try:
            there = self._share.is_dir()
        except OSError:
            there = False
        if not there:
            tally.troubles.append(FolderTrouble("", self._share, "共享文件夹连不上，恢复后会自动继续", "unreachable"))
        return there

    def _look_at(self, person: str, now: datetime | None, tally: _Tally) -> None:
        top = self._share / person / self._drop_name
        if person in ("", ".", "..") or Path(person).name != person:  # a name is data, never a way to somewhere else
            tally.troubles.append(FolderTrouble(person, self._share, "姓名不能用作文件夹名", "unreachable"))
            return
        began = self._arrivals.begin()
        seen = walk(person, top, () if top in self._held else PAUSES)
        self._remember_held(top, top in seen.blind)
        tally.ignored.update(seen.ignored)
        tally.troubles.extend(seen.troubles)
        tally.blind.extend(seen.blind)
        for found in seen.found:
            tally.present.add(found.path)
            if self._is_bearable(seen, top, found, tally):
                self._judge(seen, found, now, tally)
        if not seen.blind:
            self._arrivals.looked(top, began, [found.path for found in seen.found])

    def _is_bearable(self, seen: Walk, top: Path, found: Found, tally: _Tally) -> bool:
        """Note when the file was seen; False for one that is too large to be looked into."""
        try:
            mark = FileMark.of(found.path.lstat())
        except OSError:  # gone again, or locked: judging tells
            return True
        self._arrivals.saw(top, found.path, mark)
        if mark.size <= self._largest:
            return True
        reason = (
            f"文件有 {mark.size / 2**20:.0f} MB，超过 {self._largest / 2**20:.0f} MB，没有收取；请压缩或拆小后再投递"
        )
        tally.troubles.append(FolderTrouble(seen.person, found.path, reason, "large"))
        return False

    def _judge(self, seen: Walk, found: Found, now: datetime | None, tally: _Tally) -> None:
        if (leaving := self.leaving.held(found.path)) and self._is_still_leaving(leaving, tally):
            return
        try:
            settled = self._settler.look(found.path, () if found.path in self._held else PAUSES)
        except FileNotFoundError:
            return  # Excel's save sequence, or its owner took it away
        except OSError:
            self._held.add(found.path)
            reason = "文件正被占用或读不出来，关闭打开它的程序后会自动收取"
            tally.troubles.append(FolderTrouble(seen.person, found.path, reason, "locked"))
            return
        self._held.discard(found.path)
        if settled is None:
            tally.settling.append(found.path)
        else:
            tally.drops.append(self._drop(seen.person, found, settled, now))

    def _is_still_leaving(self, drop: Drop, tally: _Tally) -> bool:
        if self.leaving.remove(drop):
            return True
        if not self.leaving.held(drop.path):
            return False
        reason = "文件已收下，但正被占用，暂时移不走，关闭打开它的程序即可"
        tally.troubles.append(FolderTrouble(drop.person, drop.path, reason, "locked"))
        return True

    def _drop(self, person: str, found: Found, settled: Settled, now: datetime | None) -> Drop:
        folder, slash, name = found.relative.rpartition("/")
        mark = settled.mark
        arrived = Arrived(now, now, "clock") if now else self._arrivals.of(found.path, mark)
        return Drop(
            person=person,
            path=found.path,
            relative=folder + slash + own_name(name),
            size=mark.size,
            mtime_ns=mark.mtime_ns,
            ctime_ns=mark.ctime_ns,
            sha256=settled.sha256,
            arrived_at=arrived.at,
            earliest=arrived.earliest,
            known=arrived.known,
        )

    def _remember_held(self, path: Path, held: bool) -> None:
        if held:
            self._held.add(path)
        else:
            self._held.discard(path)

    def _forget_vanished(self, tally: _Tally) -> None:
        """Forget files that are gone; one in a folder that cannot be seen is not gone."""

        def stays(path: Path) -> bool:
            return path in tally.present or any(path.is_relative_to(folder) for folder in tally.blind)

        self._settler.forget_all_but([path for path in self._settler.known() if stays(path)])
        self.leaving.forget_all_but(stays)
        self._held = {path for path in self._held if stays(path)}
