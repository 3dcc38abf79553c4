"""Who may see what: everything happens once in two departments, then every cell that anybody got is searched (适用范围 2)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.company import Company, a_company, customer, report, shot, visit
from tests.deals import CASHIER, arrived, bank_line, confirm, order, page, payment, plan, target, words_in


@dataclass(frozen=True)
class Side:
    """A salesperson of one department with words that stand nowhere else."""

    name: str
    manager: str
    customer: str
    contact: str
    phone: str
    contract: str
    amount: int
    words: str
    seed: int

    @property
    def amounts(self) -> tuple[str, ...]:
        """The order's and the payment's amount as they may be written."""
        return (str(self.amount), f"{self.amount:,}", str(self.amount - 1000), f"{self.amount - 1000:,}")

    @property
    def secrets(self) -> tuple[str, ...]:
        """What only this department and the company's posts may read."""
        return (self.customer, self.contact, self.phone, self.contract, self.words, *self.amounts)


ONE = Side("张三", "李四", "深圳市甲乙机械有限公司", "柳如烟", "13911112222", "MM-731", 731313, "甲方案谈妥龙门吊", 10)
TWO = Side("陈六", "周八", "珠海丙丁食品有限公司", "薛宝琴", "13933334444", "NN-957", 959595, "丙方案谈妥冷链车", 20)
SIDES = (ONE, TWO)
#: reader → the sides of which nothing may be found
HIDDEN = {
    "张三": [TWO], "王五": [TWO], "李四": [TWO], "陈六": [ONE], "周八": [ONE],
    "钱督": SIDES, "孙人": SIDES,
}  # fmt: skip


@pytest.fixture(scope="module")
def co(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Company]:
    """Each side does everything once, with a mistake in each form too; day and month are closed."""
    with a_company(tmp_path_factory.mktemp("co")) as made:
        made.found([CASHIER], "11-21 09:00")
        for side in SIDES:
            _customer(made, side)
        _decide_all(made, "11-23 09:30")
        for side in SIDES:
            _work(made, side)
        made.hand_in("吴纳", "流水.xlsx", 银行流水=[bank_line(f"S{n}", each.customer, each.amount - 1000)
                                              for n, each in enumerate(SIDES)])  # fmt: skip
        made.run("11-23 15:00")
        _decide_all(made, "11-23 16:00")
        for day, at in (("11-23", "11-24 00:30"), ("11-24", "11-25 00:30"), ("12-23", "12-24 00:30")):
            made.nightly(day, at)  # the last one after thirty days without a visit
        made.monthly("2026-11", "12-24 01:00")
        yield made


def _customer(co: Company, side: Side) -> None:
    co.drop(side.name, "门头.jpg", shot("11-23 08:30", side.seed))
    particulars = {"联系人": side.contact, "联系电话": side.phone}
    co.hand_in(
        side.name, 客户新增=[customer(side.customer, **particulars)], 销售指标=[target(side.name, 11, side.amount)]
    )
    co.run("11-23 09:00")


def _work(co: Company, side: Side) -> None:
    me, name = side.name, side.customer
    co.drop(me, "合同.jpg", page(side.seed + 1))
    co.drop(me, "现场.jpg", shot("11-23 11:00", side.seed + 2))
    saying = {"拜访记录": f"{side.words}，确认二期需要四十台，希望春节前交货；周五前报价。"}
    co.hand_in(
        me, "工作.xlsx",
        拜访计划=[plan("2026-11-24", name)],
        拜访记录=[visit(name=name, **saying), visit("没有.jpg", name=name, 拜访目的="谈")],
        成交订单=[order("合同.jpg", name, 合同编号=side.contract, 成交金额=side.amount)],
        客户回款=[payment(side.amount - 1000, name), payment("约五万", name)],
        销售日报=[report("2026-11-23", 今日工作总结=f"{side.words}，跟进其他客户报价。")],
        信息变更=[{"客户名称": name, "联系人": side.contact, "详细地址": "科苑路9号2栋301室", "变更说明": "客户搬到了新的办公楼"}],
    )  # fmt: skip
    co.run("11-23 14:00")


