"""The nightly return of customers to the pool, the warnings before it, and its dry run (人员新增 10(2))."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from ledger import customers, days, deals
from ledger.journal import Entry
from outbox.receipts.compose import notice, queue_receipt
from outbox.receipts.model import Message
from processors.recycling import Countdown, Followed, countdowns, sweep, warnings
from service.company import Service


def stands_on(service: Service, today: date) -> list[Countdown]:
    """How every owned customer stands on *today*: for the countdown, the warnings, the sweep and its dry run."""
    numbers = service.settings.as_of(today).recycling
    open_orders = deals.open_orders(service.book)
    under_way = customers.undecided_rows(service.book, today - timedelta(days=numbers.undecided_days))
    followed = [
        Followed(customer, open_orders.get(customer.id, ()), under_way.get(customer.id, ()))
        for customer in customers.all_owned(service.book)
    ]
    owners = {each.customer.owner for each in followed if each.customer.owner}
    leaves = days.leaves(service.book, owners) if numbers.pause_on_leave else {}
    return countdowns(
        followed, service.people(today), today, exempt_open_orders=numbers.exempt_open_orders, leaves=leaves
    )


def recycle(service: Service, today: date, now: datetime) -> list[Countdown]:
    """Return to the pool what is due on *today*, tell the owners; gives what went.  Inside a transaction."""
    stands = stands_on(service, today)
    service.book.post(sweep(stands, today), now)
    gone = [each for each in stands if each.due]
    for owner in sorted({each.owner for each in gone}):
        own = [each for each in gone if each.owner == owner]
        lines = [f"“{each.customer.name}”自 {each.since} 起没有跟进，已超过期限，回到公海" for each in own]
        _tell(service, owner, "公海回收", lines, now)
    return gone


def warn(service: Service, today: date, now: datetime) -> int:
    """Warn the owners of customers that go back soon, once for each number of days; gives how many warnings."""
    ahead = service.settings.as_of(today).recycling.warn_days
    told: dict[str, list[str]] = {}
    for stand, kept in warnings(stands_on(service, today), ahead):
        if customers.reminded(service.book, kept):
            continue
        service.book.post([Entry("reminder.given", str(stand.customer.id), "kebu", kept)], now)
        words = f"“{stand.customer.name}”再过 {stand.days_left} 天没有跟进将回到公海（{stand.goes_on} 零点，上次跟进 {stand.since}）"
        told.setdefault(stand.owner, []).append(words)
    for owner, lines in sorted(told.items()):
        _tell(service, owner, "跟进提醒", lines, now)
    return sum(map(len, told.values()))


def _tell(service: Service, person: str, title: str, lines: list[str], now: datetime) -> None:
    told = notice(person, title, now, [Message("flag", line) for line in lines])
    queue_receipt(service.book, service.settings.folders.receipts, told, "recycling", now)
