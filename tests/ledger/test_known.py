"""A whole November told again, entry by entry: what is kept of the book while it is told is what the book itself would say."""

from __future__ import annotations

import json
import sqlite3
import tarfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from ledger import (
    corrections,
    customers,
    deals,
    deputies,
    holdings,
    payments,
    people,
    photo_uses,
    photos,
    plans,
    rows,
    targets,
    texts,
    whereabouts,
    words,
)
from ledger.book import Book
from ledger.journal import Entry
from ledger.known import Question

FROZEN = Path(__file__).parents[1] / "frozen" / "november.tar.xz"
BESIDE = (
    "delivery.queued",
    "file.taken",
    "sheet.issued",
    "period.closed",
    "reminder.given",
)  #: no question is about these
OFTEN = ("row.received", "decision.made", "photo.kept", "person.joined", "customer.followed")
STEP = 11  #: entries after which everything is compared; once more after each of a rarer kind

Told = tuple[Entry, datetime]
Asked = tuple[Question[Any, Any], Sequence[Any]]
#: What the month says nothing about: nobody was renamed, shared a customer, named a deputy or had pictures read.
SILENT = {
    customers.shared_with, customers.once_named, people.lasting, people.promised, words.on_picture, deputies.on_day,
}  # fmt: skip


@pytest.fixture(scope="module")
def november(tmp_path_factory: pytest.TempPathFactory) -> list[Told]:
    """What an earlier version wrote down, as far as rules ask about it."""
    folder = tmp_path_factory.mktemp("november")
    with tarfile.open(FROZEN) as packed:
        packed.extract("november/book/ledger.db", folder, filter="data")
    with closing(sqlite3.connect(folder / "november/book/ledger.db")) as db:
        lines = db.execute("SELECT kind, subject, actor, payload, at FROM entries ORDER BY seq").fetchall()
    return [
        (Entry(kind, subject, actor, json.loads(payload)), datetime.fromisoformat(at))
        for kind, subject, actor, payload, at in lines
        if kind not in BESIDE
    ]


@pytest.fixture(scope="module")
def finished(november: list[Told], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Book]:
    with closing(Book(tmp_path_factory.mktemp("finished") / "ledger.db")) as book:
        with book.transaction():
            for entry, at in november:
                book.post([entry], at)
        yield book


def day(text: str) -> date:
    return date.fromisoformat(text)


def asked_of(book: Book) -> list[Asked]:
    """Every question that rules ask, about some of what the month was about, and about something that there never was."""

    def some(sql: str, made: Callable[..., Any] = lambda *values: values, most: int = 12) -> list[Any]:
        found = list(dict.fromkeys(made(*line) for line in book.db.execute(sql)))
        return found[:: max(1, len(found) // most)]

    one: Callable[[Any], Any] = lambda value: value  # noqa: E731
    names, ids = some("SELECT name_key FROM s_customers", one), some("SELECT id FROM s_customers", one)
    persons = some("SELECT name FROM s_people", one, 20)
    pictures = some("SELECT sha256 FROM s_photos", one)
    receipts = some("SELECT receipt_no FROM s_rows WHERE form <> '销售日报'", one, 20)
    months = [day("2026-11-04"), day("2026-11-30")]
    keys = """SELECT read ->> 'customer_key', vals ->> '{}', vals ->> 'amount_fen' FROM s_rows WHERE form = '{}'"""

    def spot(name: str, lat: float, lon: float) -> tuple[Any, ...]:
        return (name, lat, lon)

    return [
        (customers.named, [*names, "没有"]), (customers.once_named, names), (customers.owned, persons),
        (customers.shared_with, persons), (customers.names_of, ids),
        (deals.contracts, some("SELECT read ->> 'contract_key' FROM s_rows WHERE form = '成交订单'", one)),
        (deals.same_deals, some(keys.format("signed_on", "成交订单"), lambda a, b, c: (a, day(b), c))),
        (payments.same_payments, some(keys.format("paid_on", "客户回款"), lambda a, b, c: (a, day(b), c))),
        (deals.orders, [*receipts, "261101-9999"]), (deals.paid, some("SELECT receipt_no FROM s_rows WHERE form = '成交订单'", one)),
        (holdings.holdings, persons), (holdings.under_way, ids),
        (holdings.claims, some("SELECT person, substr(submitted_at, 1, 10) FROM s_rows WHERE form = '客户申领'",
                               lambda a, b: (a, day(b)))),
        (people.on_day, months), (people.bearers, months), (people.lasting, months),
        (people.namesakes, some("SELECT plain_name FROM s_people", one)), (people.promised, persons),
        (photos.by_content, [*pictures, "cafe"]), (photos.archived, pictures), (photo_uses.used_in, pictures),
        (photo_uses.same_pixels, some("SELECT pixel_hash FROM s_photos", one)),
        (photos.called, some("SELECT person, name_key FROM s_photos")), (photos.usual_models, persons),
        (plans.approved, some("SELECT person, day FROM s_rows WHERE form = '拜访计划'", lambda a, b: (a, day(b)))),
        (rows.under_key, some("SELECT sheet, key FROM s_rows WHERE form <> '销售日报'", most=20)),
        (targets.live, some("SELECT vals ->> 'name', vals ->> 'year' FROM s_rows WHERE form = '销售指标'")),
        (texts.texts, [(form, person, field) for person in persons[::2] for form, field in (
            ("拜访记录", "content"), ("销售日报", "summary"))]),
        (whereabouts.sightings, persons),
        (whereabouts.days_at, some("SELECT person, facts ->> 'lat', facts ->> 'lon' FROM s_photos"
                                   " WHERE facts ->> 'lat' IS NOT NULL", spot)),
        (words.on_picture, pictures), (corrections.numbered, receipts), (deputies.on_day, months),
    ]  # fmt: skip


def test_what_is_kept_while_a_month_is_told_is_what_the_book_says(
    november: list[Told], finished: Book, tmp_path: Path
) -> None:
    asked = asked_of(finished)
    answered = set[Question[Any, Any]]()
    with closing(Book(tmp_path / "ledger.db")) as book, book.transaction():
        for number, (entry, at) in enumerate(november):
            book.post([entry], at)
            if number % STEP == 0 or entry.kind not in OFTEN:
                for question, keys in asked:
                    anew = question.ask(book, keys)
                    kept = [book.known(question, key) for key in keys]
                    answered |= {question for answer in kept if answer != question.otherwise}
                    assert kept == [anew.get(key, question.otherwise) for key in keys], (entry, keys)
    silent = {question for question, _keys in asked} - answered
    assert silent == SILENT, "two empty answers would be compared all along"
