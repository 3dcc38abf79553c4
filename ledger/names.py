"""Questions about customers' names: whose they are, and which ones are nearly the same.

Two names that are alike enough (:data:`ALIKE`) have most pairs of neighbouring characters in common, so only names
that share some of a name's *rarest* pairs need to be compared: an index, not a walk through every customer.  How many
pairs must be shared follows from the measure itself, so nothing is missed: of names with m and n characters whose
longest common subsequence is at least 0.44 (m + n), at least 0.57 m - 1 pairs survive (each character that is missing
breaks two pairs of the one, each that is added one).
"""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from ledger import customers
from ledger.book import Book
from ledger.known import Answers, Happened, Question
from ledger.name_pairs import pairs
from ledger.records import Status
from ledger.rows import under_key

ALIKE = 88.0  #: percent from which two names are worth a second look
_NEW_CUSTOMER = "客户新增"
_ENOUGH = 500  #: a pair that so many names have is not rare


@dataclass(frozen=True)
class Bearer:
    """Who bears a name, or bore it."""

    name: str  #: the present one
    owner: str


@dataclass(frozen=True)
class Near:
    """The names that may be alike: those that share one of a name's rarest pairs."""

    rarest: tuple[str, ...]
    names: frozenset[str]  #: folded


_NOBODY = Near((), frozenset())


def _needed(name_key: str) -> int:
    """How many of a name's pairs any name that is alike has as well."""
    half = ALIKE / 200
    shortest = half / (1 - half)
    return max(1, math.ceil((3 * half - 1) * (1 + shortest) * len(name_key) - 1))


def _near(book: Book, name_keys: Sequence[str]) -> dict[str, Near]:
    of = {name_key: pairs(name_key) for name_key in name_keys}
    common = Counter(pair for found in of.values() for pair in found)
    for record in book.ask(_HOW_COMMON, json.dumps(list(common))):
        common[record["pair"]] += record["n"]
    rarest = {
        name_key: tuple(
            sorted(found, key=lambda pair: (common[pair], pair))[: max(0, len(found) - _needed(name_key)) + 1]
        )
        for name_key, found in of.items()
    }
    having: dict[str, list[str]] = {}
    asked = json.dumps(sorted({pair for found in rarest.values() for pair in found}))
    for record in book.ask("SELECT pair, name_key FROM json_each(?) CROSS JOIN s_name_pairs ON pair = value", asked):
        having.setdefault(record["pair"], []).append(record["name_key"])
    return {
        name_key: Near(found, frozenset(name for pair in found for name in having.get(pair, ())) - {name_key})
        for name_key, found in rarest.items()
    }


_HOW_COMMON = f"""SELECT value AS pair, (SELECT COUNT(*) FROM (SELECT 1 FROM s_name_pairs WHERE pair = value
                  LIMIT {_ENOUGH})) AS n FROM json_each(?)"""


class _ByPair(dict[str, Near]):
    """Answers that are found again by the pairs by which they were asked."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: dict[str, set[str]] = {}

    def __setitem__(self, name_key: str, near: Near) -> None:
        super().__setitem__(name_key, near)
        for pair in near.rarest:
            self.asked.setdefault(pair, set()).add(name_key)

    def clear(self) -> None:
        super().clear()
        self.asked.clear()

    def add(self, name_key: str) -> None:
        """A name that has come into the book, or on its way into it."""
        touched = {each for pair in pairs(name_key) for each in self.asked.get(pair, ())} - {name_key}
        for each in touched:
            super().__setitem__(each, Near(self[each].rarest, self[each].names | {name_key}))


def _submitted(answers: Answers, entry: Happened) -> None:
    if entry.payload["form"] == _NEW_CUSTOMER and entry.payload["key"] and isinstance(answers, _ByPair):
        answers.add(entry.payload["key"])


def _entered(answers: Answers, entry: Happened) -> None:
    if isinstance(answers, _ByPair):
        answers.add(entry.payload["name_key"])


def _renamed(answers: Answers, entry: Happened) -> None:
    name_key = entry.payload["changes"].get("name_key")
    if name_key and isinstance(answers, _ByPair):
        answers.add(name_key)


#: folded name → the names that may be alike.
near: Question[str, Near] = Question(
    _near,
    _NOBODY,
    {"row.received": _submitted, "customer.added": _entered, "customer.changed": _renamed},
    keeping=_ByPair,
)


def alike(book: Book, name_key: str) -> tuple[tuple[str, float], ...]:
    """Folded names that are nearly *name_key*, the likest first, and how alike they are (percent)."""
    candidates = sorted(book.known(near, name_key).names)
    found = process.extract(name_key, candidates, scorer=fuzz.ratio, score_cutoff=ALIKE, limit=None)
    return tuple((key, score) for key, score, _index in found)


def bearers(book: Book, name_key: str) -> Iterator[Bearer]:
    """Everybody who bears *name_key*, bore it, or waits to be entered under it."""
    now = book.known(customers.named, name_key)
    if now is not None:
        yield Bearer(now.name, now.owner or "公海")
    for each in book.known(customers.once_named, name_key):
        if each.name_key != name_key:
            yield Bearer(each.name, each.owner or "公海")
    for row in book.known(under_key, (_NEW_CUSTOMER, name_key)):
        if row.status in (Status.WAITING, Status.PENDING):
            yield Bearer(str(row.values["name"]), row.person)
