"""Colleagues of one name, or of a former one: which of them a row means, or that it does not say (人员新增 10)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import Any

from ledger.people import bearers_on, formers, people_on
from ledger.records import Finding, Person, Severity
from policy.form import Column, Form, people_columns
from validators.context import Context
from validators.shape import Shaped

_PHONED = re.compile(r".+\d{4}")


@dataclass(frozen=True)
class Register:
    """Who is who on a day."""

    people: Mapping[str, Person]
    alike: Mapping[str, tuple[Person, ...]]  #: name without a phone's last figures → those who bear it
    today: date
    days: int = 0  #: how long a former name is understood
    before: Callable[[str], tuple[str, ...]] = (
        lambda _name: ()
    )  #: what those are called now who bore a name until lately


def register_of(context: Context) -> Register:
    """The register as a row of *context* is to be understood."""
    today = context.now.date()
    days = context.settings.people.old_name_days
    people, alike = people_on(context.book, today), bearers_on(context.book, today)
    return Register(people, alike, today, days, partial(once_called, context))


def once_called(context: Context, name: str) -> tuple[str, ...]:
    """What those are called now who bore *name* until lately, the last first: it is understood for some days more."""
    days = timedelta(days=context.settings.people.old_name_days)
    borne = (each for each in context.ask(formers, name) if context.written_on <= each.until.date() + days)
    return tuple(dict.fromkeys(each.person for each in borne))


def names_somebody(form: type[Form], shaped: Shaped) -> bool:
    """Whether the row names a colleague at all."""
    return any(getattr(shaped.record, column.field) for column in people_columns(form))


def with_register_names(form: type[Form], shaped: Shaped, register: Register) -> Shaped:
    """The row with colleagues' names as the register writes them.

    A former name is understood for a while, and that is said; one that fits two is found, with both ways to write it.
    """
    written = {column: _names(shaped.record, column) for column in people_columns(form)}
    if not any(written.values()):
        return shaped
    found = {column: tuple(_registered(name, register) for name in names) for column, names in written.items()}
    update = {
        column.field: found[column] if column.kind == "names" else found[column][0]
        for column, names in written.items()
        if found[column] != names
    }
    said = [
        each
        for column, names in written.items()
        for name, present in zip(names, found[column], strict=True)
        for each in _said(column, name, present, register)
    ]
    if not update and not said:
        return shaped
    return Shaped(shaped.record.model_copy(update=update), shaped.unusable, (*shaped.findings, *said))


def _names(record: Any, column: Column) -> tuple[str, ...]:
    value = getattr(record, column.field)
    return tuple(value) if isinstance(value, (tuple, list)) else (value,) if value else ()


def _registered(name: str, register: Register) -> str:
    """张三8000 is 张三, where the register knows him by the bare name and his phone ends so; so is his former name."""
    if name in register.people:
        return name
    bare = register.people.get(name[:-4]) if _PHONED.fullmatch(name) else None
    if bare is not None and bare.phone.endswith(name[-4:]):
        return bare.name
    return next(iter(register.before(name)), name)


def _said(column: Column, name: str, present: str, register: Register) -> Iterator[Finding]:
    """A bare name that two colleagues bear, or bore until lately: money and customers must not go to the wrong one."""
    before, alike = register.before(name), register.alike.get(name, ())
    once = tuple(register.people[person] for person in before if person in register.people)
    bearers = dict.fromkeys((*alike, *once))
    here = [person for person in bearers if person.left_on is None or register.today < person.left_on]
    if len(here) > 1:
        ways = "、".join(f"{_way(person, name)}（{person.department}）" for person in here)
        yield Finding(
            "shape.namesake", column.clause, Severity.REFUSE, column.header, f"有 {len(here)} 位同事叫“{name}”",
            f"请带上手机号后四位，改了名的写新姓名，写成 {ways}",
        )  # fmt: skip
    elif name not in register.people and present in before:
        message = f"“{name}”已改名，按“{present}”理解"
        remedy = f"旧姓名在改名后 {register.days} 天内还能用，以后请写“{present}”"
        yield Finding("shape.renamed", column.clause, Severity.NOTE, column.header, message, remedy)


def _way(person: Person, name: str) -> str:
    """How to write this one of several: figures that stand in the register stay when the phone changes."""
    return f"{name}{person.phone[-4:]}" if person.name == name else person.name
