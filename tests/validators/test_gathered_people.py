"""Names of colleagues in rows: who is meant, which may be given to somebody, and what stays when a name changes (人员新增 10)."""

from __future__ import annotations

from typing import Any

import pytest

from ledger.journal import Entry
from ledger.records import Person
from policy.forms.exemption import Exemption
from policy.forms.person import NewPerson
from policy.forms.person_change import PersonChange
from policy.forms.transfer import Transfer
from policy.forms.visit import Visit
from tests.validators.world import HONGYUAN, NOW, USUAL, World, changed, joined
from validators.facts import Facts
from validators.keys import lasting_key, rooted
from validators.stands_in import stands_in_for

SOON = "2026-12-01"


def renamed(old: str, new: str, receipt_no: str = "n") -> Entry:
    given = {"new_name": new, "plain_name": new.rstrip("0123456789"), "receipt_no": receipt_no}
    return Entry("person.renamed", old, "孙人", given)


def phone_of(world: World, name: str) -> str:
    return world.context(name).submitter.phone


# -- 人员新增


def newcomer(name: str | None = "新人", phone: str | None = "13900139000", **other: Any) -> dict[str, Any]:
    return {"姓名": name, "手机号码": phone, "入职日期": "2026-11-23", "岗位": "销售人员", **other}


def test_a_newcomer_whose_name_and_phone_nobody_has(world: World) -> None:
    assert world.known(NewPerson, newcomer(), "孙人") == {}
    assert world.read(NewPerson, newcomer(), "孙人") == {"register_name": "新人", "root": "新人"}
    for half in (newcomer(None), newcomer(phone=None)):
        assert world.known(NewPerson, half, "孙人", same_sheet_names={"新人": 2}) == {}
        assert world.read(NewPerson, half, "孙人") == {}


def test_a_namesake_is_told_apart_by_the_phone_and_is_registered_with_it(world: World) -> None:
    assert world.known(NewPerson, newcomer("张三"), "孙人") == {"namesake": True}
    assert world.read(NewPerson, newcomer("张三"), "孙人") == {"register_name": "张三9000", "root": "张三9000"}
    phone = phone_of(world, "张三")
    assert world.known(NewPerson, newcomer("张三", phone), "孙人") == {
        "registered": True, "namesake": True, "phone_owner": "张三",
    }  # fmt: skip
    assert world.known(NewPerson, newcomer("新人", phone), "孙人") == {"phone_owner": "张三"}


def test_two_of_one_name_on_a_sheet_are_namesakes(world: World) -> None:
    for on_sheet, alike in ((1, False), (2, True)):
        found = world.known(NewPerson, newcomer("新 人"), "孙人", same_sheet_names={"新人": on_sheet})
        assert found == ({"namesake": True} if alike else {})


def test_the_phone_of_one_who_is_gone_is_free(world: World) -> None:
    assert world.known(NewPerson, newcomer("新人", phone_of(world, "冯走")), "孙人") == {}
    world.post(changed("王五", on="2026-11-23", state="离职"), changed("陈六", on="2026-11-24", state="离职"))
    assert world.known(NewPerson, newcomer("新人", phone_of(world, "王五")), "孙人") == {}
    assert world.known(NewPerson, newcomer("新人", phone_of(world, "陈六")), "孙人") == {"phone_owner": "陈六"}


def test_a_name_that_was_borne_or_is_promised_makes_a_namesake_too(world: World) -> None:
    world.post(changed("陈六", on=SOON, new_name="陈陆"))
    assert world.known(NewPerson, newcomer("陈陆"), "孙人") == {"namesake": True}
    world.post(renamed("王五", "王武"))
    assert world.known(NewPerson, newcomer("王五"), "孙人") == {"namesake": True}
    read = world.read(NewPerson, newcomer("王五"), "孙人")
    assert read == {"register_name": "王五9000", "root": "王五9000"}


def test_whoever_is_called_what_stands_for_another_gets_a_root_of_their_own(world: World) -> None:
    world.post(renamed("王五", "王武"))
    later = NOW.replace(year=2027)
    assert world.known(NewPerson, newcomer("王五"), "孙人", now=later) == {}
    assert world.read(NewPerson, newcomer("王五"), "孙人", now=later) == {
        "register_name": "王五",
        "root": "王五·2026-11-23",
    }


# -- 人员变更


def change(name: str | None = "张三", **other: Any) -> dict[str, Any]:
    return {"姓名": name, "生效日期": SOON, **other}


