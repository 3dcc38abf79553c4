"""A cluster that cannot be reached is left alone for a while, by every process: noted beside the book."""

from __future__ import annotations

import json
import logging
import threading
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from disk.private import opened_private

log = logging.getLogger("kebu")


@dataclass(frozen=True)
class RestNote:
    """Why a cluster is left alone; seconds of the Unix clock."""

    scheduler: str
    words: str  #: Chinese, for the operator
    since: float
    until: float


def noted(path: Path) -> RestNote | None:
    """What was noted last; None if all was well."""
    try:
        return RestNote(**json.loads(path.read_text("utf-8")))
    except (OSError, ValueError, TypeError):
        return None


class Rest:
    """When a scheduler is asked again."""

    def __init__(self, path: Path, scheduler: str, seconds: float) -> None:
        self._path, self._scheduler, self._seconds = path, scheduler, seconds
        self._lock = threading.Lock()
        note = noted(path)
        self._note = note if note and note.scheduler == scheduler else None

    def lasts(self) -> bool:
        """Whether the cluster is to be left alone."""
        note = self._note
        return note is not None and note.until - self._seconds <= time.time() < note.until  # not by a clock set back

    def begin(self, words: str) -> None:
        """Leave it alone from now on; told once, however many calls have come to the same end."""
        with self._lock:
            if self.lasts():
                return
            now = time.time()
            since = self._note.since if self._note else now
            self._note = RestNote(self._scheduler, words, since, now + self._seconds)
            log.warning("workers of %s are not asked for %g s: %s", self._scheduler, self._seconds, words)
            self._write(self._note)

    def end(self) -> None:
        """It answers."""
        with self._lock:
            if self._note is not None:
                log.info("workers of %s are asked again", self._scheduler)
            self._note = None
            self._path.unlink(missing_ok=True)

    def _write(self, note: RestNote) -> None:
        temporary = self._path.with_suffix(".tmp")
        try:
            with opened_private(temporary) as stream:
                stream.write(json.dumps(asdict(note), ensure_ascii=False).encode())
            temporary.replace(self._path)
        except OSError as error:  # the work goes on; the next process will have to find out by itself
            log.warning("cannot write %s: %s", self._path, error.strerror or error)
