"""What the rules of 客户新增, 客户申领, 客户转交 and 信息变更 know of a row, asked of a real book."""

from __future__ import annotations

from typing import Any

import pytest

from ledger.journal import Entry
from ledger.records import Area
from policy.forms.claim import Claim
from policy.forms.customer import NewCustomer
from policy.forms.customer_change import CustomerChange
from policy.forms.transfer import Transfer
from policy.words import fold
from tests.validators.world import (
    DESHENG,
    GOOD,
    HONGYUAN,
    HUAXIN,
    NOW,
    World,
    changed,
    customer,
    joined,
    received,
)
from validators.facts import Lookalike, Move, Reserved

NANSHAN = Area("广东省", "深圳市", "南山区")
LIKE = "深圳市宏远电子科技有限公司"


def new(name: str | None = "深圳市新科达有限公司", **other: Any) -> dict[str, Any]:
    return {**GOOD, "客户名称": name, "门头照片": "门头.jpg", **other}


def near(name: str, owner: str, score: float) -> Any:
    """A name that is nearly the same, by so much to the tenth."""
    return Lookalike(name, owner, pytest.approx(score, abs=0.1))  # type: ignore[arg-type]  # compares as a number does


def waiting(number: str, name: str, person: str = "张三", owner: str | None = None, status: str = "pending") -> Entry:
    read = {"owner": owner or person, "name_key": fold(name), "customer_key": fold(name)}
    return received(number, "客户新增", status, person, key=fold(name), read=read, vals={"name": name})


def claimed(number: str, customer_id: int, person: str = "张三", status: str = "pending", **other: Any) -> Entry:
    return received(number, "客户申领", status, person, customer_id=customer_id, **other)


# -- 客户新增


def test_a_name_that_nobody_bears_is_free(world: World) -> None:
    assert world.known(NewCustomer, new()) == {"held": {"张三": 1}, "area": NANSHAN}


@pytest.mark.parametrize(
    ("name", "taken"),
    [
        (HUAXIN, Lookalike(HUAXIN, "王五", 100)), (DESHENG, Lookalike(DESHENG, "公海", 100)),
        ("  广州市华新机械有限公司 ", Lookalike(HUAXIN, "王五", 100)),
    ],
)  # fmt: skip
def test_a_name_in_the_book_is_taken_by_its_owner_or_by_the_pool(world: World, name: str, taken: Lookalike) -> None:
    assert world.known(NewCustomer, new(name)) == {"held": {"张三": 1}, "area": NANSHAN, "taken_name": taken}


def test_what_waits_for_approval_is_taken_by_whoever_handed_it_in(world: World) -> None:
    world.post(
        waiting("1", "深圳市新科达有限公司", "王五"), waiting("2", "深圳市光明顶有限公司", "王五", status="rejected")
    )
    assert world.known(NewCustomer, new()) == {
        "held": {"张三": 1}, "area": NANSHAN, "taken_name": Lookalike("深圳市新科达有限公司", "王五，待审批", 100),
    }  # fmt: skip
    assert world.known(NewCustomer, new("深圳市光明顶有限公司")) == {"held": {"张三": 1}, "area": NANSHAN}


def test_one_s_own_waiting_row_is_replaced_and_takes_no_further_room(world: World) -> None:
    world.post(waiting("1", "深圳市新科达有限公司"), waiting("2", "深圳市光明顶有限公司"))
    assert world.known(NewCustomer, new()) == {"held": {"张三": 2}, "area": NANSHAN}
    assert world.known(NewCustomer, new("深圳市第三家有限公司")) == {"held": {"张三": 3}, "area": NANSHAN}
    assert world.known(NewCustomer, new("深圳市第三家有限公司"), receipt_no="2")["held"] == {"张三": 2}
    assert world.known(NewCustomer, new(None), receipt_no="2") == {"held": {"张三": 2}, "area": NANSHAN}


def test_the_one_who_is_to_own_it_is_asked_for_room(world: World) -> None:
    assert world.known(NewCustomer, new(销售经理="王五", 客户地址="某省/某市/某区")) == {"held": {"王五": 1}}
    assert world.known(NewCustomer, new(None, 客户地址=None)) == {"held": {"张三": 1}}


def test_names_that_are_nearly_the_same_are_told_the_likest_first_and_three_at_most(world: World) -> None:
    alike = (
        "深圳市宏远电子科枝有限公司",
        "深圳市宏远电子科技公司",
        "深圳市宏远电子科技有限责任公司",
        "深圳市宏运电子科技有限公司",
    )
    world.post(*(customer(10 + n, name, None if n == 2 else "王五") for n, name in enumerate(alike)))
    found = world.known(NewCustomer, new(LIKE))["lookalikes"]
    assert len(found) == 3
    assert [each.score for each in found] == sorted((each.score for each in found), reverse=True)
    assert {each.name for each in found} <= {*alike, HONGYUAN}
    assert {each.owner for each in found} <= {"王五", "公海", "张三"}
    assert all(88 <= each.score < 100 for each in found)


