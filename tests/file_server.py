"""A real Samba server on loopback, with ports, folders and passwords of its own, and people who use it.

People log in under their own names; on the system they are accounts that are there already, so that nothing is added.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

ACCOUNTS = {"张三": "games", "李四": "man"}  #: accounts that Debian comes with
PASSWORD = "Kebu-Test-1"
_PLAIN = {**os.environ, "LC_ALL": "C.UTF-8", "LANG": "C.UTF-8"}


def why_not() -> str:
    """Why no server can be run here; '' if one can."""
    missing = [name for name in ("smbd", "smbclient", "smbpasswd", "testparm") if shutil.which(name) is None]
    if missing:
        return f"{'、'.join(missing)} not installed (Debian: samba, smbclient)"
    if os.geteuid() != 0:
        return "smbd takes on its users' accounts, which only root may"
    import pwd

    known = {entry.pw_name for entry in pwd.getpwall()}
    return "" if set(ACCOUNTS.values()) <= known else "the system's own accounts are others than Debian's"


needs_samba = pytest.mark.skipif(os.name == "nt" or bool(why_not()), reason=why_not() if os.name != "nt" else "Windows")


@dataclass(frozen=True)
class Server:
    """The running server."""

    config: Path
    port: int

    def command(self, person: str, share: str, commands: str) -> list[str]:
        """``smbclient`` as *person*."""
        return [
            "smbclient", f"//127.0.0.1/{share}", "-s", str(self.config), "-p", str(self.port),
            "-U", f"{person}%{PASSWORD}", "-t", "60", "-c", commands,
        ]  # fmt: skip

    def does(self, person: str, share: str, commands: str) -> subprocess.CompletedProcess[str]:
        """What *person* does in a share, and what is answered."""
        return subprocess.run(
            self.command(person, share, commands), capture_output=True, text=True, env=_PLAIN, check=False, timeout=120
        )

    def begins(self, person: str, share: str, commands: str, cable: Cable) -> subprocess.Popen[bytes]:
        """The same through a *cable* of its own, still going on."""
        line = replace(self, port=cable.port).command(person, share, commands)
        return subprocess.Popen(line, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=_PLAIN)


class Cable:
    """A network cable to the server: so many bytes go through, then it hangs until it is mended or cut."""

    def __init__(self, server: Server, bytes_through: int) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self.hangs, self._mended = threading.Event(), threading.Event()
        self._left, self._server = bytes_through, server
        self._ends: list[socket.socket] = []
        threading.Thread(target=self._plug, daemon=True).start()

    def mend(self) -> None:
        """Let everything through from now on."""
        self._mended.set()

    def cut(self) -> None:
        """Break the connection, at both ends at once."""
        self._listener.close()
        for end in self._ends:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
        self._mended.set()

    def _plug(self) -> None:
        client, _address = self._listener.accept()
        server = socket.create_connection(("127.0.0.1", self._server.port))
        self._ends += [client, server]
        threading.Thread(target=self._carry, args=(server, client, lambda n: None), daemon=True).start()
        self._carry(client, server, self._count)

    def _count(self, n: int) -> None:
        self._left -= n
        if self._left < 0 and not self._mended.is_set():
            self.hangs.set()
            self._mended.wait(120)

    @staticmethod
    def _carry(source: socket.socket, target: socket.socket, count: Callable[[int], None]) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                target.sendall(data)
                count(len(data))
            target.shutdown(socket.SHUT_WR)


_SETTINGS = """\
[global]
    netbios name = KEBUTEST
    smb ports = {port}
    bind interfaces only = yes
    interfaces = lo
    disable netbios = yes
    server role = standalone
    security = user
    passdb backend = tdbsam:{home}/passdb.tdb
    private dir = {home}/private
    state directory = {home}/state
    cache directory = {home}/cache
    lock directory = {home}/lock
    pid directory = {home}/pid
    ncalrpc dir = {home}/ncalrpc
    binddns dir = {home}/private
    usershare path =
    log file = {home}/log
    max log size = 0
    smb2 max write = 65536
    username map = {home}/usermap
    include = {home}/shares.conf
"""


@contextmanager
def file_server(home: Path, shares: str, accounts: Mapping[str, str] = ACCOUNTS) -> Iterator[Server]:
    """A server with the *shares* that the product wrote."""
    for name in ("private", "state", "cache", "lock", "pid", "ncalrpc"):
        (home / name).mkdir(parents=True, mode=0o755)
    port = _free_port()
    config = home / "smb.conf"
    (home / "shares.conf").write_text(shares, encoding="utf-8")
    lines = (f"{account} = {person}" for person, account in accounts.items())
    (home / "usermap").write_text("\n".join(lines) + "\n", encoding="utf-8")
    config.write_text(_SETTINGS.format(home=home, port=port), encoding="utf-8")
    for account in accounts.values():
        subprocess.run(
            ["smbpasswd", "-c", str(config), "-s", "-a", account], input=f"{PASSWORD}\n{PASSWORD}\n", text=True,
            check=True, capture_output=True, timeout=60,
        )  # fmt: skip
    server = subprocess.Popen(
        ["smbd", "-F", "--no-process-group", "-s", str(config), "-l", str(home)],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=_PLAIN, start_new_session=True,
    )  # fmt: skip
    try:
        _wait_for(port, server)
        yield Server(config, port)
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(30)


def _free_port() -> int:
    with closing(socket.socket()) as asked:
        asked.bind(("127.0.0.1", 0))
        return int(asked.getsockname()[1])


def _wait_for(port: int, server: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until and server.poll() is None:
        with closing(socket.socket()) as asked:
            if asked.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    pytest.fail("smbd did not start")
