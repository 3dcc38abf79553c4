"""What costs somebody money goes before 企管部, and whoever it concerns is told (销售日报 7(3), 7(4))."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from typing import Any

from ledger import rows
from ledger.charges import APPEAL, CHARGE, open_on, rulings_on
from ledger.journal import Entry, canonical
from ledger.records import Severity
from processors.compliance import UNDECIDED, Duty
from service.company import Service

_ASKED = "交过、没有被接受：计（同意）还是不计（驳回，写明原因）？请看“依据和证据”"


def put_before_supervision(
    service: Service, days: Iterable[date], duties: Sequence[Duty], evidence: dict[Duty, str], now: datetime
) -> None:
    """Ask 企管部 about each of *duties* that nobody has asked about yet; take back what does not stand any more.

    Inside a transaction.  *days* are all the days that *duties* were chosen from.
    """
    wanted = {(duty.day, duty.person): duty for duty in duties}
    for day in days:
        waiting, decided = open_on(service.book, CHARGE, day), rulings_on(service.book, day)
        heard = open_on(service.book, APPEAL, day)
        of_day = {person: duty for (when, person), duty in wanted.items() if when == day and person not in heard}
        for person, receipt_no in waiting.items():
            if person not in of_day:
                service.book.post([Entry("row.superseded", receipt_no, "kebu", {"by": ""})], now)
        for person, duty in sorted(of_day.items()):
            if person not in waiting and person not in decided:
                _ask(service, duty, evidence.get(duty, duty.remark), now)


def _ask(service: Service, duty: Duty, evidence: str, now: datetime) -> None:
    unit = service.settings.as_of(duty.day).daily_report.deduction_fen
    values = {
        "date": duty.day.isoformat(), "name": duty.person, "state": duty.state, "amount_fen": unit,
        "evidence": evidence,
    }  # fmt: skip
    cells = [
        ["日期", duty.day.isoformat()], ["姓名", duty.person], ["状态", duty.state], ["扣款金额", f"{unit / 100:.2f}"],
        ["依据和证据", evidence],
    ]  # fmt: skip
    key = f"{duty.person}|{duty.day.isoformat()}"
    said = hashlib.sha256(canonical([CHARGE, key, values]).encode()).hexdigest()[:32]
    payload = {
        "form": CHARGE, "department": duty.department, "submitted_at": now.isoformat(), "key": key,
        "fingerprint": said, "vals": values, "read": {}, "cells": cells, "photos": [], "embedded": {},
        "status": "pending", "file_id": 0, "sheet": CHARGE, "row_no": 0, "customer_id": None,
        "day": duty.day.isoformat(), "findings": [_finding()] if duty.state == UNDECIDED else [],
    }  # fmt: skip
    service.book.post([Entry("row.received", rows.new_receipt_no(service.book, now.date()), duty.person, payload)], now)


def _finding() -> dict[str, str]:
    return {
        "rule": "charge.tried", "clause": "daily.7.4", "severity": Severity.FLAG.value, "column": "状态",
        "message": _ASKED, "remedy": "由企管部核定",
    }  # fmt: skip


def undecided_fines(service: Service, duties: Collection[Duty]) -> int:
    """How many of the month's fines 企管部 has not decided on yet."""
    by_day: dict[date, Any] = {}
    for duty in duties:
        by_day.setdefault(duty.day, rulings_on(service.book, duty.day))
    return sum(duty.person not in by_day[duty.day] for duty in duties)
