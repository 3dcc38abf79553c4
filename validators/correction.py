"""Rules of 更正: which row may be put right, by whom, in which column, to what (目的 1)."""

from __future__ import annotations

from collections.abc import Iterator

from ledger.records import Row, Status
from ledger.targets import NUMBERS, Aimed
from policy.form import columns
from policy.forms.charge import Charge
from policy.forms.correction import MEND, VOID, Correction
from policy.forms.target import Target
from policy.periods import MONTHLY, period_of
from policy.posts import SUPERVISION
from validators.facts import Facts
from validators.form_rules import FormRules
from validators.put_right import ELSEWHERE, form_put_right, gather, shows
from validators.rule import FLAG, REFUSE, Rule, Values, rule
from validators.sums import REMEDY, SAYS, sums_that_differ
from validators.words import too_short


@rule(
    "correction.row.known", clause="purpose.1", column="受理号", severity=REFUSE, reads=("receipt_no",),
    says="没有受理号为 {number} 的内容", remedy="请核对受理号；它写在那一行的回执上",
)  # fmt: skip
def row_is_known(correction: Correction, facts: Facts) -> Iterator[Values]:
    """What is put right stands in the book."""
    if facts.original is None:
        yield {"number": correction.receipt_no}


@rule(
    "correction.row.own_kind", clause="purpose.1", column="受理号", severity=REFUSE, reads=("receipt_no",),
    says="{number} 本身是一项更正，不能再更正", remedy="请对原来那一行（受理号 {of}）再投递一次“更正”",
)  # fmt: skip
def row_is_no_correction(correction: Correction, facts: Facts) -> Iterator[Values]:
    """A correction is put right by another one of the same row."""
    if facts.original and facts.original.row.form == Correction.sheet:
        yield {"number": correction.receipt_no, "of": facts.original.row.values.get("receipt_no")}


@rule(
    "correction.row.form", clause="purpose.1", column="受理号", severity=REFUSE, reads=("receipt_no",),
    says="“{form}”不在这里更正", remedy="请用“{instead}”改回正确的内容",
)  # fmt: skip
def row_is_of_a_correctable_form(correction: Correction, facts: Facts) -> Iterator[Values]:
    """People and customers have sheets of their own for what changes."""
    if facts.original and facts.original.row.form in ELSEWHERE:
        form = facts.original.row.form
        yield {"form": form, "instead": ELSEWHERE[form]}


@rule(
    "correction.row.standing", clause="purpose.1", column="受理号", severity=REFUSE, reads=("receipt_no",),
    says="受理号 {number} {why}", remedy="请{way}",
)  # fmt: skip
def row_has_taken_effect(correction: Correction, facts: Facts) -> Iterator[Values]:
    """What has not taken effect needs no correction; what was made void cannot be put right."""
    if facts.original is None:
        return
    if facts.original.voided_by:
        way = "重新投递一行"
        yield {"number": correction.receipt_no, "why": f"已由受理号 {facts.original.voided_by} 作废", "way": way}
    elif not _is_a_ruling(facts.original.row) and (words := _NOT_IN_EFFECT.get(facts.original.row.status)) is not None:
        yield {"number": correction.receipt_no, "why": words[0], "way": words[1]}


def _is_a_ruling(row: Row) -> bool:
    """What 企管部 has decided on a day counts either way: 不计 is no row that came back."""
    return row.form == Charge.sheet and row.decided_by is not None


_NOT_IN_EFFECT = {
    Status.PENDING: ("还在审批，没有生效", "改好原表直接再投递，会替换原来的一行"),
    Status.WAITING: ("还在等照片，没有生效", "改好原表直接再投递，会替换原来的一行"),
    Status.REJECTED: ("已被退回，没有生效", "改好原表再投递"),
    Status.SUPERSEDED: ("已被替换", "更正替换它的那一行"),
}


@rule(
    "correction.row.mine", clause="purpose.1", column="受理号", severity=REFUSE, reads=("receipt_no",),
    says="受理号 {number} 是{person}提交的，不能由您更正", remedy="请由{person}、当时的审批人或企管部提交更正；{person}已离职或不在岗的，由其部门经理（没有的由销售经理）提交",
)  # fmt: skip
def row_is_ones_own(correction: Correction, facts: Facts) -> Iterator[Values]:
    """Who may: the one who handed it in, or their manager where they cannot, the one who decided it, and 企管部."""
    if facts.original is None:
        return
    row, me = facts.original.row, facts.submitter
    if me.post != SUPERVISION and me.name not in (row.person, row.decided_by) and row.person not in facts.stands_in:
        yield {"number": correction.receipt_no, "person": row.person}


@rule(
    "correction.row.used", clause="purpose.1", column="受理号", severity=REFUSE, reads=("receipt_no",),
    says="受理号 {number} 的银行流水已用于确认受理号 {used_by}", remedy="请先更正或作废受理号 {used_by} 的回款",
)  # fmt: skip
def bank_line_is_unused(correction: Correction, facts: Facts) -> Iterator[Values]:
    """A line that confirms a payment stays until the payment is put right."""
    if facts.original and facts.original.used_by:
        yield {"number": correction.receipt_no, "used_by": facts.original.used_by}


