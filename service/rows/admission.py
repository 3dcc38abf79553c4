"""Who may hand a sheet in at all: those who work here, in a post of the form (适用范围 2)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from intake.causes import Misfit
from ledger.records import Person
from policy.form import Form
from policy.posts import may_submit


@dataclass(frozen=True)
class Barred:
    """Why something cannot be handed in by somebody."""

    why: Misfit
    message: str  #: Chinese


def absence(person: Person, day: date) -> Barred | None:
    """Why nothing that *person* hands in on *day* can take effect; None for those who work here."""
    if person.left_on is not None and day >= person.left_on:
        words = f"您已于 {person.left_on} 离职，投递的内容不再办理；如有疑问请联系原部门经理"
        return Barred(Misfit.LEFT, words)
    if day < person.joined_on:
        return Barred(Misfit.NOT_YET, f"您的入职日期是 {person.joined_on}，从这一天起才能投递")
    return None


def refusal(form: type[Form], person: Person, day: date) -> Barred | None:
    """Why a whole sheet of *form* is returned; None if *person* may hand it in on *day*."""
    if away := absence(person, day):
        return away
    if not may_submit(person.post, form.submitters):
        words = f"“{form.sheet}”只能由{'、'.join(form.submitters)}提交，您的岗位是{person.post}"
        return Barred(Misfit.POST, words)
    return None
