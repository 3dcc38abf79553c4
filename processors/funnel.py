"""商机漏斗: where the opportunities stand at the end of a month, how they came there, and what may come of them (目的 1).

Pure: histories go in, lines and sums come out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from policy.forms.opportunity import CLOSED, WON
from processors.standing import History, Standing


@dataclass(frozen=True)
class Stage:
    """Where an opportunity may stand while it is open, and how likely it is held to come to a deal."""

    name: str
    likelihood: int  #: percent


@dataclass(frozen=True)
class FunnelLine:
    """One opportunity in a month's report; stages are counted from 0 in their order, a deal being the last."""

    now: Standing
    department: str
    before: Standing | None  #: at the end of the month before
    reached_month: int | None  #: the farthest stage in which it stood during the month; None: it was over before
    reached_year: int | None  #: the same of the last twelve months


@dataclass(frozen=True)
class Passage:
    """How many opportunities have reached a stage, and how many of these went beyond it."""

    stage: str
    reached: int
    passed: int


@dataclass(frozen=True)
class StageSum:
    """What stands in a stage; amounts in fen."""

    stage: Stage
    count: int = 0
    amount_fen: int = 0
    before_count: int = 0
    before_fen: int = 0

    @property
    def forecast_fen(self) -> int:
        """Likelihood × amount."""
        return self.amount_fen * self.stage.likelihood // 100


@dataclass(frozen=True)
class Reach:
    """The days of a report: a month, and the twelve months that end with it."""

    end: date
    month: date  #: its first day
    year: date  #: the first day of the twelve months


def stages_of(names: Sequence[str], likelihood: Mapping[str, int], seen: Iterable[str]) -> tuple[Stage, ...]:
    """The open stages in the company's order; one that the company has since dropped stands first, at its likelihood of 0."""
    known = [name for name in names if name not in CLOSED]
    dropped = sorted({name for name in seen if name not in CLOSED} - set(known))
    return tuple(Stage(name, likelihood.get(name, 0)) for name in (*dropped, *known))


def lines_of(
    found: Iterable[History], stages: Sequence[Stage], reach: Reach, departments: Mapping[str, str]
) -> list[FunnelLine]:
    """Every opportunity that was under way at some time of the twelve months, by customer and name."""
    order = {stage.name: n for n, stage in enumerate(stages)} | {WON: len(stages)}
    lines = []
    for history in found:
        now, year = history.on(reach.end), _farthest(history, order, reach.year, reach.end)
        if now is None or year is None:
            continue
        before = history.on(reach.month - timedelta(days=1))
        month = _farthest(history, order, reach.month, reach.end)
        lines.append(FunnelLine(now, departments.get(now.person, ""), before, month, year))
    return sorted(lines, key=lambda line: (line.now.customer, line.now.name))


def _farthest(history: History, order: Mapping[str, int], first: date, last: date) -> int | None:
    """The farthest stage in which it stood between two days; None where it was not under way on any of them."""
    before = history.on(first - timedelta(days=1))
    days = {day for day in _days_of(history) if first <= day <= last}
    stood = [before] if before is not None and before.is_open else []
    stood += [standing for day in sorted(days) if (standing := history.on(day)) is not None]
    ranks = [order[each.stage] for each in stood if each.stage in order]
    return (max(ranks) if ranks else 0) if stood else None


def _days_of(history: History) -> set[date]:
    begun = history.steps[0].on
    return {step.on for step in history.steps} | {max(win.signed_on, begun) for win in history.wins}


def by_stage(lines: Iterable[FunnelLine], stages: Sequence[Stage]) -> tuple[StageSum, ...]:
    """What stands in each open stage now, and what stood there at the end of the month before."""
    now: dict[str, list[int]] = {stage.name: [] for stage in stages}
    before: dict[str, list[int]] = {stage.name: [] for stage in stages}
    for line in lines:
        if line.now.is_open:
            now[line.now.stage].append(line.now.amount_fen)
        if line.before is not None and line.before.is_open:
            before[line.before.stage].append(line.before.amount_fen)
    return tuple(
        StageSum(
            stage, len(now[stage.name]), sum(now[stage.name]), len(before[stage.name]), sum(before[stage.name])
        )
        for stage in stages
    )  # fmt: skip


def passages(reached: Iterable[int | None], stages: Sequence[Stage]) -> tuple[Passage, ...]:
    """The conversion of each open stage; whoever skips a stage has passed it."""
    ranks = [rank for rank in reached if rank is not None]
    return tuple(
        Passage(stage.name, sum(rank >= n for rank in ranks), sum(rank > n for rank in ranks))
        for n, stage in enumerate(stages)
    )


def movement(line: FunnelLine, stages: Sequence[Stage]) -> str:
    """What has become of an opportunity since the end of the month before, in a word; '' for nothing."""
    now, before = line.now, line.before
    if before is not None and not before.is_open:
        return "重新打开" if now.is_open else ""
    if not now.is_open:
        return now.stage
    if before is None:
        return "新增"
    order = {stage.name: n for n, stage in enumerate(stages)}
    if now.stage != before.stage:
        return "推进" if order.get(now.stage, 0) > order.get(before.stage, 0) else "后退"
    return "金额调整" if now.amount_fen != before.amount_fen else ""


@dataclass(frozen=True)
class FunnelDifference:
    """Something about an opportunity that a later version of a month says otherwise."""

    line: FunnelLine
    what: str
    before: str
    after: str


_NONE = "（无）"


def differences(old: Iterable[FunnelLine], new: Iterable[FunnelLine]) -> list[FunnelDifference]:
    """How the opportunities of a new version differ from those of the version before."""
    was, now = ({(line.now.customer, line.now.name): line for line in lines} for lines in (old, new))
    found: list[FunnelDifference] = []
    for key in sorted({*was, *now}):
        if key not in was:
            found.append(FunnelDifference(now[key], "商机", _NONE, now[key].now.stage))
        elif key not in now:
            found.append(FunnelDifference(was[key], "商机", was[key].now.stage, _NONE))
        else:
            told = zip(_told(was[key].now), _told(now[key].now), strict=True)
            found += [FunnelDifference(now[key], what, said, says) for (what, said), (_, says) in told if said != says]
    return found


def _told(standing: Standing) -> tuple[tuple[str, str], ...]:
    return (
        ("阶段", standing.stage),
        ("金额(元)", f"{standing.amount_fen / 100:,.2f}"),
        ("预计成交日期", standing.expected_on.isoformat()),
        ("负责人", standing.person),
    )


def kept(line: FunnelLine) -> dict[str, Any]:
    """A line as the journal keeps it."""
    return {
        "now": _kept(line.now), "department": line.department, "before": _kept(line.before) if line.before else None,
        "reached_month": line.reached_month, "reached_year": line.reached_year,
    }  # fmt: skip


def _kept(standing: Standing) -> dict[str, Any]:
    dates = {"expected_on": standing.expected_on.isoformat(), "since": standing.since.isoformat()}
    return {**vars(standing), **dates}


def line_from(given: Mapping[str, Any]) -> FunnelLine:
    """The line that was kept so."""
    before = _standing(given["before"]) if given["before"] else None
    return FunnelLine(
        _standing(given["now"]), given["department"], before, given["reached_month"], given["reached_year"]
    )


def _standing(given: Mapping[str, Any]) -> Standing:
    dates = {name: date.fromisoformat(given[name]) for name in ("expected_on", "since")}
    return Standing(**{**given, **dates})
