"""Pages of the documentation, made from what they speak of: a form's page in the manual, the policy with its rules."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from outbox.templates.guide import choices_of, explain
from policy.clauses import HOW_WORDS
from policy.form import Form, columns
from policy.posts import SET_UP

_TEMPLATES = Path(__file__).parents[2] / "templates"


def render_form_page(
    form: type[Form],
    cite: Callable[[str], str],
    lists: Mapping[str, Sequence[str]] | None = None,
    approval: Sequence[str] | None = None,
) -> str:
    """Markdown for ``docs/手册/表单/<form>.md``; *cite* turns a clause's id into the words that staff read.

    With *lists* the words that may be chosen are written out, with *approval* the chain of posts that decide
    (empty: nobody has to).
    """
    rows = [
        {
            "header": column.header,
            "required": column.required,
            "help": explain(column, choices_of(column, lists or {})),
            "example": column.example,
            "clause": cite(column.clause),
        }
        for column in columns(form)
    ]
    page = _environment().get_template("form.md.j2")
    photos = any(column.kind == "photos" for column in columns(form))
    return page.render(
        form=form, clause=cite(form.clause), columns=rows, photos=photos, approval=approval,
        set_up=SET_UP in form.submitters,
    )  # fmt: skip


def render_policy_page(clauses: Sequence[Mapping[str, Any]], shapes: Sequence[Mapping[str, Any]]) -> str:
    """Markdown for ``docs/policy.md``: clauses as ``clause_table`` gives them with proofs, and the rules of cells."""
    rules = [rule for clause in clauses for rule in clause["rules"]]
    chapters = {clause["id"].split(".")[0]: clause["id"] for clause in reversed(clauses)}
    told = [{**clause, "heading": clause["id"] in chapters.values()} for clause in clauses]
    cases = sum(rule["cases"] for rule in (*rules, *shapes))
    page = _environment().get_template("policy.md.j2")
    return page.render(clauses=told, rules=rules, shapes=shapes, cases=cases)


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES, encoding="utf-8"),
        undefined=StrictUndefined,
        autoescape=False,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["cell"] = _cell
    environment.filters["how"] = HOW_WORDS.__getitem__
    return environment


def _cell(text: str) -> str:
    """*text* inside a Markdown table: one line, bars and brackets as themselves."""
    escaped = text.replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;").replace(">", "&gt;")
    return "<br>".join(escaped.splitlines())
