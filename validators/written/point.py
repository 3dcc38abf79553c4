"""One thing that a picture may say, beside what the row says."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from ledger.records import Photo
from ledger.written import Line
from policy.form import PICTURES_SAY

MARKS = "marks"  #: in what is kept of a row: content hash → boxes on its pages


class Match(StrEnum):
    """What comes of laying the two side by side."""

    SAME = "一致"
    OTHER = "不一致"
    UNREAD = "没有读到"


@dataclass(frozen=True)
class Spot:
    """A line on a picture."""

    photo: Photo
    line: Line

    @property
    def where(self) -> str:
        """The place in words: which picture, which page, which part of it."""
        left, top, right, bottom = self.line.box
        down = "上部" if top + bottom < 667 else "中部" if top + bottom < 1334 else "下部"
        across = "偏左" if left + right < 667 else "" if left + right < 1334 else "偏右"
        page = f"第 {self.line.page} 页" if self.photo.facts.pages > 1 else ""
        return f"{self.photo.name} {page}{down}{across}"


@dataclass(frozen=True)
class Point:
    """What was looked for, what was found, and where."""

    what: str
    match: Match
    found: str = ""  #: as it stands on the picture
    wanted: str = ""  #: what the row says
    spot: Spot | None = None

    @property
    def words(self) -> str:
        """The point as an approver reads it."""
        said = f"{self.what} {self.match}"
        if self.match is Match.SAME:
            said += f"：{self.found}"
        elif self.match is Match.OTHER:
            said += f"：照片上是 {self.found}" + (f"，表中是 {self.wanted}" if self.wanted else "")
        elif self.found:
            said += f"：只认出 {self.found}"
        return said + (f"（{self.spot.where}）" if self.spot else "")


def differing(points: Sequence[Point]) -> Iterator[dict[str, str]]:
    """What a rule says of the points that do not agree."""
    for point in points:
        if point.match is Match.OTHER and point.spot is not None:
            yield {
                "what": point.what, "found": point.found, "wanted": point.wanted, "where": point.spot.where,
            }  # fmt: skip


def unread(photos: Sequence[Photo]) -> list[str]:
    """What is to be told of pictures on which nothing was read."""
    said = []
    for photo in photos:
        if photo.words is None:
            said.append(f"{photo.name} 没有读")
        elif photo.words.trouble:
            said.append(f"{photo.name} 没有读：{photo.words.trouble}")
    return said


def told(points: Sequence[Point], photos: Sequence[Photo]) -> dict[str, Any]:
    """What is kept of a row beside its pictures; nothing where nobody has looked at any of them."""
    if not any(photo.words for photo in photos):
        return {}
    lines = [*(point.words for point in points), *unread(photos)]
    return {PICTURES_SAY: "\n".join(lines), MARKS: _marks(points)}


def _marks(points: Sequence[Point]) -> dict[str, list[list[Any]]]:
    """Where to draw a box: content hash → [page, left, top, right, bottom, whether it agrees]."""
    marks: dict[str, list[list[Any]]] = {}
    for point in points:
        if point.spot is not None and point.match is not Match.UNREAD:
            line, sha256 = point.spot.line, point.spot.photo.facts.sha256
            box = [line.page, *line.box, int(point.match is Match.SAME)]
            if box not in marks.setdefault(sha256, []):
                marks[sha256].append(box)
    return marks
