"""What a salesperson finds on 今天: gathered for everybody at once, so that a night costs few questions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from ledger.mornings import Unsettled, unsettled
from ledger.records import Person, Status
from outbox.templates.model import Listing
from outbox.templates.today import LEAVING, PHOTO, REPORT, RETURNED
from outbox.xlsx.cell import CellValue
from policy.forms import FORMS
from policy.posts import SALESPERSON, may_submit
from processors.attainment import KINDS
from processors.compliance import EXEMPT, UNKNOWN
from processors.recycling import Countdown
from service.company import Service
from service.sending.glance import Glance

RECENT = timedelta(days=14)  #: what came back longer ago and was never mended is nobody's work of today
SOON = 7  #: days before a customer goes back to the pool
_WEEKDAYS = "一二三四五六日"
_GOALS = (("成交金额(元)", 100), ("回款金额(元)", 100), ("拜访次数", 1), ("新增客户", 1))
Row = tuple[CellValue, ...]


class Mornings:
    """The day of *people*, asked for all of them together."""

    def __init__(self, service: Service, people: Sequence[Person], stands: Mapping[int, Countdown], now: datetime):
        self._world, self._today = Glance(service, now), now.date()
        forms = [form.sheet for form in FORMS if may_submit(SALESPERSON, form.submitters)]
        names = [person.name for person in people if person.post == SALESPERSON]
        self._unsettled = unsettled(service.book, names, forms, now - RECENT)
        #: the month of yesterday: on its first day a month has nothing to tell
        self._first = (self._today - timedelta(days=1)).replace(day=1)
        self._month = _month_of(self._world, self._first, self._today)
        self._stands: dict[str, list[Countdown]] = {}
        for stand in stands.values():
            if stand.days_left <= SOON and not stand.exempt:
                self._stands.setdefault(stand.owner, []).append(stand)

    @property
    def heading(self) -> str:
        """The day, as people say it."""
        return f"{self._today.month} 月 {self._today.day} 日　星期{_WEEKDAYS[self._today.weekday()]}"

    def of(self, person: Person) -> tuple[Listing, ...]:
        """The parts of their 今天; none for who does not sell."""
        if person.post != SALESPERSON:
            return ()
        todo = tuple(self._todo(person.name))
        return (
            Listing(f"今天要您做的 {len(todo)} 件", ("事项", "内容", "怎么办", "剩余天数"), todo),
            Listing(f"{self._first.month} 月到现在", ("项目", "完成", "指标", "达成率"), tuple(self._own_month(person.name))),
            Listing("逐日的日报", ("日期", "说明", "收到", "状态"), tuple(self._days(person.name))),
        )  # fmt: skip

    def _todo(self, name: str) -> Iterator[Row]:
        mine = self._unsettled.get(name, [])
        yield from (_returned(row) for row in mine if row.status is Status.REJECTED)
        owed = self._world.owed_today().get(name)
        if owed is not None and owed.arrived_at is None and owed.state not in (EXEMPT, UNKNOWN):
            yield (REPORT, "今天的销售日报", f"{self._world.due_at(self._today):%H:%M} 前投递", None)
        yield from (_without_photo(row) for row in mine if row.status is Status.WAITING)
        for stand in sorted(self._stands.get(name, ()), key=lambda each: (each.days_left, each.customer.name)):
            words = f"{stand.goes_on:%m-%d} 零点回公海；拜访、成交或回款后重新计算"
            yield (LEAVING, f"{stand.customer.name}（上次跟进 {stand.since}）", words, stand.days_left)

    def _own_month(self, name: str) -> Iterator[Row]:
        lines = self._month.get(name, ())
        tally = Counter(str(line["state"]) for line in lines)
        yield ("日报", "，".join(f"{word} {n}" for word, n in tally.items()) or "还没有", "", None)
        fined = [date.fromisoformat(line["day"]) for line in lines if line["fined"]]
        fen = sum(map(self._world.fen_of_a_day, fined))
        yield ("扣款", f"{len(fined)} 次，{fen / 100:.2f} 元" if fined else "没有", "", None)
        done, aim = self._world.results(self._first).get(name, {}), self._world.targets(self._first).get(name, {})
        for kind, (label, unit) in zip(KINDS, _GOALS, strict=True):
            reached, wanted = done.get(kind, 0), aim.get(kind, 0)
            share = reached / wanted if wanted else None
            yield (label, _amount(reached, unit), _amount(wanted, unit) if wanted else "没有指标", share)

    def _days(self, name: str) -> Iterator[Row]:
        for line in reversed(self._month.get(name, ())):
            came = datetime.fromisoformat(line["arrived_at"]) if line["arrived_at"] else None
            yield (
                date.fromisoformat(line["day"]),
                line["remark"],
                f"{came:%m-%d %H:%M}" if came else "",
                line["state"],
            )


def _returned(row: Unsettled) -> Row:
    by = f"{row.decided_by}驳回" if row.decided_by else "退回"
    what = f"{row.form}“{row.about}”（{row.receipt_no}）{by}：{row.reason}"
    return (RETURNED, what, "在回执里改好，再放进“投递”", None)


def _without_photo(row: Unsettled) -> Row:
    until = row.submitted_at.date() + timedelta(days=1)
    return (PHOTO, f"{row.form}“{row.about}”（{row.receipt_no}）", f"{until:%m-%d} 24:00 前把照片放进“投递”", None)


def _amount(number: int, unit: int) -> int | float:
    """Money in yuan; what is counted stays whole."""
    return number if unit == 1 else number / unit


def _month_of(world: Glance, first: date, today: date) -> dict[str, list[Mapping[str, Any]]]:
    """Person → what the closings of the days before *today* say of them, in order."""
    found: dict[str, list[Mapping[str, Any]]] = {}
    for n in range((today - first).days):
        for line in world.lines_of(first + timedelta(days=n)) or ():
            found.setdefault(line["person"], []).append(line)
    return found
