"""更正 and 作废, played through folders: every mistake can be put right, and what follows is computed anew (目的 1)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.company import Company, read, report, shot, visit
from tests.deals import (
    NAME,
    a_company_with_a_cashier,
    approved_order,
    arrived,
    bank_line,
    confirm,
    confirmation,
    order,
    page,
    payment,
    ready,
    target,
)


@pytest.fixture
def co(tmp_path: Path) -> Iterator[Company]:
    with a_company_with_a_cashier(tmp_path) as made:
        yield made


def mend(number: str, column: str | None = None, value: Any = None, **other: Any) -> Mapping[str, Any]:
    """A row of 更正."""
    return {
        "受理号": number, "处理": "更正" if column else "作废", "列": column, "新值": value, "原因": "录入时看错了合同", **other,
    }  # fmt: skip


def handed_in(co: Company, *rows: Mapping[str, Any], by: str = "张三", at: str = "11-23 14:00") -> list[dict[str, Any]]:
    """The rows of the receipt for these corrections; 受理号 of each in front, the one that it is about behind."""
    return co.answers(by, "更正", rows, at)


def corrected(co: Company, *rows: Mapping[str, Any], by: str = "张三", decider: str = "赵总") -> None:
    """Corrections that are approved."""
    assert [row["结果"] for row in handed_in(co, *rows, by=by)] == ["待审批"] * len(rows)
    co.decide(decider, co.approval(decider, "更正"))
    co.run("11-23 15:00")
    co.new(by)


def paid(co: Company, amount: int, of: str) -> str:
    """A payment that the cashier has confirmed; gives its 受理号."""
    co.hand_in("张三", "回款.xlsx", 客户回款=[payment(amount, 回款类型="销售回款", 订单受理号=of)])
    co.run("11-23 11:00")
    number = str(co.receipt("张三", "回款").row("客户回款")["受理号"])
    confirm(co, confirmation(co), arrived(amount=amount))
    co.run("11-23 11:30")
    co.new("张三")
    return number


def test_an_order_is_put_right_by_its_own_chain_and_both_values_stay(co: Company) -> None:
    number = approved_order(co)
    (told,) = handed_in(co, mend(number, "成交金额", "12.6万"))
    assert told["结果"] == "待审批"
    sheet = co.approval("赵总", "更正")
    shown = read(sheet).row("审批_更正")
    assert (shown["原表"], shown["原提交人"], shown["原值"], shown["新值"]) == (
        "成交订单",
        "张三",
        "100,000.00",
        "12.6万",
    )
    co.decide("赵总", sheet)
    co.run("11-23 15:00")
    assert co.ask("SELECT amount_fen, status FROM orders") == [{"amount_fen": 12_600_000, "status": "accepted"}]
    (kept,) = co.ask("SELECT of_receipt_no, action, from_value, to_value, corrected_by, approved_by FROM corrections")
    assert kept == {
        "of_receipt_no": number, "action": "更正", "from_value": "10000000", "to_value": "12600000", "corrected_by": "张三",
        "approved_by": "赵总",
    }  # fmt: skip
    from service.answers.telling import explain

    story = "\n".join(explain(co.service, number) or [])
    assert "row.received" in story
    assert "row.corrected" in story
    from service.upkeep.keeping import differences

    assert list(differences(co.service)) == []


def test_attainment_of_a_reported_month_follows_a_correction(co: Company) -> None:
    number = approved_order(co)
    co.monthly("2026-11", "12-01 01:00")
    handed_in(co, mend(number, "成交金额", 40000), at="12-01 10:00")
    co.decide("赵总", co.approval("赵总", "更正"))
    co.run("12-01 11:00")
    assert co.monthly("2026-11", "12-02 01:00").version > 1 or co.ask(
        "SELECT 1 FROM deliveries WHERE name LIKE '%指标达成_2026-11%' AND queued_at > '2026-12-02'"
    )


def test_a_void_order_frees_its_pictures_its_contract_and_its_customer(co: Company) -> None:
    number = approved_order(co)
    corrected(co, mend(number))
    assert co.ask("SELECT status FROM orders") == [{"status": "superseded"}]
    assert co.ask("SELECT last_followed_on FROM customers") == [{"last_followed_on": None}]
    co.hand_in("张三", "重来.xlsx", 成交订单=[order("合同1.jpg")])
    co.run("11-23 16:00")
    assert co.receipt("张三", "重来").outcomes("成交订单") == ["待审批"]
    co.decide("赵总", co.approval("赵总", "成交订单"), "驳回", "先不录")
    co.run("11-23 17:00")
    co.nightly("2026-12-23", "12-24 00:30")
    assert co.ask("SELECT owner FROM customers") == [{"owner": None}], "an order that is void keeps nobody"


def test_two_orders_made_void_on_one_sheet_leave_their_customer_as_it_was_followed_before(co: Company) -> None:
    followed = "SELECT last_followed_on FROM customers"
    before = co.ask(followed)
    orders = [approved_order(co, f"11-23 {hour}:00", seed=hour, 合同编号=f"HY-{hour}") for hour in (10, 12)]
    assert co.ask(followed) != before
    corrected(co, *map(mend, orders))
    assert co.ask("SELECT status FROM orders") == [{"status": "superseded"}] * 2
    assert co.ask(followed) == before
    from service.upkeep.keeping import differences

    assert list(differences(co.service)) == []


def test_a_payment_is_put_right_by_the_cashier_and_counts_as_corrected(co: Company) -> None:
    of = approved_order(co)
    number = paid(co, 60000, of)
    corrected(co, mend(number, "回款金额", 50000), decider="吴纳")
    assert co.ask("SELECT amount_fen FROM payments") == [{"amount_fen": 5_000_000}]
    co.hand_in(
        "张三", "回款.xlsx", 客户回款=[payment(50000, 回款类型="销售回款", 订单受理号=of, 回款日期="2026-11-22")]
    )
    co.run("11-23 16:00")
    assert "超过订单金额" not in str(co.receipt("张三", "回款").row("客户回款")["说明"])


def test_a_void_payment_gives_its_bank_line_back(co: Company) -> None:
    co.hand_in("吴纳", "流水.xlsx", 银行流水=[bank_line("A1", amount=60000)])
    co.run("11-23 10:40")
    of = approved_order(co)
    number = paid(co, 60000, of)
    assert co.ask("SELECT used_by FROM bank_lines") == [{"used_by": number}]
    corrected(co, mend(number), decider="吴纳")
    assert co.ask("SELECT used_by FROM bank_lines") == [{"used_by": None}]


def test_a_paid_order_made_void_is_flagged_and_its_payment_is_put_under_another(co: Company) -> None:
    first = approved_order(co)
    second = approved_order(co, "11-23 10:30", seed=2, 合同编号="HY-2")
    number = paid(co, 60000, first)
    (told,) = handed_in(co, mend(first))
    assert "已有回款 60,000.00 元" in told["说明"]
    assert number in told["说明"]
    co.decide("赵总", co.approval("赵总", "更正"))
    co.run("11-23 15:00")
    handed_in(co, mend(number, "订单受理号", second), at="11-23 15:10")
    co.decide("吴纳", co.approval("吴纳", "更正"))
    co.run("11-23 16:00")
    assert co.ask("SELECT order_no, status FROM payments") == [{"order_no": second, "status": "accepted"}]


def test_an_exemption_is_put_right_at_once_and_the_day_is_owed_again(co: Company) -> None:
    exemption = {"姓名": "张三", "开始日期": "2026-11-24", "结束日期": "2026-11-25", "原因": "年假"}
    co.hand_in("李四", "豁免.xlsx", 日报豁免=[exemption])
    co.run("11-23 10:00")
    number = str(co.receipt("李四", "豁免").row("日报豁免")["受理号"])
    (told,) = handed_in(co, mend(number, "结束日期", "2026-11-24"), by="李四")
    assert told["结果"] == "已受理"
    assert co.ask("SELECT ends_on FROM exemptions") == [{"ends_on": "2026-11-24"}]
    (wrong,) = handed_in(co, mend(number, "结束日期", "2026-11-01"), by="李四", at="11-23 14:30")
    assert "晚于结束日期" in wrong["说明"]
    handed_in(co, mend(number), by="钱督", at="11-23 15:00")
    assert co.ask("SELECT * FROM exemptions") == []


def test_a_bank_line_is_put_right_at_once_and_proposed_as_it_is_now(co: Company) -> None:
    co.hand_in("吴纳", "流水.xlsx", 银行流水=[bank_line("A1", amount=60000)])
    co.run("11-23 10:00")
    number = str(co.receipt("吴纳", "流水").row("银行流水")["受理号"])
    (told,) = handed_in(co, mend(number, "到账金额", 50000), by="吴纳")
    assert told["结果"] == "已受理"
    co.hand_in("张三", "回款.xlsx", 客户回款=[payment(50000)])
    co.run("11-23 15:00")
    assert ready(confirmation(co)) == [(NAME, "2026-11-23", 50000)]


def test_the_proof_of_a_correction_lies_before_whoever_decides(co: Company) -> None:
    number = approved_order(co)
    co.drop("张三", "证明.jpg", page(31))
    (told,) = handed_in(co, mend(number, "成交金额", 90000, 证明照片="证明.jpg"))
    assert told["结果"] == "待审批"
    assert len(openpyxl.load_workbook(co.approval("赵总", "更正")).worksheets[0]._images) == 1  # type: ignore[attr-defined]


def test_texts_of_a_visit_and_of_a_report_and_numbers_of_a_target_are_put_right(co: Company) -> None:
    co.drop("张三", "现场.jpg", shot("11-23 10:00", 2))
    co.hand_in("张三", 拜访记录=[visit()], 销售日报=[report("2026-11-23")], 销售指标=[target("张三")])
    co.run("11-23 11:00")
    for decider, form in (("李四", "拜访记录"), ("李四", "销售日报"), ("赵总", "销售指标")):
        co.decide(decider, co.approval(decider, form), file=f"{form}.xlsx")
    co.run("11-23 12:00")
    co.new("张三")
    numbers = {row["form"]: row["receipt_no"] for row in _accepted(co)}
    rows = handed_in(
        co,
        mend(numbers["拜访记录"], "拜访对象", "李红梅"),
        mend(numbers["销售日报"], "今日工作总结", "更正：上午拜访宏远电子，下午整理报价。"),
        mend(numbers["销售指标"], "成交金额指标", 120000),
    )
    assert [row["结果"] for row in rows] == ["待审批"] * 3
    for decider in ("李四", "赵总"):
        co.decide(decider, co.approval(decider, "更正"), file=f"更正{decider}.xlsx")
    co.run("11-23 15:00")
    assert co.ask("SELECT met FROM visits") == [{"met": "李红梅"}]
    assert co.ask("SELECT summary FROM daily_reports")[0]["summary"].startswith("更正：")
    assert co.ask("SELECT orders_fen FROM targets") == [{"orders_fen": 12_000_000}]


OCTOBER: dict[str, Any] = {"开始日期": "2026-10-01", "结束日期": "2026-10-31"}
DECEMBER: dict[str, Any] = {"开始日期": "2026-12-01", "结束日期": "2026-12-31"}
QUARTER: dict[str, Any] = {"期间类型": "季度", "月份": 4, "开始日期": "2026-10-01", "结束日期": "2026-12-31"}


def test_a_target_put_right_must_still_add_up_with_the_others_or_is_flagged(co: Company) -> None:
    """One's own correction goes flagged to the approver, the sales manager's takes effect at once and says it too (指标编审 11)."""
    rows = [target("张三", amount=300000, **QUARTER), target("张三", 10, 100000, **OCTOBER), target("张三", 11, 100000),
            target("张三", 12, 100000, **DECEMBER)]  # fmt: skip
    co.hand_in("张三", "指标.xlsx", 销售指标=rows)
    co.run("11-23 10:00")
    numbers = [str(row["受理号"]) for row in co.receipt("张三", "指标").rows("销售指标")]
    co.approve("赵总", "销售指标", "11-23 11:00")
    co.new("张三")
    said = "张三 2026 年第 4 季度的成交金额指标是 300,000.00 元，不等于 3 个月合计的 350,000.00 元"
    (told,) = handed_in(co, mend(numbers[3], "成交金额指标", "15万"))
    assert told["结果"] == "待审批"
    assert f"更正之后，{said}" in told["说明"]
    sheet = co.approval("赵总", "更正")
    assert f"更正之后，{said}" in read(sheet).row("审批_更正")["系统提示"]
    co.decide("赵总", sheet)
    co.run("11-23 15:00")
    (back,) = handed_in(co, mend(numbers[0], "成交金额指标", 350000), at="11-23 16:00")
    assert back["说明"] is None, "now it adds up again"
    own = [target("赵总", amount=10000, **QUARTER), target("赵总", 11, 10000)]
    co.hand_in("赵总", "自己的.xlsx", 销售指标=own)
    co.run("11-23 17:00")
    month = str(co.receipt("赵总", "自己的").rows("销售指标")[1]["受理号"])
    co.hand_in(
        "赵总", "一批.xlsx", 更正=[mend(month, "成交金额指标", 12000)], 销售指标=[target("赵总", 12, 1, **DECEMBER)]
    )
    co.run("11-23 18:00")
    paper = co.receipt("赵总", "一批")
    assert paper.outcomes("更正") == ["已受理"]
    assert "少于已编制的 1 个月合计的 12,000.00 元" in paper.row("更正")["说明"]
    assert "少于已编制的 2 个月合计的 12,001.00 元" in paper.row("销售指标")["说明"], (
        "held against what was put right just now"
    )


def _accepted(co: Company) -> list[dict[str, Any]]:
    return co.ask(
        "SELECT '拜访记录' AS form, receipt_no FROM visits UNION SELECT '销售日报', receipt_no FROM daily_reports "
        "UNION SELECT '销售指标', receipt_no FROM targets"
    )


def test_bad_corrections_get_their_sentence_and_nothing_is_half_done(co: Company) -> None:
    number = approved_order(co)
    corrected(co, mend(number, "成交金额", 90000))
    (first,) = co.ask("SELECT receipt_no FROM corrections")
    (added,) = co.ask("SELECT receipt_no FROM customers")
    before = co.ask("SELECT * FROM orders")
    rows = handed_in(
        co,
        mend("261123-9999", "成交金额", 1),
        mend(first["receipt_no"], "新值", 1),
        mend(added["receipt_no"], "联系人", "李明"),
        mend(number, "成交金额", "很多"),
        mend(number, "成交日期", "2026-12-24"),
        mend(number, "合同照片", "合同2.jpg"),
        mend(number, "成交金额", None),
        mend(number, "成交金额", "9万"),
        at="11-23 16:00",
    )
    assert [row["结果"] for row in rows] == ["退回"] * len(rows)
    for row, words in zip(
        rows,
        (
            "没有受理号为",
            "本身是一项更正",
            "请用“信息变更”",
            "不是金额",
            "还没有到",
            "不能更正",
            "没有写明“新值”",
            "与现在的内容相同",
        ),
        strict=True,
    ):
        assert words in row["说明"]
    (other,) = handed_in(co, mend(number, "成交金额", 1), by="王五", at="11-23 16:10")
    assert "不能由您更正" in other["说明"]
    assert co.ask("SELECT * FROM orders") == before
    assert len(co.ask("SELECT * FROM corrections")) == 1


def test_what_was_made_void_is_not_put_right_and_what_waits_needs_no_correction(co: Company) -> None:
    number = approved_order(co)
    corrected(co, mend(number))
    (gone,) = handed_in(co, mend(number, "成交金额", 1), at="11-23 16:00")
    assert "作废" in gone["说明"]
    assert "请重新投递一行" in gone["说明"]
    co.hand_in("张三", "信息.xlsx", 销售日报=[report("2026-11-23")])
    co.run("11-23 17:00")
    waiting = str(co.receipt("张三", "信息").row("销售日报")["受理号"])
    (early,) = handed_in(co, mend(waiting), at="11-23 17:10")
    assert "还在审批" in early["说明"]


def test_a_correction_that_was_overtaken_is_not_approved(co: Company) -> None:
    number = approved_order(co)
    handed_in(co, mend(number, "成交金额", 90000))
    first = co.approval("赵总", "更正")
    handed_in(co, mend(number), at="11-23 14:10")
    co.decide("赵总", co.approval("赵总", "更正"))
    co.run("11-23 15:00")
    co.new("赵总")
    co.decide("赵总", first)
    co.run("11-23 15:30")
    assert "提交之后情况有变" in co.receipt("赵总").row("审批_更正")["说明"]
    assert co.ask("SELECT status, amount_fen FROM orders") == [{"status": "superseded", "amount_fen": 10_000_000}]


def test_what_was_put_right_wrongly_goes_back_to_what_stood_there_before(co: Company) -> None:
    number = approved_order(co)
    there, back = mend(number, "成交金额", 90000), mend(number, "成交金额", 100000)
    for row, amount in ((there, 9_000_000), (back, 10_000_000), (there, 9_000_000), (back, 10_000_000)):
        corrected(co, row)
        assert co.ask("SELECT amount_fen FROM orders") == [{"amount_fen": amount}]
    from service.upkeep.keeping import differences

    assert list(differences(co.service)) == []


def test_nobody_decides_their_own_correction(co: Company) -> None:
    number = approved_order(co)
    handed_in(co, mend(number, "成交金额", 90000), by="赵总")
    assert co.approval("钱督", "更正").is_file()


# -- told, and computed anew


def told(co: Company, name: str, of: str) -> str:
    """What stands in somebody's new notices of a kind."""
    return "".join(read(path).text for path in co.new(name) if of in path.name)


