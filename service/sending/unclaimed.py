"""未认领到账 put together from the ledger and sent to those who may see it (客户回款 6.2)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from itertools import islice

from ledger import customers, days, names, payments, rows
from ledger.payments import Credit
from ledger.records import Status
from ledger.unpaid import PAYMENT
from outbox.queue import tell
from outbox.reports.shelf import places
from outbox.reports.unclaimed import Unclaimed, UnclaimedLine
from policy.words import fold
from processors.reconcile import propose_all
from service.company import Service
from service.rows.cashier import expected_of, is_refund
from service.sending.overview import OVERVIEW

UNCLAIMED = "未认领到账"
_MOST_HINTS = 3


def send_unclaimed(service: Service, day: date, lines: Sequence[Credit], now: datetime) -> list[str]:
    """Queue the report of *day* for everybody who may see it; gives the names.  Inside a transaction."""
    today = day + timedelta(days=1)
    settings = service.settings.as_of(today)
    last = days.last_closed(service.book, OVERVIEW)
    newest = last is None or date.fromisoformat(last) <= day
    shelf = list(places(service.settings.folders.reports, UNCLAIMED, day, newest=newest))
    made = Unclaimed(day, tuple(_shown(service, line, day) for line in lines), now)
    sent = []
    for viewer in service.people(today).values():
        if viewer.active_on(today) and viewer.post in settings.posts.sees.get(UNCLAIMED, ()):
            for folder, name in shelf:
                tell(service.book, viewer.name, folder, name, made, "report", now)
            sent.append(f"{viewer.name}/{UNCLAIMED}_{day}.xlsx")
    return sent


def unclaimed_lines(service: Service, day: date) -> list[Credit]:
    """Money that at the end of *day* has lain too long without a payment: none confirmed, none waiting that fits."""
    until = day - timedelta(days=service.settings.as_of(day).payments.unclaimed_days)
    unused = [line for line in payments.unused_lines(service.book) if line.arrived_on <= until]
    waiting = [
        row
        for status in (Status.PENDING, Status.WAITING)
        for row in rows.rows_with(service.book, status)
        if row.form == PAYMENT and not is_refund(row)
    ]
    wanted = {row.receipt_no: expected_of(service, row) for row in waiting}
    claimed = {line.serial for line in propose_all(wanted, unused).values()}
    return [line for line in unused if line.serial not in claimed]


def _shown(service: Service, line: Credit, day: date) -> UnclaimedLine:
    return UnclaimedLine(
        line.arrived_on, line.payer, line.amount_fen / 100, line.serial, line.memo, (day - line.arrived_on).days,
        "；".join(_maybe(service, line.payer)),
    )  # fmt: skip


def _maybe(service: Service, payer: str) -> list[str]:
    """The customer of this name, or else those whose name resembles it, each with its owner."""
    key = fold(payer)
    if (known := service.book.known(customers.named, key)) is not None:
        return [f"{known.name}（{known.owner or '公海'}）"]
    like = (bearer for near, _score in names.alike(service.book, key) for bearer in names.bearers(service.book, near))
    return [f"{each.name}（{each.owner}）" for each in islice(like, _MOST_HINTS)]
