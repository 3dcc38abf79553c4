"""How long a customer may go without being followed: one function for the countdown, the warnings and the sweep.

Counted in calendar days since the later of acquired and last followed, without
the owner's days of leave; a customer goes when strictly more days have passed
than its owner's limit (人员新增 10(2)).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from ledger.journal import Entry
from ledger.records import Customer, Person

Span = tuple[date, date]  #: first and last day


@dataclass(frozen=True)
class Followed:
    """A customer with what may keep it from going back to the pool."""

    customer: Customer
    open_orders: tuple[str, ...] = ()  #: 受理号 of approved orders that are not fully paid
    under_way: tuple[str, ...] = ()  #: 受理号 of rows about it that wait, not too long, for somebody's decision


@dataclass(frozen=True)
class Countdown:
    """How a customer stands on a day."""

    customer: Customer
    owner: str
    days_left: int  #: negative: over
    since: date  #: the day from which it is counted
    exempt: str  #: why it does not go although its time is over; '' if nothing keeps it
    goes_on: date  #: the day in whose first hour it goes if nobody follows it

    @property
    def due(self) -> bool:
        """Whether the customer goes back to the pool."""
        return self.days_left < 0 and not self.exempt


def days_away(leaves: Iterable[Span], since: date, today: date) -> int:
    """Days after *since*, up to *today*, on which somebody was on leave; days that two leaves cover count once."""
    away: set[date] = set()
    for start, end in leaves:
        first, last = max(start, since + timedelta(days=1)), min(end, today)
        away.update(first + timedelta(days=n) for n in range((last - first).days + 1))
    return len(away)


def countdown(
    followed: Followed, owner: Person, today: date, *, exempt_open_orders: bool, leaves: Iterable[Span] = ()
) -> Countdown:
    """How long the customer may still stay with its owner; *leaves* stop the clock."""
    customer = followed.customer
    since = max(filter(None, (customer.acquired_on, customer.last_followed_on)))
    allowed = owner.max_follow_days + days_away(leaves, since, today)
    return Countdown(
        customer=customer,
        owner=owner.name,
        days_left=allowed - (today - since).days,
        since=since,
        exempt=_exemption(followed, exempt_open_orders=exempt_open_orders),
        goes_on=since + timedelta(days=allowed + 1),
    )


def _exemption(followed: Followed, *, exempt_open_orders: bool) -> str:
    if followed.open_orders and exempt_open_orders:
        return f"订单未收齐款（受理号 {'、'.join(followed.open_orders)}）"
    if followed.under_way:
        return f"有待审批的内容（受理号 {'、'.join(followed.under_way)}）"
    return ""


def countdowns(
    followed: Iterable[Followed],
    people: Mapping[str, Person],
    today: date,
    *,
    exempt_open_orders: bool,
    leaves: Mapping[str, Sequence[Span]],
) -> list[Countdown]:
    """How every owned customer stands, the most urgent first."""
    found = [
        countdown(each, owner, today, exempt_open_orders=exempt_open_orders, leaves=leaves.get(owner.name, ()))
        for each in followed
        if (owner := people.get(each.customer.owner or "")) is not None
    ]
    return sorted(found, key=lambda each: (each.days_left, each.owner, each.customer.name))


def sweep(stands: Iterable[Countdown], today: date) -> Iterator[Entry]:
    """The customers that go back to the pool on *today*."""
    for each in stands:
        if each.due:
            payload = {
                "day": today.isoformat(),
                "owner": each.owner,
                "since": each.since.isoformat(),
                "days_left": each.days_left,
            }
            yield Entry("customer.recycled", str(each.customer.id), "kebu", payload)


def warnings(stands: Iterable[Countdown], warn_days: Iterable[int]) -> Iterator[tuple[Countdown, dict[str, Any]]]:
    """The customers whose owners are warned today, with what the journal keeps of it."""
    for each in stands:
        if each.days_left in set(warn_days) and not each.exempt:
            kept = {
                "customer_id": each.customer.id,
                "person": each.owner,
                "days": each.days_left,
                "since": each.since.isoformat(),
            }
            yield each, kept
