"""The same rows with Frictionless: described, validated against a schema, written to SQLite, its report kept.

python frictionless_peer.py SHARE BOOK.db ANSWERS
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

from frictionless import Resource, Schema
from frictionless.formats.excel import ExcelControl
from frictionless.formats.sql import SqlControl

COMPULSORY = ("客户名称", "客户来源", "门头照片", "客户类型", "联系人", "联系电话", "客户地址", "详细地址", "销售区域")
LISTS = {
    "客户来源": ["转介绍", "展会", "网络推广", "电话拜访", "上门拜访", "广告", "老客户", "其他"],
    "客户类型": ["民营企业", "国有企业", "外资企业", "合资企业", "个体工商户", "政府机关", "事业单位", "其他"],
    "销售区域": ["华东", "华南", "华北", "华中", "西南", "西北", "东北"],
}
PATTERNS = {"联系电话": r"^(1[3-9]\d{9}|0\d{2,3}-?\d{7,8})$", "详细地址": r".*\d.*"}


def schema() -> Schema:
    """The columns of 客户新增; the name is the key."""
    fields: list[dict[str, Any]] = []
    for name in (*COMPULSORY, "销售经理", "共享人员", "证件照片"):
        constraints: dict[str, Any] = {"required": name in COMPULSORY}
        if name in LISTS:
            constraints["enum"] = LISTS[name]
        if name in PATTERNS:
            constraints["pattern"] = PATTERNS[name]
        fields.append({"name": name, "type": "string", "constraints": constraints})
    return Schema.from_descriptor({"fields": fields, "primaryKey": ["客户名称"]})


def main(share: Path, ledger: Path, answers: Path) -> None:
    """Take every workbook: a report of the wrong rows, the good ones stored."""
    answers.mkdir(exist_ok=True)
    rows = wrong = 0
    os.chdir(share)  # it reads only what lies below where it stands
    for source in sorted(Path().glob("*/投递/*.xlsx")):
        resource = Resource(path=source.as_posix(), schema=schema(), control=ExcelControl(sheet="客户新增"))
        report = resource.validate(limit_errors=100_000)
        (answers / f"{source.stem}.json").write_text(report.to_json(), "utf-8")
        errors = {row[0] for row in report.flatten(["rowNumber"]) if row[0]}
        good = Resource(data=[row for row in resource.read_rows() if row.row_number not in errors], schema=schema())
        good.write(f"sqlite:///{ledger.resolve()}", control=SqlControl(table="customers"))
        rows, wrong = rows + report.tasks[0].stats["rows"], wrong + len(errors)
    print(json.dumps({"收下": rows - wrong, "退回": wrong}, ensure_ascii=False))


if __name__ == "__main__":
    main(*(Path(argument).resolve() for argument in sys.argv[1:]))
