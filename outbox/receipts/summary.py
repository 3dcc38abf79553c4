"""概要: the first sheet of a receipt, from which a person can mend without hunting."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from outbox.receipts.model import OUTCOMES, WEIGHTS, Note, Receipt, ReceiptRow, ReceiptSheet, column_of
from outbox.xlsx.palette import (
    CELL,
    CENTRED,
    HEADER,
    HEADING,
    HINT,
    LABEL,
    LINK,
    MUTED,
    PLAIN,
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
_PROBLEMS = ("工作表", "位置", "受理号", "列", "程度", "问题和办法")
_WHERE = len(_PROBLEMS) - 1
_MOST = 5_000  # lines of the list: nobody goes through more, and each is merged, linked and measured
_MEND = "怎样修改：改好标红的单元格，把本文件存到“投递”文件夹即可，已受理的行不会重复登记。点“位置”可以直接跳到那一格。"
_NOTHING = "没有需要修改的地方。"


@dataclass(frozen=True)
class _Problem:
    sheet: ReceiptSheet
    page: Page | None
    number: int  # row in this receipt, from 1; the headers are row 1
    row: ReceiptRow
    note: Note


def write_summary(page: Page, receipt: Receipt, pages: Sequence[Page | None]) -> None:
    """Write what was dropped and when, the counts, the messages, and every problem, one a line."""
    for column, width in enumerate(_WIDTHS):
        page.layout.width(column, width)
    page.put(0, 0, receipt.title, TITLE)
    row = _facts(page, 1, receipt)
    row = _counts(page, row + 1, receipt)
    row = _messages(page, row, receipt)
    problems = list(_problems(receipt, pages))
    returned = any(sheet.message for sheet in receipt.sheets) or any(one.weight == "refuse" for one in receipt.messages)
    if problems:
        row = _problem_list(page, row + 1, problems)
    elif receipt.sheets and not returned:
        page.span(row + 1, 0, _LAST, _NOTHING, HINT)
    page.paper(receipt.title)
    page.sheet.set_portrait()
    page.sheet.hide_gridlines(2)


def _facts(page: Page, row: int, receipt: Receipt) -> int:
    facts = (
        ("投递文件", receipt.source),
        ("投递人", receipt.person),
        ("到达时间", f"{receipt.arrived_at:%Y-%m-%d %H:%M:%S}"),
        ("回执时间", f"{receipt.made_at:%Y-%m-%d %H:%M:%S}"),
    )
    for label, value in facts:
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


def _messages(page: Page, row: int, receipt: Receipt) -> int:
    said = [(one.weight, one.text) for one in receipt.messages]
    said += [("refuse", f"“{sheet.name}”整表退回：{sheet.message}") for sheet in receipt.sheets if sheet.message]
    if not said:
        return row
    page.put(row + 1, 0, "说明", HEADING)
    row += 2
    for weight, text in sorted(said, key=lambda one: WEIGHTS.index(one[0])):
        page.put(row, 0, WEIGHT_WORDS[weight], WEIGHT_LOOKS[weight])
        page.span(row, 1, _LAST, text, CELL)
        row += 1
    return row


def _problems(receipt: Receipt, pages: Sequence[Page | None]) -> Iterator[_Problem]:
    for sheet, page in zip(receipt.sheets, pages, strict=True):
        for number, row in enumerate(sheet.rows, 2):
            for note in sorted(row.notes, key=lambda note: WEIGHTS.index(note.weight)):
                yield _Problem(sheet, page, number, row, note)


def _problem_list(page: Page, row: int, problems: Sequence[_Problem]) -> int:
    more = f"，这里列出前 {_MOST} 条；每一行的问题都写在它的“说明”列" if len(problems) > _MOST else ""
    page.put(row, 0, f"问题清单（共 {len(problems)} 条{more}）", HEADING)
    if any(problem.note.weight == "refuse" for problem in problems):
        row += 1
        page.span(row, 0, _LAST, _MEND, HINT)
    row += 1
    page.table_head(row, _PROBLEMS[:_WHERE])
    page.span(row, _WHERE, _LAST, _PROBLEMS[_WHERE], HEADER)
    for problem in problems[:_MOST]:
        row += 1
        _problem(page, row, problem)
    return row + 1


def _problem(page: Page, row: int, problem: _Problem) -> None:
    note, column = problem.note, column_of(problem.sheet.headers, problem.note.column)
    page.put(row, 0, problem.sheet.name)
    place = f"第 {problem.number} 行"
    if problem.page:
        at = (problem.number - 1, 0 if column is None else column + _LEAD)
        page.link(row, 1, place, problem.page, at, LINK)
    page.put(row, 2, problem.row.receipt_no, MUTED)
    page.put(row, 3, note.column or "整行")
    page.put(row, 4, WEIGHT_WORDS[note.weight], WEIGHT_LOOKS[note.weight])
    page.span(row, _WHERE, _LAST, note.text, CELL)
