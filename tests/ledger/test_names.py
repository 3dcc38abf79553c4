"""Names that are alike are found by few of their pairs, and none is missed."""

from __future__ import annotations

import random
from collections import Counter

from rapidfuzz import fuzz

from ledger.name_pairs import pairs
from ledger.names import ALIKE, _lengths, _needed

CHARACTERS = "深圳广州市宏远电子公司有限科技"


def test_whoever_is_alike_shares_one_of_the_rarest_pairs_that_its_length_may_have_in_that_place() -> None:
    pick = random.Random(3)
    whole = ["".join(pick.choices(CHARACTERS, k=pick.randint(2, 30))) for _ in range(120)]
    names = list(dict.fromkeys([*whole, *(_mistyped(name, pick) for name in whole for _again in range(3))]))
    of = {name: pairs(name) for name in names}
    common = Counter(pair for found in of.values() for pair in found)
    found = looked_at = 0
    for name in names:
        rarest = sorted(of[name], key=lambda pair: (common[pair], pair))[: max(0, len(of[name]) - _needed(name)) + 1]
        for other in names:
            here = [place for place, pair in enumerate(rarest) if pair in of[other]]
            seen = any(len(other) in _lengths(len(name), place) for place in here)
            looked_at += seen
            if other != name and here and fuzz.ratio(name, other) >= ALIKE:
                found += 1
                assert seen, (name, other)
    assert found > 100
    assert looked_at < len(names) ** 2 / 10  # it is an index, not a walk


def _mistyped(name: str, pick: random.Random) -> str:
    typed = list(name)
    for _slip in range(pick.randint(0, 3)):
        at = pick.randrange(len(typed) + 1)
        typed[at : at + pick.randint(0, 1)] = pick.choices(CHARACTERS, k=pick.randint(0, 1))
    return "".join(typed) or CHARACTERS[0]
