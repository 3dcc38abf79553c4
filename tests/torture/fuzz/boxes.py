"""The boxes of a HEIF file: sizes, kinds and contents changed, boxes taken out, doubled and put into one another."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from random import Random

from tests.torture.fuzz import exif
from tests.torture.fuzz.packages import flipped

#: boxes that hold boxes → how many bytes of their own stand before those
_INSIDE = {b"meta": 4, b"iprp": 0, b"ipco": 0, b"dinf": 0, b"iinf": 6, b"moov": 0, b"trak": 0, b"iref": 4, b"grpl": 0}
_KINDS = (b"free", b"mdat", b"meta", b"iloc", b"ipco", b"ispe", b"hvcC", b"uuid", b"ftyp", b"irot", b"pixi", b"auxC", b"grid", b"\0\0\0\0")  # fmt: skip
_NUMBERS = (0, 1, 2, 0x7F, 0xFF, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, 40_000, 100_000)


@dataclass
class _Box:
    """A box: its kind, its own bytes, the boxes in it; what else is said of its length."""

    kind: bytes
    own: bytes
    inner: list[_Box] = field(default_factory=list)
    said: int | None = None

    def packed(self) -> bytes:
        """Its bytes."""
        body = self.own + b"".join(box.packed() for box in self.inner)
        return struct.pack(">I", len(body) + 8 if self.said is None else self.said) + self.kind + body


def heif(data: bytes, rng: Random) -> bytes:
    """A HEIF after a change; where the picture's bytes lie is set right again unless that is the change."""
    boxes = _parsed(data)
    nests = _nests(boxes)
    lists = [nest for nest in nests if nest]
    if not lists:
        return flipped(data, rng)
    nest = rng.choice(lists)
    at = rng.randrange(len(nest))
    box = nest[at]
    match rng.randrange(9):
        case 0:
            del nest[at]
        case 1:
            nest.insert(rng.randrange(len(nest) + 1), box)
        case 2:
            rng.choice(lists).append(box if not box.inner else _Box(rng.choice(_KINDS), rng.randbytes(12)))
        case 3:
            box.kind = rng.choice(_KINDS)
        case 4:
            box.said = rng.choice((*_NUMBERS, len(box.packed()) + 1, len(box.packed()) - 1))
        case 5 if b"Exif" in data:
            return _exif(data, rng)
        case _:
            box.own = _content(box.own, rng)
    return b"".join(each.packed() for each in boxes)


def _content(own: bytes, rng: Random) -> bytes:
    if len(own) < 4 or rng.random() < 0.3:
        return flipped(own, rng) if own else rng.randbytes(8)
    if rng.random() < 0.15:
        return own[: rng.randrange(len(own))]
    size = rng.choice((1, 2, 4))
    at = rng.randrange(min(len(own), 300) - size + 1)
    return own[:at] + (rng.choice(_NUMBERS) % (1 << 8 * size)).to_bytes(size, "big") + own[at + size :]


def _exif(data: bytes, rng: Random) -> bytes:
    """The camera's block where it lies, at the same length."""
    starts = [at for mark in (b"II*\0", b"MM\0*") if (at := data.find(mark)) >= 0]
    if not starts:
        return flipped(data, rng)
    start = min(starts)
    end = min(len(data), start + 2000)
    block = exif.changed(data[start:end], rng)
    return data[:start] + block[: end - start].ljust(end - start, b"\0") + data[end:]


def _parsed(data: bytes, depth: int = 0) -> list[_Box]:
    found, at = [], 0
    while at + 8 <= len(data):
        size, kind = struct.unpack_from(">I4s", data, at)
        size = len(data) - at if size == 0 or at + size > len(data) else size
        if size < 8:
            break
        body = data[at + 8 : at + size]
        skip = _INSIDE.get(kind)
        if skip is None or depth > 4:
            found.append(_Box(kind, body))
        else:
            found.append(_Box(kind, body[:skip], _parsed(body[skip:], depth + 1)))
        at += size
    if at < len(data):
        found.append(_Box(b"free", data[at:]))
    return found


def _nests(boxes: list[_Box]) -> list[list[_Box]]:
    """Every list of boxes."""
    return [boxes, *(nest for box in boxes for nest in _nests(box.inner) if box.inner)]
