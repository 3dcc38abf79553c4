"""Files are taken when they are at rest, whole, once; and nothing that lies in a folder stops the others."""

from __future__ import annotations

import ctypes
import io
import os
import shutil
import socket
import subprocess
import sys
import threading
import time
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from zoneinfo import ZoneInfo

import openpyxl
import pytest
from PIL import Image

from disk.share import Share
from intake.inbox.arrival import Arrivals
from intake.inbox.ignore import FILES, FOLDERS, ignored_file, ignored_folder
from intake.inbox.leaving import Drop
from intake.inbox.read import FileMark
from intake.inbox.remove import PREFIX, Removal, take_away
from intake.inbox.scan import Inbox

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 23, 19, 59, tzinfo=ZONE)
SAMPLES = Path(__file__).parents[3] / "shared" / "samples"
posix = pytest.mark.skipif(os.name == "nt", reason="needs POSIX file types")


def workbook(text: str = "甲", rows: int = 3) -> bytes:
    book = openpyxl.Workbook()
    page = book.create_sheet("数据", 0)
    for number in range(rows):
        page.append([text, number, os.urandom(24).hex()])
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def photo() -> bytes:
    picture, stream = Image.effect_noise((320, 240), 60), io.BytesIO()
    exif = Image.Exif()
    exif[0x0132] = "2026:11:23 10:00:00"
    picture.convert("RGB").save(stream, "JPEG", exif=exif)
    return stream.getvalue()


@pytest.fixture
def share(tmp_path: Path) -> Path:
    for person in ("张三", "李四"):
        (tmp_path / "share" / person / "投递").mkdir(parents=True)
    return tmp_path / "share"


@pytest.fixture
def folder(share: Path) -> Path:
    return share / "张三" / "投递"


def inbox(share: Path, settle: float = 0.0, incomplete: float = 60.0) -> Inbox:
    return Inbox(share, "投递", settle_seconds=settle, incomplete_seconds=incomplete, zone=ZONE)


def names(drops: tuple[Drop, ...]) -> list[str]:
    return [drop.relative for drop in drops]


# ---- settling


def test_a_whole_file_is_taken_at_first_sight_when_waiting_is_off(share: Path, folder: Path) -> None:
    data = workbook()
    (folder / "客户.xlsx").write_bytes(data)
    (drop,) = inbox(share).scan(["张三", "李四"], NOW).drops
    assert (drop.person, drop.relative, drop.size, drop.sha256) == (
        "张三", "客户.xlsx", len(data), sha256(data).hexdigest(),
    )  # fmt: skip
    assert drop.arrived_at == NOW


def test_a_new_file_waits_until_it_was_quiet_for_the_settling_time(share: Path, folder: Path) -> None:
    box = inbox(share, settle=0.4)
    (folder / "客户.xlsx").write_bytes(workbook())
    first, second = box.scan(["张三"], None), box.scan(["张三"], None)
    assert first.drops == second.drops == ()
    assert second.settling == (folder / "客户.xlsx",)
    time.sleep(0.45)
    assert names(box.scan(["张三"], None).drops) == ["客户.xlsx"]


@posix
def test_a_file_that_lay_there_long_enough_needs_two_looks_and_no_more(share: Path, folder: Path) -> None:
    (folder / "客户.xlsx").write_bytes(workbook())
    time.sleep(0.5)
    box = inbox(share, settle=0.4)
    assert box.scan(["张三"], None).drops == ()
    assert names(box.scan(["张三"], None).drops) == ["客户.xlsx"]


@posix
def test_an_old_modification_time_kept_by_a_copy_does_not_shorten_the_wait(share: Path, folder: Path) -> None:
    (folder / "客户.xlsx").write_bytes(workbook())
    os.utime(folder / "客户.xlsx", (1_600_000_000, 1_600_000_000))
    box = inbox(share, settle=30)
    assert not any(box.scan(["张三"], None).drops for _ in range(3))


