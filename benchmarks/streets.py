"""Streets to be photographed: shops as flat faces at different depths, seen by a camera that stands somewhere else each time.

Not photographs, but what makes two photographs of one shop differ is there: parallax between sign, wall, pavement and what
stands in front, another angle and distance, light, passers-by and cars that are gone the next day, grain, JPEG.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFilter

from demo.canvas import font

SIZE = (960, 720)
_NAMES = "宏远电子德信五金佳美建材永盛机电华强灯饰众诚汽修新世纪文具同济药房百味餐饮顺达物流金源印刷天和布艺"
_PER_METRE = 72  #: pixels of a texture

Matrix = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Face:
    """A flat picture in the world: its lower left corner, the way along it, the way up it, in metres."""

    picture: Image.Image
    origin: tuple[float, float, float]
    along: tuple[float, float, float]
    up: tuple[float, float, float]


@dataclass(frozen=True)
class Camera:
    """Where somebody stands: metres right of the shop's middle, in front of it, and which way they look (radians)."""

    x: float
    away: float
    yaw: float
    pitch: float
    roll: float
    height: float = 1.55


@cache
def shop(street: int, number: int) -> tuple[Face, ...]:
    """The faces of a shop in its street, the farthest first: neighbours, wall, door, sign, pavement, what stands there."""
    chance = np.random.default_rng((street, number, 1))
    slabs = _pavement(street)
    faces = [
        Face(slabs.crop((0, 40 * strip, 1120, 40 * strip + 40)), (-14, 0, strip + 1), (28, 0, 0), (0, 0, -1))
        for strip in range(12)
    ]
    for side in (-1, 0, 1):  # the neighbours are the same whoever of the street is photographed
        faces += _front(np.random.default_rng((street, number + side + 1)), 7.0 * side)
    for _ in range(3):  # a bench, a bicycle, a stand: they stay where they are
        x, depth, wide, high = (
            chance.uniform(-5, 5),
            chance.uniform(0.6, 2.2),
            chance.uniform(0.4, 1.2),
            chance.uniform(0.5, 1.3),
        )
        faces.append(Face(_thing(chance, wide, high), (x, 0, depth), (wide, 0, 0), (0, high, 0)))
    return tuple(faces)


def _front(chance: np.random.Generator, x: float) -> Iterator[Face]:
    yield Face(_wall(chance), (x - 3.5, 0, 0), (7, 0, 0), (0, 6, 0))
    yield Face(_window(chance, 2.6, 2.2), (x - 3.1, 0.4, -0.25), (2.6, 0, 0), (0, 2.2, 0))
    yield Face(_window(chance, 2.6, 2.2), (x + 0.5, 0.4, -0.25), (2.6, 0, 0), (0, 2.2, 0))
    yield Face(_door(chance), (x - 0.45, 0, -0.4), (0.9, 0, 0), (0, 2.3, 0))
    name = "".join(chance.choice(list(_NAMES), 4))
    yield Face(_sign(chance, name), (x - 3.2, 2.9, 0.35), (6.4, 0, 0), (0, 0.9, 0))
    yield Face(
        _sign(chance, f"{name}批发 {chance.integers(10**7, 10**8)}"), (x - 1.5, 4.2, 0.1), (3, 0, 0), (0, 0.4, 0)
    )


def photograph(street: int, number: int, camera: Camera, seed: int) -> Image.Image:
    """The shop as *camera* sees it on the day *seed*: light and passers-by are that day's."""
    chance = np.random.default_rng((3, seed))
    view = Image.new("RGB", SIZE, tuple(int(part) for part in chance.integers((190, 205, 220), (225, 235, 245))))
    passing = [_passer(chance) for _ in range(int(chance.integers(1, 4)))]
    for face in (*shop(street, number), *passing):
        _paint(view, face, camera)
    return _exposed(_shadowed(view, chance), chance)


def jpeg(picture: Image.Image, quality: int = 88) -> bytes:
    """*picture* as a phone saves it."""
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=quality)
    return out.getvalue()


def _paint(view: Image.Image, face: Face, camera: Camera) -> None:
    corners = [
        face.origin,
        _plus(face.origin, face.along),
        _plus(_plus(face.origin, face.along), face.up),
        _plus(face.origin, face.up),
    ]
    seen = [_seen(corner, camera) for corner in corners]
    at = [each for each in seen if each]
    if len(at) < 4:  # partly behind the camera
        return
    across, down = zip(*at, strict=True)
    left, top = max(int(min(across)), 0), max(int(min(down)), 0)
    right, bottom = min(int(max(across)) + 2, view.width), min(int(max(down)) + 2, view.height)
    if right - left < 2 or bottom - top < 2:
        return
    width, height = face.picture.size
    texture = [(0, height), (width, height), (width, 0), (0, 0)]
    numbers = _between([(x - left, y - top) for x, y in at], texture)
    size = (right - left, bottom - top)
    rgba = face.picture.transform(size, Image.Transform.PERSPECTIVE, tuple(numbers), Image.Resampling.BILINEAR)
    view.paste(rgba, (left, top), rgba)


