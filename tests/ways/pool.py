"""Ways out for 客户申领, and for names that several customers have borne."""

from __future__ import annotations

from pathlib import Path

from tests.company import Cells, Company, a_company, change, claim, customer, person, shot, transfer, visit
from tests.deals import CASHIER, order, page, payment, plan
from tests.ways.sales import deal
from tests.ways.way import TAKEN, Row, Scene, Story, Way, decided, dropped, later, mended

POOLED = ("深圳市宏远电子有限公司", "广州白云家具厂", "珠海海天食品有限公司", "佛山顺德铝材有限公司", "中山古镇灯饰厂")
OWNED, WAITS, FULL = "惠州大亚湾化工有限公司", "汕头澄海玩具厂", "湛江雷州糖业有限公司"
AT, AGAIN = "12-24 10:00", "12-31 10:00"


def _stage(folder: Path) -> Company:
    """The night has returned 张三's customers to the pool; 陈六 has one; 马七 has room for no more than he has."""
    co = a_company(folder)
    co.found([person("马七", "13800138017", "销售一部", "销售人员", 客户数量上限=1)], "11-23 08:30")
    co.gain("张三", "李四", *POOLED)
    co.nightly("2026-12-23", "12-24 00:30")
    for owner, manager, name in (("陈六", "周八", OWNED), ("马七", "李四", FULL)):
        co.gain(owner, manager, name, at="12-24 09:00")
    return co


def _before(co: Company) -> None:
    """陈六 claims first, and has a new customer that waits."""
    co.drop("陈六", "等.jpg", shot("12-24 09:20", 777))
    co.hand_in("陈六", 客户申领=[claim(POOLED[0])], 客户新增=[customer(WAITS, 门头照片="等.jpg")])
    co.run("12-24 09:30")
    co.new("陈六")


def _rejected(co: Company) -> None:
    decided(co, "周八", "客户申领", "12-24 11:00", {"陈六": "驳回"})


def _more_room(co: Company) -> None:
    co.hand_in("赵总", "上限.xlsx", 人员变更=[{"姓名": "马七", "生效日期": "2026-12-24", "客户数量上限": 5}])
    co.run("12-24 11:30")
    co.new("赵总")


def _gained_and_given(co: Company) -> None:
    """The new customer is approved: it is 陈六's, who hands it over, as the words say."""
    decided(co, "周八", "客户新增", "12-24 12:00", {"陈六": "同意"})


CLAIMS: tuple[Way, ...] = (
    later("claim.customer.reserved", "王五", "客户申领", claim(POOLED[0]), "若对方未获通过，可以再申领", _rejected),
    later("claim.cooldown", "张三", "客户申领", claim(POOLED[1]), "请在 2026-12-31 当天或之后申领"),
    mended("claim.customer.known", "王五", "客户申领", claim(POOLED[2]), "请核对客户名称", 客户名称="珠海海天"),
    mended("claim.shared.active", "王五", "客户申领", claim(POOLED[3], 共享人员="张三"), "请填写其他在职同事的姓名", 共享人员="王五"),
    later("claim.room", "马七", "客户申领", claim(POOLED[4]), "由销售经理调整上限", _more_room),
    Way(
        "claim.customer.pooled", Row("王五", "客户申领", claim(OWNED)), "确需接手的请归属人转交",
        (Row("陈六", "客户转交", transfer(OWNED, "王五")),),
    ),
    Way(
        "claim.customer.waiting", Row("王五", "客户申领", claim(WAITS)), "获批后归对方，确需接手的请归属人转交",
        (Row("陈六", "客户转交", transfer(WAITS, "王五")),), _gained_and_given,
    ),
)  # fmt: skip

POOL = Scene("公海", _stage, CLAIMS, AT, AGAIN, _before)


def _capped(folder: Path) -> Company:
    """A company that lets everybody claim one customer a day."""
    co = a_company(folder, config={"daily_cap = 0": "daily_cap = 1"})
    co.gain("张三", "李四", *POOLED[:2])
    co.nightly("2026-12-23", "12-24 00:30")
    return co