def test_a_slow_copy_with_pauses_is_taken_once_and_whole(share: Path, folder: Path) -> None:
    data = workbook(rows=800)

    def copy() -> None:
        with (folder / "慢.xlsx").open("wb") as file:
            for start in range(0, len(data), len(data) // 6):
                file.write(data[start : start + len(data) // 6])
                file.flush()
                time.sleep(0.15)

    thread = threading.Thread(target=copy)
    thread.start()
    scans = []
    box = inbox(share)  # even without waiting, half a workbook is not taken
    while thread.is_alive():
        scans.append(box.scan(["张三"], None))
        time.sleep(0.03)
    thread.join()
    taken = [drop for scan in scans for drop in scan.drops if drop.sha256 != sha256(data).hexdigest()]
    assert taken == []
    assert any(scan.settling for scan in scans)
    (drop,) = box.scan_until_settled(["张三"], None, 3).drops
    assert drop.sha256 == sha256(data).hexdigest()


def test_a_preallocated_file_is_not_taken_before_it_is_filled(share: Path, folder: Path) -> None:
    data = photo()
    with (folder / "门头.jpg").open("wb") as file:
        file.truncate(len(data))
    box = inbox(share)
    assert box.scan(["张三"], None).settling == (folder / "门头.jpg",)
    with (folder / "门头.jpg").open("r+b") as file:
        file.write(data[: len(data) // 2])
        file.flush()
        assert box.scan(["张三"], None).settling == (folder / "门头.jpg",)
        file.write(data[len(data) // 2 :])
    (drop,) = box.scan_until_settled(["张三"], None, 2).drops
    assert drop.sha256 == sha256(data).hexdigest()


def test_two_readings_that_differ_start_the_wait_afresh_whatever_the_times_say(share: Path, folder: Path) -> None:
    path = folder / "a.txt"
    path.write_bytes(b"two")
    box = inbox(share, settle=0.2)
    box.scan(["张三"], None)
    box._settler._samples[path].sha256 = sha256(b"one").hexdigest()  # what a coarse clock would have hidden
    time.sleep(0.25)
    assert box.scan(["张三"], None).drops == ()
    time.sleep(0.25)
    assert [drop.sha256 for drop in box.scan(["张三"], None).drops] == [sha256(b"two").hexdigest()]


@posix
def test_a_modification_time_set_back_after_a_change_does_not_hide_it(share: Path, folder: Path) -> None:
    path = folder / "a.txt"
    path.write_bytes(b"one")
    box = inbox(share, settle=0.3)
    box.scan(["张三"], None)
    time.sleep(0.35)
    stamp = path.stat().st_mtime_ns
    path.write_bytes(b"two")
    os.utime(path, ns=(stamp, stamp))
    assert box.scan(["张三"], None).drops == ()


def test_excels_save_sequence_gives_one_file_and_its_last_content(share: Path, folder: Path) -> None:
    target, temporary = folder / "客户.xlsx", folder / "8C1F2A00.tmp"
    target.write_bytes(workbook("旧"))
    (folder / "~$客户.xlsx").write_bytes(b"\x05owner")
    box = inbox(share, settle=0.3)
    box.scan(["张三"], None)
    new = workbook("新")
    temporary.write_bytes(new)
    during = box.scan(["张三"], None)
    target.unlink()
    between = box.scan(["张三"], None)
    temporary.rename(target)
    after = box.scan(["张三"], None)
    assert during.drops == between.drops == after.drops == ()
    assert during.ignored == {"Excel 占用标记": 1, "办公软件临时文件": 1}
    (drop,) = box.scan_until_settled(["张三"], None, 3).drops
    assert drop.sha256 == sha256(new).hexdigest()


def test_two_saves_within_one_second_are_both_taken(share: Path, folder: Path) -> None:
    path, first, second = folder / "a.txt", b"row 1", b"row 2"
    box = inbox(share)
    path.write_bytes(first)
    stamp = path.stat().st_mtime_ns
    (one,) = box.scan(["张三"], None).drops
    path.write_bytes(second)
    os.utime(path, ns=(stamp, stamp))  # a file system with coarse times
    assert not box.leaving.remove(one)
    assert path.read_bytes() == second
    (two,) = box.scan(["张三"], None).drops
    assert {one.sha256, two.sha256} == {sha256(first).hexdigest(), sha256(second).hexdigest()}
    assert box.leaving.remove(two)
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("data", [b"", workbook()[:-400], photo()[:-300]], ids=["empty", "cut workbook", "cut photo"])
def test_an_unfinished_file_is_taken_as_it_is_after_its_patience(share: Path, folder: Path, data: bytes) -> None:
    (folder / "半.xlsx").write_bytes(data)
    box = inbox(share, incomplete=0.3)
    scan = box.scan(["张三"], None)
    assert scan.drops == ()
    assert scan.settling == (folder / "半.xlsx",)
    (drop,) = box.scan_until_settled(["张三"], None, 3).drops
    assert drop.size == len(data)


def test_waiting_ends_with_patience_and_the_others_are_taken(share: Path, folder: Path) -> None:
    (folder / "坏.jpg").write_bytes(photo()[:-300])
    (folder / "好.jpg").write_bytes(photo())
    slept: list[float] = []

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        time.sleep(seconds)

    scan = inbox(share).scan_until_settled(["张三"], None, 0.5, sleep)
    assert names(scan.drops) == ["好.jpg"]
    assert scan.settling == (folder / "坏.jpg",)
    assert sum(slept) == pytest.approx(0.5, abs=0.2)
    assert max(slept) <= 0.5


def test_nothing_to_wait_for_costs_no_sleep(share: Path, folder: Path) -> None:
    (folder / "a.txt").write_bytes(b"a")

    def sleep(_seconds: float) -> None:
        raise AssertionError("slept")

    assert names(inbox(share).scan_until_settled(["张三"], None, 5, sleep).drops) == ["a.txt"]


# ---- arrival


@posix
def test_arrival_is_the_last_write_as_the_file_system_saw_it(share: Path, folder: Path) -> None:
    path = folder / "a.txt"
    path.write_bytes(b"a")
    os.utime(path, (1_000_000_000, 1_000_000_000))
    (drop,) = inbox(share).scan(["张三"], None).drops
    assert drop.arrived_at == datetime.fromtimestamp(path.stat().st_ctime_ns // 1000 / 1e6, ZONE)
    assert timedelta(0) <= datetime.now(UTC) - drop.arrived_at < timedelta(seconds=5)
    assert drop.arrived_at.utcoffset() == timedelta(hours=8)


def test_a_server_clock_that_runs_ahead_makes_nobody_late(share: Path) -> None:
    ahead = time.time_ns() + 3600 * 10**9
    arrived = Arrivals(ZONE).of(share / "a.txt", FileMark(1, ahead, ahead))
    assert arrived.at <= datetime.now(UTC)


def test_drops_come_in_the_order_of_arrival(share: Path, folder: Path) -> None:
    for path in (folder / "b.txt", share / "李四" / "投递" / "a.txt", folder / "a.txt"):
        path.write_bytes(b"x")
        time.sleep(0.03)
    assert names(inbox(share).scan(["李四", "张三"], None).drops) == ["b.txt", "a.txt", "a.txt"]
    drops = inbox(share).scan(["李四", "张三"], NOW).drops
    assert [(drop.person, drop.relative) for drop in drops] == [
        ("张三", "a.txt"), ("张三", "b.txt"), ("李四", "a.txt"),
    ]  # fmt: skip


# ---- names


@pytest.mark.parametrize(
    "name",
    ["~$客户.xlsx", ".~客户.xlsx", ".~lock.客户.xlsx#", "A.TMP", "~RF12ab.TMP", "a.xlsx.part", "a.crdownload",
     "._a.xlsx", ".DS_Store", "Desktop.ini", "thumbs.db", ".nfs0001", ".fuse_hidden01", ".syncthing.a.xlsx.tmp"],
)  # fmt: skip
def test_names_that_nobody_submits_are_passed_over_and_counted(share: Path, folder: Path, name: str) -> None:
    (folder / name).write_bytes(workbook())
    scan = inbox(share).scan(["张三"], None)
    assert scan.drops == ()
    assert scan.ignored == {ignored_file(name): 1}


def test_each_rule_has_one_name_in_chinese() -> None:
    rules = [rule.name for rule in FILES + FOLDERS]
    assert len(set(rules)) == len(rules)
    assert all(any("一" <= char <= "鿿" for char in name) for name in rules)


@pytest.mark.parametrize("name", ["@eaDir", "#recycle", ".stversions", "__MACOSX", "$RECYCLE.BIN"])
def test_folders_of_machines_are_passed_over_with_all_that_is_in_them(share: Path, folder: Path, name: str) -> None:
    (folder / "图" / name / "sub").mkdir(parents=True)
    (folder / "图" / name / "sub" / "a.xlsx").write_bytes(workbook())
    scan = inbox(share).scan(["张三"], None)
    assert scan.drops == ()
    assert scan.ignored == {ignored_folder(name): 1}


@pytest.mark.parametrize(
    "name",
    ["a.sync-conflict-20261123-101010-ABC.xlsx", "a (conflicted copy 2026-11-23).xlsx", "a_conflict-1.xlsx",
     "a冲突.xlsx", "a (1).xlsx", "a-PC01.xlsx", "a - 副本.xlsx"],
)  # fmt: skip
def test_conflict_copies_are_taken(share: Path, folder: Path, name: str) -> None:
    (folder / name).write_bytes(workbook())
    assert names(inbox(share).scan(["张三"], None).drops) == [name]


def test_subfolders_are_scanned_and_may_stay(share: Path, folder: Path) -> None:
    (folder / "十一月" / "照片").mkdir(parents=True)
    (folder / "十一月" / "照片" / "门头.jpg").write_bytes(photo())
    box = inbox(share)
    (drop,) = box.scan(["张三"], None).drops
    assert drop.relative == "十一月/照片/门头.jpg"
    assert box.leaving.remove(drop)
    assert (folder / "十一月" / "照片").is_dir()


@posix
def test_odd_names_are_only_data(share: Path, folder: Path) -> None:
    decomposed = unicodedata.normalize("NFD", "café가.xlsx")
    given = [decomposed, "..a..xlsx", "-rf *.xlsx", "a\nb.xlsx", "=cmd|x.xlsx", "长" * 83 + ".txt", "A.xlsx", "a.xlsx"]
    for name in given:
        (folder / name).write_bytes(workbook(name))
    Path(os.fsdecode(os.fsencode(folder) + b"/" + "照片".encode("gbk") + b".xlsx")).write_bytes(workbook())
    box = inbox(share)
    drops = box.scan(["张三"], None).drops
    expected = {unicodedata.normalize("NFC", decomposed), "照片.xlsx", *given[1:]}
    assert set(names(drops)) == expected
    assert all(box.leaving.remove(drop) for drop in drops)
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("person", ["", ".", "..", "../李四", "张三/../李四"])
def test_a_persons_name_is_never_a_way_to_another_folder(share: Path, person: str) -> None:
    (share / "投递").mkdir()
    (share / "投递" / "a.txt").write_bytes(b"a")
    (share / "李四" / "投递" / "a.txt").write_bytes(b"a")
    scan = inbox(share).scan([person], None)
    assert scan.drops == ()
    assert [trouble.kind for trouble in scan.troubles] == ["unreachable"]


# ---- what is never opened


@posix
def test_links_pipes_and_sockets_are_reported_and_never_opened(
    share: Path, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = tmp_path / "secret"
    secret.mkdir()
    (secret / "工资.xlsx").write_bytes(workbook())
    (folder / "工资.xlsx").symlink_to(secret / "工资.xlsx")
    (folder / "夹").symlink_to(secret, target_is_directory=True)
    (folder / "断.xlsx").symlink_to(secret / "没有")
    os.mkfifo(folder / "管道.xlsx")
    monkeypatch.chdir(folder)  # socket paths are short
    with socket.socket(socket.AF_UNIX) as end:
        end.bind("s.xlsx")
        (folder / "好.xlsx").write_bytes(workbook())
        scan = inbox(share).scan(["张三"], None)
    assert names(scan.drops) == ["好.xlsx"]
    assert {(trouble.path.name, trouble.kind) for trouble in scan.troubles} == {
        ("工资.xlsx", "link"), ("夹", "link"), ("断.xlsx", "link"), ("管道.xlsx", "device"), ("s.xlsx", "device"),
    }  # fmt: skip


@posix
@pytest.mark.parametrize("linked", ["drop", "person"])
def test_a_drop_folder_that_is_a_link_is_not_followed(share: Path, folder: Path, tmp_path: Path, linked: str) -> None:
    elsewhere = tmp_path / "elsewhere"
    place = folder if linked == "drop" else folder.parent
    place.rename(elsewhere)
    (elsewhere / "a.txt").write_bytes(b"a")
    place.symlink_to(elsewhere, target_is_directory=True)
    scan = inbox(share).scan(["张三"], None)
    assert scan.drops == ()
    assert [trouble.kind for trouble in scan.troubles] == ["link"]


# ---- locked and unreachable


@contextmanager
def without_root_rights() -> Iterator[None]:
    """This thread obeys permission bits, as a service of an ordinary user does (capabilities are a thread's own)."""
    if sys.platform != "linux" or os.geteuid() != 0:
        yield
        return
    libc = ctypes.CDLL(None, use_errno=True)
    header = (ctypes.c_uint32 * 2)(0x20080522, 0)
    before, dropped = (ctypes.c_uint32 * 6)(), (ctypes.c_uint32 * 6)()
    assert libc.capget(header, before) == 0
    for word, value in enumerate(before):
        dropped[word] = value
    dropped[0] &= ~0b110  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH leave the effective set
    assert libc.capset(header, dropped) == 0
    try:
        yield
    finally:
        assert libc.capset(header, before) == 0


@posix
def test_a_locked_file_is_a_trouble_and_is_taken_once_it_is_free(share: Path, folder: Path) -> None:
    (folder / "锁.xlsx").write_bytes(workbook())
    (folder / "好.xlsx").write_bytes(workbook())
    (folder / "锁.xlsx").chmod(0)
    box = inbox(share)
    with without_root_rights():
        started = time.monotonic()
        first = box.scan(["张三"], None)
        retried = time.monotonic() - started
        started = time.monotonic()
        second = box.scan(["张三"], None)
        again = time.monotonic() - started
        for scan in (first, second):
            assert names(scan.drops) == ["好.xlsx"]
            assert [(trouble.path.name, trouble.kind) for trouble in scan.troubles] == [("锁.xlsx", "locked")]
        (folder / "锁.xlsx").chmod(0o600)
        assert names(box.scan(["张三"], NOW).drops) == ["好.xlsx", "锁.xlsx"]
    assert retried >= 0.35  # 50 + 100 + 200 ms, and only once
    assert again < retried


@posix
def test_a_file_that_is_freed_within_a_moment_is_taken_by_the_same_scan(share: Path, folder: Path) -> None:
    (folder / "锁.xlsx").write_bytes(workbook())
    (folder / "锁.xlsx").chmod(0)
    threading.Timer(0.1, (folder / "锁.xlsx").chmod, [0o600]).start()
    with without_root_rights():
        scan = inbox(share).scan_until_settled(["张三"], None, 2)  # a locked file alone is not waited for
    assert names(scan.drops) == ["锁.xlsx"]
    assert scan.troubles == ()


@posix
def test_a_taken_file_that_cannot_be_removed_is_not_taken_again_and_goes_later(share: Path, folder: Path) -> None:
    (folder / "a.txt").write_bytes(b"a")
    box = inbox(share)
    (drop,) = box.scan(["张三"], None).drops
    folder.chmod(0o555)
    with without_root_rights():
        assert not box.leaving.remove(drop)
        scan = box.scan(["张三"], None)
    assert scan.drops == ()
    assert [(trouble.path, trouble.kind) for trouble in scan.troubles] == [(drop.path, "locked")]
    folder.chmod(0o755)
    last = box.scan(["张三"], None)
    assert (last.drops, last.troubles) == ((), ())
    assert list(folder.iterdir()) == []


def test_a_taken_file_that_could_not_be_removed_and_is_saved_again_is_a_new_drop(share: Path, folder: Path) -> None:
    path = folder / "a.txt"
    path.write_bytes(b"a")
    box = inbox(share)
    (drop,) = box.scan(["张三"], None).drops
    box.leaving._held[path] = drop
    path.write_bytes(b"ab")
    (new,) = box.scan(["张三"], None).drops
    assert new.sha256 == sha256(b"ab").hexdigest()


def test_a_missing_folder_is_unreachable_and_the_others_are_taken(share: Path) -> None:
    shutil.rmtree(share / "张三")
    (share / "李四" / "投递" / "a.txt").write_bytes(b"a")
    scan = inbox(share).scan(["张三", "李四"], None)
    assert names(scan.drops) == ["a.txt"]
    assert [(trouble.person, trouble.kind) for trouble in scan.troubles] == [("张三", "unreachable")]


def test_a_share_that_vanishes_for_a_while_is_unreachable_and_nothing_is_forgotten(share: Path, folder: Path) -> None:
    (folder / "a.txt").write_bytes(b"a")
    box = inbox(share, settle=0.3)
    box.scan(["张三"], None)
    share.rename(share.with_name("away"))
    scan = box.scan(["张三", "李四"], None)
    assert not scan.drops
    assert not scan.settling
    assert [(trouble.person, trouble.path, trouble.kind) for trouble in scan.troubles] == [("", share, "unreachable")]
    time.sleep(0.35)
    share.with_name("away").rename(share)
    assert names(box.scan(["张三"], None).drops) == ["a.txt"]


def test_a_persons_folder_that_is_away_for_a_scan_loses_no_time_already_waited(share: Path, folder: Path) -> None:
    (folder / "a.txt").write_bytes(b"a")
    box = inbox(share, settle=0.3)
    box.scan(["张三"], None)
    (share / "张三").rename(share / "away")
    assert [trouble.kind for trouble in box.scan(["张三"], None).troubles] == ["unreachable"]
    time.sleep(0.35)
    (share / "away").rename(share / "张三")
    assert names(box.scan(["张三"], None).drops) == ["a.txt"]


def test_a_person_named_twice_is_asked_once(share: Path, folder: Path) -> None:
    (folder / "a.txt").write_bytes(b"a")
    assert names(inbox(share).scan(["张三", "张三"], None).drops) == ["a.txt"]


# ---- removing


def test_a_file_replaced_between_scan_and_removal_stays_and_is_taken(share: Path, folder: Path) -> None:
    path, new = folder / "客户.xlsx", workbook("新")
    path.write_bytes(workbook("旧"))
    box = inbox(share)
    (drop,) = box.scan(["张三"], None).drops
    (folder / "x").write_bytes(new)
    (folder / "x").replace(path)
    assert not box.leaving.remove(drop)
    assert path.read_bytes() == new
    assert [found.sha256 for found in box.scan(["张三"], None).drops] == [sha256(new).hexdigest()]


def test_a_file_that_its_owner_removed_is_gone(share: Path, folder: Path) -> None:
    (folder / "a.txt").write_bytes(b"a")
    box = inbox(share)
    (drop,) = box.scan(["张三"], None).drops
    drop.path.unlink()
    assert box.leaving.remove(drop)
    assert box.scan(["张三"], None).drops == ()


def test_a_file_on_a_share_that_is_away_is_not_taken_for_removed(share: Path, folder: Path) -> None:
    (folder / "a.txt").write_bytes(b"a")
    box = inbox(share)
    (drop,) = box.scan(["张三"], None).drops
    share.rename(share.with_name("away"))
    assert not box.leaving.remove(drop)


def test_a_file_left_under_its_private_name_is_taken_under_its_own(share: Path, folder: Path) -> None:
    data = workbook()
    left = folder / f"{PREFIX}{sha256(data).hexdigest()[:16]}-客户 新增.xlsx"
    left.write_bytes(data)
    box = inbox(share)
    (drop,) = box.scan(["张三"], None).drops
    assert (drop.relative, drop.path) == ("客户 新增.xlsx", left)
    assert box.leaving.remove(drop)
    assert list(folder.iterdir()) == []


@posix
def test_a_process_killed_in_the_middle_of_removing_loses_nothing(share: Path, folder: Path) -> None:
    data = workbook()
    (folder / "客户.xlsx").write_bytes(data)
    (drop,) = inbox(share).scan(["张三"], None).drops
    script = (
        "import os, sys; from pathlib import Path; import intake.inbox.remove as r; from disk.share import Share;"
        "r.digest_of = lambda opened: os.kill(os.getpid(), 9);"
        "share = Share(Path(sys.argv[1])); path = Path(sys.argv[2]);"
        "r.take_away(share, path, r.FileMark(*map(int, sys.argv[3:6])), sys.argv[6])"
    )
    command = [
        sys.executable,
        "-c",
        script,
        str(share),
        str(drop.path),
        str(drop.size),
        str(drop.mtime_ns),
        str(drop.ctime_ns),
        drop.sha256,
    ]
    assert subprocess.run(command, cwd=Path(__file__).parents[2], check=False).returncode == -9
    assert not drop.path.exists()
    (again,) = inbox(share).scan(["张三"], None).drops
    assert (again.relative, again.sha256) == ("客户.xlsx", drop.sha256)


@posix
def test_a_save_while_the_old_file_stands_aside_keeps_both(
    share: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from intake.inbox import remove as inbox_remove
    from intake.inbox.read import digest_of

    path = folder / "a.txt"
    path.write_bytes(b"as taken")
    mark, reading = FileMark.of(path.stat()), digest_of

    def saved_meanwhile(opened: int) -> object:
        (aside,) = folder.glob(f"{PREFIX}*")
        aside.write_bytes(b"written through an open handle")
        path.write_bytes(b"saved again")
        return reading(opened)

    monkeypatch.setattr(inbox_remove, "digest_of", saved_meanwhile)
    outcome = take_away(Share(share), path, mark, sha256(b"as taken").hexdigest())
    assert outcome is Removal.CHANGED
    contents = {found.read_bytes() for found in folder.iterdir()}
    assert contents == {b"written through an open handle", b"saved again"}


def test_a_name_at_the_limit_keeps_its_ending_when_it_steps_aside() -> None:
    from intake.inbox.remove import _private_name, own_name

    long = "长" * 83 + ".xlsx"
    private = _private_name(long, "0" * 64)
    assert len(os.fsencode(private)) <= 255
    assert own_name(private).endswith(".xlsx")
    assert own_name(_private_name("a.xlsx", "0" * 64)) == "a.xlsx"


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="sample workbooks and photos are not here")
def test_whole_files_of_other_programs_are_taken_at_first_sight(share: Path, folder: Path) -> None:
    given = sorted(path for path in SAMPLES.rglob("*") if path.suffix.lower() in (".xlsx", ".jpg", ".jpeg"))[:40]
    for number, path in enumerate(given):
        shutil.copyfile(path, folder / f"{number:02}{path.suffix}")
    scan = inbox(share).scan(["张三"], NOW)
    assert len(scan.drops) + len(scan.settling) == len(given)
    assert len(scan.settling) <= len(given) // 4  # cut files are among the samples
