"""A day or month closed: what it did, and its entry in the journal."""

from __future__ import annotations

import calendar
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from ledger import days
from ledger.journal import Entry, canonical
from service.company import Service
from service.summary import Summary


@dataclass
class Closed:
    """What closing a day or a month did."""

    period: str
    version: int = 0  #: 0: nothing had changed since the last closing
    files: list[str] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    for_operator: list[str] = field(default_factory=list)  #: what a person has to look into
    kept_for: list[str] = field(default_factory=list)  #: posts that nobody holds and that should read it
    summary: Summary = field(default_factory=Summary)


def post_closing(service: Service, period: str, content: dict[str, Any], now: datetime) -> int:
    """Post a closing unless it says the same as the last one; gives its version, or 0."""
    digest = hashlib.sha256(canonical(content).encode()).hexdigest()
    last = days.last_closing(service.book, period)
    if last is not None and last["digest"] == digest:
        return 0
    version = last["version"] + 1 if last else 1
    length, head = service.book.head()
    mark = {"length": length, "head": head}
    payload = {"version": version, "digest": digest, "content": content, "mark": mark}
    service.book.post([Entry("period.closed", period, "kebu", payload)], now)
    return int(version)


def hidden_on(hidden: Mapping[str, date], day: date) -> list[str]:
    """The people of whom something may have been missed on *day*."""
    return sorted(person for person, first in hidden.items() if first <= day)


def ended_days(year: int, month: int, today: date) -> list[date]:
    """The days of the month that are over."""
    first = date(year, month, 1)
    length = calendar.monthrange(year, month)[1]
    return [day for n in range(length) if (day := first + timedelta(days=n)) < today]
