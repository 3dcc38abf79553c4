"""Readers that may be killed: other people's files are opened only in processes we can afford to lose.

A reader may loop for ever, ask for half a terabyte, or abort; each costs the one file that caused it.
Where they are is no business of whoever asks: :class:`~intake.sandbox.here.LocalReaders` are children of this process,
:class:`~intake.sandbox.away.readers.DaskReaders` children of workers on other machines.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from types import TracebackType
from typing import Any, Self, TypeAlias

from intake.sandbox.child import Elsewhere, Failure, Limits, SealedFunction

__all__ = ["Elsewhere", "Failure", "Function", "Limits", "Readers"]

Function: TypeAlias = Callable[..., Any] | Elsewhere | SealedFunction  #: of a module's own level


class Readers(ABC):
    """Who answers calls within limits of time and memory; close it, or use it as a context manager."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self.close()

    @property
    @abstractmethod
    def side_by_side(self) -> int:
        """How many calls are answered at once."""

    @abstractmethod
    def ask(self, function: Function, *arguments: Any) -> Future[Any | Failure]:
        """Call *function* as soon as a reader is free; what comes of it is in the future."""

    @abstractmethod
    def expect(self, function: Function, workers: int = 1) -> None:
        """Have so many *workers* ready for *function* while the caller is busy with other things."""

    @abstractmethod
    def within(self, limits: Limits) -> Readers:
        """Others of the same kind, under other *limits*; to be closed before these are."""

    @abstractmethod
    def close(self) -> None:
        """Kill the readers; calls still running end as failures.  Safe to call twice."""

    def map(self, function: Function, calls: Iterable[tuple[Any, ...]]) -> Iterator[Any | Failure]:
        """Call *function* with each tuple of arguments, in parallel.

        The results come in the order of the calls; a call that went wrong gives a :class:`Failure`
        and harms no other.  Only a few results are held ready ahead of their use.
        """
        waiting: deque[Future[Any]] = deque()
        try:
            for arguments in calls:
                if len(waiting) > 2 * self.side_by_side:
                    yield waiting.popleft().result()
                waiting.append(self.ask(function, *arguments))
            while waiting:
                yield waiting.popleft().result()
        finally:
            for future in waiting:
                future.cancel()
