"""Links and other traps that somebody lays in the share: played through folders, each against the real service."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from disk.bypath import PathFolder
from disk.folder import Folder, NotOurFolder
from disk.share import Share
from tests.processes import Company, decide, found, report, workbook

EVENING, LATER = "2026-11-23T19:00:00", "2026-11-23T19:30:00"

pytestmark = pytest.mark.skipif(os.name == "nt", reason="whoever makes a symbolic link on Windows is an administrator")


@pytest.fixture
def company(tmp_path: Path) -> Company:
    made = found(tmp_path / "company")
    workbook(made.drop("张三") / "今天.xlsx", {"销售日报": [report("2026-11-23")]})
    workbook(made.drop("王五") / "今天.xlsx", {"销售日报": [report("2026-11-23", "拜访了三家客户，谈定一份合同。")]})
    return made


def is_whole(company: Company) -> None:
    with closing(sqlite3.connect(company.book / "ledger.db")) as db:
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    proof = company.call("verify")
    assert proof.exit_code == 0, proof.output


def reports_in_book(company: Company) -> list[str]:
    return [str(person) for (person,) in company.ask("SELECT person FROM daily_reports ORDER BY person")]


def test_links_under_every_name_that_we_used_to_write_do_not_reach_the_ledger(company: Company) -> None:
    """Played as it was found: ``.~kebu-<id>.tmp`` in one's own 取件, pointing at the ledger."""
    receipts = company.share / "张三" / "取件" / "回执"
    receipts.mkdir(exist_ok=True)
    for number in range(1, 200):
        (receipts / f".~kebu-{number}.tmp").symlink_to(company.book / "ledger.db")
    assert company.call("run", "--now", EVENING).exit_code == 0
    assert reports_in_book(company) == ["张三", "王五"]
    is_whole(company)


def test_a_link_under_the_name_of_a_file_that_is_due_is_replaced_and_not_followed(company: Company) -> None:
    target = company.share / "张三" / "取件" / "模板" / "销售日报.xlsx"
    victim = company.home / "victim.txt"
    victim.write_text("mine")
    workbook(company.drop("张三") / "乱.xlsx", {"采购": [{"品名": "螺丝"}]})
    target.unlink()
    target.symlink_to(victim)
    before = set(company.pickups())
    done = company.copy(company.home.parent / "rehearsal")
    assert done.call("run", "--now", EVENING).exit_code == 0
    for name in set(done.pickups()) - before:
        if name.startswith("张三/取件/回执/"):
            (company.share / name).parent.mkdir(parents=True, exist_ok=True)
            (company.share / name).symlink_to(victim)
    assert company.call("run", "--now", EVENING).exit_code == 0
    assert victim.read_text() == "mine"
    assert all(not path.is_symlink() for path in company.pickup("张三", "回执"))
    is_whole(company)


@pytest.mark.parametrize("where", ["取件", "取件/回执"])
def test_a_pickup_folder_that_is_a_link_is_refused_named_and_nothing_is_lost(company: Company, where: str) -> None:
    folder, elsewhere = company.share / "张三" / where, company.home / "elsewhere"
    elsewhere.mkdir()
    aside = folder.with_name("原来的")
    if folder.exists():
        folder.rename(aside)
    folder.symlink_to(elsewhere, target_is_directory=True)
    done = company.call("run", "--now", EVENING)
    assert done.exit_code == 1
    assert "张三" in done.output
    assert "快捷链接" in done.output
    assert list(elsewhere.iterdir()) == []
    assert "今天" in "".join(path.name for path in company.pickup("王五", "回执")), "a colleague waits for nothing"
    asked = company.call("status", "--now", EVENING)
    assert asked.exit_code == 1
    assert "张三" in asked.output
    assert "快捷链接" in asked.output
    folder.unlink()
    if aside.exists():
        aside.rename(folder)
    assert company.call("run", "--now", LATER).exit_code == 0
    assert any("今天" in path.name for path in company.pickup("张三", "回执"))
    is_whole(company)


def test_a_finished_sheet_is_not_removed_through_a_link(company: Company) -> None:
    """The folder of 审批 becomes a link to a colleague's, in which a file of the same name lies."""
    assert company.call("run", "--now", EVENING).exit_code == 0
    (sheet,) = company.pickup("李四", "审批")
    decide(sheet, company.drop("李四"), {"*": "同意"})
    assert company.call("run", "--now", LATER).exit_code == 0
    folder, elsewhere = sheet.parent, company.home / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / sheet.name).write_bytes(b"somebody else's")
    folder.rename(folder.with_name("原来的"))
    folder.symlink_to(elsewhere, target_is_directory=True)
    company.call("nightly", "--now", "2026-11-24T00:30:00")
    assert (elsewhere / sheet.name).read_bytes() == b"somebody else's"


# -- the two kinds of folder do the same


@pytest.fixture(params=[Folder.top, PathFolder.top], ids=["by handle", "by path"])
def top(request: pytest.FixtureRequest) -> Callable[[Path], Folder | PathFolder]:
    opening: Callable[[Path], Folder | PathFolder] = request.param
    return opening


