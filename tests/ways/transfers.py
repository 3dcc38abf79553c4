"""The way out for a transfer that others have built upon: whoever has the customer now hands it back."""

from __future__ import annotations

from pathlib import Path

from tests.company import a_company_with_a_customer, shot, transfer, visit
from tests.deals import NAME
from tests.ways.way import Row, Story, decided, dropped, refusing


def _play(folder: Path) -> None:
    with a_company_with_a_customer(folder) as co:
        (moved,) = dropped(co, [Row("张三", "客户转交", transfer(NAME, "王五"))], "11-23 10:00", "转交")
        decided(co, "李四", "客户转交", "11-23 10:30", {"张三": "同意"})
        co.drop("王五", "现场.jpg", shot("11-23 11:00", 2))
        dropped(co, [Row("王五", "拜访记录", visit())], "11-23 11:10", "拜访")
        for name in ("张三", "王五"):
            co.new(name)
        void = {"受理号": moved["number"], "处理": "作废", "原因": "转错了接手的同事"}
        (returned,) = dropped(co, [Row("张三", "更正", void)], "11-23 12:00", "作废")
        assert refusing(co, returned["number"]) == {"correction.row.followed"}
        assert "请由现在的归属人用“客户转交”交回" in returned["说明"]
        (back,) = dropped(co, [Row("王五", "客户转交", transfer(NAME, "张三"))], "11-23 13:00", "交回")
        assert back["结果"] == "待审批"


FOLLOWED = Story("转交之后已有人接手", frozenset({"correction.row.followed"}), _play)
