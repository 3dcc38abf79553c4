"""Templates and personal workbooks, kept up to date in everybody's 模板 folder."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from ledger import customers, deliveries
from ledger.records import Person
from outbox.queue import tell
from outbox.templates.offer import PERSONAL, forms_for, offer_templates
from outbox.templates.personal import cause_of, personal_workbook
from service.company import Service
from service.opportunities import open_by_owner
from service.sweeping import stands_on


def deliver_templates(service: Service, now: datetime) -> None:
    """Queue the templates that are missing or older than the present lists; inside a transaction."""
    today = now.date()
    people = [person for person in service.people(today).values() if person.active_on(today)]
    lists = service.settings.as_of(today).lists.model_dump()
    newcomers = offer_templates(service.book, service.settings.folders.templates, people, lists, now)
    deliver_personal(service, newcomers, now)


def deliver_personal(service: Service, people: Collection[Person], now: datetime) -> None:
    """Queue the personal workbooks whose content has changed.  Inside a transaction."""
    settings, folder = service.settings.as_of(now.date()), service.settings.folders.templates
    lists, cooldown = settings.lists.model_dump(), settings.claim.cooldown_days
    stands = {each.customer.id: each for each in stands_on(service, now.date())} if people else {}
    deals = open_by_owner(service, now.date()) if people else {}
    pool = customers.pool(service.book) if people else []
    having = deliveries.latest_causes(service.book, folder, [(person.name, PERSONAL) for person in people])
    for person in people:
        if not forms_for(person):
            continue
        workbook = personal_workbook(service.book, person, lists, stands, (pool, cooldown), deals.get(person.name, ()))
        if (cause := cause_of(workbook)) != having[(person.name, PERSONAL)]:
            tell(service.book, person.name, folder, PERSONAL, workbook, cause, now)
