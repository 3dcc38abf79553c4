"""Set-up: a roster becomes folders, a register and templates, and may come again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

import openpyxl
import pytest

from intake.reading import workbook_at
from intake.sandbox.readers import Failure
from service.answers.checking import check_files
from service.company import open_service
from service.founding import found
from service.taking import take_everything
from tests.company import FOUNDED, STAFF, Company, a_company, person, read, report, write
from tests.ways.failing import Failing


@pytest.fixture
def co(tmp_path: Path) -> Iterator[Company]:
    with a_company(tmp_path) as made:
        yield made


def templates(co: Company, name: str) -> set[str]:
    return {path.stem for path in (co.share / name / "取件" / "模板").iterdir()}


def test_everybody_gets_a_folder_and_the_templates_of_their_post(co: Company) -> None:
    assert {path.name for path in co.share.iterdir()} == {row["姓名"] for row in STAFF}
    assert all((co.share / row["姓名"] / "投递").is_dir() for row in STAFF)
    assert {"客户新增", "拜访记录", "销售日报", "个人工作簿"} <= templates(co, "张三")
    assert "日报豁免" not in templates(co, "张三")
    assert {"日报豁免", "个人工作簿"} <= templates(co, "孙人")
    assert "人员新增" in templates(co, "赵总")


def test_setting_up_again_changes_nothing_that_anybody_sees(co: Company) -> None:
    views = "people", "daily_reports", "deliveries"
    before = {path: path.read_bytes() for path in co.share.rglob("*") if path.is_file()}
    said = {view: co.ask(f"SELECT * FROM {view}") for view in views}
    again = co.found(STAFF, "11-21 09:00")
    assert set(map(str, again.outcomes)) == {"重复"}
    assert again.people == len(STAFF)
    assert {view: co.ask(f"SELECT * FROM {view}") for view in views} == said
    assert {path: path.read_bytes() for path in co.share.rglob("*") if path.is_file()} == before


def test_a_second_roster_adds_those_who_are_new(co: Company) -> None:
    more = [*STAFF, person("何九", "13800138009", "销售一部", "销售人员")]
    made = co.found(more, "11-21 09:00")
    assert list(map(str, made.outcomes)) == ["重复"] * len(STAFF) + ["已受理"]
    assert "销售日报" in templates(co, "何九")


def test_rows_with_errors_come_back_with_all_findings_and_the_others_are_taken(tmp_path: Path) -> None:
    bad = person("吴/十", "1380013", "销售一部", "销售", 客户数量上限="很多")
    with a_company(tmp_path, []) as co:
        made = co.found([STAFF[0], bad, person("郑一", "13800138010", "销售一部", "销售人员", 最长跟进天数=0)])
        assert list(map(str, made.outcomes)) == ["已受理", "退回", "退回"]
        assert [row["name"] for row in co.ask("SELECT name FROM people")] == ["张三"]
        assert made.receipt is not None
        told = read(made.receipt).rows("人员新增")
        for words in ("姓名", "手机号码", "岗位", "客户数量上限"):
            assert words in told[1]["说明"]
        assert "最长跟进天数" in told[2]["说明"]


def test_a_file_that_is_no_roster_is_answered_in_words(tmp_path: Path) -> None:
    with a_company(tmp_path, []) as co:
        book = openpyxl.Workbook()
        book.save(tmp_path / "别的.xlsx")
        assert "人员新增" in found(co.service, tmp_path / "别的.xlsx", co.clock(FOUNDED)).trouble


@pytest.mark.parametrize(("kind", "words"), [("time", "读取时间过长，已中止"), ("crash", "读取程序异常退出")])
def test_a_roster_that_no_reader_came_to_the_end_of_blames_the_machine_first(
    tmp_path: Path, kind: Literal["time", "crash"], words: str
) -> None:
    with a_company(tmp_path, []) as co:
        roster = write(tmp_path / "名册.xlsx", {"人员新增": STAFF})
        failing: Any = Failing(co.service.readers, Failure(kind, "reader"), workbook_at)
        slow = replace(co.service, readers=failing)
        trouble = found(slow, roster, co.clock(FOUNDED)).trouble
        assert words in trouble
        assert "过几分钟再试一次" in trouble
        (told,) = check_files(slow, [roster], None, co.clock(FOUNDED)).data
        assert words in told["refused"]
        assert kind not in told["refused"]
        assert found(co.service, roster, co.clock(FOUNDED)).trouble == ""


def test_two_people_of_one_name_are_told_apart_by_their_phones(tmp_path: Path) -> None:
    twins = [
        person("王伟", "13911110001", "销售一部", "销售人员"),
        person("王伟", "13911110002", "销售二部", "销售人员"),
    ]
    with a_company(tmp_path, [*STAFF, *twins]) as co:
        assert (co.share / "王伟0001" / "投递").is_dir()
        assert (co.share / "王伟0002" / "投递").is_dir()
        co.hand_in("王伟0002", 销售日报=[report("2026-11-20")])
        co.run("11-20 18:00")
        assert co.ask("SELECT person FROM daily_reports") == [{"person": "王伟0002"}]


def test_a_namesake_who_joins_later_is_told_apart_too(co: Company) -> None:
    co.found([person("张三", "13911110003", "销售二部", "销售人员")], "11-21 09:00")
    assert (co.share / "张三0003" / "投递").is_dir()
    assert (co.share / "张三" / "投递").is_dir()


def test_the_sales_manager_adds_a_colleague_through_the_drop_folder(co: Company) -> None:
    co.hand_in("赵总", 人员新增=[person("何九", "13800138009", "销售一部", "销售人员")])
    co.hand_in("李四", 人员新增=[person("何十", "13800138010", "销售一部", "销售人员")])
    co.run("11-23 10:00")
    assert co.receipt("赵总").outcomes("人员新增") == ["已受理"]
    assert co.receipt("李四").outcomes("人员新增") == ["退回"]
    assert "个人工作簿" in templates(co, "何九")
    assert not (co.share / "何十").exists()


def test_a_service_that_is_running_learns_of_people_who_another_process_registered(co: Company) -> None:
    with open_service(co.service.settings) as running:
        assert "何九" not in running.people(co.clock("11-23 10:00").date())
        co.found([person("何九", "13800138009", "销售一部", "销售人员")], "11-23 10:00")
        co.hand_in("何九", 销售日报=[report("2026-11-23")])
        now = co.clock("11-23 18:00")
        assert take_everything(running, now, arrival=now).files == 1
    assert co.dropped() == []
