"""Hints come for drop folders, come again after every mishap, and are never needed to be true."""

from __future__ import annotations

import logging
import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from intake.inbox.mount import file_system, needs_polling
from intake.inbox.remove import PREFIX
from intake.inbox.watcher import Poll, Watcher

pytestmark = pytest.mark.filterwarnings("ignore:Callback with id .* already exists:RuntimeWarning")

MOUNTS = """\
/dev/sda1 / ext4 rw,relatime 0 0
tmpfs /tmp tmpfs rw 0 0
//server/kebu /srv/share cifs rw,vers=3.1.1 0 0
//server/kebu /srv/my\\040share smb3 rw 0 0
nas:/vol /srv/share/nfs nfs4 rw 0 0
/dev/sdb1 /srv/share/nfs/local xfs rw 0 0
rclone /mnt/cloud fuse.rclone rw 0 0
overlaid /over cifs rw 0 0
/dev/sdc1 /over ext4 rw 0 0
"""


@pytest.fixture
def share(tmp_path: Path) -> Path:
    for place in ("张三/投递", "张三/取件/回执", "李四/投递"):
        (tmp_path / "share" / place).mkdir(parents=True)
    return tmp_path / "share"


@pytest.fixture
def wake() -> threading.Event:
    return threading.Event()


@pytest.fixture
def watch(share: Path, wake: threading.Event) -> Iterator[Callable[[Poll], Watcher]]:
    running: list[Watcher] = []

    def begin(poll: Poll = "auto") -> Watcher:
        watcher = Watcher(share, poll=poll, wake=wake, drop_name="投递", poll_seconds=0.1)
        running.append(watcher)
        watcher.start()
        if poll == "on":
            time.sleep(0.15)
        wake.clear()
        return watcher

    yield begin
    for watcher in running:
        watcher.stop()


@pytest.mark.parametrize(("poll", "word"), [("off", "事件监视"), ("on", "轮询")])
def test_a_dropped_file_wakes_the_loop(
    share: Path, wake: threading.Event, watch: Callable[[Poll], Watcher], poll: Poll, word: str
) -> None:
    watcher = watch(poll)
    (share / "张三" / "投递" / "十一月").mkdir()
    assert wake.wait(5)
    time.sleep(0.3)
    wake.clear()
    (share / "张三" / "投递" / "十一月" / "客户.xlsx").write_bytes(b"PK")
    assert wake.wait(5)
    assert watcher.state() == word
    assert watcher.heal()


@pytest.mark.parametrize("poll", ["off", "on"])
def test_a_new_persons_folder_is_watched_too(
    share: Path, wake: threading.Event, watch: Callable[[Poll], Watcher], poll: Poll
) -> None:
    watch(poll)
    (share / "王五" / "投递").mkdir(parents=True)
    assert wake.wait(5)
    time.sleep(0.3)
    wake.clear()
    (share / "王五" / "投递" / "a.xlsx").write_bytes(b"PK")
    assert wake.wait(5)


@pytest.mark.parametrize("poll", ["off", "on"])
def test_reading_ignored_names_and_our_own_deliveries_wake_nobody(
    share: Path, wake: threading.Event, watch: Callable[[Poll], Watcher], poll: Poll
) -> None:
    taken = share / "张三" / "投递" / "a.xlsx"
    taken.write_bytes(b"PK")
    watch(poll)
    (share / "张三" / "取件" / "回执" / "回执_a.xlsx").write_bytes(b"PK")
    (share / "张三" / "投递" / "~$a.xlsx").write_bytes(b"owner")
    taken.read_bytes()
    aside = taken.with_name(f"{PREFIX}{'0' * 16}-a.xlsx")
    taken.rename(aside)
    aside.unlink()
    assert not wake.wait(0.5)


@pytest.mark.parametrize("poll", ["off", "on"])
def test_a_root_that_was_removed_and_made_again_is_watched_again(
    share: Path, wake: threading.Event, watch: Callable[[Poll], Watcher], poll: Poll
) -> None:
    watcher = watch(poll)
    shutil.rmtree(share)
    time.sleep(0.3)
    assert not watcher.heal()
    assert watcher.state() == "目录不可达"
    (share / "张三" / "投递").mkdir(parents=True)
    wake.clear()
    assert watcher.heal()
    assert wake.is_set(), "what came meanwhile must be scanned"
    time.sleep(0.3)
    wake.clear()
    (share / "张三" / "投递" / "a.xlsx").write_bytes(b"PK")
    assert wake.wait(5)


def test_a_root_that_vanished_and_came_back_between_two_heals_is_noticed(
    share: Path, wake: threading.Event, watch: Callable[[Poll], Watcher]
) -> None:
    watcher = watch("off")
    shutil.rmtree(share)
    (share / "张三" / "投递").mkdir(parents=True)  # often with the very inode of the old one
    time.sleep(0.3)
    watcher.heal()
    wake.clear()
    (share / "张三" / "投递" / "a.xlsx").write_bytes(b"PK")
    assert wake.wait(5)


