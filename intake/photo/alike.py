"""Whether two pictures are one: laid over each other by their points, then looked at where they meet.

Two photographs of one shop share points as well, and lie over each other as long as both show one flat wall from nearly
the same place.  But then light, passers-by and what stands at another depth differ; a crop differs nowhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
from PIL import Image
from PIL.Image import Resampling

from ledger.records import Points

Cells: TypeAlias = npt.NDArray[Any]

FAR_BITS = 34  #: of 128, by which the codes of one point in two pictures may differ
FEWEST = 4  #: points that must lie over each other
LAID_OVER = 5  #: pictures that are laid over another, of all those that share words with it
USED = 64  #: the best pairs of points; more tell nothing new
APART = 40  #: pixels between two points that say how pictures lie; nearer ones say it badly
CLOSE = 3.0  #: pixels by which a point may miss its counterpart
LARGEST = 3.4  #: how many times larger one may show what the other shows
BLOCK = 12  #: pixels of the squares in which the small copies are compared
FLAT = 4.0  #: light that changes less than this within a square says nothing
MOST_BLOCKS = 0.7  #: of a square that must be seen in both
LEAST_BLOCKS = 5
SAME = 0.93  #: how well one picture agrees with itself, on the whole (as correlation)
SAME_BLOCKS = 0.72  #: and in all but the worst quarter of its squares


@dataclass(frozen=True)
class Likeness:
    """How two pictures agree where they meet."""

    points: int  #: that lie over each other
    whole: float = -1.0  #: correlation of what both show
    blocks: float = -1.0  #: that of all squares but the worst quarter is higher

    @property
    def one(self) -> bool:
        """Whether it is one picture, cropped, turned, made smaller or taken off a screen."""
        return self.points >= FEWEST and self.whole >= SAME and self.blocks >= SAME_BLOCKS


@dataclass(frozen=True)
class _Move:
    """The way from a place in one picture to the same in the other: turned and enlarged, then shifted (complex)."""

    turn: complex
    shift: complex

    def back(self) -> _Move:
        return _Move(1 / self.turn, -self.shift / self.turn)


def again(one: Points, others: Iterable[tuple[str, Points]]) -> list[str]:
    """The names of those among *others* that are the same picture as *one*: the nearest by their codes are laid over it."""
    named = dict(others)
    return sorted(name for name in _nearest(one, named) if likeness(named[name], one).one)


def _nearest(one: Points, others: Mapping[str, Points]) -> list[str]:
    """The names of those in which most points of *one* have a near one, the nearest first."""
    if not others:
        return []
    ours, codes = _codes(one), [_codes(each) for each in others.values()]
    begins = np.cumsum([0, *(len(each) for each in codes[:-1])])
    theirs = np.concatenate(codes)
    away = np.bitwise_count(ours[:, :1] ^ theirs[:, 0]) + np.bitwise_count(ours[:, 1:] ^ theirs[:, 1])
    near = (np.minimum.reduceat(away, begins, axis=1) <= FAR_BITS).sum(axis=0)
    names = list(others)
    return [names[at] for at in np.argsort(-near, kind="stable")[:LAID_OVER]]


def likeness(one: Points, other: Points) -> Likeness:
    """How two pictures agree; nothing is known of them but what is kept."""
    here, there = _pairs(one, other)
    if len(here) < FEWEST:
        return Likeness(len(here))
    found = _laid_over(here, there)
    if found is None:
        return Likeness(0)
    move, meeting = found
    if meeting < FEWEST:
        return Likeness(meeting)
    if abs(move.turn) > 1:  # the other one shows it larger
        return Likeness(meeting, *_agreement(other, one, move))
    return Likeness(meeting, *_agreement(one, other, move.back()))


def _pairs(one: Points, other: Points) -> tuple[Cells, Cells]:
    """Places of points that are each other's nearest by their codes, the surest first."""
    ours, theirs = _codes(one), _codes(other)
    away = np.bitwise_count(ours[:, None] ^ theirs[None]).sum(axis=2, dtype=np.int16)
    nearest = away.argmin(axis=1)
    bits = away[np.arange(len(ours)), nearest]
    sure = (bits <= FAR_BITS) & (away.argmin(axis=0)[nearest] == np.arange(len(ours)))
    order = np.argsort(bits[sure], kind="stable")[:USED]
    return _places(one)[sure][order], _places(other)[nearest[sure]][order]


def _codes(points: Points) -> Cells:
    return np.frombuffer(points.codes, dtype=np.uint64).reshape(-1, 2)


def _places(points: Points) -> Cells:
    raw = np.frombuffer(points.places, dtype="<u2").reshape(-1, 4).astype(np.float64)
    return raw[:, 0] + 1j * raw[:, 1]


