"""What the software reads itself: the salesperson, the place, the time, the punctuality (客户拜访 5.2(1)(4)(5))."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from policy.deadlines import day_end, due, review_due
from policy.form import Form
from policy.forms.claim import Claim
from policy.forms.customer import NewCustomer
from policy.forms.customer_change import CustomerChange
from policy.forms.daily_report import DailyReport
from policy.forms.order import Order
from policy.forms.payment import Payment
from policy.forms.person import NewPerson
from policy.forms.transfer import Transfer
from policy.forms.visit import Visit
from policy.forms.visit_plan import VisitPlan
from policy.words import fold
from validators.differences import differences, located
from validators.facts import Facts

Read = dict[str, Any]


def _of_customer(record: Any, facts: Facts) -> Read:
    front = located(facts.photos_of("front_photos"))
    return {
        "门头照片位置": str(front.facts.place) if front and front.facts.place else "",
        "lat": front.facts.lat if front else None,
        "lon": front.facts.lon if front else None,
        "area": vars(facts.area) if facts.area else None,
        "owner": record.owner or facts.submitter.name,
        "name_key": fold(record.name) if record.name else "",
    }


def _of_named_customer(record: Any, facts: Facts) -> Read:
    """The folded name by which a row finds its customer, the present one if it was typed with a former one."""
    if facts.customer is not None:
        return {"customer_key": facts.customer.name_key}
    return {"customer_key": fold(record.customer) if record.customer else ""}


def _of_order(record: Any, facts: Facts) -> Read:
    return {
        **_of_named_customer(record, facts),
        "contract_key": fold(record.contract_no) if record.contract_no else "",
        "合同照片页数": str(len(facts.photos_of("contract_photos"))),
    }


def _of_transfer(record: Any, facts: Facts) -> Read:
    moving = facts.move.customers
    return {
        "转交客户": "、".join(customer.name for customer in moving),
        "owner": facts.move.owner,
        "moving": [customer.id for customer in moving],
    }


def _of_change(record: Any, facts: Facts) -> Read:
    """What would become different, field by field; and the same in words for the approver."""
    changes = differences(record, facts)
    before = facts.customer
    words = [
        f"{word}：{_shown(getattr(before, name, None))} → {_shown(changes[name])}"
        for name, word in FIELD_WORDS.items()
        if name in changes
    ]
    return {**_of_named_customer(record, facts), "变更内容": "；".join(words), "changes": changes}


def _shown(value: Any) -> str:
    return "、".join(value) if isinstance(value, (tuple, list)) else str(value if value is not None else "（空）")


FIELD_WORDS = {
    "name": "客户名称", "source": "客户来源", "type": "客户类型", "contact": "联系人", "phone": "联系电话", "province": "省",
    "city": "市", "district": "区", "address": "详细地址", "region": "销售区域", "shared": "共享人员", "lat": "门头位置",
}  # fmt: skip


def _of_visit(record: Any, facts: Facts) -> Read:
    photos = facts.photos_of("photos")
    times = [photo.facts.taken_at for photo in photos if photo.facts.taken_at]
    placed = located(photos)
    return {
        "销售经理": facts.submitter.name,
        "客户办公地点": str(placed.facts.place) if placed and placed.facts.place else "",
        "拜访时间": f"{min(times):%Y-%m-%d %H:%M}" if times else "",
        "visited_at": min(times).isoformat(timespec="seconds") if times else "",
        **_of_named_customer(record, facts),
    }


def _of_report(record: Any, facts: Facts) -> Read:
    if record.date is None:
        return {}
    limit = review_due(record.date, facts.settings, facts.now.tzinfo)
    return {"punctuality": _punctuality(record.date, facts), "review_due": limit.isoformat()}


def _punctuality(day: date, facts: Facts) -> str:
    if facts.now <= due(day, facts.settings, facts.now.tzinfo):
        return "on_time"
    return "late" if facts.now < day_end(day, facts.settings, facts.now.tzinfo) else "missing"


def _of_person(record: Any, facts: Facts) -> Read:
    if record.name is None or record.phone is None:
        return {}
    return {"register_name": register_name(record.name, record.phone, namesake=facts.namesake)}


def register_name(name: str, phone: str, *, namesake: bool) -> str:
    """The name in register and folder: two people of one name carry the last four digits of their phones."""
    return f"{name}{phone[-4:]}" if namesake else name


_READ: Mapping[type[Form], Callable[[Any, Facts], Read]] = {
    NewCustomer: _of_customer,
    Visit: _of_visit,
    DailyReport: _of_report,
    NewPerson: _of_person,
    VisitPlan: _of_named_customer,
    Claim: _of_named_customer,
    Order: _of_order,
    Payment: _of_named_customer,
    Transfer: _of_transfer,
    CustomerChange: _of_change,
}


def read_by_software(form: type[Form], record: Form, facts: Facts) -> Read:
    """What the software knows about a row besides its cells; Chinese keys are shown to the approver."""
    read = _READ.get(form)
    return read(record, facts) if read else {}
