"""Readers on this machine: a pool of children of this process.

The other end of the pipe is :mod:`intake.sandbox.child`.
"""

from __future__ import annotations

import logging
import pickle
import threading
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from queue import LifoQueue
from typing import TYPE_CHECKING, Any

from intake.sandbox.child import Failure, Limits
from intake.sandbox.readers import Function, Readers

if TYPE_CHECKING:
    from intake.sandbox.worker import Worker

log = logging.getLogger("kebu")

CALLS_PER_WORKER = 500  # libraries leak a little; a fresh process is cheap
WORKERS = 2


@dataclass(frozen=True)
class _Call:
    """A function and its arguments, each pickled: the child loads the function before its memory is limited."""

    function: bytes
    arguments: bytes


def _loaded(_function: Function) -> None:
    """Called in a worker, which has loaded the function to be told of it."""


class LocalReaders(Readers):
    """A pool of worker processes, started when first needed."""

    def __init__(self, limits: Limits, workers: int = WORKERS) -> None:
        self._limits = limits
        self._workers = workers
        self._threads = ThreadPoolExecutor(workers, thread_name_prefix="readers")
        self._idle: LifoQueue[Worker | None] = LifoQueue()  # who is there already is asked before another is started
        self._alive: set[Worker] = set()
        self._lock = threading.Lock()
        self._closed = False
        for _ in range(workers):
            self._idle.put(None)

    @property
    def side_by_side(self) -> int:
        """See :class:`Readers`."""
        return self._workers

    def ask(self, function: Function, *arguments: Any) -> Future[Any | Failure]:
        """See :class:`Readers`."""
        return self._threads.submit(self._answer, pickle.dumps(function), arguments)

    def expect(self, function: Function, workers: int = 1) -> None:
        """See :class:`Readers`: they are started for it."""
        for _ in range(0 if self._closed else min(workers, self._workers)):
            self._threads.submit(self._answer, pickle.dumps(partial(_loaded, function)), ())

    def within(self, limits: Limits) -> LocalReaders:
        """See :class:`Readers`."""
        return LocalReaders(limits, self._workers)

    def close(self) -> None:
        """See :class:`Readers`."""
        with self._lock:
            self._closed = True
            doomed = list(self._alive)
        for worker in doomed:
            worker.kill()
        self._threads.shutdown(wait=True, cancel_futures=True)
        for worker in doomed:
            worker.close()
        self._alive.clear()

    def _answer(self, function: bytes, arguments: tuple[Any, ...]) -> Any | Failure:
        try:
            call = _Call(function, pickle.dumps(arguments, protocol=pickle.HIGHEST_PROTOCOL))
        except Exception as error:
            return Failure("error", type(error).__name__)
        answer = self._once(call)
        if isinstance(answer, Failure) and answer.kind == "crash" and not self._closed:
            log.warning(
                "a reader died, asked again: %s", answer.detail
            )  # somebody ended it, or the file: a second tells
            answer = self._once(call)
        return answer

    def _once(self, call: _Call) -> Any | Failure:
        worker = self._there(self._idle.get())
        try:
            worker = worker or self._started()
            return worker.ask(call.function, call.arguments)
        except OSError as error:
            return Failure("crash", f"no reader: {type(error).__name__}")
        finally:
            self._idle.put(self._kept(worker))

    def _there(self, worker: Worker | None) -> Worker | None:
        """The worker, unless somebody has ended it since its last call: a kernel that is short of memory, an operator."""
        if worker is not None and not worker.is_there():
            worker.healthy = False
            return self._kept(worker)
        return worker

    def _started(self) -> Worker:
        with self._lock:
            if self._closed:
                raise ConnectionAbortedError
            from intake.sandbox.worker import Worker  # most commands read nothing

            worker = Worker(self._limits)
            self._alive.add(worker)
            return worker

    def _kept(self, worker: Worker | None) -> Worker | None:
        """The worker, if it can serve again; otherwise None, and the next call starts another."""
        if worker is None or (worker.healthy and worker.calls < CALLS_PER_WORKER):
            return worker
        with self._lock:
            self._alive.discard(worker)
        with suppress(OSError):
            worker.close()
        return None
