"""A rush on more workers than this machine has cores: a discrete simulation from measured costs.

What it takes for granted: the service, the scheduler and each worker have a core of their own and nothing else to do; every call of a
kind costs the same; the network is never full; the disk is as fast as the processor asks. What the code does stands
as it is: batches of a hundred files, each read before any of it is judged and judged before the next is read; then
everything is drawn; at most twice as many calls on their way as there are workers, and never more than 64.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from heapq import heappop, heappush

BATCH, MOST_CALLS = 100, 64


@dataclass(frozen=True)
class Way:
    """Seconds of processor time that a call costs beside its work."""

    out: float  #: of the service, until it is on its way
    home: float  #: of the service, once it is answered
    scheduler: float
    worker: float


@dataclass(frozen=True)
class Item:
    """What one dropped file costs, in seconds."""

    read: float  #: of a reader
    judged: float  #: of the service and its one writer, nothing else running beside it
    drawn: float  #: of a reader, for each file that is drawn
    files: float  #: that are drawn for it
    told: float  #: of the service, for all of them
    read_way: Way
    draw_way: Way


def seconds_for(items: int, item: Item, workers: int) -> float:
    """How long a rush of so many *items* takes, from the first look to the last receipt."""
    now, left = 0.0, items
    while left:
        batch = min(BATCH, left)
        now = _answered(now, batch, item.read, item.read_way, workers) + batch * item.judged
        left -= batch
    files = round(items * item.files)
    return _answered(now, files, item.drawn, item.draw_way, workers) + items * item.told


def _answered(now: float, calls: int, work: float, way: Way, workers: int) -> float:
    """When the last of so many calls is home: the service takes what has come before it sends more."""
    free, homeward = [now] * workers, list[float]()
    scheduler, sent, on_the_way = now, 0, 0
    while sent < calls or on_the_way:
        if homeward and (homeward[0] <= now or sent == calls or on_the_way >= min(MOST_CALLS, 2 * workers)):
            now = max(now, heappop(homeward)) + way.home
            on_the_way -= 1
            continue
        now, sent, on_the_way = now + way.out, sent + 1, on_the_way + 1
        scheduler = max(scheduler, now) + way.scheduler
        end = max(heappop(free), scheduler) + way.worker + work
        heappush(free, end)
        heappush(homeward, end)
    return now


def bends(item: Item) -> dict[str, float]:
    """Items a second that each part could do if the others cost nothing."""
    calls = [(1.0, item.read, item.read_way), (item.files, item.drawn, item.draw_way)]
    costs = {
        "service": item.judged + item.told + _sum(n * (way.out + way.home) for n, _work, way in calls),
        "scheduler": _sum(n * way.scheduler for n, _work, way in calls),
        "each reader": _sum(n * (work + way.worker) for n, work, way in calls),
    }
    return {part: 1 / cost for part, cost in costs.items() if cost}


def _sum(values: Iterable[float]) -> float:
    return sum(values, 0.0)
