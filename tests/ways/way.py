"""A way out of a refusal: the row that comes back, the words that say what to do, and the row that is taken then.

Ways share a company and its day: all faulty rows of a scene are dropped at once,
then others do what the words ask of them, then everything is dropped again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

from tests.company import Cells, Company, Paper, head_row, read

Step = Callable[[Company], None]
TAKEN = ("已受理", "待审批")  #: where every way ends


@dataclass(frozen=True)
class Row:
    """What somebody drops; cells that only the play knows (a 受理号) are made when they are needed."""

    who: str
    sheet: str
    cells: Cells | Callable[[Company], Cells]

    def filled(self, co: Company) -> Cells:
        """The cells as they are dropped."""
        return self.cells(co) if callable(self.cells) else self.cells


def nothing(co: Company) -> None:
    """Nobody else has to do anything."""


@dataclass(frozen=True)
class Way:
    """One refusal and what its words lead to."""

    rule: str
    wrong: Row
    says: str  #: the words of the receipt that the script follows
    right: tuple[Row, ...]
    then: Step = nothing  #: what others do meanwhile, because the words say so
    also: frozenset[str] = frozenset()  #: rules that cannot but refuse the same row


def mended(rule: str, who: str, sheet: str, good: Cells, says: str, *also: str, **wrong: Any) -> Way:
    """A cell is put right: *good* with *wrong* in it comes back, *good* is taken."""
    wrong_row = Row(who, sheet, {**good, **wrong})
    return Way(rule, wrong_row, says, (Row(who, sheet, good),), also=frozenset(also))


def handed_over(rule: str, who: str, by: str, sheet: str, row: Cells, says: str) -> Way:
    """Somebody else hands the same row in."""
    return Way(rule, Row(who, sheet, row), says, (Row(by, sheet, row),))


def later(rule: str, who: str, sheet: str, row: Cells, says: str, then: Step = nothing) -> Way:
    """The same row is dropped again, after something has happened."""
    return Way(rule, Row(who, sheet, row), says, (Row(who, sheet, row),), then)


@dataclass(frozen=True)
class Scene:
    """A company's day on which many ways are gone."""

    name: str
    stage: Callable[[Path], Company]
    ways: tuple[Way, ...]
    at: str  #: when the faulty rows arrive
    again: str  #: when the others do
    before: Step = nothing

    @property
    def rules(self) -> frozenset[str]:
        """The rules for which this scene goes a way."""
        return frozenset(way.rule for way in self.ways)

    def play(self, folder: Path) -> None:
        """Go all ways."""
        with self.stage(folder) as co:
            self.before(co)
            returned = dropped(co, [way.wrong for way in self.ways], self.at, "有误")
            astray = [each for way, row in zip(self.ways, returned, strict=True) if (each := _astray(co, way, row))]
            for way in self.ways:
                way.then(co)
            taken = dropped(co, [row for way in self.ways for row in way.right], self.again, "改好")
            rules = [way.rule for way in self.ways for _row in way.right]
            dead = [(rule, row["说明"]) for rule, row in zip(rules, taken, strict=True) if row["结果"] not in TAKEN]
            assert not [*astray, *dead], "\n".join(map(str, [*astray, *dead]))


@dataclass(frozen=True)
class Story:
    """A way that is told by itself: the refusal comes to somebody else, or long after the drop."""

    name: str
    rules: frozenset[str]
    play: Callable[[Path], None]


def _astray(co: Company, way: Way, row: Mapping[str, Any]) -> tuple[str, ...]:
    """The rule and the words, where a row did not come back for this rule alone, with the words that are followed."""
    just_this = row["结果"] == "退回" and refusing(co, row["number"]) == {way.rule, *way.also}
    return () if just_this and way.says in row["说明"] else (way.rule, row["说明"])


def refusing(co: Company, receipt_no: str) -> set[str]:
    """The rules that refuse a row, as other programs read them."""
    found = co.ask("SELECT rule FROM findings WHERE receipt_no = ? AND severity = 'refuse'", receipt_no)
    return {str(row["rule"]) for row in found}


def dropped(co: Company, rows: Sequence[Row], at: str, file: str) -> list[dict[str, Any]]:
    """All rows, in one workbook a person, and what the receipts say of each; its own 受理号 under ``number``."""
    sheets: dict[str, dict[str, list[Cells]]] = {}
    places = []
    for row in rows:
        page = sheets.setdefault(row.who, {}).setdefault(row.sheet, [])
        places.append((row.who, row.sheet, len(page)))
        page.append(row.filled(co))
    for name, pages in sheets.items():
        co.hand_in(name, f"{file}.xlsx", (), **pages)
    co.run(at)
    told = {name: co.receipt(name, file) for name in sheets}
    numbers = {name: _numbers(paper) for name, paper in told.items()}
    return [{**told[name].row(sheet, index), "number": numbers[name][sheet, index]} for name, sheet, index in places]


def _numbers(paper: Paper) -> dict[tuple[str, int], str]:
    """受理号 of each row of a receipt: the first column of that name, for 更正 has one of its own."""
    with closing(openpyxl.load_workbook(paper.path, read_only=True)) as book:
        return {
            (page.title, index): str(line[2])
            for page in book.worksheets[1:]
            for index, line in enumerate(page.iter_rows(min_row=2, values_only=True))
        }


def decided(co: Company, approver: str, form: str, at: str, decisions: Mapping[str, str]) -> None:
    """New sheets of a form decided: the rows of the submitters named in *decisions*, the others left open."""
    sheets = co.fresh(sorted((co.share / approver / "取件" / "审批").glob(f"审批_{form}_*.xlsx")))
    assert sheets, f"nothing of {form} for {approver}"
    for sheet in sheets:
        (rows,) = [rows for title, rows in read(sheet).sheets.items() if title.startswith("审批_")]
        words = {index: decisions[row["提交人"]] for index, row in enumerate(rows) if row["提交人"] in decisions}
        co.decide(approver, sheet, rows=(), edit=partial(_fill, words))
    co.run(at)
    co.new(approver)


def _fill(words: Mapping[int, str], page: Worksheet) -> None:
    """Write each row's decision, and a comment beside it."""
    top = head_row(page)
    at = {cell.value: n for n, cell in enumerate(page[top], 1)}
    for index, decision in words.items():
        page.cell(index + top + 1, at["审批结论"], decision)
        page.cell(index + top + 1, at["审批意见"], "请看制度")
