"""商机漏斗 put together from the ledger and sent to the managers who may see it, each their part (目的 1)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from ledger import activity, days, targets
from outbox.queue import tell
from outbox.reports.funnel.model import (
    FunnelChange,
    FunnelClosed,
    FunnelItem,
    FunnelMove,
    FunnelOutlook,
    FunnelPassage,
    FunnelReport,
    FunnelStage,
)
from policy.forms.opportunity import LOST, WON
from policy.periods import MONTHLY, Period, holding
from policy.posts import COMPANY_WIDE
from policy.sight import sees
from processors.attainment import aimed_at
from processors.funnel import (
    FunnelLine,
    Reach,
    Stage,
    by_stage,
    differences,
    kept,
    line_from,
    lines_of,
    movement,
    passages,
    stages_of,
)
from processors.outlook import Aim, outlooks, periods_after
from processors.standing import idle
from service.company import Service
from service.days.outstanding import FUNNEL
from service.days.periods import ended_days, post_closing
from service.sending.opportunities import opportunities_until
from service.sending.shelves import shelf

Content = Mapping[str, Any]
Belongs = Callable[[str], bool]  #: whether a department is one of the reader's


def close_funnel(service: Service, year: int, month: int, now: datetime) -> list[str]:
    """Post and send the month's funnel unless nothing changed; gives the files.  Inside a transaction.

    A company that has entered no opportunity gets no report about none.
    """
    ended = ended_days(year, month, now.date())
    period = f"{FUNNEL}_{year:04d}-{month:02d}"
    before = days.last_closing(service.book, period)
    content = _content(service, ended[0], ended[-1]) if ended else None
    if content is None or (before is None and not content["lines"]):
        return []
    version = post_closing(service, period, content, now)
    return _send(service, period, content, before["content"] if before else None, version, now) if version else []


def _send(
    service: Service, period: str, content: Content, before: Content | None, version: int, now: datetime
) -> list[str]:
    files, today = list[str](), now.date()
    settings = service.settings.as_of(today)
    for viewer in service.people(today).values():
        if not viewer.active_on(today) or not sees(FUNNEL, viewer, viewer.department, settings):
            continue
        whole = viewer.post in COMPANY_WIDE
        scope = "全公司" if whole else viewer.department
        report = funnel_report(period, content, version, now, scope, before=before)
        for folder, name in shelf(service, FUNNEL, report.month):
            tell(service.book, viewer.name, folder, name, report, "report", now)
        files.append(f"{viewer.name}/{period}.xlsx")
    return files


def _content(service: Service, first: date, last: date) -> dict[str, Any]:
    """What the month's report says, as the journal keeps it; everybody's part is drawn from it."""
    settings = service.settings.as_of(last)
    reach = Reach(last, first, (last.replace(day=1) - timedelta(days=334)).replace(day=1))
    found = opportunities_until(service, last).values()
    numbers, names = settings.opportunities, settings.lists.stages
    stages = stages_of(
        names,
        {name: numbers.likelihood_of(name, names) for name in names},
        (step.stage for history in found for step in history.steps),
    )
    people = service.people(last)
    departments = {person.name: person.department for person in people.values()}
    lines = lines_of(found, stages, reach, departments)
    periods = periods_after(holding(MONTHLY, last).end)
    return {
        "end": last.isoformat(),
        "stages": [[stage.name, stage.likelihood] for stage in stages],
        "stale_days": numbers.stale_days,
        "lines": [kept(line) for line in lines],
        "periods": [[period.kind, period.year, period.number] for period in periods],
        "aims": [vars(aim) for period in periods for aim in _aims(service, period, last, departments)],
    }


def _aims(service: Service, period: Period, last: date, departments: Mapping[str, str]) -> list[Aim]:
    """What everybody is to reach in a period, and has reached in it up to the report's last day."""
    done: dict[str, int] = {}
    if period.start <= last:
        for record in activity.achieved(service.book, period.start, last):
            if record["kind"] == "orders_fen":
                done[record["person"]] = int(record["n"] or 0)
    aimed = aimed_at(targets.approved(service.book, period.year), period)
    return [
        Aim(period.name, name, departments.get(name, ""), aimed.get(name, {}).get("orders_fen", 0), done.get(name, 0))
        for name in sorted({*done, *aimed})
    ]


def funnel_report(
    period: str, content: Content, version: int, made_at: datetime, scope: str, *, before: Content | None = None
) -> FunnelReport:
    """The report from what its closing kept, for the company or for the department that *scope* names."""
    belongs: Belongs = (lambda _of: True) if scope == "全公司" else (lambda of: of == scope)
    lines, stages, end = _lines(content, belongs), _stages(content), date.fromisoformat(content["end"])
    return FunnelReport(
        month=period.split("_")[1],
        scope=scope,
        made_at=made_at,
        stages=_shown_stages(lines, stages),
        closed=tuple(_closed(lines, stages, word) for word in (WON, LOST)),
        moves=_moves(lines, stages),
        passages=_passages(lines, stages),
        outlook=_outlook(content, lines, stages, end, scope),
        items=_items(lines, stages, end, content["stale_days"]),
        changes=_changes(before, content, belongs) if before else (),
        version=version,
    )


