"""What a row that takes effect is, and what a form does to the book then."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from ledger.journal import Entry
from policy.form import Form


@dataclass(frozen=True)
class Accepted:
    """A row that takes effect."""

    form: str
    receipt_no: str
    person: str
    values: Mapping[str, Any]
    read: Mapping[str, Any]
    customer_id: int | None
    today: date
    next_customer_id: int
    decided_by: str = ""  #: who approved it; '' where nobody had to
    next_receipt_no: str = ""  #: for another row that this one brings into the book
    arrived: Mapping[str, Any] = field(default_factory=dict)  #: file_id, sheet, row_no, submitted_at: where it stood
    overtakes: tuple[str, ...] = ()  #: 受理号 of earlier corrections of the same cell, which hold no more


def only_in_the_record(_row: Accepted) -> list[Entry]:
    """The row stands in the book and changes nothing else."""
    return []


@dataclass(frozen=True)
class FormEffects:
    """One form on the acting side; its module has the form's name."""

    form: type[Form]
    entries: Callable[[Accepted], list[Entry]] = only_in_the_record


def hands_over(row: Accepted, owner: str) -> dict[str, Any]:
    """The particulars of a customer's coming to *owner*."""
    return {
        "owner": owner,
        "shared": [name for name in row.values["shared"] if name != owner],
        "day": row.today.isoformat(),
        "receipt_no": row.receipt_no,
    }


def follows(row: Accepted) -> list[Entry]:
    """An approved order or confirmed payment counts as following the customer."""
    if row.customer_id is None:
        return []
    payload = {"day": row.today.isoformat(), "receipt_no": row.receipt_no}
    return [Entry("customer.followed", str(row.customer_id), row.person, payload)]
