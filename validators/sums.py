"""Targets of one person whose periods overlap, added up (指标编审 11)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from ledger.targets import Aimed
from policy.periods import MONTHLY, QUARTERLY, YEARLY, Period, holding
from validators.rule import Values

SAYS = "{name} {whole}的{kind}是 {aim}，{how} {parts}合计的 {total}"
REMEDY = "请核对两边的数字；确需不同的，由审批人核实"
_KINDS: tuple[tuple[str, str, Callable[[int], str]], ...] = (
    ("orders_fen", "成交金额指标", lambda fen: f"{fen / 100:,.2f} 元"),
    ("payments_fen", "回款金额指标", lambda fen: f"{fen / 100:,.2f} 元"),
    ("visits", "拜访次数指标", lambda n: f"{n} 次"),
    ("new_customers", "新增客户指标", lambda n: f"{n} 个"),
)
_WORDS = {MONTHLY: "个月", QUARTERLY: "个季度"}


def sums_that_differ(name: str, span: Period, own: Aimed, others: Iterable[Aimed]) -> Iterator[Values]:
    """Where *own*, the target of *span*, does not add up with the person's *others* of the same year."""
    aims = {Period(each.kind, span.year, each.number): each for each in others}
    aims[span] = own
    for whole, parts in _overlapping(span):
        if whole in aims:
            yield from ({"name": name, "whole": whole.name, **found} for found in _unequal(whole, parts, aims))


def _overlapping(span: Period) -> Iterator[tuple[Period, tuple[Period, ...]]]:
    """Every longer period with the shorter ones that it is made of, where *span* is the one or among the others."""
    for longer, shorter in ((QUARTERLY, MONTHLY), (YEARLY, MONTHLY), (YEARLY, QUARTERLY)):
        whole = holding(longer, span.start)
        if span.kind in (longer, shorter):
            yield whole, whole.parts(shorter)


def _unequal(whole: Period, parts: Sequence[Period], aims: Mapping[Period, Aimed]) -> Iterator[Values]:
    """The kinds in which the parts are not what the whole is; parts still to come may make up what is left."""
    for field, words, said in _KINDS:
        aim = getattr(aims[whole], field)
        given = [number for part in parts if part in aims and (number := getattr(aims[part], field)) is not None]
        if aim is None or not given:
            continue
        total, all_there = sum(given), len(given) == len(parts)
        if total > aim or (all_there and total != aim):
            how = "不等于" if all_there else "少于已编制的"
            told = f"{len(given)} {_WORDS[parts[0].kind]}"
            yield {"kind": words, "aim": said(aim), "parts": told, "total": said(total), "how": how}
