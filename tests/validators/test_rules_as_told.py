"""Each rule as people meet it: its line in the policy's page, the column that it marks, what it advises, what it reads."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import FrozenInstanceError, fields, replace
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from ledger.records import Finding, Photo, Severity
from policy.clauses import clauses
from policy.form import columns
from policy.forms.bank_line import BankLine
from policy.forms.opening import OpeningCustomer
from policy.forms.visit import Visit
from policy.settings import Settings
from tests.case_facts import Asked, asked
from tests.case_files import SHAPE_IDS, Case, all_rules, cases_of, form_of
from tests.policy_doc import PAGE
from validators.catalogue import FORM_RULES, RULES, SHAPE_RULES, ShapeRule, rule_ids, rules_for
from validators.context import Context
from validators.facts import CorrectedRow, EarlierText, Facts, Lookalike, Move, OrderFacts, Reserved
from validators.form_rules import FormRules
from validators.judging import Candidate, Gathered, RawRow, RowPictures
from validators.layout import Layout, Unfit
from validators.namesakes import Register
from validators.rule import Rule, in_force, severity_of
from validators.shape import Shaped
from validators.verdict import Verdict
from validators.written.lines import Value
from validators.written.point import Point, Spot
from validators.written.seek import SeenValue

ADVISED = Path(__file__).parents[1] / "golden" / "advised.txt"
USUAL = Settings.model_validate({"folders": {}}, context={"base": Path()})


@cache
def questions(rule: str) -> tuple[tuple[Case, Asked], ...]:
    """The cases of a rule, made real once for all that is asked of them."""
    return tuple((case, asked(case)) for case in cases_of(rule))


def found(question: Asked, rule: Rule) -> list[Finding]:
    """What this rule alone says of a row."""
    if not question.shaped.unusable.isdisjoint(rule.reads):
        return []
    severity = severity_of(rule, question.facts.settings)
    return [rule.finding(values, severity) for values in rule.check(question.shaped.record, question.facts)]


# -- docs/policy.md, line by line


@cache
def lines() -> Mapping[str, tuple[str, str]]:
    """Rule → the citation of the clause under which it stands, and its line."""
    found: dict[str, tuple[str, str]] = {}
    heading = ""
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            heading = line.lstrip("#").strip()
        elif line.startswith("| `"):
            found[line.split("`")[1]] = (heading, line)
    return found


def cell(text: str) -> str:
    for mark, written in (("\\", "\\\\"), ("|", "\\|"), ("<", "&lt;"), (">", "&gt;")):
        text = text.replace(mark, written)
    return "<br>".join(text.splitlines())


@pytest.mark.parametrize("rule", all_rules(), ids=lambda rule: rule.id)
def test_a_rule_alone_says_in_each_of_its_cases_what_stands_there(rule: Rule) -> None:
    for case, question in questions(rule.id):
        assert [finding.message for finding in found(question, rule)] == list(case.finds), case.name


@pytest.mark.parametrize("rule", all_rules(), ids=lambda rule: rule.id)
def test_a_rule_s_line_in_the_policy_is_what_it_is(rule: Rule) -> None:
    """Who asks for a rule's weight or advice reads the page: it is the rule's own."""
    heading, line = lines()[rule.id]
    clause = clauses()[rule.clause]
    assert heading.startswith(clause.citation)
    first = next(finding for case, question in questions(rule.id) if case.finds for finding in found(question, rule))
    parts = (severity_of(rule, USUAL).value, cell(first.message), cell(first.remedy), str(len(cases_of(rule.id))))
    assert line == f"| `{rule.id}`<br>{cell(rule.meaning)} | {' | '.join(parts)} |"
    assert (first.severity, first.clause) == (severity_of(rule, USUAL), rule.clause)
    form = next(each.form for each in FORM_RULES if rule in each.rules)
    fields = {column.field for column in columns(form)}
    assert set() < set(rule.reads) <= fields, "a rule about nothing would be asked of rows that could not be read"


@pytest.mark.parametrize("each", SHAPE_RULES, ids=lambda each: each.id)
def test_a_line_about_cells_is_what_it_is(each: ShapeRule) -> None:
    heading, line = lines()[each.id]
    assert heading == "Every cell"
    assert line.startswith(f"| `{each.id}` | {cell(each.meaning)} | ")
    assert line.endswith(f" | {len(cases_of(each.id))} |")


def test_the_page_has_a_line_for_every_rule_and_no_other() -> None:
    assert set(lines()) == rule_ids() | SHAPE_IDS
    assert {each.id for each in all_rules()} == rule_ids()
    assert [each.form for each in FORM_RULES] == list(RULES)
    assert all(rules_for(each.form) is each and RULES[each.form] is each.rules for each in FORM_RULES)


def test_each_form_s_module_has_its_rules_and_the_catalogue_has_them_all() -> None:
    named = {form.code: form for form in RULES}
    by_form = {each.form: each for each in FORM_RULES}
    modules = {
        "person": "person", "person_change": "person_change", "customer": "customer", "claim": "claim", "plan": "visit_plan",
        "visit": "visit", "order": "order", "payment": "payment", "bank": "bank_line", "daily": "daily_report",
        "exemption": "exemption", "transfer": "transfer", "change": "customer_change", "target": "target", "appeal": "appeal",
        "charge": "charge", "deputy": "deputy", "correction": "correction", "opportunity": "opportunity", "opening": "opening",
    }  # fmt: skip
    assert list(named) == list(modules)
    for code, name in modules.items():
        module = import_module(f"validators.{name}")
        own: FormRules = getattr(module, name.upper())
        assert own is by_form[named[code]], name
        assert own.form is named[code]
        assert own.rules == getattr(module, "RULES", ()), name
        assert all(each.id.startswith(f"{code}.") for each in own.rules)
    for name, part, form in (
        ("live_photo", "RULES", Visit), ("whereabouts", "RULES", Visit), ("visit_place", "RULES", Visit),
        ("opening_order", "ORDER_RULES", OpeningCustomer),
    ):  # fmt: skip
        several = getattr(import_module(f"validators.{name}"), part)
        assert len(several) > 1
        assert [each for each in by_form[form].rules if each in several] == list(several), name


def test_every_rule_is_about_columns_of_its_form_and_a_clause_of_the_policy() -> None:
    for form, rules in RULES.items():
        fields, headers = zip(*((column.field, column.header) for column in columns(form)), strict=True)
        for rule in rules:
            assert set() < set(rule.reads) <= set(fields), rule.id
            assert rule.column in (*headers, ""), rule.id
            assert rule.clause in clauses(), rule.id
            assert rule.severity in (Severity.REFUSE, Severity.FLAG, Severity.NOTE), rule.id
            assert all((rule.says, rule.remedy, rule.meaning)), rule.id


# -- what is marked, and what is advised


def marked(rule: Rule) -> list[str]:
    return [
        f"{case}\t{each.severity.value}\t{each.clause}\t{each.column}\t{each.remedy}"
        for case, question in questions(rule.id)
        for each in found(question, rule)
    ]


def marked_of_cells(rule: str) -> list[str]:
    return [
        f"{case}\t{each.severity.value}\t{each.clause}\t{each.column}\t{each.remedy}"
        for case, question in questions(rule)
        for each in question.shaped.findings
        if each.rule == rule
    ]


@cache
def advised() -> Mapping[str, list[str]]:
    """Rule → what is marked and advised in its cases, as it was read before it was committed."""
    if os.environ.get("KEBU_WRITE_GOLDEN"):
        every = [*(marked(rule) for rule in all_rules()), *(marked_of_cells(each.id) for each in SHAPE_RULES)]
        text = "\n".join(line for lines_of_one in every for line in lines_of_one)
        ADVISED.write_text(f"{text}\n", encoding="utf-8", newline="\n")
    kept: dict[str, list[str]] = {}
    for line in ADVISED.read_text(encoding="utf-8").splitlines():
        kept.setdefault(line.partition("\t")[0].rpartition(".")[0], []).append(line)
    return kept


@pytest.mark.parametrize("rule", all_rules(), ids=lambda rule: rule.id)
def test_a_rule_marks_this_column_and_advises_this(rule: Rule) -> None:
    """KEBU_WRITE_GOLDEN=1 writes the file anew, to be read before it is committed."""
    assert marked(rule) == advised()[rule.id]


@pytest.mark.parametrize("each", SHAPE_RULES, ids=lambda each: each.id)
def test_a_cell_that_cannot_be_read_is_marked_and_this_is_advised(each: ShapeRule) -> None:
    assert marked_of_cells(each.id) == advised().get(each.id, [])


def test_nothing_is_kept_of_rules_that_are_no_more() -> None:
    assert set(advised()) <= rule_ids() | SHAPE_IDS
    assert rule_ids() <= set(advised())


# -- what a rule reads


@pytest.mark.parametrize("rule", all_rules(), ids=lambda rule: rule.id)
def test_a_rule_says_nothing_else_of_a_row_of_which_a_column_cannot_be_read(rule: Rule) -> None:
    """Whatever a rule looks at it names among what it reads: otherwise it would judge by what is not there."""
    for case, question in questions(rule.id):
        before = _said(rule, question, question.shaped.record)
        for column in columns(case.form) if case.finds else ():
            if column.field not in rule.reads and column.field not in question.shaped.unusable:
                nothing: Any = () if column.kind in ("names", "photos") else None
                without = question.shaped.record.model_copy(update={column.field: nothing})
                assert _said(rule, question, without) in (before, []), (case.name, column.header)


def _said(rule: Rule, question: Asked, record: Any) -> list[dict[str, Any]]:
    return [dict(values) for values in rule.check(record, question.facts)]


ONE_EACH = [rule for rule in all_rules() if "{photo}" in rule.says]


@pytest.mark.parametrize("rule", ONE_EACH, ids=lambda rule: rule.id)
def test_every_picture_is_looked_at(rule: Rule) -> None:
    """One that is as it should be, or that is wrong, keeps nobody from looking at the next."""
    (field,) = (
        column.field for column in columns(form_of(rule.id)) if column.kind == "photos" and column.field in rule.reads
    )
    usual = asked(Case(rule.id, "usual", {}, ()))
    for case, question in questions(rule.id):
        good, mine = usual.facts.photos_of(field)[:1], question.facts.photos_of(field)
        bad = next((each for each in mine if len(_among(rule, question, field, (each,))) == 1), None)
        if bad is not None and not _among(rule, question, field, good):
            named = _among(rule, question, field, (*good, bad, *good, replace(bad, name="又一张.jpg")))
            assert [each["photo"] for each in named] == [bad.name, "又一张.jpg"], case.name


def _among(rule: Rule, question: Asked, field: str, photos: tuple[Photo, ...]) -> list[dict[str, Any]]:
    facts = question.facts.but(photos={**question.facts.photos, field: photos})
    return [dict(values) for values in rule.check(question.shaped.record, facts)]


def test_a_form_without_more_to_know_or_to_read_knows_and_reads_no_more() -> None:
    question = asked(cases_of("bank.date.future")[0])
    plain = FormRules(BankLine, ())
    assert plain.gather(question.shaped.record, question.facts, None) is question.facts  # type: ignore[arg-type]
    assert plain.read(question.shaped.record, question.facts) == {}


# -- how much a rule weighs


def test_a_rule_that_is_off_is_not_asked_and_the_others_keep_their_order() -> None:
    rules = FORM_RULES[0].rules
    off = Settings.model_validate(
        {"folders": {}, "rules": {rules[1].id: "off", rules[2].id: "note"}}, context={"base": Path()}
    )
    for _ in range(2):
        weighed = in_force(rules, off)
        assert [rule for rule, _weight in weighed] == [rules[0], *rules[2:]]
        assert weighed[1][1] is Severity.NOTE
        assert in_force(rules, off) is weighed, "settled once for the rows of a sheet"
        assert in_force(rules, USUAL) == tuple((rule, rule.severity) for rule in rules), "other numbers, weighed anew"


def test_rules_cannot_be_changed() -> None:
    records: tuple[tuple[Any, str], ...] = (
        (all_rules()[0], "clause"), (FORM_RULES[0], "rules"), (SHAPE_RULES[0], "meaning"),
    )  # fmt: skip
    for record, field in records:
        with pytest.raises(FrozenInstanceError):
            setattr(record, field, None)


FROZEN = (
    CorrectedRow, EarlierText, Facts, Lookalike, Move, OrderFacts, Reserved, Context, RawRow, RowPictures, Candidate, Gathered,
    Layout, Unfit, Register, Shaped, Verdict, Value, Spot, Point, SeenValue,
)  # fmt: skip


@pytest.mark.parametrize("kind", FROZEN, ids=lambda kind: kind.__name__)
def test_what_is_known_of_a_row_cannot_be_changed(kind: type[Any]) -> None:
    """Whoever is handed facts, pictures or a verdict changes them for nobody else."""
    record = object.__new__(kind)
    with pytest.raises(FrozenInstanceError):
        setattr(record, fields(kind)[0].name, None)
