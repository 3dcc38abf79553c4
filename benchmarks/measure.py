"""What a measure is, and how two kinds of work are compared on a machine that others use as well."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median

from benchmarks.process import Ran

Work = Callable[[int], Ran]  #: the number of the round → how its run went; what it prepares is not counted


@dataclass(frozen=True)
class Goal:
    """What is asked of the ratio, or of our own figure where nothing stands beside it.  Less is better."""

    must: float
    aim: float


@dataclass(frozen=True)
class Measure:
    """One line: our figure, that of the work beside it, and what is asked."""

    name: str
    ours: float
    peer: float | None  #: None: nothing stands beside it
    unit: str
    goal: Goal | None = None
    ratio: float | None = None  #: median of the rounds' ratios
    cpu_ratio: float | None = None  #: the same of processor time, which other users of the machine disturb less

    def line(self) -> str:
        """The same for machines."""
        return json.dumps(
            {
                "name": self.name,
                "ours": _rounded(self.ours),
                "peer": _rounded(self.peer),
                "ratio": _rounded(self.ratio),
                "cpu_ratio": _rounded(self.cpu_ratio),
                "goal": self.goal.must if self.goal else None,
                "aim": self.goal.aim if self.goal else None,
                "unit": self.unit,
            },
            ensure_ascii=False,
        )


def _rounded(value: float | None) -> float | None:
    return None if value is None else float(f"{value:.4g}")


def side_by_side(name: str, ours: Work, peer: Work, rounds: int, goal: Goal | None = None) -> Measure:
    """Two kinds of work in turns."""
    (made,) = beside(ours, [(name, peer, goal)], rounds)
    return made


def beside(ours: Work, peers: Sequence[tuple[str, Work, Goal | None]], rounds: int) -> list[Measure]:
    """Our work and that of several others in turns, each first every other time: what disturbs the machine disturbs all."""
    works = [ours, *(work for _name, work, _goal in peers)]
    runs: list[list[Ran]] = [[] for _work in works]
    for n in range(rounds):
        for work, mine in list(zip(works, runs, strict=True))[:: 1 if n % 2 == 0 else -1]:
            mine.append(work(n))
    return [_measure(name, runs[0], theirs, goal) for (name, _work, goal), theirs in zip(peers, runs[1:], strict=True)]


def _measure(name: str, mine: Sequence[Ran], theirs: Sequence[Ran], goal: Goal | None) -> Measure:
    pairs = list(zip(mine, theirs, strict=True))
    return Measure(
        name,
        median(run.seconds for run in mine),
        median(run.seconds for run in theirs),
        "s",
        goal,
        median(a.seconds / b.seconds for a, b in pairs),
        median(a.cpu_seconds / b.cpu_seconds for a, b in pairs),
    )


def compared(name: str, ours: float, peer: float, unit: str, goal: Goal | None = None) -> Measure:
    """Two figures that do not swing with the machine's load, such as memory or counts."""
    return Measure(name, ours, peer, unit, goal, ours / peer)