def test_who_handed_a_row_in_is_told_when_somebody_else_puts_it_right(co: Company) -> None:
    number = approved_order(co)
    corrected(co, mend(number, "成交金额", 90000), by="赵总", decider="钱督")
    co.hand_in("赵总", "又.xlsx", 更正=[mend(number, "合同编号", "HY-9")])
    co.run("11-23 16:00")
    co.decide("钱督", co.approval("钱督", "更正"))
    co.run("11-23 17:00")
    words = told(co, "张三", "更正")
    assert f"您提交的成交订单（受理号 {number}）的“合同编号”已由 HY-1 更正为 HY-9（赵总提交，钱督同意" in words
    assert "原因：录入时看错了合同" in words
    assert "请再投递“更正”" in words
    handed_in(co, mend(number, "成交金额", 80000), at="11-23 18:00")
    co.decide("赵总", co.approval("赵总", "更正"))
    co.run("11-23 19:00")
    assert told(co, "张三", "通知_更正") == "", "one's own correction is told by its decision"


def test_an_exemption_made_void_by_others_is_told_at_once(co: Company) -> None:
    co.hand_in("李四", "豁免.xlsx", 日报豁免=[leave("2026-11-24", "2026-11-25")])
    co.run("11-23 10:00")
    number = str(co.receipt("李四", "豁免").row("日报豁免")["受理号"])
    handed_in(co, mend(number), by="钱督", at="11-23 11:00")
    words = told(co, "李四", "更正")
    assert f"您提交的日报豁免（受理号 {number}）已作废（钱督提交" in words
    assert "请重新投递一行" in words


