"""The company at a moment, as pages are put together from it: each thing asked for once, when the first page wants it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

from ledger import activity, customers, days, deals, targets
from ledger.book import Book
from ledger.days import COMPLIANCE
from ledger.records import Customer, Person
from outbox.page.desks import Desks
from outbox.page.goals import last_of
from outbox.page.own import SOON
from policy.deadlines import due
from policy.periods import MONTHLY, Period
from policy.settings import Settings
from processors.attainment import aimed_at
from processors.compliance import Duty
from processors.recycling import Countdown, Followed, countdown
from service.company import Service
from service.days.duties import duties_on
from service.days.evidence import looked_at
from service.days.outstanding import DEDUCTION

Numbers = Mapping[str, int]


@dataclass
class Glance:
    """What :class:`outbox.page.world.World` promises, from the ledger."""

    service: Service
    now: datetime
    readers: Sequence[Person] = ()  #: those whose pages are put together
    _lines: dict[date, Sequence[Mapping[str, Any]] | None] = field(default_factory=dict)
    _deductions: dict[str, Sequence[Mapping[str, Any]]] = field(default_factory=dict)
    _stands: dict[str, Sequence[Countdown]] = field(default_factory=dict)
    _leaves: dict[str, Sequence[tuple[date, date]]] = field(default_factory=dict)
    _targets: dict[date, Mapping[str, Numbers]] = field(default_factory=dict)
    _results: dict[date, Mapping[str, Numbers]] = field(default_factory=dict)

    @property
    def book(self) -> Book:
        """The ledger."""
        return self.service.book

    @cached_property
    def settings(self) -> Settings:
        """The numbers in force today."""
        return self.service.settings.as_of(self.now.date())

    @cached_property
    def people(self) -> Mapping[str, Person]:
        """Everybody in the register."""
        return self.service.people(self.now.date())

    def due_at(self, day: date) -> datetime:
        """When the reports of *day* are due."""
        return due(day, self.service.settings.as_of(day), self.service.zone)

    @cached_property
    def _owed(self) -> Mapping[str, Duty]:
        return {duty.person: duty for duty in duties_on(self.service, self.now.date(), ())}

    def owed_today(self) -> Mapping[str, Duty]:
        """Person → the report that they owe today."""
        return self._owed

    def lines_of(self, day: date) -> Sequence[Mapping[str, Any]] | None:
        """What the newest closing of *day* says of each person; None for a day that is not closed."""
        if day not in self._lines:
            found = days.last_closing(self.book, f"{COMPLIANCE}_{day}")
            self._lines[day] = found["content"]["lines"] if found else None
        return self._lines[day]

    def deductions_of(self, month: str) -> Sequence[Mapping[str, Any]]:
        """Every version of a month's 日报扣款, the newest last."""
        if month not in self._deductions:
            self._deductions[month] = days.closings(self.book, f"{DEDUCTION}_{month}")
        return self._deductions[month]

    def evidence(self, person: str, day: date, remark: str) -> str:
        """What was looked at before somebody lost pay."""
        return looked_at(self.service, person, day, remark)

    def fen_of_a_day(self, day: date) -> int:
        """What a missing report of *day* costs, in fen."""
        return self.service.settings.as_of(day).daily_report.deduction_fen

    def stands_of(self, owner: str) -> Sequence[Countdown]:
        """How the customers of *owner* stand; what keeps one from going is asked only where it is about to go."""
        if owner not in self._stands:
            self._look_at([owner, *(each.name for each in self.readers)])
        return self._stands[owner]

    def stands_of_all(self, owners: Collection[str]) -> Sequence[Countdown]:
        """How the customers of all of them stand, owner by owner."""
        self._look_at(owners)
        return [each for owner in sorted(owners) for each in self._stands[owner]]

    def _look_at(self, owners: Iterable[str]) -> None:
        """Ask for the customers of those who were not asked for yet, all at once."""
        new = [owner for owner in dict.fromkeys(owners) if owner not in self._stands]
        if new and self.settings.recycling.pause_on_leave:
            self._leaves.update(days.leaves(self.book, new))
        for owner, owned in customers.owned_by_each(self.book, new).items() if new else ():
            found = [self._stand(each, owner) for each in owned]
            self._stands[owner] = sorted(found, key=lambda each: (each.days_left, each.customer.name))

    @cached_property
    def desks(self) -> Desks:
        """What lies before the readers."""
        return Desks(self.book, self.readers)

    def _stand(self, customer: Customer, owner: str) -> Countdown:
        far = self._countdown(Followed(customer), owner)
        if far.days_left > SOON:
            return far
        kept = Followed(customer, self._open_orders.get(customer.id, ()), self._under_way.get(customer.id, ()))
        return self._countdown(kept, owner)

    @cached_property
    def _open_orders(self) -> Mapping[int, tuple[str, ...]]:
        return deals.open_orders(self.book)

    @cached_property
    def _under_way(self) -> Mapping[int, tuple[str, ...]]:
        return customers.undecided_rows(
            self.book, self.now.date() - timedelta(days=self.settings.recycling.undecided_days)
        )

    def _countdown(self, followed: Followed, owner: str) -> Countdown:
        return countdown(
            followed, self.people[owner], self.now.date(), leaves=self._leaves.get(owner, ()),
            exempt_open_orders=self.settings.recycling.exempt_open_orders,
        )  # fmt: skip

    def targets(self, month: date) -> Mapping[str, Numbers]:
        """Person → the approved targets of the month that begins on this day."""
        if month not in self._targets:
            aims = targets.approved(self.book, month.year)
            self._targets[month] = aimed_at(aims, Period(MONTHLY, month.year, month.month))
        return self._targets[month]

    def results(self, month: date) -> Mapping[str, Numbers]:
        """Person → what took effect in that month."""
        if month not in self._results:
            found: dict[str, dict[str, int]] = {}
            for record in activity.achieved(self.book, month, last_of(month)):
                found.setdefault(record["person"], {})[record["kind"]] = int(record["n"] or 0)
            self._results[month] = found
        return self._results[month]
