"""The calls that the shim wrote down, in the order in which they were done."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.torture.shim import KINDS

HEAD = struct.Struct("<iiqqIIII")


@dataclass(frozen=True)
class Call:
    """One call that changed something, or made it durable."""

    kind: str
    number: int  #: its count; 0: it was not counted
    path: str
    to: str  #: of a renaming or linking: the new name
    offset: int  #: of a write; the length of a cut; of a creation: 1 if nothing had that name
    data: bytes


def recorded(path: Path) -> Iterator[Call]:
    """Every call in the file."""
    data, at = path.read_bytes(), 0
    while at < len(data):
        kind, _pid, number, offset, first, second, size, _flags = HEAD.unpack_from(data, at)
        at += HEAD.size
        ends = (at + first, at + first + second, at + first + second + size)
        names = data[at : ends[0]].decode("utf-8", "surrogateescape"), data[ends[0] : ends[1]].decode("utf-8", "surrogateescape")  # fmt: skip
        yield Call(KINDS[kind], number, *names, offset, data[ends[1] : ends[2]])
        at = ends[2]