def _first_claim(co: Company) -> None:
    co.hand_in("王五", 客户申领=[claim(POOLED[0])])
    co.run("12-24 09:30")
    co.new("王五")


CAP = Scene("每天一家", _capped, (
    later("claim.daily_cap", "王五", "客户申领", claim(POOLED[1]), "请明天再申领"),
), AT, "12-25 10:00", _first_claim)  # fmt: skip

ONCE, NOW, POOLED_NOW = "深圳市旧名贸易公司", "深圳市新名贸易公司", "珠海市别名贸易公司"


def _renamed(folder: Path) -> Company:
    """Two customers have borne one name, one after the other; 马七's has gone back to the pool since."""
    co = a_company(folder)
    co.found([CASHIER, person("马七", "13800138017", "销售一部", "销售人员", 最长跟进天数=1)], "11-20 09:30")
    co.gain("张三", "李四", ONCE, at="11-23 08:30")
    co.gain("马七", "李四", "珠海市首名贸易公司", at="11-23 08:40")
    renamings = (("张三", ONCE, NOW), ("马七", "珠海市首名贸易公司", ONCE), ("马七", ONCE, POOLED_NOW))
    for n, (who, old, new) in enumerate(renamings):
        co.hand_in(who, "更名.xlsx", 信息变更=[change(old, 新客户名称=new)])
        co.run(f"11-23 09:{n}0")
        decided(co, "李四", "信息变更", f"11-23 09:{n}5", {who: "同意"})
    co.nightly("2026-11-25", "11-26 00:30")
    for n in range(3):
        co.drop("张三", f"照{n}.jpg", shot("11-26 08:30", 700 + n))
    co.drop("张三", "页.jpg", page(50))
    co.run("11-26 09:00")
    co.new("张三")
    return co


def _now(rule: str, sheet: str, good: Cells, who: str = "张三") -> Way:
    return mended(f"{rule}.customer.ambiguous", who, sheet, good, "请填写客户现在的名称", 客户名称=ONCE)


NAMES = Scene("曾用名", _renamed, (
    _now("plan", "拜访计划", plan("2026-11-27", NOW)),
    _now("visit", "拜访记录", visit("照0.jpg", NOW)),
    _now("order", "成交订单", order("页.jpg", NOW)),
    _now("payment", "客户回款", payment(100, NOW)),
    _now("change", "信息变更", change(NOW, 联系人="王芳")),
    _now("opportunity", "商机", deal(客户名称=NOW)),
    _now("claim", "客户申领", claim(POOLED_NOW), "王五"),
), "11-26 10:00", "11-26 11:00")  # fmt: skip


def _claimed_by_one_who_left(folder: Path) -> None:
    """王五 claims and leaves before the manager agrees: the manager is told to reject it, then a colleague may claim."""
    with _capped(folder) as co:
        _first_claim(co)
        co.hand_in("赵总", 人员变更=[{"姓名": "王五", "生效日期": "2026-12-24", "状态": "离职"}])
        co.run("12-24 09:40")
        sheet = co.approval("李四", "客户申领")
        co.decide("李四", sheet)
        co.run("12-24 09:50")
        (told,) = co.receipt("李四", "客户申领").rows("审批_客户申领")
        assert told["结果"] == "退回"
        for words in ("王五已不是在职的销售人员", "请驳回这一行", "请由在职的销售人员申领"):
            assert words in told["说明"]
        co.decide("李四", sheet, "驳回", "王五已离职")
        co.run("12-24 10:00")
        (row,) = dropped(co, [Row("陈六", "客户申领", claim(POOLED[0]))], "12-24 10:30", "申领")
        assert row["结果"] in TAKEN


GONE = Story("申领人离职", frozenset({"claim.claimer.active"}), _claimed_by_one_who_left)
