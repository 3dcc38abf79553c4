"""Pictures of the story made: where, when and with whose phone."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, time, timedelta

from PIL import Image, ImageFilter

from demo import pictures
from demo.camera import Shot
from demo.people import CAMERAS
from demo.story import Picture

_DEGREE_M = 111_195.0  # metres of one degree of latitude


def develop(picture: Picture, who: str, now: datetime) -> bytes:
    """The file that *who*'s phone, messenger or editor would hand over."""
    if picture.made == "screenshot":
        return pictures.screenshot(picture.scene)
    if picture.made == "pdf":
        return pictures.scanned([_sheet(picture, n) for n in range(picture.sheets)], now)
    image = (
        pictures.document(picture.scene, picture.page) if picture.page else pictures.scene(picture.scene, picture.sign)
    )
    return MAKERS[picture.made](image, _shot(picture, who, now))


def _sheet(picture: Picture, number: int) -> Image.Image:
    """One page of a document that has several."""
    title, *lines = picture.page
    count = f"第 {number + 1} 页，共 {picture.sheets} 页"
    return pictures.document(picture.scene + number, (title, count, *lines))


def _shot(picture: Picture, who: str, now: datetime) -> Shot:
    day = now.date() - timedelta(days=picture.days_ago)
    make, model = CAMERAS[who]
    shot = Shot(datetime.combine(day, time.fromisoformat(picture.taken), now.tzinfo), None, None, make, model)
    if picture.at is None:
        return shot
    return replace(shot, lat=picture.at.lat + picture.metres_off / _DEGREE_M, lon=picture.at.lon)


def _coarse(image: Image.Image, shot: Shot) -> bytes:
    """The same scene saved anew: other bytes, other pixels, a fresh time of capture."""
    out = io.BytesIO()
    image.resize((1440, 1080)).save(out, "JPEG", quality=70)
    return pictures.jpeg(Image.open(out), shot, quality=75)


def _blurred(image: Image.Image, shot: Shot) -> bytes:
    """Taken by a hand that shook."""
    return pictures.jpeg(image.filter(ImageFilter.GaussianBlur(4)), shot)


MAKERS: Mapping[str, Callable[[Image.Image, Shot], bytes]] = {
    "jpeg": pictures.jpeg,
    "heic": pictures.heic,
    "stripped": lambda image, shot: pictures.stripped(pictures.jpeg(image, shot)),
    "edited": lambda image, shot: pictures.edited(pictures.jpeg(image, shot)),
    "coarse": _coarse,
    "blurred": _blurred,
}
