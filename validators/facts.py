"""What a rule may know besides the row: gathered before it is asked, handed in, frozen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from ledger.records import Area, Customer, Person, Photo, Row, Sighting
from ledger.targets import Aimed
from policy.form import Column
from policy.settings import Settings


@dataclass(frozen=True)
class Lookalike:
    """A customer whose name resembles the one in the row."""

    name: str
    owner: str
    score: float  #: 0–100


@dataclass(frozen=True)
class EarlierText:
    """A text that was handed in before."""

    receipt_no: str
    text: str


@dataclass(frozen=True)
class Reserved:
    """A customer that somebody has claimed, or is handing over, and that is not yet decided."""

    person: str
    receipt_no: str
    form: str


@dataclass(frozen=True)
class OrderFacts:
    """The order that a payment names."""

    receipt_no: str  #: of the order that counts now, where the one that was named has been replaced
    customer_key: str
    person: str
    status: str
    amount_fen: int
    paid_fen: int  #: confirmed payments, and those that wait for the cashier


@dataclass(frozen=True)
class CorrectedRow:
    """The row that a 更正 is about, and what is to stand in it."""

    row: Row
    voided_by: str | None = None  #: 受理号 of the 更正 that made it void
    used_by: str | None = None  #: 受理号 of the payment that a bank line confirms
    paid: Mapping[str, int] = field(default_factory=dict)  #: 受理号 of the payments of an order → fen
    followed: str = ""  #: what has come of the customers since a transfer, in words
    restores: tuple[Mapping[str, Any], ...] = ()  #: how customers stood before a transfer, as the journal will keep it
    column: Column | None = None  #: the column that is put right, if it may be
    value: Any = None  #: the new value as the journal will keep it
    trouble: str = ""  #: why the new value cannot be taken; '' if it can


@dataclass(frozen=True)
class Move:
    """What a transfer would move."""

    customers: tuple[Customer, ...] = ()
    owner: str = ""  #: whose they are now
    held: int = 0  #: customers that the receiver holds already, promised ones included
    rest: tuple[str, ...] = ()  #: of 全部, those that cannot go now


@dataclass(frozen=True)
class Facts:
    """Facts about one row.  Times are aware, in the company's zone."""

    now: datetime  #: when the row arrived
    settings: Settings  #: the numbers in force on that day
    submitter: Person
    people: Mapping[str, Person] = field(default_factory=dict)
    customer: Customer | None = None  #: the one that the row names
    customer_waiting: bool = False  #: it was submitted and still waits for approval
    customer_waiting_owner: str | None = None
    lookalikes: tuple[Lookalike, ...] = ()
    taken_name: Lookalike | None = None  #: a customer with this very name
    held: Mapping[str, int] = field(default_factory=dict)  #: person → customers held, waiting ones included
    photos: Mapping[str, tuple[Photo, ...]] = field(default_factory=dict)  #: field → pictures that have arrived
    usual_models: Mapping[str, int] = field(default_factory=dict)  #: camera model → earlier pictures by the submitter
    sightings: tuple[Sighting, ...] = ()  #: where the submitter took pictures last, newest first
    same_spot: Mapping[str, tuple[date, ...]] = field(
        default_factory=dict
    )  #: picture → days of pictures of its position
    earlier: Mapping[str, tuple[EarlierText, ...]] = field(default_factory=dict)  #: field → earlier texts
    phone_owner: str | None = None  #: who already has the phone number in the row
    area: Area | None = None  #: the row's 省/市/区, if it is real
    namesake: bool = False  #: somebody else in the register, or on the same sheet, has the row's name
    registered: bool = False  #: a colleague of this name and phone is already in the register
    name_taken: str = ""  #: why the name cannot be given to somebody; '' if it can
    name_way: str = ""  #: a way to write it that can

    ambiguous: tuple[str, ...] = ()  #: names of several customers that the row's name may mean
    reserved: Reserved | None = None  #: the customer is spoken for by another row
    claims_today: int = 0  #: other claims by the submitter that day
    plan: EarlierText | None = None  #: the approved plan that a visit follows
    same_contract: Reserved | None = None  #: an order elsewhere with the same 合同编号
    same_deal: Reserved | None = None  #: an order of the same customer, day and amount
    order: OrderFacts | None = None  #: the order that a payment names
    same_payment: Reserved | None = None  #: a payment of the same customer, day and amount
    move: Move = Move()
    stands_in: frozenset[str] = frozenset()  #: owners for whom the submitter may act, since they cannot
    day_state: str | None = None  #: how the day of an objection was judged; '' if nothing was owed, None if not yet
    told_on: date | None = None  #: when its owner was told
    deputies: Mapping[str, str] = field(default_factory=dict)  #: approver → who decides for them in the row's days
    opportunity_known: bool = False  #: the opportunity that an order names stands in the book
    original: CorrectedRow | None = None  #: the row that a 更正 is about
    opening: bool = False  #: the customer was there before the book began
    aims: tuple[Aimed, ...] = ()  #: other targets of the person in the year of a target

    def but(self, **known: Any) -> Facts:
        """These facts with more *known*: as :func:`dataclasses.replace`, which looks at each of the forty fields."""
        if not known.keys() <= self.__dict__.keys():
            raise TypeError(f"no such facts: {', '.join(known.keys() - self.__dict__.keys())}")
        facts = object.__new__(Facts)
        facts.__dict__.update(self.__dict__, **known)
        return facts

    @property
    def today(self) -> date:
        """The day on which the row arrived."""
        return self.now.date()

    def photos_of(self, name: str) -> tuple[Photo, ...]:
        """The pictures that the field *name* refers to and that have arrived."""
        return self.photos.get(name, ())

    def active(self, name: str) -> bool:
        """Whether a colleague of this name works here today."""
        person = self.people.get(name)
        return person is not None and person.active_on(self.today)
