"""A month's fines added up, and how one version of them differs from the one before (销售日报 7(4))."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

Line = Mapping[str, Any]


def totals_of(lines: Sequence[Line]) -> list[tuple[str, str, int, int, int]]:
    """(department, person, reports missed, fen each, fen together); one line a price, should it change in the month."""
    missed = Counter((line["department"], line["person"], line["unit_fen"]) for line in lines)
    return [(department, person, n, unit, n * unit) for (department, person, unit), n in sorted(missed.items())]


def changes_between(
    before: Mapping[str, Any], after: Mapping[str, Any], stands: Mapping[tuple[str, str], str]
) -> Iterator[tuple[str, str, str, str, str, str]]:
    """(kind, day, person, before, after, why) for every fine that came, went or changed its price.

    :param stands: (day, person) → how that day is judged now, in words; nothing where no report is owed any more
    """
    old, new = _by_day(before["lines"]), _by_day(after["lines"])
    for key in sorted(old.keys() | new.keys()):
        was, now = old.get(key), new.get(key)
        if was and not now:
            why = stands.get(key, "这一天现在不用交日报（日历或人员情况有更新）")
            yield "撤销", *key, _yuan(was), "不扣款", why
        elif now and not was:
            yield "新增", *key, "不扣款", _yuan(now), now["evidence"]
        elif was and now and was["unit_fen"] != now["unit_fen"]:
            yield "修改", *key, _yuan(was), _yuan(now), "扣款标准有变"


def _by_day(lines: Sequence[Line]) -> dict[tuple[str, str], Line]:
    return {(line["day"], line["person"]): line for line in lines}


def _yuan(line: Line) -> str:
    return f"扣款 {line['unit_fen'] / 100:.2f} 元"
