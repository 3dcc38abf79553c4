"""Makers of test pictures: real JPEG and PNG with real EXIF, and damaged ones."""

from __future__ import annotations

import struct
from datetime import datetime
from fractions import Fraction
from io import BytesIO
from typing import Any

import numpy as np
import piexif
from PIL import Image, ImageDraw

TAKEN = datetime(2026, 11, 23, 10, 30, 5)
SHENZHEN_BAY = (22.5155, 113.9435)  #: 广东省/深圳市/南山区
Ratios = tuple[tuple[int, int], ...]


def scene(seed: int = 1, size: tuple[int, int] = (1200, 900)) -> Image.Image:
    """A picture with large and small shapes, light and dark, different for every seed."""
    random = np.random.default_rng(seed)
    clouds = Image.fromarray(random.integers(30, 226, (7, 9, 3), dtype=np.uint8))
    picture = clouds.resize(size, Image.Resampling.BICUBIC)
    draw = ImageDraw.Draw(picture)
    for _ in range(60):
        x, y = (int(random.integers(0, length)) for length in size)
        reach = int(random.integers(5, max(size) // 12 + 6))
        colour = tuple(int(part) for part in random.integers(0, 256, 3))
        draw.rectangle((x, y, x + reach, y + reach // 2), fill=colour)
    return picture


def degrees(value: float) -> Ratios:
    """Degrees, minutes and seconds as EXIF writes them."""
    whole = Fraction(abs(value)).limit_denominator(10_000_000)
    minutes = (whole - int(whole)) * 60
    seconds = (minutes - int(minutes)) * 60
    return ((int(whole), 1), (int(minutes), 1), (round(seconds * 10_000), 10_000))


def gps(lat: float, lon: float, at: datetime | None = None) -> dict[int, Any]:
    """A GPS block; *at* is the UTC time of the fix."""
    block: dict[int, Any] = {
        piexif.GPSIFD.GPSLatitudeRef: b"N" if lat >= 0 else b"S",
        piexif.GPSIFD.GPSLatitude: degrees(lat),
        piexif.GPSIFD.GPSLongitudeRef: b"E" if lon >= 0 else b"W",
        piexif.GPSIFD.GPSLongitude: degrees(lon),
    }
    if at:
        block[piexif.GPSIFD.GPSDateStamp] = f"{at:%Y:%m:%d}".encode()
        block[piexif.GPSIFD.GPSTimeStamp] = ((at.hour, 1), (at.minute, 1), (at.second, 1))
    return block


def exif(
    taken: datetime | str | None = TAKEN,
    *,
    offset: str | None = None,
    place: tuple[float, float] | None = SHENZHEN_BAY,
    gps_at: datetime | None = None,
    make: str | None = "HUAWEI",
    model: str | None = "ALN-AL00",
    software: str | None = None,
    orientation: int | None = None,
    thumbnail: Image.Image | None = None,
    more: dict[str, dict[int, Any]] | None = None,
) -> bytes:
    """An EXIF block; *more* overrides single tags (piexif's names of the blocks: 0th, Exif, GPS)."""
    first = {
        piexif.ImageIFD.Make: make,
        piexif.ImageIFD.Model: model,
        piexif.ImageIFD.Software: software,
        piexif.ImageIFD.Orientation: orientation,
    }
    time = f"{taken:%Y:%m:%d %H:%M:%S}" if isinstance(taken, datetime) else taken
    camera = {piexif.ExifIFD.DateTimeOriginal: time, piexif.ExifIFD.OffsetTimeOriginal: offset}
    blocks: dict[str, Any] = {
        "0th": {tag: value for tag, value in first.items() if value is not None},
        "Exif": {tag: value for tag, value in camera.items() if value is not None},
        "GPS": gps(*place, gps_at) if place else {},
    }
    for name, tags in (more or {}).items():
        blocks[name] |= tags
    if thumbnail:
        blocks |= {"1st": {piexif.ImageIFD.Compression: 6}, "thumbnail": encode(thumbnail, "JPEG")}
    return bytes(piexif.dump(blocks))


def encode(picture: Image.Image, format: str, **options: Any) -> bytes:
    """The picture as the bytes of a file."""
    stream = BytesIO()
    picture.save(stream, format, **options)
    return stream.getvalue()


def jpeg(picture: Image.Image | None = None, block: bytes = b"", quality: int = 90) -> bytes:
    """A JPEG with the given EXIF block, without one where it is empty."""
    return encode(picture or scene(), "JPEG", quality=quality, **({"exif": block} if block else {}))


def photo(seed: int = 1, size: tuple[int, int] = (1200, 900), **tags: Any) -> bytes:
    """A JPEG as a phone takes it; *tags* as for :func:`exif`."""
    return jpeg(scene(seed, size), exif(**tags))


def jpeg_with_app1(body: bytes) -> bytes:
    """A small JPEG whose EXIF segment holds *body* as it stands, however wrong."""
    plain = encode(Image.new("RGB", (16, 16), "grey"), "JPEG")
    segment = b"Exif\0\0" + body
    return plain[:2] + b"\xff\xe1" + struct.pack(">H", len(segment) + 2) + segment + plain[2:]


def endless_maker_note() -> bytes:
    """A JPEG whose MakerNote claims 10^9 entries: full readers of EXIF never return from it."""
    first = struct.pack("<HHHIII", 1, 0x8769, 4, 1, 26, 0)
    camera = struct.pack("<HHHIII", 1, 0x927C, 4, 10**9, 44, 0)
    return jpeg_with_app1(b"II*\0" + struct.pack("<I", 8) + first + camera)


def png_header(width: int, height: int) -> bytes:
    """A PNG that claims a size and holds no pixels."""
    import zlib

    body = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    empty = b"IDAT" + zlib.compress(b"")
    end = b"IEND"
    chunks = b"".join(
        struct.pack(">I", len(chunk) - 4) + chunk + struct.pack(">I", zlib.crc32(chunk)) for chunk in (body, empty, end)
    )
    return b"\x89PNG\r\n\x1a\n" + chunks