def leave(start: str, end: str, name: str = "张三") -> dict[str, Any]:
    return {"姓名": name, "开始日期": start, "结束日期": end, "原因": "年假"}


def test_a_report_made_void_after_the_month_was_reported_is_fined_when_that_is_approved_and_not_before(
    co: Company,
) -> None:
    """HR gets the new version by the night that follows the approval, although the 更正 lay there before the month's end."""
    co.hand_in("张三", "日报.xlsx", 销售日报=[report("2026-11-23")])
    co.run("11-23 18:00")
    number = str(co.receipt("张三", "日报").row("销售日报")["受理号"])
    co.decide("李四", co.approval("李四", "销售日报"))
    co.run("11-23 19:00")
    handed_in(co, mend(number, 原因="这份日报是代别人交的，不是本人当天的工作"), by="钱督", at="11-30 18:00")
    co.monthly("2026-11", "12-01 01:00")
    assert not [file for file in co.nightly("2026-12-01", "12-02 00:30").files if "日报扣款" in file]
    co.decide("李四", co.approval("李四", "更正"))
    co.run("12-02 09:00")
    co.new("钱督", "审批")
    closed = co.nightly("2026-12-02", "12-03 00:30")
    assert "孙人/日报扣款_2026-11.xlsx" in closed.files
    assert "已出第 2 版" in told(co, "孙人", "新版")
    assert "作废：这份日报是代别人交的" in str(co.report("孙人", "日报扣款_2026-11").sheets), "asked about, not fined"
    asked = co.approval("钱督", "扣款核定")
    (at,) = [
        n for n, row in enumerate(read(asked).rows("审批_扣款核定")) if (row["姓名"], row["状态"]) == ("张三", "待核实")
    ]
    co.decide("钱督", asked, "计", rows=[at])
    co.run("12-03 09:00")
    co.nightly("2026-12-03", "12-04 00:30")
    changes = co.report("孙人", "日报扣款_2026-11").rows("变化")
    assert ("张三", "2026-11-23") in [(row["姓名"], str(row["日期"])[:10]) for row in changes]
    assert "2026-11-23 张三" in told(co, "孙人", "新版")
    assert not [file for file in co.nightly("2026-12-04", "12-05 00:30").files if "日报扣款" in file]


