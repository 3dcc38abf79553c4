"""Readers on other machines: a call is packed with its files' bytes, answered there, and unpacked here.

What cannot be answered there is answered here, by the same function under the same limits.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

from disk.luggage import Brought, packed, travels, unpacked, weight
from intake.sandbox.away.cluster import Cluster, NoAnswer
from intake.sandbox.away.same import this_version
from intake.sandbox.away.task import Call
from intake.sandbox.child import Failure, Limits
from intake.sandbox.readers import Function, Readers

log = logging.getLogger("kebu")

MOST_CALLS = 64  #: on their way at once, each held by a thread
MOST_BYTES = 256 * 2**20  #: of files on their way; one that is larger goes alone
START_SECONDS = 60.0  #: for a worker to start its reader, and for calls before this one


class DaskReaders(Readers):
    """Those of a cluster, with *here* for what does not travel and for as long as nobody there answers."""

    def __init__(self, here: Readers, cluster: Cluster, limits: Limits, leave: Callable[[], None]) -> None:
        """:param leave: what to do with the cluster at the end."""
        self._here, self._cluster, self._limits, self._leave = here, cluster, limits, leave
        self._threads = ThreadPoolExecutor(MOST_CALLS, thread_name_prefix="away")
        self._road = _Road()

    @property
    def side_by_side(self) -> int:
        """See :class:`Readers`."""
        return max(self._here.side_by_side, min(MOST_CALLS, self._cluster.at_hand()))

    def ask(self, function: Function, *arguments: Any) -> Future[Any | Failure]:
        """See :class:`Readers`."""
        if travels(arguments) and self._cluster.threads():
            return self._threads.submit(self._answer, function, arguments)
        return self._here.ask(function, *arguments)

    def expect(self, function: Function, workers: int = 1) -> None:
        """See :class:`Readers`: the connection is made, or children of this machine are started where nobody answers."""
        if self._cluster.resting():
            self._here.expect(function, workers)
        else:
            threading.Thread(target=self._cluster.threads, daemon=True).start()

    def within(self, limits: Limits) -> DaskReaders:
        """See :class:`Readers`."""
        return DaskReaders(self._here.within(limits), self._cluster, limits, leave=_stay)

    def close(self) -> None:
        """See :class:`Readers`."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        self._leave()
        self._here.close()
        self._threads.shutdown(wait=True)

    def _answer(self, function: Function, arguments: tuple[Any, ...]) -> Any | Failure:
        try:
            answer = self._from_afar(function, arguments)
            if isinstance(answer, Brought):
                return unpacked(arguments, answer)
            if answer.kind != "crash":
                return answer
            log.info("a reader of a worker died, asked again here: %s", answer.detail)  # its machine, or the file
        except OSError as error:  # a file that is gone, a disk that is full: whoever is asked here says it as ever
            log.info("a call was not packed or not unpacked: %s", error.strerror or error)
        except NoAnswer as why:
            log.info("asked here: %s", why)
        return self._here.ask(function, *arguments).result()

    def _from_afar(self, function: Function, arguments: tuple[Any, ...]) -> Brought | Failure:
        with self._road.taken(weight(arguments), 2 * self._cluster.threads()):
            call = Call(this_version(), self._limits, function, packed(arguments))
            return self._cluster.ask(call, self._limits.seconds + START_SECONDS)


def _stay() -> None:
    """The cluster is another's to leave."""


class _Road:
    """How much may be on its way: the memory of this machine is bounded, however many workers there are."""

    def __init__(self) -> None:
        self._free = threading.Condition()
        self._calls = self._bytes = 0

    @contextmanager
    def taken(self, size: int, calls: int) -> Iterator[None]:
        """While this lasts, *size* bytes are on their way in one of at most *calls* calls."""
        with self._free:
            self._free.wait_for(lambda: not self._calls or (self._calls < calls and self._bytes + size <= MOST_BYTES))
            self._calls, self._bytes = self._calls + 1, self._bytes + size
        try:
            yield
        finally:
            with self._free:
                self._calls, self._bytes = self._calls - 1, self._bytes - size
                self._free.notify_all()
