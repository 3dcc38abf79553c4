"""Colleagues of one name: which of them a row means, or that it does not say (人员新增 10)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from typing import Any

from ledger.records import Finding, Person, Severity
from policy.form import Column, Form, columns
from validators.shape import Shaped

_PHONED = re.compile(r".+\d{4}")
_ONE = frozenset(
    {"姓名", "接受人", "委托人", "代理人", "销售经理"}
)  #: headers of columns that hold one colleague's name


def with_register_names(
    form: type[Form], shaped: Shaped, people: Mapping[str, Person], alike: Mapping[str, tuple[Person, ...]], today: date
) -> Shaped:
    """The row with colleagues' names as the register writes them; a name that fits two is found, with both ways to write it.

    Not for a row that brings a newcomer: its name is theirs.

    :param alike: name without a phone's last figures → those who bear it
    """
    written = {column: _names(shaped.record, column) for column in _of_people(form)}
    found = {column: tuple(_registered(name, people) for name in names) for column, names in written.items()}
    update = {
        column.field: found[column] if column.kind == "names" else found[column][0]
        for column, names in written.items()
        if found[column] != names
    }
    doubts = [
        each
        for column, names in written.items()
        for name in names
        for each in _doubt(column, name, alike.get(name, ()), today)
    ]
    if not update and not doubts:
        return shaped
    return Shaped(shaped.record.model_copy(update=update), shaped.unusable, (*shaped.findings, *doubts))


@cache
def _of_people(form: type[Form]) -> tuple[Column, ...]:
    return tuple(each for each in columns(form) if each.kind == "names" or each.header in _ONE)


def _names(record: Any, column: Column) -> tuple[str, ...]:
    value = getattr(record, column.field)
    return tuple(value) if isinstance(value, (tuple, list)) else (value,) if value else ()


def _registered(name: str, people: Mapping[str, Person]) -> str:
    """张三8000 is 张三, where the register knows him by the bare name and his phone ends so."""
    if name in people or not _PHONED.fullmatch(name):
        return name
    bare = people.get(name[:-4])
    return bare.name if bare is not None and bare.phone.endswith(name[-4:]) else name


def _doubt(column: Column, name: str, bearers: tuple[Person, ...], today: date) -> Iterator[Finding]:
    """A bare name that two colleagues bear: money and customers must not go to the wrong one."""
    here = [person for person in bearers if person.left_on is None or today < person.left_on]
    if len(here) < 2:
        return
    ways = "、".join(f"{name}{person.phone[-4:]}（{person.department}）" for person in here)
    yield Finding(
        "shape.namesake", column.clause, Severity.REFUSE, column.header, f"有 {len(here)} 位同事叫“{name}”",
        f"请带上手机号后四位，写成 {ways}",
    )  # fmt: skip
