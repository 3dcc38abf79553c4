"""The demo is the main job on real input: what it promises is looked up in the files that it leaves behind."""

from __future__ import annotations

import re
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from filelock import FileLock
from rich.cells import cell_len
from typer.testing import CliRunner

import sync
from demo import company
from demo.habits import answered, report, reports
from demo.month import STORY
from demo.people import CHEN, NEWCOMER, SELLERS
from demo.story import Day, Mend, Month, Owed
from policy.forms import FORMS
from tests.conftest import REPOSITORY

SECONDS = 800
NOVEMBER = [date(2026, 11, day) for day in range(2, 31)]
FIRST = STORY[0].date if isinstance(STORY[0], Day) else date.min


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """The folder of one whole demo, shared by all test processes; it replaced the folder of an earlier demo."""
    base = tmp_path_factory.getbasetemp()
    base = base if worker_id == "master" else base.parent
    home, done = base / "demo", base / "demo.out"
    with FileLock(base / "demo.lock"):
        if not done.exists():
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(company, "STORY", ())
                assert company.live(home, None).troubles == []
            (home / "share" / "旧文件.txt").write_text("旧", "utf-8")
            command = [sys.executable, "sync.py", "demo", str(home)]
            ran = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, timeout=SECONDS, check=False)
            home.with_name("demo.end").write_text(f"{ran.returncode} {ran.stderr}", "utf-8")
            done.write_text(ran.stdout, "utf-8")
    return home


@pytest.fixture(scope="module")
def printed(home: Path) -> list[str]:
    return home.with_name("demo.out").read_text("utf-8").splitlines()


@cache
def rows_told(home: Path, who: str) -> list[tuple[str, str]]:
    """(结果 or '', everything else in the row) of all receipts that *who* was given."""
    told: list[tuple[str, str]] = []
    for path in sorted((home / "share" / who / "取件" / "回执").rglob("*.xlsx")):
        for sheet in openpyxl.load_workbook(path):
            outcomes = sheet.title != "概要"
            for row in sheet.iter_rows(values_only=True):
                words = " ".join(str(cell) for cell in row if cell)
                told.append((str(row[0]) if outcomes else "", words))
    return told


def rows_of(path: Path, sheet: str, header: str = "姓名") -> list[dict[str, Any]]:
    rows = list(openpyxl.load_workbook(path, data_only=True)[sheet].iter_rows(values_only=True))
    at = next(index for index, row in enumerate(rows) if header in row)
    return [dict(zip(map(str, rows[at]), row, strict=True)) for row in rows[at + 1 :] if row[rows[at].index(header)]]


# -- the whole story


def test_the_demo_ends_without_troubles(home: Path) -> None:
    code, _space, said = home.with_name("demo.end").read_text("utf-8").partition(" ")
    troubles = [line for line in said.splitlines() if not line.endswith("is no longer kept")]  # old backups go by rule
    assert (code, troubles) == ("0", [])


