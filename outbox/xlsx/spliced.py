"""A part of an archive of which a long piece is the same in many archives: that piece is squeezed once, and put in as it is.

Squeezed text may be put together of pieces that each end at a whole byte and refer to nothing before them.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from zipfile import ZipFile, ZipInfo


@dataclass(frozen=True)
class Piece:
    """Text with its squeezed form, to which more can be added."""

    text: bytes
    squeezed: bytes


def piece(text: str) -> Piece:
    """*text*, squeezed so that it may stand between others."""
    plain = text.encode()
    squeezer = _squeezer()
    return Piece(plain, squeezer.compress(plain) + squeezer.flush(zlib.Z_FULL_FLUSH))


def add_spliced(archive: ZipFile, entry: ZipInfo, pieces: Iterable[Piece]) -> None:
    """Put a part into *archive*, which is open for writing: the *pieces*, one after another."""
    squeezed, crc, size = list[bytes](), 0, 0
    for each in pieces:
        squeezed.append(each.squeezed)
        crc, size = zlib.crc32(each.text, crc), size + len(each.text)
    data = b"".join((*squeezed, _squeezer().flush()))
    entry.CRC, entry.file_size, entry.compress_size = crc, size, len(data)
    _put(archive, entry, data)


def _put(archive: ZipFile, entry: ZipInfo, data: bytes) -> None:
    """What ``writestr`` does with what it has squeezed itself; it takes nothing that is squeezed already."""
    stream = archive.fp
    assert stream is not None, "the archive is open"
    stream.seek(archive.start_dir)
    entry.header_offset = stream.tell()
    stream.write(entry.FileHeader(zip64=False))
    stream.write(data)
    archive.start_dir = stream.tell()
    archive.filelist.append(entry)
    archive.NameToInfo[entry.filename] = entry
    archive._didModify = True  # type: ignore[attr-defined]  # so that closing it writes its list


def _squeezer() -> zlib._Compress:
    return zlib.compressobj(wbits=-zlib.MAX_WBITS)  # as zipfile does it: the text alone, without a frame of zlib's
