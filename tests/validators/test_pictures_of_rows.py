"""What is kept of a row beside its pictures: for which names they are searched, on which of them, and what is told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from ledger.records import Area, Photo
from policy.form import PICTURES_SAY, Form
from policy.forms.customer import NewCustomer
from policy.forms.customer_change import CustomerChange
from policy.forms.opening import OpeningCustomer
from policy.forms.order import Order
from policy.forms.visit import Visit
from tests.case_facts import put
from tests.validators.pages import line, page, photo
from validators.catalogue import rules_for
from validators.differences import differences, located
from validators.form_rules import Read
from validators.written import contract
from validators.written.codes import check_digit
from validators.written.point import MARKS

NAME, OTHER = "深圳市宏远电子有限公司", "广州华新模具有限公司"
CODE = "91440300708461136"
CODE += check_digit(CODE)


def read(form: type[Form], photos: Mapping[str, tuple[Photo, ...]], **given: Any) -> Read:
    """What the software reads of the form's good row with these pictures."""
    question = put(form, given)
    return rules_for(form).read(question.shaped.record, question.facts.but(photos=photos))


def told(form: type[Form], photos: Mapping[str, tuple[Photo, ...]], **given: Any) -> list[str] | None:
    said = read(form, photos, **given)
    assert (PICTURES_SAY in said) == (MARKS in said)
    return said[PICTURES_SAY].splitlines() if PICTURES_SAY in said else None


def test_a_visit_s_sign_may_bear_the_name_that_was_typed_or_the_present_one() -> None:
    renamed = {"customer": {"name": "广州新名字公司", "name_key": "广州新名字公司"}}
    assert told(Visit, {"photos": (page(NAME),)}, **renamed) == [f"招牌 一致：有“{NAME}”（证件.jpg 上部）"]
    assert told(Visit, {"photos": (page("广州新名字公司"),)}, **renamed) == [
        "招牌 一致：有“广州新名字公司”（证件.jpg 上部）"
    ]
    assert told(Visit, {"photos": (page("广州新名字公司"),)}) == ["招牌 没有读到：只认出 “广州新名字公司”"]
    assert told(Visit, {"photos": (page("广州新名字公司"),)}, row={"客户名称": None}) is None
    nobody = replace(photo(), words=None)
    assert told(Visit, {"photos": (nobody,)}) is None
    assert told(Visit, {"photos": (nobody, page(NAME))}) == [
        f"招牌 一致：有“{NAME}”（证件.jpg 上部）",
        "证件.jpg 没有读",
    ]


def test_a_new_customer_s_certificate_and_sign_are_searched_each_where_it_belongs() -> None:
    papers, sign = page(f"名称：{NAME}", f"统一社会信用代码 {CODE}"), page("宏远电子")
    both: dict[str, tuple[Photo, ...]] = {"certificate_photos": (papers,), "front_photos": (sign,)}
    assert told(NewCustomer, both) == [
        f"证件名称 一致：{NAME}（证件.jpg 上部）", f"统一社会信用代码 一致：{CODE}，校验位正确（证件.jpg 上部）",
        "招牌 一致：有“宏远电子”（证件.jpg 上部）",
    ]  # fmt: skip
    assert told(NewCustomer, {"certificate_photos": (papers,)}) == told(NewCustomer, both)[:2]  # type: ignore[index]
    assert told(NewCustomer, {"front_photos": (sign,)}) == ["招牌 一致：有“宏远电子”（证件.jpg 上部）"]
    assert told(NewCustomer, both, row={"客户名称": None}) is None
    unread = photo(trouble="太暗")
    assert told(NewCustomer, {"certificate_photos": (unread,), "front_photos": (sign,)}) == [
        "招牌 一致：有“宏远电子”（证件.jpg 上部）", "证件.jpg 没有读：太暗",
    ]  # fmt: skip