@pytest.mark.parametrize(
    ("who", "outcome", "words"),
    [
        ("王磊", "待审批", "记为迟交"),
        ("李娜", "退回", "没有任何拍摄信息，可能经微信等软件转发压缩"),
        ("黄敏", "退回", "照片拍摄于 10-30 10:00，距提交已 79 小时，超过 24 小时"),
        ("陈静", "退回", "已被 张伟 在 2026-11-02 用于受理号"),
        ("张伟", "待审批", "的照片很相似"),
        ("张伟", "待审批", "拍摄于广东省深圳市南山区，距客户门头约"),
        ("刘洋", "待审批", "拍摄于浙江省杭州市西湖区，距客户门头约"),
        ("黄敏", "待审批", "地点异常：照片“IMG_1103_21.jpg”距客户门头约"),
        ("李娜", "待审批", "照片没有定位信息"),
        ("李娜", "待审批", "不在同一区"),
        ("王磊", "退回", "同行人员“马小云”不是在职同事"),
        ("李娜", "", "缺少必填列“明日工作计划”"),
        ("周凯", "退回", "“朋友介绍”不在可选范围内"),
        ("王磊", "退回", "“1380013800”不是有效的手机或座机号码"),
        ("陈静", "退回", "“周三”看不出是哪一天"),
        ("林婉清", "退回", "锁定的“拜访记录”被改动"),
        ("高志强", "退回", "这份审批单是发给林婉清的"),
        ("林婉清", "退回", "驳回必须填写审批意见"),
        ("张伟", "退回", "林婉清驳回：照片与昨天的是同一张"),
        ("李娜", "重复", "不再重复登记"),
        ("林婉清", "重复", "不再重复处理"),
        ("张伟", "待补照片", "IMG_1104_01.jpg"),
        ("张伟", "待审批", "IMG_1104_01.jpg"),
        ("周凯", "退回", "照片“IMG_9999.jpg”到 11-05 23:59 仍未收到"),
        ("张伟", "", "工作簿设了打开密码"),
        ("李娜", "", "这是网页文件"),
        ("王磊", "", "文件是空的（0 字节）"),
        ("黄敏", "退回", "是截图，不是相机拍的照片"),
        ("王磊", "退回", "用 Adobe Photoshop 25.0 处理过"),
        ("高志强", "已受理", "年假"),
        ("周凯", "退回", "是否为“北京恒通物流有限公司”"),
        ("陈静", "退回", "已经在册，归属：张伟"),
        ("王磊", "退回", "不是您可以跟进的客户"),
        ("黄敏", "待审批", "疑似照抄"),
        ("周凯", "", "以下照片两天内没有任何表格引用"),
        ("周凯", "", "再过 1 天没有跟进将回到公海"),
        ("周凯", "退回", "2026-11-15 起才能再申领"),
        ("刘洋", "退回", "已由黄敏先申领"),
        ("陈静", "退回", "计划日期 2026-11-06 已经过去"),
        ("张伟", "待审批", "本次拜访按已审批的计划进行"),
        ("张伟", "退回", "月份 13 不在 1 到 12 之间"),
        ("黄敏", "退回", "结束日期 2026-11-29 不是 2026 年 11 月的最后一天"),
        ("林婉清", "退回", "您不能为刘洋编制指标"),
        ("黄敏", "待审批", "合同照片“西溪软件合同2.jpg”不够清晰"),
        ("李娜", "退回", "合同编号 HY-2026-118 已用于另一笔订单"),
        ("张伟", "退回", "“华新合同1.jpg”已被 张伟 在 2026-11-12 用于受理号"),
        ("孙丽", "退回", "“到账客户名称”没有填写"),
        ("孙丽", "已受理", "核对不一致，已退回提交人"),
        ("李娜", "退回", "到账金额：不一致（登记 20,000.00 元，到账 18,000.00 元）"),
        ("张伟", "待审批", "的回款共 130,000.00 元，超过订单金额 128,000.00 元"),
        ("刘洋", "退回", "归属黄敏，只有归属人可以提交"),
        ("刘洋", "退回", "归属黄敏，不能由您转交"),
        ("赵明远", "已受理", "李娜名下还有 2 个客户"),
        ("林婉清", "", "“人员变更”整表退回：“人员变更”只能由销售经理提交，您的岗位是部门经理"),
        ("王磊", "", "再过 7 天没有跟进将回到公海"),
        ("林婉清", "退回", "不是在职的销售人员"),
        ("陈静", "退回", "的申诉到 2026-11-07 为止"),
        ("周凯", "已受理", "钱进同意"),
        ("黄敏", "退回", "新值与现在的内容相同"),
        ("黄敏", "退回", "输单没有写明原因"),
        ("张伟", "已受理", "接续了先前提交的受理号"),
        ("张伟", "已受理", "高志强（代林婉清）同意"),
        ("李娜", "", "您已于 2026-11-26 离职"),
    ],
)
def test_a_mistake_that_staff_make_gets_its_answer_in_a_real_receipt(
    home: Path, who: str, outcome: str, words: str
) -> None:
    assert [row for row in rows_told(home, who) if row[0] == outcome and words in row[1]]


