"""What staff see, walked name by name: only what is ours is taken back, and what a crash left half written goes."""

from __future__ import annotations

import os
from hashlib import sha256
from pathlib import Path

import pytest

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
