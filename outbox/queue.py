"""A file queued: what it will say goes into the book with the entries that it tells of; it is placed after the commit."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from ledger import deliveries
from ledger.book import Book
from ledger.kept_words import ToldWords, words_of
from outbox.told import said


def tell(book: Book, person: str, folder: str, name: str, model: Any, cause: str, at: datetime) -> None:
    """Queue the file that *model* says for a person's *folder*; one of that name that waits or lies there is replaced.

    Inside a transaction.  *model* is one of :data:`outbox.draw.KINDS`.
    """
    tell_words(book, person, folder, name, words_for(model), cause, at)


def tell_words(book: Book, person: str, folder: str, name: str, words: ToldWords, cause: str, at: datetime) -> None:
    """The same of what it says."""
    book.post([deliveries.queue(book, person, folder, name, words, cause)], at)


def tell_anew(book: Book, person: str, folder: str, name: str, words: ToldWords, cause: str, at: datetime) -> str:
    """The same under a name that this person was not given before; gives the name."""
    name = deliveries.free_name(book, person, folder, name)
    book.post([deliveries.queue(book, person, folder, name, words, cause)], at)
    return name


def words_for(model: Any) -> ToldWords:
    """What the file that *model* says will say."""
    return words_of(said(model))
