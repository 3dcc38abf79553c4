"""客户新增, played through folders: findings, names, and what becomes of a customer."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.company import Company, a_company, a_company_with_a_customer, customer, person, read, shot

NAME = "深圳市宏远电子有限公司"


@pytest.fixture
def co(tmp_path: Path) -> Iterator[Company]:
    with a_company(tmp_path) as made:
        yield made


def hand_in(co: Company, name: str, at: str, *rows: object, seed: int = 1) -> None:
    """Hand in 客户新增 with one picture."""
    co.drop(name, "门头.jpg", shot("11-23 09:00", seed))
    co.hand_in(name, 客户新增=rows)  # type: ignore[arg-type]
    co.run(at)


def approved(co: Company, name: str = NAME) -> None:
    """The usual customer of 张三, in the book."""
    hand_in(co, "张三", "11-23 10:00", customer(name))
    co.decide("李四", co.approval("李四", "客户新增"))
    co.run("11-23 11:00")
    for who in ("张三", "李四"):
        co.new(who)


def test_all_findings_of_all_rows_come_back_at_once(co: Company) -> None:
    bad = customer(
        "", 客户来源="听说", 联系电话="123", 客户地址="广东省/深圳市/啊区", 详细地址="科苑路", 共享人员="马六、张三"
    )
    worse = customer("宏远", 销售区域="火星", 销售经理="李四", 门头照片=None)
    hand_in(co, "张三", "11-23 10:00", bad, worse, customer())
    told = co.receipt("张三", "今天").rows("客户新增")
    assert [row["结果"] for row in told] == ["退回", "退回", "待审批"]
    for header in ("客户名称", "客户来源", "联系电话", "客户地址", "详细地址", "共享人员"):
        assert f"{header}：" in told[0]["说明"], header
    assert "“马六”不是在职同事" in told[0]["说明"]
    assert "张三" in told[0]["说明"]
    for header in ("客户名称", "销售区域", "销售经理", "门头照片"):
        assert f"{header}：" in told[1]["说明"], header
    assert co.dropped() == []


def test_an_approved_customer_stands_in_the_book_with_owner_and_shared_people(co: Company) -> None:
    hand_in(co, "张三", "11-23 10:00", customer(共享人员="王五"))
    assert co.ask("SELECT * FROM customers") == []
    co.decide("李四", co.approval("李四", "客户新增"))
    co.run("11-23 11:00")
    (kept,) = co.ask("SELECT name, owner, acquired_on, phone, address FROM customers")
    assert kept == {
        "name": NAME, "owner": "张三", "acquired_on": "2026-11-23", "phone": "0755-26001234",
        "address": "广东省深圳市南山区科苑路8号3栋1205室",
    }  # fmt: skip
    assert co.ask("SELECT person FROM customer_members") == [{"person": "王五"}]


@pytest.mark.parametrize(
    "variant", ["深圳市 宏远电子有限公司", "深圳市宏远电子有限公司\u200b", "深圳市宏远電子有限公司"]
)
def test_a_name_written_otherwise_is_the_same_customer_or_at_least_flagged(co: Company, variant: str) -> None:
    approved(co)
    hand_in(co, "王五", "11-23 14:00", customer(variant), seed=2)
    told = co.receipt("王五", "今天").row("客户新增")
    if "電" in variant:  # another character: a person decides
        assert told["结果"] == "待审批"
        assert "很相似" in told["说明"]
    else:
        assert told["结果"] == "退回"
        assert "已经在册，归属：张三" in told["说明"]


def test_bracket_and_width_variants_are_the_same_customer(co: Company) -> None:
    approved(co, "宏远（深圳）电子有限公司")
    hand_in(co, "王五", "11-23 14:00", customer("宏远(深圳)电子有限公司"), seed=2)
    assert "已经在册" in co.receipt("王五", "今天").row("客户新增")["说明"]


def test_the_approver_reads_what_a_new_customer_resembles(co: Company) -> None:
    approved(co)
    hand_in(co, "王五", "11-23 14:00", customer("深圳市宏源电子有限公司"), seed=2)
    assert "宏远" in co.receipt("王五", "今天").row("客户新增")["说明"]
    sheet = co.approval("李四", "客户新增")
    from tests.company import read

    assert f"与已有客户“{NAME}”（归属：张三）或其曾用名很相似" in read(sheet).row("审批_客户新增")["系统提示"]


def test_two_rows_of_one_sheet_that_are_the_same_customer_are_one(co: Company) -> None:
    hand_in(co, "张三", "11-23 10:00", customer(), customer())
    told = co.receipt("张三", "今天")
    assert told.outcomes("客户新增") == ["待审批", "重复"]
    assert told.row("客户新增", 1)["受理号"] == told.row("客户新增")["受理号"]


def test_a_customer_that_a_colleague_asked_for_first_is_taken(co: Company) -> None:
    hand_in(co, "张三", "11-23 10:00", customer())
    hand_in(co, "王五", "11-23 10:05", customer(), seed=2)
    told = co.receipt("王五", "今天").row("客户新增")
    assert told["结果"] == "退回"
    assert "张三，待审批" in told["说明"]


def test_a_shop_front_in_another_city_is_refused_in_another_district_flagged(co: Company) -> None:
    beijing, futian = (39.9087, 116.3975), (22.5333, 114.0546)
    co.drop("张三", "北京.jpg", shot("11-23 09:00", 3, beijing))
    co.drop("张三", "福田.jpg", shot("11-23 09:00", 4, futian))
    co.hand_in(
        "张三", 客户新增=[customer(门头照片="北京.jpg"), customer("深圳市华新科技有限公司", 门头照片="福田.jpg")]
    )
    co.run("11-23 10:00")
    told = co.receipt("张三", "今天").rows("客户新增")
    assert [row["结果"] for row in told] == ["退回", "待审批"]
    assert "不在同一城市" in told[0]["说明"]
    assert "不在同一区" in told[1]["说明"]


def test_the_limit_set_when_a_salesperson_joined_holds_with_those_that_wait(tmp_path: Path) -> None:
    people = [person("张三", "13800138000", "销售一部", "销售人员", 客户数量上限=2),
              person("李四", "13800138001", "销售一部", "部门经理")]  # fmt: skip
    with a_company(tmp_path, people) as co:
        names = ["深圳市宏远电子有限公司", "广州白云家具厂", "珠海海天食品有限公司"]
        hand_in(co, "张三", "11-23 10:00", *(customer(name, 门头照片=f"门头{n}") for n, name in enumerate(names)))
        for n in range(3):
            co.drop("张三", f"门头{n}.jpg", shot("11-23 09:00", 10 + n))
        co.run("11-23 10:30")
        statuses = (
            co.ask("SELECT name FROM people"),
            co.ask("SELECT receipt_no FROM findings WHERE rule = 'customer.owner.room'"),
        )
        assert len(statuses[1]) == 1


def test_only_posts_of_the_form_may_hand_it_in(co: Company) -> None:
    hand_in(co, "孙人", "11-23 10:00", customer())
    told = co.receipt("孙人", "今天")
    assert told.outcomes("客户新增") == ["退回"]
    assert "只能由销售人员、部门经理、销售经理提交" in told.text


def test_the_picture_of_a_row_that_was_replaced_may_be_used_elsewhere(co: Company) -> None:
    for n, file in enumerate(("门头一.jpg", "门头二.jpg")):
        co.drop("张三", file, shot("11-23 08:30", 70 + n))
    for file in ("门头一.jpg", "门头二.jpg"):
        co.hand_in("张三", 客户新增=[customer("珠海海天食品有限公司", 门头照片=file)])
        co.run("11-23 09:00")
        assert co.receipt("张三", "今天").outcomes("客户新增") == ["待审批"]
    co.hand_in("张三", "别家.xlsx", 客户新增=[customer("广州白云家具厂", 门头照片="门头一.jpg")])
    co.hand_in("张三", "同一家.xlsx", 客户新增=[customer("佛山顺德铝材有限公司", 门头照片="门头二.jpg")])
    co.run("11-23 10:00")
    told = {path.name: read(path).row("客户新增") for path in co.new("张三")}
    (freed,) = [row for name, row in told.items() if "别家" in name]
    (held,) = [row for name, row in told.items() if "同一家" in name]
    assert (freed["结果"], held["结果"]) == ("待审批", "退回")
    assert "不能重复使用" in held["说明"]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("深圳市宏远\u200b电子有限公司", "“深圳市宏远电子有限公司”已经在册"),  # nobody sees it, so it is no other name
        ("\u202e深圳市宏远电子有限公司\u202c", "“深圳市宏远电子有限公司”已经在册"),
        ("深圳市宏远电⼦有限公司", "“深圳市宏远电子有限公司”已经在册"),  # a Kangxi radical
        ("深圳市宏远电子有限公司\u3164", "是看不见的字符；会被看成已有的“深圳市宏远电子有限公司”"),
    ],
)
def test_a_name_that_only_looks_like_a_customers_is_refused_and_named(tmp_path: Path, name: str, words: str) -> None:
    with a_company_with_a_customer(tmp_path) as co:
        co.drop("王五", "门头.jpg", shot("11-23 13:30", 3))
        co.hand_in("王五", 客户新增=[customer(name)])
        co.run("11-23 18:00")
        (told,) = co.told("王五", "客户新增")
        assert told.startswith("退回")
        assert words in told
