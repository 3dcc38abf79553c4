"""部门概览 put together: plans not carried out, customers about to go, leavers' customers, changes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from ledger import customers, plans, sheets
from ledger.book import Book
from ledger.records import Person
from outbox.standing import Stand
from outbox.templates.model import Listing

HISTORY_DAYS = 31

Belongs = Callable[[str | None], bool]  #: whether a colleague is one of the reader's


@dataclass(frozen=True)
class Stands:
    """How the customers stand: today, tomorrow, and those that went last night."""

    today: Sequence[Stand]
    tomorrow: Sequence[Stand]
    gone: Sequence[Stand]


def sections(
    book: Book, people: Mapping[str, Person], day: date, stands: Stands, belongs: Belongs
) -> tuple[Listing, ...]:
    """What the reader to whom *belongs* gives the colleagues should look at, on the morning after *day*."""
    due = [each for each in stands.tomorrow if each.due]
    return (
        _waiting(book, belongs),
        _unvisited(book, day, belongs),
        _recycled("已回收", "昨夜回到公海的客户", stands.gone, belongs),
        _recycled("明日回收预演", "如果今天仍不跟进，今夜将回到公海的客户", due, belongs),
        _exempted(stands.today, belongs),
        _leavers(book, people, day, belongs),
        _history(book, day, belongs),
    )


def _waiting(book: Book, belongs: Belongs) -> Listing:
    rows = tuple(
        (each.form, each.receipt_no, each.approver, f"{each.issued_at:%Y-%m-%d %H:%M}")
        for each in sheets.open_rows(book)
        if belongs(each.approver)
    )
    return Listing(
        "等待审批",
        ("表单", "受理号", "审批人", "发出时间"),
        rows,
        (14, 16, 12, 20),
        ("审批单已发出、还没有决定的行。",),
    )


def _unvisited(book: Book, day: date, belongs: Belongs) -> Listing:
    rows = tuple(
        (each["planned_on"], each["salesperson"], each["customer"], each["purpose"], each["receipt_no"])
        for each in plans.not_carried_out(book, day - timedelta(days=HISTORY_DAYS), day)
        if belongs(each["salesperson"])
    )
    headers = ("计划日期", "销售人员", "客户名称", "拜访目的", "受理号")
    return Listing("未执行计划", headers, rows, (14, 12, 28, 36, 16), ("已审批、到期而没有拜访记录的计划。",))


def _recycled(title: str, note: str, stands: Iterable[Stand], belongs: Belongs) -> Listing:
    rows = tuple((each.customer.name, each.owner, each.since, each.days_left) for each in stands if belongs(each.owner))
    return Listing(title, ("客户名称", "归属", "上次跟进", "剩余天数"), rows, (30, 12, 14, 10), (f"{note}。",))


def _exempted(stands: Iterable[Stand], belongs: Belongs) -> Listing:
    rows = tuple(
        (each.customer.name, each.owner, each.since, each.days_left, each.exempt)
        for each in stands
        if each.exempt and each.days_left < 0 and belongs(each.owner)
    )
    headers = ("客户名称", "归属", "上次跟进", "剩余天数", "保留原因")
    return Listing("到期保留", headers, rows, (30, 12, 14, 10, 46), ("已超过期限、但按规定保留的客户。",))


def _leavers(book: Book, people: Mapping[str, Person], day: date, belongs: Belongs) -> Listing:
    rows = tuple(
        (each.name, each.owner or "", each.phone, each.last_followed_on)
        for each in customers.of_leavers(book, people, day + timedelta(days=1))
        if belongs(each.owner)
    )
    headers = ("客户名称", "原归属人（已离职或调岗）", "联系电话", "最近跟进")
    return Listing(
        "离职待转交",
        headers,
        rows,
        (30, 20, 18, 14),
        ("已离职或不再做销售的同事名下的客户，请部门经理投递“客户转交”。",),
    )


def _history(book: Book, day: date, belongs: Belongs) -> Listing:
    rows = tuple(
        (each["changed_at"][:16].replace("T", " "), each["kind"], each["customer"], FIELDS.get(each["field"], each["field"]),
         each["from_value"] or "", each["to_value"] or "", _by(each["changed_by"]), each["approved_by"] or "", each["receipt_no"])
        for each in customers.history(book, (day - timedelta(days=HISTORY_DAYS)).isoformat())
        if belongs(each["changed_by"]) or belongs(each["from_value"]) or belongs(each["to_value"])
    )  # fmt: skip
    headers = ("时间", "事项", "客户名称", "项目", "原来", "现在", "提交人", "审批人", "受理号")
    return Listing(
        "变更记录",
        headers,
        rows,
        (18, 12, 28, 12, 26, 26, 12, 12, 16),
        (f"最近 {HISTORY_DAYS} 天客户信息和归属的变化。",),
    )


def _by(actor: str) -> str:
    return "系统" if actor == "kebu" else actor


FIELDS = {
    "owner": "归属", "name": "客户名称", "source": "客户来源", "type": "客户类型", "region": "销售区域", "province": "省",
    "city": "市", "district": "区", "address": "详细地址", "contact": "联系人", "phone": "联系电话", "shared": "共享人员",
}  # fmt: skip
