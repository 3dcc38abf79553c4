"""What somebody is to be told at this moment, read from the ledger.  Names of people and customers, no other particulars."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta

from ledger import page
from ledger.records import Person
from outbox.messages.model import Matter
from outbox.page.today import AT_ONCE
from outbox.page.world import World
from policy.deadlines import review_due
from policy.forms import FORMS
from policy.posts import may_submit
from policy.settings_messages import Kind

RECENT = timedelta(days=3)  #: what is older when it could be told first is found on the page


def matters(world: World, person: Person) -> Iterator[Matter]:
    """Everything that *person* is to be told, whether or not it was told before."""
    for kind in world.settings.messages.tell:
        if kind in _PARTS:
            yield from _PARTS[kind](world, person)


def _clock(world: World) -> timedelta:
    now = world.now
    return timedelta(hours=now.hour, minutes=now.minute, seconds=now.second)


def _report(world: World, person: Person) -> Iterator[Matter]:
    owed = world.owed_today().get(person.name)
    if _clock(world) >= world.settings.messages.report_at and owed and owed.arrived_at is None and owed.state == "缺交":
        day = world.now.date()
        yield Matter("日报提醒", person.name, f"report:{day}", hour=f"{world.due_at(day):%H:%M}")


def _review(world: World, person: Person) -> Iterator[Matter]:
    if _clock(world) < world.settings.messages.review_at:
        return
    day, owed = world.now.date(), [each for each in world.owed_today().values() if each.reviewer == person.name]
    hour = f"{review_due(day, world.settings, world.settings.company.tz):%H:%M}"
    waiting = tuple(each.person for each in owed if each.arrived_at is not None and each.review == "未审")
    missing = tuple(each.person for each in owed if each.arrived_at is None and each.state == "缺交")
    for about, names in (("没有审核", waiting), ("没有收到", missing)):
        if names:
            yield Matter("审核提醒", person.name, f"review:{day}:{about}", about, len(names), names, hour)


def _returned(world: World, person: Person) -> Iterator[Matter]:
    forms = [form.sheet for form in FORMS if may_submit(person.post, form.submitters)]
    since = world.now - RECENT
    for row in page.returned(world.book, [(person.name, form) for form in forms], since).get(person.name, ()):
        yield Matter("退回", person.name, f"row:{row.receipt_no}", row.form)
    for each in page.refused_files(world.book, [person.name], since).get(person.name, ()):
        yield Matter("退回", person.name, f"file:{each['arrived_at']}:{each['name']}", "整份文件")


def _sheets(world: World, person: Person) -> Iterator[Matter]:
    for sheet in page.sheets_of(world.book, [person.name]).get(person.name, ()):
        if sheet.issued_at >= world.now - RECENT:
            yield Matter("待审批", person.name, f"sheet:{sheet.number}", sheet.form, sheet.rows)


def _recycling(world: World, person: Person) -> Iterator[Matter]:
    for each in world.stands_of(person.name):
        if each.days_left <= AT_ONCE and not each.exempt:
            key = f"recycling:{each.customer.id}:{each.since}"
            yield Matter("回收提醒", person.name, key, each.customer.name, max(each.days_left, 0))


def _fined(world: World, person: Person) -> Iterator[Matter]:
    for n in range(1, RECENT.days + 1):
        day = world.now.date() - timedelta(days=n)
        for line in world.lines_of(day) or ():
            if line["person"] == person.name and line["fined"]:
                yield Matter("扣款", person.name, f"fined:{day}", f"{day:%m-%d}")


_PARTS: Mapping[Kind, Callable[[World, Person], Iterator[Matter]]] = {
    "日报提醒": _report,
    "审核提醒": _review,
    "退回": _returned,
    "待审批": _sheets,
    "回收提醒": _recycling,
    "扣款": _fined,
}
