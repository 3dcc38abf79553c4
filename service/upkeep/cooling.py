"""Old originals moved to the cold disk at night (`[archive]`), after the ledger was copied."""

from __future__ import annotations

import logging
from datetime import datetime

from ledger import files
from policy.deadlines import months_before
from service.company import Service

log = logging.getLogger("kebu")


def move_old(service: Service, now: datetime) -> list[str]:
    """Move what is older than `hot_months`, up to a night's measure; gives what stood in the way.

    A disk that is not there is told every night, and nothing else: originals stay where they are.
    """
    rule, cold = service.settings.archive, service.archive.cold
    if not rule.hot_months:
        return [trouble] if (trouble := cold.trouble()) else []
    done = cold.move(files.archived(service.book), months_before(now, rule.hot_months).date(), rule.night_mb * 2**20)
    if done.files:
        log.info("moved %d originals (%d bytes) to %s", done.files, done.bytes, cold.folder)
    return done.troubles
