"""What is the same for all rows of a sheet while they are judged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from ledger.book import Book
from ledger.known import K, Question, V
from ledger.records import Person
from policy.settings import Settings
from validators.facts import Facts


@dataclass(frozen=True)
class Context:
    """The book, the numbers in force, who submits, and when."""

    book: Book
    settings: Settings  #: as of the day of arrival
    submitter: Person
    now: datetime  #: arrival
    receipt_no: str = ""  #: of the row, when it is judged again, or of one's own row that it would replace
    same_sheet_names: Mapping[str, int] | None = None  #: folded 姓名 → rows, for 人员新增
    written_at: datetime | None = None  #: when the row came, if that was before :attr:`now`

    def ask(self, question: Question[K, V], key: K) -> V:
        """The book's answer, which other rows of the sheet are asked for together with."""
        return self.book.known(question, key)

    @cached_property
    def facts(self) -> Facts:
        """What the rules of every row may know."""
        return Facts(now=self.now, settings=self.settings, submitter=self.submitter)

    @property
    def written_on(self) -> date:
        """The day as of which the row's words are understood."""
        return (self.written_at or self.now).date()


def key_text(parts: tuple[str, ...]) -> str:
    """A row's key as the ledger keeps it."""
    return "|".join(parts)
