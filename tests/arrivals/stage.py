"""The play on real folders, with the real service: what the model says is done to the disk, and the rounds are real."""

from __future__ import annotations

import atexit
import os
import pickle
import re
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from intake.inbox.leaving import Drop
from intake.sandbox.readers import Failure, Function, Readers
from service.company import open_service
from service.retaking import retake
from service.taking import take_everything
from service.upkeep.backups import back_up
from service.upkeep.restoring import restore
from tests.arrivals.between import Killed, holding, interrupted
from tests.arrivals.clock import SECOND, Clock
from tests.arrivals.contents import DAY, data
from tests.arrivals.folders import Folders, Place, beside, kind, lock
from tests.arrivals.model import ASIDE, INCOMPLETE, SETTLE
from tests.arrivals.script import Step
from tests.company import STAFF, Company, a_company, reopened

DUE = f"{DAY} 20:00"
#: Half a second less than the model's whole ones: no look falls on the very moment.
CONFIG = {
    "settle_seconds = ": f"settle_seconds = {SETTLE - 0.5}",
    "incomplete_seconds = ": f"incomplete_seconds = {INCOMPLETE - 0.5}",
}
PRIVATE = re.compile(r"\.kebu-taken-([0-9a-f]{16})-(.*)")


class Here(Readers):
    """Readers in this process: what is read and drawn here was made by ourselves."""

    side_by_side = 1

    def ask(self, function: Function, *arguments: Any) -> Future[Any | Failure]:
        """See :class:`Readers`."""
        done: Future[Any | Failure] = Future()
        done.set_result(_loaded(pickle.dumps(function))(*arguments))
        return done

    def expect(self, function: Function, workers: int = 1) -> None:
        """See :class:`Readers`."""

    def within(self, limits: Any) -> Readers:
        """See :class:`Readers`."""
        return self

    def close(self) -> None:
        """See :class:`Readers`."""


@cache
def _loaded(function: bytes) -> Callable[..., Any]:
    found: Callable[..., Any] = pickle.loads(function)
    return found


