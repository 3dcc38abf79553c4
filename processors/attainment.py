"""What was reached of what was aimed at: by person, department and company; month, quarter and year (指标编审 11)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ledger.targets import Aimed
from policy.periods import MONTHLY, QUARTERLY, YEARLY, Period

if TYPE_CHECKING:
    import pandas as pd

PARTS = ("targets", "results")
KINDS = ("orders_fen", "payments_fen", "visits", "new_customers")
Numbers = Mapping[str, int]


@dataclass(frozen=True)
class Attained:
    """Targets and results of one person, department or company over some months."""

    level: str  #: 个人, 部门 or 公司
    department: str
    name: str
    targets: Numbers = field(default_factory=dict)
    results: Numbers = field(default_factory=dict)

    def ratio(self, kind: str) -> float | None:
        """Result over target; None where nothing was aimed at."""
        aim = self.targets.get(kind, 0)
        return self.results.get(kind, 0) / aim if aim else None


def attain(
    members: Sequence[tuple[str, str]], targets: Mapping[str, Numbers], results: Mapping[str, Numbers]
) -> list[Attained]:
    """People, then their departments, then the company.

    :param members: (department, name) of everybody who sells or has a target
    """
    table = _table(sorted(members), targets, results)
    departments = table.groupby(level="department").sum()
    people = [
        _attained("个人", str(index[0]), str(index[1]), row)
        for index, row in zip(table.index, _rows(table), strict=True)
    ]
    summed = [
        _attained("部门", str(name), str(name), row)
        for name, row in zip(departments.index, _rows(departments), strict=True)
    ]
    return [*people, *summed, _attained("公司", "", "全公司", [int(n) for n in table.sum().tolist()])]


def aimed_at(targets: Mapping[str, Sequence[Aimed]], period: Period) -> dict[str, dict[str, int]]:
    """Person → what they are to reach in a *period*: their target of just that, or else those of its parts together."""
    found = {name: {kind: _aim(own, period, kind) for kind in KINDS} for name, own in targets.items()}
    return {name: numbers for name, numbers in found.items() if any(numbers.values())}


def _aim(own: Sequence[Aimed], period: Period, kind: str) -> int:
    said = [getattr(each, kind) for each in own if (each.kind, each.number) == (period.kind, period.number)]
    if said and said[-1] is not None:
        return int(said[-1])
    shorter = {YEARLY: QUARTERLY, QUARTERLY: MONTHLY}.get(period.kind)
    return sum(_aim(own, part, kind) for part in period.parts(shorter)) if shorter else 0


def _table(
    members: Sequence[tuple[str, str]], targets: Mapping[str, Numbers], results: Mapping[str, Numbers]
) -> pd.DataFrame:
    """A line a person, indexed by department and name; targets, then results, kind by kind."""
    import pandas as pd  # a quarter of a second: only where a month is closed

    index = pd.MultiIndex.from_arrays([[each[n] for each in members] for n in (0, 1)], names=["department", "name"])
    rows = [
        [given.get(name, {}).get(kind, 0) for given in (targets, results) for kind in KINDS]
        for _department, name in members
    ]
    return pd.DataFrame(
        rows, index=index, columns=[f"{part}.{kind}" for part in PARTS for kind in KINDS], dtype="int64"
    )


def _rows(table: pd.DataFrame) -> list[list[int]]:
    return [[int(number) for number in row] for row in table.to_numpy().tolist()]


def _attained(level: str, department: str, name: str, numbers: Sequence[int]) -> Attained:
    targets, results = (dict(zip(KINDS, part, strict=True)) for part in (numbers[: len(KINDS)], numbers[len(KINDS) :]))
    return Attained(level, department, name, targets, results)


def changes_between(
    before: Mapping[str, Sequence[Mapping[str, Any]]], after: Mapping[str, Sequence[Mapping[str, Any]]]
) -> Iterator[tuple[str, str, str, str, str, int, int]]:
    """(span, level, department, name, what, before, after) for every number of a closing that is not what it was."""
    for span, lines in after.items():
        old = {(line["level"], line["department"], line["name"]): line for line in before.get(span, ())}
        for line in lines:
            key = (line["level"], line["department"], line["name"])
            was = old.get(key, {"targets": {}, "results": {}})
            for part in PARTS:
                for kind in KINDS:
                    pair = (was[part].get(kind, 0), line[part].get(kind, 0))
                    if pair[0] != pair[1]:
                        yield (span, *key, f"{part}.{kind}", *pair)


def months_of(year: int, month: int) -> dict[str, list[int]]:
    """The spans that are reported with a month: the month itself, its quarter and its year so far."""
    first = 3 * ((month - 1) // 3) + 1
    return {"本月": [month], "本季累计": list(range(first, month + 1)), "本年累计": list(range(1, month + 1))}
