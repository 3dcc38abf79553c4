"""商机, played through folders: it moves on step by step, and is won or lost (目的 1)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.company import Company, a_company_with_a_customer
from tests.deals import NAME, approved_order


@pytest.fixture
def co(tmp_path: Path) -> Iterator[Company]:
    with a_company_with_a_customer(tmp_path) as made:
        made.new("张三")
        yield made


def step(stage: str, amount: int = 100000, **other: Any) -> Mapping[str, Any]:
    """A row of 商机."""
    return {
        "客户名称": NAME, "商机名称": "二期设备采购", "阶段": stage, "预计金额": amount, "预计成交日期": "2026-12-20", **other,
    }  # fmt: skip


def handed_in(co: Company, *rows: Mapping[str, Any], at: str, by: str = "张三") -> list[dict[str, Any]]:
    return co.answers(by, "商机", rows, at)


def test_an_opportunity_moves_on_and_every_step_is_kept(co: Company) -> None:
    (first,) = handed_in(co, step("初步接触"), at="11-23 10:00")
    (second,) = handed_in(co, step("方案报价", 120000), at="11-24 10:00")
    (won,) = handed_in(co, step("赢单", 118000, 预计成交日期="2026-11-25"), at="11-25 10:00")
    assert [row["结果"] for row in (first, second, won)] == ["已受理"] * 3
    assert f"接续了先前提交的受理号 {first['受理号']}" in second["说明"]
    assert co.ask("SELECT stage, likelihood, amount_fen, status FROM opportunities ORDER BY receipt_no") == [
        {"stage": "初步接触", "likelihood": 10, "amount_fen": 10_000_000, "status": "superseded"},
        {"stage": "方案报价", "likelihood": 50, "amount_fen": 12_000_000, "status": "superseded"},
        {"stage": "赢单", "likelihood": 100, "amount_fen": 11_800_000, "status": "accepted"},
    ]


def test_an_old_copy_of_a_step_does_not_move_it_back(co: Company) -> None:
    handed_in(co, step("初步接触"), at="11-23 10:00")
    handed_in(co, step("方案报价"), at="11-24 10:00")
    (old,) = handed_in(co, step("初步接触"), at="11-25 10:00")
    assert old["结果"] == "重复"
    assert co.ask("SELECT stage FROM opportunities WHERE status = 'accepted'") == [{"stage": "方案报价"}]


def test_losing_needs_a_reason_and_a_stage_is_one_of_the_list(co: Company) -> None:
    rows = handed_in(co, step("输单"), step("随便聊聊"), step("方案报价", 预计成交日期="2026-11-01"), at="11-23 10:00")
    assert [row["结果"] for row in rows] == ["退回"] * 3
    for row, words in zip(rows, ("输单没有写明原因", "不在可选范围内", "已经过去"), strict=True):
        assert words in row["说明"]
    (lost,) = handed_in(co, step("输单", 输单原因="对方预算取消"), at="11-23 11:00")
    assert lost["结果"] == "已受理"


def test_a_colleague_s_customer_is_not_ones_own_opportunity(co: Company) -> None:
    (row,) = handed_in(co, step("初步接触"), at="11-23 10:00", by="陈六")
    assert row["结果"] == "退回"
    assert "不是您可以跟进的客户" in row["说明"]


def test_an_order_that_names_its_opportunity_wins_it(co: Company) -> None:
    handed_in(co, step("商务谈判"), at="11-23 09:45")
    number = approved_order(co, 商机名称="二期设备采购")
    assert co.ask("SELECT won_by FROM opportunities") == [{"won_by": number}]
    assert "没有名称为" not in str(co.ask("SELECT message FROM findings WHERE receipt_no = ?", number))
