"""Ways out for 客户新增, 信息变更 and 客户转交."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from demo.pictures import screenshot
from tests.company import Cells, Company, a_company_with_a_customer, change, customer, person, shot, transfer
from tests.pictures import encode, scene
from tests.ways.way import Row, Scene, Way, decided, handed_over, later, mended

HONGYUAN = "深圳市宏远电子有限公司"
GIVEN = (
    "广州白云家具厂", "珠海海天食品有限公司", "佛山顺德铝材有限公司", "中山古镇灯饰厂", "惠州大亚湾化工有限公司",
    "汕头澄海玩具厂", "湛江雷州糖业有限公司", "韶关丹霞旅行社",
    "茂名荔枝合作社",
)  # fmt: skip
BUSY, TAKEN_UP = "梅州客家茶业有限公司", "云浮石材城"  #: being handed over
LEFT, WAITS = "清远英德水泥厂", "揭阳玉器商行"


def _stage(folder: Path) -> Company:
    """张三 has a customer for every transfer; 马七 has room for one, which he has; 何九 leaves one behind."""
    co = a_company_with_a_customer(folder)
    co.found(
        [
            person("马七", "13800138017", "销售一部", "销售人员", 客户数量上限=1),
            person("何九", "13800138019", "销售一部", "销售人员"),
        ],
        "11-23 09:40",
    )
    co.gain("张三", "李四", *GIVEN, BUSY, TAKEN_UP, at="11-23 09:45")
    co.gain("马七", "李四", "河源万绿湖矿泉水厂", at="11-23 09:50")
    co.gain("何九", "李四", LEFT, at="11-23 09:55")
    return co


def _before(co: Company) -> None:
    """A transfer and a new customer wait, 何九 has gone; pictures of every kind lie in the folder."""
    co.hand_in("赵总", 人员变更=[{"姓名": "何九", "生效日期": "2026-11-23", "状态": "离职"}])
    co.hand_in(
        "张三",
        客户转交=[transfer(BUSY, "王五"), transfer(TAKEN_UP, "王五")],
        客户新增=[customer(WAITS, 门头照片="等.jpg")],
    )
    co.drop("张三", "等.jpg", shot("11-23 09:56", 899))
    for who, names in (("张三", FRONTS), ("李四", ("经理.jpg",)), ("马七", ("马.jpg",))):
        for name in names:
            co.drop(who, name, shot("11-23 09:30", 900 + sum(map(ord, name)) % 3000))
    for name, data in ODD.items():
        co.drop("张三", name, data)
    co.run("11-23 10:00")
    for name in ("赵总", "张三", "李四", "马七"):
        co.new(name)


FRONTS = tuple(f"门{n}.jpg" for n in range(20))
ODD = {
    "坏.jpg": "这不是照片".encode(), "册.pdf": encode(scene(3), "PDF"), "截图.png": screenshot(1),
    "用过.jpg": shot("11-23 08:30", 1),
}  # fmt: skip


def _fresh(n: int, name: str, **other: Any) -> Cells:
    return customer(name, 门头照片=f"门{n}.jpg", **other)


def _more_room(co: Company) -> None:
    """销售经理 raises 马七's limit, as the words say."""
    co.hand_in("赵总", "上限.xlsx", 人员变更=[{"姓名": "马七", "生效日期": "2026-11-23", "客户数量上限": 5}])
    co.run("11-23 11:00")
    co.new("赵总")


def _transfer_decided(co: Company) -> None:
    decided(co, "李四", "客户转交", "11-23 11:10", {"张三": "驳回"})


def _customer_decided(co: Company) -> None:
    decided(co, "李四", "客户新增", "11-23 11:20", {"张三": "同意"})


NEW: tuple[Way, ...] = (
    mended("customer.name.full", "张三", "客户新增", _fresh(0, "东莞虎门服装厂"), "有效证件上的全称", 客户名称="虎门"),
    Way(
        "customer.name.taken", Row("张三", "客户新增", _fresh(1, HONGYUAN, 联系人="王芳")), "要修改资料请用“信息变更”",
        (Row("张三", "信息变更", change(联系人="王芳")),),
    ),
    mended("customer.name.disguised", "张三", "客户新增", _fresh(17, "东莞桥头ABC荷花园"), "请用普通的汉字、字母重新输入", 客户名称="东莞桥头АВС荷花园"),
    mended("customer.area.real", "张三", "客户新增", _fresh(2, "东莞长安模具厂"), "请写成 省/市/区", 客户地址="广东省/深圳市/蓝山区"),
    mended("customer.area.city", "张三", "客户新增", _fresh(3, "东莞厚街鞋厂"), "请核对客户地址", 客户地址="广东省/广州市/天河区"),
    mended("customer.address.door", "张三", "客户新增", _fresh(4, "东莞塘厦球具厂"), "请写明楼栋和门牌", 详细地址="科苑路"),
    mended("customer.front_photo.unreadable", "张三", "客户新增", _fresh(5, "东莞石龙电子厂"), "能正常打开的原图", 门头照片="坏.jpg"),
    mended("customer.front_photo.document", "张三", "客户新增", _fresh(6, "东莞大朗毛织厂"), "请放入手机拍的照片", 门头照片="册.pdf"),
    mended("customer.front_photo.screenshot", "张三", "客户新增", _fresh(7, "东莞樟木头木业"), "用手机相机在现场拍照", 门头照片="截图.png"),
    mended("customer.front_photo.reused", "张三", "客户新增", _fresh(8, "东莞道滘食品厂"), "请另拍一张", 门头照片="用过.jpg"),
    mended("customer.owner.active", "李四", "客户新增", customer("东莞常平货运站", 门头照片="经理.jpg", 销售经理="张三"), "请填写在职销售人员的姓名", 销售经理=None),
    later("customer.owner.room", "马七", "客户新增", customer("东莞寮步汽配城", 门头照片="马.jpg"), "由销售经理调整上限", _more_room),
    mended("customer.shared.active", "张三", "客户新增", _fresh(9, "东莞凤岗灯具厂", 共享人员="王五"), "请填写在职同事的姓名", 共享人员="王五五"),
    mended("customer.shared.owner", "张三", "客户新增", _fresh(10, "东莞黄江五金厂", 共享人员="王五"), "请从共享人员中去掉这个姓名", 共享人员="王五、张三"),
    mended("customer.certificate_photo.unreadable", "张三", "客户新增", _fresh(11, "东莞清溪光电厂"), "能正常打开的原图", 证件照片="坏.jpg"),
)  # fmt: skip

