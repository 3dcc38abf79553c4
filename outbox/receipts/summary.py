"""概要: the first sheet of a receipt, from which a person can mend without hunting."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from outbox.heading import headed
from outbox.receipts.model import (
    OUTCOMES,
    WEIGHTS,
    Message,
    Note,
    Receipt,
    ReceiptRow,
    ReceiptSheet,
    Weight,
    column_of,
)
from outbox.xlsx.palette import (
    CELL,
    CENTRED,
    HEADER,
    HINT,
    LABEL,
    LINK,
    MUTED,
    PLAIN,
    SECTION_LOOKS,
    TITLE,
    WEIGHT_LOOKS,
    WEIGHT_WORDS,
    outcome_look,
)
from outbox.xlsx.sheet import Page

SUMMARY = "概要"
_LEAD = 3  # columns of ours before the dropped ones
_WIDTHS = (16, 11, 14, 16, 12, 11, 11, 56)
_LAST = len(_WIDTHS) - 1
_FOUND = ("工作表", "位置", "受理号", "列", "说明")
_WHERE = len(_FOUND) - 1
_ALIKE = 20  # rows of which the same is said are listed one by one; of more, the first stands for all
_MOST = 5_000  # lines of the lists: nobody goes through more, and each is merged, linked and measured
_NOTHING = "没有需要修改的地方。"
_TITLES: Mapping[Weight, str] = {"refuse": "需改正", "flag": "请留意", "note": "无需处理"}
_WHAT_TO_DO: Mapping[Weight, str] = {
    "refuse": "改好标红的单元格，把本文件存到“投递”文件夹即可，已受理的行不会重复登记。点“位置”可以直接跳到那一格。",
    "flag": "请看一看；表里没有写错的，不用改表。",
    "note": "",
}


@dataclass(frozen=True)
class _Found:
    sheet: ReceiptSheet
    page: Page | None
    number: int  # row in this receipt, from 1; the headers are row 1
    row: ReceiptRow
    note: Note
    alike: int = 1  # rows of which the same is to be said, this one the first


def write_summary(page: Page, receipt: Receipt, pages: Sequence[Page | None]) -> None:
    """Write what was dropped and when, the counts, then what is to be mended, what to be looked at, and what needs nothing."""
    for column, width in enumerate(_WIDTHS):
        page.layout.width(column, width)
    page.put(0, 0, headed(receipt.company, receipt.title), TITLE)
    row = _facts(page, 1, receipt)
    row = _counts(page, row + 1, receipt) + 1
    found, said = list(_said_once(list(_all_found(receipt, pages)))), _said(receipt)
    weights = {one.weight for one in said} | {each.note.weight for each in found}
    if receipt.sheets and "refuse" not in weights:
        page.span(row, 0, _LAST, _NOTHING, HINT)
        row += 2
    left = _MOST
    for weight in WEIGHTS:
        here = [each for each in found if each.note.weight == weight]
        row = _section(page, row, weight, [one.text for one in said if one.weight == weight], here, left)
        left = max(0, left - len(here))
    page.paper(receipt.title)
    page.sheet.set_portrait()
    page.sheet.hide_gridlines(2)


def _facts(page: Page, row: int, receipt: Receipt) -> int:
    dropped = (
        ("投递文件", receipt.source),
        ("投递人", receipt.person),
        ("到达时间", f"{receipt.arrived_at:%Y-%m-%d %H:%M:%S}"),
        ("回执时间", f"{receipt.made_at:%Y-%m-%d %H:%M:%S}"),
    )
    told = (("收件人", receipt.person), ("通知时间", f"{receipt.made_at:%Y-%m-%d %H:%M:%S}"))
    for label, value in dropped if receipt.source else told:
        page.put(row, 0, label, LABEL)
        page.span(row, 1, _LAST, value, PLAIN)
        row += 1
    return row


def _counts(page: Page, row: int, receipt: Receipt) -> int:
    if not receipt.sheets:
        return row
    counts = [Counter(line.outcome for line in sheet.rows) for sheet in receipt.sheets]
    others = sorted({outcome for count in counts for outcome in count if outcome} - set(OUTCOMES))
    outcomes = [*OUTCOMES, *others]
    page.table_head(row, ("工作表", "合计", *outcomes))
    for sheet, count in zip(receipt.sheets, counts, strict=True):
        row += 1
        page.put(row, 0, sheet.name)
        page.put(row, 1, len(sheet.rows), CENTRED)
        for column, outcome in enumerate(outcomes, 2):
            page.put(row, column, count[outcome], outcome_look(outcome) if count[outcome] else MUTED)
    return row + 1


def _said(receipt: Receipt) -> list[Message]:
    """What is said of the file and of whole sheets."""
    returned = [
        Message("refuse", f"“{sheet.name}”整表退回：{sheet.message}") for sheet in receipt.sheets if sheet.message
    ]
    return [*receipt.messages, *returned]


def _all_found(receipt: Receipt, pages: Sequence[Page | None]) -> Iterator[_Found]:
    for sheet, page in zip(receipt.sheets, pages, strict=True):
        for number, row in enumerate(sheet.rows, 2):
            for note in row.notes:
                yield _Found(sheet, page, number, row, note)


def _said_once(found: Sequence[_Found]) -> Iterator[_Found]:
    """What is said of many rows in the same words is said of the first: nobody reads a thousand equal lines."""
    many = Counter((each.sheet.name, each.note) for each in found)
    begun: set[tuple[str, Note]] = set()
    for each in found:
        key = (each.sheet.name, each.note)
        if many[key] <= _ALIKE:
            yield each
        elif key not in begun:
            begun.add(key)
            yield replace(each, alike=many[key])


def _section(page: Page, row: int, weight: Weight, said: Sequence[str], found: Sequence[_Found], most: int) -> int:
    """What weighs alike, under one heading; gives the next free row."""
    if not said and not found:
        return row
    cut = f"，这里列出前 {most} 条；其余写在每一行的“说明”列" if len(found) > most else ""
    count = len(said) + sum(each.alike for each in found)
    page.put(row, 0, f"{_TITLES[weight]}（共 {count} 条{cut}）", SECTION_LOOKS[weight])
    if found and _WHAT_TO_DO[weight]:
        row += 1
        page.span(row, 0, _LAST, _WHAT_TO_DO[weight], HINT)
    for text in said:
        row += 1
        page.put(row, 0, WEIGHT_WORDS[weight], WEIGHT_LOOKS[weight])
        page.span(row, 1, _LAST, text, CELL)
    if found[:most]:
        row += 1
        page.table_head(row, _FOUND[:_WHERE])
        page.span(row, _WHERE, _LAST, _FOUND[_WHERE], HEADER)
    for each in found[:most]:
        row += 1
        _line(page, row, each)
    return row + 2


def _line(page: Page, row: int, found: _Found) -> None:
    note, column = found.note, column_of(found.sheet.headers, found.note.column)
    page.put(row, 0, found.sheet.name)
    place = f"第 {found.number} 行" if found.alike == 1 else f"第 {found.number} 行等"
    if found.page:
        at = (found.number - 1, 0 if column is None else column + _LEAD)
        page.link(row, 1, place, found.page, at, LINK)
    page.put(row, 2, found.row.receipt_no if found.alike == 1 else f"共 {found.alike} 行", MUTED)
    page.put(row, 3, note.column or "整行")
    page.span(row, _WHERE, _LAST, note.text, CELL)