def test_a_receipt_mended_and_dropped_back_is_taken(home: Path) -> None:
    for who, mended in (
        ("王磊", "028-85171234"), ("周凯", "转介绍"), ("陈静", "2026-11-04"), ("李娜", "天河区"), ("李娜", "YH-2026-045"),
        ("李娜", "18000"), ("林婉清", "全部 张伟"),
    ):  # fmt: skip
        assert [row for row in rows_told(home, who) if row[0] == "待审批" and mended in row[1]], who


def test_every_drop_folder_is_empty_at_the_end_and_everybody_who_dropped_something_was_answered(home: Path) -> None:
    assert list(home.glob("share/*/投递/*")) == []
    assert {path.parents[3].name for path in home.glob("share/*/取件/回执/*/*.xlsx")} >= {each.name for each in SELLERS}


# -- the month, as the ledger and the reports have it


def ask(home: Path, question: str) -> list[tuple[Any, ...]]:
    """The ledger, as anybody may read it."""
    with closing(sqlite3.connect(f"{(home / 'book' / 'ledger.db').as_uri()}?mode=ro", uri=True)) as book:
        return book.execute(question).fetchall()


def test_the_company_lives_every_day_of_a_month() -> None:
    days = [step.date for step in STORY if isinstance(step, Day)]
    assert days == [*NOVEMBER, date(2026, 12, 1)]


def test_every_form_of_the_policy_is_used_and_takes_effect(home: Path) -> None:
    taken = {form for (form,) in ask(home, "SELECT DISTINCT form FROM s_rows WHERE status = 'accepted'")}
    assert taken == {form.sheet for form in FORMS}


def test_part_payments_add_up_to_more_than_the_order_and_each_used_its_own_bank_line(home: Path) -> None:
    (paid,) = ask(
        home,
        "SELECT o.amount_fen, SUM(p.amount_fen), COUNT(*) FROM orders o JOIN payments p ON p.order_no = o.receipt_no"
        " WHERE o.customer = '深圳市宏远电子有限公司' AND p.status = 'accepted'",
    )
    assert paid == (12_800_000, 13_000_000, 3)
    used = ask(home, "SELECT payer, COUNT(*), COUNT(DISTINCT used_by) FROM bank_lines GROUP BY payer ORDER BY payer")
    assert used == [("杭州西溪软件有限公司", 2, 1), ("深圳市宏远电子有限公司", 3, 3)]


def test_customers_are_where_the_month_has_left_them(home: Path) -> None:
    owners = dict(ask(home, "SELECT name, owner FROM customers"))
    assert owners["广州远航贸易有限公司"] == owners["广州岭南食品有限公司"] == "张伟"
    assert owners["北京恒通物流有限公司"] == "周凯"
    assert owners["杭州西溪云科技有限公司"] == "黄敏"
    ((day,),) = ask(home, "SELECT last_followed_on FROM customers WHERE name = '杭州西溪云科技有限公司'")
    assert day == "2026-11-24"


@pytest.mark.parametrize(
    ("who", "day", "sheet", "words"),
    [
        ("高志强", 12, "未执行计划", ("刘洋", "上海浦江仪器有限公司")),
        ("高志强", 23, "变更记录", ("杭州西溪软件有限公司", "杭州西溪云科技有限公司", "高志强")),
        ("林婉清", 25, "离职待转交", ("李娜", "广州岭南食品有限公司")),
    ],
)
def test_the_managers_overview_shows_what_needs_a_look(
    home: Path, who: str, day: int, sheet: str, words: tuple[str, ...]
) -> None:
    path = home / "share" / who / "取件" / "报表" / "2026-11" / f"部门概览_2026-11-{day:02d}.xlsx"
    rows = openpyxl.load_workbook(path)[sheet].iter_rows(values_only=True)
    assert [row for row in rows if all(word in row for word in words)]


def test_the_attainment_report_adds_up_the_months_orders_payments_visits_and_customers(home: Path) -> None:
    rows = rows_of(home / "share/赵明远/取件/报表/指标达成_2026-11.xlsx", "本月")
    by_name = {row["姓名"]: row for row in rows}
    company = by_name["全公司"]
    assert (company["成交金额(元)指标"], company["成交金额(元)完成"]) == (600_000, 281_000)
    assert (company["回款金额(元)指标"], company["回款金额(元)完成"]) == (300_000, 178_000)
    for kind in ("成交金额(元)完成", "回款金额(元)完成", "拜访次数完成", "新增客户完成"):
        assert company[kind] == sum(row[kind] for row in rows if row["范围"] == "个人") > 0
    own = rows_of(home / "share/张伟/取件/报表/指标达成_2026-11.xlsx", "本月")
    assert [(row["姓名"], row["回款金额(元)完成"]) for row in own] == [("张伟", 130_000)]


