"""A contract dropped into a folder, and what the approver reads beside it, with the reader itself (客户成交 5.2(2))."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest

from benchmarks import papers
from service.upkeep.keeping import differences
from tests import recorded
from tests.company import Company, a_company_with_a_customer, read
from tests.deals import order

HUAXIN = recorded.SAID.customer


@pytest.fixture
def co(tmp_path: Path) -> Iterator[Company]:
    patient = {"picture_seconds = ": "picture_seconds = 600", "round_seconds = ": "round_seconds = 600"}
    with a_company_with_a_customer(tmp_path, config={**patient, "forms = ": 'forms = ["成交订单"]'}) as made:
        made.gain("张三", "李四", HUAXIN)
        made.new("张三")
        yield made


def ordered(co: Company, picture: str, **cells: object) -> tuple[list[str], str]:
    """照片核对 and 系统提示 of an order, as the sales manager gets them."""
    usual = {"合同编号": "HX-2026-118", "成交金额": 128000, "成交日期": "2026-11-23"}
    co.hand_in("张三", "订单.xlsx", 成交订单=[order(picture, HUAXIN, **{**usual, **cells})])
    co.run("11-23 11:00")
    row = read(co.approval("赵总", "成交订单")).row("审批_成交订单")
    return str(row["照片核对"]).splitlines(), row["系统提示"] or ""


def test_a_stamped_page_held_askew_is_laid_beside_the_row(co: Company) -> None:
    co.drop("张三", "合同.jpg", recorded.picture("合同.jpg"))
    points, flags = ordered(co, "合同.jpg", 成交金额=182000)
    assert [line.split("：")[0] for line in points] == [
        "签约方 一致", "合同编号 一致", "签订日期 一致", "金额（小写） 不一致", "金额（大写） 不一致",
    ]  # fmt: skip
    assert "⚠ 金额（小写）不一致：照片上是 128,000.00，表中是 182,000.00" in flags
    assert list(differences(co.service)) == [], "a replay gives the same state"


def test_the_pages_of_a_pdf_are_read_together(co: Company) -> None:
    stream = BytesIO()
    cover = papers.shop_front("设备采购合同").resize(papers.PAGE)
    cover.save(stream, "PDF", save_all=True, append_images=[papers.contract(recorded.SAID)], resolution=150)
    co.drop("张三", "合同.pdf", stream.getvalue())
    points, flags = ordered(co, "合同.pdf")
    assert all(" 一致：" in line and "第 2 页" in line for line in points), points
    assert "不一致" not in flags
