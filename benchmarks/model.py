"""A department lives a week through real files: what it leaves in the journal is the pattern of a history.

Everything that people do in a usual week happens: reports on time and late, visits with their photographs, plans, new
customers that nobody follows and that go back to the pool, a claim, an order, its payment, a transfer, a change, an
exemption, a row that is refused, one that is replaced, one that waits for its photograph.
"""

from __future__ import annotations

import json
import random
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import openpyxl

from benchmarks.calls import Calls
from benchmarks.inputs import CUSTOMERS, HEADERS, REPORTS, Row, customers, report, sentence, workbook
from benchmarks.photos import photograph_taken
from benchmarks.stage import Stage, crowd, prepared

FRIDAY = datetime(2026, 6, 5)  #: the company is founded; the week that follows has no holiday
MONDAY = FRIDAY + timedelta(days=3)
FIXED = 4  #: customers of everybody who keeps some
SELLERS = [f"业务{n:04d}" for n in range(10)]
MANAGER, BOSS, CASHIER = "经理000", "赵总", "吴账"
HERE = {"客户地址": "广东省/深圳市/南山区", "销售区域": "华南"}  #: where all photographs are taken

VISITS, PLANS, ORDERS, PAYMENTS, BANK = "拜访记录", "拜访计划", "成交订单", "客户回款", "银行流水"
CLAIMS, TRANSFERS, CHANGES, EXEMPTIONS, PEOPLE = "客户申领", "客户转交", "信息变更", "日报豁免", "人员变更"


