"""What is known of the book while rows are judged: each question asked once for all rows, and kept true.

A form's rules need answers about every row of a sheet.  Asked row by row, that is a statement a row and question;
here the rows are gone through once only to learn *what* they will ask, the answers are fetched for all of them
together, and then every row is judged from memory:

    known.ahead(steps)            # each step asks as it will ask in earnest; nothing is decided yet
    known(customers.named, key)   # the answer, from memory; asked on the spot where nobody foresaw it

What an entry changes is laid over the answers as soon as it is posted, so that a row sees what earlier rows did.
A question says itself what each kind of entry does to its answers; :data:`FORGET` is always right and costs the
question being asked again.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from ledger.journal import Entry

if TYPE_CHECKING:
    from ledger.book import Book

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")

Answers = dict[Any, Any]
#: Entries after which anything that was known may be wrong: they change a row that had taken effect, or a name.
UNSETTLING = frozenset({"row.corrected", "row.voided", "person.renamed"})


@dataclass(frozen=True)
class Happened(Entry):
    """An entry that was just posted."""

    at: datetime


Change = Callable[[Answers, Happened], None]


def FORGET(answers: Answers, _entry: Entry) -> None:  # noqa: N802 (it stands in tables like a constant)
    """Whatever was known may be wrong now."""
    answers.clear()


@dataclass(frozen=True, eq=False)
class Question(Generic[K, V]):
    """Something that rules need to know of the book.

    ``ask`` answers for many keys with a number of statements that does not depend on how many they are; a key that it
    leaves out is answered with ``otherwise``.  ``changes`` says what entries do to answers: kinds that are not in it
    must not matter to the question.  ``leads_on`` says whether whoever gets an answer may ask more than with
    ``otherwise``; None: where the two differ.
    """

    ask: Callable[[Book, Sequence[K]], Mapping[K, V]]
    otherwise: V
    changes: Mapping[str, Change] = field(default_factory=dict)
    leads_on: Callable[[V], bool] | None = None


class Known:
    """Answers about the book, true as long as nobody else writes it; whoever else may have is noticed."""

    def __init__(self, book: Book) -> None:
        """Know nothing yet of *book*."""
        self._book = book
        self._answers: dict[Question[Any, Any], Answers] = {}
        self._wanted: dict[Question[Any, Any], dict[Any, None]] | None = None
        self._guessed: list[tuple[Question[Any, Any], Any]] = []
        self.foreseen = False  #: what :meth:`ahead` fetched still holds
        self._others: Any = None

    def forget(self) -> None:
        """Forget every answer, as after entries that were taken back."""
        self._answers.clear()
        self.foreseen = False

    def __call__(self, question: Question[K, V], key: K) -> V:
        """The answer to *question* about *key*; inside :meth:`ahead` a guess, while it is not known."""
        if not self._book.writing:
            self._notice_others()
        try:
            answer: V = self._answers[question][key]
        except KeyError:
            return self._not_known(question, key)
        return answer

    def _not_known(self, question: Question[K, V], key: K) -> V:
        if self._wanted is not None:
            self._wanted.setdefault(question, {})[key] = None
            self._guessed.append((question, key))
            return question.otherwise
        found = question.ask(self._book, [key]).get(key, question.otherwise)
        self._answers.setdefault(question, {})[key] = found
        return found

    def _notice_others(self) -> None:
        others = self._book.others()
        if others != self._others:
            self._others = others
            self.forget()

    def ahead(self, steps: Iterable[Callable[[], object]]) -> None:
        """Fetch what all *steps* will ask, together.

        A step goes on with a guess where the answer is not known yet, so that it tells all that it wants in few rounds;
        it is taken again until no answer leads on from what it guessed.  One that fails is left to fail in earnest.
        """
        left: Sequence[Callable[[], object]] = list(steps)
        while left:
            left = self._round(left)
        self.foreseen = True

    def _round(self, steps: Sequence[Callable[[], object]]) -> list[Callable[[], object]]:
        """Take *steps* and fetch what they did not know; gives those that the answers lead on."""
        wanted: dict[Question[Any, Any], dict[Any, None]] = {}
        self._wanted = wanted
        try:
            guesses = [(step, guessed) for step in steps if (guessed := self._guesses(step))]
        finally:
            self._wanted = None
        for question, keys in wanted.items():
            self._fetch(question, list(keys))
        return [step for step, guessed in guesses if any(self._leads_on(*guess) for guess in guessed)]

    def _guesses(self, step: Callable[[], object]) -> list[tuple[Question[Any, Any], Any]]:
        """Take a *step*; gives the questions that it went on without an answer to."""
        self._guessed = []
        with suppress(Exception):  # it will be raised again where it can be told of
            step()
        return self._guessed

    def _leads_on(self, question: Question[Any, Any], key: Any) -> bool:
        answer = self._answers[question][key]
        return question.leads_on(answer) if question.leads_on else bool(answer != question.otherwise)

    def _fetch(self, question: Question[Any, Any], keys: Sequence[Any]) -> None:
        found = question.ask(self._book, keys)
        kept = self._answers.setdefault(question, {})
        for key in keys:
            kept[key] = found.get(key, question.otherwise)

    def lay_over(self, entry: Entry, at: datetime) -> None:
        """Bring the answers up to date with an entry that was just posted."""
        if entry.kind in UNSETTLING:
            self.forget()
            return
        happened = Happened(entry.kind, entry.subject, entry.actor, entry.payload, at)
        for question, answers in self._answers.items():
            change = question.changes.get(entry.kind)
            if change is not None and answers:
                change(answers, happened)
                self.foreseen = self.foreseen and change is not FORGET
