"""What a picture shows, in numbers: hashes that find it again, sharpness, a small copy."""

from __future__ import annotations

import hashlib
from io import BytesIO
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image
from PIL.Image import Resampling, Transpose

if TYPE_CHECKING:
    from collections.abc import Iterator

#: EXIF's orientation → what must be done to see the picture upright
UPRIGHT = {
    2: Transpose.FLIP_LEFT_RIGHT,
    3: Transpose.ROTATE_180,
    4: Transpose.FLIP_TOP_BOTTOM,
    5: Transpose.TRANSPOSE,
    6: Transpose.ROTATE_270,
    7: Transpose.TRANSVERSE,
    8: Transpose.ROTATE_90,
}
ON_ITS_SIDE = frozenset({Transpose.TRANSPOSE, Transpose.ROTATE_270, Transpose.TRANSVERSE, Transpose.ROTATE_90})
FROM_THE_END = frozenset({Transpose.ROTATE_180, Transpose.FLIP_TOP_BOTTOM, Transpose.TRANSVERSE, Transpose.ROTATE_90})
TURNS = (Transpose.ROTATE_90, Transpose.ROTATE_180, Transpose.ROTATE_270, Transpose.FLIP_LEFT_RIGHT)
BAND = 64  #: rows hashed at a time: a second copy of 100 megapixels would not fit the reader
GREY_SIDE = 1000
PREVIEW_SIDE = 320
PREVIEW_QUALITY = 75


def to_rgb(picture: Image.Image) -> Image.Image:
    """The decoded pixels as 8-bit RGB; 16-bit greys are scaled, which Pillow would clip to white."""
    if picture.mode == "RGB":
        return picture
    if picture.mode.startswith("I") or picture.mode == "F":
        picture = _scaled_grey(picture)
    return picture.convert("RGB")


def _scaled_grey(picture: Image.Image) -> Image.Image:
    values = np.nan_to_num(np.asarray(picture, dtype=np.float32))
    # A 16-bit file decodes to 0-65535; only floats need their own measure.
    top = 65535.0 if picture.mode.startswith("I") else max(float(values.max(initial=0.0)), 1e-9)
    return Image.fromarray(np.clip(values * (255.0 / top), 0, 255).astype(np.uint8))


def orientation(picture: Image.Image) -> Transpose | None:
    """What must be done to see the picture upright; asked after decoding, as some formats turn themselves."""
    try:
        return UPRIGHT.get(int(picture.getexif().get(0x0112, 1)))
    except Exception:
        return None


def upright_size(picture: Image.Image, turn: Transpose | None) -> tuple[int, int]:
    """Width and height as seen."""
    width, height = picture.size
    return (height, width) if turn in ON_ITS_SIDE else (width, height)


def turned_by(picture: Image.Image, turn: Transpose | None) -> Image.Image:
    """The picture after *turn*, or itself."""
    return picture if turn is None else picture.transpose(turn)


def pixel_hash(rgb: Image.Image, turn: Transpose | None) -> str:
    """sha256 of the upright picture's RGB bytes, row by row: rewriting the orientation tag changes nothing."""
    digest = hashlib.sha256()
    for band in _bands(rgb, turn):
        digest.update(band.tobytes())
    return digest.hexdigest()


def _bands(rgb: Image.Image, turn: Transpose | None) -> Iterator[Image.Image]:
    """The upright picture in bands from its top, each turned by itself."""
    width, height = rgb.size
    length = width if turn in ON_ITS_SIDE else height
    if turn in FROM_THE_END:
        spans = [(max(end - BAND, 0), end) for end in range(length, 0, -BAND)]
    else:
        spans = [(start, min(start + BAND, length)) for start in range(0, length, BAND)]
    for start, end in spans:
        box = (start, 0, end, height) if turn in ON_ITS_SIDE else (0, start, width, end)
        yield turned_by(rgb.crop(box), turn)


def small(rgb: Image.Image, turn: Transpose | None, side: int) -> Image.Image:
    """An upright copy, at most *side* pixels long; smaller pictures keep their size."""
    factor = min(1.0, side / max(rgb.size))
    size = (max(round(rgb.width * factor), 1), max(round(rgb.height * factor), 1))
    copy = rgb if factor == 1.0 else rgb.resize(size, Resampling.BICUBIC, reducing_gap=2.0)
    return turned_by(copy, turn)


def dhash(grey: Image.Image) -> int:
    """64 bits: whether each of 8x8 cells is darker than its right neighbour; alike pictures differ in few."""
    cells = np.asarray(grey.resize((9, 8), Resampling.BOX), dtype=np.int16)
    bits = (cells[:, :-1] < cells[:, 1:]).ravel()
    return int.from_bytes(np.packbits(bits).tobytes(), "big")


def turned_hashes(grey: Image.Image) -> tuple[int, ...]:
    """The hash of the picture turned by 90, 180 and 270 degrees, and mirrored."""
    return tuple(dhash(grey.transpose(turn)) for turn in TURNS)


def sharpness(grey: Image.Image) -> float | None:
    """Variance of the Laplacian; meant for a long side of 1000 pixels."""
    light = np.asarray(grey, dtype=np.float32)
    if min(light.shape) < 3:
        return None
    around = light[:-2, 1:-1] + light[2:, 1:-1] + light[1:-1, :-2] + light[1:-1, 2:]
    return float(np.var(around - 4 * light[1:-1, 1:-1], dtype=np.float64))


def preview(copy: Image.Image) -> bytes:
    """A JPEG for approval sheets, at most 320 pixels long."""
    stream = BytesIO()
    small(copy, None, PREVIEW_SIDE).save(stream, "JPEG", quality=PREVIEW_QUALITY)
    return stream.getvalue()
