"""How a customer stands on a day, as whoever composes reports, workbooks and pages is told of it."""

from __future__ import annotations

from datetime import date
from typing import Protocol

from ledger.records import Customer


class Stand(Protocol):
    """How long a customer may stay with its owner."""

    @property
    def customer(self) -> Customer:
        """Whose time runs."""

    @property
    def owner(self) -> str:
        """With whom it is."""

    @property
    def days_left(self) -> int:
        """Negative: over."""

    @property
    def since(self) -> date:
        """The day from which it is counted."""

    @property
    def exempt(self) -> str:
        """Why it does not go although its time is over; '' if nothing keeps it, or it is far off."""

    @property
    def due(self) -> bool:
        """Whether it goes back to the pool."""
