"""Nobody left in the dark: what nobody could read, who is fined, what a person-day was, words that say what to do."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest

from tests.company import STAFF, Company, a_company, a_company_with_a_customer, person, report, visit
from tests.flows.test_commands import call

WITHOUT_HR = tuple(each for each in STAFF if each["岗位"] != "人力资源部")
HR = person("孙人", "13800138005", "人力资源部", "人力资源部", 入职日期="2027-02-01")


@pytest.fixture
def co(tmp_path: Path) -> Iterator[Company]:
    with a_company(tmp_path) as made:
        yield made


def test_a_deduction_workbook_that_nobody_may_read_waits_for_whoever_takes_up_the_post(tmp_path: Path) -> None:
    with a_company(tmp_path, WITHOUT_HR) as co:
        month = call(co.config, "monthly", "--month", "2026-11", "--now", "2026-12-01T01:00:00")
        assert month.code == 1
        assert "日报扣款_2026-11 没有人收：人力资源部没有人担任" in month.err
        again = call(co.config, "monthly", "--month", "2026-11", "--now", "2026-12-02T01:00:00")
        assert again.code == 1
        assert "没有变化" not in again.out
        asked = call(co.config, "status", "--now", "2026-12-02T09:00:00")
        assert asked.code == 1
        assert "没有人收：日报扣款_2026-11 没有人收" in asked.err
        co.hand_in("赵总", 人员新增=[HR])
        co.run("2027-02-01 09:00")
        assert co.report("孙人", "日报扣款_2026-11").rows("明细")
        assert "日报扣款" not in call(co.config, "status", "--now", "2027-02-01T09:10:00").err
        told = co.new("孙人", "报表")
        co.run("2027-02-01 09:20")
        assert (len(told), co.new("孙人", "报表")) == (1, [])


def test_the_day_s_report_waits_for_supervision_too(tmp_path: Path) -> None:
    people = tuple(each for each in STAFF if each["岗位"] != "企管部")
    with a_company(tmp_path, people) as co:
        night = call(co.config, "nightly", "--date", "2026-11-23", "--now", "2026-11-24T00:30:00")
        assert night.code == 1
        assert "日报合规_2026-11-23 没有人收：企管部没有人担任" in night.err
        assert co.report("李四", "日报合规_2026-11-23"), "the department's manager has their part"
        co.hand_in("赵总", 人员新增=[person("钱督", "13800138004", "企管部", "企管部", 入职日期="2026-11-25")])
        co.run("11-25 09:00")
        lines = co.report("钱督", "日报合规_2026-11-23").rows("明细")
        assert [line["姓名"] for line in lines] == ["张三", "王五", "陈六"]


def test_who_is_fined_is_told_the_same_night_and_when_it_is_lifted(co: Company) -> None:
    co.hand_in("王五", 销售日报=[report("2026-11-23")])
    co.run("11-23 18:00")
    co.new("张三")
    co.new("王五")
    co.nightly("2026-11-23", "11-24 00:30")
    told = co.receipt("张三", "日报缺交").text
    for words in ("2026-11-23 的销售日报到 11-23 23:59 没有收到", "扣款 20.00 元", "销售日报 7(4)", "没有覆盖当日的豁免登记",
                  "日报豁免", "12-01 01:00"):  # fmt: skip
        assert words in told, words
    assert co.new("王五") == []
    co.nightly("2026-11-23", "11-24 01:30")
    assert co.new("张三") == [], "told once"
    leave = {"姓名": "张三", "开始日期": "2026-11-23", "结束日期": "2026-11-23", "原因": "病假"}
    co.hand_in("李四", 日报豁免=[leave])
    co.run("11-24 09:00")
    co.nightly("2026-11-23", "11-24 09:30")
    assert "不再算缺交，不扣款：现为“豁免”" in co.receipt("张三", "缺交撤销").text


def test_explain_tells_the_whole_story_of_a_person_day(co: Company) -> None:
    co.hand_in("张三", "晚了.xlsx", 销售日报=[report("2026-11-23", 明日工作计划=None)])
    co.run("11-23 18:00")
    co.hand_in("王五", "日报.xlsx", 销售日报=[report("2026-11-23")])
    co.run("11-23 20:30")
    co.decide("李四", co.approval("李四", "销售日报"), comment="写得清楚")
    co.run("11-23 21:00")
    co.nightly("2026-11-23", "11-24 00:30")
    co.monthly("2026-11", "12-01 01:00")
    stories = {
        name: call(co.config, "explain", name, "2026-11-23", "--now", "2026-12-02T09:00:00").out
        for name in ("张三", "王五", "陈六")
    }
    for words in ("要交日报", "截止 11-23 20:00", "晚了.xlsx", "明日工作计划：", "第 1 版"):
        assert words in stories["张三"], words
    for words in ("日报.xlsx", "11-23 20:30 收到  已通过", "李四 11-23 21:00 同意：写得清楚", "结论：迟交，不扣款"):
        assert words in stories["王五"], words
    for words in ("当天投递的文件：没有", "这一天的日报：没有收到过", "没有覆盖当日的豁免登记", "结论：缺交，按缺交扣款",
                  "日报合规_2026-11-23 第 1 版", "日报扣款_2026-11 第 1 版", "列入扣款：工作日依据"):  # fmt: skip
        assert words in stories["陈六"], words
    said = call(co.config, "explain", "张三", "2026-11-22", "--now", "2026-12-02T09:00:00", "--json").json
    assert (said["person"], said["date"]) == ("张三", "2026-11-22")
    assert any("休息日，不用交日报" in line for line in said["story"])
    assert call(co.config, "explain", "没有这人", "2026-11-23").code == 2
    assert call(co.config, "explain", "张三", "昨天").code == 2


def test_explain_speaks_chinese(tmp_path: Path) -> None:
    with a_company_with_a_customer(tmp_path) as co:
        story = call(co.config, "explain", "261123-0001").out
        assert "customer_key" not in story
        assert "[" not in story.split("账本记录")[0]
        assert "状态 已通过" in story


def test_a_file_that_arrived_today_says_nothing_about_days_long_over(tmp_path: Path) -> None:
    """Real clock: the service was away for a fortnight; one file is still being copied when it catches up."""
    with a_company(tmp_path, config={"settle_seconds = ": "settle_seconds = 3600"}) as co:
        co.hand_in("张三", 销售日报=[report("2026-11-23")])
        path = co.share / "张三" / "投递" / "今天.xlsx"
        seen = datetime.fromtimestamp(path.stat().st_ctime, co.service.zone)
        from service.closing import out_of_sight
        from service.days.periods import hidden_on

        hidden = out_of_sight(co.service, seen, None)
        assert hidden_on(hidden, seen.date()) == ["张三"]
        assert hidden_on(hidden, co.clock("11-20 00:00").date()) == []
        (co.share / "王五" / "投递").rmdir()
        assert hidden_on(out_of_sight(co.service, seen, None), co.clock("11-20 00:00").date()) == ["王五"]
        os.utime(path)


def test_status_wants_a_watcher_unless_the_config_says_that_none_runs(tmp_path: Path) -> None:
    with a_company(tmp_path / "one", config={"by = ": 'by = "watch"'}) as co:
        asked = call(co.config, "status", "--now", "2026-11-20T10:00:00")
        assert asked.code == 1
        assert "监视没有运行。请运行 python sync.py watch" in asked.err
    with a_company(tmp_path / "two") as co:
        assert call(co.config, "status", "--now", "2026-11-20T10:00:00").code == 0


def test_a_template_in_which_nothing_is_written_is_told_so(co: Company) -> None:
    template = (co.share / "张三" / "取件" / "模板" / "个人工作簿.xlsx").read_bytes()
    co.drop("张三", "个人工作簿.xlsx", template)
    co.run("11-23 18:00")
    told = co.receipt("张三")
    assert "只有表头，还没有填写" in told.text
    assert "名称" not in told.text.split("没有找到")[1].split("\n")[0]


def test_sheets_of_the_personal_workbook_that_were_not_used_are_not_listed(co: Company) -> None:
    book = openpyxl.load_workbook(co.share / "张三" / "取件" / "模板" / "个人工作簿.xlsx")
    for column, value in enumerate(report("2026-11-23").values(), 1):
        book["销售日报"].cell(2, column, value)
    book.save(co.share / "张三" / "投递" / "我的.xlsx")
    co.run("11-23 18:00")
    assert set(co.receipt("张三").sheets) == {"概要", "销售日报"}


def test_what_was_filled_in_inside_the_pickup_folder_is_kept_and_its_owner_is_told(co: Company) -> None:
    path = co.share / "张三" / "取件" / "模板" / "个人工作簿.xlsx"
    book = openpyxl.load_workbook(path)
    for column, value in enumerate(report("2026-11-23").values(), 1):
        book["销售日报"].cell(2, column, value)
    book.save(path)
    written = path.read_bytes()
    co.gain("张三", "李四", "深圳市宏远电子有限公司")  # the workbook changes with its owner's customers
    co.nightly("2026-11-23", "11-24 00:30")
    assert path.read_bytes() != written
    assert openpyxl.load_workbook(path)["销售日报"].max_row == 1
    (kept,) = path.parent.glob("个人工作簿_您填写的_*.xlsx")
    assert kept.read_bytes() == written
    told = co.receipt("张三", "没有投递").text
    assert f"您的那份保留为“模板/{kept.name}”" in told
    co.nightly("2026-11-24", "11-25 00:30")
    assert list(path.parent.glob("个人工作簿_您填写的_*.xlsx")) == [kept], "kept once, and not touched again"


def test_a_wrong_row_is_told_at_once_that_its_picture_is_missing_too(tmp_path: Path) -> None:
    with a_company_with_a_customer(tmp_path) as co:
        co.hand_in("张三", 拜访记录=[visit("没到.jpg", 拜访对象=None)])
        co.run("11-23 18:00")
        told = co.receipt("张三").row("拜访记录")
        assert told["结果"] == "退回"
        assert "拜访对象" in told["说明"]
        assert "照片“没到.jpg”还没有收到" in told["说明"]


@pytest.mark.parametrize(("name", "data", "words"), [
    ("名单.csv", "日期,今日工作总结\n2026-11-23,拜访".encode("gbk"), "这是文本或 CSV 文件，不是 Excel 工作簿"),
    ("说明.txt", "今天的日报晚点交".encode(), "这是文本或 CSV 文件，不是 Excel 工作簿"),
])  # fmt: skip
def test_a_text_file_is_called_what_it_is(co: Company, name: str, data: bytes, words: str) -> None:
    co.drop("张三", name, data)
    co.run("11-23 18:00")
    assert words in co.receipt("张三").text


def test_the_version_is_told(co: Company) -> None:
    said = call(co.config, "--version")
    assert (said.code, said.out.startswith("Kebu 客簿 ")) == (0, True)
