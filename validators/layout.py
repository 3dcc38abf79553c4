"""Where the columns of a form stand in a sheet: found by their headers, wherever staff have moved them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from intake.causes import Misfit
from intake.raw import CellValue, Picture, Sheet, Trouble
from policy.columns import as_text
from policy.form import EXAMPLE, Form, columns
from policy.forms import FORMS, form_named
from policy.words import fold, header_key

RECEIPT_COLUMNS = ("结果", "说明", "受理号")  #: what a receipt puts in front; ignored when it comes back
_SEARCH_ROWS = 20


@dataclass(frozen=True)
class Layout:
    """The header row and what stands under it."""

    headers: tuple[tuple[int, str], ...]  #: (index of the column from 0, header as dropped), receipt columns left out
    fields: Mapping[str, int]  #: field → index of its column
    rows: tuple[tuple[int, tuple[CellValue, ...]], ...]

    def shown(self, cells: Sequence[CellValue]) -> tuple[CellValue, ...]:
        """The cells of a row that stand under a header."""
        wide = len(cells)
        return tuple([cells[index] if index < wide else None for index, _header in self.headers])


@dataclass(frozen=True)
class Unfit:
    """Why a sheet is returned as a whole, and what stands in it."""

    why: Misfit
    message: str
    layout: Layout


def form_of(sheet: Sheet) -> type[Form] | None:
    """The form that *sheet* is: by its name; or, where the name says nothing else, the one that its headers fit."""
    name = sheet.name.strip()
    named = form_named(name)
    if named is not None or not sheet.rows:
        return named
    fitting = [form for form in FORMS if (_UNNAMED.fullmatch(name) or _alike(name, form.sheet)) and _fits(sheet, form)]
    return fitting[0] if len(fitting) == 1 else None


_UNNAMED = re.compile(r"(?:sheet|工作表|表|表格)\s*\d*(?:\s*[(（]\d+[)）])?", re.IGNORECASE)


def _alike(name: str, form: str) -> bool:
    """Whether a sheet's name is the form's with something added (销售日报 (2)) or left out (日报)."""
    key = fold(name)
    return len(key) > 1 and (form in key or key in form)


def _fits(sheet: Sheet, form: type[Form]) -> bool:
    """Whether the headers are those of *form*: all that are compulsory, and none of another."""
    wanted = {header_key(column.header): column.required for column in columns(form)}
    former = _former(form)
    at = _header_row(sheet, {**former, **wanted})
    if at is None:
        return False
    header = without_receipt_columns(sheet.rows[at][1])
    present = {header_key(as_text(cell)) for cell in header if as_text(cell)} - set(map(header_key, form.read_columns))
    return present <= wanted.keys() | former.keys() and {key for key, required in wanted.items() if required} <= present


def lay_out(sheet: Sheet, form: type[Form]) -> Layout | Unfit:
    """Find the columns of *form* in *sheet*; a missing compulsory header makes the sheet unfit, and is named."""
    wanted = {header_key(column.header): column.field for column in columns(form)}
    former = _former(form)
    at = _header_row(sheet, {**former, **wanted})
    if at is None:
        first = without_receipt_columns(sheet.rows[0][1]) if sheet.rows else ()
        names = "、".join(column.header for column in columns(form) if column.required)
        return Unfit(Misfit.HEADLESS, f"找不到表头。必须有这些列：{names}", _layout(first, {}, sheet.rows[1:]))
    header = _as_called_today(without_receipt_columns(sheet.rows[at][1]), wanted, former)
    keys = [header_key(as_text(cell)) for cell in header]
    layout = _layout(
        header, {wanted[key]: index for index, key in enumerate(keys) if key in wanted}, sheet.rows[at + 1 :]
    )
    twice = [as_text(header[keys.index(key)]) for key, n in Counter(keys).items() if n > 1 and key in wanted]
    if twice:
        return Unfit(Misfit.TWICE, f"表头“{'、'.join(twice)}”出现了两次。请删去多余的列", layout)
    missing = [column.header for column in columns(form) if column.required and column.field not in layout.fields]
    if missing:
        return Unfit(
            Misfit.INCOMPLETE, _missing_words(missing, [as_text(cell) for cell in header], set(wanted)), layout
        )
    rows = _without_repeated_headers(layout.rows, keys)
    return Layout(layout.headers, layout.fields, tuple(row for row in rows if not _shows_how(row[1], layout.fields)))


def _shows_how(cells: Sequence[CellValue], fields: Mapping[str, int]) -> bool:
    """Whether a row is the example of a blank workbook."""
    first = cells[index] if (index := min(fields.values(), default=0)) < len(cells) else None
    return as_text(first).startswith(EXAMPLE)


def _former(form: type[Form]) -> dict[str, str]:
    """What columns were called once → what they are called today."""
    return {header_key(name): column.header for column in columns(form) for name in column.former}


def _as_called_today(
    header: Sequence[CellValue], wanted: Mapping[str, str], former: Mapping[str, str]
) -> list[CellValue]:
    """A header of an older template by its present name; where both stand, the older word means something else.

    Of two columns with the older word (a receipt of 客户回款 without its first columns) the last is the form's own.
    """
    keys = [header_key(as_text(cell)) for cell in header]
    renamed = list(header)
    for old, today in former.items():
        if old in keys and header_key(today) not in keys:
            last = len(keys) - 1 - keys[::-1].index(old)
            renamed = [today if index == last else None if keys[index] == old else cell
                       for index, cell in enumerate(renamed)]  # fmt: skip
    return renamed


def _header_row(sheet: Sheet, wanted: Mapping[str, object]) -> int | None:
    best, found = 0, None
    for index, (_number, cells) in enumerate(sheet.rows[:_SEARCH_ROWS]):
        hits = sum(header_key(as_text(cell)) in wanted for cell in cells if cell is not None)
        if hits > best:
            best, found = hits, index
    return found


def _layout(
    header: Sequence[CellValue], fields: dict[str, int], rows: Sequence[tuple[int, tuple[CellValue, ...]]]
) -> Layout:
    names = tuple((index, as_text(cell)) for index, cell in enumerate(header) if as_text(cell))
    return Layout(names, fields, tuple(rows))


def without_receipt_columns(header: Sequence[CellValue]) -> list[CellValue]:
    """The headers of a receipt that comes back, with 结果, 说明 and its first 受理号 blanked.

    An older 客户回款 has a 受理号 of its own, the order's: only the one that a
    receipt has put in front is passed over.
    """
    keys = [as_text(cell) for cell in header]
    if not {"结果", "说明"} <= set(keys):
        return list(header)
    ours = {keys.index(name) for name in RECEIPT_COLUMNS if name in keys}
    return [None if index in ours else cell for index, cell in enumerate(header)]


def _missing_words(missing: list[str], present: list[str], wanted: set[str]) -> str:
    odd = [name for name in present if name and header_key(name) not in wanted and name not in RECEIPT_COLUMNS]
    from rapidfuzz import fuzz, process  # most sheets have all their columns

    parts = []
    for name in missing:
        near = process.extractOne(name, odd, scorer=fuzz.ratio, score_cutoff=50)
        parts.append(f"“{name}”（是否写成了“{near[0]}”？）" if near else f"“{name}”")
    return f"缺少必填列{'、'.join(parts)}。请用最新模板，或把列名改回原样"


def _without_repeated_headers(
    rows: Sequence[tuple[int, tuple[CellValue, ...]]], keys: list[str]
) -> tuple[tuple[int, tuple[CellValue, ...]], ...]:
    return tuple(row for row in rows if not _repeats(row[1], keys))


def _repeats(cells: Sequence[CellValue], keys: list[str]) -> bool:
    """Whether a row is the header over again."""
    return all(i < len(cells) and header_key(as_text(cells[i])) == key for i, key in enumerate(keys) if key)


def cells_of(layout: Layout, cells: Sequence[CellValue]) -> dict[str, CellValue]:
    """Field → cell of one row."""
    return {field: cells[index] if index < len(cells) else None for field, index in layout.fields.items()}


def troubles_by_row(sheet: Sheet) -> Mapping[int, Mapping[int, Trouble]]:
    """Number of a row → index of a column → why its cell cannot be used as it stands."""
    found: dict[int, dict[int, Trouble]] = {}
    for trouble in sheet.troubles:
        found.setdefault(trouble.row, {})[trouble.column - 1] = trouble
    return found


def troubles_of(layout: Layout, by_column: Mapping[int, Trouble]) -> dict[str, Trouble]:
    """Field → why its cell in a row cannot be used as it stands."""
    return {field: by_column[index] for field, index in layout.fields.items() if index in by_column}


def pictures_of(form: type[Form], layout: Layout, sheet: Sheet, number: int) -> dict[str, tuple[Picture, ...]]:
    """Photo field → pictures placed in row *number*.

    A picture floats where it was let go: one that lies over another column
    belongs to the form's first photo column.
    """
    if not sheet.pictures:
        return {}
    fields = {
        layout.fields[column.field]: column.field
        for column in columns(form)
        if column.kind == "photos" and column.field in layout.fields
    }
    found: dict[str, tuple[Picture, ...]] = {}
    for picture in sheet.pictures:
        if picture.row == number and fields:
            field = fields.get(picture.column - 1, next(iter(fields.values())))
            found[field] = (*found.get(field, ()), picture)
    return found
