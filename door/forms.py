"""Forms on the phone, made of the same models as the sheets: what to show, what is wrong with it, what to drop."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from ledger.records import Person
from outbox.templates.filled import render_filled
from outbox.templates.offered import COLLEAGUES, OWN, SELLERS, list_of
from outbox.xlsx.cell import CellValue
from policy.form import Column, Form, columns
from policy.forms.appeal import Appeal
from policy.forms.customer import NewCustomer
from policy.forms.customer_change import CustomerChange
from policy.forms.daily_report import DailyReport
from policy.forms.opportunity import Opportunity
from policy.forms.order import Order
from policy.forms.payment import Payment
from policy.forms.visit import Visit
from policy.forms.visit_plan import VisitPlan
from policy.posts import may_submit
from policy.settings import Settings
from validators.shape import shape

IN_REACH: tuple[type[Form], ...] = (Visit, DailyReport)  #: every day's, each a tab of its own
#: What the generator carries as it is; the others stay on sheets, and decision 118 says why.
PHONE_FORMS: tuple[type[Form], ...] = (
    *IN_REACH, NewCustomer, VisitPlan, Opportunity, Order, Payment, CustomerChange, Appeal,
)  # fmt: skip
_CONTROLS = {
    "names": "colleagues", "photos": "pictures", "date": "date", "long": "long", "money": "number", "integer": "number",
    "phones": "phone", "phone": "phone",
}  # fmt: skip
_PEOPLE = {COLLEAGUES: "colleagues", SELLERS: "sellers"}


@dataclass(frozen=True)
class Problem:
    """Something about one field that must be mended before it can be dropped."""

    field: str
    words: str


def forms_for(person: Person) -> tuple[type[Form], ...]:
    """The forms that *person* may hand in by phone."""
    return tuple(form for form in PHONE_FORMS if may_submit(person.post, form.submitters))


def control(column: Column, form: type[Form]) -> str:
    """How the phone asks for a column: customer, colleagues, colleague, pictures, date, long, choice, number, phone or text."""
    if list_of(form, column) == OWN:
        return "customer"
    if column.options or column.choices:
        return "choice"
    if people_of(column, form) and column.kind != "names":
        return "colleague"
    return _CONTROLS.get(column.kind, "text")


def people_of(column: Column, form: type[Form]) -> str:
    """Of whom a column names one or several, by the word of the page's list: colleagues or sellers; '' for nobody."""
    return _PEOPLE.get(list_of(form, column), "")


def pictures_by_column(
    form: type[Form], given: Mapping[str, Sequence[str]] | Sequence[str]
) -> dict[str, Sequence[str]]:
    """Keys of pictures by photo column, for every one of the form, in its order: what is typed into such a column never counts.

    :param given: so already; or keys alone, as pages of earlier versions sent them and phones may have kept them: the first column's
    :raises KeyError: a column that holds no photos
    """
    fields = [column.field for column in columns(form) if column.kind == "photos"]
    by_field = given if isinstance(given, Mapping) else dict.fromkeys(fields[:1], given)
    if strange := by_field.keys() - set(fields):
        raise KeyError(*strange)
    return {field: by_field.get(field, ()) for field in fields}


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
    row = {each.field: _cell(each, getattr(record, each.field), fields.get(each.field, "")) for each in columns(form)}
    return render_filled(form, [row], made_at)


def _cell(column: Column, value: Any, typed: str) -> CellValue:
    """Days and numbers as a spreadsheet has them, everything else as it was typed."""
    if isinstance(value, int):
        return value / 100 if column.kind == "money" else value
    return value if isinstance(value, date) else typed or None
