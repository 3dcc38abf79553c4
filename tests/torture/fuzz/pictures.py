"""Pictures changed by their structure: JPEG segments and what EXIF holds, PNG chunks, the boxes of HEIF, objects of a PDF."""

from __future__ import annotations

import re
import struct
import zlib
from random import Random

from tests.torture.fuzz import exif
from tests.torture.fuzz.boxes import heif
from tests.torture.fuzz.packages import flipped

Pieces = list[tuple[bytes, bytes]]  #: what a piece is called, and its content

_PNG = b"\x89PNG\r\n\x1a\n"
_SCAN = b"\xda"
_BARE = frozenset(bytes((mark,)) for mark in (0x01, *range(0xD0, 0xDA)))  #: markers without a length
_MARKS = b"\xc0\xc1\xc2\xc3\xc4\xc9\xcc\xd8\xd9\xda\xdb\xdd\xe0\xe1\xe2\xeb\xed\xee\xfe\xff\x01"
_SEAL = b"KEBU-SEAL\0"


def picture(data: bytes, rng: Random) -> bytes:
    """A picture after a change, by what its first bytes say it is."""
    if rng.random() < 0.06:
        return _rough(data, rng)
    if data.startswith(b"\xff\xd8"):
        return _jpeg(data, rng)
    if data.startswith(_PNG):
        return _png(data, rng)
    if data[4:8] == b"ftyp":
        return heif(data, rng)
    if data.startswith(b"%PDF"):
        return _pdf(data, rng)
    return _rough(data, rng) if rng.random() < 0.5 else _numbers(data, rng)


def _rough(data: bytes, rng: Random) -> bytes:
    """Changed without a look at what it is."""
    if len(data) < 4:
        return data + rng.randbytes(8)
    at = rng.randrange(len(data))
    match rng.randrange(6):
        case 0:
            return data[:at]
        case 1:
            return data[:at] + data[at + rng.randrange(1, 500) :]
        case 2:
            return data[:at] + data[max(0, at - 200) : at] + data[at:]
        case 3:
            return data[:at] + bytes(len(data) - at)
        case 4:
            return data + rng.choice((bytes(1000), data, b"PK\x03\x04", b"\xff\xd9", b"ftypheic"))
        case _:
            return flipped(data, rng)


def _numbers(data: bytes, rng: Random) -> bytes:
    """A number of two or four bytes near the front set to one that hurts."""
    at, size = rng.randrange(max(1, min(len(data) - 4, 400))), rng.choice((2, 4))
    value = rng.choice((0, 1, 0x7FFF, 0xFFFF, 0x10000, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, len(data)))
    return data[:at] + (value % (1 << 8 * size)).to_bytes(size, rng.choice(("big", "little"))) + data[at + size :]


def _shuffled(pieces: Pieces, rng: Random) -> Pieces:
    """Pieces taken out, doubled, exchanged."""
    if not pieces:
        return pieces
    one, two = rng.randrange(len(pieces)), rng.randrange(len(pieces))
    match rng.randrange(4):
        case 0:
            return pieces[:one] + pieces[one + 1 :]
        case 1:
            return [*pieces[:two], pieces[one], *pieces[two:]]
        case 2:
            pieces[one], pieces[two] = pieces[two], pieces[one]
            return pieces
        case _:
            return [*pieces[:two], *[pieces[one]] * rng.choice((2, 20, 200)), *pieces[two:]]


def _jpeg(data: bytes, rng: Random) -> bytes:
    pieces, scan = _segments(data)
    kind, blocks = rng.random(), [n for n, (_mark, body) in enumerate(pieces) if body.startswith(b"Exif\0\0")]
    if kind < 0.45 and blocks:
        at = rng.choice(blocks)
        pieces[at] = (b"\xe1", b"Exif\0\0" + exif.changed(pieces[at][1][6:], rng))
    elif kind < 0.6:
        pieces = _shuffled(pieces, rng)
    elif kind < 0.8 and pieces:
        at = rng.randrange(len(pieces))
        pieces[at] = (pieces[at][0], _segment(*pieces[at], rng))
    elif kind < 0.85 and pieces:
        at = rng.randrange(len(pieces))
        pieces[at] = (bytes((rng.choice(_MARKS),)), pieces[at][1])
    elif kind < 0.9:
        return _joined(pieces, scan, rng)
    else:
        scan = flipped(scan, rng) if rng.random() < 0.7 else _rough(scan, rng)
    return _joined(pieces, scan)


