"""What a manager looks at: visits with picture, place and text, customers about to go, the pool, transfers."""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import timedelta

from ledger import activity, customers
from ledger.records import Person
from outbox.page.model import Bar, Cell, Chart, Figure, Part, Seen, Table
from outbox.page.own import SOON, urgency
from outbox.page.shelf import report_file
from outbox.page.words import minute, on, row
from outbox.page.world import World

OVERVIEW = "部门概览"
LATELY = timedelta(days=7)
MOST_VISITS, MOST = 30, 200
HISTORY = timedelta(days=31)
PREVIEWS = "previews"  #: below the book's folder: small copies of pictures, kept for as long as pages show them

_STATES = {"waiting": "待补照片", "pending": "待审批", "accepted": "已通过"}


def preview_of(sha256: str) -> str:
    """Where the small copy of a picture lies, below the book's folder."""
    return f"{PREVIEWS}/{sha256}.jpg"


def visits_of(world: World, viewer: Person, members: Collection[str]) -> Part:
    """The newest visits of *members*, to be judged by picture, place and text (客户拜访 5.3)."""
    found = activity.visits_by(world.book, members, world.now - LATELY, MOST_VISITS + 1)
    shown = found[:MOST_VISITS]
    seen = tuple(
        Seen(
            receipt_no=each["receipt_no"], who=each["salesperson"], customer=each["customer"] or "",
            at=minute(each["visited_at"] or each["submitted_at"]), place=each["place"] or "没有位置",
            met=each["met"] or "", purpose=each["purpose"] or "", content=each["content"] or "",
            state=_STATES[each["status"]], flags=each["words"] or "", picture=_first_picture(each["photos"]),
        )
        for each in shown
    )  # fmt: skip
    by_person = {name: sum(each.who == name for each in seen) for name in sorted({each.who for each in seen})}
    return Part(
        id="visits",
        title="最近的拜访",
        note=f"最近 {LATELY.days} 天的拜访，最新的在前"
        + (f"；只列出 {MOST_VISITS} 次。" if len(found) > MOST_VISITS else "。"),
        figures=(Figure("拜访", str(len(seen)), "#visits-list"),),
        charts=(Chart("各人拜访次数", tuple(Bar(*each) for each in by_person.items()), "visits-people"),)
        if seen
        else (),
        tables=(
            Table(
                "visits-people",
                "各人拜访次数",
                ("姓名", "次数"),
                tuple(row(name, Cell(str(n), "#visits-list")) for name, n in by_person.items()),
                (1,),
            ),
        ),
        visits=seen,
    )


def _first_picture(photos: str) -> str:
    shas = json.loads(photos)
    return preview_of(shas[0]) if shas else ""


def leaving(world: World, viewer: Person, members: Collection[str]) -> Part:
    """The customers of *members* that go back to the pool soon (人员新增 10(2))."""
    soon = [each for each in world.stands_of_all(members) if each.days_left <= SOON]
    soon.sort(key=lambda each: (each.days_left, each.owner, each.customer.name))
    rows = tuple(
        row(
            each.customer.name,
            each.owner,
            Cell(str(each.days_left), mark=urgency(each.days_left)),
            each.since,
            each.exempt,
        )
        for each in soon[:MOST]
    )
    due = sum(each.days_left <= 3 and not each.exempt for each in soon)
    bars = tuple(Bar(each.customer.name, max(each.days_left, 0)) for each in soon[:10])
    return Part(
        id="leaving",
        title="快要回到公海的客户",
        figures=(
            Figure(f"{SOON} 天内", str(len(soon)), "#leaving-list", "warn" if soon else "good"),
            Figure("3 天内", str(due), "#leaving-list", "bad" if due else "good"),
        ),
        charts=(Chart("剩余天数（天）", bars, "leaving-list"),) if bars else (),
        tables=(
            Table(
                "leaving-list", "剩余天数不多的客户", ("客户名称", "归属", "剩余天数", "上次跟进", "保留原因"), rows, (2,),
                more=_more(len(soon)),
            ),
        ),
        file=report_file(world, viewer, OVERVIEW),
    )  # fmt: skip


def pool(world: World, viewer: Person) -> Part:
    """The customers that nobody owns, those that came last first (客户申领 4)."""
    found = sorted(customers.pool(world.book), key=lambda each: (on(each.pooled_on), each.name), reverse=True)
    rows = tuple(
        row(each.name, each.type, each.region, on(each.pooled_on), each.previous_owner) for each in found[:MOST]
    )
    regions = {name: sum(each.region == name for each in found) for name in sorted({each.region for each in found})}
    return Part(
        id="pool",
        title="公海客户",
        figures=(Figure("公海客户", str(len(found)), "#pool-list"),),
        charts=(Chart("各区域公海客户", tuple(Bar(*each) for each in regions.items()), "pool-regions"),) if found else (),
        tables=(
            Table("pool-regions", "各区域公海客户", ("销售区域", "客户数"),
                  tuple(row(name, Cell(str(n), "#pool-list")) for name, n in regions.items()), (1,)),
            Table("pool-list", "公海客户", ("客户名称", "客户类型", "销售区域", "进入公海日期", "原归属"), rows, more=_more(len(found))),
        ),
        file=report_file(world, viewer, OVERVIEW),
    )  # fmt: skip


def transfers(world: World, viewer: Person) -> Part:
    """Who handed which customer to whom, and why (客户转交 8)."""
    found = activity.transfers_since(world.book, world.now.date() - HISTORY)
    rows = tuple(
        row(minute(each["submitted_at"]), each["customer"], each["from_person"], each["to_person"], each["reason"],
            each["description"], {**_STATES, "superseded": "被替换"}[each["status"]], each["receipt_no"])
        for each in found[:MOST]
    )  # fmt: skip
    headers = ("提交时间", "客户名称", "原归属", "接受人", "转交原因", "转交说明", "状态", "受理号")
    return Part(
        id="transfers",
        title="客户转交",
        note=f"最近 {HISTORY.days} 天。",
        figures=(Figure("客户转交", str(len(found)), "#transfers-list"),),
        tables=(Table("transfers-list", "客户转交", headers, rows, more=_more(len(found))),),
        file=report_file(world, viewer, OVERVIEW),
    )


def _more(count: int) -> str:
    return f"另有 {count - MOST} 行没有列出，见部门概览。" if count > MOST else ""
