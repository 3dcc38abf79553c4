"""A shop front: whether the customer's name, or its core, stands on the sign (客户拜访 5.2(4), 客户新增 3)."""

from __future__ import annotations

from collections.abc import Sequence

from ledger.records import Photo
from validators.written.names import contains, cores
from validators.written.point import Match, Point, Spot
from validators.written.seek import everywhere

SIGN = "招牌"
_SHOWN = 3  #: lines of a sign that are told when the name is not among them


def points(names: Sequence[str], photos: Sequence[Photo]) -> tuple[Point, ...]:
    """What of the customer's names stands on the pictures.  A sign with another name contradicts nobody: it may be a brand."""
    if not any(photo.words and not photo.words.trouble for photo in photos):
        return ()
    lines = list(everywhere(photos))
    for wanted in (*names, *(core for name in names for core in cores(name))):
        for text, spot in lines:
            if contains(text, wanted):
                return (Point(SIGN, Match.SAME, f"有“{wanted}”", names[0], spot),)
    return (Point(SIGN, Match.UNREAD, _largest(lines), names[0]),)


def _largest(lines: Sequence[tuple[str, Spot]]) -> str:
    """The words in the largest letters."""
    large = sorted(lines, key=lambda each: -each[1].line.height)[:_SHOWN]
    return "、".join(f"“{text}”" for text, _spot in large)
