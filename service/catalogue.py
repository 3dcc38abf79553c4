"""The clause catalogue with rules and severities, as ``policy`` prints it."""

from __future__ import annotations

from typing import Any

from policy.clauses import clauses
from policy.form import columns
from policy.forms import FORMS
from policy.settings import Settings
from validators.catalogue import RULES
from validators.rule import Rule, severity_of

_HOW = {"rule": "规则", "process": "流程", "report": "报表", "people": "人员"}


def rules_of(clause: str) -> list[Rule]:
    """The rules that enforce a clause."""
    return [rule for rules in RULES.values() for rule in rules if rule.clause == clause]


def columns_of(clause: str) -> list[str]:
    """The columns that belong to a clause: each is held to its shape."""
    return [f"{form.sheet}·{column.header}" for form in FORMS for column in columns(form) if column.clause == clause]


def is_built(forms: tuple[str, ...]) -> bool:
    """Whether the forms that a clause speaks of are there already."""
    present = {form.sheet for form in FORMS}
    return not forms or any(form in present for form in forms)


def clause_table(settings: Settings) -> list[dict[str, Any]]:
    """Every clause: citation, how it is enforced, its rules with their severity and words, its columns."""
    return [
        {
            "id": clause.id,
            "citation": clause.citation,
            "summary": clause.summary,
            "how": list(clause.how),
            "how_note": clause.how_note,
            "built": is_built(clause.forms),
            "columns": columns_of(clause.id),
            "rules": [
                {
                    "id": rule.id,
                    "severity": severity_of(rule, settings.rules).value,
                    "says": rule.says,
                    "remedy": rule.remedy,
                }
                for rule in rules_of(clause.id)
            ],
        }
        for clause in clauses().values()
    ]


def clause_lines(settings: Settings) -> list[str]:
    """The same, for reading."""
    lines = []
    for clause in clause_table(settings):
        how = "、".join(_HOW[word] for word in clause["how"])
        later = "" if clause["built"] else "（表单尚未启用）"
        lines.append(f"{clause['citation']}  [{how}]{later}  {clause['summary']}")
        lines += [f"    {rule['severity']:7s}{rule['id']}  {rule['says']}" for rule in clause["rules"]]
    return lines
