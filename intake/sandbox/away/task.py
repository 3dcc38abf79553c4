"""What a Dask worker runs: a call, answered by the same killable child as at home.

A worker's threads cannot be ended, and a library that loops would hold one for ever: so the file is opened by a
child of the worker, under the limits that came with the call.
"""

from __future__ import annotations

import os
import pickle
import threading
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from disk.luggage import Brought, carried
from intake.sandbox.away.same import this_version
from intake.sandbox.child import Failure, Limits, SealedFunction
from intake.sandbox.here import LocalReaders
from intake.sandbox.readers import Function


@dataclass(frozen=True)
class Call:
    """A call on its way, and by whose measure it is to be answered."""

    version: str
    limits: Limits
    function: Function
    arguments: tuple[Any, ...] = field(repr=False)

    def __reduce__(self) -> tuple[Any, ...]:
        """It is answered where it is unpacked: a scheduler passes bytes on, and needs nothing of ours."""
        function = pickle.dumps(partial(carried, self.function))
        return answer, (self.version, self.limits, function, self.arguments)


@dataclass(frozen=True)
class Other:
    """The worker's Kebu is not the caller's: it has not looked at the call."""

    version: str


def answer(version: str, limits: Limits, function: bytes, arguments: tuple[Any, ...]) -> Brought | Failure | Other:
    """The answer to a :class:`Call`.  Raises OSError where this worker can start no reader."""
    if version != this_version():
        return Other(this_version())
    given = _readers(limits).ask(SealedFunction(function), arguments).result()
    if isinstance(given, Failure) and given.detail.startswith("no reader"):
        raise ChildProcessError(given.detail)
    assert isinstance(given, (Brought, Failure))
    return given


_pools: dict[Limits, LocalReaders] = {}
_lock = threading.Lock()


def _readers(limits: Limits) -> LocalReaders:
    """This worker's readers under *limits*; they die with the worker, however it dies."""
    with _lock:
        if limits not in _pools:
            _pools[limits] = LocalReaders(limits, _side_by_side())
        return _pools[limits]


def _side_by_side() -> int:
    from distributed import get_worker

    try:
        return int(get_worker().state.nthreads)
    except ValueError:  # called by no worker
        return os.cpu_count() or 1
