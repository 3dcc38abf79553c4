"""The watcher's sign of life, for ``status``."""

from __future__ import annotations

import json
import os
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from disk.private import opened_private
from policy.settings import Settings

_STALE = timedelta(minutes=3)


def _path(settings: Settings) -> Path:
    return settings.folders.book / "watch.json"


def beat(settings: Settings, now: datetime, state: str, troubles: list[str]) -> None:
    """Leave a sign of life: when, by which process, how events are seen, what stands in the way."""
    said = {"at": now.isoformat(), "pid": os.getpid(), "state": state, "troubles": troubles}
    temporary = _path(settings).with_suffix(".tmp")
    with opened_private(temporary) as stream:
        stream.write(json.dumps(said, ensure_ascii=False).encode())
    temporary.replace(_path(settings))


def stopped(settings: Settings) -> None:
    """The watcher stopped of its own accord."""
    _path(settings).unlink(missing_ok=True)


def last_heartbeat(settings: Settings, now: datetime) -> dict[str, Any]:
    """Whether ``watch`` runs, what it last said, and whether all is ``well`` with it, unless it was never started or stopped."""
    try:
        said: dict[str, Any] = json.loads(_path(settings).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {"running": False, "words": "监视没有运行"}
    import psutil  # only where a watcher has left its sign

    alive = psutil.pid_exists(said["pid"])
    late = abs(now - datetime.fromisoformat(said["at"])) > _STALE
    words = "监视正常" if alive and not late else ("监视进程已不在" if not alive else "监视超过 3 分钟没有动静")
    return {**said, "running": alive, "well": alive and not late, "words": f"{words}（{said['state']}）"}
