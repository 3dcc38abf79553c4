"""What turns red while one types, so that it can be mended before it is dropped: the same that a receipt would say."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from outbox.templates.offered import AREAS, COLLEAGUES, NEW, OWN, POOL, SELLERS, list_of
from outbox.xlsx.palette import RED, RED_PALE
from outbox.xlsx.sheet import Page, column_letter
from policy.form import Column, Form, columns
from policy.forms.payment import Payment

_BETWEEN = "、，,；;"  #: what may stand between names: such a cell is not looked up
Least = Mapping[str, int]


def watch_cells(pages: Sequence[tuple[type[Form], Page]], lists: Collection[str], least: Least, rows: int) -> None:
    """Colour what is missing or wrong in the first *rows* of each form.

    :param lists: the lists that this workbook has
    :param least: key of ``[text]`` → fewest characters
    """
    if not pages:
        return
    wrong = pages[0][1].book.overlay(ink=RED, fill=RED_PALE)
    for form, page in pages:
        last = column_letter(len(columns(form)) - 1)
        for index, column in enumerate(columns(form)):
            cell = f"${column_letter(index)}2"
            found = list(_wrongs(form, column, cell, lists, least))
            checks = [f"=AND(LEN({cell})=0,COUNTA($A2:${last}2)>0)"] if column.required and not column.blank else []
            checks += [f"=OR({','.join(found)})" if len(found) > 1 else f"={found[0]}"] if found else []
            for check in checks:
                options = {"type": "formula", "criteria": check, "format": wrong}
                page.sheet.conditional_format(1, index, rows, index, options)


_TWO_PHONES = 45  #: characters that two numbers with their extensions take at most


def _wrongs(form: type[Form], column: Column, cell: str, lists: Collection[str], least: Least) -> Iterator[str]:
    if column.kind == "phone":
        digits = f'LEN(SUBSTITUTE(SUBSTITUTE({cell},"-","")," ",""))'
        mobile = f'AND(LEFT({cell},1)="1",{digits}<>11)'
        yield f"AND(LEN({cell})>0,OR({digits}<7,{digits}>12,{mobile}))"
    if column.kind == "phones":  # two of them, with what stands between
        digits = f'LEN(SUBSTITUTE(SUBSTITUTE({cell},"-","")," ",""))'
        short = f'AND(LEFT({cell},1)="1",{digits}<11)'  # too few for one mobile number, let alone two
        yield f"AND(LEN({cell})>0,OR({digits}<7,LEN({cell})>{_TWO_PHONES},{short}))"
    if column.kind == "money":
        yield f"AND(ISNUMBER({cell}),{cell}<=0)"
    if column.latest == "today":
        yield f"AND(ISNUMBER({cell}),{cell}>=TODAY()+1)"
    if column.least and least.get(column.least, 0) > 1:
        yield f"AND(LEN({cell})>0,LEN(TRIM({cell}))<{least[column.least]})"
    yield from _unknown(form, column, cell, lists)


def _unknown(form: type[Form], column: Column, cell: str, lists: Collection[str]) -> Iterator[str]:
    """A name that stands on none of the lists where it may stand."""
    name = list_of(form, column)
    if name == AREAS and name in lists:  # an area is chosen step by step: this one is not yet a district
        yield f"AND(LEN({cell})>0,COUNTIF({AREAS},{cell})>0)"
    elif name in (COLLEAGUES, SELLERS) and name in lists:
        several = "+".join(f'LEN({cell})-LEN(SUBSTITUTE({cell},"{mark}",""))' for mark in _BETWEEN)
        yield f"AND(LEN({cell})>0,{several}=0,COUNTIF({name},{cell})=0)"
    elif name in (OWN, POOL) and name in lists:
        where = {OWN: (OWN, NEW, *((POOL,) if form is Payment else ())), POOL: (POOL,)}[name]
        nowhere = ",".join(f"COUNTIF({each},{cell})=0" for each in where if each in lists)
        yield f'AND(LEN({cell})>0,{cell}<>"全部",{nowhere})'
