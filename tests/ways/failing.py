"""Readers that fail at one kind of file, as the real ones may: what people are told then has a way out, too."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any

from intake.sandbox.readers import Failure, Readers


@dataclass
class Failing:
    """The real readers, but for *at*."""

    real: Readers
    failure: Failure
    at: Callable[..., Any]  #: the call that gives the failure

    def ask(self, function: Callable[..., Any], *arguments: Any) -> Future[Any]:
        """The failure, where it is asked for."""
        if function is not self.at:
            return self.real.ask(function, *arguments)
        done: Future[Any] = Future()
        done.set_result(self.failure)
        return done

    def __getattr__(self, name: str) -> Any:
        return getattr(self.real, name)