def test_another_shop_of_one_company_is_nearly_no_other_customer(world: World) -> None:
    assert "lookalikes" not in world.known(NewCustomer, new(f"{HONGYUAN}（福田店）"))
    (only,) = world.known(NewCustomer, new(LIKE))["lookalikes"]
    assert (only.name, only.owner) == (HONGYUAN, "张三")


def test_a_name_that_a_customer_bore_before_is_wholly_like_it(world: World) -> None:
    world.post(Entry("customer.changed", "2", "张三", {"changes": {"name": "新名字实业公司", "name_key": fold("新名字实业公司")}, "receipt_no": "k"}))  # fmt: skip
    assert world.known(NewCustomer, new(HUAXIN))["lookalikes"] == (Lookalike("新名字实业公司", "王五", 100.0),)
    assert "lookalikes" not in world.known(NewCustomer, new("新名字实业公司"))


def test_what_is_kept_of_a_new_customer(world: World) -> None:
    assert world.read(NewCustomer, new("深圳市 新科达 有限公司")) == {
        "门头照片位置": "", "lat": None, "lon": None, "area": vars(NANSHAN), "owner": "张三",
        "name_key": fold("深圳市新科达有限公司"),
    }  # fmt: skip
    nothing = {"门头照片位置": "", "lat": None, "lon": None, "area": None, "owner": "王五", "name_key": ""}
    assert world.read(NewCustomer, new(None, 客户地址=None, 销售经理="王五")) == nothing


# -- 客户申领


def claim(name: str | None = DESHENG) -> dict[str, Any]:
    return {"客户名称": name}


def test_a_customer_of_the_pool_that_nobody_claims(world: World) -> None:
    pooled = world.customer(DESHENG)
    assert world.known(Claim, claim()) == {"customer": pooled, "held": {"张三": 1}}
    assert world.read(Claim, claim()) == {"customer_key": fold(DESHENG)}
    assert world.known(Claim, claim("东莞市德胜五今有限公司")) == {
        "held": {"张三": 1}, "lookalikes": (near(DESHENG, "公海", 85.7),),
    }  # fmt: skip
    assert world.read(Claim, claim("东莞 没有的")) == {"customer_key": fold("东莞没有的")}
    assert world.known(Claim, claim(None)) == {"held": {"张三": 1}}


def test_whose_claim_came_first_has_it_and_what_was_claimed_today_is_counted(world: World) -> None:
    today = "2026-11-23T08:00:00+08:00"
    world.post(
        claimed("3", 3, "王五"), claimed("2", 3, "陈六"), claimed("4", 2, submitted_at=today),
        claimed("5", 2, status="rejected", submitted_at=today), claimed("6", 2, status="accepted", submitted_at=today),
        claimed("7", 2, "王五", submitted_at=today),
    )  # fmt: skip
    assert world.known(Claim, claim()) == {
        "customer": world.customer(DESHENG), "reserved": Reserved("陈六", "2", "客户申领"), "held": {"张三": 2},
        "claims_today": 2,
    }  # fmt: skip


def test_one_s_own_claim_of_today_is_replaced_and_stands_in_nobody_s_way(world: World) -> None:
    key = f"{fold(DESHENG)}|张三|2026-11-23"
    world.post(claimed("2", 3, key=key, submitted_at="2026-11-23T08:00:00+08:00"))
    assert world.known(Claim, claim()) == {"customer": world.customer(DESHENG), "held": {"张三": 1}}
    world.post(claimed("3", 3, "王五"))
    assert world.known(Claim, claim())["reserved"] == Reserved("王五", "3", "客户申领")
    assert world.known(Claim, claim(), "王五")["reserved"] == Reserved("张三", "2", "客户申领")


# -- 客户转交


def transfer(name: str | None = HONGYUAN, **other: Any) -> dict[str, Any]:
    why = {"转交原因": "范围调整", "转交说明": "南山片区调整，由接受人继续跟进这个客户的二期项目"}
    return {"客户名称": name, "接受人": "王五", **why, **other}


def test_one_s_own_customer_would_move(world: World) -> None:
    mine = world.customer(HONGYUAN)
    assert world.known(Transfer, transfer()) == {"customer": mine, "move": Move((mine,), "张三", 1, ())}
    assert world.read(Transfer, transfer()) == {"转交客户": HONGYUAN, "owner": "张三", "moving": [1]}
    assert world.known(Transfer, transfer(接受人=None)) == {"customer": mine, "move": Move((mine,), "张三", 0, ())}
    assert world.known(Transfer, transfer(None)) == {}


