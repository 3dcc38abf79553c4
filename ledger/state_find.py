"""Kept tables by which things are found: names by their pairs, entries by the rows that they mention.

They hold nothing that the journal does not say, and grow with it, so that a question costs what it finds and not
what the book holds.
"""

from __future__ import annotations

import re

from ledger.journal import Posted
from ledger.name_pairs import pairs
from ledger.state_write import Writes

_RECEIPT_NO = re.compile(r'"(\d{6}-\d{4,})"')


def found_by(writes: Writes, posted: Posted) -> None:
    """By what *posted*, and what it is about, will be found."""
    for name_key in _names_in(posted):
        _name_pairs(writes, name_key)
    _mentions(writes, posted)


def _name_pairs(writes: Writes, name_key: str) -> None:
    """A folded name can be found by its pairs."""
    writes.run_each("s_name_pairs", _PAIR, [(pair, name_key) for pair in pairs(name_key)], rows=(name_key,))


_PAIR = "INSERT OR IGNORE INTO s_name_pairs (pair, name_key) VALUES (?, ?)"


def _names_in(posted: Posted) -> tuple[str, ...]:
    """The folded names of customers that an entry brings into the book, or on their way into it."""
    given = posted.entry.payload
    match posted.entry.kind:
        case "row.received" if given["form"] == "客户新增":
            return (given["key"],)
        case "customer.added":
            return (given["name_key"],)
        case "customer.changed":
            return tuple(filter(None, [given["changes"].get("name_key")]))
    return ()


def _mentions(writes: Writes, posted: Posted) -> None:
    """An entry can be found by every row that it is about or that its particulars name."""
    named = set(_RECEIPT_NO.findall(f'"{posted.entry.subject}"{posted.payload}'))
    if named:
        found = sorted(named)
        writes.run_each("s_mentions", _MENTION, [(receipt_no, posted.seq) for receipt_no in found], rows=tuple(found))


_MENTION = "INSERT OR IGNORE INTO s_mentions (receipt_no, seq) VALUES (?, ?)"
