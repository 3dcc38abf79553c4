"""Whether what finds parts of pictures is what was kept: taken away, a picture could be used again unseen."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator

from ledger import points
from ledger.book import Book


def unfit(book: Book) -> Iterator[str]:
    """Points that are not, or no longer, what the journal has the hash of (one sentence each)."""
    yield from (f"找相似照片用的记录不见了：{name}" for (name,) in book.db.execute(_MISSING))
    yield from (f"找相似照片用的记录不是当时存下的：{name}" for (name,) in _strange(book))
    at = secrets.randbelow(_PRIME)
    index = _indexed(book, at)
    for record in book.db.query("SELECT p.*, s.digest FROM points AS p LEFT JOIN s_photo_points AS s USING (photo_id)"):
        own, found = points.of_record(record), index.pop(record["photo_id"], 1)
        try:
            same = record["digest"] in (None, points.digest(own)) and found == _product(set(points.words(own)), at)
        except TypeError:  # whoever changed it put something else in the place of bytes
            same = False
        if not same:
            yield f"找相似照片用的记录被改动过：{record['sha256']}"
    if index:
        yield "找相似照片用的索引里有多余的内容"


#: Two sets of words are told apart by a polynomial with these zeros, at a place that nobody can know before.
_PRIME = (1 << 61) - 1


def _product(words: Iterable[int], at: int) -> int:
    product = 1
    for word in words:
        product = product * (at - word) % _PRIME
    return product


def _indexed(book: Book, at: int) -> dict[object, int]:
    """For each picture the product over its words in the index, in one pass: asking for each word takes ten times longer."""
    found: dict[object, int] = {}
    for word, photo_id in book.db.execute("SELECT word, photo_id FROM point_words"):
        number = word if isinstance(word, int) else -1  # no word of ours
        found[photo_id] = found.get(photo_id, 1) * (at - number) % _PRIME
    return found


def _strange(book: Book) -> list[tuple[str]]:
    """Those that are of another picture or another time than the journal says, or that it does not know at all."""
    known = book.db.execute(_OTHERWISE).fetchall()
    unknown = book.db.execute(
        "SELECT 1 FROM points WHERE photo_id NOT IN (SELECT photo_id FROM s_photo_points) LIMIT 1"
    )
    return [*known, *(book.db.execute(_UNKNOWN) if unknown.fetchone() else ())]


_MISSING = "SELECT sha256 FROM s_photo_points WHERE photo_id NOT IN (SELECT photo_id FROM points) ORDER BY photo_id"
_OTHERWISE = """SELECT s.sha256 FROM points AS p JOIN s_photo_points AS s USING (photo_id)
                WHERE p.sha256 IS NOT s.sha256 OR p.kept_at IS NOT s.kept_at ORDER BY photo_id"""
#: Those from before the journal kept their hashes are of pictures that came earlier than the first of which it does.
_UNKNOWN = """SELECT p.sha256 FROM points AS p WHERE p.photo_id NOT IN (SELECT photo_id FROM s_photo_points)
              AND (NOT EXISTS (SELECT 1 FROM s_photos AS k WHERE k.id = p.photo_id AND k.sha256 IS p.sha256)
                   OR p.photo_id >= (SELECT MIN(payload ->> 'id') FROM entries
                                     WHERE kind = 'photo.kept' AND json_type(payload, '$.points') IS NOT NULL))
              ORDER BY photo_id"""
