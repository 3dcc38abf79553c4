"""What a file is by its first bytes, and whether its end has arrived: cheap, for the inbox."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from collections.abc import Callable

HEAD = 64  #: bytes that :func:`sniff` looks at
TAIL = 65_557  #: the longest end of a zip: its record of 22 bytes and a comment
BLOCK = 1 << 20
MOST_PARTS = 10_000  #: segments or boxes of an honest picture; a hostile one has millions
PICTURE_SUFFIXES = frozenset(
    ".jpg .jpeg .jpe .jfif .mpo .png .heic .heif .hif .webp .tif .tiff .bmp .gif".split()  # noqa: SIM905
)
HEIF_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs", b"mif1", b"msf1"})


def sniff(data: bytes) -> str:
    """The kind of content: jpeg, png, heif, webp, tiff, gif, bmp, pdf, zip, ole or other; the first 64 bytes are enough."""
    for kind, start in _STARTS:
        if data.startswith(start):
            return kind
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "webp"
    if data[4:8] == b"ftyp" and data[8:12] in HEIF_BRANDS:
        return "heif"
    # "BM" alone begins many a text: the reserved words of a bitmap's header are zero.
    if data[:2] == b"BM" and data[6:10] == bytes(4):
        return "bmp"
    return "other"


def is_picture_name(name: str) -> bool:
    """Whether the name's extension is that of a picture; what is inside may be something else."""
    return Path(name.strip()).suffix.lower() in PICTURE_SUFFIXES


def complete(path: Path) -> bool:
    """Whether the file's own format says that its end is there; True for kinds that do not say.

    Raises OSError when the file cannot be read.
    """
    with path.open("rb") as stream:
        return ends_whole(stream)


def ends_whole(stream: BinaryIO) -> bool:
    """The same for an open, seekable stream."""
    size = stream.seek(0, os.SEEK_END)
    kind = sniff(_read(stream, 0, HEAD))
    check = _ENDS.get(kind)
    return check(stream, size) if check else True


def _read(stream: BinaryIO, start: int, count: int) -> bytes:
    stream.seek(max(start, 0))
    return stream.read(count)


def _jpeg_ends(stream: BinaryIO, size: int) -> bool:
    """An end-of-image mark after the first scan: thumbnails have theirs before it, trailers come behind."""
    position = _first_scan(stream)
    if position is not None and _JPEG_END in _read(stream, max(size - TAIL, position), TAIL):
        return True  # where it is in nearly every picture: the whole need not be read for it
    last = b""
    while position is not None and position < size:
        block = _read(stream, position, BLOCK)
        if _JPEG_END in last + block:
            return True
        last, position = block[-1:], position + len(block)
    return False


_JPEG_END = b"\xff\xd9"


def _first_scan(stream: BinaryIO) -> int | None:
    position = 2
    for _ in range(MOST_PARTS):
        mark = _read(stream, position, 4)
        if len(mark) < 4 or mark[0] != 0xFF:
            return None
        if mark[1] == 0xFF:  # a fill byte
            position += 1
            continue
        position += 2 + int.from_bytes(mark[2:], "big")
        if mark[1] == 0xDA:
            return position
    return None


def _png_ends(stream: BinaryIO, size: int) -> bool:
    return b"IEND\xaeB`\x82" in _read(stream, size - TAIL, TAIL)


def _zip_ends(stream: BinaryIO, size: int) -> bool:
    tail = _read(stream, size - TAIL, TAIL)
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) < at + 22:
        return False
    comment = int.from_bytes(tail[at + 20 : at + 22], "little")
    return len(tail) >= at + 22 + comment


def _heif_ends(stream: BinaryIO, size: int) -> bool:
    """The boxes that hold the picture are whole; what cameras hang on behind them may be no box at all."""
    needed = {b"meta", b"mdat"}
    position = 0
    for _ in range(MOST_PARTS):
        head = _read(stream, position, 16)
        if not needed or len(head) < 8:
            break
        length = int.from_bytes(head[:4], "big")
        if length == 1:
            length = int.from_bytes(head[8:], "big")
        elif length == 0:
            length = size - position
        if length < 8 or position + length > size:
            return False
        needed.discard(head[4:8])
        position += length
    return not needed


def _riff_ends(stream: BinaryIO, size: int) -> bool:
    return int.from_bytes(_read(stream, 4, 4), "little") + 8 <= size


def _bmp_ends(stream: BinaryIO, size: int) -> bool:
    return int.from_bytes(_read(stream, 2, 4), "little") <= size


def _gif_ends(stream: BinaryIO, size: int) -> bool:
    return _read(stream, size - 16, 16).rstrip(b"\0").endswith(b";")


def _pdf_ends(stream: BinaryIO, size: int) -> bool:
    return b"%%EOF" in _read(stream, size - 2048, 2048)


_STARTS = (
    ("jpeg", b"\xff\xd8\xff"),
    ("png", b"\x89PNG\r\n\x1a\n"),
    ("gif", b"GIF87a"),
    ("gif", b"GIF89a"),
    ("tiff", b"II*\x00"),
    ("tiff", b"MM\x00*"),
    ("pdf", b"%PDF"),
    ("zip", b"PK\x03\x04"),
    ("zip", b"PK\x05\x06"),
    ("ole", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
)
_ENDS: dict[str, Callable[[BinaryIO, int], bool]] = {
    "jpeg": _jpeg_ends,
    "png": _png_ends,
    "zip": _zip_ends,
    "heif": _heif_ends,
    "webp": _riff_ends,
    "bmp": _bmp_ends,
    "gif": _gif_ends,
    "pdf": _pdf_ends,
}
