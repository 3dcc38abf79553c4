"""How much a text says: letters that carry meaning, not how long it was made."""

from __future__ import annotations

import re
from collections.abc import Iterator

from validators.rule import Values


def too_short(text: str, least: int) -> Iterator[Values]:
    """What a length rule finds: punctuation does not count, nor does one character typed again and again."""
    said = re.sub(r"[\W_]", "", text)
    length = len(said) if len(set(said)) > len(said) // 8 else len(set(said))
    if length < least:
        yield {"length": length, "least": least}
