"""What ``status`` says of a cluster that should read and does not.  Asks nobody, and loads nothing of Dask."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from importlib.util import find_spec

from intake.sandbox.away.rest import noted
from service.company import Service, rest_note

WORKERS = "工作机"


def can_reach() -> bool:
    """Whether the extra ``dask`` is installed."""
    return find_spec("distributed") is not None


def of_workers(service: Service) -> Iterator[tuple[str, str]]:
    """Since when files are read here, and why; the work goes on."""
    workers = service.settings.workers
    if workers.engine == "local":
        return
    if not can_reach():
        yield (
            WORKERS,
            '[workers] engine = "dask"，但没有安装附加包 dask，文件仍由本机读。请安装 distributed（见安装与维护），或改回 "local"',
        )
        return
    note = noted(rest_note(service.settings))
    if note is not None and note.scheduler == workers.scheduler:
        since, until = (datetime.fromtimestamp(each, service.zone) for each in (note.since, note.until))
        yield (
            WORKERS,
            f"{note.words}：{since:%m-%d %H:%M} 起由本机读文件，没有耽误；{until:%H:%M} 以后再试 {note.scheduler}",
        )
