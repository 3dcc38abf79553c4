"""The company of the demo: who works there, and whom they sell to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

Row = dict[str, Any]  #: header → cell of a sheet


@dataclass(frozen=True)
class Colleague:
    """One who works here, and the phone in their pocket."""

    name: str
    phone: str
    gender: str
    department: str
    post: str
    region: str | None = None
    camera: tuple[str, str] = ("HUAWEI", "Mate 60")
    joined: date = date(2025, 3, 3)
    follow_days: int = 30  #: a customer not followed for longer goes back to the pool
    left: date | None = None  #: the first day on which they are no longer here

    def row(self) -> Row:
        """As 人员新增 asks for it; who follows no customers has limits of 0."""
        sells = self.post == "销售人员"
        return {
            "姓名": self.name, "手机号码": self.phone, "性别": self.gender, "部门": self.department, "岗位": self.post,
            "客户数量上限": 50 if sells else 0, "最长跟进天数": self.follow_days if sells else 0, "入职日期": self.joined,
            "销售区域": self.region,
        }  # fmt: skip


@dataclass(frozen=True)
class Place:
    """A point in WGS-84 degrees."""

    lat: float
    lon: float


@dataclass(frozen=True)
class Client:
    """A customer: as written in 客户新增, and where its door really is."""

    name: str
    sign: str  #: what stands above the door
    owner: str
    contact: str
    phone: str
    area: str
    address: str
    region: str
    place: Place
    source: str = "电话拜访"
    kind: str = "民营企业"

    def row(self, front: str, **otherwise: Any) -> Row:
        """As 客户新增 asks for it, with *otherwise* in place of the truth."""
        told: Row = {
            "客户名称": self.name, "客户来源": self.source, "门头照片": front, "客户类型": self.kind,
            "联系人": self.contact, "联系电话": self.phone, "客户地址": self.area, "详细地址": self.address,
            "销售区域": self.region,
        }  # fmt: skip
        return {**told, **otherwise}


ONE, TWO = "销售一部", "销售二部"
BOSS, LIN, GAO = "赵明远", "林婉清", "高志强"
ZHANG, LI, WANG, CHEN = "张伟", "李娜", "王磊", "陈静"
LIU, HUANG, ZHOU = "刘洋", "黄敏", "周凯"
SUN, QIAN, ZHENG, HE = "孙丽", "钱进", "郑雪", "何平"
WU = "吴倩"

STAFF: tuple[Colleague, ...] = (
    Colleague(BOSS, "13800138001", "男", "销售部", "销售经理"),
    Colleague(LIN, "13800138002", "女", ONE, "部门经理", camera=("Apple", "iPhone 15 Pro")),
    Colleague(GAO, "13800138003", "男", TWO, "部门经理"),
    Colleague(ZHANG, "13800138011", "男", ONE, "销售人员", "华南"),
    Colleague(LI, "13800138012", "女", ONE, "销售人员", "华南", ("Apple", "iPhone 15"), left=date(2026, 11, 26)),
    Colleague(WANG, "13800138013", "男", ONE, "销售人员", "西南", ("Xiaomi", "Xiaomi 14")),
    Colleague(CHEN, "13800138014", "女", ONE, "销售人员", "华中", ("vivo", "V2309A")),
    Colleague(LIU, "13800138021", "男", TWO, "销售人员", "华东", ("Apple", "iPhone 14")),
    Colleague(HUANG, "13800138022", "女", TWO, "销售人员", "华东", ("OPPO", "PHZ110")),
    Colleague(ZHOU, "13800138023", "男", TWO, "销售人员", "华北", ("HONOR", "MAA-AN10"), follow_days=5),
    Colleague(SUN, "13800138031", "女", "财务部", "出纳"),
    Colleague(QIAN, "13800138032", "男", "企管部", "企管部"),
    Colleague(ZHENG, "13800138033", "女", "人力资源部", "人力资源部"),
    Colleague(HE, "13800138034", "男", "信息部", "管理员"),
)
NEWCOMER = Colleague(WU, "13800138024", "女", TWO, "销售人员", "华东", ("HUAWEI", "nova 12"), date(2026, 11, 4))
CAMERAS = {colleague.name: colleague.camera for colleague in (*STAFF, NEWCOMER)}
MANAGERS = {ONE: LIN, TWO: GAO}
SELLERS = tuple(colleague for colleague in STAFF if colleague.post == "销售人员")


def selling(day: date) -> tuple[Colleague, ...]:
    """The salespeople who are here on *day*."""
    everybody = (*SELLERS, NEWCOMER)
    return tuple(each for each in everybody if each.joined <= day and (each.left is None or day < each.left))


HONGYUAN = Client(
    "深圳市宏远电子有限公司", "宏远电子", ZHANG, "李红", "0755-26001234", "广东省/深圳市/南山区",
    "科技园科苑路8号3栋1205室", "华南", Place(22.5405, 113.9345), "转介绍",
)  # fmt: skip
HUAXIN = Client(
    "深圳市华新精密模具有限公司", "华新模具", ZHANG, "邓国强", "13924601188", "广东省/深圳市/福田区",
    "福中三路15号2楼", "华南", Place(22.5431, 114.0579), "展会",
)  # fmt: skip
YUANHANG = Client(
    "广州远航贸易有限公司", "远航贸易", LI, "何俊", "020-38881234", "广东省/广州市/天河区",
    "体育东路116号1808室", "华南", Place(23.1352, 113.3270), "网络推广",
)  # fmt: skip
LINGNAN = Client(
    "广州岭南食品有限公司", "岭南食品", LI, "梁秀英", "13802977766", "广东省/广州市/天河区", "中山大道西89号A栋3层", "华南",
    Place(23.1290, 113.3610),
)  # fmt: skip
SHUGUANG = Client(
    "成都蜀光机电有限公司", "蜀光机电", WANG, "罗建军", "028-85171234", "四川省/成都市/武侯区", "武侯祠大街231号5栋", "西南",
    Place(30.6420, 104.0430),
)  # fmt: skip
JIANGCHENG = Client(
    "武汉江城印务有限公司", "江城印务", CHEN, "熊芳", "027-85661234", "湖北省/武汉市/江汉区", "新华路316号4单元", "华中",
    Place(30.5990, 114.2700), "上门拜访",
)  # fmt: skip
PUJIANG = Client(
    "上海浦江仪器有限公司", "浦江仪器", LIU, "沈怡", "021-58881234", "上海市/浦东新区", "世纪大道1500号9楼", "华东",
    Place(31.2230, 121.5440), "展会", "合资企业",
)  # fmt: skip
XIXI = Client(
    "杭州西溪软件有限公司", "西溪软件", HUANG, "俞斌", "0571-88991234", "浙江省/杭州市/西湖区", "文三路478号B座12楼", "华东",
    Place(30.2790, 120.1200), "老客户",
)  # fmt: skip
HENGTONG = Client(
    "北京恒通物流有限公司", "恒通物流", ZHOU, "马文博", "010-65881234", "北京市/朝阳区", "建国路93号8号楼2单元", "华北",
    Place(39.9087, 116.4600),
)  # fmt: skip
CLIENTS = (HONGYUAN, HUAXIN, YUANHANG, LINGNAN, SHUGUANG, JIANGCHENG, PUJIANG, XIXI, HENGTONG)
