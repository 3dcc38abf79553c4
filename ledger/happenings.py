"""Whom the newest entries concern, and up to which one people's pages were looked through."""

from __future__ import annotations

from dataclasses import dataclass

from ledger.book import Book


@dataclass(frozen=True)
class Happening:
    """What kind of entry concerned which people; '' where it names nobody of that role."""

    kind: str
    form: str  #: of the row that it is about
    names: tuple[str, ...]  #: everybody whom it names: who did it, whose row, whose customer, who decides


def is_current(book: Book) -> bool:
    """Whether nothing was posted since pages were looked through."""
    until = looked_until(book)
    return until is not None and book.head()[0] <= until


def looked_until(book: Book) -> int | None:
    """The number of the last entry for which pages were brought up to date; None: never."""
    found = book.one("SELECT seq FROM page_mark")
    return None if found is None else int(found)


def look_until(book: Book, seq: int) -> None:
    """Remember that pages tell of everything up to *seq*; inside the transaction that queues them."""
    book.beside("page_mark", "INSERT OR REPLACE INTO page_mark (one, seq) VALUES (1, ?)", seq)


def happened_since(book: Book, seq: int) -> list[Happening]:
    """What happened after *seq*, each kind once for the people whom it names; what changes nobody's page is left out."""
    records = book.db.execute(_HAPPENED, (seq,))
    return [
        Happening(str(kind), str(form or ""), tuple(dict.fromkeys(name for name in names if name)))
        for kind, form, *names in records
    ]


#: Pages themselves are deliveries: they must not call for pages.
_HAPPENED = """
SELECT DISTINCT e.kind, COALESCE(r.form, e.payload ->> 'form'), e.actor, COALESCE(r.person, e.payload ->> 'person'),
    e.payload ->> 'approver', e.payload ->> 'deputy', e.payload ->> 'principal', e.payload ->> 'owner', c.owner,
    c.previous_owner, CASE WHEN e.kind LIKE 'person.%' THEN e.subject END
FROM entries AS e
LEFT JOIN s_rows AS r ON r.receipt_no = e.subject AND (e.kind LIKE 'row.%' OR e.kind = 'decision.made')
LEFT JOIN s_customers AS c ON e.kind LIKE 'customer.%' AND c.id = CAST(e.subject AS INTEGER)
WHERE e.seq > ? AND e.kind NOT IN ('delivery.queued', 'photo.kept', 'photo.unnamed', 'chain.keyed', 'door.received',
    'door.invited', 'door.bound', 'door.revoked', 'reminder.given')
"""
