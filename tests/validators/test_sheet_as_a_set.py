"""A sheet is judged as a set, and nobody can tell: cut anywhere, or row by row, it comes to the same.

And a set is asked and written with a number of statements that does not grow with its rows.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from ledger.replay import first_difference
from policy.form import Form
from policy.forms import FORMS, form_named
from tests.company import (
    POOL,
    Cells,
    Company,
    a_company,
    a_company_with_a_customer,
    a_company_with_a_pool,
    change,
    claim,
    customer,
    report,
    shot,
    transfer,
    visit,
)
from tests.counted import counted
from tests.deals import CASHIER, NAME, bank_line, order, page, payment, target

FEW = settings(
    max_examples=5, deadline=None, suppress_health_check=list(HealthCheck), phases=(Phase.explicit, Phase.generate)
)
NUMBER = re.compile(r"\d{6}-\d{4,}")

names = st.sampled_from(
    [
        "深圳市宏远电子有限公司",
        "深圳市宏远电子科技有限公司",
        "深圳宏远电子有限公司",
        "广州白云家具厂",
        "珠海海天食品公司",
    ]
)
pictures = st.sampled_from(["甲.jpg", "乙.jpg", "没有来的.jpg"])
words = st.sampled_from(
    [
        "李经理确认二期需要四十台，希望春节前交货；我方答应周五前给出报价。",
        "李经理确认二期需要四十五台，希望春节前交货；我方答应周五前给出报价。",
        "王总介绍了新厂房的进度，设备基础下月完工，约好月底再来丈量尺寸。",
    ]
)
days = st.sampled_from(["2026-12-22", "2026-12-23", "2026-12-24", "不是日期"])
people = st.sampled_from(["张三", "王五", "没有这个人"])

#: form → who hands it in, and rows that meet each other: alike, equal, replaced, refused.
ROWS: Mapping[str, tuple[str, st.SearchStrategy[Cells]]] = {
    "客户新增": ("王五", st.builds(lambda n, p, s: customer(n, 门头照片=p, 联系人=s), names, pictures, st.sampled_from(["李红", "王强"]))),
    "客户申领": ("王五", st.builds(lambda n, s: claim(n, 申领说明=s), st.sampled_from([*POOL, "没有的公司"]), words)),
    "拜访记录": ("王五", st.builds(lambda n, p, w: visit(p, n, 拜访记录=w), names, pictures, words)),
    "成交订单": ("王五", st.builds(lambda n, c, p: order(p, n, 合同编号=c), names, st.sampled_from(["HY-1", "HY-2", None]), pictures)),
    "客户回款": ("王五", st.builds(lambda n, a: payment(a, n), names, st.sampled_from([50000, 60000, "很多"]))),
    "销售日报": ("王五", st.builds(lambda d, w: report(d, 今日工作总结=w), days, words)),
    "客户转交": ("王五", st.builds(lambda n, r: transfer(n, r), names, people)),
    "信息变更": ("王五", st.builds(lambda n, m: change(n, 新客户名称=m), names, names)),
    "银行流水": ("吴纳", st.builds(lambda s, a: bank_line(s, amount=a), st.sampled_from(["A1", "A2", "A3"]), st.sampled_from([500, 600]))),
    "销售指标": ("王五", st.builds(lambda n, a: target(n, 12, a, 结束日期="2026-12-31"), people, st.sampled_from([1000, 2000]))),
}  # fmt: skip


def taken(form: str, name: str, parts: Sequence[Sequence[Cells]], together: bool) -> list[Any]:
    """What the journal says after *parts* of a sheet were handed in, at one moment, in order."""
    with a_company_with_a_pool(Path(tempfile.mkdtemp(prefix="kebu-cut-"))) as co:
        co.found([CASHIER], "12-24 08:00")
        co.drop(name, "甲.jpg", shot("12-24 09:00", 901))
        co.drop(name, "乙.jpg", shot("12-24 09:30", 902))
        co.run("12-24 10:00")
        begun = co.service.book.length()
        for n, rows in enumerate(parts):
            co.hand_in(name, f"{n:02d}.xlsx", (), **{form: rows})
            if not together:
                co.run("12-24 10:30")
        co.run("12-24 10:30")
        assert first_difference(co.service.book) is None
        return [
            _plain(row) for row in co.ask("SELECT * FROM journal WHERE seq > ? ORDER BY seq", begun) if _counts(row)
        ]


def _counts(row: Mapping[str, Any]) -> bool:
    return row["kind"] not in ("file.taken", "delivery.queued", "sheet.issued", "sheet.unfit")


def _plain(row: Mapping[str, Any]) -> tuple[str, str, str]:
    """An entry without what tells one file from another."""
    payload = re.sub(r'"(file_id|row_no)":\d+', "", row["payload"])
    return row["kind"], row["subject"], payload


@pytest.mark.parametrize("form", ROWS)
@FEW
@given(data=st.data())
def test_a_sheet_cut_anywhere_or_taken_row_by_row_comes_to_the_same(form: str, data: st.DataObject) -> None:
    name, rows_of = ROWS[form]
    rows = data.draw(st.lists(rows_of, min_size=2, max_size=6))
    cut = data.draw(st.integers(1, len(rows) - 1))
    whole = taken(form, name, [rows], True)
    assert any(kind == "row.received" for kind, _subject, _payload in whole)
    assert taken(form, name, [rows[:cut], rows[cut:]], True) == whole
    assert taken(form, name, [[row] for row in rows], False) == whole


# -- how many statements


def statements(make: Callable[[int], list[Cells]], form: str, name: str, n: int, folder: Path) -> int:
    with a_company_with_a_customer(folder) as co:
        co.found([CASHIER], "11-23 10:00")
        co.hand_in(name, "表.xlsx", (), **{form: make(n)})
        now = co.clock("11-23 18:00")
        with counted(co) as calls:
            co.run("11-23 18:00")
        assert co.ask("SELECT COUNT(*) AS n FROM findings")[0]["n"] + _received(co, form) >= n, now
        return calls.total()


def _received(co: Company, form: str) -> int:
    return int(
        co.ask("SELECT COUNT(*) AS n FROM journal WHERE kind = 'row.received' AND payload LIKE ?", f'%"{form}"%')[0][
            "n"
        ]
    )


def _letters(n: int) -> str:
    return "".join(chr(0x4E00 + (n * step) % 9000) for step in (7, 13, 29))


MANY: Mapping[str, tuple[str, Callable[[int], Cells]]] = {
    "客户新增": ("张三", lambda n: customer(f"深圳市{_letters(n)}电子有限公司", 门头照片=f"{n}.jpg")),
    "客户申领": ("王五", lambda n: claim(f"深圳市{_letters(n)}电子有限公司")),
    "拜访记录": ("张三", lambda n: visit(f"{n}.jpg", 拜访记录=f"{_letters(n)}经理确认二期需要四十台，希望春节前交货，答应周五给报价。")),
    "成交订单": ("张三", lambda n: order(f"{n}.jpg", 合同编号=f"HY-{n}")),
    "客户回款": ("张三", lambda n: payment(100 + n)),
    "销售日报": ("张三", lambda n: report(f"2025-{n % 12 + 1:02d}-{n // 12 % 28 + 1:02d}", 今日工作总结=f"{_letters(n)}拜访宏远电子，确认二期四十台。")),
    "信息变更": ("张三", lambda n: change(NAME, 联系人=f"联系人{n}")),
    "拜访计划": ("张三", lambda n: {"客户名称": f"深圳宏远{_letters(n)[0]}电子", "计划日期": "2026-11-25", "拜访目的": "确认二期设备数量"}),
    "银行流水": ("吴纳", lambda n: bank_line(f"A{n}")),
    "日报豁免": ("李四", lambda n: {"姓名": "张三", "开始日期": f"2026-{n % 12 + 1:02d}-01", "结束日期": f"2026-{n % 12 + 1:02d}-{n // 12 % 28 + 1:02d}", "原因": f"年假{n}"}),
}  # fmt: skip


@pytest.mark.parametrize("form", MANY)
def test_a_sheet_of_many_rows_takes_no_more_statements_than_one_of_few(form: str, tmp_path: Path) -> None:
    name, row = MANY[form]
    few = statements(lambda n: [row(i) for i in range(n)], form, name, 20, tmp_path / "few")
    many = statements(lambda n: [row(i) for i in range(n)], form, name, 300, tmp_path / "many")
    assert many <= few * 1.5


def test_the_examples_speak_of_forms_that_there_are() -> None:
    known: set[type[Form]] = {form for sheet in (*ROWS, *MANY) if (form := form_named(sheet)) is not None}
    assert {form.sheet for form in known} == {*ROWS, *MANY}
    assert known <= set(FORMS)


def test_pictures_and_contracts_are_there_to_be_used_twice(tmp_path: Path) -> None:
    """The second row of a sheet that uses a picture learns of the first."""
    with a_company(tmp_path) as co:
        co.drop("张三", "合同.jpg", page(1))
        co.gain("张三", "李四", NAME)
        co.hand_in("张三", "订单.xlsx", 成交订单=[order("合同.jpg"), order("合同.jpg", 合同编号="HY-2", 成交金额=7)])
        co.run("11-23 18:00")
        first, second = co.told("张三", "成交订单", "订单")
        assert first.startswith("待审批")
        assert "不能重复使用" in second
