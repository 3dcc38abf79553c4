"""What a form's rows are held against: its rules, what these need to know, and what the software reads itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from policy.form import Form
from validators.context import Context
from validators.facts import Facts
from validators.rule import Rule

Gather = Callable[[Any, Facts, Context], Facts]  #: the record, what holds for every form, and whom to ask
Read = dict[str, Any]  #: Chinese keys are shown to the approver


def nothing_more(_record: Any, facts: Facts, _context: Context) -> Facts:
    """The rules need to know nothing but what holds for every form."""
    return facts


def nothing_read(_record: Any, _facts: Facts) -> Read:
    """The software adds nothing to what stands in the cells."""
    return {}


@dataclass(frozen=True)
class FormRules:
    """One form on the judging side; its module has the form's name."""

    form: type[Form]
    rules: tuple[Rule, ...]
    gather: Gather = nothing_more
    read: Callable[[Any, Facts], Read] = nothing_read