@rule(
    "correction.row.paid", clause="purpose.1", column="受理号", severity=FLAG, reads=("receipt_no", "action"),
    says="受理号 {number} 的订单已有回款 {paid:,.2f} 元（受理号 {payments}）",
    remedy="作废之后，请用“更正”把这些回款的“订单受理号”改到另一个订单；由审批人核实",
)  # fmt: skip
def void_order_is_unpaid(correction: Correction, facts: Facts) -> Iterator[Values]:
    """Money that was received stays received: whoever makes its order void should say what it was for."""
    paid = facts.original.paid if facts.original else {}
    if correction.action == VOID and paid:
        yield {"number": correction.receipt_no, "paid": sum(paid.values()) / 100, "payments": "、".join(sorted(paid))}


@rule(
    "correction.row.followed", clause="purpose.1", column="受理号", severity=REFUSE, reads=("receipt_no",),
    says="受理号 {number} 转交的客户已经有人接着办理：{what}", remedy="不能再更正或作废；请由现在的归属人用“客户转交”交回，或交给对的人",
)  # fmt: skip
def transfer_is_not_followed(correction: Correction, facts: Facts) -> Iterator[Values]:
    """What others have built on a transfer is not pulled away from under them."""
    if facts.original and facts.original.followed:
        yield {"number": correction.receipt_no, "what": facts.original.followed}


@rule(
    "correction.column.given", clause="purpose.1", column="列", severity=REFUSE, reads=("action", "column_name", "value"),
    says="更正没有写明“{what}”", remedy="请填写要改的列和新值；整行都不对的，处理选“作废”",
)  # fmt: skip
def column_and_value_are_given(correction: Correction, facts: Facts) -> Iterator[Values]:
    """Putting right needs a place and a value."""
    if correction.action == MEND:
        for what, given in (("列", correction.column_name), ("新值", correction.value)):
            if not given:
                yield {"what": what, "column": what}


@rule(
    "correction.column.known", clause="purpose.1", column="列", severity=REFUSE, reads=("action", "column_name"),
    says="“{form}”的“{name}”不能更正", remedy="可以更正的列有{may}，其余请作废后重新投递",
)  # fmt: skip
def column_may_be_corrected(correction: Correction, facts: Facts) -> Iterator[Values]:
    """Whose row it is and which pictures prove it is never put right: then the row is void."""
    form = form_put_right(facts)
    if correction.action == MEND and correction.column_name and form and facts.original and not facts.original.column:
        may = "、".join(each.header for each in columns(form) if each.field in form.correctable) or "没有"
        yield {"form": form.sheet, "name": correction.column_name, "may": may}


@rule(
    "correction.value.right", clause="purpose.1", column="新值", severity=REFUSE, reads=("action", "value"),
    says="新值不合要求：{words}", remedy="请按原表这一列的要求填写新值",
)  # fmt: skip
def value_is_of_its_kind(correction: Correction, facts: Facts) -> Iterator[Values]:
    """The new value is held to what its column asks for."""
    if facts.original and facts.original.trouble:
        yield {"words": facts.original.trouble}


@rule(
    "correction.value.new", clause="purpose.1", column="新值", severity=REFUSE, reads=("action", "value"),
    says="新值与现在的内容相同，没有要更正的", remedy="请核对；现在的内容见那一行的回执和“更正”的审批结果",
)  # fmt: skip
def value_is_another(correction: Correction, facts: Facts) -> Iterator[Values]:
    """What stands there already need not be approved again."""
    known = facts.original
    if known and known.column and not known.trouble and known.value == known.row.values.get(known.column.field):
        yield {}


@rule(
    "correction.value.sum", clause="target.11", column="新值", severity=FLAG, reads=("action", "value"),
    says=f"更正之后，{SAYS}", remedy=REMEDY,
)  # fmt: skip
def targets_still_add_up(correction: Correction, facts: Facts) -> Iterator[Values]:
    """A target that is put right is held against the person's others like a new one."""
    known = facts.original
    if known is None or known.row.form != Target.sheet or known.column is None or known.trouble or known.value is None:
        return
    after = {**known.row.values, known.column.field: known.value}
    span = period_of(after.get("period") or MONTHLY, after["year"], after["month"])
    if span is not None:
        own = Aimed("", span.kind, span.number, *(after.get(name) for name in NUMBERS))
        yield from sums_that_differ(after["name"], span, own, facts.aims)


@rule(
    "correction.reason.substantial", clause="purpose.1", column="原因", severity=REFUSE, reads=("reason",),
    says="原因只有 {length} 个字，看不出为什么要改", remedy="请写清原因，至少 {least} 个字",
)  # fmt: skip
def reason_is_substantial(correction: Correction, facts: Facts) -> Iterator[Values]:
    """Whoever approves must be able to judge it."""
    yield from too_short(correction.reason, facts.settings.text.min_purpose)


RULES: tuple[Rule, ...] = (
    row_is_known, row_is_no_correction, row_is_of_a_correctable_form, row_has_taken_effect, row_is_ones_own,
    bank_line_is_unused, void_order_is_unpaid, transfer_is_not_followed, column_and_value_are_given, column_may_be_corrected, value_is_of_its_kind, value_is_another,
    targets_still_add_up, reason_is_substantial,
)  # fmt: skip


CORRECTION = FormRules(Correction, RULES, gather, shows)
