"""Pictures that look alike, found by an index that leaves none out.

A look is a hash of 64 bits, cut into three bands.  Two looks that differ in at most 8 bits differ in at most 2 bits
of one band: so the kept pictures are asked for every value that lies within 2 bits of a band of the asked look, and
those that are found are compared bit by bit.  Wider distances, and small books, are compared one by one.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import combinations
from typing import TYPE_CHECKING, TypeVar

from ledger.database import Database
from ledger.state_write import Writes

if TYPE_CHECKING:
    from ledger.book import Book

Key = TypeVar("Key")
Near = tuple[str, int]  #: content hash of a kept picture, and how many of 64 bits differ

WIDTHS = (21, 21, 22)
SHIFTS = (0, 21, 42)
RADIUS = 2
#: the widest distance that the bands find without exception: more bits may lie RADIUS + 1 to each band
WIDEST = len(WIDTHS) * (RADIUS + 1) - 1
FEW = 1_000  #: up to so many pictures, comparing them all costs less than asking the index
_NUMBER = 22  #: bits of a band's value; above them stands which band it is
_SIXTY_FOUR = (1 << 64) - 1

_CANDIDATES = """
WITH masks (place, mask) AS MATERIALIZED (SELECT value ->> 0, value ->> 1 FROM json_each(?)),
     looks (n, place, band) AS MATERIALIZED (SELECT value ->> 0, value ->> 1, value ->> 2 FROM json_each(?))
SELECT DISTINCT l.n, b.photo_id, b.dhash
FROM looks AS l CROSS JOIN masks AS m ON m.place = l.place
     CROSS JOIN s_photo_bands AS b ON b.band = (l.band | m.mask) - (l.band & m.mask)
"""  # SQLite has no exclusive or; and the order of the joins is the point of it
_EVERYBODY = f"SELECT photo_id, dhash FROM s_photo_bands WHERE band < {1 << _NUMBER}"


def keep(writes: Writes, photo_id: int, dhash: str) -> None:
    """Put a picture's hash (16 hexadecimal digits) where :func:`near` finds it."""
    look = int(dhash, 16)
    signed = look - (1 << 64) if look >> 63 else look
    for band in _bands(look):
        writes.run(
            "s_photo_bands", "INSERT INTO s_photo_bands VALUES (?, ?, ?)", band, photo_id, signed, rows=(photo_id,)
        )


def near(book: Book, asked: Mapping[Key, Sequence[int]], bits: int) -> dict[Key, list[Near]]:
    """For each key the kept pictures of which one of its looks differs by at most *bits* of 64, nearest first.

    The number of statements does not depend on how many are asked.
    """
    looks = [(key, look) for key, several in asked.items() for look in several]
    found: dict[Key, dict[int, int]] = {key: {} for key in asked}
    for n, photo_id, dhash in _candidates(book.db, [look for _key, look in looks], bits):
        key, look = looks[n]
        differ = ((dhash ^ look) & _SIXTY_FOUR).bit_count()
        if differ <= bits:
            found[key][photo_id] = min(differ, found[key].get(photo_id, differ))
    return _by_content(book.db, found)


def _candidates(db: Database, looks: Sequence[int], bits: int) -> Iterable[tuple[int, int, int]]:
    """Number of the look, id and hash of each picture that may be near it."""
    if bits > WIDEST or not _many(db):
        everybody = db.execute(_EVERYBODY).fetchall()
        return ((n, photo_id, dhash) for photo_id, dhash in everybody for n in range(len(looks)))
    cut = [(n, place, band) for n, look in enumerate(looks) for place, band in enumerate(_bands(look))]
    return db.execute(_CANDIDATES, (_masks(), json.dumps(cut)))


def _many(db: Database) -> bool:
    (count,) = db.execute(f"SELECT COUNT(*) FROM ({_EVERYBODY} LIMIT {FEW + 1})").fetchone()
    return bool(count > FEW)


def _by_content(db: Database, found: Mapping[Key, Mapping[int, int]]) -> dict[Key, list[Near]]:
    """Content hashes in place of ids; a picture that was dropped several times stands there once."""
    ids = json.dumps(sorted({photo_id for near_ids in found.values() for photo_id in near_ids}))
    names = dict(db.execute("SELECT id, sha256 FROM s_photos WHERE id IN (SELECT value FROM json_each(?))", (ids,)))
    answer: dict[Key, list[Near]] = {}
    for key, near_ids in found.items():
        nearest: dict[str, int] = {}
        for photo_id, differ in sorted(near_ids.items(), key=lambda pair: (pair[1], pair[0])):
            nearest.setdefault(names[photo_id], differ)
        answer[key] = list(nearest.items())
    return answer


def _bands(look: int) -> Iterator[int]:
    for place, (width, shift) in enumerate(zip(WIDTHS, SHIFTS, strict=True)):
        yield place << _NUMBER | (look >> shift) & ((1 << width) - 1)


@cache
def _masks() -> str:
    """Which bits of a band may differ: none, any one, any two."""
    return json.dumps(
        [
            (place, sum(1 << bit for bit in bits))
            for place, width in enumerate(WIDTHS)
            for size in range(RADIUS + 1)
            for bits in combinations(range(width), size)
        ]
    )