def test_what_somebody_holds_and_whose_a_phone_is(world: World) -> None:
    assert world.known(PersonChange, change(客户数量上限="1"), "孙人") == {"held": {"张三": 1}}
    assert world.known(PersonChange, change(手机号码=phone_of(world, "王五")), "孙人") == {
        "held": {"张三": 1}, "phone_owner": "王五",
    }  # fmt: skip
    assert world.known(PersonChange, change(None, 手机号码=phone_of(world, "王五")), "孙人") == {"phone_owner": "王五"}
    assert world.known(PersonChange, change("没有的", 新姓名="王五"), "孙人") == {"held": {"没有的": 0}}


@pytest.mark.parametrize(
    ("new", "why"),
    [
        ("新名字", ""), ("张三", ""), ("李四", "名册中已有“李四”（销售一部）"), ("王五", "名册中已有“王五”（销售一部）"),
        ("旧王五", "“旧王五”是“王五丁”改名前的姓名，30 天内还有人这样称呼"), ("陈陆", "“陈六”已登记要改名为“陈陆”"),
        ("马超", "名册中已有同名的“马超0001”（财务部）"), ("张旧", ""), ("张新", ""),
    ],
)  # fmt: skip
def test_why_a_name_cannot_be_given_and_how_to_write_it(world: World, new: str, why: str) -> None:
    world.post(
        joined("旧王五"), joined("马超0001", "会计", "财务部", plain_name="马超"), joined("张旧", phone="13800130999"),
        changed("陈六", on=SOON, new_name="陈陆"), changed("张旧", on=SOON, new_name="张新"),
    )  # fmt: skip
    world.post(changed("王五", state="离职"), renamed("旧王五", "王五丁"))
    name = "张旧" if new in ("张旧", "张新") else "张三"
    phone = phone_of(world, name)
    found = world.known(PersonChange, change(name, 新姓名=new), "孙人")
    expected = {"name_taken": why, "name_way": f"{new}{phone[-4:]}"} if why else {}
    assert {key: value for key, value in found.items() if key != "held"} == expected


def test_the_way_is_written_with_the_phone_that_is_to_come_and_where_that_is_taken_with_the_department(
    world: World,
) -> None:
    other = {"新姓名": "李四", "手机号码": "13900139000"}
    assert world.known(PersonChange, change(**other), "孙人")["name_way"] == "李四9000"
    world.post(joined("李四9000", phone="13900009000", plain_name="李四"))
    assert world.known(PersonChange, change(**other), "孙人")["name_way"] == "李四（销售一部）"
    assert world.known(PersonChange, change(**{**other, "新姓名": "李四9000"}), "孙人") == {
        "held": {"张三": 1}, "name_taken": "名册中已有“李四9000”（销售一部）", "name_way": "李四（销售一部）",
    }  # fmt: skip


def test_one_s_own_name_with_the_phone_s_figures_is_free_for_oneself(world: World) -> None:
    world.post(
        joined("马超0001", phone="13800000001", plain_name="马超"), joined("马超0002", phone="13800000002", plain_name="马超")
    )  # fmt: skip
    found = world.known(PersonChange, change("马超0001", 新姓名="马超"), "孙人")
    assert (found["name_taken"], found["name_way"]) == ("名册中已有同名的“马超0002”（销售一部）", "马超0001")


# -- who is meant


def exempted(name: str) -> dict[str, Any]:
    return {"姓名": name, "开始日期": "2026-11-24", "结束日期": "2026-11-24", "原因": "年假"}


def meant(world: World, name: str, **other: Any) -> tuple[str, list[tuple[str, str]]]:
    """Whom the row names, and what is said of it."""
    verdict = world.judged(Exemption, exempted(name), "孙人", **other)
    told = [
        (each.rule, f"{each.message}。{each.remedy}") for each in verdict.findings if each.rule.startswith("shape.")
    ]
    return verdict.values["name"], told


def test_a_bare_name_with_the_right_figures_is_the_register_s(world: World) -> None:
    phone = phone_of(world, "张三")[-4:]
    other = f"{(int(phone) + 1) % 10_000:04}"
    assert meant(world, f"张三{phone}") == ("张三", [])
    assert meant(world, f"张三{other}") == (f"张三{other}", [])
    assert meant(world, phone) == (phone, [])
    world.post(joined(f"张三{phone}", phone="13700000001", plain_name="张三"))
    assert meant(world, f"张三{phone}") == (f"张三{phone}", []), "somebody is called just so"


