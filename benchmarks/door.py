"""200 phones at 20:00: each sends a 3 MB picture and a report through the phone door at the same moment.

    python -m benchmarks.door [--phones 200] [--megabytes 3] [--kill]

Prints how long everybody waited, how much memory the door took, and whether everything acknowledged is there.
With ``--kill`` the door is killed in the middle and started again; phones go on where they were.
"""

from __future__ import annotations

import argparse
import http.client
import json
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import psutil
from PIL import Image

from door import register
from door.words import fresh, hashed, token_for_forms
from intake.photo.seal import make_key
from ledger import door as questions
from policy.settings import load_settings
from service.company import Service, open_service
from service.founding import found
from tests.company import CONFIG, person, write
from tests.door_stage import free_port
from tests.pictures import jpeg

NOW = "2026-11-23T19:59:00"
REPOSITORY = CONFIG.parent
_DAWN = datetime.fromisoformat("2026-11-20T00:00:00+08:00")
REPORT = {
    "date": "2026-11-23",
    "summary": "拜访宏远电子，确认二期四十台；跟进华新报价。",
    "plan": "上午整理报价，下午拜访华新。",
}


@dataclass
class Phone:
    """A phone and what it was promised."""

    number: int
    name: str
    headers: dict[str, str]
    names: dict[str, str] = field(default_factory=dict)  #: key → name in 投递
    waits: list[float] = field(default_factory=list)  #: seconds for each answer
    tries: int = 0

    @property
    def keys(self) -> tuple[str, str]:
        """The keys of the picture and of the report."""
        return f"{self.number:06x}".ljust(32, "a"), f"{self.number:06x}".ljust(32, "b")


def company(folder: Path, phones: int, port: int) -> tuple[Service, list[Phone]]:
    """A company of *phones* salespeople, each with a bound phone."""
    text = CONFIG.read_text("utf-8")
    text = re.sub(r"(?m)^settle_seconds = \S+", "settle_seconds = 0", text)
    text = text.replace("port = 8443", f"port = {port}").replace("proxies = []", 'proxies = ["127.0.0.1"]')
    (folder / "config.toml").write_text(text, "utf-8")
    service = open_service(load_settings(folder / "config.toml"))
    names = [f"销售{n:03d}" for n in range(phones)]
    staff = [person(name, f"138{n:08d}", "销售一部", "销售人员") for n, name in enumerate(names)]
    roster = [*staff, person("赵总", "13900000003", "销售部", "销售经理")]
    now = datetime.fromisoformat("2026-11-20T09:00:00").replace(tzinfo=service.zone)
    found(service, write(folder / "名册.xlsx", {"人员新增": roster}), now)
    return service, [Phone(n, name, _bound(service, name, n, now)) for n, name in enumerate(names)]


def _bound(service: Service, name: str, number: int, now: datetime) -> dict[str, str]:
    with service.lock(), service.book.transaction():
        code = register.invite(service.book, name, now, 200).code
        token = register.bind(service.book, code, "benchmark", now)
    device = questions.device(service.book, hashed(token))
    assert device is not None
    word = token_for_forms(make_key(service.settings.folders.book), device.device)
    address = f"203.0.{number // 250}.{number % 250 + 1}"
    return {"Cookie": f"__Host-kebu={token}", "X-Kebu-Page": word, "X-Forwarded-For": address}


def start(folder: Path, port: int) -> subprocess.Popen[bytes]:
    """The door, open."""
    command = [sys.executable, "sync.py", "--quiet", "door", "--config", str(folder / "config.toml"), "--now", NOW]
    process = subprocess.Popen(command, cwd=REPOSITORY, stderr=(folder / "door.log").open("ab"))
    while True:
        try:
            with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=2)) as line:
                line.connect()
                return process
        except OSError:
            assert process.poll() is None, (folder / "door.log").read_text("utf-8")
            time.sleep(0.05)


def ask(port: int, phone: Phone, method: str, path: str, body: bytes | None = None, **headers: str) -> Any:
    """One answer; None when there was none, or a refusal that means: later."""
    began = time.monotonic()
    phone.tries += 1
    given = {
        "Origin": f"http://127.0.0.1:{port}",
        **phone.headers,
        **{k.replace("_", "-"): v for k, v in headers.items()},
    }
    try:
        with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=300)) as line:
            line.request(method, path, body, given)
            answer = line.getresponse()
            said = json.loads(answer.read())
    except (OSError, http.client.HTTPException, ValueError):
        return None
    phone.waits.append(time.monotonic() - began)
    return said if answer.status == 200 else None


