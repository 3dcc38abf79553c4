"""The clause catalogue with rules and severities, as ``policy`` prints it and ``docs/policy.md`` shows it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from policy.clauses import HOW_WORDS, clauses
from policy.form import Column, Form, columns
from policy.forms import FORMS
from policy.settings import Settings
from validators.catalogue import RULES, SHAPE_RULES
from validators.rule import Rule, severity_of

#: Kinds of columns that ask for more than some text.
_SHAPED = ("choice", "date", "integer", "money", "phone", "phones")


@dataclass(frozen=True)
class Proof:
    """How a rule was tried out: how many cases it has, and what it says and advises in the first that it finds."""

    cases: int
    example: str
    advice: str


def rules_of(clause: str) -> list[Rule]:
    """The rules that enforce a clause."""
    return [rule for rules in RULES.values() for rule in rules if rule.clause == clause]


def columns_of(clause: str) -> list[tuple[type[Form], Column]]:
    """The columns that belong to a clause: each is held to its shape."""
    return [(form, column) for form in FORMS for column in columns(form) if column.clause == clause]


def is_checked(clause: str) -> bool:
    """Whether a row can be returned for the sake of a clause: by a rule, or by the shape of a column.

    A heading is checked by what stands under it.
    """
    strict = any(column.required or column.kind in _SHAPED for _form, column in columns_of(clause))
    below = (other for other, each in clauses().items() if other.startswith(f"{clause}.") and "rule" in each.how)
    return strict or bool(rules_of(clause)) or any(is_checked(other) for other in below)


def missing_forms(forms: tuple[str, ...]) -> tuple[str, ...]:
    """Those of the forms that a clause speaks of that are still to come."""
    present = {form.sheet for form in FORMS}
    return tuple(form for form in forms if form not in present)


def clause_table(settings: Settings, proofs: Mapping[str, Proof] | None = None) -> list[dict[str, Any]]:
    """Every clause: citation, how it is enforced, its rules with their severity and words, its columns.

    With *proofs*, by rule, the rules also say how they were tried out.
    """
    return [
        {
            "id": clause.id,
            "citation": clause.citation,
            "title": clause.title,
            "summary": clause.summary,
            "how": list(clause.how),
            "how_note": clause.how_note,
            "built": not clause.forms or missing_forms(clause.forms) != clause.forms,
            "missing_forms": list(missing_forms(clause.forms)),
            "columns": [f"{form.sheet}·{column.header}" for form, column in columns_of(clause.id)],
            "rules": [_rule(rule, settings, proofs) for rule in rules_of(clause.id)],
        }
        for clause in clauses().values()
    ]


def _rule(rule: Rule, settings: Settings, proofs: Mapping[str, Proof] | None) -> dict[str, Any]:
    form = next(form for form, rules in RULES.items() if rule in rules)
    told = {
        "id": rule.id,
        "form": form.sheet,
        "column": rule.column,
        "severity": severity_of(rule, settings).value,
        "says": rule.says,
        "remedy": rule.remedy,
        "meaning": rule.meaning,
    }
    return {**told, **_proof(rule.id, proofs)}


def shape_table(proofs: Mapping[str, Proof] | None = None) -> list[dict[str, Any]]:
    """The rules of all columns: whether a cell is what its column asks for."""
    return [{"id": rule.id, "meaning": rule.meaning, **_proof(rule.id, proofs)} for rule in SHAPE_RULES]


def _proof(rule: str, proofs: Mapping[str, Proof] | None) -> dict[str, Any]:
    if proofs is None:
        return {}
    proof = proofs.get(rule, Proof(0, "", ""))
    return {"cases": proof.cases, "example": proof.example, "advice": proof.advice}


def clause_lines(settings: Settings) -> list[str]:
    """The same, for reading."""
    lines = []
    for clause in clause_table(settings):
        how = "、".join(HOW_WORDS[word] for word in clause["how"])
        lines.append(f"{clause['citation']}  [{how}]{_later(clause)}  {clause['summary']}")
        lines += [f"    {rule['severity']:7s}{rule['id']}  {rule['says']}" for rule in clause["rules"]]
    return lines


def _later(clause: Mapping[str, Any]) -> str:
    if not clause["built"]:
        return "（表单尚未启用）"
    return f"（{'、'.join(clause['missing_forms'])}尚未启用）" if clause["missing_forms"] else ""
