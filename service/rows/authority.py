"""Who may decide on a row: the chain of posts, deputies of those who are away, colleagues in the same post (适用范围 2)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from ledger.deputies import deputies_on
from ledger.records import Person, Row
from policy.posts import DEPARTMENT_MANAGER, Approver, Missing, approver_for, chain_for, holders
from policy.settings import Settings
from service.company import Service


def chain_of(
    sheet: str, submitter: Person, values: Mapping[str, Any], read: Mapping[str, Any], settings: Settings
) -> tuple[str, ...]:
    """The posts that approve a row: those that it asks for itself, or its form's."""
    own: Sequence[str] | None = read.get("chain")
    return tuple(own) if own else chain_for(sheet, submitter, values.get("name"), settings.approval)


def whose(row: Row, people: Mapping[str, Person]) -> Person:
    """Whose department counts: the submitter's; for a 更正, that of whoever handed in the original."""
    return people[row.read.get("of_person") or row.person]


def approver_of(service: Service, row: Row, now: datetime) -> Approver | Missing:
    """Who decides on *row*: by its chain of posts, or a deputy; never the submitter."""
    day = now.date()
    people = service.people(day)
    submitter, active = whose(row, people), [each for each in people.values() if each.active_on(day)]
    active = [each for each in active if each.name != row.person]
    chain = chain_of(row.form, submitter, row.values, row.read, service.settings.as_of(day))
    found = approver_for(chain, submitter, active)
    if isinstance(found, Missing):
        return found
    deputy = deputy_for(service, found.name, day)
    if deputy in (submitter.name, row.person):  # nobody decides their own: it goes on along the chain
        others = [each for each in active if each.name != found.name]
        onward = approver_for(chain, submitter, others)
        return onward if isinstance(onward, Missing) else _standing_in(service, onward, submitter, day)
    return _standing_in(service, found, submitter, day)


def _standing_in(service: Service, found: Approver, submitter: Person, day: date) -> Approver:
    deputy = deputy_for(service, found.name, day)
    if deputy in (found.name, submitter.name):
        return found
    return replace(found, name=deputy, instead_of=found.name)


def deputy_for(service: Service, name: str, day: date) -> str:
    """Who decides for *name* on *day*: the deputy's deputy, if that one is away too; *name* where nobody was named."""
    named, people, seen = deputies_on(service.book, day), service.people(day), [name]
    while (other := named.get(seen[-1])) and other not in seen and other in people and people[other].active_on(day):
        seen.append(other)
    return seen[-1]


def still_decides(service: Service, holder_name: str, row: Row, now: datetime) -> bool:
    """Whether whoever holds the sheet may still decide: the one to be asked now, or a post of the chain, and not away."""
    wanted = approver_of(service, row, now)
    if isinstance(wanted, Approver) and wanted.name == holder_name:
        return True
    people, day = service.people(now.date()), now.date()
    holder, submitter = people[holder_name], whose(row, people)
    chain = chain_of(row.form, submitter, row.values, row.read, service.settings.as_of(day))
    far = holder.post == DEPARTMENT_MANAGER and holder.department != submitter.department
    return (
        holder.active_on(day)
        and holder.post in chain
        and not far
        and deputy_for(service, holder_name, day) == holder_name
    )


def may_decide(service: Service, person: str, row: Row, now: datetime) -> bool:
    """Whether *person* may decide on a sheet that was issued to somebody else: a deputy, or the same post and reach."""
    wanted, day = approver_of(service, row, now), now.date()
    if isinstance(wanted, Missing):
        return False
    people = service.people(day)
    active = [each for each in people.values() if each.active_on(day)]
    peers = holders(wanted.post, whose(row, people).department, active)
    return person == wanted.name or person in (each.name for each in peers)


def instead_of(service: Service, person: str, row: Row, now: datetime) -> str:
    """For whom *person* decides on *row* as a deputy; '' for those who decide in their own post."""
    wanted = approver_of(service, row, now)
    return wanted.instead_of if isinstance(wanted, Approver) and wanted.name == person else ""
