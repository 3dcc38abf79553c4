"""Forms on the phone, made of the same models as the sheets: what to show, what is wrong with it, what to drop."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ledger.records import Person
from outbox.templates.filled import render_filled
from outbox.xlsx.cell import CellValue
from policy.form import Column, Form, columns
from policy.forms.daily_report import DailyReport
from policy.forms.visit import Visit
from policy.posts import may_submit
from policy.settings import Settings
from validators.shape import shape

PHONE_FORMS: tuple[type[Form], ...] = (Visit, DailyReport)
_PICKERS = {"customer": "customer"}  #: fields for which the phone offers a list of one's own


@dataclass(frozen=True)
class Problem:
    """Something about one field that must be mended before it can be dropped."""

    field: str
    words: str


def forms_for(person: Person) -> tuple[type[Form], ...]:
    """The forms that *person* may hand in by phone."""
    return tuple(form for form in PHONE_FORMS if may_submit(person.post, form.submitters))


def control(column: Column) -> str:
    """How the phone asks for a column: customer, colleagues, pictures, date, long, choice or text."""
    kinds = {"names": "colleagues", "photos": "pictures", "date": "date", "long": "long"}
    if column.field in _PICKERS:
        return _PICKERS[column.field]
    if column.options or column.choices:
        return "choice"
    return kinds.get(column.kind, "text")


def choices(column: Column, settings: Settings) -> Sequence[str]:
    """What may be chosen in a column."""
    lists: Mapping[str, Sequence[str]] = settings.lists.model_dump()
    return column.options or (lists.get(column.choices, ()) if column.choices else ())


def problems(form: type[Form], fields: Mapping[str, str], settings: Settings) -> list[Problem]:
    """What the rules of cells find, in the words of the receipt; *fields* by name."""
    too_long = [
        Problem(
            column.field,
            f"“{column.header}”有 {len(fields.get(column.field, ''))} 个字，最多 {settings.limits.cell_chars} 个",
        )
        for column in columns(form)
        if len(fields.get(column.field, "")) > settings.limits.cell_chars
    ]
    if too_long:
        return too_long
    shaped = shape(form, dict(fields), settings.lists.model_dump(), {}, frozenset())
    by_header = {column.header: column.field for column in columns(form)}
    return [Problem(by_header[found.column], f"{found.message}。{found.remedy}") for found in shaped.findings]


def workbook(form: type[Form], fields: Mapping[str, str], settings: Settings, made_at: datetime) -> bytes:
    """The standard workbook with this one row; *fields* have no :func:`problems`."""
    record: Any = shape(form, dict(fields), settings.lists.model_dump(), {}, frozenset()).record
    row: dict[str, CellValue] = {
        column.field: getattr(record, column.field) if column.kind == "date" else fields.get(column.field) or None
        for column in columns(form)
    }
    return render_filled(form, [row], made_at)
