"""A digest in words, by Jinja2: plain text, whatever names look like.

A company may keep templates of its own; one that is broken is told of, and the shipped one is used.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from itertools import groupby
from pathlib import Path
from typing import Any

from jinja2 import FileSystemLoader, StrictUndefined
from jinja2.sandbox import SandboxedEnvironment

from outbox.messages.model import BODY, TEMPLATES, TITLE, Digest, Matter
from outbox.own_wording import fault

SHIPPED = Path(__file__).parents[2] / "templates" / "messages"
LONGEST = 40  #: characters of a name
MOST_LINES = 20
MOST_NAMES = 10
_STEERING = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")  # characters that turn the direction of others
_ISOLATED = "\u2068{}\u2069"
_ORDER = list(TEMPLATES)


def draw(digest: Digest, own: Path) -> tuple[str, str]:
    """Title and text."""
    return _Words(own).title(digest), _Words(own).body(digest)


def faults_of(own: Path) -> list[str]:
    """What is wrong with the company's templates, file by file: each is drawn once with an example."""
    words = _Words(own)
    words.title(_EXAMPLE)
    words.body(_EXAMPLE)
    words.body(replace(_EXAMPLE, by_post=False))
    return list(dict.fromkeys(words.faults))


def clean(text: str) -> str:
    """A name as it may stand in a line of text: one line, of bounded length, that turns nothing around it."""
    line = " ".join(_STEERING.sub("", text).split())
    line = "".join(each for each in line if unicodedata.category(each) not in ("Cc", "Cs"))
    line = line if len(line) <= LONGEST else f"{line[: LONGEST - 1]}…"
    turned = any(unicodedata.bidirectional(each) in ("R", "AL") for each in line)
    return _ISOLATED.format(line) if turned else line


class _Words:
    """The templates, the company's first, and what was wrong with those."""

    def __init__(self, own: Path) -> None:
        self.own = own
        self.faults: list[str] = []
        self._shipped = _templates(SHIPPED)
        self._theirs = _templates(own) if own.is_dir() else None

    def title(self, digest: Digest) -> str:
        count = sum(_counts(each) for each in digest.matters)
        return " ".join(self._say(TITLE, company=clean(digest.company), count=count).split())

    def body(self, digest: Digest) -> str:
        people = [(clean(name), self._lines(digest, list(those))) for name, those in _by_person(digest)]
        shown = _shortened(people)
        left = sum(len(lines) for _, lines in people) - sum(len(lines) for _, lines in shown)
        return self._say(BODY, people=shown, by_post=digest.by_post, left=left, folders=digest.folders).strip()

    def _lines(self, digest: Digest, those: list[Matter]) -> list[str]:
        lines: list[str] = []
        for kind, some in groupby(those, key=lambda each: each.kind):
            found = [_cleaned(each) for each in some]
            text = self._say(TEMPLATES[kind], matters=found, folders=digest.folders)
            lines += [line.strip() for line in text.splitlines() if line.strip()]
        return lines

    def _say(self, name: str, **values: Any) -> str:
        if self._theirs is not None and (self.own / name).is_file():
            try:
                return self._theirs.get_template(name).render(**values)
            except Exception as error:  # whatever a template of somebody else's does: it is told of
                self.faults.append(fault(error, self.own, "消息"))
        return self._shipped.get_template(name).render(**values)


def _templates(folder: Path) -> SandboxedEnvironment:
    return SandboxedEnvironment(
        loader=FileSystemLoader(folder, encoding="utf-8"), undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )  # fmt: skip


def _counts(each: Matter) -> int:
    return 1 if each.kind == "回收提醒" else each.n


def _cleaned(each: Matter) -> Matter:
    names = tuple(clean(name) for name in each.names[:MOST_NAMES])
    return replace(each, about=clean(each.about), names=names)


def _by_person(digest: Digest) -> Iterator[tuple[str, Iterator[Matter]]]:
    ordered = sorted(digest.matters, key=lambda each: (each.person, _ORDER.index(each.kind), each.about))
    return groupby(ordered, key=lambda each: each.person)


def _shortened(people: list[tuple[str, list[str]]]) -> list[tuple[str, list[str]]]:
    room, shown = MOST_LINES, []
    for name, lines in people:
        if room > 0:
            shown.append((name, lines[:room]))
        room -= len(lines)
    return shown


_EXAMPLE = Digest(
    company="公司", by_post=True, folders={"drop": "投递", "pickup": "取件", "receipts": "回执", "approvals": "审批"},
    matters=tuple(
        Matter(kind, "张三", kind, about, 2, ("李四",), "20:00")
        for kind in TEMPLATES
        for about in (("没有审核", "没有收到") if kind == "审核提醒" else ("客户新增",))
    ),
)  # fmt: skip