def test_an_exemption_put_right_after_the_month_was_reported_gives_hr_a_new_version(co: Company) -> None:
    co.hand_in("孙人", "豁免.xlsx", 日报豁免=[leave("2026-11-24", "2026-11-25")])
    co.run("11-23 10:00")
    number = str(co.receipt("孙人", "豁免").row("日报豁免")["受理号"])
    co.monthly("2026-11", "12-01 01:00")
    (row,) = handed_in(co, mend(number, "结束日期", "2026-11-24"), by="孙人", at="12-01 10:00")
    assert row["结果"] == "已受理"
    closed = co.nightly("2026-12-01", "12-02 00:30")
    assert "孙人/日报扣款_2026-11.xlsx" in closed.files
    changes = co.report("孙人", "日报扣款_2026-11").rows("变化")
    assert [(row["姓名"], row["变化"], str(row["日期"])[:10]) for row in changes] == [("张三", "新增", "2026-11-25")]


def test_a_manager_does_not_reach_far_back_by_mending_an_exemption(co: Company) -> None:
    co.hand_in("李四", "豁免.xlsx", 日报豁免=[leave("2026-11-23", "2026-11-23", "王五")])
    co.run("11-23 10:00")
    number = str(co.receipt("李四", "豁免").row("日报豁免")["受理号"])
    (row,) = handed_in(co, mend(number, "结束日期", "2026-12-10"), by="李四", at="12-11 10:00")
    assert row["结果"] == "待审批"
    co.approve("钱督", "更正", "12-11 11:00")
    assert co.ask("SELECT ends_on FROM exemptions") == [{"ends_on": "2026-12-10"}]


