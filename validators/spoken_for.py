"""Customers that somebody has claimed, or is handing over, and that are not decided yet (客户申领 4, 客户转交 8)."""

from __future__ import annotations

from typing import Any

from ledger import holdings
from ledger.records import Customer
from ledger.rows import live_row
from validators.context import Context
from validators.facts import Reserved
from validators.keys import lasting_key


def reserved(context: Context, customer: Customer | None, besides: str) -> Reserved | None:
    """The row other than *besides* for which the customer is kept, if there is one."""
    if customer is None:
        return None
    waiting = (each for each in context.ask(holdings.under_way, customer.id) if each.receipt_no != besides)
    return next((Reserved(each.person, each.receipt_no, each.form) for each in waiting), None)


def own_live(context: Context, record: Any) -> str:
    """受理号 of the row that this one would replace: it does not stand in its own way."""
    if record.customer is None:
        return context.receipt_no
    live = live_row(context.book, type(record).sheet, lasting_key(record, context))
    return live.receipt_no if live else context.receipt_no
