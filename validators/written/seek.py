"""How one value is looked for: among the places that a label names first, then anywhere on the pages."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from ledger.records import Photo
from ledger.written import Line
from validators.written.lines import behind, plain
from validators.written.point import Match, Point, Spot

SURE = 0.85  #: a reader that is less sure of a line contradicts nobody

T = TypeVar("T")


@dataclass(frozen=True)
class SeenValue(Generic[T]):
    """A value on a picture."""

    value: T
    shown: str
    spot: Spot


def labelled(photos: Sequence[Photo], label: re.Pattern[str]) -> Iterator[tuple[str, Spot]]:
    """What stands behind *label* on any of the pictures, and where."""
    for photo in photos:
        if photo.words is not None:
            yield from ((value.text, Spot(photo, value.line)) for value in behind(photo.words, label))


def everywhere(photos: Sequence[Photo]) -> Iterator[tuple[str, Spot]]:
    """Every line of every picture."""
    for photo in photos:
        for line in photo.words.lines if photo.words else ():
            yield plain(line.text), Spot(photo, line)


def values(
    texts: Iterable[tuple[str, Spot]], read: Callable[[str], Iterable[T]], show: Callable[[T], str]
) -> list[SeenValue[T]]:
    """What *read* makes of each text."""
    return [SeenValue(value, show(value), spot) for text, spot in texts for value in read(text)]


def compared(what: str, wanted: T, shown: str, named: Sequence[SeenValue[T]], others: Sequence[SeenValue[T]]) -> Point:
    """The point of a value: *named* are those behind its label, *others* all that stand on the pages.

    What a label names decides; without it the value may stand anywhere.  What was read unsurely contradicts nobody.
    """
    for seen in (*named, *(() if _sure(named) else others)):
        if seen.value == wanted:
            return Point(what, Match.SAME, seen.shown, shown, seen.spot)
    surest = _sure(named)
    if surest:
        return Point(what, Match.OTHER, surest[0].shown, shown, surest[0].spot)
    first = next(iter(named), None)
    return Point(what, Match.UNREAD, first.shown if first else "", shown, first.spot if first else None)


def _sure(named: Sequence[SeenValue[T]]) -> list[SeenValue[T]]:
    return [seen for seen in named if is_sure(seen.spot.line)]


def is_sure(line: Line) -> bool:
    """Whether what a line says may be held against somebody."""
    return line.sure >= SURE
