"""What was reached of what was aimed at: by person, department and company; month, quarter and year (指标编审 11)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

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
    people = [
        Attained("个人", department, name, targets.get(name, {}), results.get(name, {}))
        for department, name in sorted(members)
    ]
    departments = sorted({each.department for each in people})
    summed = [_sum("部门", name, name, [each for each in people if each.department == name]) for name in departments]
    return [*people, *summed, _sum("公司", "", "全公司", people)]


def _sum(level: str, department: str, name: str, parts: Iterable[Attained]) -> Attained:
    parts = list(parts)
    return Attained(
        level,
        department,
        name,
        {kind: sum(part.targets.get(kind, 0) for part in parts) for kind in KINDS},
        {kind: sum(part.results.get(kind, 0) for part in parts) for kind in KINDS},
    )


def changes_between(
    before: Mapping[str, Sequence[Mapping[str, Any]]], after: Mapping[str, Sequence[Mapping[str, Any]]]
) -> Iterator[tuple[str, str, str, str, str, int, int]]:
    """(span, level, department, name, what, before, after) for every number of a closing that is not what it was."""
    for span, lines in after.items():
        old = {(line["level"], line["department"], line["name"]): line for line in before.get(span, ())}
        for line in lines:
            key = (line["level"], line["department"], line["name"])
            was = old.get(key, {"targets": {}, "results": {}})
            for part in ("targets", "results"):
                for kind in KINDS:
                    pair = (was[part].get(kind, 0), line[part].get(kind, 0))
                    if pair[0] != pair[1]:
                        yield (span, *key, f"{part}.{kind}", *pair)


def months_of(year: int, month: int) -> dict[str, list[int]]:
    """The spans that are reported with a month: the month itself, its quarter and its year so far."""
    first = 3 * ((month - 1) // 3) + 1
    return {"本月": [month], "本季累计": list(range(first, month + 1)), "本年累计": list(range(1, month + 1))}