class Model:
    """The department's company, one week long."""

    def __init__(self, home: Path, product: Path, days: int = 5) -> None:
        """Found it, and let everybody have their customers."""
        self.stage: Stage = prepared(home, product)
        self._calls = Calls(self.stage)
        self.pick = random.Random(5)
        self.seed = 0
        self.days = days  #: of the week on which people work at most
        self.stage.found(crowd(len(SELLERS)), FRIDAY.replace(hour=8))
        self.after_init = self._length()
        rows = [{**row, **HERE} for row in customers(8 * FIXED + 2, seed=77)]
        self.owned = {who: rows[n * FIXED : n * FIXED + FIXED] for n, who in enumerate(SELLERS[2:])}
        self.stray = rows[8 * FIXED : 8 * FIXED + 2]
        self._found_customers()
        self.after_founding = self._length()
        for day in range(7):
            self._live(day)
        self._calls.close()

    def journal(self, days_to_now: int) -> dict[str, Any]:
        """What it left: the founding, the week, how much of the week is Monday, and how far away now is."""
        columns = ("at", "kind", "subject", "actor", "payload")
        rows = self.stage.ask(f"SELECT {', '.join(columns)} FROM journal ORDER BY seq")
        entries = [{**dict(zip(columns, row, strict=True)), "payload": json.loads(row[-1])} for row in rows]
        return {
            "founding": entries[self.after_init : self.after_founding],
            "week": entries[self.after_founding :],
            "monday": self.monday_evening - self.after_founding,
            "days_to_now": days_to_now,
        }

    def _length(self) -> int:
        ((n,),) = self.stage.ask("SELECT COUNT(*) FROM journal")
        return int(n)

    def _found_customers(self) -> None:
        now = FRIDAY.replace(hour=10)
        for who, rows in self.owned.items():
            self._hand_in(who, "客户.xlsx", {CUSTOMERS: [self._with_photo(who, row, now) for row in rows]})
        self._round(now)
        self._decide(now + timedelta(hours=1))
        self._night(FRIDAY)

    def _live(self, day: int) -> None:
        noon = MONDAY + timedelta(days=day, hours=12)
        if day < min(self.days, 5):
            self._morning(day, noon)
            self._round(noon)
            self._decide(noon + timedelta(hours=1))
            self._decide(noon + timedelta(hours=2))  # what hung on a decision
            self._evening(day, noon.replace(hour=18, minute=30))
            self._decide(noon.replace(hour=21))
        if day == 0:
            self.monday_evening = self._length()
        self._night(MONDAY + timedelta(days=day))

    def _morning(self, day: int, now: datetime) -> None:
        """What does not come every day."""
        {0: self._monday, 1: self._tuesday, 2: self._wednesday, 3: self._thursday, 4: self._friday}[day](now)

    def _monday(self, now: datetime) -> None:
        """A new customer, and what people have planned."""
        self._hand_in(SELLERS[0], "新客户.xlsx", {CUSTOMERS: [self._with_photo(SELLERS[0], self.stray[0], now)]})
        for who in SELLERS[2:6]:
            plan = {
                "客户名称": self.owned[who][2]["客户名称"], "计划日期": f"{now + timedelta(days=2):%Y-%m-%d}",
                "拜访目的": "确认合同付款的节点",
            }  # fmt: skip
            self._hand_in(who, "计划.xlsx", {PLANS: [plan]})

    def _tuesday(self, now: datetime) -> None:
        """An order, and a customer with another telephone."""
        order = {
            "客户名称": self._buyer, "合同编号": f"HT-{now:%Y%m%d}", "成交日期": f"{now:%Y-%m-%d}", "成交金额": "36000",
            "合同照片": self._photo(SELLERS[2], now, megapixels=2), "商机名称": "二期设备",
        }  # fmt: skip
        self._hand_in(SELLERS[2], "订单.xlsx", {ORDERS: [order]})
        change = {
            "客户名称": self.owned[SELLERS[-1]][0]["客户名称"], "联系电话": "13900001111", "变更说明": "客户来函通知换了联系电话",
        }  # fmt: skip
        self._hand_in(SELLERS[-1], "变更.xlsx", {CHANGES: [change]})

    def _wednesday(self, now: datetime) -> None:
        """The money for the order, and somebody on leave."""
        line = {
            "到账日期": f"{now:%Y-%m-%d}", "付款方名称": self._buyer, "到账金额": "36000",
            "流水号": f"LS-{now:%Y%m%d}-{MANAGER}", "摘要": "货款",
        }  # fmt: skip
        self._hand_in(CASHIER, "流水.xlsx", {BANK: [line]})
        ((ordered,),) = self.stage.ask("SELECT receipt_no FROM orders WHERE customer = ?", self._buyer)
        paid = {
            "客户名称": self._buyer, "回款类型": "销售回款", "回款日期": f"{now:%Y-%m-%d}", "回款金额": "36000",
            "订单受理号": ordered, "受理号": ordered,
        }  # fmt: skip
        self._hand_in(SELLERS[2], "回款.xlsx", {PAYMENTS: [paid]})
        away = {"姓名": SELLERS[9], "开始日期": f"{now:%Y-%m-%d}", "结束日期": f"{now:%Y-%m-%d}", "原因": "年假"}
        self._hand_in(MANAGER, "豁免.xlsx", {EXEMPTIONS: [away]})

    def _thursday(self, now: datetime) -> None:
        """A customer handed over, and a colleague in another region."""
        moved = {
            "客户名称": self.owned[SELLERS[8]][0]["客户名称"], "接受人": SELLERS[7], "转交原因": "范围调整",
            "转交说明": "片区调整，由接受人继续跟进这个客户的二期项目",
        }  # fmt: skip
        self._hand_in(SELLERS[8], "转交.xlsx", {TRANSFERS: [moved]})
        changed = {"姓名": SELLERS[9], "生效日期": f"{now:%Y-%m-%d}", "销售区域": "华南"}
        self._hand_in(BOSS, "人员.xlsx", {PEOPLE: [changed]})

    def _friday(self, now: datetime) -> None:
        """A claim, a picture that no row names, and a wrong row."""
        claim = {"客户名称": self.stray[0]["客户名称"], "申领说明": "展会上接触过采购经理，准备上门拜访"}
        self._hand_in(SELLERS[1], "申领.xlsx", {CLAIMS: [claim]})
        self._photo(SELLERS[5], now)
        bad = {**self.stray[1], "联系电话": "1380013800", "门头照片": self._photo(SELLERS[4], now)}
        self._hand_in(SELLERS[4], "错的.xlsx", {CUSTOMERS: [bad]})

    @property
    def _buyer(self) -> str:
        """The customer that orders and pays."""
        return self.owned[SELLERS[2]][0]["客户名称"]

    def _evening(self, day: int, now: datetime) -> None:
        """Reports of everybody, visits of those who have customers; what is late or replaced comes after the hour."""
        for n, who in enumerate(SELLERS):
            if (day, n) in ((2, 9), (3, 0)):  # on leave; forgotten
                continue
            sheets: dict[str, list[Row]] = {REPORTS: [report(now.date(), self.pick)]}
            if who in self.owned and day < FIXED:
                waits = (day, n) == (1, 3)
                picture = "明天补.jpg" if waits else self._photo(who, now)
                sheets[VISITS] = [self._visit(self.owned[who][day]["客户名称"], picture)]
            if (day, n) == (2, 3):
                self._photo(who, now - timedelta(hours=23), "明天补.jpg")
            self._hand_in(who, f"{day + 1}.xlsx", sheets)
        self._round(now)
        again = [report(now.date(), self.pick)]
        self._hand_in(SELLERS[6], f"{day + 1}改.xlsx", {REPORTS: again})
        self._round(now.replace(hour=20, minute=30))

    def _visit(self, customer: str, picture: str) -> Row:
        return {
            "客户名称": customer, "现场照片": picture, "拜访对象": "采购部李经理", "拜访目的": sentence(self.pick)[:12],
            "拜访记录": sentence(self.pick), "下次拜访目的": "带正式报价单",
        }  # fmt: skip

    def _with_photo(self, who: str, row: Row, now: datetime) -> Row:
        return {**row, "门头照片": self._photo(who, now)}

    def _photo(self, who: str, now: datetime, name: str = "", megapixels: float = 0.5) -> str:
        self.seed += 1
        name = name or f"IMG_{self.seed:04d}.jpg"
        self.stage.drop(who, name).write_bytes(photograph_taken(self.seed, megapixels, now - timedelta(minutes=40)))
        return name

    def _hand_in(self, who: str, name: str, sheets: dict[str, list[Row]]) -> None:
        workbook(self.stage.drop(who, name), sheets)

    def _round(self, now: datetime) -> None:
        self._calls("run", now=now)

    def _night(self, day: datetime) -> None:
        after = (day + timedelta(days=1)).replace(hour=0, minute=30)
        self._calls("nightly", "--date", f"{day:%Y-%m-%d}", now=after)

    def _decide(self, now: datetime) -> None:
        """Everybody agrees to what lies before them, the manager but for one report a day."""
        waiting = [
            (who, sheet)
            for who in (MANAGER, BOSS, CASHIER)
            for sheet in sorted((self.stage.home / "share" / who / "取件" / "审批").glob("*.xlsx"))
        ]
        for who, sheet in waiting:
            _agree(sheet, self.stage.drop(who, sheet.name), refuse="业务0004" if "销售日报" in sheet.name else "")
        if waiting:
            self._round(now)


