"""What a picture shows, in numbers: hashes that find it again, sharpness, a small copy."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Any, BinaryIO, TypeAlias, cast

import numpy as np
import numpy.typing as npt
from PIL import Image
from PIL.Image import Resampling, Transpose

if TYPE_CHECKING:
    from collections.abc import Iterator

Cells: TypeAlias = npt.NDArray[Any]

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
THUMBNAIL = 500  #: below this one pixel more or less tells in a cell: such pictures are turned themselves
GAP = 2.0  #: how much longer than the wanted size averaging may leave a picture: below it the sharpness suffers
PREVIEW_SIDE = 320
PREVIEW_QUALITY = 75
PREVIEW_GAP = 1.0  #: people only look at it: averaged as far as it goes


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
    """sha256 of the upright picture's RGB bytes, row by row: rewriting the orientation tag changes nothing.

    Books hold these hashes: the same pixels must give the same value for ever.
    """
    if turn is None:
        return _Bytes.of(rgb)
    digest = hashlib.sha256()
    for band in _bands(rgb, turn):
        digest.update(band.tobytes())
    return digest.hexdigest()


class _Bytes:
    """A file that only hashes what is written to it: pixels pass through it in small pieces, never copied as a whole."""

    def __init__(self, header: int) -> None:
        self._left = header
        self._digest = hashlib.sha256()

    @classmethod
    def of(cls, rgb: Image.Image) -> str:
        """The hash of the rows as they lie: what a PPM holds behind its header."""
        file = cls(len(f"P6\n{rgb.width} {rgb.height}\n255\n"))
        rgb.save(cast("BinaryIO", file), "PPM")
        return file._digest.hexdigest()

    def write(self, data: bytes) -> int:
        """Hash what stands behind the header."""
        passed = min(self._left, len(data))
        self._left -= passed
        self._digest.update(data[passed:] if passed else data)
        return len(data)

    def flush(self) -> None:
        """Nothing waits."""


def _bands(rgb: Image.Image, turn: Transpose) -> Iterator[Image.Image]:
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


@dataclass(frozen=True)
class Shrunk:
    """A picture made small in two steps: the first, in colour, is cheap and serves all that comes after it."""

    colour: Image.Image  #: at least twice as long as the grey one, or the picture itself
    grey: Image.Image  #: at most GREY_SIDE pixels long; smaller pictures keep their size


def shrunk(rgb: Image.Image, turn: Transpose | None) -> Shrunk:
    """An upright picture, small enough for what is measured of it."""
    width, height = _fitting(rgb.size, GREY_SIDE)
    by = (int(rgb.width / width / GAP) or 1, int(rgb.height / height / GAP) or 1)
    colour = rgb if by == (1, 1) else rgb.reduce(by)
    grey = colour.convert("L")
    if (width, height) != rgb.size:
        whole = (0.0, 0.0, rgb.width / by[0], rgb.height / by[1])  # the last pixels of *colour* may be half a pixel
        grey = grey.resize((width, height), Resampling.BICUBIC, box=whole)
    return Shrunk(turned_by(colour, turn), turned_by(grey, turn))


def small(rgb: Image.Image, turn: Transpose | None, side: int) -> Image.Image:
    """An upright copy to be looked at, at most *side* pixels long; smaller pictures keep their size."""
    size = _fitting(rgb.size, side)
    copy = rgb if size == rgb.size else rgb.resize(size, Resampling.BICUBIC, reducing_gap=GAP)
    return turned_by(copy, turn)


def _fitting(size: tuple[int, int], side: int) -> tuple[int, int]:
    """The size of a copy that is at most *side* pixels long."""
    factor = min(1.0, side / max(size))
    return max(round(size[0] * factor), 1), max(round(size[1] * factor), 1)


def dhash(grey: Image.Image) -> int:
    """64 bits: whether each of 8x8 cells is darker than its right neighbour; alike pictures differ in few."""
    return _gradient(_cells(grey, 9, 8))


def turned_hashes(grey: Image.Image) -> tuple[int, ...]:
    """The hash of the picture turned by 90, 180 and 270 degrees, and mirrored.

    Of all but thumbnails the cells are turned, not the picture: now and then a bit between two cells that are all but
    equal differs from that of the turned picture.
    """
    if max(grey.size) < THUMBNAIL:
        return tuple(dhash(grey.transpose(turn)) for turn in TURNS)
    across, down = _cells(grey, 9, 8), _cells(grey, 8, 9)
    turned = (np.rot90(down), np.rot90(across, 2), np.rot90(down, 3), across[:, ::-1])
    return tuple(_gradient(cells) for cells in turned)


def _cells(grey: Image.Image, columns: int, rows: int) -> Cells:
    return np.asarray(grey.resize((columns, rows), Resampling.BOX), dtype=np.int16)


def _gradient(cells: Cells) -> int:
    bits = (cells[:, :-1] < cells[:, 1:]).ravel()
    return int.from_bytes(np.packbits(bits).tobytes(), "big")


def sharpness(grey: Image.Image) -> float | None:
    """Variance of the Laplacian; meant for a long side of 1000 pixels."""
    light = np.asarray(grey, dtype=np.int16)
    if min(light.shape) < 3:
        return None
    around = light[:-2, 1:-1] + light[2:, 1:-1] + light[1:-1, :-2] + light[1:-1, 2:]
    edges = (around - 4 * light[1:-1, 1:-1]).ravel().astype(np.float64)
    return max(float(edges @ edges / edges.size - edges.mean() ** 2), 0.0)


def preview(colour: Image.Image) -> bytes:
    """A JPEG for approval sheets, at most 320 pixels long."""
    size = _fitting(colour.size, PREVIEW_SIDE)
    copy = colour if size == colour.size else colour.resize(size, Resampling.BICUBIC, reducing_gap=PREVIEW_GAP)
    stream = BytesIO()
    copy.save(stream, "JPEG", quality=PREVIEW_QUALITY)
    return stream.getvalue()