def test_another_s_customer_would_not_move(world: World) -> None:
    assert world.known(Transfer, transfer(HUAXIN)) == {
        "customer": world.customer(HUAXIN), "move": Move((), "张三", 1, ()),
    }  # fmt: skip
    assert world.read(Transfer, transfer(HUAXIN)) == {"转交客户": "", "owner": "张三", "moving": []}


def test_everything_that_can_go_goes_and_the_rest_is_named(world: World) -> None:
    world.post(*(customer(n, f"深圳市第{n}号实业公司") for n in (6, 4, 5)), received("9", "信息变更", customer_id=5))
    free = tuple(world.customer(name) for name in (HONGYUAN, "深圳市第4号实业公司", "深圳市第6号实业公司"))
    found = world.known(Transfer, transfer("全部"))
    everything = sorted(free, key=lambda each: each.name)
    assert found == {
        "move": Move(tuple(everything[:2]), "张三", 1, ("深圳市第5号实业公司", everything[2].name))
        if everything[2].name > "深圳市第5号实业公司"
        else Move(tuple(everything[:2]), "张三", 1, tuple(sorted((everything[2].name, "深圳市第5号实业公司"))))
    }
    world.post(changed("王五", max_customers=0))
    assert world.known(Transfer, transfer("全部"))["move"].customers == ()
    assert len(world.known(Transfer, transfer("全部", 接受人="没有的人"))["move"].customers) == 3


def test_what_somebody_else_has_under_way_is_named_first(world: World) -> None:
    world.post(received("8", "客户申领", person="陈六", customer_id=1), received("9", "客户转交", read={"moving": [1]}))
    assert world.known(Transfer, transfer())["reserved"] == Reserved("陈六", "8", "客户申领")
    assert world.known(Transfer, transfer(), receipt_no="8")["reserved"] == Reserved("张三", "9", "客户转交")


def test_the_row_that_is_replaced_neither_holds_the_customer_nor_room(world: World) -> None:
    mine = world.customer(HONGYUAN)
    key = f"{fold(HONGYUAN)}||王五|2026-11-23"
    world.post(received("8", "客户转交", key=key, read={"moving": [1]}, vals={"receiver": "王五"}))
    alone = {"customer": mine, "move": Move((mine,), "张三", 1, ())}
    assert world.known(Transfer, transfer()) == alone
    assert world.known(Transfer, transfer(接受人="陈六"))["reserved"] == Reserved("张三", "8", "客户转交")


def test_the_same_handing_over_by_a_colleague_is_not_in_the_way_but_told_of_when_it_is_merged(world: World) -> None:
    away = {"person": "张三", "start": "2026-11-23", "end": "2026-11-23", "reason": "病假"}
    key = f"{fold(HONGYUAN)}||王五|2026-11-23"
    world.post(
        Entry("exemption.granted", "e", "李四", away),
        received("8", "客户转交", key=key, read={"moving": [1]}, vals={"receiver": "王五"}),
    )
    mine = world.customer(HONGYUAN)
    assert world.known(Transfer, transfer(), "李四") == {
        "customer": mine, "move": Move((mine,), "张三", 1, ()),
    }  # fmt: skip


def test_a_manager_hands_over_for_those_who_are_gone_and_never_both_at_once(world: World) -> None:
    world.post(customer(4, "深圳市走了的公司", "冯走"), customer(5, "深圳市经理的公司", "李四"), joined("唐出", department="销售二部"),
               customer(6, "深圳市别处的公司", "唐出"), changed("唐出", state="离职"))  # fmt: skip
    gone, own = world.customer("深圳市走了的公司"), world.customer("深圳市经理的公司")

    def moves(name: str, **other: Any) -> tuple[Any, ...]:
        found = world.known(Transfer, transfer(name, **other), "李四")["move"]
        return found.customers, found.owner

    assert moves("全部", 转交原因="离职") == ((gone,), "冯走")
    assert moves("全部") == ((own,), "李四")
    assert moves("深圳市走了的公司") == ((gone,), "冯走")
    assert moves("深圳市别处的公司") == ((), "李四"), "of another department"
    assert moves(HONGYUAN) == ((), "李四"), "who is here hands over"
    assert world.known(Transfer, transfer("全部", 转交原因="离职"))["move"].customers == (world.customer(HONGYUAN),)


