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
    """Read one row, as :meth:`Reading.row` does."""
    return Reading(form, lists, today).row(cells, troubles, pictured)


class Reading:
    """How rows of a form are read on one day: settled once for all rows of a sheet."""

    def __init__(self, form: type[Form], lists: Mapping[str, tuple[str, ...]], today: date | None = None) -> None:
        """:param today: the day of arrival, from which 今天, a day without its year and a blank day are understood"""
        self._form, self._today = form, today
        self._cells = tuple(_Cells.of(form, column, lists, today) for column in columns(form))

    def row(
        self, cells: Mapping[str, CellValue], troubles: Mapping[str, Trouble], pictured: frozenset[str]
    ) -> Shaped:  # fmt: skip
        """Read one row.

        :param cells: field → cell as it was read
        :param troubles: field → why the cell cannot be used as it stands
        :param pictured: photo fields that have a picture placed in the row itself
        """
        values: dict[str, Any] = {}
        unusable: set[str] = set()
        findings: list[Finding] = []
        for each in self._cells:
            column, cell = each.column, cells.get(each.column.field)
            trouble = troubles.get(column.field) if troubles else None
            try:
                if trouble is not None:
                    raise _Unusable(_finding("shape.cell", column, trouble.message, trouble.remedy))
                value = each.value(cell, column.field in pictured)
            except _Unusable as why:
                findings.append(why.finding)
                unusable.add(column.field)
                values[column.field] = each.nothing
                continue
            values[column.field] = value
            if self._today is not None and column.kind == "date" and isinstance(value, date):
                values[column.field] = day = of_this_year(value, self._today) if column.blank else value
                findings.extend(_understood(column, cell, value, day))
        return Shaped(self._form.of(values), frozenset(unusable), tuple(findings))


@dataclass(frozen=True)
class _Cells:
    """How the cells of one column are read."""

    column: Column
    read: Callable[[CellValue, date | None], Any]
    allowed: tuple[str, ...]  #: what may stand there; nothing: anything
    nothing: Any  #: the value where there is none
    today: date | None
    seen: dict[str, Any] | None  #: word → its value, in columns that repeat their words

    @classmethod
    def of(
        cls, form: type[Form], column: Column, lists: Mapping[str, tuple[str, ...]], today: date | None
    ) -> _Cells:  # fmt: skip
        """Those of *column*."""
        allowed = column.options or (lists.get(column.choices, ()) if column.choices else ())
        nothing = () if column.kind in ("names", "photos") else None
        seen: dict[str, Any] | None = {} if allowed or column.kind in ("names", "date") else None
        return cls(column, reader(form, column.field), allowed, nothing, today, seen)

    def value(self, cell: CellValue, pictured: bool) -> Any:
        """What *cell* says."""
        if self.seen is None or type(cell) is not str:
            return self._value(cell, pictured)
        if cell not in self.seen:
            self.seen[cell] = self._value(cell, pictured)
        return self.seen[cell]

    def _value(self, cell: CellValue, pictured: bool) -> Any:
        column = self.column
        if as_text(cell) == "":
            return self._of_blank(pictured)
        try:
            value = self.read(cell, self.today)
        except PydanticCustomError as error:
            raise _Unusable(_finding(f"shape.{column.kind}", column, error.message(), _hint(column))) from None
        except ValidationError as error:
            kind = _ONE.get(column.kind, column.kind)
            raise _Unusable(_finding(f"shape.{kind}", column, _words(error), _hint(column))) from None
        if self.allowed and value not in self.allowed:
            message, remedy = f"“{value}”不在可选范围内", f"请从下拉列表中选择：{'、'.join(self.allowed)}"
            raise _Unusable(_finding("shape.choice", column, message, remedy))
        return value

    def _of_blank(self, pictured: bool) -> Any:
        column = self.column
        if column.blank and self.today is not None:
            return self.today
        if column.required and not pictured:
            raise _Unusable(_finding("shape.required", column, f"“{column.header}”没有填写", _hint(column)))
        return self.nothing


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


def jsonable(form: type[Form], record: Form, unusable: frozenset[str]) -> dict[str, Any]:
    """The record's values as the journal keeps them: ISO dates, integer fen, lists of names."""
    return {
        name: plain(value)
        if (plain := _AS_JSON.get(type(value)))
        else adapter(form, name).dump_python(value, mode="json")
        for name, value in vars(record).items()
        if name not in unusable
    }


def _itself(value: Any) -> Any:
    return value


#: What columns hold, and what that is in JSON; tuples are lists of names.
_AS_JSON: Mapping[type, Callable[[Any], Any]] = {
    str: _itself, int: _itself, type(None): _itself, tuple: list, date: date.isoformat,
}  # fmt: skip
