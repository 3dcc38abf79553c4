"""Payments that wait for the cashier, and money that nobody has claimed (客户回款 6.2)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import PurePosixPath

from ledger.page import OpenSheet
from ledger.payments import Credit, payments_waiting, unused_lines
from ledger.records import Person
from ledger.unpaid import PAYMENT
from outbox.page.model import Bar, Cell, Chart, Figure, Part, Table
from outbox.page.shelf import report_file
from outbox.page.words import link, minute, row, yuan
from outbox.page.world import World

UNCLAIMED = "未认领到账"
MOST = 200


def payments(world: World, viewer: Person) -> Part:
    """What waits for confirmation, the longest first, and bank lines that confirm nothing yet."""
    waiting, unused = payments_waiting(world.book), unused_lines(world.book)
    sheets = {each.number: each for each in world.desks.sheets(viewer) if each.form == PAYMENT}
    by_seller: dict[str, int] = {}
    for each in waiting:
        by_seller[each["salesperson"]] = by_seller.get(each["salesperson"], 0) + each["amount_fen"]
    rows = tuple(
        row(each["customer"], each["salesperson"], each["kind"], each["paid_on"], yuan(each["amount_fen"]),
            minute(each["submitted_at"]), _waited(world, each["submitted_at"]), each["order_no"], each["receipt_no"])
        for each in waiting[:MOST]
    )  # fmt: skip
    headers = ("客户名称", "销售人员", "回款类型", "回款日期", "金额(元)", "提交时间", "已等", "订单受理号", "受理号")
    return Part(
        id="payments",
        title="等待确认的回款",
        figures=(
            Figure("等待确认", f"{len(waiting)} 笔", "#payments-list", "warn" if waiting else "good"),
            Figure("合计（元）", yuan(sum(each["amount_fen"] for each in waiting)), "#payments-list"),
            Figure("没有对应回款的到账", f"{len(unused)} 笔", "#payments-unused", "warn" if unused else "good"),
        ),
        charts=_chart(by_seller),
        tables=(
            Table("payments-list", "等待确认的回款（等得最久的在前）", headers, rows, (4,), more=_more(len(waiting))),
            Table(
                "payments-people", "各人等待确认的回款", ("销售人员", "金额(元)"),
                tuple(row(name, Cell(yuan(fen), "#payments-list")) for name, fen in sorted(by_seller.items())), (1,),
            ),
            _sheets(list(sheets.values())),
            _unused(unused),
        ),
        file=report_file(world, viewer, UNCLAIMED),
    )  # fmt: skip


def _chart(by_seller: dict[str, int]) -> tuple[Chart, ...]:
    bars = tuple(Bar(name, round(fen / 100)) for name, fen in sorted(by_seller.items()) if fen > 0)
    return (Chart("各人等待确认的回款（元）", bars[:20], "payments-people"),) if bars else ()


def _waited(world: World, since: str) -> str:
    days = (world.now.date() - datetime.fromisoformat(since).date()).days
    return f"{days} 天" if days else "今天"


def _sheets(found: Sequence[OpenSheet]) -> Table:
    rows = tuple(
        row(Cell(PurePosixPath(each.path).name, link("/".join(PurePosixPath(each.path).parts[2:]))), each.rows,
            minute(each.issued_at))
        for each in found
    )  # fmt: skip
    return Table("payments-sheets", "您的确认单", ("文件", "还没有确认的行", "发出时间"), rows, (1,))


def _unused(found: Sequence[Credit]) -> Table:
    rows = tuple(
        row(each.arrived_on, each.payer, yuan(each.amount_fen), each.serial, each.memo) for each in found[:MOST]
    )
    headers = ("到账日期", "付款方名称", "到账金额(元)", "流水号", "摘要")
    return Table("payments-unused", "还没有对应回款的到账", headers, rows, (2,), more=_more(len(found)))


def _more(count: int) -> str:
    return f"另有 {count - MOST} 行没有列出。" if count > MOST else ""
