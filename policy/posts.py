"""Posts (岗位): who may submit, who approves (适用范围 2)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

SALESPERSON = "销售人员"
DEPARTMENT_MANAGER = "部门经理"
SALES_MANAGER = "销售经理"
CASHIER = "出纳"
SUPERVISION = "企管部"
HUMAN_RESOURCES = "人力资源部"
ADMINISTRATOR = "管理员"
SET_UP = "管理员（初始化）"  #: whoever sets the book up, before there are people; no post that anybody holds

POSTS: tuple[str, ...] = (
    SALESPERSON, DEPARTMENT_MANAGER, SALES_MANAGER, CASHIER, SUPERVISION, HUMAN_RESOURCES, ADMINISTRATOR,
)  # fmt: skip

#: Posts that look after the whole company; a 部门经理 sees a department, a 销售人员 what is their own.
COMPANY_WIDE = frozenset(POSTS) - {SALESPERSON, DEPARTMENT_MANAGER}


#: Whose turn it is for most forms, one after the other, until somebody is found who may decide.
REVIEW: tuple[str, ...] = (DEPARTMENT_MANAGER, SALES_MANAGER, SUPERVISION)


class Member(Protocol):
    """What of a colleague matters here; the register's records fit."""

    @property
    def name(self) -> str: ...  # noqa: D102
    @property
    def department(self) -> str: ...  # noqa: D102
    @property
    def post(self) -> str: ...  # noqa: D102


@dataclass(frozen=True)
class Approver:
    """Who decides, and in which post of the chain."""

    name: str
    post: str
    instead_of: str = ""  #: for whom, where a deputy decides


@dataclass(frozen=True)
class Missing:
    """Nobody holds any post of the chain: the operator must name somebody."""

    tried: tuple[str, ...]  #: the posts in the order in which they were tried
    department: str  #: the submitter's

    def __str__(self) -> str:
        return f"{self.department}找不到审批人：{'、'.join(self.tried) or '（未设置岗位）'}没有合适的在职人员"


def may_submit(post: str, submitters: Collection[str]) -> bool:
    """Whether *post* is one of those that may drop a form."""
    return post in submitters


def approver_for(chain: Sequence[str], submitter: Member, people: Iterable[Member]) -> Approver | Missing:
    """The first in *chain* who may decide what *submitter* handed in, never the submitter.

    *people* are those who work here on that day.  Several holders of a post:
    the first by name.  Forms whose chain is empty need no approval: do not ask.
    """
    others = sorted((each for each in people if each.name != submitter.name), key=lambda each: each.name)
    for post in chain:
        found = holders(post, submitter.department, others)
        if found:
            return Approver(found[0].name, post)
    return Missing(tuple(chain), submitter.department)


def chain_for(sheet: str, submitter: Member, about: str | None, chains: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """The posts that approve a row of *sheet*; empty: it takes effect at once.

    Targets that the 销售经理 sets, and a 部门经理's own, need no approval
    (指标编审 11); *about* is the person that the row is about.
    """
    own = submitter.post == DEPARTMENT_MANAGER and about == submitter.name
    if sheet == "销售指标" and (submitter.post == SALES_MANAGER or own):
        return ()
    return tuple(chains.get(sheet, ()))


def holders(post: str, department: str, people: Sequence[Member]) -> list[Member]:
    """Who holds *post* for *department*: its own people for the managers' posts, then the company's."""
    everywhere = [each for each in people if each.post == post]
    if post not in (DEPARTMENT_MANAGER, SALES_MANAGER):
        return everywhere
    here = [each for each in everywhere if each.department == department]
    return here if post == DEPARTMENT_MANAGER else here or everywhere
