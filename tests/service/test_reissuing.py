"""What was lost from 取件 comes back: open approval sheets by themselves, everything else by `reissue`, to the same bytes."""

from __future__ import annotations

import json
import os
import re
import shutil
import tarfile
import zlib
from pathlib import Path
from typing import Any

import pytest

from tests.company import Company as Played
from tests.company import a_company, a_company_with_a_customer, report, shot, visit
from tests.processes import Company, doomed, found, workbook
from tests.processes import report as written

NOON, LATER = "2026-11-23T12:00:00", "2026-11-23T15:00:00"
FROZEN = Path(__file__).parents[1] / "frozen" / "november.tar.xz"


def told(company: Company, command: str, *more: str, code: int = 0) -> dict[str, Any]:
    """What a command answers to machines."""
    ran = company.call(command, *more, "--json", "--now", LATER)
    assert ran.exit_code == code, ran.output
    answer: dict[str, Any] = json.loads(ran.stdout)
    return answer


@pytest.fixture(scope="module")
def answered(tmp_path_factory: pytest.TempPathFactory) -> Company:
    """A company in which two people have had their receipts, and a manager has a sheet to decide."""
    company = found(
        tmp_path_factory.mktemp("reissuing") / "answered", "2026-11-23T09:00:00", by='"run"'
    )  # nobody watches in a test
    for name in ("张三", "王五"):
        workbook(company.drop(name) / "日报.xlsx", {"销售日报": [written("2026-11-23")]})
    assert company.call("run", "--now", NOON).exit_code == 0
    return company


@pytest.fixture
def company(answered: Company, tmp_path: Path) -> Company:
    return answered.copy(tmp_path / "company")


def lose(company: Company, person: str, folder: str) -> list[str]:
    """Delete what lies in one of somebody's pick-up folders, folder and all; gives what that was."""
    gone = [name for name in company.pickups() if name.startswith(f"{person}/取件/{folder}/")]
    assert gone
    shutil.rmtree(company.share / person / "取件" / folder)
    return gone


# -- sheets


def test_a_deleted_sheet_that_is_still_open_comes_back_by_itself_with_its_pictures(tmp_path: Path) -> None:
    with a_company_with_a_customer(tmp_path) as co:
        co.drop("张三", "现场.jpg", shot("11-23 14:00", 2))
        co.hand_in("张三", 拜访记录=[visit()])
        co.run("11-23 18:00")
        top = co.share / "李四" / "取件" / "审批"
        next(top.glob("审批_客户新增_*")).unlink()  # decided this morning: nobody misses it
        before = contents(top)
        assert {path.suffix for path in before} == {".xlsx", ".jpg"}
        shutil.rmtree(top)
        co.run("11-23 18:05")
        assert contents(top) == before
        shutil.rmtree(top)  # and once more
        co.run("11-23 18:10")
        assert contents(top) == before
        (sheet,) = top.glob("审批_拜访记录_*.xlsx")
        co.decide("李四", sheet)
        sheet.unlink()
        co.run("11-23 18:10")
        co.run("11-23 18:15")
        assert contents(top) == {}  # decided: nothing is open, and nothing comes back


