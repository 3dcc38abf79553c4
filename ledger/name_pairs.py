"""The pairs of neighbouring characters in a name: by them names that are nearly the same are found."""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache
from itertools import pairwise

_LEGAL = re.compile(r"(?<=..)(?:股份有限公司|有限责任公司|集团有限公司|集团公司|股份公司|有限公司|公司|集团)+$")


def core(name_key: str) -> str:
    """A name without the words for its legal form, which staff leave out and most names have in common."""
    return _LEGAL.sub("", name_key)


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
