"""How long a salesperson with many customers waits for 个人工作簿: opened in a real LibreOffice, beside what else could be opened.

    python -m benchmarks.opening                       # 300 customers, ten visits each, 500 in the pool, 300 colleagues
    python -m benchmarks.opening --customers 1000 --rounds 5

Three workbooks take turns in one running office: the full one, an empty one (nobody's customers, no pool, one colleague), and a
plain one with the same cells of the same words and nothing else. And the full one without its live checks, and without its lists,
to see what they cost. Seconds of the office's processor time: until the document is there; until the first screen of every sheet is drawn, live checks
included; until one cell is typed and what depends on it reckoned. (The clock says the same on a machine that nobody else uses; the office is one process, and works with one core.)
"""

from __future__ import annotations

import argparse
import io
import statistics
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

import psutil
import xlsxwriter
from python_calamine import CalamineWorkbook

from benchmarks.bench import REPOSITORY
from ledger.records import Customer, Person
from outbox.templates import template
from outbox.templates.model import PersonalWorkbook
from outbox.templates.offer import forms_for, version_of
from outbox.templates.offered import COLLEAGUES, SELLERS
from outbox.templates.personal import CHECK_LIST, pool_on, sections_of
from outbox.templates.workbook import draw_personal_workbook, framed
from policy.settings import load_settings
from processors.recycling import Countdown
from tests.office import Office, missing, running

TODAY = date(2026, 11, 23)
WHO = "张三"

#: Opens; draws what each sheet's first screen shows, on paper; types a cell and reckons anew; prints seconds of each.
OPENED = """
def spent():
    fields = open("/proc/%d/stat" % task["office"]).read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
began = spent()
document = desktop.loadComponentFromURL(task["open"], "_blank", 0, (option("Hidden", True),))
there = spent()
for number in range(document.Sheets.Count):
    sheet = document.Sheets.getByIndex(number)
    sheet.setPrintAreas((sheet.getCellRangeByPosition(0, 0, 13, 39).RangeAddress,) if sheet.IsVisible else ())
document.storeToURL(task["save"], (option("FilterName", "calc_pdf_Export"),))
drawn = spent()
document.Sheets.getByIndex(document.Sheets.Count > 1).getCellByPosition(0, 3).String = "x"
document.calculate()
typed = spent()
document.close(True)
print(json.dumps([there - began, drawn - there, typed - drawn]))
"""


def told(customers: int, visits: int, pool: int, colleagues: int) -> PersonalWorkbook:
    """What the workbook of somebody with so many customers says."""
    settings = load_settings(REPOSITORY / "config.toml")
    lists, names = settings.lists.model_dump(), [WHO, *(f"同事{n:03d}" for n in range(1, colleagues))]
    person = Person(
        name=WHO, phone="13800138000", gender="女", department="销售一部", post="销售人员", max_customers=1000,
        max_follow_days=60, joined_on=date(2020, 1, 6), left_on=None, region="华南",
        registered_at=datetime(2020, 1, 6, tzinfo=UTC),
    )  # fmt: skip
    own = [_customer(n, WHO) for n in range(customers)]
    made = {each.id: [_visit(each.id, n) for n in range(visits)] for each in own}
    stands = {each.id: Countdown(each, WHO, each.id % 60, TODAY, "", TODAY) for each in own}
    others = pool_on([_customer(customers + n, None) for n in range(pool)], 7, TODAY)
    sheets = (
        each.filled({others.words.sha256: others.listing}) for each in sections_of(person, own, made, stands, others)
    )
    forms, least = forms_for(person), dict.fromkeys(("min_purpose", "min_content", "min_summary", "min_plan"), 5)
    return PersonalWorkbook(
        forms=tuple(form.sheet for form in forms), sections=tuple(sheets),
        lists={name: tuple(words) for name, words in lists.items()}, version=version_of(forms, lists, least),
        check_list=CHECK_LIST, least=least, names={COLLEAGUES: tuple(names), SELLERS: tuple(names)},
    )  # fmt: skip


def _customer(n: int, owner: str | None) -> Customer:
    return Customer(
        id=n, name=f"深圳市宏远第{n:04d}电子有限公司", name_key=f"{n}", owner=owner, shared=(), source="转介绍", type="民营企业",
        region="华南", province="广东省", city="深圳市", district="南山区", address=f"科苑路{n}号3栋1205室", contact="李红",
        phone=f"0755-26{n:06d}", lat=None, lon=None, acquired_on=TODAY - timedelta(300), last_followed_on=TODAY,
        pooled_on=None if owner else TODAY, previous_owner=None,
    )  # fmt: skip


