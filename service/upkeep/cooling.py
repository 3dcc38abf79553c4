"""Old originals moved to the cold disk at night (`[archive]`), after the ledger was copied; and what lies there."""

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


def not_known(service: Service) -> str:
    """What nobody can say now, in words: originals on a cold disk that is not there; '' if all can be looked at."""
    trouble = service.archive.cold.trouble()
    if not trouble:
        return ""
    return f"{trouble}。冷盘上的 {len(service.archive.cold.moved())} 个原件现在不知道是否完好，不算丢失；接上后再运行 verify"
