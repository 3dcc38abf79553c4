"""Ways out for 销售日报 and 日报申诉."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.company import Cells, Company, a_company, report
from tests.ways.way import Row, Scene, Way, mended


def appeal(day: str, **other: Any) -> Cells:
    """A row of 日报申诉."""
    return {"日期": day, "申诉理由": "当天在客户处停电断网，晚上才回到公司", **other}


def _stage(folder: Path) -> Company:
    """A week's nights: 张三 handed in on Friday only; the others never did."""
    co = a_company(folder)
    for day in range(23, 30):
        if day == 27:
            co.hand_in("张三", 销售日报=[report("2026-11-27")])
            co.run("11-27 18:00")
        co.nightly(f"2026-11-{day}", f"11-{day + 1} 00:30")
    for name in ("张三", "王五", "陈六"):
        co.new(name)
    return co


DAYS = Scene("日报", _stage, (
    mended("daily.date.future", "张三", "销售日报", report("2026-11-30"), "请填写日报所属的当天日期", 日期="2026-12-01"),
    Way(
        "appeal.date.over", Row("王五", "日报申诉", appeal("2026-11-30")), "当天的日报请投递“销售日报”",
        (Row("王五", "销售日报", report("2026-11-30", 今日工作总结="王五今天走访了南山的三家客户。")),),
    ),
    mended("appeal.date.fined", "张三", "日报申诉", appeal("2026-11-26"), "请改正日期再投递", 日期="2026-11-27"),
    Way(
        "appeal.date.window", Row("陈六", "日报申诉", appeal("2026-11-23")), "请部门经理投递“日报豁免”",
        (Row("周八", "日报豁免", {"姓名": "陈六", "开始日期": "2026-11-23", "结束日期": "2026-11-23", "原因": "客户处停电"}),),
    ),
), "11-30 10:00", "11-30 12:00")  # fmt: skip
