"""A text file for Prometheus' node exporter: how far behind, what waits, when the last night was, how much disk is left."""

from __future__ import annotations

import logging
import os
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from ledger.gauges import gauges

if TYPE_CHECKING:
    from intake.inbox.scan import Scan
    from service.company import Service

log = logging.getLogger("kebu")


@dataclass(frozen=True)
class Waiting:
    """What still lies in drop folders after a round."""

    files: int = 0
    seconds: float = 0.0  #: how long the oldest of them has been there


def still_waiting(scan: Scan, taken: Iterable[Path], now: datetime) -> Waiting:
    """What a round saw and did not take: files that are being written, locked, or somebody's flood."""
    gone = set(taken)
    left = [path for path in (*scan.settling, *(drop.path for drop in scan.drops)) if path not in gone]
    ages = [now.timestamp() - seen for path in left if (seen := _arrived(path)) is not None]
    return Waiting(len(ages), max(0.0, *ages) if ages else 0.0)


def _arrived(path: Path) -> float | None:
    try:
        return path.lstat().st_ctime
    except OSError:  # taken meanwhile
        return None


def write_metrics(service: Service, now: datetime, waiting: Waiting, troubles: int) -> list[str]:
    """Write the text file, whole or not at all; gives what stands in the way, which never stops the work."""
    path = service.settings.monitor.textfile
    if path is None:
        return []
    temporary = path.with_name(f"{path.name}.{os.getpid()}.tmp")  # the exporter reads *.prom only
    try:
        temporary.write_text("".join(_lines(service, now, waiting, troubles)), encoding="utf-8")
        temporary.chmod(0o644)  # the exporter is another account
        temporary.replace(path)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        return [f"监控指标写不进 {path}（{error.strerror or error}）：请检查 [monitor] textfile 的文件夹和权限"]
    return []


def _lines(service: Service, now: datetime, waiting: Waiting, troubles: int) -> Iterator[str]:
    known = gauges(service.book)
    yield from _metric("kebu_round_timestamp_seconds", "When the last round ended.", now.timestamp())
    yield from _metric(
        "kebu_lag_seconds", "How long the oldest file that is not taken has been lying there.", waiting.seconds
    )
    yield from _metric("kebu_queue_files", "Files in drop folders that are not taken.", waiting.files)
    yield from _metric("kebu_queue_decisions", "Rows that wait for somebody's decision.", known.pending)
    yield from _metric("kebu_queue_photos", "Rows that wait for a photo.", known.awaited)
    yield from _metric("kebu_queue_deliveries", "Files that are still to be delivered.", known.undelivered)
    yield from _metric("kebu_files_total", "Files ever taken.", known.files, "counter")
    yield from _metric("kebu_files_refused_total", "Files refused as a whole.", known.refused, "counter")
    yield from _metric("kebu_entries_total", "Entries of the journal.", known.entries, "counter")
    yield from _metric("kebu_troubles", "What the last round left to the operator.", troubles)
    if known.night_closed_at is not None:
        at = known.night_closed_at.timestamp()
        yield from _metric("kebu_night_timestamp_seconds", "When the last night was closed.", at)
    yield from _disks(service)


def _disks(service: Service) -> Iterator[str]:
    folders = service.settings.folders
    free = {}
    for place, folder in (("book", folders.book), ("share", folders.share)):
        try:
            free[place] = shutil.disk_usage(folder)
        except OSError:  # a share that is away has no free space to tell
            continue
    yield from _head("kebu_disk_free_bytes", "Room left where the book and the share lie.", "gauge")
    yield from (f'kebu_disk_free_bytes{{place="{place}"}} {usage.free}\n' for place, usage in free.items())
    yield from _head("kebu_disk_size_bytes", "Room there is.", "gauge")
    yield from (f'kebu_disk_size_bytes{{place="{place}"}} {usage.total}\n' for place, usage in free.items())


def _metric(name: str, help: str, value: float, kind: str = "gauge") -> Iterator[str]:
    yield from _head(name, help, kind)
    yield f"{name} {value:.15g}\n"


def _head(name: str, help: str, kind: str) -> Iterator[str]:
    yield f"# HELP {name} {help}\n# TYPE {name} {kind}\n"
