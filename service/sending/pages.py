"""首页.html brought up to date: each night for everybody, and after each round for those whom something of it concerns.

The ledger remembers up to which entry pages were looked through, so a crash between a round and its pages only
delays them.  A page that would say nothing new is neither queued nor written.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterable, Iterator
from datetime import datetime

from ledger import deliveries, happenings
from ledger.connection import LedgerError
from ledger.days import COMPLIANCE
from ledger.happenings import Happening
from ledger.records import Person
from outbox.page.compose import cause_of, home
from outbox.page.fines import DEDUCTION
from outbox.page.goals import REPORT
from outbox.page.looks import looks_on
from outbox.page.model import NAME
from outbox.page.money import UNCLAIMED
from outbox.page.team import OVERVIEW
from outbox.queue import tell
from policy.sight import sees
from service.company import Service
from service.files.previews import forget_old
from service.sending.glance import Glance

log = logging.getLogger("kebu")

TOP = ""  #: 取件 itself: the page lies above all folders
#: A day or a month was closed, somebody bears another name: it may stand on any page.
EVERYBODY = frozenset({"period.closed", "person.renamed"})

#: Rows that move a report's numbers when they are decided on, or take effect at once.
_MOVES = {
    "成交订单": (REPORT,), "客户回款": (REPORT, UNCLAIMED), "拜访记录": (REPORT,), "客户新增": (REPORT, OVERVIEW),
    "销售指标": (REPORT,), "销售日报": (COMPLIANCE,), "客户转交": (OVERVIEW,), "日报申诉": (COMPLIANCE,),
    "扣款核定": (COMPLIANCE, DEDUCTION), "更正": (REPORT, COMPLIANCE),
}  # fmt: skip
_DECIDED = frozenset({"decision.made", "row.corrected", "row.voided"})
_KINDS = {
    "exemption.granted": (COMPLIANCE,), "customer.recycled": (OVERVIEW,), "customer.claimed": (OVERVIEW,),
    "customer.transferred": (OVERVIEW,), "customer.returned": (OVERVIEW,), "bank.received": (UNCLAIMED,), "bank.used": (UNCLAIMED,),
}  # fmt: skip


def renew_pages(service: Service, now: datetime, also: Collection[str] = ()) -> list[str] | None:
    """Queue the pages that would say something else now; None if there are none, otherwise what stood in the way.

    :param also: people whom no entry names and whose page may say something else all the same
    """
    until = happenings.looked_until(service.book)
    newest, _hash = service.book.head()
    happened = happenings.happened_since(service.book, until) if until is not None else None
    if happened is not None and not happened and not also:
        return None
    with service.book.transaction():
        world = Glance(service, now)
        active = [each for each in world.people.values() if each.active_on(now.date())]
        everybody = happened is None or any(each.kind in EVERYBODY for each in happened)
        names = None if everybody or happened is None else {*_concerned(happened, world, active), *also}
        world.readers = readers = [each for each in active if names is None or each.name in names]
        gone = {each.name for each in readers if everybody and service.outbox.gone(each.name, TOP, NAME)}
        told, troubles = _tell_changed(service, world, readers, gone)
        happenings.look_until(service.book, newest)
    if everybody:
        forget_old(service, now)
    return troubles if told or troubles else None


def _tell_changed(
    service: Service, world: Glance, readers: Iterable[Person], gone: Collection[str]
) -> tuple[int, list[str]]:
    """Queue the pages of *readers* that differ from their last, or are *gone*; one that cannot be put together stops no other."""
    kept = list(readers)
    had = deliveries.latest_causes(service.book, TOP, [(each.name, NAME) for each in kept])
    looks = looks_on(world.now.date(), service.settings.folders.own_templates / "page")
    told, troubles = 0, list[str]()
    for reader in kept:
        try:
            made = home(world, reader)
        except (OSError, LedgerError):  # the machine is broken, not this page
            raise
        except Exception as error:
            log.exception("the page of %s could not be put together", reader.name)
            troubles.append(f"{reader.name}/{NAME}：没有更新（{type(error).__name__}: {error}）")
            continue
        cause = cause_of(made, looks)
        if cause != had[(reader.name, NAME)] or reader.name in gone:
            tell(service.book, reader.name, TOP, NAME, made, cause, world.now)
            told += 1
    return told, troubles


def _concerned(happened: Iterable[Happening], world: Glance, active: list[Person]) -> Iterator[str]:
    """Whom entries name, and who is shown what they move."""
    by_name = {each.name: each for each in active}
    for each in happened:
        yield from each.names
        named = [by_name[name] for name in each.names if name in by_name]
        departments = {person.department for person in named} | {None}
        for report in _moved(each):
            for viewer in active:
                if any(sees(report, viewer, department, world.settings) for department in departments):
                    yield viewer.name


def _moved(each: Happening) -> tuple[str, ...]:
    """The reports whose numbers it moves.  A report that arrives is shown to those who watch when its sheet goes out."""
    if each.kind in _DECIDED or (each.kind == "row.received" and each.form in ("销售指标", "更正")):
        return _MOVES.get(each.form, ())
    if each.kind == "sheet.issued" and each.form in ("销售日报", "客户回款"):
        return (COMPLIANCE,) if each.form == "销售日报" else (UNCLAIMED,)
    return _KINDS.get(each.kind, ())
