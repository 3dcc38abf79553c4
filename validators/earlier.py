"""What the submitter wrote before in the same column: copied texts are told by it."""

from __future__ import annotations

from collections.abc import Set

from ledger import texts
from validators.context import Context
from validators.facts import EarlierText


def earlier_texts(context: Context, form: str, field: str, besides: Set[str] = frozenset()) -> tuple[EarlierText, ...]:
    """Earlier texts by the submitter, newest first; the row itself and those *besides* left out."""
    left_out = frozenset({context.receipt_no, *besides})
    found = texts.recent_texts(context.book, form, context.submitter.name, field, left_out)
    return tuple(EarlierText(receipt_no, text) for receipt_no, text in found)
