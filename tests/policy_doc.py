"""Writes ``docs/policy.md``: ``python -m tests.policy_doc``, or ``make policy-docs``."""

from __future__ import annotations

from pathlib import Path

from outbox.templates.manual import render_policy_page
from policy.settings import Settings
from service.answers.clause_table import Proof, clause_table, shape_table
from tests.case_facts import asked
from tests.case_files import cases_of, every_id

PAGE = Path(__file__).parents[1] / "docs" / "policy.md"


def policy_page() -> str:
    """The page as it should be, under the numbers and severities that Kebu comes with."""
    settings = Settings.model_validate({"folders": {}}, context={"base": Path()})
    proofs = {rule: _proof(rule) for rule in every_id()}
    return render_policy_page(clause_table(settings, proofs), shape_table(proofs))


def _proof(rule: str) -> Proof:
    cases = cases_of(rule)
    found = (finding for case in cases if case.finds for finding in asked(case).findings() if finding.rule == rule)
    first = next(found, None)
    return Proof(len(cases), first.message if first else "", first.remedy if first else "")


if __name__ == "__main__":
    PAGE.write_text(policy_page(), encoding="utf-8", newline="\n")
