"""What lies before the readers of a round's pages: each thing asked of the ledger once for all of them, when the first page wants it."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, TypeVar, cast

from ledger import activity, customers, page
from ledger.book import Book
from ledger.page import OpenSheet, ReturnedRow, WithoutPictures
from ledger.records import Customer, Person
from policy.forms import FORMS
from policy.posts import may_submit

T = TypeVar("T")
Record = Mapping[str, Any]


class Desks:
    """The desks of *readers*; to ask for somebody else's raises KeyError."""

    def __init__(self, book: Book, readers: Sequence[Person]) -> None:
        self._book, self._readers = book, {each.name: each for each in readers}
        self._asked: dict[Hashable, Mapping[str, Any]] = {}

    def _of(self, viewer: Person, key: Hashable, ask: Callable[[list[str]], Mapping[str, T]], nothing: T) -> T:
        """What the answer for all readers says of *viewer*."""
        known = self._readers[viewer.name]
        if key not in self._asked:
            self._asked[key] = ask(list(self._readers))
        return cast("T", self._asked[key].get(known.name, nothing))

    def returned(self, viewer: Person, since: datetime) -> Sequence[ReturnedRow]:
        """What came back to them since then and was not put right, oldest first."""

        def ask(_names: list[str]) -> Mapping[str, Sequence[ReturnedRow]]:
            may = [
                (each.name, form.sheet)
                for each in self._readers.values()
                for form in FORMS
                if may_submit(each.post, form.submitters)
            ]
            return page.returned(self._book, may, since)

        return self._of(viewer, ("returned", since), ask, ())

    def refused(self, viewer: Person, since: datetime) -> Sequence[Record]:
        """Workbooks that came back whole since then: name, arrived_at, reason."""
        return self._of(viewer, ("refused", since), lambda names: page.refused_files(self._book, names, since), ())

    def without_pictures(self, viewer: Person, singly: int) -> Sequence[WithoutPictures]:
        """What they handed in and still lacks pictures, oldest first."""
        return self._of(
            viewer, ("pictures", singly), lambda names: page.without_pictures(self._book, names, singly), ()
        )

    def sheets(self, viewer: Person) -> Sequence[OpenSheet]:
        """The approval sheets that lie with them, oldest first."""
        return self._of(viewer, "sheets", lambda names: page.sheets_of(self._book, names), ())

    def newest_file(self, viewer: Person, folder: str, beginning: str) -> str:
        """The file delivered last into their *folder* whose name begins so, as a path below 取件; '' if there is none."""
        return self._of(
            viewer,
            ("file", folder, beginning),
            lambda names: page.newest_files(self._book, names, folder, beginning),
            "",
        )

    def shared(self, viewer: Person) -> Sequence[Customer]:
        """The customers of others that are shared with them, by name."""
        return self._of(viewer, "shared", lambda names: customers.shared_with_each(self._book, names), ())

    def visits(self, viewer: Person, first: date, last: date) -> Sequence[Record]:
        """Their approved visits between two days, newest first."""
        return self._of(
            viewer, ("visits", first), lambda names: activity.visits_between(self._book, names, first, last), ()
        )

    def new_customers(self, viewer: Person, first: date, last: date) -> Sequence[Record]:
        """The customers that they won between two days, newest first: receipt_no, customer, day."""
        return self._of(
            viewer, ("new", first), lambda _names: activity.new_customers_between(self._book, first, last), ()
        )

    def orders(self, first: date, last: date) -> Mapping[str, Sequence[Record]]:
        """Salesperson → the orders that took effect between two days, newest first."""
        return self._all(("orders", first), lambda: by_person(activity.orders_between(self._book, first, last)))

    def payments(self, first: date, last: date) -> Mapping[str, Sequence[Record]]:
        """Salesperson → the payments that were confirmed between two days, newest first."""
        return self._all(("payments", first), lambda: by_person(activity.payments_between(self._book, first, last)))

    def _all(self, key: Hashable, ask: Callable[[], Mapping[str, T]]) -> Mapping[str, T]:
        if key not in self._asked:
            self._asked[key] = ask()
        return self._asked[key]


def by_person(records: Sequence[Record]) -> dict[str, list[Record]]:
    """The records of each salesperson, in their order."""
    found: dict[str, list[Record]] = {}
    for each in records:
        found.setdefault(str(each["salesperson"]), []).append(each)
    return found
