"""The door opened: where it may listen, by which certificate, and what is done in the background."""

from __future__ import annotations

import logging
import os
import signal
import stat
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import uvicorn
from filelock import Timeout

from door.desk import Desk
from door.guard import Guard, origins
from door.limits import Knocks
from door.tray import Tray
from door.web import Web, application
from intake.photo.seal import make_key
from policy.settings import Settings
from policy.settings_door import DoorSettings, is_loopback
from service.company import Service, open_service
from service.upkeep.health import door_beat, door_shut

log = logging.getLogger("kebu")

BEAT_EVERY = 20.0  #: seconds between signs of life
SETTLE_EVERY = 1.0  #: seconds between looks at what the journal does not know yet
_AT_ONCE = 600  #: connections
Clock = Callable[[], datetime]


class Shut(Exception):
    """The door cannot be opened as it is configured; says what to change."""


@dataclass(frozen=True)
class Listening:
    """Where the door listens, and how phones reach it."""

    host: str
    port: int
    origins: tuple[str, ...]
    settings: DoorSettings


def place(settings: DoorSettings, host: str | None = None, port: int | None = None) -> Listening:
    """Where the door may listen.

    :raises Shut: beyond this machine without a certificate, or with one that others can read
    """
    host, port = host or settings.host, port or settings.port
    if settings.certificate is None and not is_loopback(host):
        raise Shut(
            f"没有证书时手机门只能在本机上听，不能在 {host} 上：请在 [door] 写 certificate 和 certificate_key，或放在反向代理后面"
        )
    for path in filter(None, (settings.certificate, settings.certificate_key)):
        if not path.is_file():
            raise Shut(f"找不到证书文件 {path}")
    if settings.certificate_key and not private(settings.certificate_key):
        raise Shut(f"私钥文件 {settings.certificate_key} 别人也能读，请改成 0600")
    return Listening(host, port, origins(settings.model_copy(update={"host": host}), port), settings)


def private(path: Path) -> bool:
    """Whether nobody but its owner can read a file."""
    return os.name != "posix" or not path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO)


@contextmanager
def desk_of(service: Service, clock: Clock) -> Iterator[Desk]:
    """The desk behind the door, and somebody who tells the journal in the background.

    :raises Timeout: another door is open
    """
    folders = service.settings.folders
    tray = Tray(folders.book / "door", folders.share, folders.drop)
    desk = Desk(service, make_key(folders.book), tray, clock)
    stop = threading.Event()
    address = origins(service.settings.door, service.settings.door.port)[0]
    teller = threading.Thread(target=_keep_telling, args=(desk, address, stop), name="door-journal", daemon=True)
    teller.start()
    try:
        yield desk
    finally:
        stop.set()
        teller.join(desk.patience + 5)
        door_shut(service.settings)
        tray.close()


def _keep_telling(desk: Desk, address: str, stop: threading.Event) -> None:
    beaten = -BEAT_EVERY
    while True:
        last = stop.is_set()
        try:
            if time.monotonic() - beaten >= BEAT_EVERY:
                door_beat(desk.service.settings, desk.clock(), address)
                beaten = time.monotonic()
            desk.settle()
        except Timeout:
            log.info("somebody is writing the book; what came through the door is told later")
        except Exception:  # a full disk, a lost share: what came is on disk and is tried again
            log.exception("what came through the door could not be told; it will be tried again")
        if last:
            return
        stop.wait(SETTLE_EVERY)


def server(desk: Desk, where: Listening) -> uvicorn.Server:
    """The server of a desk, not yet running."""
    web = Web(desk, where.origins, strangers=Knocks(30, 2.0, time.monotonic), phones=Knocks(240, 0.5, time.monotonic))
    given = where.settings
    return uvicorn.Server(uvicorn.Config(
        Guard(application(web), where.origins), host=where.host, port=where.port, log_level="warning", access_log=False, lifespan="off",
        ssl_certfile=given.certificate, ssl_keyfile=given.certificate_key, server_header=False, date_header=True,
        proxy_headers=bool(given.proxies), forwarded_allow_ips=list(given.proxies), limit_concurrency=_AT_ONCE,
        timeout_keep_alive=30, timeout_graceful_shutdown=20, ws="none", http="h11",
    ))  # fmt: skip


def serve(service: Service, clock: Clock, where: Listening) -> None:
    """Keep the door open until SIGINT or SIGTERM."""
    # uvicorn stops by itself and then raises the signal once more, for whoever was there before: that is us, and
    # what came last must still be told to the journal.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda _number, _frame: None)
    with desk_of(service, clock) as desk:
        log.info("the phone door is open at %s", where.origins[0])
        server(desk, where).run()


@contextmanager
def beside(settings: Settings, where: Listening, clock: Clock) -> Iterator[None]:
    """The door kept open by a thread beside ``watch``, with a book of its own; where another one is open, nothing."""
    with ExitStack() as stack:
        try:
            desk = stack.enter_context(desk_of(stack.enter_context(open_service(settings)), clock))
        except Timeout:
            log.info("another process keeps the phone door open")
        else:
            stack.enter_context(_running(server(desk, where)))
            log.info("the phone door is open at %s", where.origins[0])
        yield


@contextmanager
def _running(door: uvicorn.Server) -> Iterator[None]:
    thread = threading.Thread(target=door.run, name="door", daemon=True)
    thread.start()
    try:
        yield
    finally:
        door.should_exit = True
        thread.join(30)
