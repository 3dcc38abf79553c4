"""Reports that found no reader: kept in the ledger, sent by themselves to whoever takes up the post, however late."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from outbox.queue import tell
from service.company import Service
from service.days.outstanding import ATTAINMENT, DEDUCTION, REPORTS, Closing, holders_of, readers_of, unread_by
from service.sending.shelves import shelf


def send_unread(service: Service, now: datetime) -> int:
    """Queue what nobody of a post has ever got, now that somebody holds it; gives how many files."""
    sent = 0
    for kind in REPORTS:
        for post in readers_of(service, kind, now.date()):
            holders = holders_of(service, post, now.date())
            for period in unread_by(service, kind, post) if holders else ():
                with service.book.transaction():
                    for name in holders:
                        for folder, file in _shelf(service, kind, period):
                            tell(service.book, name, folder, file, _report(service, kind, period), "report", now)
                sent += len(holders)
    return sent


def _report(service: Service, kind: str, closing: Closing) -> Any:
    from service.sending.unread import REPORTS as MADE  # most rounds find nobody who takes up a post

    return MADE[kind](service, closing)


def _shelf(service: Service, kind: str, closing: Closing) -> list[tuple[str, str]]:
    """The months of 日报扣款 and 指标达成 lie side by side, everything else in its month's folder."""
    if kind in (DEDUCTION, ATTAINMENT):
        return [(service.settings.folders.reports, f"{closing['period']}.xlsx")]
    return shelf(service, kind, closing["period"].split("_")[1])
