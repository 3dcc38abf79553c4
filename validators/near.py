"""The nearest names where one was not found: a slip of the hand is told what it may have meant, and whose it is."""

from __future__ import annotations

from collections.abc import Iterable

from rapidfuzz.distance import Levenshtein

from policy.posts import SALESPERSON
from validators.facts import Facts, Lookalike

_MOST = 3
_SLIPS = 1  #: characters that may be wrong, missing or too many in a colleague's name


def customers_hint(near: Iterable[Lookalike]) -> str:
    """``，是否为“甲”（归属张三）、“乙”（公海）``; '' if none is near."""
    told = [f"“{each.name}”（{_whose(each.owner)}）" for each in near][:_MOST]
    return f"，是否为{'、'.join(told)}" if told else ""


def _whose(owner: str) -> str:
    return owner if owner == "公海" else f"归属{owner}"


def colleagues_hint(name: str, facts: Facts) -> str:
    """The same for a colleague, with the department; '' for one who is known but not here, and where none is near."""
    return _colleagues(name, facts, facts.people)


def sellers_hint(name: str, facts: Facts) -> str:
    """The same among those who sell."""
    return _colleagues(name, facts, (each.name for each in facts.people.values() if each.post == SALESPERSON))


def _colleagues(name: str, facts: Facts, among: Iterable[str]) -> str:
    """Nearest first; of two characters one may be wrong, so those of the same surname are not all meant."""
    if name in facts.people or len(name) < 2:
        return ""
    far = {each: _distance(name, each) for each in among if facts.active(each)}
    near = sorted((slips, each[:1] == name[:1], each) for each, slips in far.items() if slips <= _SLIPS)
    told = [f"“{each}”（{facts.people[each].department}）" for _slips, _surname, each in near][:_MOST]
    return f"，是否为{'、'.join(told)}" if told else ""


def _distance(name: str, other: str) -> int:
    """Slips between two names; the last figures of a phone, by which namesakes are told apart, are none."""
    bare = other[:-4] if other[-4:].isdigit() else other
    return min(Levenshtein.distance(name, each, score_cutoff=_SLIPS) for each in (other, bare))
