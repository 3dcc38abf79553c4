"""Workbooks as people fill them in: no two rows alike, a few of them wrong, the same ones each time."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path

import xlsxwriter

Row = Mapping[str, str]

CUSTOMERS, REPORTS = "客户新增", "销售日报"
HEADERS = {
    CUSTOMERS: (
        "客户名称", "客户来源", "门头照片", "客户类型", "联系人", "联系电话", "客户地址", "详细地址", "销售区域", "销售经理", "共享人员",
        "证件照片",
    ),
    REPORTS: ("日期", "今日工作总结", "明日工作计划"),
}  # fmt: skip

WRONG, AGAIN = 50, 99  #: every so manieth row has a bad phone number, says an earlier row again
_AREAS = (
    ("深圳市", "广东省/深圳市/南山区", "华南"), ("广州市", "广东省/广州市/天河区", "华南"), ("杭州市", "浙江省/杭州市/西湖区", "华东"),
    ("上海", "上海市/浦东新区", "华东"), ("成都市", "四川省/成都市/武侯区", "西南"), ("武汉市", "湖北省/武汉市/江汉区", "华中"),
    ("北京", "北京市/朝阳区", "华北"), ("西安市", "陕西省/西安市/雁塔区", "西北"),
)  # fmt: skip
_TRADES = (
    "电子",
    "贸易",
    "食品",
    "机电",
    "印务",
    "仪器",
    "软件",
    "物流",
    "模具",
    "医疗器械",
    "建材",
    "环保科技",
    "包装",
    "纺织",
)
_STREETS = ("科苑路", "中山大道", "文三路", "世纪大道", "武侯祠大街", "新华路", "建国路", "雁塔南路")
_DID = ("拜访", "回访", "电话联系", "接待", "培训", "送样给")
_ABOUT = (
    "确认二期设备的数量和交期",
    "核对合同付款的节点",
    "演示样机并回答技术问题",
    "了解明年的采购预算",
    "处理上批货的包装破损",
    "约定下次上门的时间",
)
_SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗"


def customers(n: int, seed: int = 1) -> list[Row]:
    """*n* rows of 客户新增 whose photographs are still to come, wrong and repeated ones among them."""
    pick = random.Random(seed)
    made: list[Row] = []
    brands = _brands(pick)
    for number in range(1, n + 1):
        if number % AGAIN == 0:
            made.append(made[-AGAIN // 2])
            continue
        made.append(_customer(next(brands), number, pick, wrong=number % WRONG == 0))
    return made


def names(pick: random.Random) -> Iterator[str]:
    """Names of customers, each another one."""
    for brand in _brands(pick):
        yield f"{pick.choice(_AREAS)[0]}{brand}{pick.choice(_TRADES)}有限公司"


def _brands(pick: random.Random) -> Iterator[str]:
    seen: set[str] = set()
    while True:
        brand = _character(pick) + _character(pick)
        if brand not in seen:
            seen.add(brand)
            yield brand


def _character(pick: random.Random) -> str:
    """One of the 3,755 characters in common use."""
    return bytes((pick.randrange(0xB0, 0xD7), pick.randrange(0xA1, 0xFF))).decode("gb2312")


def _customer(brand: str, number: int, pick: random.Random, *, wrong: bool) -> Row:
    city, area, region = pick.choice(_AREAS)
    phone = f"1{pick.randrange(30, 40)}{pick.randrange(10**8):08d}"
    return {
        "客户名称": f"{city}{brand}{pick.choice(_TRADES)}有限公司",
        "客户来源": pick.choice(("转介绍", "展会", "网络推广", "上门拜访")),
        "门头照片": f"{brand}门头{number}.jpg",
        "客户类型": pick.choice(("民营企业", "国有企业", "外资企业")),
        "联系人": pick.choice(_SURNAMES) + _character(pick),
        "联系电话": phone[:10] if wrong else phone,
        "客户地址": area,
        "详细地址": f"{pick.choice(_STREETS)}{pick.randrange(1, 900)}号{pick.randrange(1, 20)}栋{pick.randrange(101, 3000)}室",
        "销售区域": region,
    }


def wrong_and_again(rows: Sequence[Row]) -> tuple[int, int]:
    """How many of *rows* have a bad phone number, and how many say again what an earlier good row says."""
    good: set[str] = set()
    wrong = again = 0
    for row in rows:
        bad = len(row["联系电话"]) == 10
        wrong += bad
        again += not bad and row["客户名称"] in good
        good |= set() if bad else {row["客户名称"]}
    return wrong, again


def reports(day: date, n: int, seed: int) -> list[Row]:
    """*n* rows of 销售日报 by one person, for *n* days up to *day*."""
    pick = random.Random(seed)
    return [report(day - timedelta(days=back), pick) for back in range(n)]


def report(day: date, pick: random.Random) -> Row:
    """A row of 销售日报."""
    return {"日期": day.isoformat(), "今日工作总结": sentence(pick), "明日工作计划": sentence(pick)}


def sentence(pick: random.Random) -> str:
    """What somebody did, in words that do not come twice."""
    first, second = (f"{_character(pick)}{_character(pick)}{pick.choice(_TRADES)}" for _ in range(2))
    return (
        f"{pick.choice(_DID)}{first}{pick.choice(_SURNAMES)}经理，{pick.choice(_ABOUT)}，对方要 {pick.randrange(2, 90)} 台；"
        f"{pick.choice(_DID)}{second}，{pick.choice(_ABOUT)}。"
    )


def workbook(path: Path, sheets: Mapping[str, Iterable[Row]]) -> Path:
    """A workbook with the columns of its forms."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with xlsxwriter.Workbook(path) as book:
        for name, rows in sheets.items():
            page = book.add_worksheet(name)
            headers = HEADERS.get(name) or tuple(next(iter(rows)))
            page.write_row(0, 0, headers)
            for number, row in enumerate(rows, 1):
                for column, header in enumerate(headers):
                    if row.get(header):
                        page.write_string(number, column, row[header])
    return path
