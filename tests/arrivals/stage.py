"""The play on real folders, with the real service: what the model says is done to the disk, and the rounds are real."""

from __future__ import annotations

import errno
import os
import pickle
import re
import shutil
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cache
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any
from unittest import mock

import service.batch
import service.taking
from intake.inbox import remove, scan
from intake.inbox.read import digest_of
from intake.sandbox.readers import Failure, Function, Readers
from service.company import open_service
from service.files.reads import keep_and_read
from service.retaking import retake
from service.taking import take_everything
from service.upkeep.backups import back_up
from service.upkeep.keeping import restore
from tests.arrivals.clock import SECOND, Clock
from tests.arrivals.folders import HALF, Folders, Place, beside, kind, lock
from tests.arrivals.model import ASIDE, INCOMPLETE, SETTLE
from tests.arrivals.script import CUSTOMER, PICTURE, REPORT, Step
from tests.company import Company, a_company, customer, report
from tests.hostile import jpeg
from tests.simulator.play import written

DAY, DUE = "2026-11-24", "2026-11-24 20:00"
#: Half a second less than the model's whole ones: no look falls on the very moment.
CONFIG = {
    "settle_seconds = ": f"settle_seconds = {SETTLE - 0.5}",
    "incomplete_seconds = ": f"incomplete_seconds = {INCOMPLETE - 0.5}",
}
PRIVATE = re.compile(r"\.kebu-taken-([0-9a-f]{16})-(.*)")


class Killed(BaseException):
    """The service is no more."""


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


@cache
def data(content: str) -> bytes:
    """The bytes of a content: workbooks of one form are equally long."""
    if content.endswith(HALF):  # workbooks of one form begin alike
        whole = data(content.replace(HALF, "1"))
        return whole[: len(whole) // 2]
    what, number = content[:2], int(content[2:] or 0)
    if what == PICTURE:
        return jpeg(f"#{number * 40503 % 2**24:06x}")
    if what == REPORT:
        said = report(DAY, 今日工作总结=f"{DAY} 拜访宏远电子，第{number:04d}次确认二期四十台；跟进华新报价。")
        return _stored(written("销售日报", [dict(said)]))
    if what == CUSTOMER:
        name = f"深圳市第{number:04d}电子有限公司"
        return _stored(written("客户新增", [dict(customer(name, 门头照片=f"{PICTURE}.jpg"))]))
    return content.encode()


def _stored(packed: bytes) -> bytes:
    """The same workbook, with nothing squeezed."""
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(packed)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as target:
        for name in source.namelist():
            target.writestr(zipfile.ZipInfo(name), source.read(name))
    return out.getvalue()


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
            with self.clock.given(), self._holding(), _interrupted(how, happens, self._in_order):
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

    def _in_order(self, drops: list[scan.Drop]) -> None:
        top = self.co.share
        self.order = [self._place(drop.path.relative_to(top)) for drop in drops]

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

    @contextmanager
    def _holding(self) -> Iterator[None]:
        """The system refuses the service what others' programs stand in the way of."""
        opened, renamed, unlinked = os.open, os.rename, os.unlink

        def refuse(path: Any, folder: int | None, *kinds: str) -> None:
            if self.owner_at_work or not self.held:
                return
            try:
                inode = os.stat(path, dir_fd=folder, follow_symlinks=False).st_ino
            except OSError:
                return
            if self.held.get(inode) in kinds:
                raise PermissionError(errno.EACCES, "held", str(path))

        def opening(path: Any, flags: int, mode: int = 0o777, *, dir_fd: int | None = None) -> int:
            refuse(path, dir_fd, "locked")
            return opened(path, flags, mode, dir_fd=dir_fd)

        def renaming(path: Any, to: Any, *, src_dir_fd: int | None = None, dst_dir_fd: int | None = None) -> None:
            refuse(path, src_dir_fd, "locked", "pinned")
            renamed(path, to, src_dir_fd=src_dir_fd, dst_dir_fd=dst_dir_fd)

        def unlinking(path: Any, *, dir_fd: int | None = None) -> None:
            refuse(path, dir_fd, "locked", "pinned")
            unlinked(path, dir_fd=dir_fd)

        with ExitStack() as patched:
            for name, wrapped in (("open", opening), ("rename", renaming), ("unlink", unlinking)):
                patched.enter_context(mock.patch.object(os, name, wrapped))
            yield


@contextmanager
def _interrupted(how: str, happens: Callable[[], None], in_order: Callable[[list[scan.Drop]], None]) -> Iterator[None]:
    """The round of the real service, with somebody coming between."""
    keep, take, digest = keep_and_read, service.batch.take_read, digest_of
    remove_all, rename, dead = scan.Inbox.remove_all, os.rename, list[str]()

    def kept(*given: Any) -> Any:
        if how == "scanned":
            happens()
        return keep(*given)

    def read(*given: Any) -> None:
        if how == "kept":
            happens()
        take(*given)

    def removed(inbox: scan.Inbox, drops: Any) -> Any:
        if how == "committed":
            happens()
        in_order(list(drops))
        with mock.patch.object(remove, "digest_of", aside), mock.patch.object(os, "rename", alive):
            return remove_all(inbox, drops)

    def aside(descriptor: int) -> Any:
        if how == "aside" and not dead:
            dead.append("once")
            try:
                happens()
            except Killed:
                dead.append("killed")
                raise
        return digest(descriptor)

    def alive(*given: Any, **more: Any) -> None:
        if "killed" in dead:
            raise Killed
        rename(*given, **more)

    with ExitStack() as patched:
        patched.enter_context(mock.patch.object(service.taking, "keep_and_read", kept))
        patched.enter_context(mock.patch.object(service.batch, "take_read", read))
        patched.enter_context(mock.patch.object(scan.Inbox, "remove_all", removed))
        patched.enter_context(mock.patch.object(scan, "REMOVERS", 1))
        yield


def _with_readers(co: Company) -> Company:
    co.service = replace(co.service, readers=Here())
    return co


@contextmanager
def staged(folder: Path, begins: int) -> Iterator[Stage]:
    """A company so many seconds before a report is due."""
    co = _with_readers(a_company(folder / "company", config=CONFIG))
    due = int(co.clock(DUE).timestamp())
    try:
        yield (made := Stage(co, Clock(folder / "probe", due - begins)))
        made.co.service.book.close()
    finally:
        shutil.rmtree(folder / "company", ignore_errors=True)
