"""Rows about money, plans and targets at which nothing is wrong, and the cashier's part, for tests that play users."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl

from demo.pictures import Shot, document, jpeg
from tests.company import FRONT, Cells, Company, a_company_with_a_customer, head_row, moment, person, read, write

NAME = "深圳市宏远电子有限公司"
CASHIER = person("吴纳", "13800138008", "财务部", "出纳")
_CLAUSES = ("购销合同", *(f"第{n}条 甲方向乙方购买设备四十台，单价三千二百元，三十日内交货" for n in range(1, 13)))


def page(seed: int, at: str = "11-23 10:00") -> bytes:
    """A sharp picture of a contract's page; another seed, another picture."""
    return jpeg(document(seed, _CLAUSES), Shot(moment(at), *FRONT))


def order(pages: str | None = "合同1.jpg", name: str = NAME, **other: Any) -> Cells:
    """A row of 成交订单, if its pages come with it."""
    return {
        "客户名称": name,
        "合同编号": "HY-1",
        "成交日期": "2026-11-23",
        "成交金额": 100000,
        "合同照片": pages,
        **other,
    }


def payment(amount: Any = 50000, name: str = NAME, **other: Any) -> Cells:
    """A row of 客户回款."""
    return {"客户名称": name, "回款类型": "预付款", "回款日期": "2026-11-23", "回款金额": amount, **other}


def bank_line(serial: str, payer: str = NAME, amount: Any = 50000, **other: Any) -> Cells:
    """A row of 银行流水."""
    return {
        "到账日期": "2026-11-23",
        "付款方名称": payer,
        "到账金额": amount,
        "流水号": serial,
        "摘要": "货款",
        **other,
    }


def target(name: str, month: int = 11, amount: Any = 100000, **other: Any) -> Cells:
    """A row of 销售指标 in 2026, for a month of thirty days if nothing else is said."""
    return {
        "年度": 2026, "月份": month, "开始日期": f"2026-{month:02d}-01", "结束日期": f"2026-{month:02d}-30", "姓名": name,
        "成交金额指标": amount, **other,
    }  # fmt: skip


def plan(day: str, name: str = NAME, **other: Any) -> Cells:
    """A row of 拜访计划."""
    return {"客户名称": name, "计划日期": day, "拜访目的": "确认二期设备数量和交期", **other}


def approved_order(co: Company, at: str = "11-23 10:00", *, seed: int = 1, **cells: Any) -> str:
    """张三's order, signed and approved by 赵总 within the hour; gives its 受理号."""
    co.drop("张三", f"合同{seed}.jpg", page(seed, at))
    co.hand_in("张三", "订单.xlsx", 成交订单=[order(f"合同{seed}.jpg", **cells)])
    co.run(at)
    receipt_no = str(co.receipt("张三", "订单").row("成交订单")["受理号"])
    co.decide("赵总", co.approval("赵总", "成交订单"))
    co.run(at[:-2] + "30")
    co.new("张三")
    co.new("赵总")
    return receipt_no


@contextmanager
def a_company_with_a_cashier(folder: Path) -> Iterator[Company]:
    """Somebody confirms payments, and 张三 has a customer."""
    with a_company_with_a_customer(folder) as made:
        made.found([CASHIER], "11-23 09:40")
        made.new("张三")
        yield made


def paid(co: Company, *rows: Cells, at: str = "11-23 14:00", by: str = "张三") -> list[dict[str, Any]]:
    """The rows of the receipt for these payments."""
    return co.answers(by, "客户回款", rows, at)


def confirmation(co: Company, cashier: str = "吴纳") -> Path:
    """The one new 确认单."""
    (path,) = [each for each in co.new(cashier, "审批") if each.name.startswith("确认_客户回款_")]
    return path


def ready(path: Path) -> list[tuple[Any, Any, Any]]:
    """What a 确认单 proposes: 到账客户名称, 到账日期, 到账金额 of each row."""
    return [
        (row["到账客户名称"], str(row["到账日期"])[:10] if row["到账日期"] else None, row["到账金额"])
        for row in read(path).rows("审批_客户回款")
    ]


def confirm(
    co: Company, sheet: Path, *given: Mapping[str, Any] | None, decision: str = "同意", cashier: str = "吴纳",
    file: str = "",
) -> None:  # fmt: skip
    """Write 同意 into every row for which there is something in *given* ({}: as proposed, None: left blank)."""
    book = openpyxl.load_workbook(sheet)
    page = book.worksheets[0]
    at = {cell.value: n for n, cell in enumerate(page[head_row(page)], 1)}
    for row, cells in enumerate(given, head_row(page) + 1):
        for header, value in ({} if cells is None else {**cells, "审批结论": decision}).items():
            page.cell(row, at[header]).value = value
    book.save(co.share / cashier / "投递" / (file or sheet.name))


def arrived(payer: str | None = NAME, day: Any = "2026-11-23", amount: Any = 50000) -> Mapping[str, Any]:
    """What the cashier writes."""
    return {"到账客户名称": payer, "到账日期": day, "到账金额": amount}


def table(path: Path, sheet: str, first: str) -> list[dict[str, Any]]:
    """The rows of a table below its notes: those under the header row that begins with *first*."""
    with closing(openpyxl.load_workbook(path)) as book:
        lines = [list(line) for line in book[sheet].iter_rows(values_only=True)]
    at = next(n for n, line in enumerate(lines) if line[0] == first)
    return [dict(zip(map(str, lines[at]), line, strict=True)) for line in lines[at + 1 :] if line[0] is not None]


def words_in(path: Path) -> str:
    """Every text, comment and header of a workbook, or what stands in a page, for a search."""
    return _words(path, path.stat().st_mtime_ns)


@cache
def _words(path: Path, _changed: int) -> str:
    if path.suffix == ".html":
        return path.read_text("utf-8")
    book = openpyxl.load_workbook(path)
    found: list[str] = []
    for sheet in book.worksheets:
        found.append(sheet.title)
        for line in sheet.iter_rows():
            for cell in line:
                found += [str(cell.value)] if cell.value is not None else []
                found += [cell.comment.text] if cell.comment else []
    return "\n".join(found)


def sheet_is_returned(co: Company, name: str, form: str, row: Cells, *, may: str) -> None:
    """A sheet that this post may not submit comes back whole and says who *may*."""
    write(co.share / name / "投递" / "不该我交.xlsx", {form: [row]})
    co.run("11-23 17:00")
    told = co.receipt(name, "不该我交")
    assert told.outcomes(form) == ["退回"]
    assert f"“{form}”只能由{may}提交" in told.text
