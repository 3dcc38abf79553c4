"""What a camera writes beside the pixels: EXIF with time, place, maker and a thumbnail."""

from __future__ import annotations

import io
import struct
from dataclasses import dataclass
from datetime import UTC, datetime

from PIL import Image
from PIL.ExifTags import GPS, IFD, Base
from PIL.TiffImagePlugin import IFDRational

THUMBNAIL = (320, 240)

# What the standard asks of every camera, whatever was taken.
ALWAYS: dict[int, object] = {
    Base.Orientation: 1, Base.XResolution: IFDRational(72, 1), Base.YResolution: IFDRational(72, 1),
    Base.ResolutionUnit: 2, Base.YCbCrPositioning: 1,
}  # fmt: skip
ALWAYS_DETAILS: dict[int, object] = {
    Base.ExifVersion: b"0232", Base.ComponentsConfiguration: bytes((1, 2, 3, 0)), Base.FlashPixVersion: b"0100",
    Base.ColorSpace: 1, Base.FNumber: IFDRational(19, 10), Base.ISOSpeedRatings: 100,
}  # fmt: skip


@dataclass(frozen=True)
class Shot:
    """When, where and with what a picture was taken; ``None`` is left out, as by a camera that does not know.

    ``taken`` is aware; without ``offset`` only its local hands are written, as most cameras do.
    """

    taken: datetime | None
    lat: float | None  #: WGS-84, degrees
    lon: float | None
    make: str = "HUAWEI"
    model: str = "Mate 60"
    software: str | None = None
    offset: bool = True


def exif_bytes(shot: Shot, thumbnail: Image.Image | None = None) -> bytes:
    """The EXIF block, beginning with ``Exif\\0\\0``."""
    exif = Image.Exif()
    exif[Base.Make], exif[Base.Model] = shot.make, shot.model
    for tag, value in ALWAYS.items():
        exif[tag] = value
    exif.get_ifd(IFD.Exif).update(ALWAYS_DETAILS)
    if shot.software is not None:
        exif[Base.Software] = shot.software
    if shot.taken is not None:
        _write_time(exif, shot.taken, offset=shot.offset)
    if shot.lat is not None and shot.lon is not None:
        exif.get_ifd(IFD.GPSInfo).update(_satellites(shot.lat, shot.lon, shot.taken))
    block = exif.tobytes()
    return block if thumbnail is None else _with_thumbnail(block, _small(thumbnail))


def _write_time(exif: Image.Exif, taken: datetime, *, offset: bool) -> None:
    local = taken.strftime("%Y:%m:%d %H:%M:%S")
    exif[Base.DateTime] = local
    details = exif.get_ifd(IFD.Exif)
    details[Base.DateTimeOriginal] = details[Base.DateTimeDigitized] = local
    if offset:
        zone = f"{taken:%z}"
        details[Base.OffsetTimeOriginal] = details[Base.OffsetTime] = f"{zone[:3]}:{zone[3:5]}"


def _satellites(lat: float, lon: float, taken: datetime | None) -> dict[int, object]:
    tags: dict[int, object] = {
        GPS.GPSVersionID: bytes((2, 3, 0, 0)),
        GPS.GPSLatitudeRef: "N" if lat >= 0 else "S",
        GPS.GPSLatitude: _sexagesimal(abs(lat)),
        GPS.GPSLongitudeRef: "E" if lon >= 0 else "W",
        GPS.GPSLongitude: _sexagesimal(abs(lon)),
        GPS.GPSMapDatum: "WGS-84",
    }
    if taken is not None:
        world = taken.astimezone(UTC)
        tags[GPS.GPSDateStamp] = world.strftime("%Y:%m:%d")
        tags[GPS.GPSTimeStamp] = tuple(IFDRational(part, 1) for part in (world.hour, world.minute, world.second))
    return tags


def _sexagesimal(degrees: float) -> tuple[IFDRational, IFDRational, IFDRational]:
    """Degrees, minutes and seconds; the seconds to 1/10000, which is 3 mm."""
    minutes, parts = divmod(round(degrees * 36_000_000), 600_000)
    return IFDRational(minutes // 60, 1), IFDRational(minutes % 60, 1), IFDRational(parts, 10_000)


def _small(image: Image.Image) -> bytes:
    small = image.convert("RGB")
    small.thumbnail(THUMBNAIL)
    out = io.BytesIO()
    small.save(out, "JPEG", quality=75)
    return out.getvalue()


def _with_thumbnail(block: bytes, picture: bytes) -> bytes:
    """*block* with a second directory that holds *picture*: Pillow reads such a directory but writes none."""
    tiff = bytearray(block[6:])
    order = ">" if tiff[:2] == b"MM" else "<"
    first: int = struct.unpack_from(order + "I", tiff, 4)[0]
    entries: int = struct.unpack_from(order + "H", tiff, first)[0]
    tiff += bytes(len(tiff) % 2)
    struct.pack_into(order + "I", tiff, first + 2 + 12 * entries, len(tiff))
    data = len(tiff) + 2 + 3 * 12 + 4
    directory = struct.pack(
        order + "H" + "HHIHxx" + 2 * "HHII" + "I",
        3,
        *(Base.Compression, 3, 1, 6),
        *(Base.JpegIFOffset, 4, 1, data),
        *(Base.JpegIFByteCount, 4, 1, len(picture)),
        0,
    )
    return block[:6] + bytes(tiff) + directory + picture
