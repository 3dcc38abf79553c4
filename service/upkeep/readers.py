"""The copy of the ledger that others may read (Datasette, pandas): written on request, and every night where one is wanted."""

from __future__ import annotations

import logging
from datetime import datetime
from pathlib import Path

from disk.private import show_to
from ledger.connection import LedgerError
from ledger.readers import write_copy
from service.company import Service
from service.upkeep.logs import masked

log = logging.getLogger("kebu")


def copy_for_readers(service: Service, target: Path, now: datetime) -> int:
    """Write it; gives how many rows it has.

    :raises OSError: it cannot be written, or not be shown to the group that the config names
    """
    rows = write_copy(service.book, target, now.date().isoformat(), masked)
    if group := service.settings.readers.group:
        show_to(target, group)
    return rows


def renew_copy(service: Service, now: datetime) -> list[str]:
    """At night: renew the copy that the config names; gives what stood in the way, which never stops the night."""
    target = service.settings.readers.copy_to
    if target is None:
        return []
    try:
        log.info("the copy for readers has %d rows", copy_for_readers(service, target, now))
    except (OSError, LedgerError) as error:
        return [
            f"供查询的副本写不进 {target}（{error}）：请检查 [readers] copy_to 的位置和 group 的用户组，或重启正在打开它的程序"
        ]
    return []
