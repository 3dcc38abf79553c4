"""What people will be told, kept as data until its file has left their folder again: the journal has its hash.

What many files say alike (the customers that nobody owns) is a part of its own, kept once.  A text that has it says the
part's hash, so that the journal's hash of the text stands for the part too.  A part goes with the last text that has it.
"""

from __future__ import annotations

import hashlib
import re
import zlib
from collections.abc import Iterator, Set
from dataclasses import dataclass

from ledger.book import Book

_SQUEEZE = 3  # the words of a receipt repeat themselves: harder work saves next to nothing


@dataclass(frozen=True)
class ToldWords:
    """What a file will say, as the ledger keeps it."""

    sha256: str
    squeezed: bytes
    parts: tuple[ToldWords, ...] = ()  #: what it says alike with others


def words_of(said: str, parts: tuple[ToldWords, ...] = ()) -> ToldWords:
    """What a file will say, of the JSON that says it.

    :param parts: those that it names by their hashes
    """
    words = said.encode("utf-8", "surrogatepass")
    return ToldWords(hashlib.sha256(words).hexdigest(), zlib.compress(words, _SQUEEZE), parts)


def keep(book: Book, words: ToldWords) -> None:
    """Keep *words*, and once what they say alike with others; inside the transaction that queues them."""
    book.beside("told", "INSERT OR IGNORE INTO told VALUES (?, ?)", words.sha256, words.squeezed)
    for part in words.parts:
        book.beside("told_parts", "INSERT OR IGNORE INTO told_parts VALUES (?, ?)", part.sha256, part.squeezed)
        book.beside("told_shares", "INSERT OR IGNORE INTO told_shares VALUES (?, ?)", words.sha256, part.sha256)


def of(book: Book, told: str) -> ToldWords:
    """What a delivery says, by its hash: JSON, as zlib squeezes it; b'' if it is not kept."""
    parts = book.db.execute(
        "SELECT sha256, words FROM told_shares CROSS JOIN told_parts ON sha256 = part WHERE told = ?", (told,)
    )
    words = bytes(book.one("SELECT words FROM told WHERE sha256 = ?", told) or b"")
    return ToldWords(told, words, tuple(ToldWords(sha256, bytes(part)) for sha256, part in parts))


def text_of(words: ToldWords) -> str:
    """The JSON of *words*."""
    return zlib.decompress(words.squeezed).decode("utf-8", "surrogatepass")


def forget(book: Book) -> None:
    """Drop the words of which nothing waits to be drawn, and nothing should lie in 取件; their hashes stay in the journal."""
    book.db.execute(
        """DELETE FROM told WHERE sha256 IN (SELECT told FROM spare)
           AND NOT EXISTS (SELECT 1 FROM lying WHERE lying.told = told.sha256) AND sha256 NOT IN
           (SELECT told FROM due CROSS JOIN s_deliveries ON id = delivery_id WHERE told IS NOT NULL)"""
    )
    book.db.execute("DELETE FROM spare")


def saying(book: Book, words: re.Pattern[str]) -> list[str]:
    """Hashes of the texts that say *words*, themselves or in a part."""
    found = [sha256 for sha256, squeezed in book.db.execute("SELECT sha256, words FROM told") if _says(squeezed, words)]
    for part, squeezed in book.db.execute("SELECT sha256, words FROM told_parts").fetchall():
        if _says(squeezed, words):
            found += [told for (told,) in book.db.execute("SELECT told FROM told_shares WHERE part = ?", (part,))]
    return list(dict.fromkeys(found))


def _says(squeezed: bytes, words: re.Pattern[str]) -> bool:
    return words.search(zlib.decompress(squeezed).decode("utf-8", "replace")) is not None


def changed(book: Book) -> Iterator[str]:
    """Hashes of texts and parts that are not what their hash says, and of texts whose parts are not those that they name."""
    shares: dict[str, set[str]] = {}
    for told, part in book.db.execute("SELECT told, part FROM told_shares"):
        shares.setdefault(told, set()).add(part)
    parts = set[str]()
    for sha256, squeezed in book.db.execute("SELECT sha256, words FROM told_parts"):
        parts.add(sha256)
        if _proved(sha256, squeezed) is None:
            yield sha256
    for sha256, squeezed in book.db.execute("SELECT sha256, words FROM told"):
        text = _proved(sha256, squeezed)
        shared = shares.pop(sha256, set())
        if text is None or _named(text) != shared or not shared <= parts:
            yield sha256
    yield from sorted(shares)


def _proved(sha256: str, squeezed: bytes) -> bytes | None:
    try:
        text = zlib.decompress(squeezed)
    except (zlib.error, TypeError):
        return None
    return text if hashlib.sha256(text).hexdigest() == sha256 else None


#: A part as JSON names it: within a text of JSON's a quote has a backslash before it, so that nobody can write one.
_NAME = re.compile(rb'[{,]"told":"([0-9a-f]{64})"')


def _named(text: bytes) -> Set[str]:
    return {name.decode() for name in _NAME.findall(text)}
