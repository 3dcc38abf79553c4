"""Ways out for 拜访计划, 拜访记录, 商机, 成交订单 and 客户回款."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from demo.pictures import edited, screenshot, stripped
from intake.photo.seal import make_key
from tests.company import (
    FRONT,
    Cells,
    Company,
    a_company_with_a_customer,
    change,
    customer,
    read,
    shot,
    visit,
)  # fmt: skip
from tests.deals import CASHIER, NAME, approved_order, bank_line, order, page, payment, plan
from tests.intake.test_seal import a_sealed
from tests.pictures import encode, scene
from tests.ways.way import TAKEN, Row, Scene, Story, Way, decided, dropped, later, mended, refusing

AT, AGAIN = "11-23 11:00", "11-23 15:00"
OTHER = "广州白云家具厂"


def deal(name: str = "二期设备", **other: Any) -> Cells:
    """A row of 商机 at which nothing is wrong."""
    return {
        "客户名称": NAME, "商机名称": name, "阶段": "需求确认", "预计金额": 200000, "预计成交日期": "2027-01-31",
        "下一步": "发样品", **other,
    }  # fmt: skip


def _stage(folder: Path) -> Company:
    """The usual customer; a cashier; an order in the book, and one that was rejected."""
    co = a_company_with_a_customer(folder)
    co.found([CASHIER], "11-23 09:40")
    co.new("张三")
    co.gain("张三", "李四", OTHER, at="11-23 09:45")
    approved_order(co)
    return co


def _pictures(co: Company) -> None:
    """Good and bad pictures, as they come from phones, messengers and the phone door."""
    key = make_key(co.book)
    plain = shot("11-23 10:00", 40, offset=None)
    bad = {
        "坏.jpg": "这不是照片".encode(), "册.pdf": encode(scene(3), "PDF"), "截图.png": screenshot(1),
        "微信.jpg": stripped(plain), "无时.jpg": shot_untimed(), "修过.jpg": edited(plain),
        "前天.jpg": shot("11-19 09:00", 41), "明天.jpg": shot("11-24 10:00", 42), "用过.jpg": shot("11-23 10:10", 43),
        "改印.jpg": a_sealed(3, key, id="3").replace(b"10:30:05", b"10:31:05"),
        "王印.jpg": a_sealed(4, key, id="4", person="王五"),
    }  # fmt: skip
    for name, data in bad.items():
        co.drop("张三", name, data)
    for n in range(20):
        co.drop("张三", f"照{n}.jpg", shot("11-23 10:20", 1000 + n))
    for n in range(6):
        co.drop("张三", f"页{n}.jpg", page(100 + n))
    co.drop("陈六", "照.jpg", shot("11-23 10:20", 1100))
    co.drop("陈六", "页.jpg", page(110))
    co.hand_in(
        "张三",
        "先.xlsx",
        拜访记录=[visit("用过.jpg", 拜访记录="先到现场看了仓库，和李经理谈了二期的交货安排和付款办法。")],
    )
    co.run("11-23 10:40")
    for name in ("张三", "陈六"):
        co.new(name)


def shot_untimed() -> bytes:
    """A phone's picture whose clock is silent."""
    from tests.pictures import photo

    return photo(44, taken=None, place=FRONT)


def _shared(co: Company) -> None:
    """The owner adds 陈六 to those who share the customer, as the words ask; the manager agrees."""
    co.hand_in("张三", "共享.xlsx", 信息变更=[change(共享人员="王五、陈六")])
    co.run("11-23 13:00")
    decided(co, "李四", "信息变更", "11-23 13:30", {"张三": "同意"})
    co.new("张三")


def _v(n: int, **other: Any) -> Cells:
    return visit(
        f"照{n}.jpg", 拜访记录=f"第{n}次谈二期：李经理确认需要四十台，希望春节前交货，我方周五前报价。", **other
    )


KNOWN, MINE = "请核对客户名称", "或请归属人把您加为共享人员"

