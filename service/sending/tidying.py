"""People's 取件 kept quiet: receipts and reports that are older than `[folders] keep_months` leave it at night."""

from __future__ import annotations

from datetime import datetime

from ledger.deliveries import Aged
from outbox.ageing import take_back_old
from outbox.reports.shelf import NEWEST
from policy.deadlines import months_before
from service.company import Service
from service.days.outstanding import DEDUCTION
from service.sending.delivering import out_of_reach


def tidy(service: Service, now: datetime) -> int:
    """Take back what is too old; gives how many files.  All of it stays in the book, and the originals in the archive."""
    folders = service.settings.folders
    before = months_before(now, folders.keep_months)
    away = out_of_reach(service, now)
    return take_back_old(service.book, service.outbox.share, before, now, lambda each: _leaves(service, each), away)


def _leaves(service: Service, each: Aged) -> bool:
    """Receipts and a day's or a month's report; not the newest of its kind, and no 日报扣款 (all of them stay there)."""
    top, folders = each.folder.split("/")[0], service.settings.folders
    if top == folders.reports:
        return not each.name.startswith(f"{DEDUCTION}_") and not each.name.endswith(f"_{NEWEST}.xlsx")
    return top == folders.receipts
