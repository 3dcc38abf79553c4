"""The whole life of an installation, in minutes: ``python -m tests.life``, or ``make life``.

Blank sheets filled in → 期初 → a year, a working day of each week → a book of the first release upgraded → both restored on
another path from a backup → the same views, and the same reports to the byte.
"""

from __future__ import annotations

import argparse
import logging
import shutil
import sqlite3
import sys
import tarfile
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import openpyxl

from ledger.views import VIEWS
from policy.calendar import WorkCalendar
from tests.company import STAFF, Cells, Company, head_row, reopened, report, shot, visit, write_config
from tests.flows.test_commands import Said, call

FROZEN = Path(__file__).parent / "frozen" / "november.tar.xz"
BEGINS, YEAR = date(2026, 1, 5), 2026  #: a Monday; the calendar of this version knows the year
CUSTOMERS = ("深圳市宏远电子有限公司", "广州白云家具厂", "珠海海天食品有限公司")
SELLERS = ("张三", "王五", "陈六")


def live(folder: Path, weeks: int) -> list[str]:
    """Live it in *folder*; gives what did not hold, in words."""
    home, old = folder / "company", folder / "november"
    _found(home)
    logging.getLogger().handlers.clear()  # a command's, whose stream has gone with it
    _year(home, weeks)
    with tarfile.open(FROZEN) as packed:
        packed.extractall(folder, filter="data")
    _upgraded(old)
    return [*_moves(home, folder / "company elsewhere"), *_moves(old, folder / "november elsewhere")]


def _found(home: Path) -> None:
    """From the blank workbooks that the product writes, filled in as IT would."""
    home.mkdir()
    config = write_config(home, {})
    _good(call(config, "init", "--blank", home / "blank"))
    _fill(home / "blank" / "人员名册.xlsx", [{**each, "入职日期": "2026-01-02"} for each in STAFF])
    _fill(
        home / "blank" / "期初客户.xlsx",
        [_opening(name, owner) for name, owner in zip(CUSTOMERS, SELLERS, strict=True)],
    )
    now = ("--now", "2026-01-02T09:00:00")
    _good(call(config, "init", "--roster", home / "blank" / "人员名册.xlsx", *now))
    _good(call(config, "init", "--customers", home / "blank" / "期初客户.xlsx", *now))


def _opening(name: str, owner: str) -> Cells:
    return {
        "客户名称": name, "客户来源": "老客户", "客户类型": "民营企业", "联系人": "李红", "联系电话": "0755-26001234",
        "客户地址": "广东省/深圳市/南山区", "详细地址": "科苑路8号3栋1205室", "销售区域": "华南", "销售经理": owner,
        "最近跟进日期": "2026-01-01", "客户状态": "跟进中",
    }  # fmt: skip


def _fill(path: Path, rows: Sequence[Cells]) -> None:
    with closing(openpyxl.load_workbook(path)) as book:
        page = book.worksheets[0]
        top = head_row(page)
        headers = [str(cell.value or "").strip("* ") for cell in page[top]]
        for n, row in enumerate(rows, top + 2):  # below the example
            for column, header in enumerate(headers, 1):
                if header in row:
                    page.cell(n, column, row[header])
        book.save(path)


def _year(home: Path, weeks: int) -> None:
    month = BEGINS.month
    with reopened(home) as co:
        calendar = WorkCalendar(co.service.settings.calendar)
        for n in range(weeks):
            day = BEGINS + timedelta(weeks=n)
            while not calendar.is_workday(day):
                day += timedelta(1)
            if day.year != YEAR:
                return
            _day(co, day, n)
            if day.month != month:
                co.monthly(f"{YEAR}-{month:02}", f"{day} 01:00")
                month = day.month
        co.monthly(f"{YEAR}-{month:02}", f"{day + timedelta(1)} 01:00")


