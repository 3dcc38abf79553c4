"""Where the report of a period that was closed is laid."""

from __future__ import annotations

from ledger import days
from outbox.reports.shelf import places
from service.company import Service


def shelf(service: Service, kind: str, period: str) -> list[tuple[str, str]]:
    """(folder, name) of every copy of the report of *period*: the newest of its *kind* lies under a stable name as well."""
    newest = days.last_closed(service.book, kind) == period
    return list(places(service.settings.folders.reports, kind, period, newest=newest))
