"""Three books of a group, one of them missing: what the others know is flagged, what is not known is said."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from ledger.branches import Branches
from service.upkeep.backups import back_up
from tests.company import (
    STAFF,
    Company,
    a_company,
    a_company_with_a_customer,
    customer,
    person,
    read,
    report,
    shot,
    table,
    visit,
)
from tests.flows.test_commands import call

NAME = "深圳市宏远电子有限公司"


@pytest.fixture(scope="module")
def canton(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The ledger of the branch in Canton, as its backup arrives: a customer of 张三, whose visit used a picture."""
    with a_company_with_a_customer(tmp_path_factory.mktemp("canton")) as co:
        co.drop("张三", "现场.jpg", shot("11-23 10:00", 7))
        co.hand_in("张三", "拜访.xlsx", 拜访记录=[visit()])
        co.run("11-23 12:00")
        co.approve("李四", "拜访记录", "11-23 13:00")
        yield back_up(co.service, "2026-11-23")


@pytest.fixture
def co(tmp_path: Path, canton: Path) -> Iterator[Company]:
    """The branch in Shenzhen, which knows of Canton, and of Zhuhai whose copy has never arrived."""
    lines = {
        'name = "本公司"                     # 本分公司': 'name = "深圳分公司"',
        "branches = ": f"branches = {{ \"广州分公司\" = '{canton}', \"珠海分公司\" = '{tmp_path / 'zhuhai' / 'ledger.db'}' }}",
    }
    with a_company(tmp_path, [person(each["姓名"], f"1390013800{n}", each["部门"], each["岗位"]) for n, each in enumerate(STAFF)], config=lines) as made:  # fmt: skip
        yield made


def findings(co: Company) -> list[tuple[str, str]]:
    return [
        (row["rule"], row["message"]) for row in co.ask("SELECT rule, message FROM findings WHERE rule LIKE 'group.%'")
    ]


def test_a_customer_and_a_picture_of_another_branch_are_flagged_and_the_missing_one_is_named(co: Company) -> None:
    co.drop("王五", "门头.jpg", shot("11-24 08:30", 99))
    co.hand_in("王五", 客户新增=[customer()])
    co.run("11-24 09:00")
    told = findings(co)
    assert ("group.customer.owned", f"广州分公司也有“{NAME}”，归属：张三") in told
    assert ("group.unknown", "珠海分公司的账本现在读不到，这一行没有与它核对") in told
    co.approve("李四", "客户新增", "11-24 09:30")
    co.drop("王五", "现场.jpg", shot("11-23 10:00", 7))
    co.hand_in("王五", "拜访.xlsx", 拜访记录=[visit()], 销售日报=[report("2026-11-24")])
    co.run("11-24 09:45")
    asked = [
        row["receipt_no"]
        for row in co.ask("SELECT receipt_no FROM findings WHERE rule = 'group.unknown' AND receipt_no >= '261124'")
    ]
    assert len(asked) == 2, "the customer and the visit; a report says nothing that another branch could know"
    (used,) = [words for rule, words in findings(co) if rule == "group.photo.used"]
    assert "已在广州分公司由 张三 在 2026-11-23 用于受理号" in used
    assert [row["status"] for row in co.ask("SELECT status FROM visits")] == ["pending"]  # flagged, not refused


def test_a_person_in_two_registers_is_flagged_and_entered(co: Company) -> None:
    co.hand_in("赵总", 人员新增=[person("新来的", "13800138000", "销售一部", "销售人员", 入职日期="2026-11-24")])
    co.run("11-24 09:00")
    assert ("group.person.registered", "手机号码 13800138000 在广州分公司登记给 张三，还在职") in findings(co)
    marked = co.ask('SELECT "column" FROM findings WHERE rule = ?', "group.person.registered")
    assert marked == [{"column": "手机号码"}]
    assert co.ask("SELECT name FROM people WHERE name = '新来的'")


