"""Whatever people do, and in whatever order: once is enough, order does not matter, and the journal gives the state."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from ledger.replay import first_difference
from service.upkeep.keeping import differences
from tests.company import Cells, Company, a_company, customer, report, shot

#: Few examples, each a company of its own; a failing one is told as it was found, since making it smaller takes minutes.
FEW = settings(
    max_examples=6, deadline=None, suppress_health_check=list(HealthCheck), phases=(Phase.explicit, Phase.generate)
)
VIEWS = {
    "customers": "name, owner, region, address, contact, phone, acquired_on",
    "customer_members": "customer, person",
    "daily_reports": "person, date, arrived_at, punctuality, status, summary, plan",
    "exemptions": "person, starts_on, ends_on, reason, granted_by",
    "findings": 'rule, clause, severity, "column", message',
    "people": "*",
    "visits": "customer, salesperson, met, purpose, content, status",
}
PICTURES = {f"门头{n}.jpg": shot("11-23 09:00", 50 + n) for n in range(4)}
NAMES = ("深圳市宏远电子有限公司", "广州白云家具厂", "珠海海天食品公司", "惠州大亚机械厂")

days = st.sampled_from(["2026-11-20", "2026-11-23", "2026-11-24", "不是日期"])
texts = st.sampled_from(
    ["拜访宏远电子，确认二期四十台；跟进华新报价。", "忙", "整理投标文件，与法务核对合同条款，晚上校对。"]
)
reports = st.builds(lambda day, words: report(day, 今日工作总结=words), days, texts)
leaves = st.builds(
    lambda name, day: {"姓名": name, "开始日期": day, "结束日期": day, "原因": "年假"},
    st.sampled_from(["张三", "王五", "没有"]),
    days,
)


def view(co: Company) -> dict[str, list[str]]:
    """The ledger's content without receipt numbers."""
    number = re.compile(r"\d{6}-\d{4}")
    return {
        name: sorted(number.sub("N", repr(row)) for row in co.ask(f"SELECT {what} FROM {name}"))
        for name, what in VIEWS.items()
    }


def company() -> Company:
    return a_company(Path(tempfile.mkdtemp(prefix="kebu-property-")))


def hand_in(co: Company, drops: Sequence[tuple[str, str, dict[str, Sequence[Cells]]]]) -> None:
    for name, file, sheets in drops:
        co.hand_in(name, file, (), **sheets)
        for picture, data in PICTURES.items():
            if any(row.get("门头照片") == picture for rows in sheets.values() for row in rows):
                co.drop(name, picture, data)


def own(name: str, index: int, picked: Sequence[Any], more: Sequence[Any]) -> dict[str, Sequence[Cells]]:
    """What one person hands in: a customer of their own, and reports or leaves."""
    if name == "李四":
        return {"日报豁免": more or [leave("张三")]}
    return {
        "客户新增": [customer(NAMES[index], 门头照片=f"门头{index}.jpg")],
        "销售日报": picked or [report("2026-11-23")],
    }


def leave(name: str) -> Cells:
    return {"姓名": name, "开始日期": "2026-11-23", "结束日期": "2026-11-23", "原因": "年假"}


@FEW
@given(st.lists(reports, max_size=5), st.lists(leaves, max_size=3))
def test_merging_twice_equals_once(picked: list[Cells], more: list[Cells]) -> None:
    replaced = [report("2026-11-20"), report("2026-11-20", 明日工作计划="全天整理投标文件，晚上校对。")]
    with company() as co:
        drops = [
            (name, "今天.xlsx", own(name, n, [*replaced, *picked], more))
            for n, name in enumerate(("张三", "王五", "李四"))
        ]
        hand_in(co, drops)
        co.run("11-23 18:00")
        once = view(co)
        live = co.ask("SELECT * FROM daily_reports WHERE status <> 'rejected'")
        for name, file, sheets in drops:
            co.hand_in(name, file, (), **sheets)
        co.run("11-23 18:30")
        again = view(co)
        refused = {"findings", "daily_reports"}  # a refused row is refused again, and each time it is told
        assert {name: rows for name, rows in again.items() if name not in refused} == {
            name: rows for name, rows in once.items() if name not in refused
        }
        assert co.ask("SELECT * FROM daily_reports WHERE status <> 'rejected'") == live
        assert list(differences(co.service)) == []


@FEW
@given(st.permutations(["张三", "王五", "陈六", "李四"]), st.lists(reports, max_size=3), st.booleans())
def test_any_order_of_independent_drops_gives_one_ledger(order: list[str], picked: list[Cells], apart: bool) -> None:
    told = []
    for names in (["张三", "王五", "陈六", "李四"], order):
        with company() as co:
            for name in names:
                index = ["张三", "王五", "陈六", "李四"].index(name)
                hand_in(co, [(name, f"{names.index(name)}.xlsx", own(name, index, picked, []))])
                if apart:
                    co.run("11-23 18:00")
            co.run("11-23 18:00")
            told.append(view(co))
    assert told[0] == told[1]


@FEW
@given(
    st.lists(st.tuples(st.sampled_from(["张三", "王五"]), reports, st.sampled_from(["", "同意", "驳回"])), max_size=5)
)
def test_replaying_the_journal_gives_the_state(steps: list[tuple[str, Cells, str]]) -> None:
    with company() as co:
        for n, (name, row, decision) in enumerate(steps):
            co.hand_in(name, 销售日报=[row])
            co.run(f"11-23 1{n}:00")
            sheets = [path for path in co.new("李四", "审批") if "销售日报" in path.name]
            if decision:
                for sheet in sheets:
                    co.decide("李四", sheet, decision, "请看")
                co.run(f"11-23 1{n}:30")
        co.nightly("11-23", "11-24 00:30")
        assert first_difference(co.service.book) is None
        assert list(differences(co.service)) == []
