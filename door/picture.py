"""A picture as the phone sent it → the file that lies in 投递: its own pixels, our words about it, our seal.

Nothing that the phone wrote into the file survives; nothing is decoded here: that is done where a reader may be killed.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Annotated

from PIL import ExifTags, Image
from pydantic import BaseModel, ConfigDict, Field

from door.words import Challenge
from intake.photo.seal import bare, sealed
from ledger.records import Seal

MAKE, MODEL = "Kebu", "phone door"
Moment = Annotated[int, Field(ge=0, le=4_102_444_800_000)]  #: milliseconds since 1970; a clock may be years off
Degrees = Annotated[float, Field(allow_inf_nan=False)]


class Shot(BaseModel):
    """What the page says of a shutter: the phone's clock then and now, and where the phone thought it was."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    challenge: Annotated[str, Field(max_length=200)]
    phone_at: Moment
    phone_now: Moment
    late: bool
    lat: Annotated[Degrees, Field(ge=-90, le=90)] | None = None
    lon: Annotated[Degrees, Field(ge=-180, le=180)] | None = None
    accuracy: Annotated[Degrees, Field(ge=0, le=1e7)] | None = None

    @property
    def ahead(self) -> int:
        """Milliseconds from the shutter to the sending, by the phone's own clock; never negative."""
        return max(0, self.phone_now - self.phone_at)


@dataclass(frozen=True)
class SeenAt:
    """When a picture was taken and seen, by the door's clock."""

    taken_at: datetime
    received_at: datetime
    late: bool


def seen(shot: Shot, given: Challenge, received_at: datetime, live_seconds: int) -> SeenAt:
    """How a picture stands in time.

    The shutter fell after the challenge was given and before the picture came.  When that is not long, the
    picture is live, whatever the phone's clock says; otherwise the phone's clock is all there is.
    """
    reckoned = received_at - timedelta(milliseconds=shot.ahead)
    taken = min(max(reckoned, given.issued), received_at)
    late = shot.late or received_at - given.issued > timedelta(seconds=live_seconds)
    return SeenAt(taken, received_at, late)


def finished(body: bytes, shot: Shot, when: SeenAt, person: str, key: bytes) -> bytes:
    """The file for 投递.

    :raises NoJpeg: the body is not one whole JPEG
    """
    picture = bare(body)
    zone = when.received_at.tzinfo
    place = (shot.lat, shot.lon) if shot.lat is not None and shot.lon is not None else (None, None)
    seal = Seal(
        id=secrets.token_hex(16),
        person=person,
        challenge=shot.challenge,
        taken_at=when.taken_at,
        received_at=when.received_at,
        phone_at=datetime.fromtimestamp(shot.phone_at / 1000, zone),
        phone_ahead=round(shot.phone_now / 1000 - when.received_at.timestamp()),
        late=when.late,
        lat=place[0],
        lon=place[1],
        accuracy_m=shot.accuracy if place[0] is not None else None,
    )
    return sealed(picture, _exif(when.taken_at, place), seal, key)


def _exif(taken: datetime, place: tuple[float | None, float | None]) -> bytes:
    """The EXIF block: time by the door's clock with its offset, position, and who writes this."""
    exif = Image.Exif()
    exif[ExifTags.Base.Make], exif[ExifTags.Base.Model] = MAKE, MODEL
    offset = taken.strftime("%z")
    camera = exif.get_ifd(ExifTags.IFD.Exif)
    camera[ExifTags.Base.DateTimeOriginal] = f"{taken:%Y:%m:%d %H:%M:%S}"
    camera[ExifTags.Base.OffsetTimeOriginal] = f"{offset[:3]}:{offset[3:5]}"
    lat, lon = place
    if lat is not None and lon is not None:
        position = exif.get_ifd(ExifTags.IFD.GPSInfo)
        position[ExifTags.GPS.GPSLatitudeRef], position[ExifTags.GPS.GPSLatitude] = "NS"[lat < 0], _degrees(lat)
        position[ExifTags.GPS.GPSLongitudeRef], position[ExifTags.GPS.GPSLongitude] = "EW"[lon < 0], _degrees(lon)
    return exif.tobytes().removeprefix(b"Exif\0\0")


def _degrees(value: float) -> tuple[Fraction, Fraction, Fraction]:
    minutes, seconds = divmod(round(abs(value) * 3_600_000), 60_000)
    degrees, minutes = divmod(minutes, 60)
    return Fraction(degrees), Fraction(minutes), Fraction(seconds, 1000)