@dataclass
class Stage:
    """A company whose clock and whose file system's clock are the play's."""

    co: Company
    clock: Clock
    by_sha: dict[str, str] = field(default_factory=dict)  #: first 16 characters → content
    held: dict[int, str] = field(default_factory=dict)  #: inode → how somebody has the file open
    trash: dict[Place, tuple[bytes, int]] = field(default_factory=dict)
    order: list[Place] = field(default_factory=list)
    troubles: Counter[str] = field(default_factory=Counter)
    backup: Path | None = None
    owner_at_work: bool = False  #: people's own programs do not stand in their way

    # -- what people do

    def at(self, place: Place) -> Path:
        """Where a place is on the disk."""
        return self.co.share / place[0] / "投递" / place[1]

    def elsewhere(self, place: Place) -> Path:
        """A folder that somebody keeps elsewhere."""
        return self.co.folder / "elsewhere" / place[0] / place[1].replace("/", "_")

    def do(self, step: Step, folders: Folders) -> None:
        """Do to the disk what the model did to *folders*."""
        if step.do in ("away", "back"):
            here, there = self.co.share, self.co.folder / "share_away"
            (here if step.do == "away" else there).rename(there if step.do == "away" else here)
            return
        getattr(self, f"_{step.do}")((step.who, step.at), step, folders)

    def put(self, place: Place, content: str, mtime: int | None = None) -> None:
        """Write a file where it lies."""
        path, said = self.at(place), data(content)
        self.by_sha[sha256(said).hexdigest()[:16]] = content
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(said)
        if mtime is not None:
            os.utime(path, ns=(mtime, mtime))

    def _write(self, place: Place, _step: Step, folders: Folders) -> None:
        self.put(place, folders.files[place].content)

    _half = _finish = _again = _write

    def _old(self, place: Place, step: Step, folders: Folders) -> None:
        self.put(place, folders.files[place].content, (1_600_000_000 + step.content) * SECOND)

    def _quiet(self, place: Place, _step: Step, folders: Folders) -> None:
        self.put(place, folders.files[place].content, self.at(place).lstat().st_mtime_ns)

    def _save(self, place: Place, step: Step, _folders: Folders) -> None:
        self.put(lock(place), "锁")
        self.put(beside(place), f"{kind(step.at)}{step.content}")
        self.at(place).unlink(missing_ok=True)

    def _saved(self, place: Place, _step: Step, _folders: Folders) -> None:
        self.at(beside(place)).replace(self.at(place))
        self.at(lock(place)).unlink(missing_ok=True)

    def _rename(self, place: Place, step: Step, _folders: Folders) -> None:
        to = self.at((step.who, step.to))
        to.parent.mkdir(parents=True, exist_ok=True)
        self.at(place).replace(to)

    def _delete(self, place: Place, _step: Step, _folders: Folders) -> None:
        path = self.at(place)
        self.trash[place] = path.read_bytes(), path.lstat().st_mtime_ns
        path.unlink()

    def _restore(self, place: Place, _step: Step, folders: Folders) -> None:
        self.put(place, folders.files[place].content, self.trash[place][1])

    def _copy(self, place: Place, step: Step, folders: Folders) -> None:
        to = (step.who, step.to)
        self.put(to, folders.files[to].content, self.at(place).lstat().st_mtime_ns)

    def _prepare(self, _place: Place, step: Step, folders: Folders) -> None:
        folder, _slash, name = step.at.partition("/")
        path, said = self.elsewhere((step.who, folder)) / name, folders.outside[step.who, folder][name].content
        self.by_sha[sha256(data(said)).hexdigest()[:16]] = said
        path.parent.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        path.write_bytes(data(said))

    def _in(self, place: Place, _step: Step, _folders: Folders) -> None:
        self.elsewhere(place).rename(self.at(place))

    def _out(self, place: Place, step: Step, _folders: Folders) -> None:
        to = self.elsewhere((step.who, step.to or step.at))
        to.parent.mkdir(parents=True, exist_ok=True)
        self.at(place).rename(to)

    def _move(self, place: Place, step: Step, _folders: Folders) -> None:
        self.at(place).rename(self.at((step.who, step.to)))

    def _hold(self, place: Place, step: Step, _folders: Folders) -> None:
        self.held[self.at(place).lstat().st_ino] = step.how

    def _release(self, place: Place, _step: Step, _folders: Folders) -> None:
        del self.held[self.at(place).lstat().st_ino]

    # -- what the service does

    def look(self, how: str, meanwhile: Callable[[], None] | None) -> None:
        """A round; at the point *how* somebody comes between, or the service is killed."""
        self.order = []

        def happens() -> None:
            if meanwhile is None:
                raise Killed
            self.owner_at_work = True
            meanwhile()
            self.owner_at_work = False

        now = datetime.fromtimestamp(self.clock.second, UTC).astimezone(self.co.service.zone)
        try:
            with self.clock.given(), holding(self._hindrance), interrupted(how, happens, self._in_order):
                summary = take_everything(self.co.service, now, arrival=None, issue=False)
                self.troubles.update(summary.troubles)
        except Killed:
            self.reopen()
        except OSError as error:  # told to the operator, tried again
            self.troubles[f"{type(error).__name__}: {error}"] += 1

    def reopen(self) -> None:
        """Another process."""
        self.co.service.book.close()
        self.co = _with_readers(Company(self.co.folder, open_service(self.co.service.settings)))

    def back_up(self) -> None:
        """``backup``."""
        self.backup = back_up(self.co.service, "sim")

    def undo(self) -> list[str]:
        """``restore``; gives what it leaves to a person."""
        assert self.backup is not None
        now = datetime.fromtimestamp(self.clock.second, UTC).astimezone(self.co.service.zone)
        self.co.service.book.close()
        with self.clock.given():
            done = restore(self.co.service.settings, self.backup, now)
            self.reopen()
            again = retake(self.co.service, done.kept, now)
        return [done.trouble] * bool(done.trouble) + done.open + again.open

    def _in_order(self, drops: list[Drop]) -> None:
        top = self.co.share
        self.order = [self._place(drop.path.relative_to(top)) for drop in drops]

    def _hindrance(self, inode: int) -> str:
        """How somebody's program stands in the service's way."""
        return "" if self.owner_at_work else self.held.get(inode, "")

    def _place(self, relative: Path) -> Place:
        who, _drop, *folders, name = relative.parts
        if private := PRIVATE.fullmatch(name):
            name = f"{ASIDE}{self.by_sha.get(private[1], private[1])} {private[2]}"
        return who, "/".join((*folders, name))

    def lying(self) -> dict[Place, str]:
        """What lies in everybody's drop folder: place → content."""
        found = {}
        for path in self.co.share.glob("*/投递/**/*"):
            if path.is_file():
                said = sha256(path.read_bytes()).hexdigest()
                found[self._place(path.relative_to(self.co.share))] = self.by_sha.get(said[:16], said)
        return found


def _with_readers(co: Company) -> Company:
    co.service = replace(co.service, readers=Here())
    return co


@cache
def _founded() -> Path:
    """Two who sell and their manager: each more would cost every round a page."""
    folder = Path(tempfile.mkdtemp(prefix="kebu-arrivals-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    with a_company(folder, [each for each in STAFF if each["部门"] == "销售一部"]):
        return folder


@contextmanager
def staged(folder: Path, begins: int) -> Iterator[Stage]:
    """A company so many seconds before a report is due."""
    shutil.copytree(_founded(), folder / "company")
    co = _with_readers(reopened(folder / "company", config=CONFIG))
    due = int(co.clock(DUE).timestamp())
    try:
        yield (made := Stage(co, Clock(folder / "probe", due - begins)))
        made.co.service.book.close()
    finally:
        shutil.rmtree(folder / "company", ignore_errors=True)
