"""Rules of 人员变更 (人员新增 10)."""

from __future__ import annotations

from collections.abc import Iterator

from ledger import holdings
from policy.forms.person_change import PersonChange
from policy.posts import SALESPERSON
from validators.context import Context
from validators.disguise import disguise_rule
from validators.facts import Facts
from validators.form_rules import FormRules
from validators.free_name import plain_name, way_to_write, why_taken
from validators.near import colleagues_hint
from validators.person import is_usable, phone_owner
from validators.rule import NOTE, REFUSE, Rule, Values, rule

_CHANGES = ("new_name", "state", "department", "post", "phone", "max_customers", "max_follow_days", "region")


@rule(
    "person_change.name.known", clause="person.10", column="姓名", severity=REFUSE, reads=("name",),
    says="人员名册中没有“{name}”{hint}", remedy="请填写名册中的姓名（同名同事带手机号后四位）",
)  # fmt: skip
def person_is_known(change: PersonChange, facts: Facts) -> Iterator[Values]:
    """Only somebody in the register can change."""
    if change.name not in facts.people:
        yield {"name": change.name, "hint": colleagues_hint(change.name, facts)}


@rule(
    "person_change.something", clause="person.10", column="", severity=REFUSE, reads=_CHANGES,
    says="没有填写任何要变更的内容", remedy="请至少填写一项变更",
)  # fmt: skip
def something_changes(change: PersonChange, facts: Facts) -> Iterator[Values]:
    """A change changes something."""
    if all(getattr(change, name) is None for name in _CHANGES):
        yield {}


@rule(
    "person_change.date.joined", clause="person.10", column="生效日期", severity=REFUSE, reads=("name", "effective_on"),
    says="生效日期 {date} 早于入职日期 {joined}", remedy="请核对生效日期",
)  # fmt: skip
def change_comes_after_joining(change: PersonChange, facts: Facts) -> Iterator[Values]:
    """Nobody changes before they are here."""
    person = facts.people.get(change.name)
    if person and change.effective_on < person.joined_on:
        yield {"date": change.effective_on, "joined": person.joined_on}


@rule(
    "person_change.date.past", clause="person.10", column="生效日期", severity=NOTE, reads=("effective_on",),
    says="生效日期 {date} 已经过去，将追溯执行，已出的报表会出新版", remedy="无需处理",
)  # fmt: skip
def change_reaches_back(change: PersonChange, facts: Facts) -> Iterator[Values]:
    """What reaches back changes what was said of past days."""
    if change.effective_on < facts.today:
        yield {"date": change.effective_on}


@rule(
    "person_change.limits", clause="person.10.1", column="客户数量上限", severity=REFUSE, reads=("name", "post", "max_customers", "max_follow_days"),
    says="{name}任销售人员，必须明确客户数量上限和最长跟进天数", remedy="请填写大于 0 的整数",
)  # fmt: skip
def limits_are_set(change: PersonChange, facts: Facts) -> Iterator[Values]:
    """Whoever follows customers has limits."""
    person = facts.people.get(change.name)
    if person is None or (change.post or person.post) != SALESPERSON:
        return
    customers = person.max_customers if change.max_customers is None else change.max_customers
    days = person.max_follow_days if change.max_follow_days is None else change.max_follow_days
    if not customers or not days:
        yield {"name": person.name}


@rule(
    "person_change.held.limit", clause="person.10.1", column="客户数量上限", severity=NOTE, reads=("name", "max_customers"),
    says="{name}现有 {held} 个客户（含待审批），超过新上限 {limit} 个", remedy="不收回已有客户；降到上限以下之前不能再新增、申领或接手，请安排转交",
)  # fmt: skip
def limit_covers_what_is_held(change: PersonChange, facts: Facts) -> Iterator[Values]:
    """A lower limit takes nothing away, but nobody is above their limit unnoticed."""
    held = facts.held.get(change.name, 0)
    if change.max_customers is not None and held > change.max_customers:
        yield {"name": change.name, "held": held, "limit": change.max_customers}


