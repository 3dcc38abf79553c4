"""Names that may be given to somebody: nobody bears them, bore them until lately, or is to bear them (人员新增 10)."""

from __future__ import annotations

from collections.abc import Iterator

from ledger.people import namesakes, promised
from ledger.records import Person
from policy.words import fold
from validators.context import Context
from validators.facts import Facts
from validators.namesakes import once_called


def why_taken(name: str, context: Context, facts: Facts, besides: str = "") -> str:
    """Why *name* is not free, in words; '' if it is, or if only *besides* has to do with it."""
    return next(iter(_taken(name, context, facts, besides)), "")


def _taken(name: str, context: Context, facts: Facts, besides: str) -> Iterator[str]:
    bearer = facts.people.get(name)
    if bearer is not None and name != besides:
        yield f"名册中已有“{name}”（{bearer.department}）"
    for other in context.ask(namesakes, name):
        if other.name not in (name, besides):
            yield f"名册中已有同名的“{other.name}”（{other.department}）"
    for former in once_called(context, name):
        if former != besides:
            yield f"“{name}”是“{former}”改名前的姓名，{context.settings.people.old_name_days} 天内还有人这样称呼"
    promised_to = context.ask(promised, name)
    if promised_to not in (None, besides):
        yield f"“{promised_to}”已登记要改名为“{name}”"


def way_to_write(name: str, phone: str, person: Person, context: Context, facts: Facts) -> str:
    """*name* with what tells its bearer from others: the last four digits of the phone, else the department."""
    digits = f"{name}{phone[-4:]}"
    return digits if not why_taken(digits, context, facts, person.name) else f"{name}（{person.department}）"


def plain_name(name: str, phone: str) -> str:
    """The name without the digits that tell its bearer from others of that name."""
    bare = name.removesuffix(phone[-4:])
    return bare if bare and fold(bare) else name
