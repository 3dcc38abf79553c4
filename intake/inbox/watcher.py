"""Hints for ``watch``: something changed in a drop folder, look now rather than later.

Nothing depends on a hint: scans find everything.  So the watcher may lose events, but must not stay dead: its loop
calls :meth:`Watcher.heal` every few seconds, and a vanished root, a dead thread or lost events make it start afresh.
"""

from __future__ import annotations

import errno
import logging
import os
import stat
import threading
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from watchdog.events import (
    DirCreatedEvent,
    DirMovedEvent,
    FileClosedEvent,
    FileCreatedEvent,
    FileModifiedEvent,
    FileMovedEvent,
    FileSystemEvent,
    FileSystemEventHandler,
)
from watchdog.observers import Observer
from watchdog.observers.api import BaseObserver
from watchdog.observers.polling import PollingObserverVFS

from intake.inbox.ignore import ignored_file
from intake.inbox.mount import needs_polling
from intake.inbox.remove import PREFIX

log = logging.getLogger(__name__)
# A folder that appears together with its subfolders is registered twice; watchdog says so at length, to no use.
warnings.filterwarnings("ignore", message="Callback with id .* already exists", category=RuntimeWarning)

#: What may bring a file.  Opening and closing for reading are left out: our own scans would wake us for ever.
NEWS: tuple[type[FileSystemEvent], ...] = (
    FileCreatedEvent, FileModifiedEvent, FileClosedEvent, FileMovedEvent, DirCreatedEvent, DirMovedEvent,
)  # fmt: skip
NO_MORE_WATCHES = (errno.ENOSPC, errno.EMFILE, errno.ENFILE)
JOIN_SECONDS = 5.0  #: a thread that hangs in a dead network share is left behind

Poll = Literal["auto", "on", "off"]


class Watcher:
    """Sets *wake* when something comes into a drop folder below *share*."""

    def __init__(
        self,
        share: Path,
        *,
        poll: Poll,
        wake: threading.Event,
        drop_name: str | None = None,
        poll_seconds: float = 2.0,
    ) -> None:
        self._share = share
        self._poll: Poll = poll
        self._poll_seconds = poll_seconds
        self._hint = _Hint(share, drop_name, wake)
        self._wake = wake
        self._observer: BaseObserver | None = None
        self._polling = False
        self._root: tuple[int, int] | None = None
        self._complaints = _Complaints()
        self._said = ""

    def start(self) -> None:
        """Begin; a share that is not there yet is waited for by :meth:`heal`."""
        logging.getLogger("watchdog").addHandler(self._complaints)
        self.heal()

    def stop(self) -> None:
        """End all threads."""
        logging.getLogger("watchdog").removeHandler(self._complaints)
        self._drop_observer()

    def heal(self) -> bool:
        """Start afresh if anything is wrong, and have everything scanned then; answers whether hints come now."""
        root = _identity(self._share)
        if root is None:
            self._drop_observer()
            return False
        if root == self._root and self._alive() and not self._complaints.heard.is_set():
            return True
        self._drop_observer()
        self._complaints.heard.clear()
        try:
            self._observe()
        except OSError as error:
            if str(error) != self._said:  # once, not every few seconds
                log.warning("cannot watch %s: %s", self._share, error)
            self._said = str(error)
            self._drop_observer()
            return False
        self._root, self._said = root, ""
        self._wake.set()  # whatever came while nobody was watching
        return True

    def state(self) -> str:
        """One word for ``status``."""
        if self._observer is None or _identity(self._share) is None:
            return "目录不可达"
        return "轮询" if self._polling else "事件监视"

    def _observe(self) -> None:
        self._polling = self._poll == "on" or (self._poll == "auto" and needs_polling(self._share))
        if not self._polling:
            try:
                self._run(Observer())
                _ask_for_one_more(self._share)
                return
            except OSError as error:
                if error.errno not in NO_MORE_WATCHES:
                    raise
                log.warning("the system allows no more watches (%s): polling instead", error)
                self._drop_observer()
            self._polling = True
        self._run(PollingObserverVFS(os.lstat, self._hint.listing, polling_interval=self._poll_seconds))

    def _run(self, observer: BaseObserver) -> None:
        self._observer = observer
        observer.schedule(self._hint, str(self._share), recursive=True, event_filter=list(NEWS))
        observer.start()

    def _alive(self) -> bool:
        observer = self._observer
        if observer is None or not observer.is_alive() or not observer.emitters:
            return False
        # The reader of the inotify descriptor is a thread of its own in newer versions of watchdog.
        reader = getattr(observer, "_inotify_fd", None)
        threads = [*observer.emitters, *([reader] if isinstance(reader, threading.Thread) else [])]
        return all(thread.is_alive() for thread in threads)

    def _drop_observer(self) -> None:
        observer, self._observer, self._root = self._observer, None, None
        if observer is None:
            return
        try:
            observer.stop()
            if observer.is_alive():
                observer.join(JOIN_SECONDS)
        except (OSError, RuntimeError) as error:  # half-started, or its folder is gone
            log.debug("while stopping the watcher: %s", error)


class _Hint(FileSystemEventHandler):
    """Wakes the loop for events that may bring a file into a drop folder."""

    def __init__(self, share: Path, drop_name: str | None, wake: threading.Event) -> None:
        self._share = share
        self._drop_name = drop_name
        self._wake = wake

    def on_any_event(self, event: FileSystemEvent) -> None:
        if isinstance(event, NEWS) and self.concerns(Path(os.fsdecode(event.dest_path or event.src_path))):
            self._wake.set()

    def concerns(self, path: Path) -> bool:
        """Whether a file or folder that came to *path* may be, or hold, something dropped."""
        if ignored_file(path.name) or path.name.startswith(PREFIX):  # our own stepping aside is no news
            return False
        parts = path.relative_to(self._share).parts if path.is_relative_to(self._share) else ()
        return self._drop_name is None or len(parts) < 2 or parts[1] == self._drop_name

    def listing(self, folder: str | None) -> Iterator[os.DirEntry[str]]:
        """Names for polling, without the pick-up folders: they grow, and only we write there."""
        place = Path(folder or self._share)
        with os.scandir(place) as entries:
            yield from [entry for entry in entries if place == self._share or self.concerns(place / entry.name)]


class _Complaints(logging.Handler):
    """Watchdog only logs that events were lost: whatever it warns of is a reason to start afresh."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.heard = threading.Event()

    def emit(self, record: logging.LogRecord) -> None:
        self.heard.set()


def _ask_for_one_more(share: Path) -> None:
    """Raise OSError if the system's watches are used up.

    Watchdog does not tell when it could not watch a subfolder; but then it could not watch one more, either.
    """
    probe = Observer()
    try:
        probe.schedule(FileSystemEventHandler(), str(share), recursive=False)
        probe.start()
    finally:
        probe.stop()


def _identity(share: Path) -> tuple[int, int] | None:
    """Which folder stands at this path now; None if none can be reached."""
    try:
        info = share.stat()
    except OSError:
        return None
    return (info.st_dev, info.st_ino) if stat.S_ISDIR(info.st_mode) else None
