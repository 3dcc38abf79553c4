"""An EXIF block changed by its directories: tags, kinds, counts, values, and where one directory points to the next."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from random import Random

from tests.torture.fuzz.packages import flipped

_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4}
_POINTERS = frozenset({0x8769, 0x8825, 0xA005})
_TAGS = (0x010F, 0x0110, 0x0112, 0x0131, 0x0132, 0x0201, 0x0202, 0x8769, 0x8825, 0x9003, 0x9004, 0x9011, 0x927C, 0x9286, 0xA005, 1, 2, 3, 4, 7, 29)  # fmt: skip
_NUMBERS = (0, 1, 2, 8, 0x7FFF, 0xFFFF, 0x10000, 10**9, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF)
_WORDS = (
    b"0000:00:00 00:00:00", b"0001:01:01 00:00:00", b"9999:12:31 23:59:59", b"2026:13:01 25:00:00", b"2026:02:30 10:00:00",
    b"2099:01:01 00:00:00", b"1970:01:01 00:00:00", b"2026-11-24T10:00:00Z", b"    :  :     :  :  ", b"\xe6\x98\x8e\xe5\xa4\xa9", b"\xff\xfe\0\0",
    b"+14:00", b"-14:00", b"+23:59", b"+99:99", b"Z", b"NS", b"n", b"W", b"X", b"\0\0\0\0", b"", b"%s%n", b"a" * 300,
    b"Adobe Photoshop", b"=1+1", b"\x1b[31m", b"\xe2\x80\xae\xe5\xbc\xa0", b"2026:11:24", b"0001:01:01", b"9999:12:31",
)  # fmt: skip
_RATIOS = ((0, 0), (1, 0), (0, 1), (999, 1), (59, 1), (60, 1), (0xFFFFFFFF, 1), (1, 0xFFFFFFFF), (90, 1), (180, 1), (23, 1), (24, 1))  # fmt: skip


@dataclass(frozen=True)
class _Entry:
    """One line of a directory: where it stands and what it says."""

    at: int
    tag: int
    kind: int
    count: int
    value: int

    @property
    def size(self) -> int:
        """Bytes of its value; more than four lie elsewhere."""
        return _SIZES.get(self.kind, 1) * self.count


def changed(block: bytes, rng: Random) -> bytes:
    """A TIFF block (as it stands after ``Exif\\0\\0``) after a change."""
    order = {b"II": "<", b"MM": ">"}.get(block[:2])
    entries = list(_entries(block, order)) if order else []
    if not order or not entries or rng.random() < 0.08:
        return flipped(block, rng)
    out, each = bytearray(block), rng.choice(entries)
    match rng.randrange(9):
        case 0:
            _set(out, order + "H", each.at, rng.choice(_TAGS))
        case 1:
            _set(out, order + "H", each.at + 2, rng.randrange(16))
        case 2:
            _set(out, order + "I", each.at + 4, rng.choice((*_NUMBERS, each.count + 1, max(0, each.count - 1))))
        case 3:
            _set(out, order + "I", each.at + 8, rng.choice((*_NUMBERS, each.at, rng.choice(entries).value)))
        case 4:
            _set(out, order + "H", rng.choice(_heads(block, order)), rng.choice((0, 1, 2, 200, 0xFFFF)))
        case 5:
            other = rng.choice(entries)
            out[each.at : each.at + 12], out[other.at : other.at + 12] = (
                block[other.at : other.at + 12],
                block[each.at : each.at + 12],
            )
        case 6:
            return bytes(out[: rng.randrange(8, len(out) + 1)])
        case _:
            _another_value(out, order, each, rng)
    return bytes(out)


def _set(out: bytearray, form: str, at: int, value: int) -> None:
    if at + struct.calcsize(form) <= len(out):
        struct.pack_into(form, out, at, value % (1 << 8 * struct.calcsize(form)))


def _another_value(out: bytearray, order: str, each: _Entry, rng: Random) -> None:
    """What cameras and cheats write: other words, other ratios, other numbers."""
    at = each.value if each.size > 4 else each.at + 8
    if each.kind == 2 or each.kind == 7:
        words = rng.choice(_WORDS)
        out[at : at + each.size] = words[: each.size].ljust(each.size, b"\0") if at + each.size <= len(out) else b""
    elif each.kind in (5, 10):
        for number in range(min(each.count, 6)):
            if rng.random() < 0.6:
                high, low = rng.choice(_RATIOS)
                _set(out, order + "I", at + 8 * number, high)
                _set(out, order + "I", at + 8 * number + 4, low)
    else:
        _set(out, order + ("H" if each.kind == 3 else "I"), at, rng.choice((*range(10), *_NUMBERS)))


def _heads(block: bytes, order: str) -> list[int]:
    """Where the directories begin."""
    heads: list[int] = []
    waiting = [_number(block, order, 4)]
    while waiting and len(heads) < 8:
        at = waiting.pop()
        if at in heads or at + 2 > len(block):
            continue
        heads.append(at)
        count = struct.unpack_from(order + "H", block, at)[0]
        if count > 300:
            continue
        waiting += [entry.value for entry in _directory(block, order, at, count) if entry.tag in _POINTERS]
        if at + 2 + 12 * count + 4 <= len(block):
            waiting.append(_number(block, order, at + 2 + 12 * count))
    return heads or [8]


def _entries(block: bytes, order: str) -> list[_Entry]:
    found: list[_Entry] = []
    for at in _heads(block, order):
        if at + 2 <= len(block):
            count = struct.unpack_from(order + "H", block, at)[0]
            found += _directory(block, order, at, min(count, 300))
    return found


def _directory(block: bytes, order: str, at: int, count: int) -> list[_Entry]:
    places = range(at + 2, at + 2 + 12 * count, 12)
    return [
        _Entry(place, *struct.unpack_from(order + "HHII", block, place)) for place in places if place + 12 <= len(block)
    ]


def _number(block: bytes, order: str, at: int) -> int:
    return int(struct.unpack_from(order + "I", block, at)[0]) if at + 4 <= len(block) else 0
