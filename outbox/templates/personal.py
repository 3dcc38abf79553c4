"""个人工作簿: all forms of a post in one, with what its owner may know of customers, visits and the pool."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Protocol

from ledger import customers, visits
from ledger.book import Book
from ledger.kept_words import ToldWords, words_of
from ledger.records import Customer, Person
from outbox.standing import Stand
from outbox.templates.model import POOL_SHEET, YOURS_FROM, Listing, PersonalWorkbook
from outbox.templates.offer import Least, Lists, forms_for, version_of
from outbox.told import said
from policy.posts import SALESPERSON

CHECK_LIST = (
    "回顾客户拜访历史，明确本次拜访目的〔客户拜访 5.1(1)〕",
    "准备好拜访的话题和方法〔客户拜访 5.1(2)〕",
    "着装整洁，展示良好的个人和企业形象〔客户拜访 5.1(3)〕",
    "带齐宣传资料、名片、笔记本和笔〔客户拜访 5.1(4)〕",
    "打开手机相机的定位，到达现场后拍照，保留原图〔客户拜访 5.2(3)〕",
)


class OpenDeal(Protocol):
    """How an opportunity stands on a day."""

    @property
    def customer(self) -> str:
        """With whom."""

    @property
    def name(self) -> str:
        """What it is called."""

    @property
    def stage(self) -> str:
        """How far it has come."""

    @property
    def amount_fen(self) -> int:
        """What it may bring."""

    @property
    def expected_on(self) -> date:
        """When."""

    @property
    def since(self) -> date:
        """The day of its last step."""

    @property
    def next_step(self) -> str:
        """What is to be done."""


@dataclass(frozen=True)
class Pool:
    """The customers that nobody owns, as they lie there on a day: told once for all who sell."""

    listing: Listing  #: as whoever waits for none of them sees it
    words: ToldWords  #: that say it
    waits: Mapping[
        str, Sequence[tuple[int, date]]
    ]  #: last owner → rows that this one may claim later, and when (客户申领 4)

    def seen_by(self, person: Person) -> Listing:
        """The sheet of *person*: the pool by its name, with the days from which this person may claim, while they are to come."""
        if not self.listing.rows:
            return self.listing
        marked = tuple(self.waits.get(person.name, ()))
        return Listing(self.listing.title, (), (), told=self.words.sha256, marked=marked)


def pool_on(customers: Sequence[Customer], cooldown: int, today: date) -> Pool:
    """The *customers* that nobody owns, as they lie there *today*.

    :param cooldown: for so many days their last owner may not claim them
    """
    waits: dict[str, list[tuple[int, date]]] = {}
    for n, customer in enumerate(customers):
        if customer.previous_owner and customer.pooled_on:
            opens = customer.pooled_on + timedelta(days=cooldown)
            if opens > today:
                waits.setdefault(customer.previous_owner, []).append((n, opens))
    listing = _pool(customers)
    return Pool(listing, words_of(said(listing)), waits)


def personal_workbook(
    book: Book,
    person: Person,
    lists: Lists,
    stands: Mapping[int, Stand],
    pool: Pool,
    deals: Sequence[tuple[OpenDeal, str]] = (),
    *,
    least: Least,
    names: Mapping[str, tuple[str, ...]],
    heading: str,
    today: tuple[Listing, ...],
) -> PersonalWorkbook:
    """What the personal workbook of *person* says.

    :param stands: customer's id → how it stands today
    :param pool: the customers that nobody owns
    :param deals: their open opportunities, each with why it needs a push ('' if it does not)
    :param least: fewest characters of texts
    :param names: colleagues to choose from, by list
    :param today: the parts of 今天, below its *heading*
    """
    forms = forms_for(person)
    return PersonalWorkbook(
        forms=tuple(form.sheet for form in forms),
        sections=(*_sections(book, person, stands, pool), *_opportunities(deals)),
        lists={name: tuple(words) for name, words in lists.items()},
        version=version_of(forms, lists, least),
        check_list=CHECK_LIST,
        least=dict(least),
        names=names,
        heading=heading,
        today=today,
    )


def cause_of(words: str) -> str:
    """What a delivery of these *words* is marked with, to tell whether a later one says anything else."""
    return "personal:" + hashlib.sha256(words.encode("utf-8", "surrogatepass")).hexdigest()[:12]


def _sections(book: Book, person: Person, stands: Mapping[int, Stand], pool: Pool) -> tuple[Listing, ...]:
    if person.post != SALESPERSON:
        return ()
    own = customers.customers_of(book, person.name)
    made = visits.histories(book, [customer.id for customer in own])
    return sections_of(person, own, made, stands, pool)


Histories = Mapping[int, Sequence[Mapping[str, Any]]]  #: customer's id → approved visits, newest first


def sections_of(
    person: Person,
    own: Sequence[Customer],
    made: Histories,
    stands: Mapping[int, Stand],
    pool: Pool,
) -> tuple[Listing, ...]:
    """The sheets to read of whoever sells: 我的客户, 拜访历史, 公海客户.

    :param stands, pool: as :func:`personal_workbook` takes them
    """
    return (_my_customers(own, made, stands), _history(own, made), pool.seen_by(person))


def _my_customers(own: Sequence[Customer], made: Histories, stands: Mapping[int, Stand]) -> Listing:
    """Every customer's last purpose and days left before recycling, the fewest first (客户拜访 5.1(1))."""
    rows = []
    for customer in sorted(own, key=lambda each: _urgency(stands.get(each.id))):
        last, stand = next(iter(made.get(customer.id, ())), None), stands.get(customer.id)
        rows.append((
            customer.name, customer.owner or "", customer.contact, customer.phone, _address(customer),
            customer.acquired_on, customer.last_followed_on, stand.days_left if stand else None,
            stand.exempt if stand else "", last["purpose"] if last else "", (last["next_purpose"] or "") if last else "",
        ))  # fmt: skip
    headers = (
        "客户名称", "归属", "联系人", "联系电话", "客户地址", "获得日期", "最近跟进", "剩余天数", "保留原因", "上次拜访目的",
        "下次拜访目的",
    )  # fmt: skip
    widths = (24, 8, 8, 16, 29, 12, 12, 9, 18, 21, 21)  # one screen
    return Listing("我的客户", headers, tuple(rows), widths, ("剩余天数：再过这些天没有跟进，客户将回到公海。",))