VISITS: tuple[Way, ...] = (
    mended("visit.customer.known", "张三", "拜访记录", _v(0), KNOWN, 客户名称="深圳鸿图公司"),
    later("visit.customer.mine", "陈六", "拜访记录", visit("照.jpg"), MINE, _shared),
    mended("visit.companions.active", "张三", "拜访记录", _v(1), "没有同行人员就空着", 同行人员="王五五"),
    mended("visit.companions.self", "张三", "拜访记录", _v(2), "请去掉自己的姓名", 同行人员="张三"),
    mended("visit.photo.unreadable", "张三", "拜访记录", _v(3), "能正常打开的原图", 现场照片="坏.jpg"),
    mended("visit.photo.document", "张三", "拜访记录", _v(4), "请放入手机拍的照片", 现场照片="册.pdf"),
    mended("visit.photo.screenshot", "张三", "拜访记录", _v(5), "用手机相机在现场拍照", 现场照片="截图.png"),
    mended("visit.photo.stripped", "张三", "拜访记录", _v(6), "放进投递文件夹", 现场照片="微信.jpg"),
    mended("visit.photo.untimed", "张三", "拜访记录", _v(7), "打开手机相机的时间记录", 现场照片="无时.jpg"),
    mended("visit.photo.edited", "张三", "拜访记录", _v(8), "没有修过的手机原图", 现场照片="修过.jpg"),
    mended("visit.photo.stale", "张三", "拜访记录", _v(9), "当天提交原图", 现场照片="前天.jpg"),
    mended("visit.photo.future", "张三", "拜访记录", _v(10), "请校准手机时间后在现场重新拍照", 现场照片="明天.jpg"),
    mended("visit.photo.reused", "张三", "拜访记录", _v(11), "请另拍一张", 现场照片="用过.jpg、照11.jpg"),
    mended("visit.photo.seal_broken", "张三", "拜访记录", _v(12), "请在手机门里重新现场拍照", 现场照片="改印.jpg"),
    mended("visit.photo.seal_foreign", "张三", "拜访记录", _v(13), "一同拜访的写在“同行人员”里", 现场照片="王印.jpg"),
    mended("visit.met.named", "张三", "拜访记录", _v(14), "请填写客户方主要人员的姓名", 拜访对象="客户"),
    mended("visit.purpose.substantial", "张三", "拜访记录", _v(15), "请写清这次拜访的目的", 拜访目的="看看"),
    mended("visit.content.substantial", "张三", "拜访记录", _v(16), "请详细写明与客户洽谈的主要内容", 拜访记录="谈得不错"),
    Way(
        "row.photo_missing", Row("张三", "拜访记录", {**_v(17), "现场照片": "没到.jpg", "拜访对象": "客户"}), "请把照片和改好的这一行一起投递",
        (Row("张三", "拜访记录", _v(17)),), also=frozenset({"visit.met.named"}),
    ),
)  # fmt: skip

PLANS: tuple[Way, ...] = (
    mended("plan.customer.known", "张三", "拜访计划", plan("2026-11-24"), KNOWN, 客户名称="深圳鸿图公司"),
    later("plan.customer.mine", "陈六", "拜访计划", plan("2026-11-24"), MINE),
    mended("plan.date.ahead", "张三", "拜访计划", plan("2026-11-25"), "请填写今天或以后的日期", 计划日期="2026-11-20"),
    mended("plan.date.near", "张三", "拜访计划", plan("2026-11-26"), "请核对计划日期", 计划日期="2028-11-26"),
    mended("plan.purpose.substantial", "张三", "拜访计划", plan("2026-11-27"), "请写清这次拜访的目的", 拜访目的="看"),
    mended("opportunity.customer.known", "张三", "商机", deal("一"), KNOWN, 客户名称="深圳鸿图公司"),
    later("opportunity.customer.mine", "陈六", "商机", deal("二"), MINE),
    mended("opportunity.date.passed", "张三", "商机", deal("三"), "请填写今天或以后的日期", 预计成交日期="2026-11-01"),
    mended("opportunity.lost.reason", "张三", "商机", deal("四", 阶段="输单", 输单原因="价格高于对手一成"), "请写清为什么没有成交", 输单原因=None),
)  # fmt: skip


def _approved(co: Company) -> str:
    (row,) = co.ask("SELECT receipt_no FROM orders WHERE status = 'accepted'")
    return str(row["receipt_no"])


def _of_the_order(amount: int, **other: Any) -> Any:
    return lambda co: payment(amount, 回款类型="销售回款", 订单受理号=_approved(co), **other)


MONEY: tuple[Way, ...] = (
    mended("order.customer.known", "张三", "成交订单", order("页0.jpg", 合同编号="HY-2"), KNOWN, 客户名称="深圳鸿图公司"),
    later("order.customer.mine", "陈六", "成交订单", order("页.jpg", 合同编号="HY-3"), MINE),
    mended("order.date.future", "张三", "成交订单", order("页1.jpg", 合同编号="HY-4"), "请按合同签订日期填写", 成交日期="2026-11-30"),
    mended("order.contract.elsewhere", "张三", "成交订单", order("页2.jpg", OTHER, 合同编号="HY-5"), "请核对合同编号和客户名称", 合同编号="HY-1"),
    Way(
        "row.settled", Row("张三", "成交订单", order("页4.jpg", 成交金额=70000)), "请投递“更正”",
        (Row("张三", "更正", lambda co: {"受理号": _approved(co), "处理": "更正", "列": "成交金额", "新值": 70000, "原因": "看错了合同金额"}),),
    ),
    mended("order.contract_photo.reused", "张三", "成交订单", order("页5.jpg", 合同编号="HY-7"), "请另拍一张", 合同照片="合同1.jpg"),
    mended("order.contract_photo.unreadable", "张三", "成交订单", order("页3.jpg", 合同编号="HY-6"), "能正常打开的原图", 合同照片="坏.jpg"),
    mended("payment.customer.known", "张三", "客户回款", payment(101), KNOWN, 客户名称="深圳鸿图公司"),
    later("payment.customer.mine", "陈六", "客户回款", payment(102), "或请归属人把您加为共享人员"),
    mended("payment.date.future", "张三", "客户回款", payment(103), "请如实填写到账日期", 回款日期="2026-12-01"),
    Way(
        "payment.order.known", Row("张三", "客户回款", payment(104, 回款类型="销售回款", 订单受理号="261123-9999")), "成交订单回执上的受理号",
        (Row("张三", "客户回款", _of_the_order(104)),),
    ),
    Way(
        "payment.order.customer", Row("张三", "客户回款", _of_the_order(105, 客户名称=OTHER)), "请核对客户名称和订单受理号",
        (Row("张三", "客户回款", _of_the_order(105)),),
    ),
    mended("bank.date.future", "吴纳", "银行流水", bank_line("A1"), "请按银行流水填写", 到账日期="2026-12-01"),
)  # fmt: skip

