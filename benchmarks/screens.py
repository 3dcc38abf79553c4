"""Can a picture of a screen be told from a picture of a street? Not by its grid: streets have grids too.

    python -m benchmarks.screens            # the figures in SECURITY.md; some 30 seconds of one core

Screens show themselves, if at all, by a lonely peak among the frequencies of a picture: the grid of their points, or what it makes
together with the camera's. Here the height of that peak is measured on drawn pictures: plain scenes, scenes with roller shutters, tiles and
wire mesh, and screens (points of three stripes) photographed from near, from far and out of focus.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

from demo.pictures import scene

PICTURES = 14  #: of each kind
_SIZE = (800, 600)
_SAMPLES = 6  #: of a screen's point, to each side
_PATCH = 512


def peak(picture: Image.Image) -> float:
    """How far the highest frequency stands above those of the same distance, in their deviations."""
    grey = np.asarray(picture, dtype=np.float64)
    top, left = ((side - _PATCH) // 2 for side in grey.shape)
    patch = grey[top : top + _PATCH, left : left + _PATCH]
    window = np.hanning(_PATCH)[:, None] * np.hanning(_PATCH)[None]
    found = np.log1p(np.abs(np.fft.fftshift(np.fft.fft2((patch - patch.mean()) * window))))
    rows, columns = np.indices(found.shape)
    away = np.hypot(rows - _PATCH // 2, columns - _PATCH // 2)
    rings = (found[(away >= r) & (away < r + 6)] for r in range(40, 250, 6))
    return max(float((ring.max() - np.median(ring)) / ring.std()) for ring in rings)


def street(seed: int) -> Image.Image:
    """A plain scene."""
    return _photographed(scene(seed, "", _SIZE).convert("RGB"), seed)


def shutters(seed: int) -> Image.Image:
    """A roller shutter, as in front of every other shop."""
    return _with_lines(seed, (5, 14), across=True, down=False)


def tiles(seed: int) -> Image.Image:
    """A tiled wall."""
    return _with_lines(seed, (6, 16), across=True, down=True)


def screen(near: tuple[float, float], blur: float) -> Callable[[int], Image.Image]:
    """A scene on a screen; *near*: pixels of the photograph for each point of the screen, from … to."""

    def shown(seed: int) -> Image.Image:
        pick = random.Random(seed)
        pitch = pick.uniform(*near)
        light = np.asarray(scene(seed, "", (480, 360)).convert("RGB"), dtype=np.float64)
        points = np.repeat(np.repeat(light, _SAMPLES, 0), _SAMPLES, 1)
        lit = Image.fromarray(np.clip(points * _stripes(points.shape), 0, 255).astype(np.uint8))
        turned = lit.rotate(pick.uniform(-6, 6), resample=Image.Resampling.BICUBIC)
        small = turned.resize((int(480 * pitch), int(360 * pitch)), Image.Resampling.BILINEAR)
        across, down = small.width // 2, small.height // 2
        cut = small.filter(ImageFilter.GaussianBlur(blur)).crop((across - 400, down - 300, across + 400, down + 300))
        return _photographed(cut, seed)

    return shown


def _stripes(shape: tuple[int, ...]) -> NDArray[np.float64]:
    """A point's three stripes, and the dark line below it."""
    lit = np.zeros(shape)
    column, row = np.arange(shape[1]) % _SAMPLES, np.arange(shape[0]) % _SAMPLES
    for colour in range(3):
        lit[:, column // 2 == colour, colour] = 2.7
    return lit * np.where(row < _SAMPLES - 1, 1.0, 0.15)[:, None, None]


def _with_lines(seed: int, apart: tuple[int, int], *, across: bool, down: bool) -> Image.Image:
    pick = random.Random(seed)
    picture = scene(seed, "", _SIZE).convert("RGB")
    pen, step = ImageDraw.Draw(picture), pick.uniform(*apart)
    left, top = pick.randint(50, 250), pick.randint(50, 200)
    right, bottom = left + pick.randint(250, 450), top + pick.randint(200, 350)
    for y in np.arange(top, bottom, step) if across else ():
        pen.line((left, float(y), right, float(y)), fill=(90, 90, 95), width=1 if down else max(1, int(step / 3)))
    for x in np.arange(left, right, step) if down else ():
        pen.line((float(x), top, float(x), bottom), fill=(120, 115, 110), width=1)
    return _photographed(picture.filter(ImageFilter.GaussianBlur(0.7)), seed)


def _photographed(picture: Image.Image, seed: int) -> Image.Image:
    """With a sensor's noise, as JPEG."""
    grain = np.random.default_rng(seed).normal(0, 3, (picture.height, picture.width, 3))
    noisy = Image.fromarray(np.clip(np.asarray(picture) + grain, 0, 255).astype(np.uint8))
    stream = BytesIO()
    noisy.save(stream, "JPEG", quality=88)
    return Image.open(BytesIO(stream.getvalue())).convert("L")


KINDS: Mapping[str, Callable[[int], Image.Image]] = {
    "street": street, "roller shutter": shutters, "tiles": tiles, "screen, near (2.2 to 4 px a point)": screen((2.2, 4), 0.6),
    "screen, far (1.7 to 2.1 px)": screen((1.7, 2.1), 0.6), "screen, far and soft": screen((1.7, 2.1), 1.6),
}  # fmt: skip


def main() -> None:
    """Print each kind's peaks, and who would be flagged at the lowest threshold that spares all streets, or all streets with grids."""
    peaks = {kind: sorted(peak(drawn(seed)) for seed in range(PICTURES)) for kind, drawn in KINDS.items()}
    for kind, found in peaks.items():
        print(f"{kind:36} {found[0]:4.1f} … {found[PICTURES // 2]:4.1f} … {found[-1]:4.1f}")
    for words, spared in (("streets", ["street"]), ("streets with grids", ["street", "roller shutter", "tiles"])):
        limit = max(peaks[kind][-1] for kind in spared)
        flagged = {kind: sum(each > limit for each in found) for kind, found in peaks.items()}
        print(f"sparing all {words} (over {limit:.1f}), of {PICTURES}: {flagged}")


if __name__ == "__main__":
    main()
