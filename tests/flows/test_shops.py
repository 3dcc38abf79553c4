"""Chains and second phones: another shop of the same company is a customer like any other (目的 1)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from policy.shops import are_two_shops, company_of
from policy.words import fold
from tests.company import Company, a_company, customer, shot

COMPANY = "深圳市宏远电子有限公司"


@pytest.fixture
def co(tmp_path: Path) -> Iterator[Company]:
    with a_company(tmp_path) as made:
        yield made


def entered(co: Company, *names: str, **other: object) -> list[str]:
    for n, _name in enumerate(names):
        co.drop("张三", f"门头{n}.jpg", shot("11-23 08:30", 300 + n))
    co.hand_in("张三", 客户新增=[customer(name, 门头照片=f"门头{n}.jpg", **other) for n, name in enumerate(names)])
    co.run("11-23 09:00")
    return co.told("张三", "客户新增")


def test_shops_of_one_company_are_customers_and_need_no_explaining(co: Company) -> None:
    told = entered(co, COMPANY, f"{COMPANY}（南山店）", f"{COMPANY}(福田店)", f"{COMPANY}广州分公司")
    assert [words.split()[0] for words in told] == ["待审批"] * 4
    assert not any("相似" in words for words in told)


def test_the_same_shop_typed_otherwise_is_in_the_book_already_and_a_mistyped_company_is_still_told(co: Company) -> None:
    told = entered(co, f"{COMPANY}（南山店）", f"{COMPANY}(南山店)", "深圳市宏远电于有限公司（南山店）")
    assert "替换了先前提交的" in told[1]
    assert "相似" in told[2]


@pytest.mark.parametrize(
    ("one", "other", "two"),
    [
        (f"{COMPANY}（南山店）", f"{COMPANY}（福田店）", True),
        (COMPANY, f"{COMPANY}南山分公司", True),
        ("好味来餐厅（科技园店）", "好味来餐厅（海岸城店）", True),
        (f"{COMPANY}（南山店）", f"{COMPANY}(南山店)", False),
        (f"{COMPANY}（南山店）", "深圳市宏达电子有限公司（福田店）", False),
        ("深圳市便利店", "深圳市便民店", False),
        (f"{COMPANY}（筹）", COMPANY, False),
    ],
)
def test_what_counts_as_another_shop(one: str, other: str, two: bool) -> None:
    assert are_two_shops(fold(one), fold(other)) is two


def test_a_shops_certificate_may_be_the_companys() -> None:
    assert company_of(f"{COMPANY}（南山店）") == COMPANY


def test_a_second_phone_is_kept_beside_the_first(co: Company) -> None:
    told = entered(co, COMPANY, 联系电话="138 0013 8000 / 0755-26001234")
    assert told[0].startswith("待审批")
    co.approve("李四", "客户新增", "11-23 10:00")
    assert co.ask("SELECT phone FROM customers") == [{"phone": "13800138000、0755-26001234"}]


@pytest.mark.parametrize("typed", ["13800138000、12", "13800138000、13800138001、13800138002"])
def test_a_wrong_or_third_number_is_returned(co: Company, typed: str) -> None:
    (told,) = entered(co, COMPANY, 联系电话=typed)
    assert told.startswith("退回")
    assert "号码" in told
