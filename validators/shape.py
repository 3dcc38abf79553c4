"""Raw row → record, or findings: whether each cell can be read as what its column asks for."""

from __future__ import annotations

import types
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BeforeValidator, TypeAdapter, ValidationError
from pydantic_core import PydanticCustomError

from intake.raw import CellValue, Trouble
from ledger.records import Finding, Severity
from policy.columns import OUTRIGHT, as_text
from policy.dates import in_full, of_this_year
from policy.form import Column, Form, columns

_REMEDY = {
    "date": "写全年月日，例如 2026-11-23",
    "integer": "只填整数",
    "money": "只填数字金额，例如 12800.50",
    "phone": "核对后填写一个完整号码",
    "phones": "核对后填写完整号码，最多两个，用顿号隔开",
}
_ONE = {"phones": "phone"}  #: kinds of which several are wrong as one is


@dataclass(frozen=True)
class Shaped:
    """A row as far as it could be read; unusable fields hold None or nothing."""

    record: Form
    unusable: frozenset[str]
    findings: tuple[Finding, ...]


def shape(
    form: type[Form],
    cells: Mapping[str, CellValue],
    lists: Mapping[str, tuple[str, ...]],
    troubles: Mapping[str, Trouble],
    pictured: frozenset[str],
    today: date | None = None,
) -> Shaped:
    """Read one row.

    :param cells: field → cell as it was read
    :param troubles: field → why the cell cannot be used as it stands
    :param pictured: photo fields that have a picture placed in the row itself
    :param today: the day of arrival, from which 今天, a day without its year and a blank day are understood
    """
    values: dict[str, Any] = {}
    findings: list[Finding] = []
    for column in columns(form):
        trouble = troubles.get(column.field) if troubles else None
        if trouble is not None:
            findings.append(_finding("shape.cell", column, trouble.message, trouble.remedy))
            continue
        cell = cells.get(column.field)
        try:
            values[column.field] = value = _value(form, column, cell, lists, column.field in pictured, today)
        except _Unusable as why:
            findings.append(why.finding)
            continue
        if column.kind == "date" and today is not None and isinstance(value, date):
            values[column.field] = day = of_this_year(value, today) if column.blank else value
            findings.extend(_understood(column, cell, value, day))
    if len(values) == len(columns(form)):
        return Shaped(form.model_construct(**values), _NONE, tuple(findings))
    unusable = frozenset(column.field for column in columns(form) if column.field not in values)
    blank = {name: () if name in _lists(form) else None for name in unusable}
    return Shaped(form.model_construct(**{**values, **blank}), unusable, tuple(findings))


_NONE: frozenset[str] = frozenset()


class _Unusable(Exception):
    def __init__(self, finding: Finding) -> None:
        self.finding = finding


def _understood(column: Column, cell: CellValue, written: date, day: date) -> Iterator[Finding]:
    """How a day that was not written in full, or in the old year, has been understood: nobody is left to guess."""
    text = as_text(cell)
    if text == "" or not in_full(cell, text) or day != written:
        said = f"“{column.header}”没有填写" if text == "" else f"“{text}”"
        message, remedy = f"{said}，按 {day.isoformat()} 理解", "不对的，请写全年月日后再投递"
        yield Finding("shape.understood", column.clause, Severity.NOTE, column.header, message, remedy)


def _value(
    form: type[Form],
    column: Column,
    cell: CellValue,
    lists: Mapping[str, tuple[str, ...]],
    pictured: bool,
    today: date | None,
) -> Any:
    if as_text(cell) == "":
        if column.blank and today is not None:
            return today
        if column.required and not pictured:
            raise _Unusable(_finding("shape.required", column, f"“{column.header}”没有填写", _hint(column)))
        return () if column.field in _lists(form) else None
    try:
        value = reader(form, column.field)(cell, today)
    except PydanticCustomError as error:
        raise _Unusable(_finding(f"shape.{column.kind}", column, error.message(), _hint(column))) from None
    except ValidationError as error:
        raise _Unusable(
            _finding(f"shape.{_ONE.get(column.kind, column.kind)}", column, _words(error), _hint(column))
        ) from None
    _check_choice(column, value, lists)
    return value


def _check_choice(column: Column, value: Any, lists: Mapping[str, tuple[str, ...]]) -> None:
    allowed = column.options or (lists.get(column.choices, ()) if column.choices else ())
    if allowed and value not in allowed:
        message = f"“{value}”不在可选范围内"
        raise _Unusable(_finding("shape.choice", column, message, f"请从下拉列表中选择：{'、'.join(allowed)}"))


def _hint(column: Column) -> str:
    if column.kind in _REMEDY:
        return _REMEDY[column.kind]
    return f"请填写：{column.help}" + (f"，例如 {column.example}" if column.example else "")


def _words(error: ValidationError) -> str:
    """Our own sentence; anything else pydantic may say is translated, since its texts are English."""
    first = error.errors()[0]
    return str(first["msg"]) if first["type"].startswith("kebu_") else "内容的格式不对"


def _finding(rule: str, column: Column, message: str, remedy: str) -> Finding:
    return Finding(rule, column.clause, Severity.REFUSE, column.header, message, remedy)


@cache
def reader(form: type[Form], name: str) -> Callable[[CellValue, date | None], Any]:
    """How a cell is read into the field *name*.

    What a type of ours makes of a cell is of the right type already: it is asked without pydantic in between.
    """
    _type, *more = get_args(_annotation(form, name)) or (None,)
    if len(more) == 1 and isinstance(more[0], BeforeValidator) and more[0].func in OUTRIGHT:
        read: Callable[[CellValue], Any] = more[0].func
        return lambda cell, _today: read(cell)
    validate = adapter(form, name).validate_python
    return lambda cell, today: validate(cell, context={"today": today})


@cache
def adapter(form: type[Form], name: str) -> TypeAdapter[Any]:
    """What reads a cell into the field *name*; blank cells are dealt with before."""
    return TypeAdapter(_annotation(form, name))


def _annotation(form: type[Form], name: str) -> Any:
    field = form.model_fields[name]
    annotation: Any = Annotated[(field.annotation, *field.metadata)] if field.metadata else field.annotation
    if get_origin(annotation) in (Union, types.UnionType):
        annotation = next(part for part in get_args(annotation) if part is not type(None))
    return annotation


@cache
def _lists(form: type[Form]) -> frozenset[str]:
    return frozenset(column.field for column in columns(form) if column.kind in ("names", "photos"))


def jsonable(form: type[Form], record: Form, unusable: frozenset[str]) -> dict[str, Any]:
    """The record's values as the journal keeps them: ISO dates, integer fen, lists of names."""
    return {
        name: value if value is None or type(value) in _PLAIN else adapter(form, name).dump_python(value, mode="json")
        for name, value in _fields(form, record)
        if name not in unusable
    }


_PLAIN = frozenset({str, int})  #: these are in JSON what they are


def _fields(form: type[Form], record: Form) -> Iterator[tuple[str, Any]]:
    for name in form.model_fields:
        yield name, getattr(record, name)
