"""The opportunities of the book as they count in this company: asked by the month's 商机漏斗 and by 个人工作簿 (目的 1)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from ledger import opportunities
from ledger.opportunities import OPPORTUNITY, Matter
from processors.standing import History, Standing, histories, idle
from service.company import Service


def opportunities_until(service: Service, day: date) -> dict[Matter, History]:
    """Every opportunity with its steps up to the end of *day*; where the company approves them, only approved steps."""
    taken = [
        step
        for step in opportunities.steps(service.book, day)
        if step.decided or not service.settings.as_of(step.submitted_on).approval.get(OPPORTUNITY)
    ]
    return histories(taken, opportunities.wins(service.book, day))


def open_by_owner(service: Service, today: date) -> dict[str, Sequence[tuple[Standing, str]]]:
    """Person → their open opportunities on *today*, each with why it needs a push ('' if it does not), those first."""
    stale_days = service.settings.as_of(today).opportunities.stale_days
    found: dict[str, list[tuple[Standing, str]]] = {}
    for history in opportunities_until(service, today).values():
        standing = history.on(today)
        if standing is not None and standing.is_open:
            found.setdefault(standing.person, []).append((standing, idle(standing, today, stale_days)))
    return {
        person: sorted(own, key=lambda each: (not each[1], each[0].expected_on, each[0].customer, each[0].name))
        for person, own in found.items()
    }
