"""A process that lives as long as it takes to send: a task comes in on standard input, a line goes out for each step.

``python -m outbox.messages.send``.  Addresses never stand on a command line, in a log or in an answer: they hold keys.
"""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Lock
from typing import Any

import apprise

from outbox.messages.draw import draw
from outbox.messages.model import Digest, Matter

SIDE_BY_SIDE = 8
_PATIENT = (
    3600.0  #: a slow answer is no refusal: our parent ends the waiting, and does not send again what may have arrived
)
_speaking = Lock()


def main() -> None:
    """Send every job of the task."""
    logging.disable(logging.CRITICAL)
    task = json.load(sys.stdin)
    own = Path(task["own"])
    with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
        list(pool.map(lambda job: _send(job, own), task["jobs"]))


def _send(job: Mapping[str, Any], own: Path) -> None:
    try:
        service = _service(job["address"])
        if service is None:
            _say(job, failed="地址写法不对，请检查 [messages] addresses")
            return
        title, body = draw(_digest(job["digest"]), own)
        _say(job, began=True)
        went = service.notify(title=title, body=body, body_format=apprise.NotifyFormat.TEXT)
        _say(job, **({"sent": True} if went else {"failed": "对方没有接受，或连接不上"}))
    except Exception as error:
        _say(job, failed=f"程序出错（{type(error).__name__}）")


def _service(address: str) -> apprise.Apprise | None:
    """The way to one address: text as it is, no pictures or addresses of ours in it, nothing kept on disk."""
    asset = apprise.AppriseAsset(
        app_id="Kebu", app_desc="Kebu 客簿", app_url="", image_url_mask="", image_url_logo="", async_mode=False,
        storage_mode=apprise.PersistentStoreMode.MEMORY, secure_logging=True,
    )  # fmt: skip
    service = apprise.Apprise(asset=asset)
    if not service.add(address):
        return None
    for way in service:
        way.notify_format = apprise.NotifyFormat.TEXT
        way.socket_read_timeout = _PATIENT
    return service


def _digest(given: Mapping[str, Any]) -> Digest:
    found = tuple(Matter(**{**each, "names": tuple(each["names"])}) for each in given["matters"])
    return Digest(given["company"], given["by_post"], given["folders"], found)


def _say(job: Mapping[str, Any], **words: Any) -> None:
    with _speaking:
        print(json.dumps({"target": job["target"], **words}, ensure_ascii=False), flush=True)


if __name__ == "__main__":
    main()