def win_customers(stage: Stage, who: str, manager: str, now: datetime) -> None:
    """*who* has the usual few customers, by handing them in and having them approved."""
    rows = [{**row, **HERE, "门头照片": f"{n}.jpg"} for n, row in enumerate(customers(FIXED, seed=77))]
    for n in range(FIXED):
        stage.drop(who, f"{n}.jpg").write_bytes(photograph_taken(n, 0.5, now - timedelta(minutes=40)))
    workbook(stage.drop(who, "客户.xlsx"), {CUSTOMERS: rows})
    stage.call("run", now=now)
    for sheet in (stage.home / "share" / manager / "取件" / "审批").glob("*.xlsx"):
        _agree(sheet, stage.drop(manager, sheet.name), refuse="")
    stage.call("run", now=now + timedelta(minutes=30))


def _agree(sheet: Path, target: Path, *, refuse: str) -> None:
    with closing(openpyxl.load_workbook(sheet)) as book:
        page = book.worksheets[0]
        top = next(row for row in range(1, 20) if "审批结论" in [cell.value for cell in page[row]])
        at = {str(cell.value): n for n, cell in enumerate(page[top], 1)}
        for row in range(top + 1, page.max_row + 1):
            if page.cell(row, at["受理号"]).value is None:
                continue
            no = page.cell(row, at["提交人"]).value == refuse
            page.cell(row, at["审批结论"], "驳回" if no else "同意")
            page.cell(row, at["审批意见"]).value = "请写清楚台数" if no else None
        book.save(target)


HEADERS.update(
    {
        VISITS: ("客户名称", "同行人员", "现场照片", "拜访对象", "拜访目的", "拜访记录", "下次拜访目的"),
        PLANS: ("客户名称", "计划日期", "拜访目的"),
        ORDERS: ("客户名称", "合同编号", "成交日期", "成交金额", "合同照片", "商机名称"),
        PAYMENTS: ("客户名称", "回款类型", "回款日期", "回款金额", "订单受理号", "受理号", "流水号"),
        BANK: ("到账日期", "付款方名称", "到账金额", "流水号", "摘要"),
        CLAIMS: ("客户名称", "共享人员", "申领说明"),
        TRANSFERS: ("客户名称", "接受人", "转交原因", "转交说明", "共享人员"),
        CHANGES: (
            "客户名称", "新客户名称", "客户来源", "门头照片", "客户类型", "联系人", "联系电话", "客户地址", "详细地址", "销售区域",
            "共享人员", "变更说明",
        ),
        EXEMPTIONS: ("姓名", "开始日期", "结束日期", "原因"),
        PEOPLE: ("姓名", "生效日期", "新姓名", "状态", "部门", "岗位", "手机号码", "客户数量上限", "最长跟进天数", "销售区域"),
    }
)  # fmt: skip
