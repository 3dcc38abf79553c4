"""What 更正 must know: the row that is put right, what is to stand in it, who decides (目的 1)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from pydantic import ValidationError

from ledger import corrections, deals, payments, targets, transfers
from ledger.records import Row, Status
from policy.form import Column, Form, columns
from policy.forms import form_named
from policy.forms.correction import MEND, VOID, Correction
from policy.forms.exemption import Exemption
from policy.forms.order import Order
from policy.forms.target import Target
from policy.forms.transfer import Transfer
from policy.posts import DEPARTMENT_MANAGER, SUPERVISION, chain_for
from policy.words import header_key
from validators.context import Context
from validators.facts import CorrectedRow, Facts
from validators.form_rules import Read
from validators.shape import adapter
from validators.stands_in import stands_in_for

#: For forms whose rows are put right in another way: which.
ELSEWHERE = {
    "人员新增": "人员变更", "人员变更": "人员变更", "客户新增": "信息变更", "信息变更": "信息变更",
    "客户申领": "客户转交", "期初客户": "信息变更",
}  # fmt: skip


def form_put_right(facts: Facts) -> type[Form] | None:
    """The form of the row that is put right; None for those that have a sheet of their own for it."""
    row = facts.original.row if facts.original else None
    return form_named(row.form) if row and row.form not in ELSEWHERE and row.form != Correction.sheet else None


def gather(record: Correction, facts: Facts, context: Context) -> Facts:
    """The row that is to be put right, and what is to stand in it."""
    row = context.ask(corrections.numbered, record.receipt_no) if record.receipt_no else None
    if row is None:
        return facts
    found = CorrectedRow(row, voided_by=context.ask(corrections.voided, row.receipt_no), used_by=_used_by(row, context))
    facts = facts.but(stands_in=stands_in_for(context, facts))
    if row.form == Transfer.sheet and row.status is Status.ACCEPTED:
        found = replace(found, followed=transfers.followed(context.book, row))
        if record.action == VOID:
            found = replace(found, restores=transfers.before(context.book, row))
    if row.form == Order.sheet:
        found = replace(found, paid=context.ask(deals.paid, row.receipt_no))
    if row.form == Target.sheet:
        facts = facts.but(aims=context.ask(targets.live, (row.values["name"], row.values["year"])))
    form = form_named(row.form)
    if record.action == MEND and record.column_name and form is not None:
        found = replace(found, column=_column(form, record.column_name))
    if found.column is not None and record.value and form is not None:
        found = _understood(form, found, record.value, facts, context)
    return facts.but(original=found)


def _column(form: type[Form], name: str) -> Column | None:
    wanted = header_key(name)
    fit = (each for each in columns(form) if wanted in map(header_key, (each.header, *each.former)))
    return next((each for each in fit if each.field in form.correctable), None)


def _used_by(row: Row, context: Context) -> str | None:
    return payments.used_by(context.book, str(row.values["serial"])) if row.form == "银行流水" else None


def _understood(form: type[Form], found: CorrectedRow, text: str, facts: Facts, context: Context) -> CorrectedRow:
    """The new value as its column reads it, or what is wrong with it."""
    assert found.column is not None
    column, row = found.column, found.row
    if column.options and text not in column.options:
        return replace(found, trouble=f"“{text}”不在可选范围内：{'、'.join(column.options)}")
    kind = adapter(form, column.field)
    try:
        value = kind.dump_python(kind.validate_python(text), mode="json")
    except ValidationError as error:
        return replace(found, trouble=str(error.errors()[0]["msg"]))
    return replace(found, value=value, trouble=_impossible(row, column.field, value, facts, context))


def _impossible(row: Row, field: str, value: Any, facts: Facts, context: Context) -> str:
    """What the row with its new value could not be."""
    after = {**row.values, field: value}
    if field in ("signed_on", "paid_on", "arrived_on") and date.fromisoformat(value) > facts.today:
        return f"日期 {value} 还没有到"
    if row.form == "日报豁免" and after["start"] > after["end"]:
        return f"开始日期 {after['start']} 晚于结束日期 {after['end']}"
    if field == "order_no":
        order = context.ask(deals.orders, value)
        if order is None or order.status != "accepted" or order.customer_key != row.read.get("customer_key"):
            return f"没有受理号为 {value} 的、这个客户的已生效订单"
    return ""


def shows(record: Correction, facts: Facts) -> Read:
    """What the approver compares, and by whose chain it is decided."""
    found = facts.original
    if found is None:
        return {}
    row, column = found.row, found.column
    now = row.values.get(column.field) if column else None
    return {
        "原表": row.form,
        "原提交人": row.person,
        "原值": _shown(column, now) if column else _whole(row),
        "of_form": row.form,
        "of_person": row.person,
        "chain": list(_chain(record, found, facts)),
        "field": column.field if column else None,
        "from": now,
        "to": found.value,
        **({"restores": list(found.restores)} if found.restores else {}),
    }


def _whole(row: Row) -> str:
    """What is made void, as the approver reads it."""
    if row.form != Transfer.sheet:
        return "（整行）"
    return f"（整行：{row.read['转交客户']}，由{row.read['owner']}转给{row.values['receiver']}）"


def _chain(record: Correction, found: CorrectedRow, facts: Facts) -> tuple[str, ...]:
    """The posts that approved the original, or would have: none where it took effect at once."""
    row = found.row
    if _reaches_back(record, found, facts):
        return (SUPERVISION,)
    person, own = facts.people.get(row.person), row.read.get("chain")
    if own and row.form != Correction.sheet:
        return tuple(own)
    return chain_for(row.form, person, row.values.get("name"), facts.settings.approval) if person else ()


def _reaches_back(record: Correction, found: CorrectedRow, facts: Facts) -> bool:
    """A department manager does not exempt days of long ago alone, by mending an exemption either (销售日报 7(4))."""
    if found.row.form != Exemption.sheet or facts.submitter.post != DEPARTMENT_MANAGER or found.column is None:
        return False
    field, back = found.column.field, timedelta(days=facts.settings.daily_report.retroactive_days)
    if field not in ("start", "end") or found.value is None:
        return False
    return min(date.fromisoformat(found.value), date.fromisoformat(found.row.values[field])) < facts.today - back


def _shown(column: Column, value: Any) -> str:
    if value is None:
        return "（空）"
    return f"{value / 100:,.2f}" if column.kind == "money" else str(value)