def _visit(customer: int, n: int) -> Mapping[str, Any]:
    return {
        "visited_at": f"{TODAY - timedelta(7 * n)}T10:{customer % 60:02d}:00+08:00", "salesperson": WHO, "met": "李红",
        "purpose": f"确认第 {n} 期设备数量和交期", "next_purpose": "带报价单确认合同条款",
        "content": f"李经理确认第 {n} 期需要 {customer} 台，希望春节前交货；我方答应周五前给出报价。",
    }  # fmt: skip


def plain(content: bytes) -> bytes:
    """A workbook with the same words in the same cells, and nothing else."""
    read, made = CalamineWorkbook.from_filelike(io.BytesIO(content)), io.BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True}) as book:
        for name in read.sheet_names:
            sheet = book.add_worksheet(name)
            for row, values in enumerate(read.get_sheet_by_name(name).to_python(skip_empty_area=False)):
                for column, value in enumerate(values):
                    sheet.write(row, column, value if isinstance(value, (int, float)) else str(value))
    return made.getvalue()


def workbooks(given: argparse.Namespace) -> Iterator[tuple[str, bytes]]:
    """(which, content) of all that take turns."""
    said = told(given.customers, given.visits, given.pool, given.colleagues)
    full = draw_personal_workbook(said)
    yield "full", full
    yield "empty", draw_personal_workbook(told(0, 0, 0, 1))
    yield "plain, same cells", plain(full)
    yield "full without live checks", _drawn_without(said, (template, "watch_cells"))
    yield "full without lists to choose from", _drawn_without(said, (template, "source"))


def _drawn_without(said: PersonalWorkbook, part: tuple[Any, str]) -> bytes:
    framed.cache_clear()
    with ExitStack() as without:
        without.enter_context(patch.object(*part, _NOTHING[part[1]]))
        content = draw_personal_workbook(said)
    framed.cache_clear()
    return content


_NOTHING: Mapping[str, Any] = {"watch_cells": lambda *_given: None, "source": lambda *_given: '="无"'}


def cells(content: bytes) -> int:
    """Cells with something in them."""
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        return sum(
            packed.read(name).count(b"<v>") for name in packed.namelist() if name.startswith("xl/worksheets/sheet")
        )


def its_process() -> int:
    """The office that this process has started."""
    return next(each.pid for each in psutil.Process().children(recursive=True) if each.name() == "soffice.bin")


def measured(office: Office, paths: Mapping[str, Path], rounds: int) -> dict[str, list[float]]:
    """Medians of (opened, drawn, typed), in turns; the first round warms the office up."""
    found: dict[str, list[list[float]]] = {name: [] for name in paths}
    office("print(1)", Path.cwd(), Path.cwd())  # it is there
    number = its_process()
    for _round in range(rounds + 1):
        for name, path in paths.items():
            found[name].append(office(OPENED, path, path.with_suffix(".pdf"), office=number))
    return {name: [statistics.median(each) for each in zip(*times[1:], strict=True)] for name, times in found.items()}


def main() -> None:
    """Make, open in turns, and print a line for each."""
    given = _arguments()
    if lacking := missing():
        raise SystemExit(lacking)
    with tempfile.TemporaryDirectory() as name:
        folder, paths = Path(name), {}
        for number, (which, content) in enumerate(workbooks(given)):
            paths[which] = folder / f"{number}.xlsx"
            paths[which].write_bytes(content)
        with running(folder / "profile", seconds=600) as office:
            times = measured(office, paths, given.rounds)
        print(f"{'':36} {'kB':>7} {'cells':>8} {'opened':>8} {'drawn':>8} {'typed':>8}")
        for which, (opened, drawn, typed) in times.items():
            content = paths[which].read_bytes()
            print(f"{which:36} {len(content) // 1024:7} {cells(content):8} {opened:8.2f} {drawn:8.2f} {typed:8.3f}")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.opening", description=__doc__.splitlines()[0])
    for option, usual in (("customers", 300), ("visits", 10), ("pool", 500), ("colleagues", 300), ("rounds", 3)):
        parser.add_argument(f"--{option}", type=int, default=usual)
    return parser.parse_args()


if __name__ == "__main__":
    main()
