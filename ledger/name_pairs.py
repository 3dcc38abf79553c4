"""The pairs of neighbouring characters in a name: by them names that are nearly the same are found."""

from __future__ import annotations

from collections import Counter
from functools import lru_cache
from itertools import pairwise


@lru_cache(maxsize=8_192)  # a name is asked about several times while its row is judged
def pairs(name_key: str) -> tuple[str, ...]:
    """Every pair once; one that comes again is marked with how often it came before, so that counting stays exact."""
    seen: Counter[str] = Counter()
    found = []
    for one, other in pairwise(name_key):
        pair = one + other
        found.append(f"{pair}{seen[pair]}" if seen[pair] else pair)
        seen[pair] += 1
    return tuple(found)