def test_a_new_shop_front_is_searched_for_the_name_that_will_hold() -> None:
    sign: dict[str, tuple[Photo, ...]] = {"front_photos": (page("广州新名字公司"),)}
    assert told(CustomerChange, sign) == ["招牌 没有读到：只认出 “广州新名字公司”"]
    assert told(CustomerChange, sign, row={"新客户名称": "广州新名字公司"}) == [
        "招牌 一致：有“广州新名字公司”（证件.jpg 上部）"
    ]
    assert told(CustomerChange, {"front_photos": (page(NAME),)}) == [f"招牌 一致：有“{NAME}”（证件.jpg 上部）"]
    unknown = {"lacks": ["customer"], "row": {"客户名称": "广州新名字公司"}}
    assert told(CustomerChange, sign, **unknown) == ["招牌 一致：有“广州新名字公司”（证件.jpg 上部）"]
    assert told(CustomerChange, sign, lacks=["customer"], row={"客户名称": None}) is None


def test_a_contract_is_held_against_both_names_of_its_customer() -> None:
    pages: dict[str, tuple[Photo, ...]] = {
        "contract_photos": (page(f"甲方：{OTHER}", "乙方：广州新名字公司", "合同编号：HY-2026-118"),)
    }
    renamed = {"customer": {"name": "广州新名字公司", "name_key": "广州新名字公司"}}
    party = told(Order, pages, **renamed)
    assert party is not None
    assert party[0].startswith("签约方 一致：广州新名字公司（")
    other = told(Order, pages)
    assert other is not None
    assert other[0].startswith(f"签约方 不一致：照片上是 {OTHER}、广州新名字公司，表中是 {NAME}")
    for header in ("客户名称", "成交日期", "成交金额"):
        assert told(Order, pages, row={header: None}) is None
    assert told(Order, pages, row={"合同编号": None}) is not None
    assert [each.split()[0] for each in other] == ["签约方", "合同编号", "签订日期", "金额（小写）", "金额（大写）"]


@pytest.mark.parametrize(
    "label",
    [
        "甲方", "乙方", "丙方", "买方", "卖方", "需方", "供方", "采购方", "供货方", "销售方", "购货单位", "供货单位", "委托方", "受托方", "发包方",
        "承包方", "定作方", "承揽方", "出租方", "承租方", "订货方", "甲方(买方)", "甲方(全称)", "乙方单位", "甲方名称", "甲方(盖章)",
    ],
)  # fmt: skip
def test_each_word_for_a_party_is_its_label(label: str) -> None:
    lines = (line(f"{label}：{OTHER}"), line("乙方：上海浦江仪器有限公司 地址：上海", (100, 300)))
    order = Order.model_construct(contract_no=None, signed_on=date(2026, 11, 23), amount_fen=1)
    party = contract.points(order, (photo(*lines),), (NAME,))[0]
    assert (party.what, party.match.value, party.found) == ("签约方", "不一致", f"{OTHER}、上海浦江仪器有限公司")


# -- where the shop is


def placed(lat: float | None, lon: float | None, where: Area | None = None) -> Photo:
    bare = photo()
    return replace(bare, facts=replace(bare.facts, lat=lat, lon=lon, place=where, near=(where,) if where else ()))


SOMEWHERE = Area("广东省", "深圳市", "宝安区")


def test_the_first_picture_that_says_where_it_was_taken_is_the_shop_s_place() -> None:
    nowhere, first, second = placed(None, None), placed(22.5, 113.9, SOMEWHERE), placed(23.0, 114.0)
    assert located(()) is located((nowhere,)) is None
    assert located((nowhere, first, second)) is first
    said = read(NewCustomer, {"front_photos": (nowhere, first, second)})
    assert (said["门头照片位置"], said["lat"], said["lon"]) == ("广东省深圳市宝安区", 22.5, 113.9)
    off = read(NewCustomer, {"front_photos": (second,)})
    assert (off["门头照片位置"], off["lat"], off["lon"]) == ("", 23.0, 114.0)
    assert "门头照片位置" not in read(OpeningCustomer, {})


