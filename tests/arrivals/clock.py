"""A clock that jumps, and with it the times of real files: the kernel stamps them, only the scale is ours.

Within a step time runs a thousand times slower than outside; between two steps it jumps.  Every order that the kernel
gave stays what it was, and nothing depends on how fast the machine is.
"""

from __future__ import annotations

import os
import time
from bisect import bisect_right
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import SimpleNamespace
from unittest import mock

from intake.inbox import arrival, read, settle
from intake.inbox.read import FileMark

SECOND = 10**9


class Clock:
    """Time as the play has it, in nanoseconds."""

    def __init__(self, probe: Path, start: int) -> None:
        """A play that begins at *start*; *probe* is a file of ours on the file system of the play."""
        self._probe = probe
        probe.touch()
        self._real = [probe.lstat().st_ctime_ns]
        self._virtual = [start * SECOND]
        self.advance(0)

    def advance(self, seconds: int) -> None:
        """Jump ahead; whatever is stamped from now on comes after."""
        last = self._stamped()
        while (now := self._stamped()) <= last:  # the kernel's own clock for files moves in steps
            time.sleep(0.0005)
        self._real.append(now)
        self._virtual.append(self._virtual[-1] + seconds * SECOND)

    def _stamped(self) -> int:
        os.utime(self._probe)
        return self._probe.lstat().st_ctime_ns

    @property
    def second(self) -> int:
        """The second that it is."""
        return self._virtual[-1] // SECOND

    def now(self) -> int:
        """What the clock says."""
        return self.of(time.time_ns())

    def of(self, real: int) -> int:
        """What a time of the file system means; one that lies outside the play was made up by somebody and stays."""
        if not self._real[0] <= real <= time.time_ns() + SECOND:
            return real
        step = bisect_right(self._real, real) - 1
        return self._virtual[step] + min((real - self._real[step]) // 1000, SECOND * 9 // 10)

    @contextmanager
    def given(self) -> Iterator[None]:
        """The intake asks this clock, and sees files' times by it."""

        def mark(_cls: type[FileMark], info: os.stat_result) -> FileMark:
            return FileMark(info.st_size, self.of(info.st_mtime_ns), self.of(info.st_ctime_ns))

        seconds = SimpleNamespace(
            time_ns=self.now,
            time=lambda: self.now() / SECOND,
            monotonic=lambda: self.now() / SECOND,
            sleep=lambda _s: None,
        )
        with ExitStack() as patched:
            patched.enter_context(mock.patch.object(FileMark, "of", classmethod(mark)))
            for module in (arrival, settle, read):
                patched.enter_context(mock.patch.object(module, "time", seconds))
            yield
