"""Where a day's report lies in 报表: in its month's folder, the newest also under a name that stays."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

NEWEST = "最新"


def places(reports: str, kind: str, day: date, *, newest: bool) -> Iterator[tuple[str, str]]:
    """(folder, name) of every copy of the report of *day*."""
    yield f"{reports}/{day:%Y-%m}", f"{kind}_{day}.xlsx"
    if newest:
        yield reports, f"{kind}_{NEWEST}.xlsx"
