"""HEIC files as a phone's camera names them, without an encoder of somebody else's.

The picture is written as HEVC that keeps every sample as it is (``pcm_flag``, ITU-T H.265 § 7.3.8.7):
any decoder reads it, and nothing has to be predicted, transformed or searched for.  The files are as
large as the pixels, about what a phone makes.  Why: ``docs/decisions/051-heic-in-the-demo.md``.
"""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
from PIL import Image

BLOCK = 32  #: pixels; the largest block that may be kept as it is
LEVEL = 186  #: 6.2: any size that a camera makes

# How much of the interval each state leaves to the unlikely answer, while the interval is at its widest
# (H.265 table 9-52, last column).  Every block answers its one question in the likely way.
UNLIKELY = (
    240, 227, 216, 205, 195, 185, 175, 166, 158, 150, 142, 135, 128, 122, 116, 110, 104, 99, 94, 89, 85,
    80, 76, 72, 69, 65, 62, 59, 56, 53, 50, 48, 45, 43, 41, 39, 37, 35, 33, 31, 30, 28, 27, 25, 24, 23,
    22, 21, 20, 19, 18, 17, 16, 15, 14, 14, 13, 12, 12, 11, 11, 10, 9,
)  # fmt: skip


@dataclass
class Bits:
    """Bits in the order in which they are written."""

    written: list[int] = field(default_factory=list)

    def put(self, value: int, width: int) -> Bits:
        """*value* in *width* bits."""
        self.written.extend(value >> place & 1 for place in reversed(range(width)))
        return self

    def counts(self, *values: int) -> Bits:
        """Each value as an Exp-Golomb code, ue(v)."""
        for value in values:
            width = (value + 1).bit_length()
            self.put(value + 1, 2 * width - 1)
        return self

    def closed(self) -> bytes:
        """A one, then zeros up to the next byte."""
        self.put(1, 1).put(0, -len(self.written) % 8)
        return np.packbits(np.array(self.written, np.uint8)).tobytes()


def heic_bytes(image: Image.Image, exif: bytes) -> bytes:
    """*image* as HEIC; *exif* begins with ``Exif\\0\\0``.  An odd last row or column of pixels is left out."""
    width, height = image.width // 2 * 2, image.height // 2 * 2
    image = image.crop((0, 0, width, height))
    parts = (_video_set(), _sequence_set(width, height), _picture_set())
    picture = _unit(19, _slice_header() + _blocks(image))
    items = (struct.pack(">I", len(picture)) + picture, struct.pack(">I", 6) + exif)
    head = _box(b"ftyp", b"heic", struct.pack(">I", 0), b"mif1heic")
    # The places of the items depend on the length of what stands before them, not on its content.
    start = len(head) + len(_meta(width, height, parts, items, 0)) + 8
    return head + _meta(width, height, parts, items, start) + _box(b"mdat", *items)


# -- HEVC


def _unit(kind: int, payload: bytes) -> bytes:
    """A NAL unit; three zero-ish bytes in a row are kept apart (§ 7.4.2)."""
    return struct.pack(">BB", kind << 1, 1) + re.sub(rb"\x00\x00(?=[\x00-\x03])", b"\x00\x00\x03", payload)


def _profile(bits: Bits) -> Bits:
    """Main Still Picture, progressive frames."""
    return bits.put(3, 8).put(0x70000000, 32).put(0b1011, 4).put(0, 44).put(LEVEL, 8)


def _video_set() -> bytes:
    bits = Bits().put(0, 4).put(3, 2).put(0, 6).put(0, 3).put(1, 1).put(0xFFFF, 16)
    _profile(bits).put(1, 1).counts(0, 0, 0)
    return _unit(32, bits.put(0, 6).counts(0).put(0, 2).closed())


