"""The ledger's answers for one row, gathered before its rules are asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from rapidfuzz import fuzz, process

from intake.place_names import parse_area
from ledger import customers, photos, rows
from ledger.book import Book
from ledger.people import namesakes, people_on
from ledger.records import Person, Photo
from policy.form import Form
from policy.forms.customer import NewCustomer
from policy.forms.daily_report import DailyReport
from policy.forms.person import NewPerson
from policy.forms.visit import Visit
from policy.settings import Settings
from policy.words import fold
from validators.facts import EarlierText, Facts, Lookalike

_ALIKE = 88.0  #: percent from which two customers' names are worth a second look


@dataclass(frozen=True)
class Context:
    """What is the same for all rows of a sheet."""

    book: Book
    settings: Settings  #: as of the day of arrival
    submitter: Person
    now: datetime  #: arrival
    receipt_no: str = ""  #: of the row, when it is judged again
    same_sheet_names: Mapping[str, int] | None = None  #: folded 姓名 → rows, for 人员新增


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
        phone_owner=next(
            (
                person.name
                for person in facts.people.values()
                if person.phone == record.phone and (person.left_on is None or person.left_on > facts.today)
            ),
            None,
        ),
    )


def _for_customer(record: NewCustomer, facts: Facts, context: Context) -> Facts:
    owner = record.owner or context.submitter.name
    facts = replace(
        facts,
        held={owner: customers.held_by(context.book, owner)},
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
        facts = replace(facts, held={owner: max(0, facts.held[owner] - 1)})
    return replace(facts, lookalikes=_lookalikes(context.book, key))


def _lookalikes(book: Book, key: str, limit: int = 3) -> tuple[Lookalike, ...]:
    known = customers.names(book)
    keys = [other for other, _name, _owner in known]
    found = process.extract(key, keys, scorer=fuzz.ratio, score_cutoff=_ALIKE, limit=limit)
    return tuple(Lookalike(known[index][1], known[index][2], score) for other, score, index in found if other != key)


def _for_visit(record: Visit, facts: Facts, context: Context) -> Facts:
    book, me = context.book, context.submitter.name
    facts = replace(
        facts,
        usual_models=photos.usual_models(book, me),
        earlier={"content": _earlier(book, Visit.sheet, me, "content", context.receipt_no)},
    )
    if record.customer is None:
        return facts
    key = fold(record.customer)
    waiting = customers.awaiting_approval(book, key)
    return replace(
        facts,
        customer=customers.customer_named(book, key),
        customer_waiting=waiting is not None,
        customer_waiting_owner=str(waiting.read.get("owner")) if waiting else None,
        lookalikes=_lookalikes(book, key, limit=1),
    )


def _earlier(book: Book, form: str, person: str, field: str, besides: str) -> tuple[EarlierText, ...]:
    return tuple(EarlierText(*pair) for pair in rows.recent_texts(book, form, person, field, besides))


def _for_report(record: DailyReport, facts: Facts, context: Context) -> Facts:
    me = context.submitter.name
    earlier = _earlier(context.book, DailyReport.sheet, me, "summary", context.receipt_no)
    if record.date is not None:
        replaced = rows.live_row(context.book, DailyReport.sheet, key_text(record.key(me, ())))
        earlier = tuple(each for each in earlier if replaced is None or each.receipt_no != replaced.receipt_no)
    return replace(facts, earlier={"summary": earlier})


def key_text(parts: tuple[str, ...]) -> str:
    """A row's key as the ledger keeps it."""
    return "|".join(parts)


_GATHER: Mapping[type[Form], Callable[[Any, Facts, Context], Facts]] = {
    NewPerson: _for_person,
    NewCustomer: _for_customer,
    Visit: _for_visit,
    DailyReport: _for_report,
}


def day_of(record: Any) -> date | None:
    """The day that a row is about, for forms that have one."""
    found = getattr(record, "date", None)
    return found if isinstance(found, date) else None
