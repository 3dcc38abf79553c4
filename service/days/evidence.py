"""What was looked at before somebody loses pay, in words (销售日报 7(4))."""

from __future__ import annotations

from datetime import date

from ledger import days
from policy.calendar import WorkCalendar
from service.company import Service


def looked_at(service: Service, person: str, day: date, remark: str) -> str:
    """The evidence for a missing report of *person* on *day*; *remark* is what its closing says."""
    before, after = days.neighbours(service.book, person, day)
    parts = [
        f"工作日依据：{WorkCalendar(service.settings.as_of(day).calendar).basis(day)}",
        "没有覆盖当日的豁免登记",
        f"之前最近一份日报：{before or '无'}",
        f"之后最近一份日报：{after or '无'}",
    ]
    return "；".join([*parts, *([remark] if remark else [])])
