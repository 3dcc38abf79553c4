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
from functools import cache
from itertools import chain

from rapidfuzz import fuzz, process

from ledger import customers
from ledger.book import Book
from ledger.known import Answers, Happened, Question
from ledger.name_pairs import core, pairs
from ledger.records import Status
from ledger.rows import under_key

ALIKE = 88.0  #: percent from which two names are worth a second look
NEAR = 75.0  #: percent from which a name may be what was meant by one that is not in the book
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
    names: tuple[str, ...]  #: folded


_NOBODY = Near((), ())


def _needed(name_key: str) -> int:
    """How many of a name's pairs any name that is alike has as well."""
    half = ALIKE / 200
    shortest = half / (1 - half)
    return max(1, math.ceil((3 * half - 1) * (1 + shortest) * len(name_key) - 1))


@cache
def _lengths(length: int, place: int) -> frozenset[int]:
    """How long a name may be that is like one of *length* characters, and has of its rarest pairs the one in *place* first.

    What is alike has the longer a common subsequence the longer both are, and that leaves only so many pairs unshared:
    twice what is missing of the one, and once what is added in the other.
    """
    longest = int(length * (200 - ALIKE) / ALIKE) + 1
    common = {other: math.ceil(ALIKE * (length + other) / 200) for other in range(1, longest + 1)}
    return frozenset(
        other
        for other, least in common.items()
        if least <= min(length, other) and place <= 2 * (length - least) + (other - least)
    )


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
        name_key: Near(found, tuple({name: None for pair in found for name in having.get(pair, ())}))
        for name_key, found in rarest.items()
    }


_HOW_COMMON = f"""SELECT value AS pair, (SELECT COUNT(*) FROM (SELECT 1 FROM s_name_pairs WHERE pair = value
                  LIMIT {_ENOUGH})) AS n FROM json_each(?)"""


def _none_yet(_book: Book, keys: Sequence[str]) -> dict[str, Come]:
    return {key: {} for key in keys}


def _come(answers: Answers, name_key: str) -> None:
    for lately in answers.values():
        for pair in pairs(name_key):
            lately.setdefault(pair, {}).setdefault(len(name_key), []).append(name_key)


def _submitted(answers: Answers, entry: Happened) -> None:
    if entry.payload["form"] == _NEW_CUSTOMER and entry.payload["key"]:
        _come(answers, entry.payload["key"])


def _entered(answers: Answers, entry: Happened) -> None:
    _come(answers, entry.payload["name_key"])


def _renamed(answers: Answers, entry: Happened) -> None:
    name_key = entry.payload["changes"].get("name_key")
    if name_key:
        _come(answers, name_key)


#: folded name → the names in the book that may be alike; later ones are found by :data:`lately`.
near: Question[str, Near] = Question(_near, _NOBODY, leads_on=lambda found: bool(found.names))

Come = dict[str, dict[int, list[str]]]  #: pair → length → names

#: "pairs" → the names that have come into the book, or on their way into it, since this was first asked.
lately: Question[str, Come] = Question(
    _none_yet, {}, {"row.received": _submitted, "customer.added": _entered, "customer.changed": _renamed}
)


def alike(book: Book, name_key: str) -> tuple[tuple[str, float], ...]:
    """Folded names that are nearly *name_key*, the likest first, and how alike they are (percent)."""
    come, asked = book.known(lately, "pairs"), book.known(near, name_key)
    names = {*asked.names}
    for place, pair in enumerate(asked.rarest):
        if pair in come:
            for length in _lengths(len(name_key), place) & come[pair].keys():
                names.update(come[pair][length])
    names.discard(name_key)
    if not names:
        return ()
    found = process.extract(name_key, names, scorer=fuzz.ratio, score_cutoff=ALIKE, limit=None)
    return tuple(sorted(((key, score) for key, score, _index in found), key=lambda each: (-each[1], each[0])))


def nearest(book: Book, name_key: str) -> tuple[tuple[str, float], ...]:
    """Folded names that somebody who wrote *name_key* may have meant, the likest first: its legal form does not count,
    and a name may be shortened."""
    meant = core(name_key)
    come, asked = book.known(lately, "pairs"), book.known(near, meant)
    lists = (keys for pair in asked.rarest for keys in come.get(pair, {}).values())
    likely = {*asked.names, *chain.from_iterable(lists)} - {name_key}
    scored = [(key, _meant(meant, core(key))) for key in likely]
    return tuple(sorted((each for each in scored if each[1] >= NEAR), key=lambda each: (-each[1], each[0])))


def _meant(written: str, name: str) -> float:
    shorter, longer = sorted((written, name), key=len)
    if shorter in longer and 2 * len(shorter) >= len(longer):
        return max(ALIKE, fuzz.ratio(written, name))
    return fuzz.ratio(written, name)


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