def compliance(home: Path) -> Iterator[dict[str, Any]]:
    for path in sorted(home.glob("share/钱进/取件/报表/2026-11/日报合规_2026-11-*.xlsx")):
        yield from rows_of(path, "明细")


def test_the_compliance_reports_show_every_day_and_every_state(home: Path) -> None:
    days = {path.stem[-10:] for path in home.glob("share/钱进/取件/报表/2026-11/日报合规_2026-11-*.xlsx")}
    assert days == {f"{day}" for day in NOVEMBER if day.weekday() < 5}
    rows = list(compliance(home))
    assert {row["状态"] for row in rows} == {"按时", "迟交", "缺交", "豁免"}
    assert {row["审核状态"] for row in rows if row["提交时间"]} == {"按时", "逾期", "未审"}
    assert [row["姓名"] for row in rows if row["姓名"] == NEWCOMER.name and f"{row['日期']:%m-%d}" < "11-04"] == []


def test_the_deduction_workbook_adds_up_and_fines_only_what_the_compliance_reports_call_missing(home: Path) -> None:
    reports = home / "share/郑雪/取件/报表"
    missing = {(row["姓名"], f"{row['日期']:%m-%d}") for row in compliance(home) if row["状态"] == "缺交"}
    assert missing == {("陈静", "11-03"), ("周凯", "11-06"), ("王磊", "11-11"), ("周凯", "11-13")}
    asked = missing - {("周凯", "11-13")}  # whose objection was granted before the month was over
    for name, fined in (("日报扣款_2026-11_第1版", asked), ("日报扣款_2026-11", asked - {("王磊", "11-11")})):
        lines = rows_of(reports / f"{name}.xlsx", "明细")
        assert {(line["姓名"], f"{line['日期']:%m-%d}") for line in lines} == fined
        assert all("没有覆盖当日的豁免登记" in line["证据"] for line in lines)
        totals = rows_of(reports / f"{name}.xlsx", "汇总", "部门")
        assert sum(total["扣款金额(元)"] for total in totals if total["姓名"]) == 20 * len(fined)
        assert [total["扣款金额(元)"] for total in totals if total["部门"] == "合计"] == [20 * len(fined)]


def test_an_exemption_after_the_month_is_a_second_version_with_its_difference(home: Path) -> None:
    (change,) = rows_of(home / "share/郑雪/取件/报表/日报扣款_2026-11.xlsx", "变化")
    assert (change["变化"], change["姓名"], f"{change['日期']:%m-%d}") == ("撤销", "王磊", "11-11")


def test_the_month_says_that_it_is_not_countersigned_until_it_is(home: Path) -> None:
    for name, open_lines in (("日报扣款_2026-11_第1版", ["未核定：还有 3 条"]), ("日报扣款_2026-11", [])):
        page = openpyxl.load_workbook(home / "share/郑雪/取件/报表" / f"{name}.xlsx")["汇总"]
        told = [str(cell.value)[:10] for row in page.iter_rows() for cell in row if "未核定" in str(cell.value)]
        assert told == open_lines, name
    rulings = ask(home, "SELECT approver, decision, COUNT(*) FROM decisions JOIN s_rows USING (receipt_no)"
                        " WHERE form = '扣款核定' GROUP BY 1, 2")  # fmt: skip
    assert rulings == [("钱进", "同意", 2)]


def test_an_objection_that_was_granted_is_an_exemption_and_the_late_one_is_none(home: Path) -> None:
    assert ask(home, "SELECT person, date, status, decided_by FROM appeals ORDER BY date") == [
        ("陈静", "2026-11-03", "rejected", None),
        ("周凯", "2026-11-13", "accepted", "钱进"),
    ]
    assert ("周凯", "2026-11-13", "2026-11-13") in ask(home, "SELECT person, starts_on, ends_on FROM exemptions")


