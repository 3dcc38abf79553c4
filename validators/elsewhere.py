"""What other branches of the group know of a row: its pictures, its customer, its person (客户拜访 5.2(3), 目的 1, 人员新增 10).

These are flags and never refusals: the other book is a copy of some hours ago, and its branch may be right.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ledger import branches
from ledger.branches import Said
from ledger.records import Finding, Photo, Severity
from policy.form import Form, columns
from policy.forms.customer import NewCustomer
from policy.forms.customer_change import CustomerChange
from policy.forms.opening import OpeningCustomer
from policy.forms.person import NewPerson
from policy.words import fold
from validators.context import Context

_NAMES: Mapping[type[Form], str] = {NewCustomer: "name", OpeningCustomer: "name", CustomerChange: "new_name"}


def elsewhere(
    form: type[Form], record: Any, pictures: Mapping[str, tuple[Photo, ...]], context: Context
) -> tuple[Finding, ...]:
    """Everything that the group's other books say against a row, and which of them could not be asked."""
    if not context.book.branches:
        return ()
    found = (*_photos(form, pictures, context), *_customer(form, record, context), *_person(form, record, context))
    asked = bool(pictures and any(pictures.values())) or form in _NAMES or form is NewPerson
    return (*found, *(_unheard(form, context) if asked else ()))


def _photos(form: type[Form], pictures: Mapping[str, tuple[Photo, ...]], context: Context) -> Iterator[Finding]:
    headers = {column.field: column.header for column in columns(form)}
    for field, photos in pictures.items():
        for photo in photos:
            keys = [key for key in (photo.facts.sha256, photo.facts.pixel_hash) if key]
            answers = (each for key in keys for each in context.ask(branches.photo_elsewhere, key))
            for use in _one_a_branch(answers):
                words = f"“{photo.name}”已在{use.branch}由 {use.person} 在 {use.at[:10]} 用于受理号 {use.receipt_no}"
                remedy = "每张照片在全集团只能用一次；由审批人与该分公司核实"
                yield Finding("group.photo.used", "visit.5.2.3", Severity.FLAG, headers[field], words, remedy)


def _customer(form: type[Form], record: Any, context: Context) -> Iterator[Finding]:
    name = getattr(record, _NAMES[form], None) if form in _NAMES else None
    for said in _one_a_branch(context.ask(branches.customer_elsewhere, fold(name))) if name else ():
        words = f"{said.branch}也有“{name}”，归属：{said.person or '公海'}"
        remedy = "由审批人与该分公司商定由谁跟进；同一公司的另一家门店请写明店名"
        header = next(column.header for column in columns(form) if column.field == _NAMES[form])
        yield Finding("group.customer.owned", "purpose.1", Severity.FLAG, header, words, remedy)


def _person(form: type[Form], record: Any, context: Context) -> Iterator[Finding]:
    phone = record.phone if form is NewPerson else None
    for said in _one_a_branch(context.ask(branches.phone_elsewhere, phone)) if phone else ():
        words = f"手机号码 {phone} 在{said.branch}登记给 {said.person}，还在职"
        yield Finding(
            "group.person.registered", "person.10", Severity.FLAG, "手机号码", words,
            "一个人只在一家分公司的名册里：已经调动的，请那边登记离职",
        )  # fmt: skip


def _one_a_branch(said: Iterator[Said] | tuple[Said, ...]) -> list[Said]:
    return list({each.branch: each for each in reversed(list(said))}.values())


def _unheard(form: type[Form], context: Context) -> Iterator[Finding]:
    for branch, _why in sorted(context.book.branches.unheard().items()):
        yield Finding(
            "group.unknown", form.clause, Severity.NOTE, "", f"{branch}的账本现在读不到，这一行没有与它核对",
            "无需处理，不影响这一行",
        )  # fmt: skip
