"""期初客户: customers and open orders enter the book without an approval, marked as what was there before (目的 1)."""

from __future__ import annotations

from datetime import date

from ledger.journal import Entry
from policy.forms.opening import POOLED, OpeningCustomer
from policy.forms.order import Order
from policy.words import fold
from processors.effect import Accepted, FormEffects

MARK = "期初"  #: what the software says of such rows, in ``explain``


def _entries(row: Accepted) -> list[Entry]:
    entries = [] if row.customer_id is not None else [*_customer(row)]
    return [*entries, _order(row)] if row.values["amount_fen"] is not None else entries


def _customer(row: Accepted) -> list[Entry]:
    """The customer with the owner that it had; one in the pool goes there at once."""
    values, read, subject = row.values, row.read, str(row.next_customer_id)
    payload = {
        **{name: values[name] for name in ("name", "source", "type", "region", "address", "contact", "phone")},
        **read["area"],
        **{name: read[name] for name in ("owner", "name_key")},
        "lat": None, "lon": None,
        "id": row.next_customer_id,
        "shared": values["shared"],
        "acquired_on": read["counted_from"],
        "last_followed_on": values["followed_on"],
        "receipt_no": row.receipt_no,
        "kind": MARK,
    }  # fmt: skip
    added = Entry("customer.added", subject, row.person, payload)
    if values["state"] != POOLED:
        return [added]
    gone = {"day": row.today.isoformat(), "owner": values["owner"], "receipt_no": row.receipt_no}
    return [added, Entry("customer.recycled", subject, row.person, gone)]


def _order(row: Accepted) -> Entry:
    """The order as a row of its own, in effect: payments name its 受理号, and what came before the book is reckoned in."""
    values, contract_no = row.values, row.values["contract_no"]
    before = values["amount_fen"] - values["unpaid_fen"]
    order = Order.model_construct(
        customer=values["name"], contract_no=contract_no, signed_on=date.fromisoformat(values["signed_on"]),
        amount_fen=values["amount_fen"],
    )  # fmt: skip
    payload = {
        "form": Order.sheet,
        "department": "",
        **row.arrived,
        "key": "|".join(order.key("", ())),
        "fingerprint": "",
        "vals": {
            "customer": values["name"], "contract_no": contract_no, "signed_on": values["signed_on"],
            "amount_fen": values["amount_fen"], "contract_photos": [], "opportunity": None,
        },
        "read": {
            MARK: f"由期初客户 {row.receipt_no} 登记，此前已收 {before / 100:,.2f} 元",
            "customer_key": row.read["customer_key"], "contract_key": fold(contract_no) if contract_no else "",
            "opening_paid_fen": before,
        },
        "cells": _cells(row),
        "photos": [], "embedded": {}, "status": "accepted", "findings": [], "day": None,
        "customer_id": row.customer_id if row.customer_id is not None else row.next_customer_id,
    }  # fmt: skip
    return Entry("row.received", row.next_receipt_no, values["owner"] or row.person, payload)


def _cells(row: Accepted) -> list[list[str]]:
    values = row.values
    return [
        ["客户名称", values["name"]], ["合同编号", values["contract_no"] or ""], ["成交日期", values["signed_on"]],
        ["成交金额", f"{values['amount_fen'] / 100:.2f}"], ["合同照片", ""],
    ]  # fmt: skip


OPENING = FormEffects(OpeningCustomer, _entries)
