"""部门概览: who gets it, each about their own colleagues (适用范围 2)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from ledger import days
from ledger.records import Person
from outbox.queue import tell
from outbox.reports.overview import Overview
from outbox.reports.shelf import places
from outbox.reports.watchlist import Belongs, Stands, sections
from policy.posts import COMPANY_WIDE
from policy.sight import sees
from processors.recycling import Countdown
from service.company import Service
from service.sending.sweeping import stands_on

OVERVIEW = "部门概览"


def send_overviews(service: Service, day: date, gone: Sequence[Countdown], now: datetime) -> list[str]:
    """Queue the overview of *day* for everybody who may see it; gives the names.  Inside a transaction."""
    today, sent = day + timedelta(days=1), []
    people, settings = service.people(today), service.settings.as_of(today)
    stands = Stands(stands_on(service, today), stands_on(service, day + timedelta(days=2)), gone)
    last = days.last_closed(service.book, OVERVIEW)
    newest = last is None or date.fromisoformat(last) <= day
    shelf = list(places(service.settings.folders.reports, OVERVIEW, day, newest=newest))
    for viewer in people.values():
        if not viewer.active_on(today) or not sees(OVERVIEW, viewer, viewer.department, settings):
            continue
        parts = sections(service.book, people, day, stands, _belongs(service, viewer, today))
        made = Overview(f"{OVERVIEW} {day}", parts, now)
        for folder, name in shelf:
            tell(service.book, viewer.name, folder, name, made, "report", now)
        sent.append(f"{viewer.name}/{OVERVIEW}_{day}.xlsx")
    return sent


def _belongs(service: Service, viewer: Person, today: date) -> Belongs:
    """The company's posts see everybody, a department manager their own department (适用范围 2)."""
    people = service.people(today)
    if viewer.post in COMPANY_WIDE:
        return lambda _name: True
    return lambda name: name is not None and name in people and people[name].department == viewer.department
