"""Rules of 人员新增 (人员新增 10)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from ledger.people import namesakes
from policy.forms.person import NewPerson
from policy.posts import SALESPERSON
from policy.words import fold
from validators.context import Context
from validators.disguise import disguise_rule
from validators.facts import Facts
from validators.form_rules import FormRules, Read
from validators.free_name import why_taken
from validators.rule import NOTE, REFUSE, Rule, Values, rule

_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)


def is_usable(name: str) -> bool:
    """Whether a folder may bear *name* on every file system."""
    return not (
        re.search(r'[/\\:*?"<>|]', name)
        or name[0] in "._~$"
        or name[-1] == "."
        or len(name) > 30
        or _RESERVED.fullmatch(name)
    )


@rule(
    "person.name.usable", clause="person.10", column="姓名", severity=REFUSE, reads=("name",),
    says="“{name}”不能作为姓名：文件夹要用这个名字",
    remedy="姓名中不要有 / \\ : * ? \" < > | 等符号，不要以点开头或结尾，最多 30 个字",
)  # fmt: skip
def name_is_usable(person: NewPerson, facts: Facts) -> Iterator[Values]:
    """A person's name is also the name of their folder, on every file system."""
    if not is_usable(person.name):
        yield {"name": person.name}


@rule(
    "person.registered", clause="person.10", column="姓名", severity=REFUSE, reads=("name", "phone"),
    says="{name}（{phone}）已在人员名册中，内容与这一行不同",
    remedy="要修改已登记的人员，请使用“人员变更”表",
)  # fmt: skip
def not_yet_registered(person: NewPerson, facts: Facts) -> Iterator[Values]:
    """A colleague is entered once; later changes have a form of their own."""
    if facts.registered:
        yield {"name": person.name, "phone": person.phone}


@rule(
    "person.phone.taken", clause="person.10", column="手机号码", severity=REFUSE, reads=("phone", "name"),
    says="手机号码 {phone} 已登记给 {owner}", remedy="请核对手机号码",
)  # fmt: skip
def phone_is_free(person: NewPerson, facts: Facts) -> Iterator[Values]:
    """Two people of one name are told apart by their phones, so a phone belongs to one person."""
    if facts.phone_owner and not facts.registered:
        yield {"phone": person.phone, "owner": facts.phone_owner}


@rule(
    "person.limit.customers", clause="person.10.1", column="客户数量上限", severity=REFUSE, reads=("post", "max_customers"),
    says="{post}必须明确可跟进客户的最大数量，不能为 0", remedy="请填写大于 0 的整数，例如 50",
)  # fmt: skip
def customer_limit_is_set(person: NewPerson, facts: Facts) -> Iterator[Values]:
    """Whoever follows customers has a largest number of them."""
    if person.post == SALESPERSON and person.max_customers == 0:
        yield {"post": person.post}


@rule(
    "person.limit.days", clause="person.10.2", column="最长跟进天数", severity=REFUSE, reads=("post", "max_follow_days"),
    says="{post}必须明确跟进客户的最长天数，不能为 0", remedy="请填写大于 0 的整数，例如 30",
)  # fmt: skip
def follow_limit_is_set(person: NewPerson, facts: Facts) -> Iterator[Values]:
    """Whoever follows customers has a longest time to do so."""
    if person.post == SALESPERSON and person.max_follow_days == 0:
        yield {"post": person.post}


@rule(
    "person.joined.past", clause="person.10", column="入职日期", severity=NOTE, reads=("joined_on",),
    says="入职日期 {joined} 早于登记日期，登记之前的日子不计日报", remedy="无需处理",
)  # fmt: skip
def joined_before_registered(person: NewPerson, facts: Facts) -> Iterator[Values]:
    """Nobody owes a report for days on which they had no folder to put it in."""
    if person.joined_on < facts.today:
        yield {"joined": person.joined_on}


RULES: tuple[Rule, ...] = (
    disguise_rule("person.name.disguised", "name", "姓名", "person.10"),
    name_is_usable, not_yet_registered, phone_is_free, customer_limit_is_set, follow_limit_is_set,
    joined_before_registered,
)  # fmt: skip


def _gather(record: NewPerson, facts: Facts, context: Context) -> Facts:
    if record.name is None or record.phone is None:
        return facts
    others = context.ask(namesakes, record.name)
    on_sheet = (context.same_sheet_names or {}).get(fold(record.name), 1)
    return facts.but(
        registered=any(other.phone == record.phone for other in others),
        namesake=bool(others) or on_sheet > 1 or bool(why_taken(record.name, context, facts)),
        phone_owner=phone_owner(record.phone, facts),
    )


def phone_owner(phone: str | None, facts: Facts) -> str | None:
    """Who has this phone and is, or will be, here."""
    here = (person for person in facts.people.values() if person.left_on is None or person.left_on > facts.today)
    return next((person.name for person in here if phone and person.phone == phone), None)


def _read(record: Any, facts: Facts) -> Read:
    if record.name is None or record.phone is None:
        return {}
    name = register_name(record.name, record.phone, namesake=facts.namesake)
    borne = any(person.lasting == name for person in facts.people.values())
    return {"register_name": name, "root": f"{name}·{record.joined_on}" if borne else name}


def register_name(name: str, phone: str, *, namesake: bool) -> str:
    """The name in register and folder: two people of one name carry the last four digits of their phones."""
    return f"{name}{phone[-4:]}" if namesake else name


PERSON = FormRules(NewPerson, RULES, _gather, _read)