def test_an_objection_after_the_final_version_says_which_way_is_left_and_the_way_leads_on(co: Company) -> None:
    co.nightly("2026-11-23", "11-24 00:30")
    co.monthly("2026-11", "12-01 01:00")
    sheet = co.approval("钱督", "扣款核定")
    co.decide("钱督", sheet, "计")
    co.run("12-01 09:00")
    co.nightly("2026-12-01", "12-02 00:30")
    assert "企管部已全部核定" in told(co, "孙人", "新版")
    co.hand_in("张三", "申诉.xlsx", 日报申诉=[{"日期": "2026-11-23", "申诉理由": "当天网络断了，晚上十点才恢复"}])
    co.run("12-02 10:00")
    row = co.receipt("张三", "申诉").row("日报申诉")
    assert row["结果"] == "退回"
    assert "的申诉到 2026-11-27 为止" in row["说明"]
    assert "请部门经理投递“日报豁免”" in row["说明"]
    assert co.ask("SELECT * FROM appeals WHERE status <> 'rejected'") == []
    co.hand_in("李四", "豁免.xlsx", 日报豁免=[leave("2026-11-23", "2026-11-23")])
    co.run("12-02 11:00")
    co.decide("钱督", co.approval("钱督", "日报豁免"))
    co.run("12-02 12:00")
    co.nightly("2026-12-02", "12-03 00:30")
    assert "撤销：2026-11-23 张三" in told(co, "孙人", "新版")
