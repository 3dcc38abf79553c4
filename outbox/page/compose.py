"""A page put together: the tasks, then every part that its reader's post may see (适用范围 2)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime

from ledger.days import COMPLIANCE
from ledger.records import Person
from outbox.page.fines import DEDUCTION, fines
from outbox.page.goals import REPORT, goals_of, months, my_goals
from outbox.page.model import Home, Part
from outbox.page.money import UNCLAIMED, payments
from outbox.page.own import my_customers, my_deductions, my_month
from outbox.page.reports import reports_of
from outbox.page.team import OVERVIEW, leaving, pool, transfers, visits_of
from outbox.page.today import tasks
from outbox.page.world import World
from outbox.told import said
from policy.posts import SALESPERSON
from policy.sight import sees, sees_row


def home(world: World, viewer: Person) -> Home:
    """The page of *viewer*."""
    return Home(
        company=world.settings.company.name,
        person=viewer.name,
        post=viewer.post,
        department=viewer.department,
        day=world.now.date(),
        drawn_at=world.now.replace(microsecond=0),
        tasks=tasks(world, viewer),
        parts=tuple(_plain(each) for each in _parts(world, viewer)),
    )


def _plain(part: Part) -> Part:
    """The part without charts of nothing but zeros."""
    return replace(part, charts=tuple(each for each in part.charts if any(bar.value for bar in each.bars)))


def cause_of(page: Home, looks: str) -> str:
    """What a delivery of *page* is marked with: the same for all that would look the same, whenever it was drawn.

    :param looks: what it is drawn with
    """
    words = said(replace(page, day=date.min, drawn_at=datetime.min))
    waited = [(page.day - task.since.date()).days for task in page.tasks]  # drawn as their age
    return f"page:{hashlib.sha256(f'{looks} {waited} {words}'.encode('utf-8', 'surrogatepass')).hexdigest()[:24]}"


def _parts(world: World, viewer: Person) -> Iterator[Part]:
    """Whose numbers a reader gets is what they get as reports: the company's, their department's, their own."""
    yield from _own(world, viewer)
    settings, here = world.settings, [each for each in world.people.values() if each.department == viewer.department]
    everybody = list(world.people.values())
    company = {report: sees(report, viewer, None, settings) for report in settings.posts.sees}
    team = {report: sees(report, viewer, viewer.department, settings) for report in settings.posts.sees}
    scope = {report: everybody if whole else here for report, whole in company.items()}
    if team.get(DEDUCTION):
        yield from fines(world, viewer)
    if team.get(COMPLIANCE):
        yield reports_of(world, viewer, _names(scope[COMPLIANCE]))
    if team.get(OVERVIEW) and not company[OVERVIEW]:
        yield visits_of(world, viewer, _names(here))
        yield leaving(world, viewer, _names(here))
    if team.get(REPORT):
        for month in months(world.now.date()):
            yield goals_of(world, viewer, scope[REPORT], month, company=company[REPORT])
    if company.get(OVERVIEW):
        yield pool(world, viewer)
        yield transfers(world, viewer)
        yield leaving(world, viewer, _names(everybody))
    if team.get(UNCLAIMED):
        yield payments(world, viewer)


def _names(people: Iterable[Person]) -> set[str]:
    return {each.name for each in people}


def _own(world: World, viewer: Person) -> Iterator[Part]:
    if viewer.post == SALESPERSON or world.stands_of(viewer.name):
        yield my_customers(world, viewer)
    if viewer.post in world.settings.posts.daily_report:
        yield my_month(world, viewer)
        yield my_deductions(world, viewer)
    if viewer.post == SALESPERSON and sees_row(REPORT, viewer, viewer, world.settings):
        for month in months(world.now.date()):
            yield my_goals(world, viewer, month)
