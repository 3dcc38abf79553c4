"""What a camera wrote into a picture: time, place, make; every value doubted, none required.

exifread looks first, Pillow where it fails.  Both raise exceptions of every kind on damaged
files, so everything is caught: what cannot be read is not known.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from io import BytesIO
from math import isfinite
from typing import Any

import exifread
from PIL import ExifTags, Image

# Its warnings concern damaged pictures, which have their own words in the receipt.
logging.getLogger("exifread").setLevel(logging.CRITICAL)

TIME = re.compile(r"(\d{4})[:\-/.](\d\d?)[:\-/.](\d\d?)[ T](\d\d?):(\d\d?):(\d\d?)")
DATE = re.compile(r"(\d{4})[:\-/.](\d\d?)[:\-/.](\d\d?)")
OFFSET = re.compile(r"([+-])(\d\d):?(\d\d)")
#: a capture time and the offset that belongs to it, best first; the time of editing is no evidence
TIMES = (("DateTimeOriginal", "OffsetTimeOriginal"), ("DateTimeDigitized", "OffsetTimeDigitized"))
LONGEST_WORDS = 100
NOWHERE = 1e-4  #: degrees: cameras without a fix write 0,0

Tags = Mapping[str, Any]  #: EXIF's own tag names → what was found, in whatever type


@dataclass(frozen=True)
class Exif:
    """The camera's words; None where it has none, or none that hold."""

    present: bool = False
    taken_at: datetime | None = None
    offset_known: bool = False
    gps_at: datetime | None = None
    location: tuple[float, float] | None = None  #: latitude, longitude, WGS-84
    make: str | None = None
    model: str | None = None
    software: str | None = None
    thumbnail: bytes = b""


def read_exif(data: bytes, picture: Image.Image, zone: tzinfo) -> Exif:
    """The EXIF of a picture that was opened; *zone* is assumed where the camera wrote no offset."""
    tags = _by_exifread(data, picture) or _by_pillow(picture)
    taken, known = _capture_time(tags, zone)
    return Exif(
        present=bool(tags),
        taken_at=taken,
        offset_known=known,
        gps_at=satellite_time(tags.get("GPSDateStamp", tags.get("GPSDate")), tags.get("GPSTimeStamp")),
        location=location(tags),
        make=words(tags.get("Make")),
        model=words(tags.get("Model")),
        software=words(tags.get("Software")),
        thumbnail=tags.get("JPEGThumbnail", b""),
    )


def _by_exifread(data: bytes, picture: Image.Image) -> dict[str, Any]:
    # Its own way through a HEIF's boxes can loop for ever: there libheif has found the block already.
    block = _exif_block(picture) if picture.format == "HEIF" else data
    if not block:
        return {}
    try:
        found = exifread.process_file(BytesIO(block), details=False)
        return {name.partition(" ")[2] or name: _raw(value) for name, value in sorted(found.items(), key=_main_last)}
    except Exception:
        return {}


def _main_last(item: tuple[str, Any]) -> bool:
    """The thumbnail has tags of the same names: the picture's own must win."""
    return not item[0].startswith("Thumbnail ")


def _raw(tag: Any) -> Any:
    return getattr(tag, "values", tag)


def _exif_block(picture: Image.Image) -> bytes:
    block = picture.info.get("exif") or b""
    return bytes(block).removeprefix(b"Exif\0\0")


def _by_pillow(picture: Image.Image) -> dict[str, Any]:
    try:
        exif = picture.getexif()
        tags = {ExifTags.TAGS.get(key, str(key)): value for key, value in exif.items()}
        camera = exif.get_ifd(ExifTags.IFD.Exif)
        tags |= {ExifTags.TAGS.get(key, str(key)): value for key, value in camera.items()}
        satellite = exif.get_ifd(ExifTags.IFD.GPSInfo)
        return tags | {ExifTags.GPSTAGS.get(key, str(key)): value for key, value in satellite.items()}
    except Exception:
        return {}


def words(value: Any) -> str | None:
    """Text of a tag without NULs, control characters and blanks around it; None when nothing is left."""
    if isinstance(value, bytes):
        value = value.decode("gb18030", errors="replace")
    if not isinstance(value, str):
        return None
    text = value.split("\0", 1)[0]
    return "".join(char for char in text if char.isprintable()).strip()[:LONGEST_WORDS] or None


def _capture_time(tags: Tags, zone: tzinfo) -> tuple[datetime | None, bool]:
    for name, offset_name in TIMES:
        taken = _moment(words(tags.get(name)))
        if taken:
            offset = _offset(words(tags.get(offset_name)))
            return taken.replace(tzinfo=offset or zone), offset is not None
    return None, False


def _moment(text: str | None) -> datetime | None:
    # Some cameras write a fraction or an offset behind the seconds: the front counts.
    match = TIME.match(text or "")
    try:
        return datetime(*(int(part) for part in match.groups())) if match else None  # type: ignore[arg-type]
    except ValueError:
        return None


def _offset(text: str | None) -> timezone | None:
    if text == "Z":
        return UTC
    match = OFFSET.fullmatch(text or "")
    if not match:
        return None
    minutes = int(match[2]) * 60 + int(match[3])
    if minutes > 14 * 60 or int(match[3]) > 59:
        return None
    return timezone(timedelta(minutes=-minutes if match[1] == "-" else minutes))


def satellite_time(day: Any, clock: Any) -> datetime | None:
    """The time of the satellite fix, UTC."""
    match = DATE.match(words(day) or "")
    parts = _three(clock)
    if not match or parts is None:
        return None
    hours, minutes, seconds = parts
    if hours >= 24 or minutes >= 60 or seconds >= 60:
        return None
    try:
        start = datetime(int(match[1]), int(match[2]), int(match[3]), tzinfo=UTC)
    except ValueError:
        return None
    return start + timedelta(hours=hours, minutes=minutes, seconds=seconds)


def location(tags: Tags) -> tuple[float, float] | None:
    """Latitude and longitude; None unless both are whole, in range, signed by their refs, and not 0,0."""
    lat = _degrees(tags.get("GPSLatitude"), tags.get("GPSLatitudeRef"), "NS", 90)
    lon = _degrees(tags.get("GPSLongitude"), tags.get("GPSLongitudeRef"), "EW", 180)
    if lat is None or lon is None or (abs(lat) < NOWHERE and abs(lon) < NOWHERE):
        return None
    return lat, lon


def _degrees(value: Any, ref: Any, signs: str, most: float) -> float | None:
    parts, side = _three(value), (words(ref) or "").upper()
    if parts is None or len(side) != 1 or side not in signs:
        return None
    degrees, minutes, seconds = parts
    total = degrees + minutes / 60 + seconds / 3600
    if minutes >= 60 or seconds >= 60 or total > most:
        return None
    return total if side == signs[0] else -total


def _three(value: Any) -> tuple[float, float, float] | None:
    """Three numbers, none negative; a ratio over zero is none."""
    try:
        first, second, third = (float(part) for part in value)
    except (TypeError, ValueError, ZeroDivisionError, OverflowError):
        return None
    if all(isfinite(part) and part >= 0 for part in (first, second, third)):
        return first, second, third
    return None
