"""The commands as a person or a scheduler calls them: exit codes, ``--json``, words."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

import sync
from tests.company import STAFF, Company, a_company, a_company_with_a_customer, report, shot, visit, write, write_config


@dataclass(frozen=True)
class Said:
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, Any]:
        """The one object that ``--json`` prints."""
        found = json.loads(self.out)
        assert isinstance(found, dict)
        return found


def call(config: Path, *arguments: str | Path) -> Said:
    """One command, in this process."""
    done = CliRunner().invoke(sync.app, ["--config", str(config), *map(str, arguments)])
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    return Said(done.exit_code, done.stdout, done.stderr)


@pytest.fixture
def co(tmp_path: Path) -> Iterator[Company]:
    with a_company(tmp_path) as made:
        yield made


def test_init_run_nightly_and_monthly_succeed_and_tell_what_they_did(tmp_path: Path) -> None:
    config = write_config(tmp_path, {})
    roster = write(tmp_path / "名册.xlsx", {"人员新增": STAFF})
    made = call(config, "init", "--roster", roster, "--now", "2026-11-20T09:00:00", "--json")
    assert (made.code, made.json["people"]) == (0, len(STAFF))
    write(
        tmp_path / "share/张三/投递/今天.xlsx",
        {"销售日报": [report("2026-11-23"), report("2026-11-24")]},
    )
    ran = call(config, "run", "--now", "2026-11-23T18:00:00", "--json")
    assert ran.code == 0  # a row was returned: that is not an error
    assert ran.json["outcomes"] == {"待审批": 1, "退回": 1}
    assert (ran.json["files"], ran.json["sheets_issued"]) == (1, 1)
    night = call(config, "nightly", "--now", "2026-11-24T00:30:00", "--json")
    assert (night.code, night.json["counts"]) == (0, {"缺交": 2, "按时": 1})
    assert night.json["period"] == "日报合规_2026-11-23"
    month = call(config, "monthly", "--now", "2026-12-01T01:00:00", "--json")
    assert (month.code, month.json["period"]) == (0, "日报扣款_2026-11")
    assert call(config, "verify", "--json").json["differences"] == []


def test_words_are_for_people_and_quiet_says_nothing(co: Company) -> None:
    co.hand_in("张三", 销售日报=[report("2026-11-23")])
    said = call(co.config, "run", "--now", "2026-11-23T18:00:00")
    assert "待审批 1 行" in said.out
    assert "发出审批单 1 份" in said.out
    assert call(co.config, "run", "--now", "2026-11-23T18:01:00", "--quiet").out == ""


def test_returned_rows_of_the_roster_need_the_operator(tmp_path: Path) -> None:
    config = write_config(tmp_path, {})
    roster = write(tmp_path / "名册.xlsx", {"人员新增": [*STAFF, {**STAFF[0], "手机号码": "1", "姓名": "某人"}]})
    said = call(config, "init", "--roster", roster, "--now", "2026-11-20T09:00:00")
    assert said.code == 1
    assert "名册中有行被退回" in said.err
    assert f"在册人员 {len(STAFF)} 人" in said.out


@pytest.mark.parametrize(
    "arguments",
    [
        ("init", "--roster", "没有.xlsx"), ("run", "--now", "昨天"), ("nightly", "--date", "11月23日"),
        ("nightly", "--date", "2026-11-23", "--now", "2026-11-23T18:00:00"), ("monthly", "--month", "2026-13"),
        ("monthly", "--month", "2027-01", "--now", "2026-11-23T18:00:00"), ("explain", "没有"), ("nothing",), ("check",),
    ],
    ids=lambda given: " ".join(given),
)  # fmt: skip
def test_a_call_that_makes_no_sense_is_usage(co: Company, arguments: tuple[str, ...]) -> None:
    assert call(co.config, *arguments).code == 2


@pytest.mark.parametrize(
    ("start", "line", "words"),
    [
        ("deduction_yuan = ", 'deduction_yuan = "二十"', "daily_report.deduction_yuan"),
        ("due = ", 'due = "8点"', "daily_report.due"),
        ("near_m = ", "nah_m = 500", "photos.nah_m"),
        ("[rules]", '[rules]\n"visit.photo.edted" = "flag"', "visit.photo.edted"),
    ],
)
def test_a_mistake_in_the_config_stops_the_start_with_key_and_line(
    tmp_path: Path, start: str, line: str, words: str
) -> None:
    config = write_config(tmp_path, {start: line})
    number = config.read_text(encoding="utf-8").split("\n").index(line.split("\n")[-1]) + 1
    done = subprocess.run(
        [sys.executable, Path(sync.__file__), "--config", config, "status"],
        capture_output=True, text=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert words in done.stderr
    assert f"第 {number} 行" in done.stderr
    assert "Traceback" not in done.stderr


def test_check_prints_what_a_receipt_would_say_and_takes_nothing(tmp_path: Path) -> None:
    with a_company_with_a_customer(tmp_path) as co:
        book = write(tmp_path / "草稿.xlsx", {"拜访记录": [visit("现场.jpg"), visit("现场.jpg", 拜访对象="无")]})
        entries = co.ask("SELECT COUNT(*) AS n FROM journal")
        files = sorted(tmp_path.rglob("*.xlsx"))
        said = call(co.config, "check", book, "--as", "张三", "--now", "2026-11-23T18:00:00", "--json")
        assert said.code == 0
        first, second = said.json["files"]
        assert (first["outcome"], first["missing_photos"]) == ("待补照片", ["现场.jpg"])
        assert second["outcome"] == "退回"
        assert "不是拜访对象的姓名" in second["findings"][0]["message"]
        told = call(co.config, "check", book, "--as", "张三", "--now", "2026-11-23T18:00:00").out
        assert "拜访记录 第 3 行：退回" in told
        assert co.ask("SELECT COUNT(*) AS n FROM journal") == entries
        assert sorted(tmp_path.rglob("*.xlsx")) == files
        assert call(co.config, "check", book, "--as", "没有这人").code == 1
        assert call(co.config, "check", tmp_path / "没有.xlsx", "--as", "张三").code == 1


def test_status_has_everything_that_waits(co: Company) -> None:
    co.hand_in("张三", 销售日报=[report("2026-11-20")])
    co.run("11-20 18:00")
    said = call(co.config, "status", "--now", "2026-11-20T18:30:00", "--json")
    assert said.code == 0
    assert [row["approver"] for row in said.json["waiting_for_decision"]] == ["李四"]
    assert said.json["watcher"]["running"] is False
    told = call(co.config, "status", "--now", "2026-11-20T18:30:00").out
    assert "等待审批：李四  销售日报" in told
    assert "监视没有运行" in told
    late = call(co.config, "status", "--now", "2026-11-25T09:00:00")
    assert late.code == 1
    assert "还没有关账的日子" in late.err


def test_explain_tells_the_whole_story_of_a_row(tmp_path: Path) -> None:
    with a_company_with_a_customer(tmp_path) as co:
        co.drop("张三", "现场.jpg", shot("11-23 14:00", 2, place=None))
        co.hand_in("张三", "周一.xlsx", 拜访记录=[visit()])
        co.run("11-23 18:00")
        number = co.receipt("张三", "周一").row("拜访记录")["受理号"]
        co.decide("李四", co.approval("李四", "拜访记录"), comment="电话核实过")
        co.run("11-23 19:00")
        story = call(co.config, "explain", number).out
        (file,) = co.ask("SELECT sha256 FROM files WHERE name = '周一.xlsx'")
        entries = co.ask("SELECT seq, hash FROM journal WHERE subject = ?", number)
        for words in ("周一.xlsx", "第 2 行", file["sha256"], "拜访对象：李红", "没有定位信息", "客户拜访 5.2(4)",
                      "李四 同意 电话核实过", "row.received", "decision.made", *(entry["hash"] for entry in entries)):  # fmt: skip
            assert words in story, words
        assert call(co.config, "explain", number, "--json").json["receipt_no"] == number


def test_policy_lists_every_clause_with_its_rules(co: Company) -> None:
    from policy.clauses import clauses

    said = call(co.config, "policy", "--json").json
    assert {clause["id"] for clause in said["clauses"]} == set(clauses())
    assert "客户拜访 5.2(4)" in call(co.config, "policy").out


def test_options_may_stand_before_or_after_the_command(co: Company) -> None:
    done = CliRunner().invoke(
        sync.app, ["status", "--config", str(co.config), "--now", "2026-11-20T18:00:00", "--json"]
    )
    assert done.exit_code == 0
    assert json.loads(done.stdout)["at"].startswith("2026-11-20T18:00:00")


def test_a_backup_is_a_ledger_that_can_be_asked(co: Company) -> None:
    import sqlite3

    path = Path(call(co.config, "backup", "--json").json["backup"])
    with sqlite3.connect(path) as db:
        assert db.execute("SELECT COUNT(*) FROM people").fetchone() == (len(STAFF),)


def test_a_file_that_is_no_ledger_is_told_without_a_trace(tmp_path: Path) -> None:
    config = write_config(tmp_path, {})
    (tmp_path / "book").mkdir()
    (tmp_path / "book" / "ledger.db").write_bytes(b"not a database, whatever its name says" * 40)
    done = subprocess.run(
        [sys.executable, Path(sync.__file__), "--config", config, "status"],
        capture_output=True, text=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert "需要处理" in done.stderr
    assert "Traceback" not in done.stderr
