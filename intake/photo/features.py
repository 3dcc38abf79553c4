"""What finds a picture again after it was cropped, turned or taken off a screen: its points, and what they look like.

Corners are looked for in several sizes of the picture; each gets the direction of its surroundings and a code of 128 bits
that says how light changes around it.  Cropping takes points away, turning and enlarging move all of them alike: that is
what :mod:`intake.photo.alike` looks for.  The same pixels must give the same points for years: nothing here depends on
chance, or on how a library draws its random numbers.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
from PIL import Image
from PIL.Image import Resampling

from ledger.records import Points

Plane: TypeAlias = npt.NDArray[np.float32]
Cells: TypeAlias = npt.NDArray[Any]

SIDE = 448  #: pixels of the long side in which points are looked for
STEP = 1.25  #: from one size to the next smaller one
SIZES = 6  #: a picture that fills a third of a screen is still found
MOST = 160  #: points of a picture
GRID = (8, 6)  #: each part of the picture has its share of them: what a crop leaves must still be known
SHARE = 10  #: most points of one part
BORDER = 14  #: as far as a point's surroundings reach
FAINT = 4.0  #: corners weaker than this are noise
BARE = 1.0  #: levels of light: a line that varies less is none of a camera's
SHOWN = 0.15  #: of a screen that a photograph on it fills at least
THUMB = 128  #: pixels of the long side of the copy that is laid over another picture
LEAST = 12  #: fewer points say nothing about a picture
CODE = 128  #: bits of what a point looks like
#: what surroundings look like on an average, in thousandths: measured on 30 photographs of 20 cameras
USUAL = bytes.fromhex(
    "171b232724181412141a28445b38201518171e32564e2e1c1a141417222f291e20242f2d2b221f1d1a2847649789381c"
    "2c282f607574673e272421232a2f382b221e1f222c2d2d241b1e3a87976645272c4063717a612d26242833302d232323"
    "181214192429221c16161f395c46281b191e2d4e58331d15181f292f24181313"
)
TURN = 10_000  #: an angle is kept in parts of a radian
SCALE = 64  #: a point's size is kept in these parts


@dataclass(frozen=True)
class _Size:
    """A picture in one of its sizes, and the corners in it."""

    by: tuple[float, float]  #: how much smaller it is than the picture, across and down
    light: Plane
    across: Plane  #: how light changes from column to column
    down: Plane
    x: Cells
    y: Cells
    strength: Cells


def points(grey: Image.Image) -> Points | None:
    """The points of an upright grey picture; None where there are too few to know it by."""
    grey = _without_bars(grey)
    picture = _fitted(grey, SIDE)
    sizes = [size for n in range(SIZES) if (size := _of_size(picture, STEP**n)) is not None]
    chosen = _spread(sizes, picture.size) if sizes else ()
    if sum(map(len, chosen)) < LEAST:
        return None
    places, codes = zip(*(_described(size, at) for size, at in zip(sizes, chosen, strict=True)), strict=True)
    return Points(*picture.size, np.concatenate(places).tobytes(), np.concatenate(codes).tobytes(), _thumb(grey))


def _without_bars(grey: Image.Image) -> Image.Image:
    """The picture without what is of one light from side to side: a screen shows a photograph between bars."""
    light = np.asarray(grey)
    top, bottom = _longest(light.std(axis=1) > BARE)
    left, right = _longest(light[top:bottom].std(axis=0) > BARE) if bottom > top else (0, 0)
    small = (right - left) * (bottom - top) < SHOWN * light.size
    return grey if small else grey.crop((left, top, right, bottom))


def _longest(busy: Cells) -> tuple[int, int]:
    """Where the longest run of lines begins and ends on which there is something to be seen."""
    steps = np.flatnonzero(np.diff(np.concatenate([[False], busy, [False]])))
    if not len(steps):
        return 0, 0
    best = int((steps[1::2] - steps[::2]).argmax())
    return int(steps[2 * best]), int(steps[2 * best + 1])


def _fitted(grey: Image.Image, side: int) -> Image.Image:
    factor = min(1.0, side / max(grey.size))
    size = (max(round(grey.width * factor), 1), max(round(grey.height * factor), 1))
    return grey if size == grey.size else grey.resize(size, Resampling.BICUBIC, reducing_gap=2.0)


def _thumb(grey: Image.Image) -> bytes:
    stream = BytesIO()
    _fitted(grey, THUMB).save(stream, "JPEG", quality=80)
    return stream.getvalue()


def _of_size(picture: Image.Image, smaller: float) -> _Size | None:
    size = (round(picture.width / smaller), round(picture.height / smaller))
    if min(size) <= 3 * BORDER:
        return None
    copy = picture if size == picture.size else picture.resize(size, Resampling.BILINEAR)
    light = _smooth(np.asarray(copy, dtype=np.float32))
    across, down = np.zeros_like(light), np.zeros_like(light)
    across[:, 1:-1] = light[:, 2:] - light[:, :-2]
    down[1:-1] = light[2:] - light[:-2]
    by = (picture.width / size[0], picture.height / size[1])
    return _Size(by, light, across, down, *_corners(across, down))


def _smooth(plane: Plane) -> Plane:
    """Each pixel with its neighbours, weighed 1-2-1 both ways."""
    wide = plane.copy()
    wide[:, 1:-1] = (plane[:, :-2] + plane[:, 2:]) * 0.25 + plane[:, 1:-1] * 0.5
    both = wide.copy()
    both[1:-1] = (wide[:-2] + wide[2:]) * 0.25 + wide[1:-1] * 0.5
    return both


def _corners(across: Plane, down: Plane) -> tuple[Cells, Cells, Cells]:
    """Where light changes both ways, more than anywhere near: columns, rows, how much."""
    xx, yy, xy = (_smooth(_smooth(each)) for each in (across * across, down * down, across * down))
    response = (xx * yy - xy * xy) / (xx + yy + 1.0)
    wide = np.maximum(np.maximum(response[:, :-2], response[:, 1:-1]), response[:, 2:])
    around = np.maximum(np.maximum(wide[:-2], wide[1:-1]), wide[2:])
    edge = BORDER - 1
    inner, around = response[BORDER:-BORDER, BORDER:-BORDER], around[edge:-edge, edge:-edge]
    y, x = np.nonzero((inner >= around) & (inner > FAINT))
    return x + BORDER, y + BORDER, inner[y, x]


def _spread(sizes: list[_Size], whole: tuple[int, int]) -> tuple[Cells, ...]:
    """Which corners of each size are kept: the strongest of every part of the picture first."""
    columns, rows = GRID if whole[0] >= whole[1] else GRID[::-1]
    size = np.repeat(np.arange(len(sizes)), [len(each.x) for each in sizes])
    at = np.concatenate([np.arange(len(each.x)) for each in sizes])
    strength = np.concatenate([each.strength for each in sizes])
    across = np.concatenate([each.x * each.by[0] * columns / whole[0] for each in sizes]).astype(np.intp)
    down = np.concatenate([each.y * each.by[1] * rows / whole[1] for each in sizes]).astype(np.intp)
    part = across * rows + down
    order = np.lexsort((-strength, part))
    begins = np.searchsorted(part[order], part[order])
    rank = np.arange(len(order)) - begins  # among those of its part
    best = order[np.lexsort((-strength[order], rank))][: min(MOST, int((rank < SHARE).sum()))]
    return tuple(at[best[size[best] == n]] for n in range(len(sizes)))


def _described(size: _Size, at: Cells) -> tuple[Cells, Cells]:
    """Place and code of the corners *at* of one size."""
    x, y = size.x[at], size.y[at]
    angle = _directions(size.light, x, y)
    sums = (_surroundings(size, x, y, angle) - np.frombuffer(USUAL, dtype=np.uint8) / 1000) @ _ways()
    scale = np.full(len(x), size.by[0] * SCALE)
    places = np.stack([(x + 0.5) * size.by[0], (y + 0.5) * size.by[1], scale, angle % (2 * np.pi) * TURN], axis=1)
    return places.round().astype("<u2"), np.packbits(sums > 0, axis=1)


@cache
def _disc() -> tuple[Cells, Cells]:
    y, x = np.mgrid[-9:10, -9:10]
    inside = x * x + y * y <= 81
    return x[inside], y[inside]


def _directions(light: Plane, x: Cells, y: Cells) -> Cells:
    """Where the light around each point lies, seen from it."""
    over, under = _disc()
    around = light[y[:, None] + under, x[:, None] + over]
    towards: Cells = np.arctan2(around @ under.astype(np.float32), around @ over.astype(np.float32))
    return towards


@cache
def _window() -> tuple[Plane, Plane, Plane, Cells]:
    """Sixteen by sixteen places around a point, how much each counts, and in which of 4 x 4 cells it lies."""
    v, u = np.mgrid[0:16, 0:16].astype(np.float32) - 7.5
    row, column = np.mgrid[0:16, 0:16] // 4
    return u.ravel(), v.ravel(), np.exp(-(u * u + v * v) / 98).ravel(), (row * 4 + column).ravel()


def _surroundings(size: _Size, x: Cells, y: Cells, angle: Cells) -> Cells:
    """How light changes around each point, seen in its own direction: 16 cells of 8 directions, of length 1."""
    u, v, weight, cell = _window()
    cos, sin = np.cos(angle)[:, None], np.sin(angle)[:, None]
    row = np.clip(np.rint(y[:, None] + sin * u + cos * v).astype(np.intp), 0, size.light.shape[0] - 1)
    column = np.clip(np.rint(x[:, None] + cos * u - sin * v).astype(np.intp), 0, size.light.shape[1] - 1)
    across, down = size.across[row, column], size.down[row, column]
    along, beside = cos * across + sin * down, cos * down - sin * across
    amount = np.hypot(along, beside) * weight
    turn = (np.arctan2(beside, along) + np.pi) * (8 / (2 * np.pi))
    low = np.floor(turn).astype(np.intp)
    upper = turn - low
    at, total = np.arange(len(x))[:, None] * CODE + cell * 8, len(x) * CODE
    sums = np.bincount((at + low % 8).ravel(), ((1 - upper) * amount).ravel(), total)
    sums += np.bincount((at + (low + 1) % 8).ravel(), (upper * amount).ravel(), total)
    return _of_length_one(np.minimum(_of_length_one(sums.reshape(-1, CODE)), 0.2))


def _of_length_one(vectors: Cells) -> Cells:
    return vectors / (np.linalg.norm(vectors, axis=1, keepdims=True) + 1e-9)  # type: ignore[no-any-return]


@cache
def _ways() -> Cells:
    """For each bit of a code half of the 128 numbers, to be weighed against the others: what all points share says nothing."""
    chance = random.Random("kebu points 1")
    return np.array([chance.sample([1.0, -1.0] * (CODE // 2), CODE) for _ in range(CODE)]).T