def _plus(a: tuple[float, float, float], b: tuple[float, float, float]) -> tuple[float, float, float]:
    return (a[0] + b[0], a[1] + b[1], a[2] + b[2])


def _seen(point: tuple[float, float, float], camera: Camera) -> tuple[float, float] | None:
    x, y, z = point[0] - camera.x, point[1] - camera.height, camera.away - point[2]
    cos, sin = np.cos(camera.yaw), np.sin(camera.yaw)
    x, z = cos * x - sin * z, sin * x + cos * z
    cos, sin = np.cos(camera.pitch), np.sin(camera.pitch)
    y, z = cos * y - sin * z, sin * y + cos * z
    if z < 0.3:
        return None
    cos, sin = np.cos(camera.roll), np.sin(camera.roll)
    x, y = cos * x - sin * y, sin * x + cos * y
    focal = 0.78 * SIZE[0]
    return SIZE[0] / 2 + focal * x / z, SIZE[1] / 2 - focal * y / z


def _between(seen: list[tuple[float, float]], texture: list[tuple[int, int]]) -> list[float]:
    """The eight numbers that take a pixel of the view to one of the texture."""
    lines, wanted = [], []
    for (x, y), (u, v) in zip(seen, texture, strict=True):
        lines += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
        wanted += [u, v]
    return [float(each) for each in np.linalg.lstsq(np.array(lines, float), np.array(wanted, float), rcond=None)[0]]