def _laid_over(here: Cells, there: Cells) -> tuple[_Move, int] | None:
    """The move on which most pairs agree, and how many do: every two pairs propose one."""
    first, second = np.triu_indices(len(here), 1)
    along, beside = here[second] - here[first], there[second] - there[first]
    far = np.minimum(np.abs(along), np.abs(beside)) * LARGEST > APART
    first, turn = first[far], beside[far] / along[far]
    sound = (np.abs(turn) < LARGEST) & (np.abs(turn) > 1 / LARGEST)
    first, turn = first[sound], turn[sound]
    if not len(first):
        return None
    shift = there[first] - turn * here[first]
    met = _misses(here, there, turn[:, None], shift[:, None]) <= CLOSE
    best = met.sum(axis=1).argmax()
    return _settled(here, there, met[best])


def _misses(here: Cells, there: Cells, turn: Any, shift: Any) -> Cells:
    """By how much each point misses its counterpart, in pixels of the picture that shows it smaller."""
    misses: Cells = np.abs(turn * here + shift - there) / np.maximum(np.abs(turn), 1)
    return misses


def _settled(here: Cells, there: Cells, met: Cells) -> tuple[_Move, int] | None:
    """The move that fits all pairs that agree best, and how many those are in the end."""
    turn, shift = 1 + 0j, 0j
    for closer in (1.0, 1.5):
        ours, theirs = here[met], there[met]
        if len(ours) < 2:
            return None
        middle, their_middle = ours.mean(), theirs.mean()
        spread = (np.abs(ours - middle) ** 2).sum()
        if spread < 1:
            return None
        turn = complex(((theirs - their_middle) * np.conj(ours - middle)).sum() / spread)
        shift = complex(their_middle - turn * middle)
        met = _misses(here, there, turn, shift) <= CLOSE / closer
    return (_Move(turn, shift), int(met.sum())) if turn else None


def _agreement(large: Points, small: Points, to_large: _Move) -> tuple[float, float]:
    """How the small copies agree where both show something; *large* is the one that shows it larger."""
    coarse = Image.open(BytesIO(small.thumb))
    pixel = small.width / coarse.width  # of the coarse copy, in places of its points
    wanted = large.width / (pixel * abs(to_large.turn))
    fine = Image.open(BytesIO(large.thumb))
    size = (max(round(wanted), 2), max(round(wanted * fine.height / fine.width), 2))
    shrunk = np.asarray(fine.resize(size, Resampling.BILINEAR), dtype=np.float32)
    theirs = np.asarray(coarse, dtype=np.float32)
    ours, seen = _looked_up(shrunk, theirs.shape, small, large, to_large)
    if seen.sum() < BLOCK * BLOCK:
        return -1.0, -1.0
    return _correlated(ours[seen], theirs[seen], 1e-6), _blocks(ours, theirs, seen)


def _looked_up(fine: Cells, shape: tuple[int, ...], small: Points, large: Points, move: _Move) -> tuple[Cells, Cells]:
    """What *fine* shows at every pixel of the other's small copy, and where it shows anything."""
    y, x = np.mgrid[0 : shape[0], 0 : shape[1]] + 0.5
    places = move.turn * (x * small.width / shape[1] + 1j * y * small.height / shape[0]) + move.shift
    column = places.real * fine.shape[1] / large.width - 0.5
    row = places.imag * fine.shape[0] / large.height - 0.5
    seen = (column >= 0) & (row >= 0) & (column < fine.shape[1] - 1) & (row < fine.shape[0] - 1)
    column, row = np.where(seen, column, 0), np.where(seen, row, 0)
    left, top = column.astype(np.intp), row.astype(np.intp)
    across, down = column - left, row - top
    above = fine[top, left] * (1 - across) + fine[top, left + 1] * across
    below = fine[top + 1, left] * (1 - across) + fine[top + 1, left + 1] * across
    return above * (1 - down) + below * down, seen


def _blocks(ours: Cells, theirs: Cells, seen: Cells) -> float:
    """The correlation that three quarters of the squares reach; -1 where too few squares say anything."""
    found = []
    for top in range(0, seen.shape[0] - BLOCK + 1, BLOCK):
        for left in range(0, seen.shape[1] - BLOCK + 1, BLOCK):
            square = np.s_[top : top + BLOCK, left : left + BLOCK]
            inside = seen[square]
            if inside.mean() < MOST_BLOCKS:
                continue
            mine, other = ours[square][inside], theirs[square][inside]
            if max(mine.std(), other.std()) >= FLAT:
                found.append(_correlated(mine, other, 6.0))
    return float(np.quantile(found, 0.25)) if len(found) >= LEAST_BLOCKS else -1.0


def _correlated(one: Cells, other: Cells, faint: float) -> float:
    one, other = one - one.mean(), other - other.mean()
    return float((one * other).mean() / (one.std() * other.std() + faint))
