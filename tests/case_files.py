"""Cases of the rules, read from ``tests/cases``: a table a case, named after its rule.

Headings are ``[rule id . case name]``; ``finds`` holds the exact words that the
rule says, nothing for a row that it lets pass; everything else is what differs
from ``defaults.toml``.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from policy.form import Form
from policy.forms import form_named
from validators.catalogue import RULES, SHAPE_RULES
from validators.rule import Rule

FOLDER = Path(__file__).with_name("cases")


@dataclass(frozen=True)
class Case:
    """A row, the world around it, and what one rule says about it."""

    rule: str
    name: str
    given: Mapping[str, Any]
    finds: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.rule}.{self.name}"

    @property
    def of_shape(self) -> bool:
        """Whether it is about a cell and its column, not about a rule of one form."""
        return self.rule in SHAPE_IDS

    @property
    def form(self) -> type[Form]:
        """The form that the row is a row of."""
        if not self.of_shape:
            return form_of(self.rule)
        form = form_named(self.given["form"])
        assert form is not None, f"{self}: no form is called {self.given['form']}"
        return form


SHAPE_IDS = frozenset(rule.id for rule in SHAPE_RULES)


def all_rules() -> tuple[Rule, ...]:
    """The rules of all forms."""
    return tuple(rule for rules in RULES.values() for rule in rules)


def every_id() -> tuple[str, ...]:
    """The ids of all rules, those of cells last."""
    return (*(rule.id for rule in all_rules()), *(rule.id for rule in SHAPE_RULES))


@cache
def form_of(rule: str) -> type[Form]:
    """The form whose rule it is."""
    return next(form for form, rules in RULES.items() if any(each.id == rule for each in rules))


@cache
def defaults() -> Mapping[str, Any]:
    """What holds unless a case says otherwise."""
    return _read(FOLDER / "defaults.toml")


@cache
def cases() -> tuple[Case, ...]:
    """All cases of all files.

    Raises ``ValueError`` for a heading that names no rule.
    """
    known = frozenset(every_id())
    files = sorted(set(FOLDER.glob("*.toml")) - {FOLDER / "defaults.toml"})
    return tuple(case for file in files for case in _cases(_read(file), "", known, file.name))


def _cases(table: Mapping[str, Any], path: str, known: frozenset[str], file: str) -> Iterator[Case]:
    for name, inner in table.items():
        below = f"{path}.{name}".lstrip(".")
        if path in known:
            given = {key: value for key, value in inner.items() if key != "finds"}
            yield Case(path, name, given, tuple(inner["finds"]))
        elif not isinstance(inner, Mapping) or "finds" in inner:
            raise ValueError(f"{file}: no rule is called {path}")
        else:
            yield from _cases(inner, below, known, file)


def _read(path: Path) -> Mapping[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))


def cases_of(rule: str) -> tuple[Case, ...]:
    """The cases of one rule."""
    return tuple(case for case in cases() if case.rule == rule)
