"""Pictures for the demo: like photographs, each different, and the same from the same seed.

The makers of bad ones are here too: what a messenger, an editor and a screenshot leave behind.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime

import numpy as np
from PIL import Image, ImageDraw

from demo.camera import Shot, exif_bytes
from demo.canvas import Canvas, expose, font
from demo.heic import heic_bytes
from demo.light import fall
from demo.page import page
from demo.scenes import office, shop_front, store_room

__all__ = ["Shot", "document", "edited", "heic", "jpeg", "scanned", "scene", "screenshot", "stripped"]

SIZE = (1600, 1200)
MESSENGER_SIDE = 1280  #: longest side after a messenger has made it smaller
SCREEN = (1080, 2400)


def scene(seed: int, caption: str = "", size: tuple[int, int] = SIZE) -> Image.Image:
    """A shop front with *caption* on its sign; without a caption, an office or a store room.

    Seeds below 4096 give pictures that nobody takes for one another.
    """
    random = np.random.default_rng((1, seed))
    canvas = Canvas(size, random)
    if caption:
        shop_front(canvas, caption)
    elif seed % 2:
        office(canvas)
    else:
        store_room(canvas)
    return expose(fall(canvas.image, 2 * seed), random)


def document(seed: int, lines: Sequence[str], size: tuple[int, int] = SIZE[::-1]) -> Image.Image:
    """A page with *lines*, the first one its title, photographed at an angle.  Seeds as for :func:`scene`."""
    random = np.random.default_rng((2, seed))
    canvas = Canvas(size, random)
    page(canvas, lines)
    return expose(fall(canvas.image, 2 * seed + 1), random, noise=6.0)


def jpeg(image: Image.Image, shot: Shot, quality: int = 88) -> bytes:
    """*image* as a camera saves it."""
    return _saved(image, quality, exif_bytes(shot, image))


def heic(image: Image.Image, shot: Shot) -> bytes:
    """*image* as a newer phone saves it, about as large as its pixels."""
    return heic_bytes(image, exif_bytes(shot))


def stripped(jpeg: bytes) -> bytes:
    """As a messenger passes it on: smaller, coarser, and silent about time and place."""
    image = Image.open(io.BytesIO(jpeg)).convert("RGB")
    image.thumbnail((MESSENGER_SIDE, MESSENGER_SIDE), Image.Resampling.BICUBIC)
    return _saved(image, 72, b"")


def edited(jpeg: bytes, software: str = "Adobe Photoshop 25.0") -> bytes:
    """The same picture, brightened and saved by an editor that leaves its name."""
    image = Image.open(io.BytesIO(jpeg))
    exif = image.getexif()
    exif[0x0131] = software
    return _saved(image.point(lambda value: min(255, value + 12)), 92, exif.tobytes())


def scanned(pages: Sequence[Image.Image], made_at: datetime) -> bytes:
    """*pages* as a scanner saves them: one PDF."""
    out = io.BytesIO()
    first, *others = pages
    day = made_at.timetuple()
    first.save(
        out, "PDF", save_all=True, append_images=others, resolution=150, quality=88, creationDate=day, modDate=day
    )
    return out.getvalue()


def screenshot(seed: int) -> bytes:
    """A chat on a phone's screen, as PNG: screen-sized, no camera."""
    random = np.random.default_rng((3, seed))
    screen = Image.new("RGB", SCREEN, (237, 237, 237))
    draw = ImageDraw.Draw(screen)
    draw.rectangle((0, 0, SCREEN[0], 200), fill=(247, 247, 247))
    draw.text((420, 110), "销售一部", fill=(20, 20, 20), font=font(56))
    top = 260
    while top < SCREEN[1] - 300:
        high, mine = int(random.integers(110, 340)), bool(random.random() < 0.4)
        _bubble(draw, random, top, high, mine=mine)
        top += high + 60
    out = io.BytesIO()
    screen.save(out, "PNG")
    return out.getvalue()


def _bubble(draw: ImageDraw.ImageDraw, random: np.random.Generator, top: int, high: int, *, mine: bool) -> None:
    wide = int(random.integers(300, 700))
    left = SCREEN[0] - 160 - wide if mine else 160
    red, green, blue = (int(part) for part in random.integers(80, 220, 3))
    face = SCREEN[0] - 130 if mine else 30
    draw.rounded_rectangle((face, top, face + 100, top + 100), 12, fill=(red, green, blue))
    draw.rounded_rectangle((left, top, left + wide, top + high), 16, fill=(149, 236, 105) if mine else (255, 255, 255))
    for line in range(top + 34, top + high - 40, 62):
        length = max(1, int(random.uniform(0.4, 1.0) * (wide - 60) // 44))
        draw.text((left + 30, line), "客户明天上午到店看样品请提前准备"[:length], fill=(20, 20, 20), font=font(42))


def _saved(image: Image.Image, quality: int, exif: bytes) -> bytes:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=quality, exif=exif)
    return out.getvalue()
