"""A name that is not found is answered with the nearest ones and whose they are, as far as one may know of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.company import Company, a_company, a_company_with_a_pool, claim, transfer, visit

NAMES = ("深圳市宏远电子", "东莞恒通精密有限公司", "广州白云家具厂")


def said(co: Company, name: str, at: str, form: str, **row: object) -> str:
    co.new(name)
    co.hand_in(name, "问.xlsx", (), **{form: [row]})
    co.run(at)
    return str(co.receipt(name, "问").row(form)["说明"])


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("深圳宏远电子有限公司", "是否为“深圳市宏远电子”（归属张三）"),
        ("恒通精密", "是否为“东莞恒通精密有限公司”（归属张三）"),
        ("东莞恒通精密公司", "是否为“东莞恒通精密有限公司”（归属张三）"),
        ("东莞恒通精蜜有限公司", "是否为“东莞恒通精密有限公司”（归属张三）"),
    ],
)
def test_a_shortened_or_mistyped_customer_is_told_what_it_may_mean(tmp_path: Path, written: str, meant: str) -> None:
    with a_company(tmp_path) as co:
        co.gain("张三", "李四", *NAMES)
        assert meant in said(co, "张三", "11-23 18:00", "拜访记录", **visit("x.jpg", written))


@pytest.mark.parametrize("written", ["有限公司", "深圳市", "北京乐天贸易有限公司", "广州"])
def test_a_name_that_means_nobody_is_told_no_name(tmp_path: Path, written: str) -> None:
    with a_company(tmp_path) as co:
        co.gain("张三", "李四", *NAMES)
        told = said(co, "张三", "11-23 18:00", "拜访记录", **visit("x.jpg", written))
        assert f"客户档案中没有“{written}”。" in told


def test_what_lies_in_the_pool_is_said_to_lie_there(tmp_path: Path) -> None:
    with a_company_with_a_pool(tmp_path) as co:
        told = said(co, "陈六", "12-24 18:00", "客户申领", **claim("深圳宏远电子"))
        assert "是否为“深圳市宏远电子有限公司”（公海）" in told


def test_nobody_learns_of_a_colleague_s_customer_by_guessing_its_name(tmp_path: Path) -> None:
    with a_company(tmp_path) as co:
        co.gain("张三", "李四", *NAMES)
        for name, told in (("王五", False), ("陈六", False), ("李四", True), ("周八", False), ("赵总", True)):
            words = said(co, name, "11-23 18:00", "拜访记录", **visit("x.jpg", "恒通精密"))
            assert ("东莞恒通精密有限公司" in words) is told, name


def test_a_mistyped_colleague_is_told_who_may_be_meant(tmp_path: Path) -> None:
    with a_company(tmp_path) as co:
        co.gain("张三", "李四", *NAMES)
        words = said(co, "张三", "11-23 18:00", "拜访记录", **visit("x.jpg", NAMES[0], 同行人员="王伍、周巴、路人甲"))
        assert "同行人员“王伍”不是在职同事，是否为“王五”（销售一部）" in words
        assert "同行人员“周巴”不是在职同事，是否为“周八”（销售二部）" in words
        assert "同行人员“路人甲”不是在职同事。" in words
        words = said(co, "张三", "11-23 18:10", "客户转交", **transfer(NAMES[0], "李五"))
        assert "接受人“李五”不是在职的销售人员，是否为“王五”（销售一部）" in words, "only one who sells is offered"
