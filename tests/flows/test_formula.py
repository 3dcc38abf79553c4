"""A decision that is a formula without a result is refused, never read as blank."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.company import a_company, report


@pytest.mark.parametrize("column", ["审批结论", "审批意见"])
def test_an_uncached_formula_in_a_cell_that_decides_is_refused(tmp_path: Path, column: str) -> None:
    with a_company(tmp_path) as co:
        co.hand_in("张三", 销售日报=[report("2026-11-23")])
        co.run("11-23 18:00")
        sheet = co.approval("李四", "销售日报")

        def formula(page: object) -> None:
            for line in page.iter_rows():  # type: ignore[attr-defined]
                at = {cell.value: cell.column for cell in line}
                if column in at:
                    page.cell(line[0].row + 1, at[column]).value = '=IF(1=1,"同意","驳回")'  # type: ignore[attr-defined]
                    return

        co.decide("李四", sheet, "同意" if column == "审批意见" else "", edit=formula)
        co.run("11-23 19:00")
        assert co.ask("SELECT status FROM daily_reports") == [{"status": "pending"}]
        receipt = co.receipt("李四", "审批")
        assert "公式" in receipt.text or any("公式" in str(row) for rows in receipt.sheets.values() for row in rows)