def picture(port: int, phone: Phone, body: bytes) -> Any:
    """Take and send a picture."""
    given = ask(port, phone, "GET", "/api/challenge")
    if given is None:
        return None
    shot = {"challenge": given["challenge"], "phone_at": given["now"], "phone_now": given["now"], "late": False,
            "lat": 22.54, "lon": 113.93, "accuracy": 9.0}  # fmt: skip
    note = json.dumps({"key": phone.keys[0], "shot": shot})
    return ask(port, phone, "POST", "/api/picture", body, Content_Type="image/jpeg", X_Kebu_Shot=note)


def report(port: int, phone: Phone) -> Any:
    """Send the day's report."""
    body = json.dumps({"key": phone.keys[1], "fields": REPORT, "pictures": []}).encode()
    return ask(port, phone, "POST", "/api/forms/daily", body, Content_Type="application/json")


def day_s_work(port: int, phone: Phone, body: bytes, go: threading.Barrier) -> None:
    """What a phone does until everything is acknowledged."""
    go.wait()
    own = body[:2] + b"\xff\xfe\0\x0a" + fresh()[:8].encode() + body[2:]
    for key, send in zip(phone.keys, (lambda: picture(port, phone, own), lambda: report(port, phone)), strict=True):
        phone.names[key] = _until_answered(send)["name"]


def _until_answered(send: Callable[[], Any]) -> Any:
    while (said := send()) is None:
        time.sleep(0.5)
    return said


def watch_memory(process: list[subprocess.Popen[bytes]], stop: threading.Event) -> Iterator[int]:
    """The door's memory in bytes, ten times a second."""
    while not stop.wait(0.1):
        try:
            yield psutil.Process(process[0].pid).memory_info().rss
        except psutil.Error:
            continue


def main() -> None:
    """Run it and print the figures."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--phones", type=int, default=200)
    asked.add_argument("--megabytes", type=float, default=3)
    asked.add_argument("--kill", action="store_true", help="kill the door in the middle")
    given = asked.parse_args()
    body = _grainy(int(given.megabytes * 2**20))
    with tempfile.TemporaryDirectory() as folder:
        print(json.dumps(measured(Path(folder), given.phones, body, kill=given.kill), ensure_ascii=False, indent=2))


def _grainy(size: int) -> bytes:
    """A JPEG of about *size* bytes: grain, as a phone takes it in poor light."""
    side = 64
    while True:
        grain = np.random.default_rng(1).integers(0, 256, (side, side, 3), dtype=np.uint8)
        found = jpeg(Image.fromarray(grain), quality=92)
        if len(found) >= size:
            return found
        side = max(side + 16, int(side * (size / len(found)) ** 0.5))


def measured(folder: Path, phones: int, body: bytes, *, kill: bool) -> dict[str, Any]:
    """The figures."""
    port = free_port()
    service, everybody = company(folder, phones, port)
    process = [start(folder, port)]
    peaks, stop, go = [0], threading.Event(), threading.Barrier(phones + 1)
    watcher = threading.Thread(target=lambda: peaks.extend(watch_memory(process, stop)))
    watcher.start()
    with ThreadPoolExecutor(phones) as together:
        done = [together.submit(day_s_work, port, phone, body, go) for phone in everybody]
        go.wait()
        began = time.monotonic()
        if kill:
            while sum(len(phone.names) for phone in everybody) < phones // 2:
                time.sleep(0.02)
            process[0].send_signal(signal.SIGKILL)
            process[0].wait()
            process[0] = start(folder, port)
        for each in done:
            each.result()
    took = time.monotonic() - began
    stop.set()
    watcher.join()
    process[0].terminate()
    process[0].wait(60)
    waits = sorted(wait for phone in everybody for wait in phone.waits)
    there = {(path.parts[-3], path.name) for path in service.settings.folders.share.glob("*/投递/*") if path.is_file()}
    promised = {(phone.name, name) for phone in everybody for name in phone.names.values()}
    told = sum(len(questions.came_since(service.book, phone.name, _DAWN)) for phone in everybody)
    return {
        "phones": phones, "picture_bytes": len(body), "seconds_until_all_were_answered": round(took, 1),
        "answer_median_s": round(waits[len(waits) // 2], 2), "answer_slowest_s": round(waits[-1], 2),
        "memory_peak_mb": round(max(peaks) / 2**20), "requests": sum(phone.tries for phone in everybody),
        "acknowledged": len(promised), "lost": len(promised - there), "there_but_never_acknowledged": len(there - promised),
        "entries_in_the_journal": told, "killed": kill,
    }  # fmt: skip


if __name__ == "__main__":
    main()