def _day(co: Company, day: date, n: int) -> None:
    """Two report, a third forgets; somebody visits; managers decide; the night closes the day."""
    seller = SELLERS[n % len(SELLERS)]
    co.drop(seller, "现场.jpg", shot(f"{day} 10:00", 1_000 + n))
    co.hand_in(seller, "拜访.xlsx", 拜访记录=[visit(name=CUSTOMERS[n % len(CUSTOMERS)])])
    for name in SELLERS[:2]:
        co.hand_in(
            name, 销售日报=[report(day.isoformat(), 今日工作总结=f"{day} 第 {n} 周：拜访客户，确认订货数量和交期。")]
        )
    co.run(f"{day} 18:00")
    for sheet in sorted(co.share.glob("*/取件/审批/审批_*.xlsx")):
        co.decide(sheet.parts[-4], sheet)
    co.run(f"{day} 21:00")
    co.nightly(day.isoformat(), f"{day + timedelta(1)} 00:30")


def _upgraded(old: Path) -> None:
    """The first release's book, on the evening before it closed its month: this version opens it and closes that month."""
    (old / "evening.db").replace(old / "book" / "ledger.db")
    shutil.rmtree(old / "book" / "archive" / "2026" / "12")  # what came later
    _good(call(old / "config.toml", "nightly", "--date", "2026-11-30", "--now", "2026-12-01T00:30:00"))
    _good(call(old / "config.toml", "monthly", "--month", "2026-11", "--now", "2026-12-01T01:00:00"))


def _moves(home: Path, elsewhere: Path) -> Iterator[str]:
    """Upgraded where it lies, proved, and restored from a backup on another path."""
    last = _last(home)
    now = ("--now", last)
    yield from _proved(home, now)
    backup = Path(_good(call(home / "config.toml", "backup", *now, "--json")).json["backup"])
    _good(call(home / "config.toml", "drill", backup, *now))
    shutil.copytree(home, elsewhere, ignore=shutil.ignore_patterns("ledger.db*", "proved", "backups"))
    for report_file in elsewhere.glob("share/*/取件/报表/**/*.xlsx"):
        report_file.unlink()
    _good(call(elsewhere / "config.toml", "restore", backup, *now))
    yield from _proved(elsewhere, now)
    call(elsewhere / "config.toml", "reissue", *now)  # the first release kept no words: what it drew itself stays lost
    yield from (f"{name}: {home.name} 与 {elsewhere.name} 不同" for name, _select in VIEWS if name not in _OWN and _rows(home, name) != _rows(elsewhere, name))  # fmt: skip
    found = sorted(home.glob("share/*/取件/报表/**/*.xlsx"))
    yield from () if found else (f"{home.name}: 没有报表可以比较",)
    for path in found:
        again = elsewhere / path.relative_to(home)
        if not again.exists() or again.read_bytes() != path.read_bytes():
            yield f"{path.relative_to(home)}: 报表不同"


_OWN = ("journal", "deliveries")  #: a restoring is an entry, and what was put back has a new time


def _last(home: Path) -> str:
    with closing(sqlite3.connect(home / "book" / "ledger.db")) as db:
        return str(db.execute("SELECT substr(MAX(at), 1, 19) FROM entries").fetchone()[0])


def _proved(home: Path, now: tuple[str, str]) -> Iterator[str]:
    said = call(home / "config.toml", "verify", "--all", *now, "--json")
    yield from (f"{home.name}: {each}" for each in said.json["differences"])


def _rows(home: Path, view: str) -> list[Any]:
    with closing(sqlite3.connect(home / "book" / "ledger.db")) as db:
        return sorted(map(repr, db.execute(f"SELECT * FROM {view}")))


def _good(said: Said) -> Said:
    if said.code:
        raise SystemExit(said.err or said.out)
    return said


def main() -> None:
    """Live a year, and end with 1 if something did not hold."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--weeks", type=int, default=52)
    weeks = parser.parse_args().weeks
    with tempfile.TemporaryDirectory() as folder:
        wrong = live(Path(folder), weeks)
    print("\n".join(wrong) or f"{weeks} 周：升级、恢复在别处之后，视图和报表都相同")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
