"""What somebody who sells sees of their own: days left with each customer, the month day by day, deductions (适用范围 2)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from ledger.records import Person
from outbox.page.model import Bar, Cell, Chart, Figure, Mark, Part, Table
from outbox.page.words import clock, on, row, state, weekday, yuan
from outbox.page.world import World
from policy.clauses import cite

SOON = 7  #: days before a customer goes back to the pool; red at three
_BARS = 10


def urgency(days_left: int) -> Mark:
    """How a number of days left is to be taken."""
    return "bad" if days_left <= 3 else "warn" if days_left <= SOON else ""


def my_customers(world: World, viewer: Person) -> Part:
    """Days left with every customer, the fewest first (客户拜访 5.1(1))."""
    stands = world.stands_of(viewer.name)
    rows = [
        row(each.customer.name, Cell(str(each.days_left), mark=urgency(each.days_left)), each.since, viewer.name, each.exempt)
        for each in stands
    ]  # fmt: skip
    rows += [
        row(each.name, "", on(each.last_followed_on), each.owner, "共享给我") for each in world.desks.shared(viewer)
    ]
    soon = [each for each in stands if each.days_left <= SOON]
    bars = tuple(Bar(each.customer.name, max(each.days_left, 0)) for each in stands[:_BARS])
    return Part(
        id="customers",
        title="我的客户",
        note="剩余天数：再过这些天没有跟进，客户将回到公海。",
        figures=(
            Figure("名下客户", str(len(stands)), "#customers-list"),
            Figure(f"{SOON} 天内到期", str(len(soon)), "#customers-list", "warn" if soon else ""),
        ),
        charts=(Chart("剩余天数最少的客户（天）", bars, "customers-list"),) if bars else (),
        tables=(
            Table(
                "customers-list", "客户和剩余天数", ("客户名称", "剩余天数", "上次跟进", "归属", "说明"), tuple(rows), (1,)
            ),
        ),
    )  # fmt: skip


def days_of(today: date) -> list[date]:
    """The days of the month up to *today*; in its first days those of the month before as well."""
    first = today.replace(day=1)
    if today.day <= 5:
        first = (first - timedelta(days=1)).replace(day=1)
    return [first + timedelta(days=n) for n in range((today - first).days + 1)]


def my_month(world: World, viewer: Person) -> Part:
    """What became of each day's report (销售日报 7)."""
    rows, tally = [], Counter[str]()
    for day in days_of(world.now.date()):
        told = _day(world, viewer, day)
        if told is not None:
            tally[told[0]] += 1
            rows.append(row(weekday(day), state(told[0]), told[1], state(told[2]), *told[3:]))
    title = "本月日报" if days_of(world.now.date())[0].month == world.now.month else "上月和本月日报"
    words = [word for word in ("按时", "迟交", "缺交", "豁免", "待核实", "未知", "等待审核", "还没收到") if tally[word]]
    return Part(
        id="month",
        title=title,
        figures=tuple(Figure(word, str(tally[word]), "#month-days", state(word).mark) for word in words),
        charts=(Chart(f"{title}（天）", tuple(Bar(word, tally[word]) for word in words), "month-days"),) if words else (),
        tables=(
            Table("month-days", "逐日", ("日期", "状态", "收到", "审核", "审核时间", "说明"), tuple(reversed(rows))),
        ),
    )  # fmt: skip


def _day(world: World, viewer: Person, day: date) -> tuple[str, str, str, str, str] | None:
    """State, arrival, review, its time and remark of a day; None where nothing was owed."""
    lines = world.lines_of(day)
    if lines is not None:
        line = next((each for each in lines if each["person"] == viewer.name), None)
        return _closed(line) if line else None
    owed = world.owed_today().get(viewer.name) if day == world.now.date() else None
    if owed is None:
        return None
    if owed.arrived_at is None:
        return ("豁免" if owed.state == "豁免" else "还没收到", "", "", "", owed.remark)
    review = "等待审核" if owed.reviewed_at is None else owed.review
    return (owed.state, clock(owed.arrived_at), review, clock(owed.reviewed_at), owed.remark)


def _closed(line: Mapping[str, Any]) -> tuple[str, str, str, str, str]:
    return (line["state"], clock(line["arrived_at"]), line["review"], clock(line["reviewed_at"]), line["remark"])


def my_deductions(world: World, viewer: Person) -> Part:
    """Every fine of these months with its evidence (销售日报 7(4))."""
    found = [each for month in months_of(world.now.date()) for each in _fines(world, viewer, month)]
    rows = tuple(row(day, yuan(fen), cite("daily.7.4"), evidence, told) for day, fen, evidence, told in found)
    total = sum(fen for _day, fen, _evidence, _told in found)
    return Part(
        id="deductions",
        title="扣款",
        note="有异议的，请投递“日报申诉”；由企管部决定，决定之前不扣款。",
        figures=(
            Figure("扣款（元）", yuan(total), "#deductions-list", "bad" if total else ""),
            Figure("次数", str(len(rows)), "#deductions-list", "bad" if rows else ""),
        ),
        tables=(
            Table(
                "deductions-list",
                "扣款和证据",
                ("日期", "金额(元)", "依据", "证据", "列入"),
                rows,
                (1,),
                empty="没有扣款。",
            ),
        ),
    )


def months_of(today: date) -> list[str]:
    """This month and the one before, the newest first."""
    return [f"{today:%Y-%m}", f"{today.replace(day=1) - timedelta(days=1):%Y-%m}"]


def _fines(world: World, viewer: Person, month: str) -> Iterator[tuple[str, int, str, str]]:
    """Day, fen, evidence and where it is listed: the month's report, or the days closed so far."""
    versions = world.deductions_of(month)
    if versions:
        newest = versions[-1]
        for line in newest["content"]["lines"]:
            if line["person"] == viewer.name:
                yield line["day"], line["unit_fen"], line["evidence"], f"日报扣款 {month} 第 {newest['version']} 版"
        return
    for day in days_in(month, world.now.date()):
        for line in world.lines_of(day) or ():
            if line["person"] == viewer.name and line["fined"]:
                evidence = world.evidence(viewer.name, day, line["remark"])
                yield day.isoformat(), world.fen_of_a_day(day), evidence, "月底汇总前"


def days_in(month: str, today: date) -> list[date]:
    """The days of a month that have begun."""
    first = date.fromisoformat(f"{month}-01")
    return [day for n in range(31) if (day := first + timedelta(days=n)).month == first.month and day <= today]