def test_the_deputy_reads_the_reports_of_the_day_and_nobody_waits_for_who_is_away(home: Path) -> None:
    reviewers = dict(
        ask(home, "SELECT person, reviewer FROM daily_reports WHERE date = '2026-11-18' AND status = 'accepted'")
    )
    both = "高志强（代林婉清）"
    assert {reviewers[name] for name in ("张伟", "李娜", "王磊", "陈静")} == {both}
    assert {reviewers[name] for name in ("刘洋", "黄敏", "周凯", "吴倩")} == {"高志强"}
    rows = rows_of(home / "share/钱进/取件/报表/2026-11/日报合规_2026-11-18.xlsx", "明细")
    assert {row["审核状态"] for row in rows} == {"按时"}


def test_the_month_counts_every_review_as_it_stands_at_its_end(home: Path) -> None:
    """林婉清 read four reports of the 6th at 22:30, and two late ones on the day after; 高志强 those of the 12th."""
    rows = rows_of(home / "share/钱进/取件/报表/2026-11/日报月历_2026-11.xlsx", "审核", "审核人")
    late = {
        row["审核人"]: [row[word] for word in ("逾期", "未审", "不计逾期")] for row in rows if row["按时"] is not None
    }
    assert late == {"林婉清": [6, 0, 0], "高志强": [4, 0, 0], "高志强（代林婉清）": [0, 0, 0]}


def test_a_corrected_order_keeps_what_it_said_before(home: Path) -> None:
    ((old, new, approver),) = ask(home, "SELECT from_value, to_value, approved_by FROM corrections")
    assert (old, new, approver) == ("6000000", "5800000", "赵明远")
    ((amount,),) = ask(home, "SELECT amount_fen FROM orders WHERE contract_no = 'XX-2026-207'")
    assert amount == 5_800_000


def test_the_contract_that_is_a_pdf_was_seen_page_by_page(home: Path) -> None:
    ((pages, status),) = ask(
        home, "SELECT read ->> '合同照片页数', status FROM s_rows WHERE vals ->> 'contract_no' = 'PJ-2026-031'"
    )
    assert (pages, status) == ("3", "accepted")
    assert [path.suffix for path in (home / "book" / "archive").rglob("*浦江仪器合同*")] == [".pdf"]


def test_the_funnel_shows_the_opportunity_that_was_won_and_the_one_that_was_lost(home: Path) -> None:
    ((number,),) = ask(home, "SELECT won_by FROM opportunities WHERE name = '二期设备采购' AND status = 'accepted'")
    assert ask(home, f"SELECT salesperson, amount_fen FROM orders WHERE receipt_no = '{number}'") == [
        ("张伟", 12_800_000)
    ]
    for who, moved in (
        ("赵明远", {"二期设备采购": "赢单", "二期维护": "输单", "新产线模具": "新增"}),
        ("高志强", {"二期维护": "输单"}),
    ):
        rows = rows_of(home / "share" / who / "取件/报表/2026-11/商机漏斗_2026-11.xlsx", "变动", "负责人")
        assert {row["商机名称"]: row["变动"] for row in rows} == moved, who


def test_what_the_company_had_before_the_book_is_in_it(home: Path) -> None:
    owners = dict(ask(home, "SELECT name, owner FROM customers"))
    assert owners["长沙湘江食品机械有限公司"] == "陈静"
    assert owners["天津津港包装制品有限公司"] is None


@pytest.mark.parametrize("command", ["verify", "status"])
def test_the_book_proves_itself_and_nothing_is_left_for_the_operator(home: Path, command: str) -> None:
    arguments = ["--config", str(home / "config.toml"), "--now", "2026-12-02T10:00:00", command]
    ran = CliRunner().invoke(sync.app, arguments)
    assert ran.exit_code == 0, ran.output


def test_a_second_demo_replaces_the_first(home: Path) -> None:
    assert not (home / "share" / "旧文件.txt").exists()


