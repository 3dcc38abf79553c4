"""What a rule is: data around one pure function that says what it found.

A rule never raises, never reads a clock, a file or a database: the record and
the facts are all that it knows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ledger.records import Finding, Severity
from policy.settings import Settings
from validators.facts import Facts

Values = Mapping[str, Any]  #: what the rule's sentence is filled with; ``column`` may name another column
Check = Callable[[Any, Facts], Iterator[Values]]

REFUSE, FLAG, NOTE = Severity.REFUSE, Severity.FLAG, Severity.NOTE


@dataclass(frozen=True)
class Rule:
    """A sentence of the policy that a row can be held against."""

    id: str
    clause: str
    column: str  #: header of the column that is marked
    severity: Severity
    says: str  #: Chinese sentence with ``{placeholders}``
    remedy: str
    reads: tuple[str, ...]  #: fields that must be usable for the rule to make sense
    check: Check
    meaning: str  #: the docstring of the check
    follows: Callable[[Settings], str] | None = None  #: the number of the config that says how much it weighs

    def finding(self, values: Values, severity: Severity) -> Finding:
        """One of the things that :attr:`check` found, in words."""
        return Finding(
            rule=self.id,
            clause=self.clause,
            severity=severity,
            column=values.get("column", self.column),
            message=self.says.format(**values),
            remedy=self.remedy.format(**values),
        )


def rule(
    id: str, *, clause: str, column: str, severity: Severity, says: str, remedy: str, reads: tuple[str, ...] = (),
    follows: Callable[[Settings], str] | None = None,
) -> Callable[[Check], Rule]:  # fmt: skip
    """Make a :class:`Rule` of the function below."""

    def made(check: Check) -> Rule:
        meaning = (check.__doc__ or "").strip()
        return Rule(id, clause, column, severity, says, remedy, reads, check, meaning, follows)

    return made


def severity_of(rule: Rule, settings: Settings) -> Severity:
    """What the company has set in ``[rules]``, or the number that the rule follows, or the rule's own severity."""
    set_here = settings.rules.get(rule.id)
    if set_here is None and rule.follows is None:
        return rule.severity
    return Severity(set_here or (rule.follows(settings) if rule.follows else rule.severity))


def judge(rules: tuple[Rule, ...], record: Any, facts: Facts, unusable: frozenset[str]) -> list[Finding]:
    """All findings of all *rules* that can be asked although the fields *unusable* could not be read."""
    return [
        each.finding(values, severity)
        for each, severity in in_force(rules, facts.settings)
        if not unusable or unusable.isdisjoint(each.reads)
        for values in each.check(record, facts)
    ]


def in_force(rules: tuple[Rule, ...], settings: Settings) -> tuple[tuple[Rule, Severity], ...]:
    """The *rules* that these settings do not switch off, each with its weight; settled once for the rows of a sheet."""
    known = _in_force.get(id(rules))
    if known is None or known[0] is not rules or known[1] is not settings:
        weighed = ((each, severity_of(each, settings)) for each in rules)
        known = (rules, settings, tuple(pair for pair in weighed if pair[1] is not Severity.OFF))
        _in_force[id(rules)] = known
    return known[2]


#: By which object the rules are: these rules, the settings that they were last weighed by, and what came of it.
_in_force: dict[int, tuple[tuple[Rule, ...], Settings, tuple[tuple[Rule, Severity], ...]]] = {}