def _urgency(stand: Stand | None) -> float:
    return stand.days_left if stand and not stand.exempt else math.inf


def _address(customer: Customer) -> str:
    return "".join(dict.fromkeys((customer.province, customer.city, customer.district))) + customer.address


def _history(own: Sequence[Customer], made: Histories) -> Listing:
    """The visits to one's customers that were approved, newest first (客户拜访 5.1(1))."""
    rows = tuple(
        (_minute(visit["visited_at"]), customer.name, visit["salesperson"], visit["met"], visit["purpose"], visit["content"],
         visit["next_purpose"] or "")
        for customer in own for visit in made.get(customer.id, ())
    )  # fmt: skip
    headers = ("拜访时间", "客户名称", "拜访人", "拜访对象", "拜访目的", "拜访记录", "下次拜访目的")
    return Listing("拜访历史", headers, rows, (18, 26, 10, 12, 26, 48, 26))


def _opportunities(deals: Sequence[tuple[OpenDeal, str]]) -> Iterator[Listing]:
    """What may come to a deal, those that need a push first; whoever has none is shown no empty sheet (目的 1)."""
    headers = ("停滞", "客户名称", "商机名称", "阶段", "预计金额(元)", "预计成交日期", "最近推进", "下一步")
    rows = tuple(
        (
            push,
            deal.customer,
            deal.name,
            deal.stage,
            deal.amount_fen / 100,
            deal.expected_on,
            deal.since,
            deal.next_step,
        )
        for deal, push in deals
    )
    note = "“停滞”写着原因的，请尽快联系客户，再投递一行“商机”推进一步；谈不成的填 输单 和原因。"
    if rows:
        yield Listing("我的商机", headers, rows, (26, 28, 22, 12, 16, 14, 12, 34), (note,))


def _minute(moment: str | None) -> str:
    """A moment as people write it: without zone and seconds."""
    return f"{datetime.fromisoformat(moment):%Y-%m-%d %H:%M}" if moment else ""


def _pool(customers: Sequence[Customer]) -> Listing:
    """The pool as everybody sees it; the day from which a last owner may claim again is added for them (客户申领 4)."""
    rows = tuple((each.name, each.type, each.region, _address(each), each.pooled_on, None) for each in customers)
    headers = ("客户名称", "客户类型", "销售区域", "客户地址", "进入公海日期", YOURS_FROM)
    note = f"先到先得；“{YOURS_FROM}”空着的，现在就可以申领。"
    return Listing(POOL_SHEET, headers, rows, (26, 12, 10, 36, 14, 16), (note,))
