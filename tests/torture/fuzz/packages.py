"""A zip changed as a package: parts taken out, doubled, renamed, and what its directory says of them."""

from __future__ import annotations

import re
import struct
import zipfile
import zlib
from collections.abc import Callable
from io import BytesIO
from random import Random

_LOCAL, _CENTRAL, _END = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"
_ODD = (0, 1, 10, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0xFFFFFFFF, 0x80000000)
MOST = 600_000  #: bytes of a mutant; larger ones only cost time

_NAMES = (
    "xl/externalLinks/externalLink1.xml", "xl/connections.xml", "xl/embeddings/a.bin", "xl/activeX/a.xml", "xl/media/a.emf",
    "xl/cellimages.xml", "xl/metadata.xml", "docProps/custom.xml", "xl/comments1.xml", "xl/drawings/vmlDrawing1.vml",
    "xl/calcChain.xml", "mimetype", "", "xl/vbaProject.bin", "Index.zip",
)  # fmt: skip

Parts = list[tuple[str, bytes]]


def unpacked(data: bytes) -> Parts | None:
    """Every member, doubles too; None when it cannot be opened any more."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            if sum(info.file_size for info in archive.infolist()) > 4 * MOST:
                return None
            return [(info.filename, archive.read(info)) for info in archive.infolist()]
    except Exception:
        return None


def packed(parts: Parts) -> bytes:
    """A package of these, in this order; doubles are kept.  Always the same bytes."""
    out, directory = BytesIO(), BytesIO()
    for name, body in parts:
        said, squeezed = name.encode("utf-8", "surrogateescape"), _deflated(body)
        facts = struct.pack("<HHHHHIII", 20, 0x800, 8, 0, 33, zlib.crc32(body), len(squeezed), len(body))
        at = out.tell()
        out.write(_LOCAL + facts + struct.pack("<HH", len(said), 0) + said + squeezed)
        directory.write(_CENTRAL + b"\x14\0" + facts + struct.pack("<HHHHHII", len(said), 0, 0, 0, 0, 0, at) + said)
    start, listed = out.tell(), directory.getvalue()
    out.write(listed + _END + struct.pack("<HHHHIIH", 0, 0, len(parts), len(parts), len(listed), start, 0))
    return out.getvalue()


def _deflated(body: bytes) -> bytes:
    squeeze = zlib.compressobj(1, zlib.DEFLATED, -15)
    return squeeze.compress(body) + squeeze.flush()


def changed_parts(parts: Parts, rng: Random) -> Parts:
    """Other parts than there were."""
    return rng.choice(_OF_PARTS)(list(parts), rng)


def _without(parts: Parts, rng: Random) -> Parts:
    del parts[rng.randrange(len(parts))]
    return parts


def _doubled(parts: Parts, rng: Random) -> Parts:
    name, body = rng.choice(parts)
    other = rng.choice((name, name.upper(), f"/{name}", name.replace("/", "\\"), f"./{name}", f"{name}x"))
    parts.insert(rng.randrange(len(parts) + 1), (other, rng.choice((body, rng.choice(parts)[1], b""))))
    return parts


def _renamed(parts: Parts, rng: Random) -> Parts:
    at = rng.randrange(len(parts))
    name, body = parts[at]
    other = (name.upper(), f"/{name}", name.replace("/", "\\"), f"x/{name}", f"../{name}", name + "\0.xml", *_NAMES)
    parts[at] = (rng.choice(other), body)
    return parts


def _exchanged(parts: Parts, rng: Random) -> Parts:
    one, two = rng.randrange(len(parts)), rng.randrange(len(parts))
    parts[one], parts[two] = (parts[one][0], parts[two][1]), (parts[two][0], parts[one][1])
    return parts


def _emptied(parts: Parts, rng: Random) -> Parts:
    at = rng.randrange(len(parts))
    parts[at] = (
        parts[at][0],
        rng.choice((b"", b"<a/>", b"\0" * 500, b"not xml", parts[at][1][: len(parts[at][1]) // 2])),
    )
    return parts


def _another(parts: Parts, rng: Random) -> Parts:
    name = rng.choice(_NAMES)
    body = rng.choice((b"<a/>", b"<ddeLink/>", b"", rng.randbytes(200), rng.choice(parts)[1]))
    return [*parts, (name, body)]


def _shuffled(parts: Parts, rng: Random) -> Parts:
    rng.shuffle(parts)
    return parts


_OF_PARTS: tuple[Callable[[Parts, Random], Parts], ...] = (
    _without, _doubled, _renamed, _exchanged, _emptied, _another, _shuffled,
)  # fmt: skip


def lying(data: bytes, rng: Random) -> bytes:
    """The same package, of whose members something else is said than is true."""
    return rng.choice(_LIES)(bytearray(data), rng)


def _number(data: bytearray, mark: bytes, fields: tuple[tuple[int, str], ...], rng: Random) -> bytes:
    places = [found.start() for found in re.finditer(re.escape(mark), data)]
    if places:
        place, (offset, form) = rng.choice(places), rng.choice(fields)
        if place + offset + struct.calcsize(form) <= len(data):
            (old,) = struct.unpack_from(form, data, place + offset)
            new = rng.choice((*_ODD, old + 1, old - 1, old ^ (1 << rng.randrange(16))))
            struct.pack_into(form, data, place + offset, new % (1 << 8 * struct.calcsize(form)))
    return bytes(data)


def _local(data: bytearray, rng: Random) -> bytes:
    fields = ((4, "<H"), (6, "<H"), (8, "<H"), (14, "<I"), (18, "<I"), (22, "<I"), (26, "<H"), (28, "<H"))
    return _number(data, _LOCAL, fields, rng)


def _central(data: bytearray, rng: Random) -> bytes:
    fields = ((4, "<H"), (6, "<H"), (8, "<H"), (10, "<H"), (16, "<I"), (20, "<I"), (24, "<I"), (28, "<H"), (30, "<H"), (32, "<H"), (34, "<H"), (38, "<I"), (42, "<I"))  # fmt: skip
    return _number(data, _CENTRAL, fields, rng)


def _end(data: bytearray, rng: Random) -> bytes:
    return _number(data, _END, ((4, "<H"), (6, "<H"), (8, "<H"), (10, "<H"), (12, "<I"), (16, "<I"), (20, "<H")), rng)


def _zip64(data: bytearray, rng: Random) -> bytes:
    """The end says that the truth stands in a record of 64 bits, which says anything."""
    end = data.rfind(_END)
    if end < 0 or end + 22 > len(data):
        return bytes(data)
    count, size, start = struct.unpack_from("<HII", data, end + 10)
    told = [rng.choice((value, 0, 1, 1 << 62, (1 << 64) - 1, value + 1)) for value in (count, size, start)]
    record = b"PK\x06\x06" + struct.pack("<QHHIIQQQQ", 44, 45, 45, 0, 0, told[0], told[0], told[1], told[2])
    locator = b"PK\x06\x07" + struct.pack("<IQI", 0, rng.choice((end, 0, 1 << 63, end + 4)), 1)
    said = bytearray(data[end:])
    if rng.random() < 0.7:
        struct.pack_into("<HHII", said, 8, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF)
    return bytes(data[:end] + record + locator + said)


def _around(data: bytearray, rng: Random) -> bytes:
    """Something before it, behind it, or the end missing."""
    match rng.randrange(5):
        case 0:
            return b"MZ" + rng.randbytes(30) + bytes(data)
        case 1:
            return bytes(data) + rng.randbytes(rng.choice((1, 22, 70_000)))
        case 2:
            return bytes(data[: rng.randrange(1, len(data))]) if len(data) > 1 else bytes(data)
        case 3:
            return bytes(data) + bytes(data)
        case _:
            return bytes(data) + _END + bytes(18)


def _bytes(data: bytearray, rng: Random) -> bytes:
    return flipped(bytes(data), rng)


def flipped(data: bytes, rng: Random) -> bytes:
    """Some bytes otherwise, wherever they stand."""
    out = bytearray(data)
    for _ in range(rng.choice((1, 1, 2, 5, 20))):
        if out:
            out[rng.randrange(len(out))] = rng.choice((0, 1, 0x7F, 0x80, 0xFF, rng.randrange(256)))
    return bytes(out)


_LIES: tuple[Callable[[bytearray, Random], bytes], ...] = (_local, _central, _central, _end, _zip64, _around, _bytes)