def _sequence_set(width: int, height: int) -> bytes:
    wide, high = _padded(width), _padded(height)
    bits = _profile(Bits().put(0, 4).put(0, 3).put(1, 1))
    bits.counts(0, 1, wide, high)
    bits.put(1, 1).counts(0, (wide - width) // 2, 0, (high - height) // 2)  # what is cut off, in chroma samples
    bits.counts(0, 0, 0).put(1, 1).counts(0, 0, 0)  # 8 bits a sample; one picture
    bits.counts(2, 0, 0, 3, 0, 0).put(0, 3)  # blocks of 32 that are never split; no scaling, AMP, SAO
    bits.put(1, 1).put(7, 4).put(7, 4).counts(2, 0).put(1, 1)  # PCM of 8 bits, blocks of 32, not filtered
    return _unit(33, bits.counts(0).put(0, 5).closed())


def _picture_set() -> bytes:
    bits = Bits().counts(0, 0).put(0, 7).counts(0, 0, 0)
    bits.put(0, 3).counts(0, 0).put(0, 7)
    bits.put(0b101, 3)  # deblocking is controlled: no override, switched off
    return _unit(34, bits.put(0, 2).counts(0).put(0, 2).closed())


def _slice_header() -> bytes:
    return Bits().put(0b10, 2).counts(0, 2, 0).closed()


def _blocks(image: Image.Image) -> bytes:
    """The slice's data: for each block two bytes of arithmetic code, then its samples."""
    luma, blue, red = _planes(image)
    samples = np.concatenate((_tiles(luma, BLOCK), _tiles(blue, BLOCK // 2), _tiles(red, BLOCK // 2)), axis=1)
    codes = np.array([_opening(number) for number in range(len(samples))], dtype=">u2")
    return np.hstack((codes.view(np.uint8).reshape(-1, 2), samples)).tobytes() + _code(508)


def _opening(number: int) -> int:
    """Not the end of the slice (not asked of the first block), one undivided block, kept as it is."""
    width = 510 if number == 0 else 508
    low = width - UNLIKELY[min(number, len(UNLIKELY) - 1)] - 2
    return (low | 1) << 7


def _code(low: int) -> bytes:
    return struct.pack(">H", (low | 1) << 7)


def _planes(image: Image.Image) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.uint8], npt.NDArray[np.uint8]]:
    width, height = image.size
    spread = np.asarray(image.convert("YCbCr"))
    spread = np.pad(spread, ((0, _padded(height) - height), (0, _padded(width) - width), (0, 0)), mode="edge")
    colour = spread[:, :, 1:].astype(np.uint16)
    fourth = (colour[::2, ::2] + colour[1::2, ::2] + colour[::2, 1::2] + colour[1::2, 1::2] + 2 >> 2).astype(np.uint8)
    return spread[:, :, 0], fourth[:, :, 0], fourth[:, :, 1]


def _tiles(plane: npt.NDArray[np.uint8], side: int) -> npt.NDArray[np.uint8]:
    """Blocks of *side* × *side* in reading order, one a row."""
    high, wide = plane.shape
    cut = plane.reshape(high // side, side, wide // side, side).swapaxes(1, 2)
    return cut.reshape(-1, side * side)


def _padded(length: int) -> int:
    return -(-length // BLOCK) * BLOCK


# -- the file around it (ISO/IEC 14496-12, 23008-12)


def _box(kind: bytes, *content: bytes) -> bytes:
    body = b"".join(content)
    return struct.pack(">I4s", len(body) + 8, kind) + body


def _full(kind: bytes, version: int, flags: int, *content: bytes) -> bytes:
    return _box(kind, struct.pack(">I", version << 24 | flags), *content)


def _meta(width: int, height: int, parts: tuple[bytes, ...], items: tuple[bytes, ...], start: int) -> bytes:
    return _full(
        b"meta", 0, 0,
        _full(b"hdlr", 0, 0, struct.pack(">I4s12xx", 0, b"pict")),
        _full(b"pitm", 0, 0, struct.pack(">H", 1)),
        _locations(items, start),
        _full(b"iinf", 0, 0, struct.pack(">H", 2), _info(1, b"hvc1"), _info(2, b"Exif")),
        _full(b"iref", 0, 0, _box(b"cdsc", struct.pack(">HHH", 2, 1, 1))),
        _properties(width, height, parts),
    )  # fmt: skip


def _info(item: int, kind: bytes) -> bytes:
    return _full(b"infe", 2, 0, struct.pack(">HH4sx", item, 0, kind))


def _locations(items: tuple[bytes, ...], start: int) -> bytes:
    rows, place = [], start
    for number, item in enumerate(items, 1):
        rows.append(struct.pack(">HHHII", number, 0, 1, place, len(item)))
        place += len(item)
    return _full(b"iloc", 0, 0, struct.pack(">BBH", 0x44, 0, len(items)), *rows)


def _properties(width: int, height: int, parts: tuple[bytes, ...]) -> bytes:
    owned = (
        _box(b"hvcC", _configuration(parts)),
        _full(b"ispe", 0, 0, struct.pack(">II", width, height)),
        _full(b"pixi", 0, 0, struct.pack(">B3B", 3, 8, 8, 8)),
        _box(b"colr", b"nclx", struct.pack(">HHHB", 1, 13, 6, 0x80)),  # sRGB, full range, as JPEG counts colours
    )
    links = struct.pack(">IHB4B", 1, 1, len(owned), 0x80 | 1, 2, 3, 4)
    return _box(b"iprp", _box(b"ipco", *owned), _full(b"ipma", 0, 0, links))


def _configuration(parts: tuple[bytes, ...]) -> bytes:
    """HEVCDecoderConfigurationRecord (ISO/IEC 14496-15 § 8.3.3): 4:2:0, 8 bits, lengths of 4 bytes."""
    head = struct.pack(
        ">BBI6sBHBBBBHB", 1, 3, 0x70000000, b"\xb0" + bytes(5), LEVEL, 0xF000, 0xFC, 0xFD, 0xF8, 0xF8, 0, 0x0F
    )
    sets = (struct.pack(">BHH", 0x80 | part[0] >> 1, 1, len(part)) + part for part in parts)
    return head + struct.pack(">B", len(parts)) + b"".join(sets)
