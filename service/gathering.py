"""The ledger's answers for one row, gathered before its rules are asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from intake.place.names import parse_area
from ledger import customers, photos, plans, rows
from ledger.book import Book
from ledger.people import namesakes, people_on
from ledger.records import Photo
from policy.form import Form
from policy.forms.claim import Claim
from policy.forms.customer import NewCustomer
from policy.forms.customer_change import CustomerChange
from policy.forms.daily_report import DailyReport
from policy.forms.order import Order
from policy.forms.payment import Payment
from policy.forms.person import NewPerson
from policy.forms.person_change import PersonChange
from policy.forms.transfer import Transfer
from policy.forms.visit import Visit
from policy.forms.visit_plan import VisitPlan
from policy.words import fold
from service.context import Context, key_text
from service.gathering_customers import (
    for_change,
    for_claim,
    for_order,
    for_payment,
    for_transfer,
    lookalikes,
    named_customer,
)
from validators.facts import EarlierText, Facts, Lookalike


def facts_for(form: type[Form], record: Any, pictures: Mapping[str, tuple[Photo, ...]], context: Context) -> Facts:
    """Everything that the rules of *form* may ask about *record*."""
    facts = Facts(
        now=context.now,
        settings=context.settings,
        submitter=context.submitter,
        people=people_on(context.book, context.now.date()),
        photos={field: tuple(_with_uses(photo, context) for photo in found) for field, found in pictures.items()},
    )
    gather = _GATHER.get(form)
    return gather(record, facts, context) if gather else facts


def _with_uses(photo: Photo, context: Context) -> Photo:
    bits = context.settings.photos.similar_bits
    return replace(photo, uses=photos.uses(context.book, photo.facts, near_bits=bits, besides=context.receipt_no))


def _for_person(record: NewPerson, facts: Facts, context: Context) -> Facts:
    if record.name is None or record.phone is None:
        return facts
    others = namesakes(context.book, record.name)
    on_sheet = (context.same_sheet_names or {}).get(fold(record.name), 1)
    return replace(
        facts,
        registered=any(other.phone == record.phone for other in others),
        namesake=bool(others) or on_sheet > 1,
        phone_owner=_phone_owner(record.phone, facts),
    )


def _for_person_change(record: PersonChange, facts: Facts, context: Context) -> Facts:
    held = {record.name: customers.held_by(context.book, record.name)} if record.name else {}
    return replace(facts, phone_owner=_phone_owner(record.phone, facts), held=held)


def _phone_owner(phone: str | None, facts: Facts) -> str | None:
    """Who has this phone and is, or will be, here."""
    here = (person for person in facts.people.values() if person.left_on is None or person.left_on > facts.today)
    return next((person.name for person in here if phone and person.phone == phone), None)


def _for_customer(record: NewCustomer, facts: Facts, context: Context) -> Facts:
    owner = record.owner or context.submitter.name
    facts = replace(
        facts,
        held={owner: customers.held_by(context.book, owner, context.receipt_no)},
        area=parse_area(record.area) if record.area else None,
    )
    if record.name is None:
        return facts
    key = fold(record.name)
    taken = customers.customer_named(context.book, key)
    waiting = customers.awaiting_approval(context.book, key)
    if taken is not None:
        facts = replace(facts, taken_name=Lookalike(taken.name, taken.owner or "公海", 100))
    elif waiting is not None and waiting.person != context.submitter.name:
        facts = replace(facts, taken_name=Lookalike(record.name, f"{waiting.person}，待审批", 100))
    if waiting is not None and waiting.person == context.submitter.name:
        # A row that replaces one's own waiting row takes no further room.
        facts = replace(facts, held={owner: customers.held_by(context.book, owner, waiting.receipt_no)})
    return replace(facts, lookalikes=lookalikes(context.book, key))


def _for_visit(record: Visit, facts: Facts, context: Context) -> Facts:
    book, me = context.book, context.submitter.name
    facts = named_customer(record, facts, context)
    return replace(
        facts,
        usual_models=photos.usual_models(book, me),
        earlier={"content": _earlier(book, Visit.sheet, me, "content", context.receipt_no)},
        plan=_plan(book, record.customer, me, facts) if record.customer else None,
    )


def _plan(book: Book, customer: str, me: str, facts: Facts) -> EarlierText | None:
    """The approved plan for this customer and the day on which the picture was taken."""
    taken = [photo.facts.taken_at for photo in facts.photos_of("photos") if photo.facts.taken_at]
    day = min(taken).date() if taken else facts.today
    known = facts.customer
    plan = plans.approved_plan(book, me, day, known.id if known else None, known.name_key if known else fold(customer))
    return EarlierText(plan["receipt_no"], str(plan["purpose"])) if plan else None


def _earlier(book: Book, form: str, person: str, field: str, besides: str) -> tuple[EarlierText, ...]:
    return tuple(EarlierText(*pair) for pair in rows.recent_texts(book, form, person, field, besides))


def _for_report(record: DailyReport, facts: Facts, context: Context) -> Facts:
    me = context.submitter.name
    earlier = _earlier(context.book, DailyReport.sheet, me, "summary", context.receipt_no)
    if record.date is not None:
        replaced = rows.live_row(context.book, DailyReport.sheet, key_text(record.key(me, ())))
        earlier = tuple(each for each in earlier if replaced is None or each.receipt_no != replaced.receipt_no)
    return replace(facts, earlier={"summary": earlier})


_GATHER: Mapping[type[Form], Callable[[Any, Facts, Context], Facts]] = {
    NewPerson: _for_person,
    NewCustomer: _for_customer,
    Visit: _for_visit,
    DailyReport: _for_report,
    PersonChange: _for_person_change,
    VisitPlan: named_customer,
    Claim: for_claim,
    Order: for_order,
    Payment: for_payment,
    Transfer: for_transfer,
    CustomerChange: for_change,
}


def day_of(record: Any) -> date | None:
    """The day that a row is about, for forms that have one."""
    found = getattr(record, "date", None)
    return found if isinstance(found, date) else None