def _segments(data: bytes) -> tuple[Pieces, bytes]:
    """The segments before the scan, and the scan with all that follows."""
    pieces: Pieces = []
    at = 2
    while at + 4 <= len(data) and data[at] == 0xFF and data[at + 1 : at + 2] != _SCAN:
        mark = data[at + 1 : at + 2]
        length = 2 if mark in _BARE else int.from_bytes(data[at + 2 : at + 4], "big")
        if length < 2 or at + 2 + length > len(data):
            break
        pieces.append((mark, data[at + 4 : at + 2 + length]))
        at += 2 + length
    return pieces, data[at:]


def _joined(pieces: Pieces, scan: bytes, lies: Random | None = None) -> bytes:
    """A JPEG of these; with *lies* one of the lengths is not true."""
    out = [b"\xff\xd8"]
    liar = lies.randrange(len(pieces)) if lies and pieces else -1
    for number, (mark, body) in enumerate(pieces):
        length = len(body[:65_533]) + 2
        if number == liar and lies:
            length = lies.choice((0, 1, 2, length - 1, length + 1, 0xFFFF, length // 2))
        out.append(b"\xff" + mark + struct.pack(">H", length) + body[:65_533])
    return b"".join((*out, scan))


def _segment(mark: bytes, body: bytes, rng: Random) -> bytes:
    """Another content: sizes of a frame, tables, seals, whatever stands there."""
    if mark in (b"\xc0", b"\xc1", b"\xc2") and len(body) > 6 and rng.random() < 0.7:
        size = struct.pack(">HH", *(rng.choice((0, 1, 8, 3000, 12_000, 40_000, 65_535)) for _ in range(2)))
        return body[:1] + size + body[5:] if rng.random() < 0.7 else body[:5] + bytes((rng.randrange(6),)) + body[6:]
    if mark == b"\xdb" and len(body) > 10:
        table = bytearray(body)
        table[rng.randrange(1, len(table))] = rng.choice((0, 1, 255))
        return bytes(table)
    if body.startswith(_SEAL) and rng.random() < 0.8:
        return _seal(body, rng)
    return flipped(body, rng) if rng.random() < 0.7 else body[: rng.randrange(len(body) + 1)]


_SEALS = (
    b"null", b"1e999", b"-1e999", b"NaN", b"true", b"[]", b"{}", b'""', b"\"0001-01-01T00:00:00+14:00\"", b"\"9999-12-31T23:59:59-14:00\"",
    b'"2026-11-24T10:00:00"', b'"2026-11-24T10:00:00+23:59"', b"99999999999999999999999", b"-1", b"91", b'"' + b"x" * 300 + b'"',
    b'"\\ud800"', b'"\\u0000"',
)  # fmt: skip


def _seal(body: bytes, rng: Random) -> bytes:
    """One of a seal's values exchanged, or a key."""
    found = list(re.finditer(rb'"(\w+)": ("[^"]*"|[^,}]+)', body))
    if not found:
        return body
    each = rng.choice(found)
    start, end = each.span(2) if rng.random() < 0.85 else each.span(1)
    return body[:start] + (rng.choice(_SEALS) if start == each.start(2) else b"x") + body[end:]


def _png(data: bytes, rng: Random) -> bytes:
    pieces: Pieces = []
    at = 8
    while at + 12 <= len(data):
        length = int.from_bytes(data[at : at + 4], "big")
        if at + 12 + length > len(data):
            break
        pieces.append((data[at + 4 : at + 8], data[at + 8 : at + 8 + length]))
        at += 12 + length
    kind, lies = rng.random(), None
    if kind < 0.25:
        pieces = _shuffled(pieces, rng)
    elif kind < 0.6 and pieces:
        number = rng.randrange(len(pieces))
        pieces[number] = (pieces[number][0], _chunk(*pieces[number], rng))
    elif kind < 0.85:
        pieces.insert(rng.randrange(len(pieces) + 1), rng.choice(_CHUNKS))
    else:
        lies = rng
    return _png_of(pieces, lies)


_BOMB = zlib.compress(bytes(3_000_000), 9)
_CHUNKS: tuple[tuple[bytes, bytes], ...] = (
    (b"iCCP", b"a\0\0" + _BOMB), (b"zTXt", b"Software\0\0" + _BOMB), (b"iTXt", b"XML:com.adobe.xmp\0\1\0\0\0" + _BOMB),
    (b"tEXt", b"Raw profile type exif\0\nexif\n  20\n4578696600"), (b"eXIf", b"MM\0*\0\0\0\x08\xff\xff"), (b"eXIf", b""),
    (b"acTL", struct.pack(">II", 0xFFFFFFFF, 0)), (b"acTL", struct.pack(">II", 2, 0)), (b"fcTL", bytes(26)), (b"fdAT", bytes(8)),
    (b"PLTE", bytes(3 * 300)), (b"PLTE", b"ab"), (b"tRNS", b""), (b"gAMA", bytes(4)), (b"pHYs", bytes(9)), (b"IEND", b""), (b"IDAT", b""),
    (b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)), (b"\0\0\0\0", b"x"), (b"cHRM", bytes(3)),
)  # fmt: skip


def _chunk(name: bytes, body: bytes, rng: Random) -> bytes:
    if name == b"IHDR" and len(body) == 13 and rng.random() < 0.8:
        width, height, depth, colour, squeezed, filtered, laced = struct.unpack(">IIBBBBB", body)
        sizes = (0, 1, width, height, 4000, 10_000, 60_000, 0x7FFFFFFF, 0xFFFFFFFF)
        if rng.random() < 0.5:
            return struct.pack(
                ">IIBBBBB", rng.choice(sizes), rng.choice(sizes), depth, colour, squeezed, filtered, laced
            )
        return struct.pack(">IIBBBBB", width, height, rng.choice((0, 1, 2, 4, 8, 16, 3)), rng.randrange(8), squeezed, filtered, rng.randrange(3))  # fmt: skip
    if name == b"eXIf":
        return exif.changed(body, rng)
    return flipped(body, rng) if rng.random() < 0.7 else body[: rng.randrange(len(body) + 1)]


def _png_of(pieces: Pieces, lies: Random | None) -> bytes:
    out, liar = [_PNG], lies.randrange(len(pieces)) if lies and pieces else -1
    for number, (name, body) in enumerate(pieces):
        length, check = len(body), zlib.crc32(name + body)
        if number == liar and lies:
            length, check = lies.choice(
                ((0, check), (length + 1, check), (0xFFFFFFFF, check), (length, 0), (0x7FFFFFFF, check))
            )
        out.append(struct.pack(">I", length) + name + body + struct.pack(">I", check))
    return b"".join(out)


_PDF_WORDS = (
    b"-1",
    b"0",
    b"99999999999",
    b"1e300",
    b"[]",
    b"<<>>",
    b"null",
    b"/Catalog",
    b"1 0 R",
    b"3 0 R",
    b"9999 0 R",
    b"true",
)


_PDF_PLACES = re.compile(rb"\b\d+ 0 R|/\w+|\b\d+\b")


def _pdf(data: bytes, rng: Random) -> bytes:
    """A number, a reference or a name of a PDF exchanged; a piece taken out or doubled."""
    found = list(_PDF_PLACES.finditer(data))
    if not found or rng.random() < 0.25:
        return _rough(data, rng)
    each, other = rng.choice(found), rng.choice(found)
    return data[: each.start()] + rng.choice((*_PDF_WORDS, other[0])) + data[each.end() :]