def test_how_far_the_shop_front_has_moved_is_told_in_kilometres() -> None:
    moved = read(CustomerChange, {"front_photos": (placed(22.6405, 113.9435),)}, row={"联系人": None})
    assert moved["changes"] == {"lat": 22.6405}
    assert moved["变更内容"] == "门头位置：按新照片，离原来约 11.1 公里"
    for lacks in (["lat", "lon"], ["lat"], ["lon"]):
        again = read(
            CustomerChange, {"front_photos": (placed(22.6, 114.0),)}, row={"联系人": None}, customer={"lacks": lacks}
        )
        assert again["变更内容"] == "门头位置：按新照片"
    both = read(CustomerChange, {"front_photos": (placed(22.5405, 114.0435),)}, row={"联系人": "王芳"})
    assert both["changes"] == {"contact": "王芳", "lon": 114.0435}
    assert both["变更内容"] == "联系人：李红 → 王芳"


# -- what would become different


def different(**given: Any) -> dict[str, Any]:
    question = put(CustomerChange, given)
    assert isinstance(question.shaped.record, CustomerChange)
    return differences(question.shaped.record, question.facts)


@pytest.mark.parametrize(
    ("row", "changes"),
    [
        ({"联系人": "李红"}, {}), ({"联系人": "王芳"}, {"contact": "王芳"}), ({"客户来源": "展会"}, {"source": "展会"}),
        ({"客户来源": "转介绍"}, {}), ({"客户类型": "国有企业"}, {"type": "国有企业"}), ({"联系电话": "13900139000"}, {"phone": "13900139000"}),
        ({"详细地址": "别处1号"}, {"address": "别处1号"}), ({"销售区域": "华东"}, {"region": "华东"}),
        ({"新客户名称": NAME}, {}), ({"新客户名称": OTHER}, {"name": OTHER, "name_key": OTHER}),
        ({"新客户名称": "深圳市 宏远电子 有限公司"}, {"name": "深圳市 宏远电子 有限公司"}),
        ({"客户地址": "广东省/深圳市/南山区"}, {}), ({"客户地址": "广东省/广州市/天河区"}, {"city": "广州市", "district": "天河区"}),
        ({"客户地址": "北京市/朝阳区"}, {"province": "北京市", "city": "北京市", "district": "朝阳区"}), ({"客户地址": "某省/某市/某区"}, {}),
        ({"共享人员": "王五"}, {}), ({"共享人员": "赵六、王五"}, {"shared": ["赵六", "王五"]}), ({"共享人员": "无"}, {"shared": []}),
    ],
)  # fmt: skip
def test_only_what_differs_from_the_book_changes(row: dict[str, Any], changes: dict[str, Any]) -> None:
    assert different(row={"联系人": None, **row}) == changes


def test_the_order_in_which_colleagues_share_makes_no_difference() -> None:
    assert different(row={"联系人": None, "共享人员": "赵六、王五"}, customer={"shared": ["王五", "赵六"]}) == {}
    assert different(row={"联系人": None, "共享人员": "无"}, customer={"shared": []}) == {}
    assert different(row={"联系人": "李红"}, lacks=["customer"]) == {"contact": "李红"}


def test_everything_that_would_change_is_told_column_by_column() -> None:
    given = {
        "新客户名称": OTHER, "客户来源": "展会", "客户类型": "国有企业", "联系人": "王芳", "联系电话": "13900139000", "客户地址": "北京市/朝阳区",
        "详细地址": "建国路1号", "销售区域": "华北", "共享人员": "赵六、王五",
    }  # fmt: skip
    said = read(CustomerChange, {"front_photos": (placed(22.6405, 113.9435),)}, row=given)
    assert said["变更内容"].split("；") == [
        f"客户名称：{NAME} → {OTHER}", "客户来源：转介绍 → 展会", "客户类型：民营企业 → 国有企业", "联系人：李红 → 王芳",
        "联系电话：0755-26001234 → 13900139000", "省：广东省 → 北京市", "市：深圳市 → 北京市", "区：南山区 → 朝阳区",
        "详细地址：科技园科苑路8号3栋1205室 → 建国路1号", "销售区域：华南 → 华北", "共享人员：王五 → 赵六、王五",
        "门头位置：按新照片，离原来约 11.1 公里",
    ]  # fmt: skip
    nobody = read(CustomerChange, {}, row={**given, "客户来源": None}, customer={"shared": [], "source": ""})
    assert "共享人员：（空） → 赵六、王五" in nobody["变更内容"]