def _noise(chance: np.random.Generator, size: tuple[int, int], base: npt.ArrayLike, spread: float) -> Image.Image:
    """A rough surface: grain of several sizes over one colour."""
    total = np.zeros((size[1], size[0]))
    for grain in (2, 5, 17, 60):
        cells = chance.normal(0, spread, (max(size[1] // grain, 2), max(size[0] // grain, 2))).astype(np.float32)
        total += np.asarray(Image.fromarray(cells).resize(size, Image.Resampling.BICUBIC))
    pixels = np.clip(np.asarray(base, float)[None, None] + total[:, :, None], 0, 255).astype(np.uint8)
    return Image.fromarray(pixels).convert("RGBA")


def _metres(wide: float, high: float) -> tuple[int, int]:
    return (max(round(wide * _PER_METRE), 8), max(round(high * _PER_METRE), 8))


def _wall(chance: np.random.Generator) -> Image.Image:
    picture = _noise(chance, _metres(7, 6), chance.integers(120, 190) + chance.integers(-25, 25, 3), 9)
    draw, (width, height) = ImageDraw.Draw(picture), picture.size
    course, brick = int(chance.integers(14, 34)), int(chance.integers(30, 80))
    for row, y in enumerate(range(0, height, course)):
        draw.line((0, y, width, y), fill=(70, 66, 62, 120), width=2)
        for x in range(row % 2 * brick // 2, width, brick):
            shade = int(chance.integers(-26, 26))
            draw.rectangle(
                (x + 2, y + 2, x + brick - 2, y + course - 2),
                fill=_shifted(picture.getpixel((min(x, width - 1), min(y, height - 1))), shade),
            )
    for _ in range(14):  # notices, meters, air conditioners, stains
        x, y = int(chance.integers(0, width)), int(chance.integers(0, height))
        a, b = int(chance.integers(10, 80)), int(chance.integers(10, 70))
        draw.rectangle(
            (x, y, x + a, y + b),
            fill=(*(int(part) for part in chance.integers(30, 230, 3)), 255),
            outline=(20, 20, 20, 255),
        )
    return picture


def _shifted(colour: object, by: int) -> tuple[int, int, int, int]:
    parts = colour if isinstance(colour, tuple) else (128, 128, 128)
    red, green, blue = (max(0, min(255, int(part) + by)) for part in parts[:3])
    return (red, green, blue, 255)


def _window(chance: np.random.Generator, wide: float, high: float) -> Image.Image:
    picture = _noise(chance, _metres(wide, high), chance.integers(40, 140, 3), 14)
    draw, (width, height) = ImageDraw.Draw(picture), picture.size
    for shelf in range(4):
        y = (shelf + 1) * height // 5
        x = 4
        while x < width:
            w, h = int(chance.integers(8, 34)), int(chance.integers(8, max(height // 6, 10)))
            colour = (*(int(part) for part in chance.integers(20, 245, 3)), 255)
            draw.rectangle((x, y - h, x + w, y), fill=colour)
            draw.rectangle(
                (x + 2, y - h // 2 - 3, x + w - 2, y - h // 2 + 3), fill=_shifted(colour, int(chance.integers(-90, 90)))
            )
            x += w + int(chance.integers(1, 9))
        draw.line((0, y, width, y), fill=(30, 30, 30, 255), width=3)
    draw.rectangle((0, 0, width - 1, height - 1), outline=(200, 200, 205, 255), width=5)
    return picture


def _door(chance: np.random.Generator) -> Image.Image:
    picture = _noise(chance, _metres(0.9, 2.3), chance.integers(40, 120, 3), 8)
    draw, (width, height) = ImageDraw.Draw(picture), picture.size
    draw.rectangle((6, 6, width - 7, height - 7), outline=(220, 220, 220, 255), width=4)
    draw.text((12, height // 3), "推 营业中", font=font(18), fill=(230, 40, 40, 255))
    draw.text(
        (10, height // 2), f"{chance.integers(7, 10)}:00-{chance.integers(18, 23)}:30", font=font(14), fill="white"
    )
    return picture


def _sign(chance: np.random.Generator, words: str) -> Image.Image:
    size = _metres(6.4, 0.9) if len(words) == 4 else _metres(3, 0.4)
    picture = _noise(chance, size, chance.integers((120, 10, 10), (230, 120, 120)), 5)
    draw = ImageDraw.Draw(picture)
    tall = int(size[1] * 0.72)
    draw.text(
        (size[0] // 12, size[1] // 10),
        words,
        font=font(tall),
        fill=(250, int(chance.integers(200, 250)), int(chance.integers(120, 240)), 255),
    )
    return picture


@cache
def _pavement(street: int) -> Image.Image:
    chance = np.random.default_rng((7, street))
    picture = _noise(chance, (1120, 480), chance.integers(110, 160, 3), 10)
    draw = ImageDraw.Draw(picture)
    for x in range(0, 1120, 20):
        draw.line((x, 0, x, 480), fill=(80, 80, 80, 255))
    for y in range(0, 480, 20):
        draw.line((0, y, 1120, y), fill=(80, 80, 80, 255))
    return picture


def _thing(chance: np.random.Generator, wide: float, high: float) -> Image.Image:
    size = _metres(wide, high)
    mask = Image.new("L", size, 0)
    draw = ImageDraw.Draw(mask)
    for _ in range(5):
        x, y = sorted(chance.integers(0, size[0], 2)), sorted(chance.integers(0, size[1], 2))
        draw.ellipse((int(x[0]), int(y[0]), int(x[1]) + 8, int(y[1]) + 8), fill=255)
    picture = _window(chance, 2.6, 2.2).resize(size)
    picture.putalpha(mask)
    return picture


def _passer(chance: np.random.Generator) -> Face:
    """Somebody, or a car, who is there once."""
    wide, high = ((0.55, 1.7), (3.8, 1.4))[int(chance.integers(0, 2))]
    depth = float(chance.uniform(1.0, 3.0))
    return Face(_thing(chance, wide, high), (float(chance.uniform(-4, 3)), 0, depth), (wide, 0, 0), (0, high, 0))


def _shadowed(view: Image.Image, chance: np.random.Generator) -> Image.Image:
    """The sun stands elsewhere: a soft edge of shadow across the picture."""
    x, y = np.meshgrid(np.linspace(-1, 1, view.width), np.linspace(-1, 1, view.height))
    angle, at = chance.uniform(0, 2 * np.pi), chance.uniform(-0.6, 0.6)
    edge = 1 / (1 + np.exp(-(np.cos(angle) * x + np.sin(angle) * y - at) * chance.uniform(4, 30)))
    dark = 1 - chance.uniform(0.1, 0.5) * edge
    return Image.fromarray((np.asarray(view, float) * dark[:, :, None]).astype(np.uint8))


def _exposed(view: Image.Image, chance: np.random.Generator) -> Image.Image:
    """Another exposure and white balance, a breath of blur, grain."""
    light = np.asarray(view.filter(ImageFilter.GaussianBlur(float(chance.uniform(0.2, 0.9)))), float) / 255
    light = light ** chance.uniform(0.75, 1.3) * chance.uniform(0.85, 1.12, 3)
    grain = chance.normal(0, chance.uniform(0.005, 0.02), light.shape)
    return Image.fromarray((np.clip(light + grain, 0, 1) * 255).astype(np.uint8))


def visits(streets: int, shops: int, photographs: int) -> Iterator[tuple[int, int, int, Camera]]:
    """Street, shop, day and where the camera stands, for so many photographs of every shop in every street.

    Every third one is taken from all but the same place as the one before: salespeople stop where they can park.
    """
    for street in range(streets):
        for number in range(shops):
            chance = np.random.default_rng((11, street, number))
            camera = Camera(0, 8, 0, 0, 0)
            for n in range(photographs):
                if n % 3 != 2:
                    x = float(chance.uniform(-3, 3))
                    away = float(chance.uniform(6, 11))
                    yaw = float(np.arctan2(x, away) * chance.uniform(0.2, 1.2) * -1)
                    camera = Camera(
                        x,
                        away,
                        yaw,
                        float(chance.uniform(-0.05, 0.1)),
                        float(chance.normal(0, 0.02)),
                        float(chance.uniform(1.4, 1.7)),
                    )
                else:
                    camera = Camera(
                        camera.x + float(chance.normal(0, 0.4)),
                        camera.away + float(chance.normal(0, 0.4)),
                        camera.yaw + float(chance.normal(0, 0.04)),
                        camera.pitch + float(chance.normal(0, 0.03)),
                        camera.roll + float(chance.normal(0, 0.02)),
                        camera.height + float(chance.normal(0, 0.03)),
                    )
                yield street, number, (street * shops + number) * photographs + n, camera