def _decide_all(co: Company, at: str) -> None:
    """Every sheet that lies in somebody's 审批 folder is approved."""
    for name in ("李四", "周八", "赵总", "吴纳"):
        for sheet in co.new(name, "审批"):
            if sheet.name.startswith("确认_"):
                confirm(co, sheet, *(_as_entered(row) for row in _rows(sheet)))
            else:
                co.decide(name, sheet)
    co.run(at)


def _rows(sheet: Path) -> list[Side]:
    said = words_in(sheet)
    return [side for side in SIDES if side.customer in said]


def _as_entered(side: Side) -> dict[str, object]:
    return dict(arrived(side.customer, amount=side.amount - 1000))


def got(co: Company, name: str) -> list[Path]:
    folder = co.share / name / "取件"
    return [*sorted(folder.rglob("*.xlsx")), folder / "首页.html"]


def found_by(co: Company, name: str, words: str) -> list[str]:
    """The workbooks of *name* in which *words* stand."""
    return [path.name for path in got(co, name) if words in words_in(path)]


def test_the_company_has_really_done_everything(co: Company) -> None:
    assert {row["form"] for row in co.ask("SELECT form FROM s_rows WHERE status = 'accepted'")} >= {
        "客户新增", "拜访计划", "拜访记录", "成交订单", "客户回款", "银行流水", "销售日报", "信息变更", "销售指标"}  # fmt: skip
    for side in SIDES:
        for name in (side.name, side.manager, "赵总"):
            assert found_by(co, name, side.customer), (name, side.customer)
        assert found_by(co, side.manager, side.words)
        assert found_by(co, "赵总", f"{side.amount:,}") or found_by(co, "赵总", str(side.amount))
        assert found_by(co, "吴纳", side.customer)


@pytest.mark.parametrize("name", sorted(HIDDEN))
def test_nobody_finds_what_their_post_may_not_see(co: Company, name: str) -> None:
    told = {
        f"{path.name}: {secret}"
        for path in got(co, name)
        for side in HIDDEN[name]
        for secret in side.secrets
        if secret in words_in(path)
    }
    assert told == set()


def test_the_cashier_sees_payments_and_nothing_of_what_people_wrote(co: Company) -> None:
    for side in SIDES:
        for secret in (side.words, side.contact, side.phone, side.contract, str(side.amount), f"{side.amount:,}"):
            assert found_by(co, "吴纳", secret) == []


@pytest.mark.parametrize("name", ["张三", "王五", "陈六"])
def test_salespeople_get_nothing_about_their_colleagues_duties(co: Company, name: str) -> None:
    others = {"张三": ["陈六", "王五"], "王五": ["张三", "陈六"], "陈六": ["张三", "王五"]}[name]
    told = [path for path in got(co, name) if path.parent.name != "模板"]  # templates have names in their examples
    assert [(other, path.name) for other in others for path in told if other in words_in(path)] == []
    assert {path.name.split("_")[0] for path in got(co, name) if path.parent.name == "报表"} <= {"指标达成"}


def test_a_mistyped_name_does_not_give_away_a_colleague_s_customer(co: Company) -> None:
    """The hint 是否为 names only customers that one may follow, or that are in the pool for all to see."""
    side = Side("陈六", "周八", "珠海戊己食品有限公司", "", "", "", 0, "", 31)
    co.drop("陈六", "门头.jpg", shot("12-24 09:00", side.seed))
    co.hand_in("陈六", 客户新增=[customer(side.customer)])
    co.run("12-24 09:10")
    co.decide("周八", co.new("周八", "审批")[-1])
    co.run("12-24 09:20")
    for name, hinted in (("陈六", True), ("张三", False)):
        co.new(name)
        co.hand_in(name, "计划.xlsx", 拜访计划=[plan("2026-12-25", "珠海戊已食品有限公司")])
        co.run("12-24 10:00")
        said = co.receipt(name, "计划").row("拜访计划")["说明"]
        assert ("是否为“珠海戊己食品有限公司”" in said) is hinted
