"""Readers that fail at one kind of file, as the real ones may: what people are told then has a way out, too."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any

from intake.sandbox.readers import Failure, Function, Readers


@dataclass
class Failing:
    """The real readers, but for *at*."""

    real: Readers
    failure: Failure
    at: Function  #: the call that gives the failure

    def ask(self, function: Function, *arguments: Any) -> Future[Any]:
        """The failure, where it is asked for."""
        if function is not self.at:
            return self.real.ask(function, *arguments)
        done: Future[Any] = Future()
        done.set_result(self.failure)
        return done

    def map(self, function: Function, calls: Iterable[tuple[Any, ...]]) -> Iterator[Any]:
        """The same for many."""
        return iter([self.ask(function, *call).result() for call in calls])

    def __getattr__(self, name: str) -> Any:
        return getattr(self.real, name)
