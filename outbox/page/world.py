"""What pages are put together from: gathered once for all pages of a round, each thing when the first page asks for it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Protocol

from ledger.book import Book
from ledger.records import Person
from outbox.page.desks import Desks
from outbox.standing import Stand
from policy.settings import Settings

KINDS = ("orders_fen", "payments_fen", "visits", "new_customers")
Numbers = Mapping[str, int]


class Owed(Protocol):
    """A report that somebody owed on a day, as far as the day has come."""

    @property
    def person(self) -> str:
        """Who owed it."""

    @property
    def state(self) -> str:
        """按时, 迟交, 缺交, 豁免, 待核实 or 未知, as if the day had ended."""

    @property
    def arrived_at(self) -> datetime | None:
        """When it came."""

    @property
    def reviewer(self) -> str:
        """Who reviews it; '' if nobody can."""

    @property
    def review(self) -> str:
        """按时, 逾期, 未审, 豁免; '' without a report."""

    @property
    def reviewed_at(self) -> datetime | None:
        """When it was reviewed."""

    @property
    def remark(self) -> str:
        """What was looked at."""


class World(Protocol):
    """The company at this moment."""

    @property
    def book(self) -> Book:
        """The ledger."""

    @property
    def settings(self) -> Settings:
        """The numbers in force today."""

    @property
    def now(self) -> datetime:
        """The clock."""

    @property
    def people(self) -> Mapping[str, Person]:
        """Everybody in the register."""

    def due_at(self, day: date) -> datetime:
        """When the reports of *day* are due."""

    def owed_today(self) -> Mapping[str, Owed]:
        """Person → the report that they owe today."""

    def lines_of(self, day: date) -> Sequence[Mapping[str, Any]] | None:
        """What the newest closing of *day* says of each person; None for a day that is not closed."""

    def deductions_of(self, month: str) -> Sequence[Mapping[str, Any]]:
        """Every version of a month's 日报扣款, the newest last: version, closed_at, content."""

    def evidence(self, person: str, day: date, remark: str) -> str:
        """What was looked at before somebody lost pay."""

    def fen_of_a_day(self, day: date) -> int:
        """What a missing report of *day* costs, in fen."""

    def stands_of(self, owner: str) -> Sequence[Stand]:
        """How the customers of *owner* stand, the most urgent first."""

    def stands_of_all(self, owners: Collection[str]) -> Sequence[Stand]:
        """How the customers of all of them stand, owner by owner."""

    @property
    def desks(self) -> Desks:
        """What lies before those whose pages are put together."""

    def targets(self, month: date) -> Mapping[str, Numbers]:
        """Person → the approved targets of the month that begins on this day."""

    def results(self, month: date) -> Mapping[str, Numbers]:
        """Person → what took effect in that month."""
