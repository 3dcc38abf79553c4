"""个人工作簿 drawn: the forms, the guide and the lists once for all who have them alike, then what is a person's own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from outbox.heading import headed
from outbox.templates.guide import Cite, Lists
from outbox.templates.live import Least
from outbox.templates.model import POOL_SHEET, YOURS_FROM, Listing, PersonalWorkbook
from outbox.templates.offered import name_sections
from outbox.templates.section import last_cell, write_section
from outbox.templates.template import MADE, PROPERTY, Names, forms_named, write_forms
from outbox.templates.today import TODAY, write_today
from outbox.xlsx.frame import Frame
from outbox.xlsx.sheet import Drawing, Page
from policy.clauses import cite
from policy.form import Form

_TITLE = "个人工作簿"
_KEPT = (
    8  # kinds of workbook at a time: by post, by which sheets to read have rows; each holds its pool, so not many more
)
Marks = Mapping[str, Sequence[tuple[int, date]]]  #: title of a sheet → its rows, and what stands in their last cells
_NONE: Mapping[str, Listing] = {}
_UNMARKED: Marks = {}
_Words = tuple[tuple[str, tuple[str, ...]], ...]


def draw_personal_workbook(told: PersonalWorkbook, parts: Mapping[str, Listing] = _NONE) -> bytes:
    """The personal workbook as it was told.

    :param parts: hash → a sheet that is told once for many, where it has any
    :raises KeyError: one is missing
    """
    sections = tuple(each.filled(parts) for each in told.sections)
    marked = {each.title: each.marked for each in told.sections if each.marked}
    return render_personal_workbook(
        forms_named(told.forms), sections, told.lists, MADE, version=told.version, cite=cite, check_list=told.check_list,
        least=told.least, names=told.names, heading=headed(told.company, told.heading), today=told.today,
        marked=marked,
    )  # fmt: skip


def render_personal_workbook(
    forms: Sequence[type[Form]],
    sections: Sequence[Listing],
    lists: Lists,
    made_at: datetime,
    *,
    version: str,
    cite: Cite,
    check_list: Sequence[str] = (),
    least: Least | None = None,
    names: Names | None = None,
    heading: str = "",
    today: Sequence[Listing] = (),
    marked: Marks = _UNMARKED,
) -> bytes:
    """The workbook ``模板/个人工作簿.xlsx``: every form of this post, what this person may know, and 填写说明.

    *check_list* are the lines to be gone through before a visit (客户拜访 5.1(2)–(4)); *marked* are, by title, rows of
    the sheets that say the same to all, in whose last cell this person reads a day.
    """
    shared = tuple(each for each in sections if is_everybodys(each))
    alike = Alike(
        tuple(forms), tuple(each.title for each in sections), shared, frozenset(each.title for each in sections if each.rows),
        _frozen(lists), made_at, version, cite, () if today else tuple(check_list), tuple(sorted((least or {}).items())),
        _frozen(names or {}), bool(today),
    )  # fmt: skip
    book = framed(alike).opened()
    pages = iter(book.own)
    if today:
        write_today(next(pages), heading, today, check_list)
    _write_sections(book, pages, [each for each in sections if each not in shared])
    for title, days in marked.items():  # a KeyError if it says the same to nobody else: there it would be lost
        section = next(each for each in sections if each.title == title)
        book.days[title].update({last_cell(section, n): day for n, day in days})
    return book.finish()


def is_everybodys(section: Listing) -> bool:
    """Whether a sheet to read says the same to all who sell: the pool, unless some of it waits for this one alone."""
    return (
        section.title == POOL_SHEET and section.headers[-1] == YOURS_FROM and not any(row[-1] for row in section.rows)
    )


def _write_sections(book: Drawing, pages: Iterator[Page], sections: Sequence[Listing]) -> None:
    """Write sheets to read, each on the next of the *pages*, and give the lists on them their names."""
    places = {section.title: write_section(next(pages), section) for section in sections}
    name_sections(book, {title: place for title, place in places.items() if place})


@dataclass(frozen=True)
class Alike:
    """Everything that goes into the sheets that are nobody's own."""

    forms: tuple[type[Form], ...]
    sections: tuple[str, ...]  #: titles of the sheets to read
    shared: tuple[Listing, ...]  #: those of them that say the same to all
    filled: frozenset[str]  #: those that have rows
    lists: _Words
    made_at: datetime
    version: str
    cite: Cite
    check_list: tuple[str, ...]  #: on the guide, where there is no sheet 今天
    least: tuple[tuple[str, int], ...]
    names: _Words
    has_today: bool


@lru_cache(_KEPT)
def framed(alike: Alike) -> Frame:
    """The sheets that are nobody's own, written once in a process for all whose workbooks have them alike."""
    book = Drawing(alike.made_at, title=_TITLE, properties={PROPERTY: alike.version})
    today = [book.page(TODAY)] if alike.has_today else []
    pages = [book.page(form.sheet) for form in alike.forms]
    sections = {title: book.page(title) for title in alike.sections}
    write_forms(
        book, alike.forms, pages, dict(alike.lists), alike.filled, dict(alike.names), version=alike.version, cite=alike.cite,
        check_list=alike.check_list, least=dict(alike.least),
    )  # fmt: skip
    shared = [sections.pop(section.title) for section in alike.shared]
    _write_sections(book, iter(shared), alike.shared)
    return Frame(book, (*today, *sections.values()), shared)


def _frozen(words: Lists) -> _Words:
    return tuple((name, tuple(of)) for name, of in sorted(words.items()))
