"""Templates and personal workbooks, kept up to date in everybody's 模板 folder."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from ledger import customers, deliveries
from ledger.kept_words import words_of
from ledger.records import Person
from outbox.queue import tell_words
from outbox.templates.offer import PERSONAL, forms_for, offer_templates
from outbox.templates.offered import COLLEAGUES, SELLERS
from outbox.templates.personal import cause_of, personal_workbook, pool_on
from outbox.told import said
from policy.posts import SALESPERSON
from service.company import Service
from service.sending.opportunities import open_by_owner
from service.sending.sweeping import stands_on
from service.sending.today import Mornings


def deliver_templates(service: Service, now: datetime) -> None:
    """Queue the templates that are missing or older than the present lists; inside a transaction."""
    today = now.date()
    people = [person for person in service.people(today).values() if person.active_on(today)]
    lists = service.settings.as_of(today).lists.model_dump()
    folder = service.settings.folders.templates
    newcomers = offer_templates(service.book, folder, people, lists, _least(service, now), now)
    deliver_personal(service, newcomers, now)


def deliver_personal(service: Service, people: Collection[Person], now: datetime) -> None:
    """Queue the personal workbooks whose content has changed, or that were taken away.  Inside a transaction."""
    if not people:
        return
    settings, folder = service.settings.as_of(now.date()), service.settings.folders.templates
    lists, cooldown = settings.lists.model_dump(), settings.claim.cooldown_days
    stands = {each.customer.id: each for each in stands_on(service, now.date())}
    deals = open_by_owner(service, now.date())
    pool = pool_on(customers.pool(service.book), cooldown, now.date())
    having = deliveries.latest_causes(service.book, folder, [(person.name, PERSONAL) for person in people])
    least, names = _least(service, now), _colleagues(service, now)
    mornings = Mornings(service, list(people), stands, now)
    for person in people:
        if not forms_for(person):
            continue
        deal = deals.get(person.name, ())
        workbook = personal_workbook(
            service.book,
            person,
            lists,
            stands,
            pool,
            deal,
            least=least,
            names=names,
            heading=mornings.heading,
            today=mornings.of(person),
        )
        words = said(workbook)
        cause, had = cause_of(words), having[(person.name, PERSONAL)]
        if cause != had or service.outbox.gone(person.name, folder, PERSONAL):
            kept = words_of(words, (pool.words,) if any(each.told for each in workbook.sections) else ())
            tell_words(service.book, person.name, folder, PERSONAL, kept, cause, now)


def _least(service: Service, now: datetime) -> dict[str, int]:
    """Fewest characters of texts, as templates turn red by them."""
    text = service.settings.as_of(now.date()).text.model_dump()
    return {name: int(number) for name, number in text.items() if name.startswith("min_")}


def _colleagues(service: Service, now: datetime) -> dict[str, tuple[str, ...]]:
    """Whom forms may name, by list: everybody who is here, and those who sell."""
    here = [person for person in service.people(now.date()).values() if person.active_on(now.date())]
    sellers = tuple(person.name for person in here if person.post == SALESPERSON)
    return {COLLEAGUES: tuple(person.name for person in here), SELLERS: sellers}
