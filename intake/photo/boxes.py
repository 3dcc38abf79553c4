"""What the parts of a HEIF call themselves, before the library for it is asked: it dies of names that are no text.

HEIF (ISO 14496-12) is a tree of boxes; ``meta`` → ``iinf`` → ``infe`` names each item's type and, for some, its content type.
"""

from __future__ import annotations

from collections.abc import Iterator

_MOST = 10_000  #: boxes of an honest picture: one for each tile, and some


def is_named_in_words(data: bytes) -> bool:
    """Whether the name of every item that can be found is text."""
    try:
        for item in _items(memoryview(data)):
            item.tobytes().decode()
    except UnicodeDecodeError:
        return False
    return True


def _items(data: memoryview) -> Iterator[memoryview]:
    """Type and names of each item, as they stand behind its number."""
    for kind, meta in _boxes(data):
        if kind != b"meta":
            continue
        for inner, listed in _boxes(meta[4:]):
            if inner == b"iinf" and len(listed) >= 6:
                entries = _boxes(listed[8 if listed[0] else 6 :])  # behind its version and their number
                yield from (item[_number(item) :] for name, item in entries if name == b"infe" and len(item) > 4)


def _number(item: memoryview) -> int:
    """Where the item's own number and protection end."""
    return 10 if item[0] >= 3 else 8


def _boxes(data: memoryview) -> Iterator[tuple[bytes, memoryview]]:
    """Kind and content of the boxes that stand one after another; ends where they end."""
    at = 0
    for _ in range(_MOST):
        size, head = int.from_bytes(data[at : at + 4], "big"), 8
        if size == 1:
            size, head = int.from_bytes(data[at + 8 : at + 16], "big"), 16
        elif size == 0:
            size = len(data) - at
        if size < head or at + head > len(data):
            return
        yield data[at + 4 : at + 8].tobytes(), data[at + head : at + size]
        at += size
