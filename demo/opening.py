"""What the company had before the book: a customer with an order that still brings money, and one in the pool (期初客户)."""

from __future__ import annotations

from datetime import date

from demo.people import CHEN, Row

_USUAL: Row = {"客户来源": "老客户", "客户类型": "民营企业"}

OPENING_ROWS: tuple[Row, ...] = (
    {
        **_USUAL, "客户名称": "长沙湘江食品机械有限公司", "联系人": "彭志勇", "联系电话": "0731-85551234", "客户地址": "湖南省/长沙市/岳麓区",
        "详细地址": "麓谷大道627号2栋305室", "销售区域": "华中", "销售经理": CHEN, "客户状态": "跟进中", "最近跟进日期": date(2026, 10, 28),
        "合同编号": "XJ-2026-066", "成交日期": date(2026, 8, 3), "成交金额": 96_000, "未收金额": 48_000,
    },
    {
        **_USUAL, "客户名称": "天津津港包装制品有限公司", "联系人": "孟祥林", "联系电话": "022-65551234", "客户地址": "天津市/滨海新区",
        "详细地址": "第三大街16号2号楼8层", "销售区域": "华北", "客户状态": "公海",
    },
)  # fmt: skip
