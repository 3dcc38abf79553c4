"""deploy/: units, container and task are held against the real programs where these are, and against the product."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from service.upkeep.notify import tell_manager
from service.watching import Watch
from tests.company import Company, a_company

REPOSITORY = Path(__file__).parents[2]
DEPLOY = REPOSITORY / "deploy"
UNITS = sorted((DEPLOY / "systemd").glob("kebu*"))
ANALYZE = shutil.which("systemd-analyze")
needs_systemd = pytest.mark.skipif(ANALYZE is None, reason="systemd-analyze is not installed")


@pytest.fixture
def units(tmp_path: Path) -> list[Path]:
    """The units with every path below a folder in which the programs that they start are."""
    home = tmp_path / "srv"
    python = home / "program" / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.symlink_to(sys.executable)
    made = []
    for unit in UNITS:
        path = tmp_path / unit.name
        path.write_text(unit.read_text("utf-8").replace("/srv/kebu", str(home)), encoding="utf-8")
        made.append(path)
    return made


def analyze(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    assert ANALYZE is not None
    given = {**os.environ, "SYSTEMD_LOG_LEVEL": "warning", "LC_ALL": "C.UTF-8"}
    return subprocess.run([ANALYZE, *arguments], capture_output=True, text=True, env=given, check=False, timeout=120)


@needs_systemd
def test_systemd_finds_nothing_wrong_with_the_units(units: list[Path]) -> None:
    done = analyze("verify", "--man=no", *units)
    about_ours = [line for line in done.stderr.splitlines() if "kebu" in line]
    assert (done.returncode, about_ours) == (0, [])


@needs_systemd
def test_systemd_finds_what_is_wrong(units: list[Path]) -> None:
    units[0].write_text(units[0].read_text("utf-8").replace("ProtectClock=yes", "ProtectKlock=yes"), encoding="utf-8")
    assert "ProtectKlock" in analyze("verify", "--man=no", *units).stderr


@needs_systemd
@pytest.mark.parametrize("name", ["kebu.service", "kebu-status.service"])
def test_a_service_that_is_taken_over_can_do_little(units: list[Path], name: str) -> None:
    (unit,) = [unit for unit in units if unit.name == name]
    done = analyze("security", "--offline=true", "--threshold=20", "--no-pager", unit)  # 2.0: of ten
    assert done.returncode == 0, done.stdout[-800:]
    weak = tuple(line for line in unit.read_text("utf-8").splitlines() if not line.startswith("Protect"))
    unit.write_text("\n".join(weak), encoding="utf-8")
    assert analyze("security", "--offline=true", "--threshold=20", "--no-pager", unit).returncode != 0


def test_the_units_start_what_there_is_and_write_only_where_the_book_and_the_share_are() -> None:
    for unit in UNITS:
        text = unit.read_text("utf-8")
        for command in re.findall(r"(?m)^ExecStart=.* (\w+)$", text):
            assert command in ("watch", "status")
        if unit.suffix == ".service":
            assert "ReadWritePaths=/srv/kebu/share /srv/kebu/book\n" in text
            assert "User=kebu\n" in text


# -- the watch tells whoever started it


@pytest.fixture
def manager(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[socket.socket]:
    if not hasattr(socket, "AF_UNIX"):
        pytest.skip("no such sockets here")
    address = tmp_path / "notify"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listener:
        listener.bind(str(address))
        listener.settimeout(60)
        monkeypatch.setenv("NOTIFY_SOCKET", str(address))
        yield listener


def test_the_watch_gives_signs_of_life_to_systemd(manager: socket.socket, tmp_path: Path) -> None:
    with a_company(tmp_path / "company") as co:
        stop, wake = threading.Event(), threading.Event()
        begun = co.clock("11-20 12:30")
        watch = Watch(co.service, lambda: begun, True, stop, wake)
        told: list[str] = []

        def listen() -> None:
            while not told or told[-1] != "STOPPING=1":
                told.append(manager.recv(100).decode())
                if told[-1] == "WATCHDOG=1":
                    stop.set()
                    wake.set()

        ear = threading.Thread(target=listen, daemon=True)
        ear.start()
        watch.run()
        ear.join(60)
    assert told[0] == "READY=1"
    assert "WATCHDOG=1" in told
    assert told[-1] == "STOPPING=1"


def test_nobody_who_listens_is_no_trouble(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("NOTIFY_SOCKET", raising=False)
    assert tell_manager("READY=1") is False
    monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "gone"))
    assert tell_manager("READY=1") is False


# -- container and Windows: their programs are not here, but what they name must be


def test_the_container_holds_every_room_and_starts_what_there_is() -> None:
    text = (DEPLOY / "container" / "Containerfile").read_text("utf-8")
    copied = {name for line in re.findall(r"(?m)^COPY (.+) \S+$", text) for name in line.split()}
    assert [name for name in copied if not (REPOSITORY / name).exists()] == []
    rooms = {path.parent.name for path in REPOSITORY.glob("*/__init__.py")} - {"tests", "benchmarks"}
    assert rooms | {"templates", "sync.py", "requirements.lock"} <= copied
    assert "--require-hashes" in text
    assert 'CMD ["watch"]' in text


def test_the_windows_task_starts_what_there_is() -> None:
    text = (DEPLOY / "windows" / "install.ps1").read_text("utf-8")
    assert 'sync.py --config `"$Config`" watch' in text
    assert text.isascii(), "older PowerShell reads files without a mark in the machine's own code page"


# -- shares


def test_shares_has_one_for_everybody_who_works_here(tmp_path: Path) -> None:
    from tests.flows.test_commands import call

    accounts = {"accounts = ": 'accounts = { "张三" = "zhangsan" }', "service = ": 'service = "office"'}
    with a_company(tmp_path, config=accounts) as co:
        said = call(co.config, "shares")
        assert said.code == 0
        assert re.findall(r"(?m)^\[(.+)\]$", said.out) == ["global", *sorted(path.name for path in co.share.iterdir())]
        section = said.out.split("[张三]")[1].split("\n[")[0]
        assert f"path = {co.share.resolve() / '张三'}\n" in section
        assert "valid users = zhangsan\n" in section
        assert "force user = office\n" in section
        assert "valid users = 李四\n" in said.out
        _leave(co, "王五")
        later = call(co.config, "shares", "--now", "2026-11-24T09:00:00")
        assert "[王五]" not in later.out


def _leave(co: Company, name: str) -> None:
    co.hand_in("赵总", 人员变更=[{"姓名": name, "生效日期": "2026-11-23", "状态": "离职"}])
    co.run("11-20 18:00")


def test_a_name_that_samba_would_read_as_something_else_is_told_and_not_written(tmp_path: Path) -> None:
    from tests.company import STAFF, person
    from tests.flows.test_commands import call

    odd = person("global", "13800138077", "销售一部", "销售人员")
    with a_company(tmp_path, [*STAFF, odd]) as co:
        said = call(co.config, "shares")
        assert said.code == 1
        assert said.out.count("[global]") == 1
        assert "global：" in said.err


# -- README's way of installing


def test_what_the_readme_tells_to_type_can_be_typed() -> None:
    """The blocks were followed literally once; what they name must stay there."""
    section = (
        (REPOSITORY / "README.md").read_text("utf-8").split("## Installing it for your company")[1].split("\n## ")[0]
    )
    lines = [line for block in re.findall(r"```sh\n(.*?)```", section, re.DOTALL) for line in block.splitlines()]
    assert len(lines) >= 15
    commands = {match[1] for line in lines if (match := re.search(r"sync\.py --config \S+ (\w+)", line))}
    assert commands == {"init", "shares"}
    named = {name for line in lines for name in re.findall(r"/srv/kebu/program/(\S+)", line)} - {"venv"}
    assert [name for name in named if not (REPOSITORY / name).exists()] == []
    assert {unit.name for unit in UNITS} <= {Path(name).name for name in named}
    for option in ("--roster", "--customers", "--blank"):
        assert any(option in line for line in lines)