def test_for_who_is_away_today_the_manager_may_give_one_but_not_all(world: World) -> None:
    world.post(Entry("exemption.granted", "e", "李四", {"person": "张三", "start": "2026-11-23", "end": "2026-11-23", "reason": "病假"}))  # fmt: skip
    assert world.known(Transfer, transfer(), "李四")["move"] == Move((world.customer(HONGYUAN),), "张三", 1, ())
    assert world.known(Transfer, transfer("全部", 转交原因="离职"), "李四")["move"].customers == ()
    assert world.known(Transfer, transfer(), "李四", now=NOW.replace(day=24))["move"].customers == ()


# -- 信息变更


def change(name: str | None = HONGYUAN, **other: Any) -> dict[str, Any]:
    return {"客户名称": name, "变更说明": "客户来函通知变更", **other}


def test_what_stands_in_the_book_is_known_and_its_area_holds_until_another_is_given(world: World) -> None:
    mine = world.customer(HONGYUAN)
    assert world.known(CustomerChange, change(联系人="王芳")) == {"customer": mine, "area": NANSHAN}
    baoan = Area("广东省", "深圳市", "宝安区")
    assert world.known(CustomerChange, change(客户地址="广东省/深圳市/宝安区")) == {"customer": mine, "area": baoan}
    assert world.known(CustomerChange, change(客户地址="某省/某市/某区")) == {"customer": mine}
    assert world.known(CustomerChange, change(None)) == {}


def test_only_a_handing_over_keeps_the_particulars_as_they_are(world: World) -> None:
    world.post(received("8", "信息变更", person="王五", customer_id=1))
    assert "reserved" not in world.known(CustomerChange, change(联系人="王芳"))
    world.post(received("7", "客户转交", person="李四", read={"moving": [1]}))
    assert world.known(CustomerChange, change(联系人="王芳"))["reserved"] == Reserved("李四", "7", "客户转交")


def test_a_manager_may_change_for_those_who_cannot(world: World) -> None:
    assert world.known(CustomerChange, change(联系人="王芳"), "李四")["stands_in"] == {"冯走"}
    above = world.known(CustomerChange, change(联系人="王芳"), "赵总")["stands_in"]
    assert above == {"吴纳", "孙人", "钱督"}, "who sells nothing, where the department has no manager"
    assert "stands_in" not in world.known(CustomerChange, change(联系人="王芳"), "王五")


@pytest.mark.parametrize(
    ("name", "facts"),
    [
        ("深圳市全新的公司", {}), (HONGYUAN, {}), (HUAXIN, {"taken_name": Lookalike(HUAXIN, "王五", 100)}),
        (DESHENG, {"taken_name": Lookalike(DESHENG, "公海", 100)}),
        ("深圳市新科达有限公司", {"taken_name": Lookalike("深圳市新科达有限公司", "王五，待审批", 100)}),
        ("广州市华新机器有限公司", {"lookalikes": (near(HUAXIN, "王五", 90.9),)}), (LIKE, {}),
    ],
)  # fmt: skip
def test_whether_a_new_name_is_free(world: World, name: str, facts: dict[str, Any]) -> None:
    world.post(waiting("1", "深圳市新科达有限公司", "王五"))
    found = world.known(CustomerChange, change(新客户名称=name))
    assert found == {"customer": world.customer(HONGYUAN), "area": NANSHAN, **facts}


def test_a_customer_that_is_not_known_may_be_meant_by_another_name_but_not_renamed_to_it(world: World) -> None:
    assert world.known(CustomerChange, change("深圳市宏远电仔有限公司", 新客户名称=HONGYUAN)) == {
        "taken_name": Lookalike(HONGYUAN, "张三", 100),
        "lookalikes": (near(HONGYUAN, "张三", 85.7),),
    }  # fmt: skip
    assert world.known(CustomerChange, change("深圳市宏远电仔有限公司", 联系人="王芳")) == {}


def test_what_would_become_different_is_kept_and_told(world: World) -> None:
    given = {
        "新客户名称": "深圳市宏远集团有限公司",
        "联系人": "李红",
        "联系电话": "13900139000",
        "共享人员": "无",
        "客户地址": "广东省/深圳市/宝安区",
    }
    assert world.read(CustomerChange, change(**given)) == {
        "customer_key": fold(HONGYUAN),
        "变更内容": "客户名称：深圳市宏远电子有限公司 → 深圳市宏远集团有限公司；联系电话：0755-26001234 → 13900139000；区：南山区 → 宝安区；"
        "共享人员：王五 → （空）",
        "changes": {
            "phone": "13900139000", "name": "深圳市宏远集团有限公司", "name_key": fold("深圳市宏远集团有限公司"), "district": "宝安区",
            "shared": [],
        },
    }  # fmt: skip
    assert world.read(CustomerChange, change(None, 联系人="王芳")) == {
        "customer_key": "", "变更内容": "联系人：（空） → 王芳", "changes": {"contact": "王芳"},
    }  # fmt: skip
