"""Signs of life of the watcher and of the phone door, for ``status``."""

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


def _door_path(settings: Settings) -> Path:
    return settings.folders.book / "door.json"


def beat(settings: Settings, now: datetime, state: str, troubles: list[str]) -> None:
    """Leave a sign of life: when, by which process, how events are seen, what stands in the way."""
    _leave(_path(settings), {"at": now.isoformat(), "pid": os.getpid(), "state": state, "troubles": troubles})


def door_beat(settings: Settings, now: datetime, address: str) -> None:
    """The phone door leaves a sign of life: when, by which process, where phones reach it."""
    _leave(_door_path(settings), {"at": now.isoformat(), "pid": os.getpid(), "address": address})


def _leave(path: Path, said: dict[str, Any]) -> None:
    temporary = path.with_suffix(".tmp")
    with opened_private(temporary) as stream:
        stream.write(json.dumps(said, ensure_ascii=False).encode())
    temporary.replace(path)


def stopped(settings: Settings) -> None:
    """The watcher stopped of its own accord."""
    _path(settings).unlink(missing_ok=True)


def door_shut(settings: Settings) -> None:
    """The door was shut by whoever had opened it."""
    _door_path(settings).unlink(missing_ok=True)


def last_heartbeat(settings: Settings, now: datetime) -> dict[str, Any]:
    """Whether ``watch`` runs, what it last said, and whether all is ``well`` with it, unless it was never started or stopped."""
    said = _read(_path(settings))
    if said is None:
        return {"running": False, "words": "监视没有运行"}
    alive, late = _alive(said, now)
    words = "监视正常" if alive and not late else ("监视进程已不在" if not alive else "监视超过 3 分钟没有动静")
    return {**said, "running": alive, "well": alive and not late, "words": f"{words}（{said['state']}）"}


def door_life(settings: Settings, now: datetime) -> dict[str, Any]:
    """Whether the phone door is open, and where; ``well``: as it should be, open or not."""
    said = _read(_door_path(settings))
    if said is None:
        return {"running": False, "well": not settings.door.enabled, "words": "手机门没有开"}
    alive, late = _alive(said, now)
    words = "手机门开着" if alive and not late else ("手机门的进程已不在" if not alive else "手机门超过 3 分钟没有动静")
    return {**said, "running": alive, "well": alive and not late, "words": f"{words}（{said['address']}）"}


def _read(path: Path) -> dict[str, Any] | None:
    try:
        said: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return said


def _alive(said: dict[str, Any], now: datetime) -> tuple[bool, bool]:
    """Whether the process is there, and whether it has said nothing for too long."""
    import psutil  # only where somebody has left a sign

    return psutil.pid_exists(said["pid"]), abs(now - datetime.fromisoformat(said["at"])) > _STALE