def test_what_a_branch_said_stands_in_the_entry_and_replaying_asks_nobody(co: Company) -> None:
    co.drop("王五", "门头.jpg", shot("11-24 08:30", 99))
    co.hand_in("王五", 客户新增=[customer()])
    co.run("11-24 09:00")
    text = co.config.read_text("utf-8")
    co.config.write_text("\n".join(line for line in text.splitlines() if not line.startswith("branches = ")), "utf-8")
    assert call(co.config, "verify", "--all", "--json").json["differences"] == []
    assert any(rule == "group.customer.owned" for rule, _words in findings(co))


def test_status_names_the_branch_that_cannot_be_read(co: Company) -> None:
    said = call(co.config, "status", "--now", "2026-11-24T10:00:00")
    assert "珠海分公司的账本读不到" in said.err
    assert "广州分公司的账本读不到" not in said.err


def test_the_head_office_gets_one_overview_in_which_the_missing_branch_is_not_known(co: Company) -> None:
    co.drop("王五", "门头.jpg", shot("11-24 08:30", 99))
    co.hand_in("王五", 客户新增=[customer()])
    co.run("11-24 09:00")
    co.approve("李四", "客户新增", "11-24 09:30")
    target = co.folder / "集团概览.xlsx"
    said = call(co.config, "group", "--month", "2026-11", "--to", target, "--now", "2026-11-30T10:00:00", "--json")
    assert (said.code, said.json["away"]) == (1, ["珠海分公司"])
    lines = {line["分公司"]: line for line in table(target, "概览")}
    assert (lines["深圳分公司"]["客户"], lines["广州分公司"]["本月拜访"]) == (1, 1)
    assert lines["珠海分公司"]["客户"] == "不知道"
    (same,) = table(target, "同一客户")
    assert same["分公司"] == "深圳分公司、广州分公司"
    assert "读不到：珠海分公司" in read(target).text


@pytest.mark.skipif(os.name == "nt", reason="a pipe stands for a share that hangs")
def test_a_branch_that_hangs_is_left_behind(tmp_path: Path, canton: Path) -> None:
    os.mkfifo(tmp_path / "hangs.db")
    group = Branches({"挂起": tmp_path / "hangs.db", "广州": canton}, 0.2)
    assert group.everywhere("SELECT COUNT(*) AS n FROM s_customers") == {"广州": [{"n": 1}]}
    assert group.unheard()["挂起"]


def test_a_copy_in_wal_mode_on_a_share_that_is_mounted_read_only_is_read(tmp_path: Path) -> None:
    if shutil.which("unshare") is None or subprocess.run(["unshare", "-m", "true"], check=False).returncode:
        pytest.skip("needs the right to mount")
    share = tmp_path / "share"
    share.mkdir()
    with closing(sqlite3.connect(share / "ledger.db")) as db:
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("CREATE TABLE s_customers (name)")
    asked = "import sys; from pathlib import Path; from ledger.branches import Branches\n"
    asked += "print(Branches({'广州': Path(sys.argv[1])}).everywhere('SELECT COUNT(*) AS n FROM s_customers'))"
    mounted = 'mount --bind "$1" "$1" && mount -o remount,bind,ro "$1" && "$2" -X utf8 -c "$3" "$1/ledger.db"'
    command = ["unshare", "-m", "sh", "-c", mounted, "sh", str(share), sys.executable, asked]
    done = subprocess.run(command, capture_output=True, check=False, cwd=Path(__file__).parents[2])
    assert done.stdout.decode().strip() == "{'广州': [{'n': 0}]}", done.stderr.decode()


def test_a_damaged_copy_is_not_known(tmp_path: Path) -> None:
    (tmp_path / "half.db").write_bytes(b"SQLite format 3\x00" + bytes(300))
    group = Branches({"半份": tmp_path / "half.db"})
    assert group.everywhere("SELECT 1 FROM s_customers") == {}
    assert group.unheard().keys() == {"半份"}