def test_a_sheet_that_is_being_handed_in_is_not_lost(tmp_path: Path) -> None:
    with a_company(tmp_path) as co:
        co.hand_in("张三", 销售日报=[report("2026-11-23")])
        co.run("11-23 18:00")
        sheet = co.approval("李四", "销售日报")
        co.decide("李四", sheet)
        dropped = co.share / "李四" / "投递" / sheet.name
        whole = dropped.read_bytes()
        sheet.unlink()
        dropped.write_bytes(whole[: len(whole) // 2])  # a slow copy: the rest is still to come
        assert co.run("11-23 18:05").settling == 1
        assert not sheet.exists()
        dropped.write_bytes(whole)
        assert co.run("11-23 18:10").decisions == 1
        assert not sheet.exists()


def contents(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


# -- everything else


def test_what_somebody_deleted_is_told_of_is_no_fault_and_comes_back_when_asked(company: Company) -> None:
    before = company.pickups()
    assert told(company, "status")["missing"] == {"people": {}, "wordless": 0}
    receipts, templates = lose(company, "张三", "回执"), lose(company, "王五", "模板")
    (company.share / "王五" / "取件" / "首页.html").unlink()
    n = len(templates) + 1
    assert told(company, "status")["missing"] == {"people": {"张三": len(receipts), "王五": n}, "wordless": 0}
    status = company.call("status", "--now", LATER)
    assert status.exit_code == 0
    assert f"取件里已不在的文件 {len(receipts) + n} 个" in status.output
    assert told(company, "verify")["missing"] == len(receipts) + n
    assert told(company, "reissue", "--person", "张三", "--since", "2026-11-24")["files"] == []
    assert told(company, "reissue", "--person", "张三")["files"] == receipts
    assert told(company, "verify")["missing"] == n
    assert sorted(told(company, "reissue")["files"]) == sorted([*templates, "王五/取件/首页.html"])
    assert company.pickups() == before
    assert told(company, "reissue")["files"] == []
    assert told(company, "verify")["missing"] == 0


def test_whoever_is_not_in_the_register_and_what_is_no_day_is_named(company: Company) -> None:
    assert "名册中没有这个人" in company.call("reissue", "--person", "李逵").output
    ran = company.call("reissue", "--since", "昨天")
    assert ran.exit_code == 2
    assert "--since" in ran.output


def test_a_folder_that_cannot_be_looked_into_has_lost_nothing(company: Company) -> None:
    shutil.move(company.share / "张三", company.home / "moved")
    assert told(company, "verify")["missing"] == 0
    (company.home / "moved").rename(company.share / "张三")
    lose(company, "张三", "回执")
    (company.share / "张三" / "取件" / "回执").write_text("a file of their own")
    assert told(company, "verify")["missing"] == 0


@pytest.mark.skipif(os.name == "nt", reason="SIGKILL and audited system calls are those of POSIX")
def test_killed_anywhere_it_is_finished_by_the_next_and_nothing_comes_twice(company: Company, tmp_path: Path) -> None:
    before, shipped = company.pickups(), company.ask("SELECT delivery_id, path FROM shipped ORDER BY 1")
    lose(company, "张三", "回执")
    lose(company, "李四", "审批")
    undisturbed = company.copy(tmp_path / "undisturbed")
    code, steps = doomed(undisturbed, 0, "reissue", "--now", LATER)
    assert code == 0, undisturbed.logs()
    assert undisturbed.pickups() == before
    for nth in (1, len(steps) // 3, len(steps) * 2 // 3, len(steps)):
        killed = company.copy(tmp_path / f"killed{nth}")
        assert doomed(killed, nth, "reissue", "--now", LATER)[0] == -9
        assert killed.call("reissue", "--now", LATER).exit_code == 0
        assert killed.pickups() == before, steps[nth - 1]
        assert killed.ask("SELECT delivery_id, path FROM shipped ORDER BY 1") == shipped
        assert killed.ask("SELECT * FROM due") == []
        assert not list((killed.book / "spool").iterdir())
        assert killed.call("verify").exit_code == 0


# -- what is kept for it, and how long


def words(co: Played) -> tuple[set[str], set[str]]:
    """The words that are kept, and those of what should lie in 取件."""
    kept = {line["sha256"] for line in co.ask("SELECT sha256 FROM told")}
    return kept, {line["told"] for line in co.ask("SELECT told FROM lying WHERE told IS NOT NULL")}


def test_words_are_kept_for_what_lies_there_and_for_nothing_else(tmp_path: Path) -> None:
    with a_company(tmp_path) as co:
        co.hand_in("张三", 销售日报=[report("2026-11-23")])
        co.run("11-23 18:00")
        kept, needed = words(co)
        assert kept == needed
        co.nightly("2026-11-23", "11-24 00:30")  # the page, the workbook and the newest report are told anew
        again, needed = words(co)
        assert again == needed
        assert kept - again
        receipts = {line["told"] for line in co.ask("SELECT told FROM lying WHERE path LIKE '张三/取件/回执/%'")}
        assert receipts
        (co.share / "张三" / "取件" / "回执").joinpath("2026-11").rename(tmp_path / "elsewhere")
        co.nightly("2027-06-01", "2027-06-02 00:30")
        kept, needed = words(co)
        assert kept == needed
        assert not kept & receipts
        assert co.ask("SELECT * FROM spare") == []


def test_what_a_version_without_words_delivered_is_named(tmp_path: Path) -> None:
    with tarfile.open(FROZEN) as packed:
        packed.extractall(tmp_path, filter="data")
    old = Company(tmp_path / "november")
    ran = old.call("reissue", "--person", "张伟", "--now", "2026-12-02T18:00:00")
    assert ran.exit_code == 1
    assert "没有补发文件" in ran.output
    assert re.search("张伟/取件/回执/.*xlsx：旧版本送达", ran.output)
    assert old.pickup("张伟", "回执") == []
    assert "旧版本送达的，补不出来" in old.call("status", "--now", "2026-12-02T18:00:00").output


def test_a_receipts_words_are_small(company: Company) -> None:
    """What it costs to be able to draw a receipt again (decision 099)."""
    words = company.ask("SELECT words FROM told WHERE sha256 IN (SELECT told FROM lying WHERE path LIKE '%/回执/%')")
    assert words
    for (each,) in words:
        assert json.loads(zlib.decompress(each))["kind"] == "Receipt"
        assert len(each) < 2000
