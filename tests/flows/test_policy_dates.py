"""Policy as of a date: numbers that change from a day on leave earlier days as they were (附则 12)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl

from service.answers.checking import check_files
from tests.company import Company, a_company, customer, reopened, report, shot, write
from tests.deals import target

NOVEMBER = "日报扣款_2026-11"
WEEK = ("2026-11-20", "2026-11-23", "2026-11-24", "2026-11-25", "2026-11-26", "2026-11-27", "2026-11-30")


def policy(day: str, *lines: str) -> str:
    """One ``[[policy]]`` table of the config."""
    return "\n".join(["[[policy]]", f"from = {day}", *lines])


def states(co: Company, day: str) -> dict[str, str]:
    return {row["姓名"]: row["状态"] for row in co.report("钱督", f"日报合规_{day}").rows("明细")}


def prices(co: Company) -> dict[str, set[tuple[Any, Any, Any]]]:
    """姓名 → (缺交次数, 单价, 扣款金额) of each line."""
    found: dict[str, set[tuple[Any, Any, Any]]] = {}
    for row in co.report("孙人", NOVEMBER).rows("汇总"):
        if row.get("姓名"):
            found.setdefault(row["姓名"], set()).add((row["缺交次数"], row["单价(元)"], row["扣款金额(元)"]))
    return found


def test_a_price_that_changes_within_the_month_holds_from_its_day(tmp_path: Path) -> None:
    with a_company(tmp_path, config={"": policy("2026-11-25", "daily_report.deduction_yuan = 30")}) as co:
        for day in WEEK:
            for name in ("王五", "陈六"):
                co.hand_in(name, 销售日报=[report(day, 今日工作总结=f"{name}在{day}拜访了三家客户，谈定一份合同。")])
            co.run(f"{day} 18:00")
        co.monthly("2026-11", "12-01 01:00")
        assert prices(co) == {"张三": {(3, 20, 60), (4, 30, 120)}}
        book = openpyxl.load_workbook(co.share / "孙人" / "取件" / "报表" / f"{NOVEMBER}.xlsx", data_only=True)
        assert [row[4] for row in book["汇总"].iter_rows(values_only=True) if row[0] == "合计"] == [180]
        assert co.monthly("2026-11", "12-05 01:00").version == 0


def test_a_price_of_next_month_does_not_touch_this_one_when_it_is_closed_again(tmp_path: Path) -> None:
    with a_company(tmp_path) as co:
        co.monthly("2026-11", "12-01 01:00")
        assert prices(co)["张三"] == {(7, 20, 140)}
    with reopened(tmp_path, config={"": policy("2026-12-01", "daily_report.deduction_yuan = 50")}) as co:
        assert co.monthly("2026-11", "12-15 01:00").version == 0
        assert prices(co)["张三"] == {(7, 20, 140)}


def test_an_earlier_hour_holds_from_its_day_and_earlier_days_are_judged_again_as_then(tmp_path: Path) -> None:
    with a_company(tmp_path, config={"": policy("2026-11-24", 'daily_report.due = "18:00"')}) as co:
        for day in ("2026-11-23", "2026-11-24"):
            co.hand_in("张三", 销售日报=[report(day, 今日工作总结=f"{day}拜访了三家客户，谈定一份合同。")])
            co.run(f"{day} 19:00")
            co.nightly(day, f"{day} 23:59")
        assert (states(co, "2026-11-23")["张三"], states(co, "2026-11-24")["张三"]) == ("按时", "迟交")
        assert co.nightly("2026-11-23", "12-01 09:00").version == 0
        assert [row["punctuality"] for row in co.ask("SELECT punctuality FROM daily_reports ORDER BY date")] == [
            "on_time", "late"]  # fmt: skip


def test_a_list_changes_on_its_day_for_rows_and_templates(tmp_path: Path) -> None:
    regions = policy("2026-12-01", 'lists.regions = ["南片", "北片"]')
    with a_company(tmp_path, config={"": regions}) as co:
        for n, (day, region, outcome) in enumerate(
            (("11-30", "华南", "待审批"), ("12-01", "华南", "退回"), ("12-01", "南片", "待审批"))
        ):
            co.new("张三")
            co.drop("张三", f"门头{n}.jpg", shot(f"{day} 09:00", 40 + n))
            named = customer(f"深圳市第{n}器材厂", 门头照片=f"门头{n}.jpg", 销售区域=region)
            co.hand_in("张三", "客户.xlsx", 客户新增=[named])
            co.run(f"{day} 1{n}:00")
            assert co.receipt("张三", "客户").outcomes("客户新增") == [outcome]
            template = openpyxl.load_workbook(co.share / "张三" / "取件" / "模板" / "客户新增.xlsx")
            said = "".join(str(cell.value) for sheet in template for line in sheet.iter_rows() for cell in line)
            assert ("南片" in said) is (day == "12-01")


def test_an_approver_changes_on_a_day(tmp_path: Path) -> None:
    with a_company(tmp_path, config={"": policy("2026-12-01", 'approval."销售指标" = ["企管部"]')}) as co:
        for day, approver in (("11-30", "赵总"), ("12-01", "钱督")):
            co.hand_in("张三", "指标.xlsx", 销售指标=[target("张三", 11 if day == "11-30" else 9)])
            co.run(f"{day} 10:00")
            assert [name for name in ("赵总", "钱督") if co.new(name, "审批")] == [approver]


def test_who_sees_a_report_changes_on_a_day(tmp_path: Path) -> None:
    with a_company(tmp_path, config={"": policy("2026-11-25", 'posts.sees."日报合规" = ["人力资源部"]')}) as co:
        co.nightly("11-23", "11-24 00:30")
        co.nightly("11-24", "11-25 00:30")
        got = {
            path.relative_to(co.share).parts[0]: path.stem for path in co.share.glob("*/取件/报表/*/日报合规_*.xlsx")
        }
        assert got == {"钱督": "日报合规_2026-11-23", "李四": "日报合规_2026-11-23", "周八": "日报合规_2026-11-23",
                       "孙人": "日报合规_2026-11-24"}  # fmt: skip


def test_check_says_what_a_receipt_would_say_of_a_manager_s_own_target(tmp_path: Path) -> None:
    with a_company(tmp_path) as co:
        book = write(tmp_path / "指标.xlsx", {"销售指标": [target("李四")]})
        told = check_files(co.service, [book], "李四", co.clock("11-23 10:00"))
        assert [each["outcome"] for each in told.data] == ["已受理"]