def test_another_folder_put_in_the_roots_place_is_noticed(
    share: Path, wake: threading.Event, watch: Callable[[Poll], Watcher]
) -> None:
    watcher = watch("off")
    share.rename(share.with_name("old"))
    (share / "张三" / "投递").mkdir(parents=True)
    assert watcher.heal()
    wake.clear()
    (share / "张三" / "投递" / "a.xlsx").write_bytes(b"PK")
    assert wake.wait(5)


def test_a_watcher_started_before_its_share_is_there_waits_for_it(tmp_path: Path, wake: threading.Event) -> None:
    watcher = Watcher(tmp_path / "later", poll="off", wake=wake)
    watcher.start()
    assert (watcher.heal(), watcher.state()) == (False, "目录不可达")
    (tmp_path / "later" / "张三" / "投递").mkdir(parents=True)
    assert watcher.heal()
    assert wake.is_set()
    watcher.stop()


def test_a_dead_thread_is_replaced(share: Path, wake: threading.Event, watch: Callable[[Poll], Watcher]) -> None:
    watcher = watch("off")
    assert watcher._observer is not None
    (emitter,) = watcher._observer.emitters
    emitter.stop()
    emitter.join(5)
    assert watcher._observer.is_alive()
    assert watcher.heal()
    assert wake.is_set()
    wake.clear()
    (share / "张三" / "投递" / "a.xlsx").write_bytes(b"PK")
    assert wake.wait(5)


def test_lost_events_lead_to_a_scan_and_a_fresh_start(
    share: Path, wake: threading.Event, watch: Callable[[Poll], Watcher]
) -> None:
    watcher = watch("off")
    before = watcher._observer
    logging.getLogger("watchdog.observers.inotify_c").warning("Inotify queue overflowed; filesystem events were lost")
    assert watcher.heal()
    assert wake.is_set()
    assert watcher._observer is not before
    assert watcher.heal()


def test_stopping_ends_every_thread(share: Path, wake: threading.Event) -> None:
    before = set(threading.enumerate())
    for poll in ("on", "off"):
        watcher = Watcher(share, poll=poll, wake=wake)
        watcher.start()
        assert set(threading.enumerate()) > before
        watcher.stop()
        deadline = time.monotonic() + 5
        while set(threading.enumerate()) - before and time.monotonic() < deadline:
            time.sleep(0.05)
        assert set(threading.enumerate()) <= before


@pytest.mark.skipif(sys.platform != "linux" or not shutil.which("unshare"), reason="needs a Linux user namespace")
def test_used_up_watches_lead_to_polling(share: Path) -> None:
    script = (
        "import sys, threading, time; from pathlib import Path; from intake.inbox.watcher import Watcher\n"
        "limit = Path('/proc/sys/user/max_inotify_watches')\n"
        "try:\n    limit.write_text('3')\n    assert limit.read_text().strip() == '3'\n"
        "except (OSError, AssertionError):\n    sys.exit(77)\n"
        "wake = threading.Event()\n"
        "w = Watcher(Path(sys.argv[1]), poll='off', wake=wake, poll_seconds=0.1); w.start(); time.sleep(0.2)\n"
        "wake.clear(); (Path(sys.argv[1]) / '张三' / '投递' / 'a').write_text('a')\n"
        "print(w.state(), w.heal(), wake.wait(5)); w.stop()\n"
    )
    command = ["unshare", "--user", "--map-root-user", sys.executable, "-c", script, str(share)]
    root, settings = Path(__file__).parents[2], {**os.environ, "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run(command, cwd=root, env=settings, capture_output=True, check=False, timeout=60)
    if done.returncode == 77 or b"unshare" in done.stderr:
        pytest.skip("this system gives no user namespaces")
    assert done.stdout.decode().split() == ["轮询", "True", "True"], done.stderr.decode()


@pytest.mark.skipif(os.name == "nt", reason="POSIX paths")
@pytest.mark.parametrize(
    ("place", "kind"),
    [
        ("/srv/share/张三", "cifs"),
        ("/srv/shared", "ext4"),
        ("/srv/my share/张三", "smb3"),
        ("/srv/share/nfs/a", "nfs4"),
        ("/srv/share/nfs/local/a", "xfs"),
        ("/mnt/cloud", "fuse.rclone"),
        ("/over/a", "ext4"),
    ],
)
def test_the_longest_mount_point_tells_the_file_system(place: str, kind: str) -> None:
    assert file_system(Path(place), MOUNTS) == kind


@pytest.mark.parametrize(
    "kind", ["cifs", "smb3", "nfs", "nfs4", "fuse.sshfs", "9p", "vboxsf", "ext4", "xfs", "btrfs", "overlay"]
)
def test_network_file_systems_are_polled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    if sys.platform == "win32":
        pytest.skip("Windows asks for the kind of drive")
    mounts = tmp_path / "mounts"
    mounts.write_text(f"rootfs / ext4 rw 0 0\nx {str(tmp_path).replace(' ', chr(92) + '040')} {kind} rw 0 0\n")
    monkeypatch.setattr("intake.inbox.mount.MOUNTS", mounts)
    assert needs_polling(tmp_path / "share") is (kind not in ("ext4", "xfs", "btrfs", "overlay"))
    monkeypatch.setattr("intake.inbox.mount.MOUNTS", tmp_path / "none")
    assert not needs_polling(tmp_path / "share")