def test_the_table_fits_the_terminal_and_says_where_to_look(home: Path, printed: list[str]) -> None:
    assert max(map(cell_len, printed)) <= 120
    assert printed[0].split() == ["发生了什么", "谁", "结果", "看哪里"]
    named = [word for line in printed for word in line.split() if word.startswith("share/") and word.endswith(".xlsx")]
    assert len(named) > 30
    assert [word for word in named if not (home / word).is_file()] == []


# -- what it does not do


def test_a_folder_that_no_demo_made_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "重要.txt").write_text("重要", "utf-8")
    ran = CliRunner().invoke(sync.app, ["demo", str(tmp_path)])
    assert ran.exit_code == 1
    assert [path.name for path in tmp_path.iterdir()] == ["重要.txt"]


def one_day(monkeypatch: pytest.MonkeyPatch, folder: Path, *story: Day | Month) -> company.Told:
    monkeypatch.setattr(company, "STORY", story)
    return company.live(folder, None)


def test_an_answer_that_the_story_does_not_expect_is_a_trouble(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    late = report(SELLERS[3], FIRST, "20:30", answered("迟交的日报", "退回", "记为迟交"))
    bad = report(SELLERS[2], FIRST, "18:00", 明日工作计划="")
    lost = Mend("19:00", CHEN, "没有交过的表", {})
    day = Day(FIRST, (*reports(FIRST, {CHEN, SELLERS[2].name}), late, bad, lost), (Owed(CHEN, "按时"),))
    told = one_day(monkeypatch, tmp_path / "demo", day)
    assert any("找不到“退回 记为迟交”" in trouble for trouble in told.troubles)
    assert any("出人意料" in trouble and "“明日工作计划”没有填写" in trouble for trouble in told.troubles)
    assert any("陈静 无法照做" in trouble for trouble in told.troubles)
    assert any("日报合规_2026-11-02.xlsx" in trouble for trouble in told.troubles)
    assert "有与预期不符的地方" in "".join(told.lines)


def test_a_fine_that_the_story_does_not_expect_is_a_trouble(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    month = next(step for step in STORY if isinstance(step, Month))
    early = replace(month, day=date(2026, 11, 3), at="01:00", fined=(), shown=())
    day = Day(FIRST, reports(FIRST, {CHEN}), (Owed(CHEN, "缺交"),))
    told = one_day(monkeypatch, tmp_path / "demo", day, early)
    assert [trouble.partition("：")[2] for trouble in told.troubles] == [
        "扣款 [('陈静', datetime.date(2026, 11, 2))]，应为 []",
        "合计 20 元，应为 0 元",
    ]
    assert {row["where"] for row in told.data} >= {"share/郑雪/取件/报表/日报扣款_2026-11.xlsx"}
    assert all(datetime.fromisoformat(row["at"]) for row in told.data)


_NAMES = (
    r"首页\.html",
    r"回执/\d{4}-\d\d/\d{4}-\d{6}_(退回\d+|待补照片\d+|请留意\d+|收下|拒收|通知)_.+\.xlsx",
    r"回执/\d{4}-\d\d/\d{4}_审批结果\.xlsx",
    r"审批/(审批|确认)_\w+_\d{8}-\d+\.xlsx",
    r"审批/照片/\w+_\d{8}-\d+_\d{6}-\d{4}_\d+\.jpg",
    r"报表/\w+_(最新|\d{4}-\d\d(_第\d+版)?)\.xlsx",
    r"报表/\d{4}-\d\d/\w+_\d{4}-\d\d(-\d\d)?\.xlsx",
)


def test_a_month_leaves_few_files_none_twice_and_each_says_what_it_is(home: Path) -> None:
    """What is filled in (模板, a file a form) and what lies in a month's folder is not counted."""
    for pickup in sorted((home / "share").glob("*/取件")):
        files = [path for path in pickup.rglob("*") if path.is_file() and path.parent.name != "模板"]
        names = {path.relative_to(pickup).as_posix(): path for path in files}
        beside = [name for name in names if not re.search(r"/\d{4}-\d\d/", name)]
        assert len(beside) <= 12, (pickup, beside)
        assert [name for name in names if not any(re.fullmatch(known, name) for known in _NAMES)] == [], pickup
        once = [path.read_bytes() for name, path in names.items() if "_最新." not in name]
        assert len(set(once)) == len(once), pickup
