"""Templates and personal workbooks, kept up to date in everybody's 模板 folder."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime, timedelta

from ledger import customers, deliveries, visits
from ledger.journal import canonical
from ledger.records import Customer, Person
from outbox.templates.template import Section, render_personal_workbook, render_template
from policy.clauses import cite
from policy.form import Form, columns
from policy.forms import FORMS
from policy.posts import SALESPERSON, may_submit
from processors.recycling import Countdown
from service.company import Service
from service.recycling import stands_on

PERSONAL = "个人工作簿.xlsx"
_MADE = datetime(2026, 1, 1)  # templates of one version are the same to the byte, whenever they are made

_LOOK = 1  # to be raised when templates are drawn differently: everybody gets new ones

CHECK_LIST = (
    "回顾客户拜访历史，明确本次拜访目的〔客户拜访 5.1(1)〕",
    "准备好拜访的话题和方法〔客户拜访 5.1(2)〕",
    "着装整洁，展示良好的个人和企业形象〔客户拜访 5.1(3)〕",
    "带齐宣传资料、名片、笔记本和笔〔客户拜访 5.1(4)〕",
    "打开手机相机的定位，到达现场后拍照，保留原图〔客户拜访 5.2(3)〕",
)


def forms_for(person: Person) -> tuple[type[Form], ...]:
    """The forms that this person's post may submit."""
    return tuple(form for form in FORMS if may_submit(person.post, form.submitters))


def deliver_templates(service: Service, now: datetime) -> int:
    """Queue the templates that are missing or older than the present lists; inside a transaction."""
    people = [person for person in service.people(now.date()).values() if person.active_on(now.date())]
    lists = service.settings.as_of(now.date()).lists.model_dump()
    versions = {form: _version([form], lists) for form in FORMS}  # once for all: this is asked at every batch
    made: dict[type[Form], bytes] = {}  # the same for everybody: rendered once
    queued = sum(
        _template(service, person, form, versions[form], made, now) for person in people for form in forms_for(person)
    )
    newcomers = [person for person in people if _latest(service, person, PERSONAL) is None]
    return queued + deliver_personal(service, newcomers, now)


def _latest(service: Service, person: Person, name: str) -> str | None:
    return deliveries.latest_cause(service.book, person.name, service.settings.folders.templates, name)


def _template(
    service: Service, person: Person, form: type[Form], version: str, made: dict[type[Form], bytes], now: datetime
) -> int:
    name, cause = f"{form.sheet}.xlsx", f"template:{version}"
    if _latest(service, person, name) == cause:
        return 0
    if form not in made:
        lists = service.settings.as_of(now.date()).lists.model_dump()
        made[form] = render_template(form, lists, _MADE, version=version, cite=cite)
    _queue(service, person, name, made[form], cause, now)
    return 1


def _version(forms: Iterable[type[Form]], lists: object) -> str:
    told = [[form.about, *(vars(column) for column in columns(form))] for form in forms]
    said = canonical([_LOOK, told, lists])
    return hashlib.sha256(said.encode()).hexdigest()[:8]


def _queue(service: Service, person: Person, name: str, data: bytes, cause: str, now: datetime) -> None:
    folder, sha256 = service.settings.folders.templates, service.outbox.lay_out(data)
    service.book.post([deliveries.queue(service.book, person.name, folder, name, sha256, cause)], now)


def deliver_personal(service: Service, people: Collection[Person], now: datetime) -> int:
    """Queue the personal workbooks whose content has changed; gives how many.  Inside a transaction."""
    lists, queued = service.settings.as_of(now.date()).lists.model_dump(), 0
    stands = {each.customer.id: each for each in stands_on(service, now.date())} if people else {}
    for person in people:
        forms = forms_for(person)
        if not forms:
            continue
        sections = _sections(service, person, stands, now.date())
        said = canonical([_version(forms, lists), [[list(map(str, row)) for row in part.rows] for part in sections]])
        cause = "personal:" + hashlib.sha256(said.encode()).hexdigest()[:12]
        if _latest(service, person, PERSONAL) == cause:
            continue
        data = render_personal_workbook(
            forms, sections, lists, _MADE, version=_version(forms, lists), cite=cite, check_list=CHECK_LIST
        )
        _queue(service, person, PERSONAL, data, cause, now)
        queued += 1
    return queued


def _sections(service: Service, person: Person, stands: Mapping[int, Countdown], today: date) -> tuple[Section, ...]:
    own = customers.customers_of(service.book, person.name)
    if person.post != SALESPERSON:
        return ()
    return (_my_customers(service, own, stands), _history(service, own), _pool(service, person, today))


def _my_customers(service: Service, own: list[Customer], stands: Mapping[int, Countdown]) -> Section:
    """Every customer's last purpose and days left before recycling (客户拜访 5.1(1))."""
    rows = []
    for customer in own:
        last, stand = visits.last_visit(service.book, customer.id), stands.get(customer.id)
        rows.append((
            customer.name, customer.owner or "", customer.contact, customer.phone, _address(customer),
            customer.acquired_on, customer.last_followed_on, stand.days_left if stand else None,
            stand.exempt if stand else "", last["purpose"] if last else "", (last["next_purpose"] or "") if last else "",
        ))  # fmt: skip
    headers = (
        "客户名称", "归属", "联系人", "联系电话", "客户地址", "获得日期", "最近跟进", "剩余天数", "保留原因", "上次拜访目的",
        "下次拜访目的",
    )  # fmt: skip
    widths = (26, 10, 10, 16, 34, 12, 12, 9, 24, 26, 26)
    return Section("我的客户", headers, tuple(rows), widths, ("剩余天数：再过这些天没有跟进，客户将回到公海。",))


def _address(customer: Customer) -> str:
    return "".join(dict.fromkeys((customer.province, customer.city, customer.district))) + customer.address


def _history(service: Service, own: list[Customer]) -> Section:
    """The visits to one's customers that were approved, newest first (客户拜访 5.1(1))."""
    rows = tuple(
        (_minute(visit["visited_at"]), customer.name, visit["salesperson"], visit["met"], visit["purpose"], visit["content"],
         visit["next_purpose"] or "")
        for customer in own for visit in visits.visits_to(service.book, customer.id)
    )  # fmt: skip
    headers = ("拜访时间", "客户名称", "拜访人", "拜访对象", "拜访目的", "拜访记录", "下次拜访目的")
    return Section("拜访历史", headers, rows, (18, 26, 10, 12, 26, 48, 26))


def _minute(moment: str | None) -> str:
    """A moment as people write it: without zone and seconds."""
    return f"{datetime.fromisoformat(moment):%Y-%m-%d %H:%M}" if moment else ""


def _pool(service: Service, person: Person, today: date) -> Section:
    """The pool, with the day from which this person may claim a customer (客户申领 4)."""
    days = service.settings.as_of(today).claim.cooldown_days
    rows = tuple(
        (customer.name, customer.type, customer.region, _address(customer), customer.pooled_on,
         customer.pooled_on + timedelta(days=days) if customer.previous_owner == person.name and customer.pooled_on else None)
        for customer in customers.pool(service.book)
    )  # fmt: skip
    headers = ("客户名称", "客户类型", "销售区域", "客户地址", "进入公海日期", "本人可申领日期")
    note = "先到先得；“本人可申领日期”空着的，现在就可以申领。"
    return Section("公海客户", headers, rows, (26, 12, 10, 36, 14, 16), (note,))
