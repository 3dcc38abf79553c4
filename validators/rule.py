"""What a rule is: data around one pure function that says what it found.

A rule never raises, never reads a clock, a file or a database: the record and
the facts are all that it knows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ledger.records import Finding, Severity
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

    def findings(self, record: Any, facts: Facts, severity: Severity) -> Iterator[Finding]:
        """What this rule finds about *record*, in words."""
        for values in self.check(record, facts):
            yield Finding(
                rule=self.id,
                clause=self.clause,
                severity=severity,
                column=values.get("column", self.column),
                message=self.says.format(**values),
                remedy=self.remedy.format(**values),
            )


def rule(
    id: str, *, clause: str, column: str, severity: Severity, says: str, remedy: str, reads: tuple[str, ...] = ()
) -> Callable[[Check], Rule]:
    """Make a :class:`Rule` of the function below."""

    def made(check: Check) -> Rule:
        return Rule(id, clause, column, severity, says, remedy, reads, check, (check.__doc__ or "").strip())

    return made


def severity_of(rule: Rule, configured: Mapping[str, str]) -> Severity:
    """The rule's own severity, or the one that the company has set in ``[rules]``."""
    return Severity(configured.get(rule.id, rule.severity))


def judge(rules: tuple[Rule, ...], record: Any, facts: Facts, unusable: frozenset[str]) -> list[Finding]:
    """All findings of all *rules* that can be asked although the fields *unusable* could not be read."""
    found: list[Finding] = []
    for each in rules:
        severity = severity_of(each, facts.settings.rules)
        if severity is not Severity.OFF and not unusable.intersection(each.reads):
            found.extend(each.findings(record, facts, severity))
    return found
