"""The pairs of neighbouring characters in a name: by them names that are nearly the same are found."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise


def pairs(name_key: str) -> tuple[str, ...]:
    """Every pair once; one that comes again is marked with how often it came before, so that counting stays exact."""
    seen: Counter[str] = Counter()
    found = []
    for one, other in pairwise(name_key):
        pair = one + other
        found.append(f"{pair}{seen[pair]}" if seen[pair] else pair)
        seen[pair] += 1
    return tuple(found)