SALES = Scene("跟进", _stage, (*VISITS, *PLANS, *MONEY), AT, AGAIN, _pictures)


def _far_stage(folder: Path) -> Company:
    """A company that refuses visits from far away; a second customer whose shop front has no coordinates."""
    co = a_company_with_a_customer(folder, config={'far = "flag"': 'far = "refuse"'})
    co.drop("张三", "门头.jpg", shot("11-23 09:40", 600, None))
    co.hand_in("张三", 客户新增=[customer(MOVED, 门头照片="门头.jpg")])
    co.run("11-23 09:40")
    co.approve("李四", "客户新增", "11-23 09:50")
    return co


MOVED = "广州白云家具厂"
AWAY, GUANGZHOU = (22.7205, 114.2464), (23.1291, 113.2644)  #: 深圳市龙岗区, more than five kilometres off; another city


def _far_pictures(co: Company) -> None:
    for name, seed, place in (
        ("龙岗.jpg", 610, AWAY),
        ("广州.jpg", 611, GUANGZHOU),
        ("新门.jpg", 612, GUANGZHOU),
        ("旧门.jpg", 613, FRONT),
    ):
        co.drop("张三", name, shot("11-23 10:20", seed, place))
    co.run("11-23 10:40")
    co.new("张三")


def _moved(co: Company) -> None:
    """The customer has moved: new particulars with a new shop front, approved by the manager."""
    co.hand_in("张三", "搬迁.xlsx", 信息变更=[change(MOVED, 门头照片="新门.jpg", 客户地址="广东省/广州市/越秀区")])
    co.run("11-23 13:00")
    decided(co, "李四", "信息变更", "11-23 13:30", {"张三": "同意"})
    co.new("张三")


FAR_AWAY = Scene("远处", _far_stage, (
    mended("visit.photo.far", "张三", "拜访记录", visit("旧门.jpg"), "没有搬迁的请投递在客户处拍的照片", 现场照片="龙岗.jpg"),
    later("visit.photo.city", "张三", "拜访记录", visit("广州.jpg", MOVED), "客户已搬迁的请做信息变更", _moved),
), AT, AGAIN, _far_pictures)  # fmt: skip


def _live_stage(folder: Path) -> Company:
    return a_company_with_a_customer(
        folder, config={'live = "preferred"': 'live = "required"', "enabled = false": "enabled = true"}
    )


def _live_picture(co: Company) -> None:
    """One picture from the phone's album, and one that the phone door has sealed and put into the folder."""
    co.drop("张三", "相册.jpg", shot("11-23 10:20", 620))
    co.drop("张三", "手机_20261123-103005.jpg", a_sealed(621, make_key(co.book), id="7"))
    co.run("11-23 10:40")
    co.new("张三")


LIVE = Scene("实拍", _live_stage, (
    mended("visit.photo.unsealed", "张三", "拜访记录", visit("手机_20261123-103005.jpg"), "点“拍照”", 现场照片="相册.jpg"),
), AT, AGAIN, _live_picture)  # fmt: skip


def _named_twice(folder: Path) -> None:
    """Two rows wait for one picture under two names: when it has come, the second is told that it is the first."""
    with a_company_with_a_customer(folder) as co:
        rows = [Row("张三", "拜访记录", visit("一.jpg")), Row("张三", "拜访记录", visit("二.jpg", 拜访对象="李红梅"))]
        assert [row["结果"] for row in dropped(co, rows, AT, "等照片")] == ["待补照片"] * 2
        for name in ("一.jpg", "二.jpg"):
            co.drop("张三", name, shot("11-23 10:20", 650))
        co.run(AGAIN)
        told = [row for path in co.new("张三") for row in read(path).sheets.get("拜访记录", ())]
        assert sorted(row["结果"] for row in told) == ["待审批", "退回"], f"{told}"
        (second,) = [row for row in told if row["结果"] == "退回"]
        assert refusing(co, second["受理号"]) == {"row.same", "visit.photo.reused"}
        assert "要改内容的，请用同一张照片投递改好的一行" in second["说明"]
        (row,) = dropped(co, [Row("张三", "拜访记录", visit("一.jpg", 拜访对象="李红梅"))], "11-23 16:00", "改好")
        assert row["结果"] in TAKEN
        assert "（被替换）" in row["说明"]


SAME = Story("一张照片两个名字", frozenset({"row.same"}), _named_twice)
