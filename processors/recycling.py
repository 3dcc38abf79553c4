"""How long a customer may go without being followed: one function for the countdown and for the nightly sweep."""

from __future__ import annotations

from datetime import date

from ledger.records import Customer, Person


def days_left(customer: Customer, owner: Person, today: date) -> int:
    """Days left before *customer* goes back to the pool; negative when it is over (人员新增 10(2)).

    Counted in calendar days since the later of acquired and last followed; a
    customer goes when *strictly more* days have passed than its owner's limit.
    """
    since = max(filter(None, (customer.acquired_on, customer.last_followed_on)))
    return owner.max_follow_days - (today - since).days
