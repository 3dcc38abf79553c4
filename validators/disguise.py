"""Names written with characters that only look like others: refused, with the characters and whom they imitate."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from policy.lookalikes import Disguise, disguises, undisguised
from policy.words import fold
from validators.facts import Facts
from validators.rule import REFUSE, Rule, Values, rule


def disguise_rule(code: str, field: str, column: str, clause: str) -> Rule:
    """The rule that the name in *field* is what it looks like."""

    def name_is_what_it_looks_like(record: Any, facts: Facts) -> Iterator[Values]:
        """To a reader the name is another's, to the book it is a new one: that is how somebody is imitated."""
        name = getattr(record, field) or ""
        found = tuple(disguises(name))
        if found:
            yield {
                "name": undisguised(name),
                "found": "、".join(_words(each) for each in found),
                "whose": _whose(name, facts),
            }

    return rule(
        code, clause=clause, column=column, severity=REFUSE, reads=(field,),
        says="看起来是“{name}”，里面却有别的字符：{found}{whose}", remedy="请用普通的汉字、字母重新输入，不要从别处复制",
    )(name_is_what_it_looks_like)  # fmt: skip


def _words(found: Disguise) -> str:
    if not found.meant:
        return f"第 {found.at} 个是{found.kind}"
    return f"第 {found.at} 个“{found.char}”是{found.kind}，不是“{found.meant}”"


def _whose(name: str, facts: Facts) -> str:
    """The colleague or customer whom a reader would take it for."""
    key = fold(undisguised(name))
    others = (*facts.people, *(each.name for each in (*facts.lookalikes, *filter(None, [facts.taken_name]))))
    other = next((each for each in others if fold(each) == key and each != name), "")
    return f"；会被看成已有的“{other}”" if other else ""