def _lines(content: Content, belongs: Belongs) -> list[FunnelLine]:
    return [line for line in map(line_from, content["lines"]) if belongs(line.department)]


def _stages(content: Content) -> list[Stage]:
    return [Stage(*given) for given in content["stages"]]


def _shown_stages(lines: Sequence[FunnelLine], stages: Sequence[Stage]) -> tuple[FunnelStage, ...]:
    return tuple(
        FunnelStage(
            one.stage.name, one.stage.likelihood, one.count, one.amount_fen / 100, one.before_count,
            one.before_fen / 100, one.forecast_fen / 100,
        )
        for one in by_stage(lines, stages)
    )  # fmt: skip


def _closed(lines: Sequence[FunnelLine], stages: Sequence[Stage], word: str) -> FunnelClosed:
    found = [line.now.amount_fen for line in lines if movement(line, stages) == word]
    return FunnelClosed(word, len(found), sum(found) / 100)


_ORDER = (WON, LOST, "推进", "后退", "新增", "重新打开", "金额调整")


def _moves(lines: Sequence[FunnelLine], stages: Sequence[Stage]) -> tuple[FunnelMove, ...]:
    moved = [(movement(line, stages), line) for line in lines]
    return tuple(
        FunnelMove(
            kind, line.now.customer, line.now.name, line.now.person, line.before.stage if line.before else "",
            line.now.stage, line.before.amount_fen / 100 if line.before else None, line.now.amount_fen / 100,
        )
        for kind, line in sorted(moved, key=lambda each: _ORDER.index(each[0]) if each[0] else -1) if kind
    )  # fmt: skip


def _passages(lines: Sequence[FunnelLine], stages: Sequence[Stage]) -> tuple[FunnelPassage, ...]:
    month, year = (
        passages([getattr(line, reached) for line in lines], stages) for reached in ("reached_month", "reached_year")
    )
    decided = [movement(line, stages) for line in lines]
    closed = [line.now.stage for line in lines if not line.now.is_open]
    return (
        *(
            FunnelPassage(one.stage, (one.reached, one.passed), (other.reached, other.passed))
            for one, other in zip(month, year, strict=True)
        ),
        FunnelPassage(
            "成交率", (decided.count(WON) + decided.count(LOST), decided.count(WON)), (len(closed), closed.count(WON))
        ),
    )  # fmt: skip


def _outlook(
    content: Content, lines: Sequence[FunnelLine], stages: Sequence[Stage], end: date, scope: str
) -> tuple[FunnelOutlook, ...]:
    periods = [Period(*given) for given in content["periods"]]
    aims = [Aim(**given) for given in content["aims"] if scope in ("全公司", given["department"])]
    return tuple(
        FunnelOutlook(
            one.span, one.level, one.department, one.name, one.target_fen / 100, one.done_fen / 100,
            one.forecast_fen / 100,
        )
        for one in outlooks(lines, aims, stages, periods, end) if scope == "全公司" or one.level != "公司"
    )  # fmt: skip


def _items(lines: Sequence[FunnelLine], stages: Sequence[Stage], end: date, stale_days: int) -> tuple[FunnelItem, ...]:
    likely = {stage.name: stage.likelihood for stage in stages}
    items = [
        FunnelItem(
            line.now.customer, line.now.name, line.now.person, line.department, line.now.stage,
            likely.get(line.now.stage, 0), line.now.amount_fen / 100,
            line.now.amount_fen * likely.get(line.now.stage, 0) // 100 / 100, line.now.expected_on, line.now.since,
            idle(line.now, end, stale_days), line.now.next_step,
        )
        for line in lines if line.now.is_open
    ]  # fmt: skip
    return tuple(sorted(items, key=lambda item: (not item.idle, item.expected_on, item.customer, item.name)))


def _changes(before: Content, content: Content, belongs: Belongs) -> tuple[FunnelChange, ...]:
    about = (
        FunnelChange(
            each.line.now.customer, each.line.now.name, each.line.now.person, each.what, each.before, each.after
        )
        for each in differences(_lines(before, belongs), _lines(content, belongs))
    )
    return (*about, *_changed_aims(before, content, belongs))


def _changed_aims(before: Content, content: Content, belongs: Belongs) -> list[FunnelChange]:
    was = {(aim["span"], aim["person"]): aim for aim in before["aims"]}
    now = {(aim["span"], aim["person"]): aim for aim in content["aims"]}
    return [
        FunnelChange("", "", person, f"{span} {word}", *(f"{aim / 100:,.2f}" for aim in pair))
        for span, person in sorted({*was, *now})
        for name, word in (("target_fen", "成交金额指标"), ("done_fen", "已成交"))
        if belongs(({**was, **now})[span, person]["department"])
        and (pair := tuple(each.get((span, person), {}).get(name, 0) for each in (was, now)))[0] != pair[1]
    ]
