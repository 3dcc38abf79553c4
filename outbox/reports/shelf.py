"""Where a report lies in 报表: in its month's folder, the newest also under a name that stays."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

NEWEST = "最新"


def places(reports: str, kind: str, period: date | str, *, newest: bool) -> Iterator[tuple[str, str]]:
    """(folder, name) of every copy of the report of *period*: a day, or a month as ``YYYY-MM``."""
    yield f"{reports}/{str(period)[:7]}", f"{kind}_{period}.xlsx"
    if newest:
        yield reports, f"{kind}_{NEWEST}.xlsx"
