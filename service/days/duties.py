"""A day judged from the ledger: the facts gathered, the processor asked (销售日报 7)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from ledger import days
from ledger.attempts import attempts_on
from ledger.charges import APPEAL, open_on, refused_appeals_on, rulings_on
from ledger.days import COMPLIANCE
from policy.posts import Approver, approver_for
from processors.compliance import DayFacts, Duty, comply
from service.company import Service
from service.rows.authority import deputy_for


def duties_on(service: Service, day: date, unreachable: Collection[str]) -> list[Duty]:
    """Everybody who owed a report on *day* under the numbers of that day, and what became of it."""
    settings = service.settings.as_of(day)
    people = service.people(day)
    active = [person for person in people.values() if person.active_on(day)]
    chain = settings.approval.get(days.DAILY_REPORT, ())
    reviewers = {person.name: approver_for(chain, person, active) for person in active}
    closed = days.last_closing(service.book, f"{COMPLIANCE}_{day}")
    known = DayFacts(
        reports={report.person: report for report in days.reports_on(service.book, day)},
        exemptions=days.exemptions_on(service.book, day),
        attempts=attempts_on(service.book, day),
        rulings=rulings_on(service.book, day),
        appeals=open_on(service.book, APPEAL, day),
        refused_appeals=refused_appeals_on(service.book, day),
        unread=days.unread_files_on(service.book, day),
        unreachable={*unreachable, *(closed["content"]["unreachable"] if closed else ())},
        reviewers={
            name: deputy_for(service, found.name, day)
            for name, found in reviewers.items()
            if isinstance(found, Approver)
        },
    )
    return comply(day, people.values(), known, settings, service.zone)
