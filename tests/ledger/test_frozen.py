"""A book made by an earlier version is opened by this one: nothing is lost, and everything goes on (tests/frozen)."""

from __future__ import annotations

import json
import shutil
import sqlite3
import tarfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from typer.testing import CliRunner

import sync
from tests.company import shot

FROZEN = Path(__file__).parents[1] / "frozen" / "november.tar.xz"
AFTER = "2026-12-02T18:00:00"  #: half an hour after the last thing that happened
MISSING = "迟到的照片.jpg"  #: the picture for which a visit still waits

TOLD = ("证据", "说明")  #: columns in which later versions say more

Line = Sequence[Any]


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The frozen company, unpacked once."""
    folder = tmp_path_factory.mktemp("frozen")
    with tarfile.open(FROZEN) as packed:
        packed.extractall(folder, filter="data")
    return folder / "november"


@pytest.fixture
def home(original: Path, tmp_path: Path) -> Path:
    copy: Path = shutil.copytree(original, tmp_path / "november")
    config = (copy / "config.toml").read_text("utf-8")  # nobody watches in a test, and nobody is to be told so
    (copy / "config.toml").write_text(config.replace("[schedule]", '[schedule]\nby = "run"', 1), "utf-8")
    return copy


@pytest.fixture
def told(original: Path) -> dict[str, Any]:
    """What the version that made the book said."""
    found: dict[str, Any] = json.loads((original / "told.json").read_text("utf-8"))
    return found


def call(home: Path, now: str, *arguments: str) -> dict[str, Any]:
    """A command as the operator gives it; what it answers to machines."""
    ran = CliRunner().invoke(sync.app, ["--config", str(home / "config.toml"), "--now", now, "--json", *arguments])
    assert ran.exit_code == 0, ran.output
    answer: dict[str, Any] = json.loads(ran.stdout)
    return answer


def ask(home: Path, question: str, *values: str) -> list[dict[str, Any]]:
    """A question to the ledger, as other programs ask."""
    with closing(sqlite3.connect(f"{(home / 'book' / 'ledger.db').as_uri()}?mode=ro", uri=True)) as db:
        db.row_factory = sqlite3.Row
        return [dict(row) for row in db.execute(question, values)]


def everything(home: Path) -> list[str]:
    """The whole ledger, tables and rows, as text."""
    with closing(sqlite3.connect(home / "book" / "ledger.db")) as db:
        return list(db.iterdump())


# -- opened


def test_an_old_book_is_proved_by_verify(home: Path) -> None:
    assert call(home, AFTER, "verify")["differences"] == []


def test_opening_a_second_time_changes_nothing_more(home: Path) -> None:
    call(home, AFTER, "status")
    opened = everything(home)
    call(home, AFTER, "status")
    assert everything(home) == opened


def test_every_view_says_what_it_said(home: Path, told: Mapping[str, Any]) -> None:
    call(home, AFTER, "status")
    for name, view in told["views"].items():
        columns = ", ".join(f'"{column}"' for column in view["columns"])
        rows = [list(row.values()) for row in ask(home, f"SELECT {columns} FROM {name}")]
        assert sorted(rows, key=repr) == view["rows"], name


def test_a_row_of_long_ago_tells_its_story(home: Path) -> None:
    story = "\n".join(call(home, AFTER, "explain", "261102-0026")["story"])
    assert "广州岭南食品有限公司" in story
    assert "林婉清" in story


# -- closed days and months


def test_what_was_closed_is_closed_again_without_change(home: Path) -> None:
    closed = "SELECT subject, COUNT(*) AS n FROM journal WHERE kind = 'period.closed' GROUP BY subject"
    before = ask(home, closed)
    assert call(home, AFTER, "nightly", "--date", "2026-11-30")["version"] == 0
    assert call(home, AFTER, "monthly", "--month", "2026-11")["version"] == 0
    after = ask(home, closed)
    assert before
    assert [each for each in after if each["subject"] in {known["subject"] for known in before}] == before
    assert {each["subject"] for each in after} - {each["subject"] for each in before} <= {
        "商机漏斗_2026-11",
        "日报月历_2026-11",
    }  # came since
    assert call(home, AFTER, "verify")["differences"] == []


def test_reports_drawn_from_an_old_book_say_what_the_old_version_drew(home: Path, told: Mapping[str, Any]) -> None:
    (home / "evening.db").replace(home / "book" / "ledger.db")
    shutil.rmtree(home / "book" / "archive" / "2026" / "12")  # what came later
    assert call(home, "2026-12-01T00:30:00", "nightly", "--date", "2026-11-30")["version"] == 1
    assert call(home, "2026-12-01T01:00:00", "monthly", "--month", "2026-11")["version"] == 1
    for report, readers in told["reports"].items():
        for who, sheets in readers.items():
            path = next((home / "share" / who / "取件" / "报表").rglob(f"{report}.xlsx"))
            drawn = cells_of(path)
            for title, lines in sheets.items():
                for now, then in zip(said(drawn[title], of=lines), said(lines, of=lines), strict=True):
                    for header, words in then.items():  # evidence may be told more fully than then
                        same = now[header] == words or (header in TOLD and as_fully(now[header], words))
                        assert same, f"{report} {who} {title} {header}: {words} / {now[header]}"
    assert call(home, "2026-12-01T01:05:00", "verify")["differences"] == []


def cells_of(path: Path) -> dict[str, list[Line]]:
    """Sheet → its lines, with moments as text."""
    with closing(openpyxl.load_workbook(path)) as book:
        return {
            page.title: [[_plain(cell) for cell in line] for line in page.iter_rows(values_only=True)]
            for page in book.worksheets
        }


def _plain(cell: Any) -> Any:
    return cell.isoformat() if hasattr(cell, "isoformat") else cell


def said(lines: Sequence[Line], *, of: Sequence[Line]) -> Iterator[dict[str, Any]]:
    """The rows below the headers, by the headers that *of* has: later versions may add columns, or move them."""
    wanted = set(of[_top(of)]) - {None}
    headers = lines[_top(lines)]
    for line in lines[_top(lines) + 1 :]:
        if all(cell is None for cell in line):  # what stands below the table are remarks
            return
        row = {header: cell for header, cell in zip(headers, line, strict=True) if header in wanted}
        assert row.keys() == wanted
        yield {header: "formula" if str(cell).startswith("=") else cell for header, cell in row.items()}


def as_fully(now: Any, then: Any) -> bool:
    """Whether every part of the evidence of then is still told; how the calendar is called may change."""
    return all(part in str(now) for part in str(then or "").split("；") if not part.startswith("工作日依据"))


def _top(lines: Sequence[Line]) -> int:
    """Where the headers stand: titles and remarks above them fill one cell of a line."""
    return next(n for n, line in enumerate(lines) if sum(cell is not None for cell in line) > 1)


# -- what was under way


def test_sheets_that_an_old_version_issued_are_decided_with_this_one(home: Path) -> None:
    waiting = ask(home, "SELECT receipt_no FROM daily_reports WHERE status = 'pending'")
    waiting += ask(home, "SELECT receipt_no FROM visit_plans WHERE status = 'pending'")
    assert len(waiting) == 3
    for sheet in sorted(home.glob("share/*/取件/审批/*.xlsx")):
        _agree(sheet, home / "share" / sheet.parts[-4] / "投递" / sheet.name)
    assert call(home, AFTER, "run")["decisions"] == 3
    decided = ask(home, "SELECT receipt_no FROM daily_reports WHERE status = 'accepted'")
    decided += ask(home, "SELECT receipt_no FROM visit_plans WHERE status = 'accepted'")
    assert {row["receipt_no"] for row in waiting} <= {row["receipt_no"] for row in decided}
    assert call(home, AFTER, "verify")["differences"] == []


def _agree(sheet: Path, dropped: Path) -> None:
    with closing(openpyxl.load_workbook(sheet)) as book:
        page = book.worksheets[0]
        decision = next(cell.column for cell in page[1] if cell.value == "审批结论")
        for row in range(2, page.max_row + 1):
            page.cell(row, decision, "同意")
        book.save(dropped)


def test_a_visit_that_waited_for_its_photo_gets_it(home: Path) -> None:
    (home / "share" / "张伟" / "投递" / MISSING).write_bytes(shot("2026-12-02 10:00", 4711))
    call(home, AFTER, "run")
    (row,) = ask(home, "SELECT receipt_no FROM visits WHERE salesperson = '张伟' AND status = 'pending'")
    receipts = (home / "share" / "张伟" / "取件" / "回执").rglob("*.xlsx")
    assert any(row["receipt_no"] in str(cells_of(path)) for path in receipts)
    assert call(home, AFTER, "verify")["differences"] == []


def test_the_same_report_again_is_recognised(home: Path) -> None:
    """What a key or a fingerprint is made of may not change under rows that are in the book."""
    (kept,) = ask(home, "SELECT archived_as FROM files WHERE person = '周凯' AND name = '周三.xlsx'")
    again = home / "share" / "周凯" / "投递" / "周三 (1).xlsx"
    shutil.copyfile(home / "book" / kept["archived_as"], again)
    assert call(home, AFTER, "run")["outcomes"] == {"重复": 2}
