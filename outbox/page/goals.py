"""Orders, payments, visits and new customers of the month against their targets, with the rows behind each number (指标编审 11)."""

from __future__ import annotations

import calendar
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from ledger.records import Person
from outbox.page.model import Bar, Cell, Chart, Figure, Part, Table
from outbox.page.shelf import report_file
from outbox.page.words import minute, row, share_of, yuan
from outbox.page.world import KINDS, Numbers, World
from policy.posts import SALESPERSON

REPORT = "指标达成"
MOST = 200  #: rows of a table: a page is read, not searched
_STILL = 5  #: days
_KINDS = (("成交金额(元)", "orders"), ("回款金额(元)", "payments"), ("拜访次数", "visits"), ("新增客户", "new"))


def months(today: date) -> list[date]:
    """The first day of this month; in its first days also that of the month before, which people still talk about."""
    first = today.replace(day=1)
    return [first, (first - timedelta(days=1)).replace(day=1)] if today.day <= _STILL else [first]


def last_of(month: date) -> date:
    """The last day of the month that begins on this day."""
    return month.replace(day=calendar.monthrange(month.year, month.month)[1])


def my_goals(world: World, viewer: Person, month: date) -> Part:
    """One's own month, each number with its rows."""
    target, result = world.targets(month).get(viewer.name, {}), world.results(month).get(viewer.name, {})
    part = _id(world, month)
    rows = tuple(
        row(words, _shown(kind, target.get(kind, 0)), Cell(_shown(kind, result.get(kind, 0)), f"#{part}-{anchor}"),
            share_of(result.get(kind, 0), target.get(kind, 0)))
        for kind, (words, anchor) in zip(KINDS, _KINDS, strict=True)
    )  # fmt: skip
    first, last = month, last_of(month)
    orders = world.desks.orders(first, last).get(viewer.name, ())
    payments = world.desks.payments(first, last).get(viewer.name, ())
    return Part(
        id=part,
        title=f"{month:%Y-%m} 指标",
        note="按已生效的订单、回款、拜访和新客户计算。",
        file=report_file(world, viewer, REPORT, f"{month:%Y-%m}"),
        charts=_chart(zip((words for words, _anchor in _KINDS), _pairs(target, result), strict=True), f"{part}-table"),
        tables=(
            Table(f"{part}-table", f"{first:%Y-%m} 指标和完成", ("项目", "指标", "完成", "达成率"), rows, (1, 2, 3)),
            _orders(part, orders),
            _payments(part, payments),
            _visits(part, world.desks.visits(viewer, first, last)),
            _new(part, world.desks.new_customers(viewer, first, last)),
        ),
    )


def goals_of(world: World, viewer: Person, members: Sequence[Person], month: date, *, company: bool) -> Part:
    """The month of a department, or of the company: person by person, then summed up."""
    targets, results = world.targets(month), world.results(month)
    part = _id(world, month)
    names = {each.name for each in members if _counts(each, world, targets, results)}
    lines = [
        (each.department, each.name, targets.get(each.name, {}), results.get(each.name, {}))
        for each in sorted(members, key=lambda each: (each.department, each.name))
        if each.name in names
    ]
    departments = sorted({department for department, *_rest in lines}) if company else []
    sums = [("部门", each, *_sum([line for line in lines if line[0] == each])) for each in departments]
    whole = ("合计", "全公司" if company else viewer.department, *_sum(lines))
    shown = (whole, *sums, *lines)
    bars = [(each[1], _ratio(each[2], each[3])) for each in (sums if company else lines)]
    first, last = month, last_of(month)
    orders = _of_all(world.desks.orders(first, last), names, "signed_on")
    payments = _of_all(world.desks.payments(first, last), names, "paid_on")
    file = report_file(world, viewer, REPORT, f"{month:%Y-%m}")
    return Part(
        id=part,
        title=f"{month:%Y-%m} 指标",
        note="按已生效的订单、回款、拜访和新客户计算。",
        file=file,
        figures=tuple(
            Figure(f"{words.replace('(元)', '')}达成率", share_of(whole[3].get(kind, 0), whole[2].get(kind, 0)) or "—",
                   f"#{part}-table")
            for kind, (words, _anchor) in zip(KINDS, _KINDS, strict=True)
        ),
        charts=_chart_of("成交金额达成率（%）", bars, f"{part}-table"),
        tables=(
            Table(
                f"{part}-table", f"{first:%Y-%m} 指标和完成", _HEADERS,
                tuple(_line(*each, (f"#{part}-orders", f"#{part}-payments", file.href, file.href)) for each in shown),
                tuple(range(2, len(_HEADERS))),
            ),
            _orders(part, orders),
            _payments(part, payments),
        ),
    )  # fmt: skip