@rule(
    "person_change.held.leaver", clause="transfer.8", column="状态", severity=NOTE, reads=("name", "state", "post"),
    says="{name}名下还有 {held} 个客户（含待审批）", remedy="请在生效日期之前由本人转交；离职之后由其部门经理转交",
)  # fmt: skip
def customers_are_not_left_behind(change: PersonChange, facts: Facts) -> Iterator[Values]:
    """Whoever leaves or stops selling should hand the customers over."""
    held, sells = facts.held.get(change.name, 0), change.post in (None, SALESPERSON)
    if held and (change.state == "离职" or not sells):
        yield {"name": change.name, "held": held}


@rule(
    "person_change.phone.taken", clause="person.10", column="手机号码", severity=REFUSE, reads=("phone", "name"),
    says="手机号码 {phone} 已登记给 {owner}", remedy="请核对手机号码",
)  # fmt: skip
def phone_is_free(change: PersonChange, facts: Facts) -> Iterator[Values]:
    """A phone belongs to one person."""
    if change.phone and facts.phone_owner and facts.phone_owner != change.name:
        yield {"phone": change.phone, "owner": facts.phone_owner}


@rule(
    "person_change.new_name.usable", clause="person.10", column="新姓名", severity=REFUSE, reads=("new_name",),
    says="“{name}”不能作为姓名：文件夹要用这个名字",
    remedy="姓名中不要有 / \\ : * ? \" < > | 等符号，不要以点开头或结尾，最多 30 个字",
)  # fmt: skip
def new_name_is_usable(change: PersonChange, facts: Facts) -> Iterator[Values]:
    """A person's name is also the name of their folder, on every file system."""
    if change.new_name and not is_usable(change.new_name):
        yield {"name": change.new_name}


@rule(
    "person_change.new_name.another", clause="person.10", column="新姓名", severity=REFUSE, reads=("name", "new_name"),
    says="新姓名与现在的姓名“{name}”相同", remedy="不改名的，“新姓名”空着；要改其他内容的，填写那一列",
)  # fmt: skip
def new_name_is_another(change: PersonChange, facts: Facts) -> Iterator[Values]:
    """A change of name gives another name."""
    if change.new_name and change.new_name == change.name:
        yield {"name": change.name}


@rule(
    "person_change.new_name.taken", clause="person.10", column="新姓名", severity=REFUSE, reads=("name", "new_name", "phone"),
    says="不能改名为“{name}”：{why}", remedy="请在“新姓名”写成 {way}，再投递",
)  # fmt: skip
def new_name_is_free(change: PersonChange, facts: Facts) -> Iterator[Values]:
    """Two people of one name carry the last four digits of their phones; nobody gets what others mean by a name."""
    if facts.name_taken:
        yield {"name": change.new_name, "why": facts.name_taken, "way": facts.name_way}


RULES: tuple[Rule, ...] = (
    disguise_rule("person_change.new_name.disguised", "new_name", "新姓名", "person.10"),
    person_is_known, something_changes, new_name_is_usable, new_name_is_another, new_name_is_free,
    change_comes_after_joining, change_reaches_back, limits_are_set, limit_covers_what_is_held,
    customers_are_not_left_behind, phone_is_free,
)  # fmt: skip


def _gather(record: PersonChange, facts: Facts, context: Context) -> Facts:
    held = {record.name: holdings.held_by(context.book, record.name)} if record.name else {}
    facts = facts.but(phone_owner=phone_owner(record.phone, facts), held=held)
    person = facts.people.get(record.name or "")
    if not record.new_name or person is None:
        return facts
    why, phone = why_taken(record.new_name, context, facts, person.name), record.phone or person.phone
    way = way_to_write(plain_name(record.new_name, phone), phone, person, context, facts) if why else ""
    return facts.but(name_taken=why, name_way=way)


PERSON_CHANGE = FormRules(PersonChange, RULES, _gather)
