"""Entries of a real week as patterns: what in them is a date, a person, a number or a hash is filled in anew.

Whatever the product writes into an entry is kept: a later version's payloads need no change here, as long as
identifiers stand where ``_NUMBERED`` says.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

#: kind → what its ``id`` counts; other identifiers are told by the name of their field
_NUMBERED = {"file.taken": "file", "photo.kept": "photo", "photo.unnamed": "photo", "delivery.queued": "delivery",
             "customer.added": "customer"}  # fmt: skip
_FIELDS = {"file_id": "file", "customer_id": "customer", "moving": "customer", "recycled": "customer"}
_SHEETS = 50  #: approval sheets that one department may have of a form and day

_SLOTS = (
    ("id", r'"\\u0001(?P<id>\w+:\d+)"'),
    ("hash", r"(?<![0-9a-f])(?:[0-9a-f]{64}|[0-9a-f]{32}|[0-9a-f]{16})(?![0-9a-f])"),
    ("sheet", r"(?<=_)\d{8}-\d{1,4}(?!\d)"),
    ("number", r"(?<!\d)\d{6}-\d{4}(?!\d)"),
    ("day", r"(?<!\d)20\d\d-\d\d-\d\d(?!\d)"),
    ("path", r"(?<!\d)20\d\d/\d\d/\d\d(?!\d)"),
    ("stamp", r"(?<![\d.])20\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?!\d)"),
    ("seller", r"业务\d{4}"),
    ("manager", r"经理\d{3}"),
    ("department", r"销售\d+部"),
)


@dataclass(frozen=True)
class Pattern:
    """An entry with its slots."""

    day: date
    time: str  #: the rest of its moment
    kind: str
    parts: tuple[str | tuple[str, str], ...]  #: literal text, or (kind of slot, what stands there)

    def filled(self, copy: Copy) -> list[str | dict[str, Any]]:
        """Subject, actor and payload for one copy of the week."""
        text = "".join(part if isinstance(part, str) else copy.fill(*part) for part in self.parts)
        made: list[str | dict[str, Any]] = json.loads(text)
        return made


@dataclass
class Copy:
    """One department's week: what its slots are filled with, the same slot always with the same."""

    department: int
    shift: timedelta
    counters: dict[str, int]  #: the newest number of each kind, and of each day's 受理号, for the whole book
    texts: Mapping[str, Iterator[str]]  #: kind of text → new ones
    founded: dict[tuple[str, str], str] = field(default_factory=dict)  #: what the department had before this week
    own: dict[tuple[str, str], str] = field(default_factory=dict)

    def fill(self, kind: str, old: str) -> str:
        """What stands in the slot in this copy."""
        found = self.own.get((kind, old)) or self.founded.get((kind, old))
        if found is None:
            found = self.own[kind, old] = getattr(self, f"_{kind}")(old)
        return str(found)

    def _next(self, name: str) -> int:
        self.counters[name] = self.counters.get(name, 0) + 1
        return self.counters[name]

    def _id(self, old: str) -> str:
        return str(self._next(old.partition(":")[0]))

    def _hash(self, old: str) -> str:
        """A content of its own, so that a tiny real file can be laid into the archive; see :meth:`content`."""
        return hashlib.sha256(self.content(old)).hexdigest()[: len(old)]

    def content(self, old: str) -> bytes:
        """What the file with the hash *old* holds in this copy; its short form begins alike."""
        return f"{self.department} {self.shift.days} {old[:16]}".encode()

    def _moved(self, year: str, month: str, day: str) -> date:
        return date(int(year), int(month), int(day)) + self.shift

    def _day(self, old: str) -> str:
        return self._moved(*old.split("-")).isoformat()

    def _path(self, old: str) -> str:
        return f"{self._moved(*old.split('/')):%Y/%m/%d}"

    def _stamp(self, old: str) -> str:
        try:
            return f"{self._moved(old[:4], old[4:6], old[6:]):%Y%m%d}"
        except ValueError:  # the 30th of February: one of the numbers by which pictures are told apart, and no day
            return old

    def _sheet(self, old: str) -> str:
        stamp, _dash, n = old.partition("-")
        return f"{self._stamp(stamp)}-{self.department * _SHEETS + int(n)}"

    def _number(self, old: str) -> str:
        stamp = self._stamp(f"20{old[:6]}")[2:]
        return f"{stamp}-{self._next(stamp):04d}"

    def _seller(self, old: str) -> str:
        return f"业务{int(old[2:]) + 10 * self.department:04d}"

    def _manager(self, old: str) -> str:
        return f"经理{int(old[2:]) + self.department:03d}"

    def _department(self, old: str) -> str:
        return f"销售{int(old[2:-1]) + self.department}部"

    def _customer(self, _old: str) -> str:
        return next(self.texts["customer"])

    def _sentence(self, _old: str) -> str:
        return next(self.texts["sentence"])


def patterns(entries: list[dict[str, Any]]) -> list[Pattern]:
    """The patterns of a stretch of the journal."""
    names = sorted({each["payload"]["name"] for each in entries if each["kind"] == "customer.added"})
    sentences = sorted({text for each in entries for text in _sentences(each["payload"])}, key=len, reverse=True)
    slots = [*(_exactly("customer", names)), *(_exactly("sentence", sentences)), *_SLOTS]
    shape = re.compile("|".join(f"(?P<s{n}>{slot})" for n, (_kind, slot) in enumerate(slots)))
    kinds = [kind for kind, _slot in slots]
    return [_pattern(each, shape, kinds) for each in entries]


def _exactly(kind: str, texts: list[str]) -> list[tuple[str, str]]:
    return [(kind, "|".join(map(re.escape, texts)))] if texts else []


def _sentences(payload: Mapping[str, Any]) -> Iterator[str]:
    """What people wrote at length; names and addresses are shorter, photographs' names have no comma."""
    for text in payload.get("vals", {}).values():
        if isinstance(text, str) and len(text) > 20 and "，" in text:
            yield text


def _pattern(entry: dict[str, Any], shape: re.Pattern[str], kinds: list[str]) -> Pattern:
    kind, subject = entry["kind"], entry["subject"]
    if kind.startswith("customer."):
        subject = _mark("customer", int(subject))
    payload = _marked(entry["payload"], _NUMBERED.get(kind, ""))
    text = json.dumps([subject, entry["actor"], payload], ensure_ascii=False)
    parts: list[str | tuple[str, str]] = []
    end = 0
    for found in shape.finditer(text):
        n = next(n for n in range(len(kinds)) if found[f"s{n}"] is not None)
        old = found["id"] if kinds[n] == "id" else found[0]
        quoted = kinds[n] == "id" and found.start() == 1  # a subject is a text, even where it is a number
        parts += [text[end : found.start()] + '"' * quoted, (kinds[n], old), *(['"'] if quoted else [])]
        end = found.end()
    moment = entry["at"]
    return Pattern(date.fromisoformat(moment[:10]), moment[10:], kind, (*parts, text[end:]))


def _marked(value: Any, own: str, name: str = "") -> Any:
    """*value* with identifiers made recognisable."""
    if isinstance(value, dict):
        return {key: _marked(each, "", key if key != "id" or not own else f"={own}") for key, each in value.items()}
    if isinstance(value, list):
        return [_marked(each, "", name) for each in value]
    counts = name[1:] if name.startswith("=") else _FIELDS.get(name)
    return _mark(counts, value) if counts and isinstance(value, int) else value


def _mark(counts: str, value: int) -> str:
    return f"\x01{counts}:{value}"