_HEADERS = (
    "部门", "姓名", "成交指标", "成交完成", "达成率", "回款指标", "回款完成", "达成率", "拜访指标", "拜访完成", "达成率",
    "新客户指标", "新客户完成", "达成率",
)  # fmt: skip


def _id(world: World, month: date) -> str:
    return "goals" if (month.year, month.month) == (world.now.year, world.now.month) else f"goals-{month:%Y-%m}"


def _counts(each: Person, world: World, targets: Mapping[str, Numbers], results: Mapping[str, Numbers]) -> bool:
    sells = each.post == SALESPERSON and each.active_on(world.now.date())
    return sells or each.name in targets or each.name in results


def _line(
    department: str, name: str, target: Numbers, result: Numbers, hrefs: tuple[str, str, str, str]
) -> tuple[Cell, ...]:
    cells = [Cell(department), Cell(name)]
    for kind, href in zip(KINDS, hrefs, strict=True):
        aim, done = target.get(kind, 0), result.get(kind, 0)
        cells += [Cell(_shown(kind, aim)), Cell(_shown(kind, done), href), Cell(share_of(done, aim))]
    return tuple(cells)


def _sum(lines: Iterable[tuple[str, str, Numbers, Numbers]]) -> tuple[Numbers, Numbers]:
    kept = list(lines)
    return (
        {kind: sum(each[2].get(kind, 0) for each in kept) for kind in KINDS},
        {kind: sum(each[3].get(kind, 0) for each in kept) for kind in KINDS},
    )


def _shown(kind: str, number: int) -> str:
    return yuan(number) if kind.endswith("_fen") else str(number)


def _pairs(target: Numbers, result: Numbers) -> list[float | None]:
    return [result.get(kind, 0) / target[kind] if target.get(kind) else None for kind in KINDS]


def _ratio(target: Numbers, result: Numbers) -> float | None:
    return _pairs(target, result)[0]


def _of_all(
    records: Mapping[str, Sequence[Mapping[str, Any]]], names: Collection[str], day: str
) -> list[Mapping[str, Any]]:
    """The records of these people, newest first."""
    found = [each for name in names for each in records.get(name, ())]
    return sorted(found, key=lambda each: (each[day], each["receipt_no"]), reverse=True)


def _chart(bars: Iterable[tuple[str, float | None]], table: str) -> tuple[Chart, ...]:
    return _chart_of("达成率（%）", [(words.replace("(元)", ""), ratio) for words, ratio in bars], table)


def _chart_of(title: str, bars: Sequence[tuple[str, float | None]], table: str) -> tuple[Chart, ...]:
    """Bars where something was aimed at."""
    drawn = tuple(Bar(words, round(ratio * 100)) for words, ratio in bars[:30] if ratio is not None)
    return (Chart(title, drawn, table),) if drawn else ()


def _orders(part: str, found: Sequence[Mapping[str, Any]]) -> Table:
    rows = tuple(
        row(each["signed_on"], each["customer"], each["salesperson"], yuan(each["amount_fen"]), each["contract_no"], each["receipt_no"])
        for each in found[:MOST]
    )  # fmt: skip
    headers = ("成交日期", "客户名称", "销售人员", "成交金额(元)", "合同编号", "受理号")
    return Table(f"{part}-orders", "订单", headers, rows, (3,), more=_more(found))


def _payments(part: str, found: Sequence[Mapping[str, Any]]) -> Table:
    rows = tuple(
        row(each["paid_on"], each["customer"], each["salesperson"], yuan(each["amount_fen"]), each["kind"], each["order_no"],
            each["receipt_no"])
        for each in found[:MOST]
    )  # fmt: skip
    headers = ("回款日期", "客户名称", "销售人员", "回款金额(元)", "回款类型", "订单受理号", "受理号")
    return Table(f"{part}-payments", "回款", headers, rows, (3,), more=_more(found))


def _visits(part: str, found: Sequence[Mapping[str, Any]]) -> Table:
    rows = tuple(
        row(minute(each["visited_at"]), each["customer"], each["met"], each["purpose"], each["receipt_no"])
        for each in found[:MOST]
    )
    headers = ("拜访时间", "客户名称", "拜访对象", "拜访目的", "受理号")
    return Table(f"{part}-visits", "拜访", headers, rows, more=_more(found))


def _new(part: str, found: Sequence[Mapping[str, Any]]) -> Table:
    rows = tuple(row(each["day"], each["customer"], each["receipt_no"]) for each in found[:MOST])
    return Table(f"{part}-new", "新增客户", ("日期", "客户名称", "受理号"), rows, more=_more(found))


def _more(found: Sequence[object]) -> str:
    return f"另有 {len(found) - MOST} 行没有列出。" if len(found) > MOST else ""