def test_a_file_is_put_whole_in_the_place_of_a_link(top: Callable[[Path], Folder], tmp_path: Path) -> None:
    (tmp_path / "victim").write_bytes(b"mine")
    (tmp_path / "a").symlink_to(tmp_path / "victim")
    with top(tmp_path) as folder:
        folder.put("a", lambda stream: stream.write(b"new"))
    assert ((tmp_path / "a").read_bytes(), (tmp_path / "victim").read_bytes()) == (b"new", b"mine")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a", "victim"]


def test_what_fails_while_it_is_written_leaves_nothing(top: Callable[[Path], Folder], tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"old")

    def breaks(stream: object) -> None:
        raise OSError(28, "No space left on device")

    with top(tmp_path) as folder, pytest.raises(OSError, match="No space"):
        folder.put("a", breaks)
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("a", b"old")]


def test_a_link_or_a_file_is_no_folder(top: Callable[[Path], Folder], tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real", target_is_directory=True)
    (tmp_path / "file").write_bytes(b"")
    with top(tmp_path) as folder:
        for name in ("link", "file"):
            with pytest.raises(NotOurFolder):
                folder.sub(name)
        with pytest.raises(FileNotFoundError):
            folder.sub("nothing")
        folder.make("made")
        folder.make("made")
        folder.sub("made").close()


@pytest.mark.parametrize("name", ["", ".", "..", "a/b", "../a", "a\0b"])
def test_a_path_is_no_name(top: Callable[[Path], Folder], tmp_path: Path, name: str) -> None:
    with top(tmp_path) as folder, pytest.raises(ValueError, match="single name"):
        folder.put(name, lambda stream: stream.write(b""))


def test_a_link_is_removed_and_not_what_it_points_to(top: Callable[[Path], Folder], tmp_path: Path) -> None:
    (tmp_path / "victim").write_bytes(b"mine")
    (tmp_path / "a").symlink_to(tmp_path / "victim")
    with top(tmp_path) as folder:
        assert folder.remove("a")
        assert not folder.remove("a")
        (tmp_path / "b").symlink_to(tmp_path / "victim")
        with pytest.raises(OSError, match="b"):
            folder.open("b")
    assert (tmp_path / "victim").read_bytes() == b"mine"


def test_a_folder_changed_for_a_link_after_it_was_opened_leads_nowhere(tmp_path: Path) -> None:
    share, elsewhere = tmp_path / "share", tmp_path / "elsewhere"
    (share / "张三").mkdir(parents=True)
    elsewhere.mkdir()
    with Share(share).folder(("张三",)) as folder:
        (share / "张三").rename(share / "原来的")
        (share / "张三").symlink_to(elsewhere, target_is_directory=True)
        folder.put("a", lambda stream: stream.write(b"x"))
    assert list(elsewhere.iterdir()) == []
    assert (share / "原来的" / "a").read_bytes() == b"x"


# -- a folder that gets another name


@pytest.mark.parametrize("by_handle", [True, False] if os.name != "nt" else [False])
def test_a_folder_moves_into_one_that_stands_already_and_overwrites_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, by_handle: bool
) -> None:
    monkeypatch.setattr("disk.share.BY_HANDLE", by_handle)
    share = Share(tmp_path)
    assert not share.move_folder("张三", "张三丰")
    for name, said in (("张三/投递/a.xlsx", "old"), ("张三/投递/深/b.xlsx", "deep"), ("张三丰/投递/a.xlsx", "new")):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(said)
    assert share.move_folder("张三", "张三丰")
    found = {path.relative_to(tmp_path).as_posix(): path.read_text() for path in tmp_path.rglob("*.xlsx")}
    assert found == {
        "张三丰/投递/a.xlsx": "new", "张三丰/投递/a-2.xlsx": "old", "张三丰/投递/深/b.xlsx": "deep",
    }  # fmt: skip
    assert not (tmp_path / "张三").exists()
    assert share.move_folder("张三丰", "张叁")
    assert (tmp_path / "张叁/投递/深/b.xlsx").is_file()


@pytest.mark.parametrize("by_handle", [True, False] if os.name != "nt" else [False])
def test_a_link_is_never_moved_into_or_out_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, by_handle: bool) -> None:
    monkeypatch.setattr("disk.share.BY_HANDLE", by_handle)
    share, elsewhere = Share(tmp_path / "share"), tmp_path / "elsewhere"
    (tmp_path / "share/张三").mkdir(parents=True)
    (tmp_path / "share/张三/a.txt").write_text("own")
    elsewhere.mkdir()
    (tmp_path / "share/张三丰").symlink_to(elsewhere)
    with pytest.raises(NotOurFolder):
        share.move_folder("张三", "张三丰")
    with pytest.raises(NotOurFolder):
        share.move_folder("张三丰", "李四")
    assert list(elsewhere.iterdir()) == []
    assert (tmp_path / "share/张三/a.txt").read_text() == "own"