def test_a_name_without_figures_is_never_cut(world: World) -> None:
    """欧阳张三丰 is not 欧 with four letters of a phone."""
    phone = phone_of(world, "张三")
    world.post(joined("欧", phone=f"1370000{phone[-4:]}"))
    assert meant(world, "欧阳张三丰") == ("欧阳张三丰", [])


def test_a_former_name_is_understood_for_a_while_and_that_is_said(world: World) -> None:
    world.post(renamed("王五", "王武"))
    said = ("shape.renamed", "“王五”已改名，按“王武”理解。旧姓名在改名后 30 天内还能用，以后请写“王武”")
    assert USUAL.people.old_name_days == 30
    assert meant(world, "王五") == ("王武", [said])
    assert meant(world, "王武") == ("王武", [])
    last = NOW.replace(month=12, day=23)
    assert meant(world, "王五", now=last) == ("王武", [said])
    assert meant(world, "王五", now=last.replace(day=24)) == ("王五", [])
    assert meant(world, "王五", now=last.replace(day=24), written_at=last) == ("王武", [said]), (
        "as of when it was written"
    )


def test_a_name_that_two_bear_or_bore_names_nobody_and_both_ways_are_told(world: World) -> None:
    world.post(
        joined("马超0001", phone="13800000001", plain_name="马超"),
        joined("马超0002", department="销售二部", phone="13800000002", plain_name="马超"),
    )
    way = "请带上手机号后四位，改了名的写新姓名，写成 马超0001（销售一部）、马超0002（销售二部）"
    assert meant(world, "马超") == ("马超", [("shape.namesake", f"有 2 位同事叫“马超”。{way}")])
    world.post(changed("马超0002", on="2026-11-23", state="离职"))
    assert meant(world, "马超") == ("马超", [])
    world.post(joined("马超", phone="13800000003", department="财务部"), renamed("马超", "马朝"))
    way = "请带上手机号后四位，改了名的写新姓名，写成 马超0001（销售一部）、马朝（财务部）"
    assert meant(world, "马超") == ("马朝", [("shape.namesake", f"有 2 位同事叫“马超”。{way}")])


def test_of_several_names_in_a_cell_each_is_understood(world: World) -> None:
    world.post(renamed("王五", "王武"))
    row = {"客户名称": HONGYUAN, "现场照片": "一.jpg", "同行人员": f"李四、王五、陈六{phone_of(world, '陈六')[-4:]}"}
    verdict = world.judged(Visit, row)
    assert verdict.values["companions"] == ["李四", "王武", "陈六"]
    assert [each.message for each in verdict.findings if each.rule == "shape.renamed"] == ["“王五”已改名，按“王武”理解"]


# -- what stays when a name changes


def test_a_row_s_key_is_the_same_before_and_after_a_change_of_name(world: World) -> None:
    row = {"客户名称": HONGYUAN, "接受人": "王五", "转交原因": "范围调整", "转交说明": "南山片区调整，由接受人继续跟进"}
    all_of_them = {**row, "客户名称": "全部"}
    before = [world.judged(Transfer, each).key for each in (row, all_of_them)]
    assert before == [f"{HONGYUAN}||王五|2026-11-23", "全部|张三|王五|2026-11-23"]
    world.post(renamed("王五", "王武"), renamed("张三", "张叁", "m"))
    for name in ("王五", "王武"):
        verdicts = [world.judged(Transfer, {**each, "接受人": name}, "张叁") for each in (row, all_of_them)]
        assert [each.key for each in verdicts] == before
        assert {each.rooted["receiver"] for each in verdicts} == {"王五"}
        assert verdicts[0].roots == {"王武": "王五", "张叁": "张三"}
    assert world.judged(Transfer, {**row, "接受人": "李四"}, "张叁").rooted == {"receiver": "李四"}


def test_names_in_a_list_keep_their_order_and_kind() -> None:
    roots = {"王武": "王五"}
    assert rooted(Visit, {"companions": ("李四", "王武")}, roots) == {"companions": ("李四", "王五")}
    assert rooted(Visit, {"companions": ["王武", "李四"], "customer": "王武"}, roots) == {
        "companions": ["王五", "李四"]
    }
    assert rooted(Visit, {"companions": ()}, roots) == {}
    assert rooted(Transfer, {"receiver": "王武"}, roots) == {"receiver": "王五"}
    assert rooted(Transfer, {"receiver": "李四", "shared": ["王武"]}, roots) == {"receiver": "李四", "shared": ["王五"]}


