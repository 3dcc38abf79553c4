"""今天: the first thing that a salesperson sees in the morning says what is to be done, and how the month goes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl

from tests.company import STAFF, Company, a_company, report, section, shot, visit
from tests.deals import target

OLD, QUIET, FOREIGN = "早的公司一厂", "静的公司二厂", "别人的公司"


def today(co: Company, name: str) -> list[list[Any]]:
    """The lines of 今天, which the workbook opens on."""
    book = openpyxl.load_workbook(co.share / name / "取件" / "模板" / "个人工作簿.xlsx")
    page = book.worksheets[0]
    assert (page.title, book.active.title if book.active else "") == ("今天", "今天")
    return [[cell for cell in line if cell is not None] for line in page.iter_rows(values_only=True)]


def matters(co: Company, name: str, word: str) -> list[str]:
    """What stands under one 事项."""
    return [" ".join(map(str, line[1:])) for line in today(co, name) if line and line[0] == word]


def test_it_says_what_waits_for_its_owner_and_nothing_of_anybody_else(tmp_path: Path) -> None:
    with a_company(tmp_path) as co:
        co.gain("张三", "李四", OLD, QUIET, at="11-23 09:00")
        co.gain("王五", "李四", FOREIGN, at="11-23 09:30")
        co.hand_in("张三", "错.xlsx", 拜访记录=[visit("a.jpg", "没有的公司")], 销售日报=[report("2026-11-20")])
        co.hand_in("张三", "缺.xlsx", 拜访记录=[visit("没到.jpg", OLD)])
        co.run("12-18 18:00")
        co.decide("李四", co.approval("李四", "销售日报"), "驳回", "日期不对")
        co.run("12-18 18:10")
        co.nightly("2026-12-18", "12-19 00:30")  # a Friday; the Saturday begins
        assert today(co, "张三")[0] == ["本公司　12 月 19 日　星期六"]
        returned = matters(co, "张三", "退回")
        assert len(returned) == 2
        assert "拜访记录“没有的公司”" in returned[0] + returned[1]
        assert "李四驳回：日期不对" in returned[0] + returned[1]
        (photo,) = matters(co, "张三", "补照片")
        assert OLD in photo
        assert "12-19 24:00 前" in photo
        (leaving,) = matters(co, "张三", "快回公海")  # the other waits for its visit, and stays
        assert leaving.startswith(QUIET)
        (stand,) = [row for row in section(co, "张三", "我的客户") if row["客户名称"] == QUIET]
        assert leaving.endswith(f" {stand['剩余天数']}")
        assert not any("前投递" in words for words in matters(co, "张三", "日报")), "nobody owes a report on a Saturday"
        assert FOREIGN not in str(today(co, "张三"))
        assert matters(co, "王五", "退回") == []
        co.nightly("2026-12-20", "12-21 00:30")
        assert any("20:00 前投递" in words for words in matters(co, "张三", "日报"))


def test_what_was_put_right_is_not_asked_for_again(tmp_path: Path) -> None:
    with a_company(tmp_path) as co:
        co.hand_in("张三", "一.xlsx", 销售日报=[report("2026-11-23", 今日工作总结="")])
        co.run("11-23 17:00")
        co.nightly("2026-11-22", "11-23 17:30")
        assert len(matters(co, "张三", "退回")) == 1
        co.hand_in("张三", "二.xlsx", 销售日报=[report("2026-11-23")])
        co.run("11-23 18:00")
        co.nightly("2026-11-23", "11-24 00:30")
        assert matters(co, "张三", "退回") == []


def test_the_own_month_agrees_with_the_book(tmp_path: Path) -> None:
    with a_company(tmp_path) as co:
        co.gain("张三", "李四", OLD, at="11-23 09:00")
        co.drop("张三", "现场.jpg", shot("11-23 14:00", 77))
        co.hand_in("张三", "拜访.xlsx", 拜访记录=[visit("现场.jpg", OLD)], 销售日报=[report("2026-11-23")])
        co.hand_in("张三", "指标.xlsx", 销售指标=[target("张三", 11, 100000, 结束日期="2026-11-30", 拜访次数指标=4)])
        co.run("11-23 18:00")
        co.approve("李四", "拜访记录", "11-23 19:00")
        co.approve("赵总", "销售指标", "11-23 19:10")
        co.nightly("2026-11-23", "11-24 00:30")
        co.nightly("2026-11-24", "11-25 00:30")  # nothing handed in on the 24th
        lines = {line[0]: line[1:] for line in today(co, "张三") if line}
        assert lines["扣款"][0] == "1 次，20.00 元"
        assert lines["拜访次数"] == [1, 4, 0.25]
        assert lines["新增客户"][:2] == [1, "没有指标"]
        assert lines["成交金额(元)"] == [0, 100000, 0]
        days = [line for line in today(co, "张三") if line and str(line[0]).startswith("2026-11-2")]
        assert [line[-1] for line in days] == ["缺交", "按时"]
        words = [str(line[0]) for line in today(co, "张三") if line]
        assert sum(each.startswith("□") for each in words) == 5, "the check list of 客户拜访 5.1"


def test_who_does_not_sell_has_no_such_sheet_and_a_night_asks_for_everybody_at_once(tmp_path: Path) -> None:
    with a_company(tmp_path) as co:
        co.nightly("2026-11-23", "11-24 00:30")
        for each in STAFF:
            path = co.share / each["姓名"] / "取件" / "模板" / "个人工作簿.xlsx"
            if path.is_file():
                sells = each["岗位"] == "销售人员"
                assert (openpyxl.load_workbook(path).sheetnames[0] == "今天") is sells