CHANGED: tuple[Way, ...] = (
    mended("change.customer.known", "张三", "信息变更", change(联系人="甲一"), "请核对客户名称", 客户名称="深圳宏远"),
    handed_over("change.customer.mine", "王五", "张三", "信息变更", change(联系人="甲二"), "请由归属人提交"),
    later("change.customer.waiting", "张三", "信息变更", change(WAITS, 联系人="甲三"), "请等客户通过审批后再提交", _customer_decided),
    mended("change.name.full", "张三", "信息变更", change(新客户名称="深圳市宏远科技有限公司"), "有效证件上的全称", 新客户名称="宏远"),
    Way(
        "change.name.taken", Row("张三", "信息变更", change(GIVEN[0], 新客户名称="河源万绿湖矿泉水厂")), "交给另一方",
        (Row("张三", "客户转交", transfer(GIVEN[0], "王五")),),
    ),
    Way("change.something", Row("张三", "信息变更", change()), "请至少填写一项变更", (Row("张三", "信息变更", change(联系人="甲四")),)),
    mended("change.name.disguised", "张三", "信息变更", change(新客户名称="深圳宏远新口岸电子公司"), "请用普通的汉字、字母重新输入", 新客户名称="深圳宏远新ロ岸电子公司"),
    mended("change.different", "张三", "信息变更", change(联系人="甲五"), "档案中的现有内容见“我的客户”", 联系人="李红"),
    later("change.reserved", "张三", "信息变更", change(BUSY, 联系人="甲六"), "请等前一项审批完成后再提交", _transfer_decided),
    mended("change.area.real", "张三", "信息变更", change(客户地址="广东省/深圳市/福田区"), "请写成 省/市/区", 客户地址="广东省/深圳市/福天"),
    mended("change.area.city", "张三", "信息变更", change(客户地址="广东省/深圳市/南山区", 门头照片="门12.jpg"), "或重新拍摄门头照片", 客户地址="广东省/广州市/天河区"),
    mended("change.address.door", "张三", "信息变更", change(详细地址="科苑路9号1栋201室"), "请写明楼栋和门牌", 详细地址="科苑路"),
    mended("change.front_photo.unreadable", "张三", "信息变更", change(门头照片="门13.jpg"), "能正常打开的原图", 门头照片="坏.jpg"),
    mended("change.front_photo.document", "张三", "信息变更", change(门头照片="门14.jpg"), "请放入手机拍的照片", 门头照片="册.pdf"),
    mended("change.front_photo.screenshot", "张三", "信息变更", change(门头照片="门15.jpg"), "用手机相机在现场拍照", 门头照片="截图.png"),
    mended("change.front_photo.reused", "张三", "信息变更", change(GIVEN[1], 门头照片="门16.jpg"), "请另拍一张", 门头照片="用过.jpg"),
    mended("change.shared.active", "张三", "信息变更", change(共享人员="王五、陈六"), "请填写其他在职同事的姓名", 共享人员="张三"),
    mended("change.explanation.substantial", "张三", "信息变更", change(联系人="甲七"), "请写清为什么变更", 变更说明="改"),
)  # fmt: skip

GIVEN_AWAY: tuple[Way, ...] = (
    mended("transfer.customer.known", "张三", "客户转交", transfer(GIVEN[2], "王五"), "请核对客户名称", 客户名称="顺德铝材"),
    handed_over("transfer.customer.mine", "王五", "张三", "客户转交", transfer(GIVEN[3], "陈六"), "请由归属人转交"),
    handed_over("transfer.customer.none", "王五", "李四", "客户转交", transfer("全部", "张三", 转交原因="离职"), "已离职同事的客户由其部门经理"),
    later("transfer.customer.reserved", "张三", "客户转交", transfer(TAKEN_UP, "陈六"), "请等前一项审批完成后再提交"),
    mended("transfer.receiver.active", "张三", "客户转交", transfer(GIVEN[4], "王五"), "请填写在职销售人员的姓名", 接受人="李四"),
    mended("transfer.receiver.other", "张三", "客户转交", transfer(GIVEN[5], "王五"), "请填写另一位同事", 接受人="张三"),
    mended("transfer.receiver.room", "张三", "客户转交", transfer(GIVEN[6], "王五"), "请减少转交的客户或换接受人", 接受人="马七"),
    mended("transfer.description.substantial", "张三", "客户转交", transfer(GIVEN[7], "王五"), "请详细描述转交原因", 转交说明="给他"),
    mended("transfer.shared.active", "张三", "客户转交", transfer(GIVEN[8], "王五"), "请填写其他在职同事的姓名", 共享人员="王五"),
)  # fmt: skip

CUSTOMERS = Scene("客户", _stage, (*NEW, *CHANGED, *GIVEN_AWAY), "11-23 10:30", "11-23 12:00", _before)