def test_a_form_that_is_keyed_by_day_bears_the_day_of_its_arrival(world: World) -> None:
    row = Exemption.of({"name": "张三", "start": NOW.date(), "end": NOW.date(), "reason": "x"})
    assert lasting_key(row, world.context("孙人")) == "张三|2026-11-23|2026-11-23"
    assert not Exemption.keyed_by_day
    assert Transfer.keyed_by_day


# -- who may act for whom


def acted_for(world: World, name: str, **other: Any) -> frozenset[str]:
    context = world.context(name, **other)
    people = {each: world.context(each, **other).submitter for each in NAMES}
    return stands_in_for(context, context.facts.but(people=people))


NAMES = ("张三", "王五", "陈六", "冯走", "李四", "赵总", "钱督", "孙人", "吴纳")


def test_a_department_manager_acts_for_those_of_the_department_who_cannot_and_the_sales_manager_for_the_others(
    world: World,
) -> None:
    assert acted_for(world, "李四") == {"冯走"}
    assert acted_for(world, "赵总") == {"钱督", "孙人", "吴纳"}
    assert acted_for(world, "张三") == acted_for(world, "钱督") == frozenset()
    world.post(
        Entry("exemption.granted", "e1", "李四", {"person": "张三", "start": "2026-11-23", "end": "2026-11-23", "reason": "病"}),
        Entry("exemption.granted", "e2", "李四", {"person": "陈六", "start": "2026-11-23", "end": "2026-11-23", "reason": "病"}),
        Entry("exemption.granted", "e3", "李四", {"person": "王五", "start": "2026-11-24", "end": "2026-11-24", "reason": "病"}),
        Entry("exemption.granted", "e4", "孙人", {"person": "李四", "start": "2026-11-23", "end": "2026-11-23", "reason": "病"}),
    )  # fmt: skip
    assert acted_for(world, "李四") == {"冯走", "张三"}, "not for themselves"
    assert acted_for(world, "赵总") == {"钱督", "孙人", "吴纳", "陈六"}
    assert acted_for(world, "李四", now=NOW.replace(day=24)) == {"冯走", "王五"}
    world.post(changed("李四", on="2026-11-23", state="离职"))
    assert acted_for(world, "赵总") == {"钱督", "孙人", "吴纳", "陈六", "冯走", "张三", "李四"}


def test_facts_are_known_of_what_there_is_only(world: World) -> None:
    facts = world.context().facts
    assert type(facts) is Facts
    assert (facts.now, facts.today, facts.submitter.name, facts.settings) == (NOW, NOW.date(), "张三", USUAL)
    with pytest.raises(TypeError, match=r"^no such facts: 颜色$"):
        facts.but(颜色="红")
    with pytest.raises(TypeError, match=r"^no such facts: (气味, 颜色|颜色, 气味)$"):
        facts.but(颜色="红", 气味="香", opening=True)
    more = facts.but(opening=True, claims_today=2)
    assert (more.opening, more.claims_today, more.now, facts.opening, facts.claims_today) == (True, 2, NOW, False, 0)
    assert not facts.active("张三"), "nobody is known yet"
    people: dict[str, Person] = {"张三": facts.submitter}
    assert [facts.but(people=people).active(name) for name in ("张三", "王五")] == [True, False]
    assert facts.photos_of("photos") == ()


def test_a_row_that_is_about_to_take_effect_is_understood_as_of_when_it_came(world: World) -> None:
    assert world.context().written_on == NOW.date()
    assert world.context(written_at=NOW.replace(day=20)).written_on == NOW.replace(day=20).date()


def test_whose_phone_has_changed_is_written_as_the_register_writes_them(world: World) -> None:
    """The figures in a name stay when the phone changes: the new ones would name nobody."""
    world.post(
        joined("马超0001", phone="13800000001", plain_name="马超"),
        joined("马超0002", phone="13800000002", plain_name="马超"),
    )
    world.post(changed("马超0001", phone="13800009999"))
    name, ((_rule, said),) = meant(world, "马超")
    assert (name, said) == (
        "马超",
        "有 2 位同事叫“马超”。请带上手机号后四位，改了名的写新姓名，写成 马超0001（销售一部）、马超0002（销售一部）",
    )
    assert [meant(world, way) for way in ("马超0001", "马超0002")] == [("马超0001", []), ("马超0002", [])]
