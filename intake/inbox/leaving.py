"""Files that were kept leave their drop folder, each only if it is still exactly what was kept."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from disk.share import NotOurFolder, Share
from intake.inbox.read import FileMark
from intake.inbox.remove import Removal, set_aside, take_away
from intake.inbox.walk import lying

REMOVERS = 2  #: threads that read once more what is to be removed


@dataclass(frozen=True)
class Drop:
    """A file that has settled and may be taken.  Its content is not held, only proved."""

    person: str
    path: Path
    relative: str  #: POSIX path below the person's drop folder, NFC
    size: int
    mtime_ns: int
    ctime_ns: int
    sha256: str
    arrived_at: datetime  #: aware: at the latest, by the file system or by our looks; or the clock of the call
    earliest: datetime | None = None  #: not before; None: exactly then
    known: str = "file"  #: how that is known: file, folder, seen or clock


def drop_places(top: Path, relative: str, sha256: str) -> tuple[Path, Path]:
    """Where a file that was taken lies below its drop folder *top*: under its own name, or aside."""
    aside = set_aside(Path(relative), sha256).as_posix()
    return lying(top, relative), lying(top, aside)


class Leaving:
    """What was kept and is to go from the drop folders below *share*; *forget* hears of each file that is done with."""

    def __init__(self, share: Path, drop_name: str, forget: Callable[[Path], None]) -> None:
        self._share = share
        self._safe = Share(share)
        self._drop_name = drop_name
        self._forget = forget
        self._held: dict[Path, Drop] = {}  # taken, but somebody held the file when it was to be removed

    def held(self, path: Path) -> Drop | None:
        """What was kept of the file at *path*, which could not be removed yet."""
        return self._held.get(path)

    def forget_all_but(self, stays: Callable[[Path], bool]) -> None:
        """Forget files that are gone."""
        self._held = {path: drop for path, drop in self._held.items() if stays(path)}

    def remove(self, drop: Drop) -> bool:
        """Unlink a file that was kept, only if it is still exactly that file.

        True: nothing of it is left in the folder.  False: it was saved again meanwhile and comes as a new drop, or it
        is locked; then every scan tries again by itself, and does not report it as a drop as long as it is unchanged.
        """
        return self._removed(drop, self._take_away(drop))

    def remove_all(self, drops: Sequence[Drop]) -> list[Drop]:
        """The same for many, several at a time; those of which nothing is left, not even after a power cut."""
        with ThreadPoolExecutor(REMOVERS, "remove") as threads:
            removals = list(threads.map(self._take_away, drops))
        self._last_names({drop.path.parent for drop in drops})
        return [drop for drop, removal in zip(drops, removals, strict=True) if self._removed(drop, removal)]

    def _last_names(self, folders: Iterable[Path]) -> None:
        """Make durable which names are left in *folders*: what came back would be taken for a new drop."""
        for folder in folders:
            with (
                suppress(FileNotFoundError, NotOurFolder),
                self._safe.folder(folder.relative_to(self._share).parts) as held,
            ):
                held.sync()

    def _take_away(self, drop: Drop) -> Removal:
        return take_away(self._safe, drop.path, FileMark(drop.size, drop.mtime_ns, drop.ctime_ns), drop.sha256)

    def _removed(self, drop: Drop, removal: Removal) -> bool:
        self._held.pop(drop.path, None)
        if removal is Removal.HELD:
            self._held[drop.path] = drop
        else:
            self._forget(drop.path)
        return removal is Removal.GONE

    def finish(self, drop: Drop) -> bool:
        """Take away what a crash left of a drop that was kept; False while it is held or out of reach.

        Under its own name it must still be what was kept; one that was saved again since then, though it say the
        same, wants its own answer.
        """
        top = self._share / drop.person / self._drop_name
        if not top.is_dir():
            return False
        own, aside = drop_places(top, drop.relative, drop.sha256)
        if os.path.lexists(aside):
            self.remove(replace(drop, path=aside))
        if os.path.lexists(own):  # by size, time and content: stepping aside and back has changed its ctime
            self.remove(replace(drop, path=own))
        return not self._held.keys() & {aside, own}
