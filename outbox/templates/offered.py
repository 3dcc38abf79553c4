"""Lists that a workbook offers to choose from: own customers, the pool, colleagues, areas; by name, so that formulas of
every program and version reach them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from outbox.xlsx.palette import LABEL
from policy.districts import below
from policy.form import Column, Form, columns
from policy.forms.claim import Claim
from policy.forms.customer import NewCustomer
from policy.forms.person import NewPerson

if TYPE_CHECKING:
    from outbox.xlsx.sheet import Drawing, Page

OWN, POOL, COLLEAGUES, SELLERS, NEW, AREAS = (
    "own_customers", "pooled_customers", "colleagues", "sellers", "new_customers", "areas_with_more",
)  # fmt: skip
SHEET, AREA_SHEET = "名单", "地区"
_SECTIONS = {"我的客户": OWN, "公海客户": POOL}
_ONE_SELLER = frozenset({"接受人", "销售经理"})
_ONE_COLLEAGUE = frozenset({"代理人", "委托人", "姓名"})


@dataclass(frozen=True)
class CellRange:
    """Cells below one another, at least one."""

    page: Page
    column: int
    first: int  #: row, from 0
    last: int

    @property
    def cells(self) -> str:
        """As formulas write it."""
        from outbox.xlsx.sheet import column_letter  # whoever only asks for a list's name draws nothing

        letter = column_letter(self.column)
        return f"'{self.page.name}'!${letter}${self.first + 1}:${letter}${self.last + 1}"


def list_of(form: type[Form], column: Column) -> str:
    """The list that *column* of *form* is chosen from; '' if there is none that one could know beforehand."""
    if column.field == "area":
        return AREAS
    if column.header == "客户名称":
        return "" if form is NewCustomer else POOL if form is Claim else OWN
    if column.header in _ONE_SELLER:
        return SELLERS
    one = column.header in _ONE_COLLEAGUE and form is not NewPerson
    return COLLEAGUES if one or column.kind == "names" else ""


def name_sections(book: Drawing, sections: Mapping[str, CellRange]) -> None:
    """Give the lists that stand on sheets to read their names.

    :param sections: title of a sheet → its first column, where it has rows
    """
    for title, place in sections.items():
        if title in _SECTIONS:
            book.define(_SECTIONS[title], f"={place.cells}")


def name_lists(
    book: Drawing,
    forms: Sequence[type[Form]],
    pages: Sequence[Page],
    filled: Collection[str],
    names: Mapping[str, Sequence[str]],
) -> frozenset[str]:
    """Give the other lists of this workbook their names, on hidden sheets where they do not stand already; gives all there are.

    :param filled: titles of the sheets to read that have rows
    :param names: list → its words
    """
    wanted = {list_of(form, column) for form in forms for column in columns(form)}
    places = {}
    new = next((page for form, page in zip(forms, pages, strict=True) if form is NewCustomer), None)
    if new is not None:
        places[NEW] = CellRange(new, 0, 1, 500)
    words = {name: of for name, of in names.items() if of and name in wanted}
    if words:
        places |= _written(book.page(SHEET), words)
    if AREAS in wanted:
        places[AREAS] = _areas(book.page(AREA_SHEET))
    for name, place in places.items():
        book.define(name, f"={place.cells}")
    return frozenset(places) | {_SECTIONS[title] for title in filled if title in _SECTIONS}


def _written(page: Page, names: Mapping[str, Sequence[str]]) -> dict[str, CellRange]:
    page.sheet.hide()
    places = {}
    for column, (name, words) in enumerate(sorted(names.items())):
        page.sheet.write_string(0, column, _HEADS[name], page.book.format(LABEL))
        page.sheet.write_column(1, column, words)
        places[name] = CellRange(page, column, 1, len(words))
    return places


_HEADS = {COLLEAGUES: "在职同事", SELLERS: "销售人员"}


def _areas(page: Page) -> CellRange:
    """An area, how many are right below it, and which; the provinces stand first."""
    page.sheet.hide()
    tree = below()
    for row, (area, those) in enumerate(tree.items()):
        page.sheet.write_string(row, 0, area or _COUNTRY)
        page.sheet.write_number(row, 1, len(those))
        page.sheet.write_row(row, 2, those)
    return CellRange(page, 0, 0, len(tree) - 1)


_COUNTRY = "-"


def source(name: str, cell: str) -> str:
    """Where the words for *cell* stand; an area offers what is right below what was chosen so far."""
    if name != AREAS:
        return f"={name}"
    row = f'IFERROR(MATCH(IF({cell}="","{_COUNTRY}",{cell}),{AREAS},0),1)'
    return f"=OFFSET('{AREA_SHEET}'!$C$1,{row}-1,0,1,INDEX('{AREA_SHEET}'!$B:$B,{row}))"
