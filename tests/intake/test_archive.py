"""The original is kept first, whole or not at all, and nobody can change it unnoticed."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import unicodedata
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from disk.name import safe_name
from intake.archive.store import Archive, Changed
from intake.inbox.leaving import Drop

ZONE = ZoneInfo("Asia/Shanghai")
LATE = datetime(2026, 11, 23, 23, 59, 59, tzinfo=ZONE)


def drop(folder: Path, name: str = "客户.xlsx", data: bytes = b"PK one") -> Drop:
    path = folder / "投递" / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(data)
    info = path.stat()
    digest = sha256(data).hexdigest()
    return Drop("张三", path, f"十一月/{name}", info.st_size, info.st_mtime_ns, info.st_ctime_ns, digest, LATE)


def files(book: Path) -> list[str]:
    return sorted(path.relative_to(book).as_posix() for path in book.rglob("*") if path.is_file())


def test_a_file_is_kept_under_the_day_of_its_arrival_read_only(tmp_path: Path) -> None:
    given = drop(tmp_path)
    archive = Archive(tmp_path / "book")
    kept = archive.keep(given)
    assert kept.archived_as == f"archive/2026/11/23/{given.sha256[:16]}_客户.xlsx"
    assert (kept.sha256, kept.name, kept.size) == (given.sha256, "客户.xlsx", 6)
    assert archive.read(kept.archived_as) == b"PK one"
    assert not (tmp_path / "book" / kept.archived_as).stat().st_mode & (stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH)
    assert given.path.exists()


def test_keeping_the_same_again_changes_nothing(tmp_path: Path) -> None:
    given, archive = drop(tmp_path), Archive(tmp_path / "book")
    first = archive.keep(given)
    before = (tmp_path / "book" / first.archived_as).stat()
    assert archive.keep(given) == first
    after = (tmp_path / "book" / first.archived_as).stat()
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)
    assert files(tmp_path / "book") == [first.archived_as]


def test_other_content_under_the_same_name_is_another_file(tmp_path: Path) -> None:
    archive = Archive(tmp_path / "book")
    kept = {archive.keep(drop(tmp_path, data=data)).archived_as for data in (b"one", b"two")}
    assert files(tmp_path / "book") == sorted(kept)
    assert len(kept) == 2


@pytest.mark.parametrize("change", ["content", "gone", "link", "pipe"])
def test_a_file_that_is_no_longer_the_scanned_one_is_left_for_the_next_scan(tmp_path: Path, change: str) -> None:
    if change in ("link", "pipe") and os.name == "nt":
        pytest.skip("needs POSIX file types")
    given = drop(tmp_path)
    other = tmp_path / "other"
    other.write_bytes(b"PK one")
    given.path.unlink()
    if change == "content":
        given.path.write_bytes(b"PK two")
    elif change == "link":
        given.path.symlink_to(other)
    elif change == "pipe":
        os.mkfifo(given.path)
    with pytest.raises(Changed):
        Archive(tmp_path / "book").keep(given)
    assert files(tmp_path / "book") == []


def test_a_picture_from_inside_a_workbook_is_kept_likewise(tmp_path: Path) -> None:
    archive = Archive(tmp_path / "book")
    kept = archive.keep_bytes(b"\xff\xd8picture", "image1.jpeg", date(2026, 11, 23))
    assert kept.archived_as == f"archive/2026/11/23/{kept.sha256[:16]}_image1.jpeg"
    assert archive.read(kept.archived_as) == b"\xff\xd8picture"


@pytest.mark.parametrize("links", [True, False], ids=["hard links", "no hard links"])
def test_a_refused_file_is_kept_in_quarantine_as_well(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, links: bool
) -> None:
    def refuse(*_given: object) -> None:
        raise PermissionError("a file system without hard links")

    if not links:
        monkeypatch.setattr(os, "link", refuse)
    archive = Archive(tmp_path / "book")
    kept = archive.keep(drop(tmp_path))
    where = archive.quarantine(kept)
    assert where == kept.archived_as.replace("archive/", "quarantine/", 1)
    assert archive.read(where) == archive.read(kept.archived_as) == b"PK one"
    assert archive.quarantine(kept) == where
    assert list(archive.verify([(kept.archived_as, kept.sha256)])) == []


def test_verify_names_what_is_missing_changed_and_unaccounted_for(tmp_path: Path) -> None:
    book = tmp_path / "book"
    archive = Archive(book)
    kept = [archive.keep(drop(tmp_path, name, name.encode())) for name in ("甲.xlsx", "乙.xlsx", "丙.xlsx", "丁.xlsx")]
    expected = [(one.archived_as, one.sha256) for one in kept]
    assert list(archive.verify(expected)) == []
    (book / kept[0].archived_as).chmod(0o600)
    (book / kept[0].archived_as).unlink()
    (book / kept[1].archived_as).chmod(0o600)
    (book / kept[1].archived_as).write_bytes(b"forged")
    found = list(archive.verify(expected[:3]))
    assert found == [
        f"原件不见了：{kept[0].archived_as}",
        f"原件被改动过：{kept[1].archived_as}",
        f"归档里有账上没有的文件：{kept[3].archived_as}",
    ]


def test_a_damaged_original_is_mended_when_the_same_file_comes_again(tmp_path: Path) -> None:
    archive = Archive(tmp_path / "book")
    given = drop(tmp_path)
    kept = archive.keep(given)
    place = tmp_path / "book" / kept.archived_as
    place.chmod(0o600)
    place.write_bytes(b"half")
    archive.keep(given)
    assert archive.read(kept.archived_as) == b"PK one"


@pytest.mark.skipif(os.name == "nt", reason="needs SIGKILL")
def test_a_process_killed_while_copying_leaves_nothing_that_looks_kept(tmp_path: Path) -> None:
    given = drop(tmp_path, data=b"x" * 3_000_000)
    script = (
        "import os, sys; from datetime import date; from pathlib import Path; import intake.archive.store as a\n"
        "def chunks():\n    yield b'x' * 1_000_000\n    os.kill(os.getpid(), 9)\n"
        "a.Archive(Path(sys.argv[1]))._keep(chunks(), sys.argv[2], 'a.xlsx', date(2026, 11, 23))\n"
    )
    command = [sys.executable, "-c", script, str(tmp_path / "book"), given.sha256]
    assert subprocess.run(command, cwd=Path(__file__).parents[2], check=False).returncode == -9
    archive = Archive(tmp_path / "book")
    assert list(archive.verify([])) == []
    kept = archive.keep(given)
    assert archive.read(kept.archived_as) == b"x" * 3_000_000
    for left in (tmp_path / "book" / "archive" / ".incoming").iterdir():
        os.utime(left, (0, 0))
    archive.keep(given)
    assert files(tmp_path / "book") == [kept.archived_as]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_disk_is_the_operators_matter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    archive = Archive(tmp_path / "book")
    full = tmp_path / "full"
    full.symlink_to("/dev/full")
    monkeypatch.setattr(archive, "_incoming", lambda _sha256: full)
    with pytest.raises(OSError, match="No space left"):
        archive.keep(drop(tmp_path))
    assert files(tmp_path / "book") == []


@pytest.mark.parametrize("outside", ["../secret", "/etc/hosts", "archive/../../secret", ""])
def test_nothing_outside_the_book_is_read(tmp_path: Path, outside: str) -> None:
    (tmp_path / "secret").write_bytes(b"secret")
    with pytest.raises(ValueError, match="inside the book"):
        Archive(tmp_path / "book").read(outside)


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("客户 新增.xlsx", "客户 新增.xlsx"),
        ('a<b>c:d"e/f\\g|h?i*.xlsx', "a_b_c_d_e_f_g_h_i_.xlsx"),
        ("CON.xlsx", "_CON.xlsx"),
        ("lpt1", "_lpt1"),
        ("a\nb\u202e.xlsx", "a_b_.xlsx"),
        ("a. . ", "a"),
        ("", "_"),
        ("...", "_"),
        (unicodedata.normalize("NFD", "가é.jpg"), "가é.jpg"),
        ("\udcff.jpg", "_.jpg"),
    ],
)
def test_names_are_made_safe_for_every_file_system(name: str, safe: str) -> None:
    assert safe_name(name) == safe


@pytest.mark.parametrize("char", ["a", "长", "😀"])
def test_long_names_are_cut_before_their_ending(tmp_path: Path, char: str) -> None:
    name = char * 300 + ".xlsx"
    assert len(safe_name(name)) <= 80
    assert safe_name(name).endswith(char + ".xlsx")
    kept = Archive(tmp_path / "book").keep_bytes(b"a", name, date(2026, 11, 23))
    assert kept.name == name
    assert (tmp_path / "book" / kept.archived_as).is_file()
