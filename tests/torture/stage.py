"""A small company on the day on which everything happens: every form waits, decisions wait, rubbish waits."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.company import Company, a_company, change, customer, person, reopened, report, transfer, visit
from tests.company import shot as picture
from tests.deals import CASHIER, NAME, arrived, bank_line, confirm, order, page, payment, plan, target
from tests.ways.days import appeal
from tests.ways.people import changed, deputy, exempted
from tests.ways.sales import deal

STAFF = (
    person("张三", "13800138000", "销售一部", "销售人员"),
    person("王五", "13800138002", "销售一部", "销售人员"),
    person("李四", "13800138001", "销售一部", "部门经理"),
    person("赵总", "13800138003", "销售部", "销售经理"),
    person("钱督", "13800138004", "企管部", "企管部"),
    person("孙人", "13800138005", "人力资源部", "人力资源部"),
    CASHIER,
)
OTHER = "广州白云家具厂"
NOON, EVENING = "2026-11-24T12:00:00", "2026-11-24T19:00:00"
WATCHED, BACKED_UP, RESTORED = "2026-11-25T10:00:00", "2026-11-24T12:30:00", "2026-11-24T20:30:00"
SMALL = (480, 360)
CONFIG = {"min_megapixels": "min_megapixels = 0.1", "similar_bits": "similar_bits = 4"}


def small_shot(at: str, seed: int) -> bytes:
    """A phone's picture, as small as the rules let it be: reading it costs little."""
    return picture(at, seed, size=SMALL)


def everything(folder: Path) -> None:
    """Make the company and its Tuesday evening, in which a round meets every form, a decision and rubbish."""
    with a_company(folder, STAFF, config=CONFIG) as co:
        _customers(co)
        _morning(co)
        _evening(co)


def _customers(co: Company) -> None:
    for n in range(2):
        co.drop("张三", f"门头{n}.jpg", small_shot("11-23 09:00", 10 + n))
    rows = [
        customer(name, 门头照片=f"门头{n}.jpg", 联系电话=f"0755-2600123{n}") for n, name in enumerate((NAME, OTHER))
    ]
    co.hand_in("张三", "客户.xlsx", 客户新增=rows)
    co.run("11-23 09:30")
    co.decide("李四", co.approval("李四", "客户新增"))
    co.run("11-23 09:40")


def _morning(co: Company) -> None:
    """An order approved, a report on an approval sheet that has been decided and lies in 投递."""
    co.drop("张三", "合同1.jpg", page(1, "11-24 09:00"))
    co.hand_in("张三", "订单.xlsx", 成交订单=[order("合同1.jpg", 成交日期="2026-11-24")])
    co.hand_in("王五", "早.xlsx", 销售日报=[report("2026-11-24")])
    co.run("11-24 11:00")
    co.decide("赵总", co.approval("赵总", "成交订单"))
    co.run("11-24 12:00")
    co.decide("李四", co.approval("李四", "销售日报"))


def _evening(co: Company) -> None:
    number = str(co.ask("SELECT receipt_no FROM orders")[0]["receipt_no"])
    co.drop("张三", "现场.jpg", small_shot("11-24 15:00", 20))
    co.drop("张三", "新门头.jpg", small_shot("11-24 16:00", 21))
    co.drop("王五", "没人要.jpg", small_shot("11-24 16:00", 22))
    co.drop("王五", "坏.xlsx", b"this is no workbook")
    zhang: dict[str, Any] = {
        "客户新增": [customer("珠海海天食品有限公司", 门头照片="新门头.jpg"), customer("深圳", 门头照片="没有.jpg")],
        "拜访记录": [visit("现场.jpg"), visit("还没到.jpg", OTHER)],
        "拜访计划": [plan("2026-11-26")],
        "商机": [deal()],
        "客户回款": [payment(5000, 回款日期="2026-11-24", 订单受理号=number)],
        "销售日报": [report("2026-11-24")],
        "信息变更": [change(联系人="王红")],
        "客户转交": [transfer(OTHER, "王五")],
        "销售指标": [target("张三")],
    }
    co.hand_in("张三", "今天.xlsx", **zhang)
    co.hand_in("王五", "杂.xlsx", 日报申诉=[appeal("2026-11-23")], 客户申领=[{"客户名称": NAME}],
               采购=[{"品名": "螺丝"}], 更正=[{"受理号": number, "处理": "作废", "原因": "不是我的"}])  # fmt: skip
    co.hand_in("李四", "假.xlsx", 日报豁免=[exempted("王五", "2026-11-25", "2026-11-25")],
               审批代理=[deputy("李四", "赵总", "2026-11-30", "2026-12-01")])  # fmt: skip
    co.hand_in("赵总", "人.xlsx", 人员新增=[person("陈新", "13800138009", "销售一部", "销售人员")],
               人员变更=[changed("王五", "2026-11-26", 客户数量上限=60)])  # fmt: skip
    co.hand_in("吴纳", "流水.xlsx", 银行流水=[bank_line("LS1", amount=5000, 到账日期="2026-11-24")])


@contextmanager
def opened(folder: Path, original: Path) -> Iterator[Company]:
    """A copy of *original* at *folder*, open in this process."""
    shutil.copytree(original, folder, dirs_exist_ok=True)
    with reopened(folder, config=CONFIG) as co:
        yield co


def decide_all(home: Path) -> None:
    """Everybody agrees to everything that lies in their 审批."""
    with reopened(home, config=CONFIG) as co:
        for sheet in sorted(co.share.glob("*/取件/审批/*.xlsx")):
            name = sheet.parents[2].name
            if sheet.name.startswith("确认_"):
                confirm(co, sheet, arrived(day="2026-11-24", amount=5000), cashier=name)
            else:
                co.decide(name, sheet)


def rob(home: Path) -> None:
    """Somebody clears out their 取件."""
    for path in sorted((home / "share").glob("*/取件/回执/**/*.xlsx")):
        path.unlink()
