"""The rules, held against their cases: the exact words that staff will read."""

from __future__ import annotations

import random
import re

import pytest

from ledger.records import Finding, Severity
from outbox.receipts.compose import finding_words
from policy.form import Form, columns
from policy.forms import FORMS
from tests.case_facts import Asked, asked, put
from tests.case_files import SHAPE_IDS, Case, all_rules, cases, cases_of, defaults, every_id
from validators.catalogue import RULES, check
from validators.rule import Rule
from validators.shape import shape

FINDING = [case for case in cases() if case.finds]
IDS = [rule.id for rule in all_rules()]
FIRST_OF_EACH = list({case.rule: case for case in reversed(FINDING) if not case.of_shape}.values())
LETTERS = re.compile(r"[A-Za-z][A-Za-z0-9._-]*")
PLACEHOLDER = re.compile(r"\{[^{}]*\}")
TWO_MARKS = re.compile(r"[，。；：、！？][，。；：、！？]")


def of(case: Case) -> list[Finding]:
    return [finding for finding in asked(case).findings() if finding.rule == case.rule]


@pytest.mark.parametrize("case", cases(), ids=str)
def test_a_rule_says_exactly_this(case: Case) -> None:
    assert [finding.message for finding in of(case)] == list(case.finds)


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.sheet)
def test_nothing_is_found_about_a_good_row(form: type[Form]) -> None:
    assert put(form, {}).findings() == []


@pytest.mark.parametrize("rule", every_id())
def test_every_rule_has_a_case_that_it_finds_and_one_that_it_lets_pass(rule: str) -> None:
    if rule in SHAPE_IDS and not can_happen(rule):
        pytest.skip("no form has such a column yet")
    assert {bool(case.finds) for case in cases_of(rule)} == {True, False}


def can_happen(shape_rule: str) -> bool:
    kinds = {column.kind for form in FORMS for column in columns(form)}
    return shape_rule.removeprefix("shape.") in {*kinds, "required", "cell", "understood", "namesake"}


def test_every_form_has_rules_and_every_rule_an_id_and_a_form_of_its_own() -> None:
    assert set(RULES) == set(FORMS)
    assert len(IDS) == len(set(IDS))
    assert not [(one, other) for one in IDS for other in IDS if other.startswith(f"{one}.")]
    for form, rules in RULES.items():
        assert [rule.id for rule in rules if not rule.id.startswith(f"{form.code}.")] == []


@pytest.mark.parametrize("case", cases(), ids=str)
def test_a_case_asks_what_its_rule_reads(case: Case) -> None:
    """A rule that is not asked, because its columns could not be read, lets everything pass."""
    if not case.of_shape:
        rule = next(rule for rule in all_rules() if rule.id == case.rule)
        assert case.given, "a case differs from the good row in something"
        assert not asked(case).shaped.unusable.intersection(rule.reads)


@pytest.mark.parametrize("rule", all_rules(), ids=lambda rule: rule.id)
def test_a_rule_reads_columns_of_its_form_and_marks_one(rule: Rule) -> None:
    form = next(form for form, rules in RULES.items() if rule in rules)
    assert set(rule.reads) <= {column.field for column in columns(form)}
    assert rule.column in {column.header for column in columns(form)} | {""}


@pytest.mark.parametrize("case", FINDING, ids=str)
def test_a_rule_is_silent_about_columns_that_could_not_be_read(case: Case) -> None:
    question = asked(case)
    for rule in all_rules():
        if rule.id == case.rule:
            for field in rule.reads:
                unusable = question.shaped.unusable | {field}
                found = check(question.form, question.shaped.record, question.facts, unusable)
                assert [finding for finding in found if finding.rule == rule.id] == []


# -- the words


@pytest.mark.parametrize("rule", all_rules(), ids=lambda rule: rule.id)
def test_a_rule_s_own_words_are_chinese(rule: Rule) -> None:
    for words in (PLACEHOLDER.sub("", rule.says), PLACEHOLDER.sub("", rule.remedy)):
        assert not LETTERS.search(words), words
        assert re.search(r"[\u4e00-\u9fff]", words)
        assert not TWO_MARKS.search(words), words
        assert not words.endswith(("。", "，")), "the receipt puts the full stop"


@pytest.mark.parametrize("case", FINDING, ids=str)
def test_a_finding_holds_no_words_but_chinese_ones_and_those_of_the_row(case: Case) -> None:
    given = repr((case.given, defaults()))
    for finding in of(case):
        words = finding_words(finding)
        assert not PLACEHOLDER.search(words), words
        assert not TWO_MARKS.search(words), words
        examples = " ".join(column.example + column.help for column in columns(case.form))
        assert [word for word in LETTERS.findall(words) if word not in given + examples] == []
        assert finding.column in {column.header for column in columns(case.form)} | {""}


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.sheet)
def test_a_blank_cell_is_told_in_whole_sentences(form: type[Form]) -> None:
    compulsory = [column for column in columns(form) if column.required]
    findings = shape(form, {}, {}, {}, frozenset()).findings
    assert [finding.message for finding in findings] == [f"“{column.header}”没有填写" for column in compulsory]
    for finding, column in zip(findings, compulsory, strict=True):
        words = finding_words(finding)
        assert not TWO_MARKS.search(words), words
        assert [word for word in LETTERS.findall(words) if word not in column.example] == []


# -- what the company may set


@pytest.mark.parametrize("severity", list(Severity))
@pytest.mark.parametrize("case", FIRST_OF_EACH, ids=str)
def test_the_company_may_set_how_much_a_rule_weighs(case: Case, severity: Severity) -> None:
    settings = {**case.given.get("settings", {}), "rules": {case.rule: severity.value}}
    found = [finding for finding in asked(case, settings=settings).findings() if finding.rule == case.rule]
    expected = [] if severity is Severity.OFF else [severity] * len(case.finds)
    assert [finding.severity for finding in found] == expected


def test_a_rule_that_is_switched_off_leaves_the_others_alone() -> None:
    case = next(case for case in FINDING if case.rule == "visit.photo.city")
    question = asked(case, row={"拜访对象": "客户"})
    assert {finding.rule for finding in question.findings()} == {"visit.photo.city", "visit.met.named"}
    muted = asked(case, row={"拜访对象": "客户"}, settings={"rules": {"visit.photo.city": "off"}})
    assert {finding.rule for finding in muted.findings()} == {"visit.met.named"}


# -- rows do not see each other


def test_what_is_found_about_a_row_does_not_depend_on_the_rows_before_it() -> None:
    questions = [asked(case) for case in cases()]
    first = [question.findings() for question in questions]
    order = list(range(len(questions)))
    random.Random(20261123).shuffle(order)
    again: dict[int, list[Finding]] = {index: questions[index].findings() for index in order}
    assert [again[index] for index in range(len(questions))] == first


def test_a_rule_finds_the_same_whatever_other_rules_are_asked_before_it() -> None:
    for case in FINDING:
        question: Asked = asked(case)
        rules = [rule for rule in RULES[case.form] if not question.shaped.unusable.intersection(rule.reads)]
        backwards = [
            finding
            for rule in reversed(rules)
            for values in rule.check(question.shaped.record, question.facts)
            for finding in [rule.finding(values, rule.severity)]
        ]
        found = check(question.form, question.shaped.record, question.facts, question.shaped.unusable)
        assert sorted(map(repr, backwards)) == sorted(map(repr, found))
