"""Whether the thumbnail inside a picture shows the same picture: editors often forget it."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from intake.photo.pixels import dhash, turned_by, turned_hashes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PIL.Image import Transpose

DIFFERENT_BITS = 12
MOST_PIXELS = 4_000_000
FLAT = 3.0  #: grey levels: below it the hash of a picture is noise
SAME_SHAPE = 0.03


def thumbnail_differs(data: bytes, turn: Transpose | None, grey: Image.Image) -> bool | None:
    """Whether the thumbnail's hash is more than 12 bits from the upright picture's; None if that cannot be said."""
    try:
        with Image.open(BytesIO(data), formats=("JPEG",)) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                return None
            thumbnail = turned_by(opened.convert("L"), turn)
    except Exception:
        return None
    if _is_flat(grey) or _is_flat(thumbnail):
        return None
    return all(bits > DIFFERENT_BITS for bits in _differences(thumbnail, grey))


def _differences(thumbnail: Image.Image, grey: Image.Image) -> Iterator[int]:
    """Bits between the two, in every way in which an honest thumbnail is made."""
    for ours, theirs in _same_shape(thumbnail, grey):
        wanted = dhash(ours)
        # Some cameras store the thumbnail upright already; some programs turn the picture and not the tag.
        for found in (dhash(theirs), *turned_hashes(theirs)[:3]):
            yield (wanted ^ found).bit_count()


def _same_shape(thumbnail: Image.Image, grey: Image.Image) -> Iterator[tuple[Image.Image, Image.Image]]:
    yield thumbnail, grey
    wide, wanted = thumbnail.width / thumbnail.height, grey.width / grey.height
    if abs(wide / wanted - 1) > SAME_SHAPE:
        yield _middle(thumbnail, wanted), grey  # bars above and below
        yield thumbnail, _middle(grey, wide)  # cut at the sides


def _middle(picture: Image.Image, shape: float) -> Image.Image:
    width = min(picture.width, round(picture.height * shape)) or 1
    height = min(picture.height, round(picture.width / shape)) or 1
    left, top = (picture.width - width) // 2, (picture.height - height) // 2
    return picture.crop((left, top, left + width, top + height))


def _is_flat(grey: Image.Image) -> bool:
    return float(np.std(np.asarray(grey.resize((9, 8)), dtype=np.float32))) < FLAT
