"""What staff see, walked name by name: only what is ours is taken back, and what a crash left half written goes."""

from __future__ import annotations

import errno
import os
import shutil
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

import disk.share
from disk.bypath import PathFolder
from disk.folder import Folder
from disk.share import NotOurFolder, Share

BOX = ("张三", "取件", "回执")


@pytest.fixture(params=[True, False] if os.name != "nt" else [False], ids=["by handle", "by path"])
def share(tmp_path: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Share:
    monkeypatch.setattr("disk.share.BY_HANDLE", request.param)
    return Share(tmp_path)


def put(share: Share, name: str, says: bytes, parts: tuple[str, ...] = BOX) -> Path:
    source = share.top / "spooled"
    source.write_bytes(says)
    share.put(parts, name, source)
    source.unlink()
    return share.top.joinpath(*parts, name)


def test_what_a_crash_left_half_written_goes_and_what_is_only_called_alike_stays(share: Share) -> None:
    folder = share.top.joinpath(*BOX)
    half, alike, below = (f".~kebu-{'0' * n}.tmp" for n in (16, 15, 16))
    (folder / "深").mkdir(parents=True)
    (folder / half).write_bytes(b"PK")
    (folder / alike).write_bytes(b"mine")
    (folder / "深" / below).mkdir()
    put(share, "表.xlsx", b"whole")
    assert sorted(path.name for path in folder.iterdir()) == sorted([alike, "表.xlsx", "深"])
    put(share, "表.xlsx", b"whole", (*BOX, "深"))
    assert (folder / "深" / below).is_dir()


def test_a_file_is_taken_back_only_as_it_was_given(share: Share) -> None:
    path = put(share, "表.xlsx", b"ours")
    path.write_bytes(b"filled in")
    assert not share.take_back(BOX, "表.xlsx", sha256(b"ours").hexdigest())
    assert path.read_bytes() == b"filled in"
    assert share.take_back(BOX, "表.xlsx", sha256(b"filled in").hexdigest())
    assert not path.exists()
    assert share.take_back(BOX, "表.xlsx", sha256(b"ours").hexdigest()), "it is gone already"
    assert share.take_back(("张三", "没有"), "表.xlsx", "")


def test_what_lies_in_a_folder_is_told_and_a_file_in_its_place_is_no_folder(share: Share) -> None:
    put(share, "表.xlsx", b"1")
    put(share, "单.xlsx", b"2")
    assert share.names(BOX) == {"表.xlsx", "单.xlsx"}
    assert share.names(("王五", "取件")) == frozenset()
    with pytest.raises(NotOurFolder):
        share.names((*BOX, "表.xlsx"))


def test_removing_says_whether_there_was_something(share: Share) -> None:
    path = put(share, "表.xlsx", b"1")
    assert share.remove(BOX, "表.xlsx")
    assert not path.exists()
    assert not share.remove(BOX, "表.xlsx")
    assert not share.remove(("王五", "取件"), "表.xlsx")


def test_only_an_empty_folder_goes(share: Share) -> None:
    path = put(share, "表.xlsx", b"1", (*BOX, "2026-11"))
    share.remove_empty((*BOX, "2026-11"))
    assert path.exists()
    share.remove((*BOX, "2026-11"), path.name)
    share.remove_empty((*BOX, "2026-11"))
    assert not path.parent.exists()
    assert share.top.joinpath(*BOX).is_dir()
    share.remove_empty(("王五", "取件"))


def test_what_is_set_aside_gets_the_next_free_name_and_what_is_known_stays(share: Share) -> None:
    path = put(share, "表.xlsx", b"mine")
    known = [sha256(says).hexdigest() for says in (b"old", b"new")]
    for n, kept in enumerate(("旧.xlsx", "旧-2.xlsx", "旧-3.xlsx")):
        path.write_bytes(b"mine %d" % n)
        assert share.set_aside(BOX, "表.xlsx", known, "旧.xlsx") == kept
        assert (path.with_name(kept).read_bytes(), path.exists()) == (b"mine %d" % n, False)
    for says in (b"old", b"new"):
        path.write_bytes(says)
        assert share.set_aside(BOX, "表.xlsx", known, "旧.xlsx") == ""
        assert path.exists()
    assert share.set_aside(BOX, "没有.xlsx", known, "旧.xlsx") == ""
    assert share.set_aside(("王五", "取件"), "表.xlsx", known, "旧.xlsx") == ""


def test_what_moves_where_its_name_is_taken_gets_the_next_free_one(share: Share) -> None:
    for parts, name, says in (
        (("旧",), "a.xlsx", b"old"), (("旧", "a"), "x", b"below"), (("新",), "a.xlsx", b"1"), (("新",), "a-2.xlsx", b"2"),
        (("新",), "a", b"a file where the other has a folder"),
    ):  # fmt: skip
        put(share, name, says, parts)
    with pytest.raises(NotOurFolder):
        share.move_folder("旧", "新")
    (share.top / "新" / "a").unlink()
    assert share.move_folder("旧", "新")
    found = {
        path.relative_to(share.top).as_posix(): path.read_bytes() for path in share.top.rglob("*") if path.is_file()
    }
    assert found == {"新/a.xlsx": b"1", "新/a-2.xlsx": b"2", "新/a-3.xlsx": b"old", "新/a/x": b"below"}
    assert not (share.top / "旧").exists()


def test_folders_below_each_other_are_merged_file_by_file(share: Share) -> None:
    for parts, name, says in (
        (("旧", "回执", "2026-11"), "表.xlsx", b"old"), (("旧", "回执", "2026-10"), "表.xlsx", b"october"),
        (("旧",), "只在旧的.xlsx", b"only"), (("旧", "审批"), "单.xlsx", b"sheet"),
        (("新", "回执", "2026-11"), "表.xlsx", b"new"), (("新", "回执"), "说明", b"words"),
    ):  # fmt: skip
        put(share, name, says, parts)
    assert share.move_folder("旧", "新")
    found = {
        path.relative_to(share.top / "新").as_posix(): path.read_bytes()
        for path in (share.top / "新").rglob("*")
        if path.is_file()
    }
    assert found == {
        "回执/2026-11/表.xlsx": b"new", "回执/2026-11/表-2.xlsx": b"old", "回执/2026-10/表.xlsx": b"october",
        "回执/说明": b"words", "只在旧的.xlsx": b"only", "审批/单.xlsx": b"sheet",
    }  # fmt: skip
    assert [path.name for path in share.top.iterdir()] == ["新"]


def test_a_folder_that_is_not_there_is_not_moved_and_one_whose_name_is_free_goes_whole(share: Share) -> None:
    put(share, "表.xlsx", b"1", ("旧", "取件"))
    assert not share.move_folder("没有", "新")
    assert sorted(path.name for path in share.top.iterdir()) == ["旧"]
    assert share.move_folder("旧", "新")
    assert (share.top / "新" / "取件" / "表.xlsx").read_bytes() == b"1"
    assert [path.name for path in share.top.iterdir()] == ["新"]
    assert not share.move_folder("旧", "新"), "once is enough"


@pytest.mark.skipif(os.name == "nt", reason="whoever makes a symbolic link on Windows is an administrator")
@pytest.mark.parametrize(("old", "new"), [("链接", "没有的"), ("链接", "夹"), ("夹", "链接")])
def test_a_link_is_moved_nowhere_and_nothing_is_moved_into_it(share: Share, old: str, new: str) -> None:
    put(share, "表.xlsx", b"1", ("夹",))
    put(share, "私.xlsx", b"private", ("别处",))
    (share.top / "链接").symlink_to(share.top / "别处", target_is_directory=True)
    with pytest.raises(NotOurFolder):
        share.move_folder(old, new)
    assert {path.name for path in share.top.iterdir()} == {"夹", "别处", "链接"}
    assert [path.name for path in (share.top / "别处").iterdir()] == ["私.xlsx"]


def test_a_share_that_is_away_is_named_and_made_by_nobody(share: Share, tmp_path: Path) -> None:
    away = Share(tmp_path / "away")
    source = tmp_path / "spooled"
    source.write_bytes(b"1")
    for ask in (
        lambda: away.put(BOX, "表.xlsx", source), lambda: away.move_folder("旧", "新"), lambda: away.made(BOX).__enter__(),
    ):  # fmt: skip
        with pytest.raises(FileNotFoundError) as raised:
            ask()
        assert (raised.value.errno, raised.value.strerror, raised.value.filename) == (
            errno.ENOENT, "共享文件夹不可达", str(tmp_path / "away"),
        )  # fmt: skip
    assert not away.top.exists()
    assert (away.names(BOX), away.remove(BOX, "x"), away.take_back(BOX, "x", "")) == (frozenset(), False, True)


def test_a_folder_is_given_as_it_is_and_made_where_it_is_asked_for(share: Share) -> None:
    with pytest.raises(FileNotFoundError), share.folder(BOX):
        pass
    assert not (share.top / "张三").exists()
    with share.made(BOX) as folder:
        assert folder.path == share.top.joinpath(*BOX)
    with share.folder(BOX) as folder:
        assert (folder.path, folder.names()) == (share.top.joinpath(*BOX), [])
    with share.folder(()) as folder:
        assert (folder.path, folder.names()) == (share.top, ["张三"])


def test_what_was_put_is_made_durable_once_folder_by_folder(share: Share, monkeypatch: pytest.MonkeyPatch) -> None:
    put(share, "一.xlsx", b"1")
    put(share, "二.xlsx", b"2")
    put(share, "一.xlsx", b"1", ("王五", "取件"))
    put(share, "一.xlsx", b"1", ("走了", "取件"))
    shutil.rmtree(share.top / "走了")
    synced = list[tuple[str, ...]]()
    for kind in (Folder, PathFolder):
        monkeypatch.setattr(kind, "sync", lambda folder: synced.append(folder.path.relative_to(share.top).parts))
    share.sync()
    assert sorted(synced) == [BOX, ("王五", "取件")]
    share.sync()
    assert len(synced) == 2, "nothing was put since"
    put(share, "三.xlsx", b"3")
    share.sync()
    assert synced[2:] == [BOX]
    synced.clear()
    assert share.remove(BOX, "三.xlsx")
    assert share.take_back(("王五", "取件"), "一.xlsx", sha256(b"1").hexdigest())
    assert synced == [BOX, ("王五", "取件")], "what is gone is gone after a power cut"
    assert share.move_folder("王五", "王六")
    assert synced[2:] == [()]


def test_half_written_files_are_looked_for_once_in_each_folder(share: Share) -> None:
    put(share, "一.xlsx", b"1")
    half = share.top.joinpath(*BOX, f".~kebu-{'0' * 16}.tmp")
    half.write_bytes(b"")
    put(share, "二.xlsx", b"2")
    assert half.exists(), "it was looked for when the first one was put"
    Share(share.top).put(BOX, "三.xlsx", share.top.joinpath(*BOX, "一.xlsx"))
    assert not half.exists()


def test_what_a_crash_left_and_cannot_be_removed_keeps_nobody_from_writing(
    share: Share, monkeypatch: pytest.MonkeyPatch
) -> None:
    share.top.joinpath(*BOX).mkdir(parents=True)
    for digit in "01":
        share.top.joinpath(*BOX, f".~kebu-{digit * 16}.tmp").write_bytes(b"")
    for kind in (Folder, PathFolder):
        real = kind.remove

        def remove(folder: Any, name: str, real: Any = real) -> bool:
            if name.startswith(".~kebu-0000"):
                raise PermissionError(13, "in use")
            return bool(real(folder, name))

        monkeypatch.setattr(kind, "remove", remove)
    assert put(share, "表.xlsx", b"whole").read_bytes() == b"whole"
    assert sorted(share.names(BOX)) == [f".~kebu-{'0' * 16}.tmp", "表.xlsx"]


def test_folders_are_held_open_where_the_system_can(share: Share, request: pytest.FixtureRequest) -> None:
    held = request.node.callspec.params["share"]
    with share.folder(()) as top, share.made(BOX) as below:
        assert {type(top), type(below)} == {Folder if held else PathFolder}


def test_this_system_holds_folders_open_if_it_is_no_windows() -> None:
    assert bool(disk.share.BY_HANDLE) == (os.name != "nt")


def test_what_is_in_the_way_of_looking_is_no_file_of_its_owner(share: Share) -> None:
    put(share, "表.xlsx", b"1", (*BOX, "里"))
    assert share.set_aside(BOX, "里", ("",), "旧") == ""
    assert share.top.joinpath(*BOX, "里", "表.xlsx").exists()
    with pytest.raises(OSError, match="文件"):
        share.take_back(BOX, "里", "")


def test_a_large_file_is_copied_whole(share: Share) -> None:
    data = os.urandom(3 << 19) * 2
    assert put(share, "大.xlsx", data).read_bytes() == data
