"""When a file may be taken: nobody is writing it any more.

The proof has four parts: two looks saw the same size and times, it has been quiet for long enough, it ends as its
kind of file must end, and two readings gave the same content
(the second may be the one that copies it into the archive).  A slow copy, a pause, a preallocated size and a
server clock that runs wrong each defeat one of them, never all four.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from intake.inbox.read import PAUSES, FileMark, digest, open_plain, patiently
from intake.preflight.sniff import HEAD, ends_whole


@dataclass(frozen=True)
class Settled:
    """A file's state that was proved to be at rest."""

    mark: FileMark
    sha256: str


def has_its_end(path: Path) -> bool:
    """Whether the file ends as its kind must end; never while it is empty or holds only reserved space.

    Raises OSError if it cannot be read.
    """
    with os.fdopen(open_plain(path), "rb") as stream:
        return any(stream.read(HEAD)) and ends_whole(stream)


@dataclass
class _Sample:
    mark: FileMark
    since: float  #: monotonic seconds of the first look that saw this mark
    looks: int = 0
    sha256: str | None = None  #: first reading
    proof: Settled | None = None


class Settler:
    """Remembers what earlier looks saw."""

    def __init__(self, settle_seconds: float, incomplete_seconds: float) -> None:
        self._settle = settle_seconds
        # A file that looks unfinished deserves at least the patience that a finished one gets.
        self._incomplete = max(settle_seconds, incomplete_seconds)
        self._samples: dict[Path, _Sample] = {}

    def look(self, path: Path, pauses: Sequence[float] = PAUSES) -> Settled | None:
        """The proof that the file is at rest, or None while it is still settling.

        Raises OSError if the file is gone, locked or unreadable.
        """
        sample = self._seen(path, FileMark.of(patiently(path.lstat, pauses)))
        if sample.proof:
            return sample.proof
        whole = patiently(partial(has_its_end, path), pauses)
        if self._quiet(sample) >= (self._settle if whole else self._incomplete):
            return self._prove(path, sample, pauses)
        if whole and sample.sha256 is None:
            sample.sha256 = self._read(path, sample, pauses)
        return None

    def soonest(self) -> float | None:
        """Seconds until one of the files may be found at rest, if none changes; None if no such moment is ahead."""
        ahead = [self._settle - self._quiet(each) for each in self._samples.values() if not each.proof]
        return min((seconds for seconds in ahead if seconds > 0), default=None)

    def forget(self, path: Path) -> None:
        """Start afresh with this file: it was removed, or turned out to be another than it seemed."""
        self._samples.pop(path, None)

    def forget_all_but(self, paths: Iterable[Path]) -> None:
        """Drop the memory of files that are no longer there."""
        self._samples = {path: self._samples[path] for path in paths if path in self._samples}

    def known(self) -> tuple[Path, ...]:
        """The files in memory."""
        return tuple(self._samples)

    def doubt(self) -> None:
        """Have the next look read every file again: what was proved a while ago may have changed unseen."""
        for sample in self._samples.values():
            sample.proof = None

    def _seen(self, path: Path, mark: FileMark) -> _Sample:
        sample = self._samples.get(path)
        if sample is None or sample.mark != mark:
            sample = self._samples[path] = _Sample(mark, time.monotonic())
        sample.looks += 1
        return sample

    def _quiet(self, sample: _Sample) -> float:
        """Seconds since the file last changed, by our own clock or, once seen twice, by the file system's."""
        watched = time.monotonic() - sample.since
        if sample.looks == 1 and self._settle > 0:
            return watched
        stamp = max(sample.mark.changed_ns, sample.mark.mtime_ns)
        return max(watched, time.time() - stamp / 1e9)

    def _prove(self, path: Path, sample: _Sample, pauses: Sequence[float]) -> Settled | None:
        """Where it was not read before, the archive's copying is the second reading: it refuses other content."""
        first, sample.sha256 = sample.sha256, self._read(path, sample, pauses)
        if sample.sha256 is None or (first is not None and first != sample.sha256):
            sample.since = time.monotonic()
            return None
        sample.proof = Settled(sample.mark, sample.sha256)
        return sample.proof

    def _read(self, path: Path, sample: _Sample, pauses: Sequence[float]) -> str | None:
        reading = patiently(lambda: digest(path), pauses)
        return reading[0] if reading and reading[1] == sample.mark else None
