"""What each stage of a round costs, in seconds of processor time: undisturbed by whoever else uses the machine.

Readers answer within this very process, so that everything is on one clock; what pipes and a cluster add is measured apart.
"""

from __future__ import annotations

import pickle
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from unittest.mock import patch

from benchmarks.bench import Sizes
from benchmarks.photos import photograph_taken
from benchmarks.rush import hand_in
from benchmarks.stage import NOW, crowd, founded
from intake.sandbox.child import Limits
from intake.sandbox.readers import Function, Readers
from ledger.book import Book
from policy.settings import load_settings
from service import batch, taking
from service.company import open_service
from service.summary import Summary


@dataclass
class Clock:
    """Processor time by stage; a stage inside another is taken off it."""

    spent: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    times: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    _inside: list[float] = field(default_factory=lambda: [0.0])

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Count what happens as *name*."""
        began = time.process_time()
        self._inside.append(0.0)
        try:
            yield
        finally:
            whole = time.process_time() - began
            self.spent[name] += whole - self._inside.pop()
            self._inside[-1] += whole
            self.times[name] += 1

    def around(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """*function*, counted as *name*."""

        def counted(*arguments: Any, **more: Any) -> Any:
            with self.stage(name):
                return function(*arguments, **more)

        return counted


class InThisProcess(Readers):
    """Readers without a process of their own, by whose name their time is counted."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    @property
    def side_by_side(self) -> int:
        """See :class:`Readers`."""
        return 1

    def ask(self, function: Function, *arguments: Any) -> Future[Any]:
        """See :class:`Readers`."""
        done: Future[Any] = Future()
        called = pickle.loads(pickle.dumps(function))  # loads what is elsewhere
        with self._clock.stage(f"reader: {called.__name__}"):
            done.set_result(called(*arguments))
        return done

    def expect(self, function: Function, workers: int = 1) -> None:
        """See :class:`Readers`: nobody has to be started."""

    def within(self, limits: Limits) -> InThisProcess:
        """See :class:`Readers`."""
        return self

    def close(self) -> None:
        """See :class:`Readers`."""


#: What is counted: the module that calls it, its name there, and what it is called here.
_STAGES: tuple[tuple[Any, str, str], ...] = (
    (taking, "keep_and_read", "service: archive, hash, wait"),
    (batch, "take_read", "service: judge, merge"),
    (taking, "deliver", "service: deliver"),
    (Book, "post", "writer: entries, chain, state"),
)


def of_a_round(home: Path) -> tuple[Clock, Summary]:
    """The round of a company whose drop folders are full, stage by stage; the rest is scanning, sheets and housekeeping."""
    clock = Clock()
    service = open_service(load_settings(home / "config.toml"))
    service = replace(service, readers=InThisProcess(clock))
    with service, ExitStack() as patches:
        for owner, name, words in _STAGES:
            patches.enter_context(patch.object(owner, name, clock.around(words, getattr(owner, name))))
        patches.enter_context(patch.object(Book, "transaction", _counted(clock, Book.transaction)))
        with clock.stage("service: scan, remove, sheets"):
            now = NOW.replace(tzinfo=service.zone)
            summary = taking.take_everything(service, now, arrival=now)
    return clock, summary


def _counted(clock: Clock, transaction: Callable[[Book], Any]) -> Callable[[Book], Any]:
    """The commit counts as the writer's, what happens inside as whatever it is."""

    @contextmanager
    def counted(book: Book) -> Iterator[None]:
        inside = transaction(book)
        inside.__enter__()
        try:
            yield
        except BaseException as error:
            if not inside.__exit__(type(error), error, error.__traceback__):
                raise
        else:
            with clock.stage("writer: entries, chain, state"):
                inside.__exit__(None, None, None)

    return counted


def reports(folder: Path, product: Path, n: int) -> Path:
    """A company with *n* daily reports waiting, a workbook each."""
    stage = founded(folder, product, crowd(min(n, 300)))
    hand_in(stage, replace(_NO_SIZES, crowd=min(n, 300), reports=n))
    return stage.home


def photos(folder: Path, product: Path, n: int, megapixels: int) -> Path:
    """A company with *n* photographs waiting."""
    stage = founded(folder, product)
    for seed in range(n):
        stage.drop("张三", f"IMG_{seed:04d}.jpg").write_bytes(photograph_taken(seed, megapixels, NOW))
    return stage.home


_NO_SIZES = Sizes(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0.0)
