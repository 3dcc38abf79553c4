"""What the software reads itself: the salesperson, the place, the time, the punctuality (客户拜访 5.2(1)(4)(5))."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from ledger.records import Photo
from policy.deadlines import day_end, due, review_due
from policy.form import Form
from policy.forms.customer import NewCustomer
from policy.forms.daily_report import DailyReport
from policy.forms.person import NewPerson
from policy.forms.visit import Visit
from policy.words import fold
from validators.facts import Facts

Read = dict[str, Any]


def _located(photos: tuple[Photo, ...]) -> Photo | None:
    return next((photo for photo in photos if photo.facts.lat is not None), None)


def _of_customer(record: Any, facts: Facts) -> Read:
    front = _located(facts.photos_of("front_photos"))
    return {
        "门头照片位置": str(front.facts.place) if front and front.facts.place else "",
        "lat": front.facts.lat if front else None,
        "lon": front.facts.lon if front else None,
        "area": vars(facts.area) if facts.area else None,
        "owner": record.owner or facts.submitter.name,
        "name_key": fold(record.name) if record.name else "",
    }


def _of_visit(record: Any, facts: Facts) -> Read:
    photos = facts.photos_of("photos")
    times = [photo.facts.taken_at for photo in photos if photo.facts.taken_at]
    located = _located(photos)
    return {
        "销售经理": facts.submitter.name,
        "客户办公地点": str(located.facts.place) if located and located.facts.place else "",
        "拜访时间": f"{min(times):%Y-%m-%d %H:%M}" if times else "",
        "visited_at": min(times).isoformat(timespec="seconds") if times else "",
        "customer_key": fold(record.customer) if record.customer else "",
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
}


def read_by_software(form: type[Form], record: Form, facts: Facts) -> Read:
    """What the software knows about a row besides its cells; Chinese keys are shown to the approver."""
    read = _READ.get(form)
    return read(record, facts) if read else {}
