"""Readers that may be killed: other people's files are opened only in processes we can afford to lose.

A reader may loop for ever, ask for half a terabyte, or abort; each costs the one file that caused it.
The other end of the pipe is :mod:`intake.sandbox.child`.
"""

from __future__ import annotations

import pickle
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from queue import LifoQueue
from types import TracebackType
from typing import TYPE_CHECKING, Any, TypeAlias

from intake.sandbox.child import Elsewhere, Failure, Limits

if TYPE_CHECKING:
    from intake.sandbox.worker import Worker

__all__ = ["Elsewhere", "Failure", "Function", "Limits", "Readers"]

Function: TypeAlias = Callable[..., Any] | Elsewhere  #: of a module's own level

CALLS_PER_WORKER = 500  # libraries leak a little; a fresh process is cheap


@dataclass(frozen=True)
class _Call:
    """A function and its arguments, each pickled: the child loads the function before its memory is limited."""

    function: bytes
    arguments: bytes


def _loaded(_function: Function) -> None:
    """Called in a worker, which has loaded the function to be told of it."""


class Readers:
    """A pool of worker processes, started when first needed; close it, or use it as a context manager."""

    def __init__(self, limits: Limits, workers: int = 2) -> None:
        self._limits = limits
        self._workers = workers
        self._threads = ThreadPoolExecutor(workers, thread_name_prefix="readers")
        self._idle: LifoQueue[Worker | None] = LifoQueue()  # who is there already is asked before another is started
        self._alive: set[Worker] = set()
        self._lock = threading.Lock()
        self._closed = False
        for _ in range(workers):
            self._idle.put(None)

    def __enter__(self) -> Readers:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self.close()

    def ask(self, function: Function, *arguments: Any) -> Future[Any | Failure]:
        """Call *function* as soon as a worker is free; what comes of it is in the future."""
        return self._threads.submit(self._answer, pickle.dumps(function), arguments)

    def expect(self, function: Function, workers: int = 1) -> None:
        """Have so many *workers* load *function* while the caller is busy with other things; they are started for it."""
        for _ in range(0 if self._closed else min(workers, self._workers)):
            self._threads.submit(self._answer, pickle.dumps(partial(_loaded, function)), ())

    def map(self, function: Function, calls: Iterable[tuple[Any, ...]]) -> Iterator[Any | Failure]:
        """Call *function* with each tuple of arguments, in parallel.

        The results come in the order of the calls; a call that went wrong gives a :class:`Failure`
        and harms no other.  Only a few results are held ready ahead of their use.
        """
        waiting: deque[Future[Any]] = deque()
        try:
            for arguments in calls:
                if len(waiting) > 2 * self._workers:
                    yield waiting.popleft().result()
                waiting.append(self.ask(function, *arguments))
            while waiting:
                yield waiting.popleft().result()
        finally:
            for future in waiting:
                future.cancel()

    def close(self) -> None:
        """Kill the workers; calls still running end as failures.  Safe to call twice."""
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
        worker = self._idle.get()
        try:
            worker = worker or self._started()
            return worker.ask(call.function, call.arguments)
        except OSError as error:
            return Failure("crash", f"no reader: {type(error).__name__}")
        finally:
            self._idle.put(self._kept(worker))

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
