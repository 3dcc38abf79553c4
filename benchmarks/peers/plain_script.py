"""The same job as a competent user writes it: pandas, pydantic, sqlite-utils, openpyxl.

    python plain_script.py SHARE BOOK.db ANSWERS

Every workbook below SHARE is read, its rows checked, looked up among those known, stored, and answered with a result workbook.
Nothing is archived, nothing survives a kill, nobody approves anything.
"""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

import pandas as pd
from pydantic import AfterValidator, BaseModel, Field, ValidationError
from sqlite_utils import Database

_PHONE = re.compile(r"1[3-9]\d{9}|0\d{2,3}-?\d{7,8}")


def _phone(text: str) -> str:
    if not _PHONE.fullmatch(text):
        raise ValueError("不是有效的手机或座机号码")
    return text


def _area(text: str) -> str:
    if not 2 <= len([part for part in text.split("/") if part]) <= 3:
        raise ValueError("应写成 省/市/区")
    return text


def _door(text: str) -> str:
    if not re.search(r"\d", text):
        raise ValueError("没有门牌号")
    return text


class Customer(BaseModel):
    """A row of 客户新增."""

    name: Annotated[str, Field(alias="客户名称", min_length=4)]
    source: Annotated[
        Literal["转介绍", "展会", "网络推广", "电话拜访", "上门拜访", "广告", "老客户", "其他"], Field(alias="客户来源")
    ]
    photos: Annotated[str, Field(alias="门头照片", min_length=1)]
    type: Annotated[
        Literal["民营企业", "国有企业", "外资企业", "合资企业", "个体工商户", "政府机关", "事业单位", "其他"],
        Field(alias="客户类型"),
    ]
    contact: Annotated[str, Field(alias="联系人", min_length=1)]
    phone: Annotated[str, AfterValidator(_phone), Field(alias="联系电话")]
    area: Annotated[str, AfterValidator(_area), Field(alias="客户地址")]
    address: Annotated[str, AfterValidator(_door), Field(alias="详细地址")]
    region: Annotated[Literal["华东", "华南", "华北", "华中", "西南", "西北", "东北"], Field(alias="销售区域")]


class Report(BaseModel):
    """A row of 销售日报."""

    day: Annotated[date, Field(alias="日期")]
    summary: Annotated[str, Field(alias="今日工作总结", min_length=10)]
    plan: Annotated[str, Field(alias="明日工作计划", min_length=5)]


FORMS: dict[str, tuple[type[BaseModel], str, tuple[str, ...]]] = {
    "客户新增": (Customer, "customers", ("name",)),
    "销售日报": (Report, "reports", ("person", "day")),
}


def take(source: Path, book: Database, answers: Path) -> Counter[str]:
    """One workbook: read, checked, stored, answered."""
    told: Counter[str] = Counter()
    target = answers / f"回执_{source.parent.parent.name}_{source.name}"
    with pd.ExcelWriter(target, engine="openpyxl") as writer:
        for sheet, frame in pd.read_excel(source, sheet_name=None, dtype=str, engine="openpyxl").items():
            if sheet not in FORMS:
                continue
            results, good = check(frame, str(sheet), source.parent.parent.name, book)
            _model, table, key = FORMS[str(sheet)]
            with book.conn:
                book.table(table).upsert_all(good, pk=key)
            frame.insert(0, "结果", [result for result, _why in results])
            frame.insert(1, "说明", [why for _result, why in results])
            frame.to_excel(writer, sheet_name=str(sheet), index=False)
            told.update(result for result, _why in results)
    return told


def check(
    frame: pd.DataFrame, sheet: str, person: str, book: Database
) -> tuple[list[tuple[str, str]], list[dict[str, Any]]]:
    """(结果, 说明) of every row, and the records to be stored."""
    model, table, key = FORMS[sheet]
    known = known_keys(book, table, key)
    results: list[tuple[str, str]] = []
    good: list[dict[str, Any]] = []
    for row in frame.fillna("").to_dict("records"):
        try:
            record = {"person": person, **model.model_validate(row).model_dump(mode="json")}
        except ValidationError as error:
            results.append(("退回", "；".join(f"{each['loc'][0]}：{each['msg']}" for each in error.errors())))
            continue
        identity = tuple(record[name] for name in key)
        results.append(("重复", "已登记") if identity in known else ("收下", ""))
        if identity not in known:
            known.add(identity)
            good.append(record)
    return results, good


def known_keys(book: Database, table: str, key: tuple[str, ...]) -> set[tuple[str, ...]]:
    """What the book holds already."""
    if not book[table].exists():
        return set()
    return set(book.execute(f"SELECT {', '.join(key)} FROM {table}").fetchall())


def main(share: Path, ledger: Path, answers: Path) -> None:
    """Take everything, and say how many rows became what."""
    answers.mkdir(exist_ok=True)
    book, told = Database(ledger), Counter[str]()
    for source in sorted(share.glob("*/投递/*.xlsx")):
        told += take(source, book, answers)
    book.close()
    print(json.dumps(told, ensure_ascii=False))


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
