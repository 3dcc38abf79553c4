"""The catalogue: every clause that rules can enforce is enforced, and no rule ever breaks on what staff write."""

from __future__ import annotations

import dataclasses
import json
import types
from collections.abc import Mapping
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from intake.raw import CellValue
from policy.clauses import clauses
from policy.form import Form, columns
from policy.forms import FORMS
from policy.settings import Settings, load_settings
from service.answers import clause_table as catalogue
from service.answers.clause_table import clause_lines, clause_table, is_checked
from sync import app
from tests.case_facts import ZONE
from tests.case_files import all_rules, cases, defaults, every_id
from tests.policy_doc import PAGE, policy_page
from validators.catalogue import SHAPE_RULES, check, rule_ids, rules_for
from validators.facts import Facts
from validators.shape import jsonable, shape

USUAL = Settings.model_validate({"folders": {}}, context={"base": Path()})
SHEETS = {form.sheet for form in FORMS}


# -- clauses and rules


def test_every_clause_that_a_rule_or_a_column_cites_is_in_the_policy() -> None:
    cited = {rule.clause for rule in all_rules()} | {column.clause for form in FORMS for column in columns(form)}
    assert cited - set(clauses()) == set()


def test_a_clause_with_rules_says_that_rules_enforce_it() -> None:
    assert [rule.id for rule in all_rules() if "rule" not in clauses()[rule.clause].how] == []


@pytest.mark.parametrize("id", [each.id for each in clauses().values() if "rule" in each.how])
def test_a_clause_that_rules_enforce_has_rules_or_columns_that_are_checked(id: str) -> None:
    if not set(clauses()[id].forms) <= SHEETS:
        pytest.skip("a form of it is still to come")
    assert is_checked(id)


def test_a_clause_that_nothing_enforces_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    assert is_checked("visit.5.2.6")
    monkeypatch.setattr(catalogue, "RULES", {})
    monkeypatch.setattr(catalogue, "FORMS", ())
    assert not is_checked("visit.5.2.6")
    assert not is_checked("visit.5.2")


# -- what ``policy`` prints


def test_clauses_of_forms_to_come_are_listed_as_such(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalogue, "FORMS", tuple(form for form in FORMS if form.sheet in ("拜访记录", "销售日报")))
    lines = {line.split("  [")[0]: line for line in clause_lines(USUAL) if not line.startswith(" ")}
    assert len(lines) == len(clauses())
    later = {citation for citation, line in lines.items() if "（表单尚未启用）" in line}
    present = {"拜访记录", "销售日报"}
    assert later == {each.citation for each in clauses().values() if each.forms and not present & set(each.forms)}
    assert "（日报豁免、日报申诉、扣款核定尚未启用）" in lines["销售日报 7(4)"]
    assert "尚未启用" not in lines["客户拜访 5.2(4)"]
    assert "尚未启用" not in lines["附则 12"]


def test_nothing_is_to_come_when_all_forms_are_there() -> None:
    missing = {form for clause in clause_table(USUAL) for form in clause["missing_forms"]}
    assert missing == {form for clause in clauses().values() for form in clause.forms} - SHEETS


def test_the_command_lists_every_clause_and_every_rule_with_the_weight_that_the_company_gave_it(tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text('[rules]\n"visit.photo.edited" = "note"\n', encoding="utf-8")
    asked = CliRunner().invoke(app, ["--config", str(config), "policy", "--json"])
    assert asked.exit_code == 0, asked.output
    told = json.loads(asked.stdout)["clauses"]
    assert [clause["id"] for clause in told] == list(clauses())
    rules = {rule["id"]: rule for clause in told for rule in clause["rules"]}
    assert set(rules) == rule_ids()
    assert rules["visit.photo.edited"]["severity"] == "note"
    assert rules["visit.photo.stale"]["severity"] == "refuse"


def test_the_company_s_numbers_from_a_day_on_also_change_how_much_a_rule_weighs(tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text('[[policy]]\nfrom = 2027-01-01\nrules."visit.photo.edited" = "flag"\n', encoding="utf-8")
    loaded = load_settings(config)
    weights = [
        {rule["id"]: rule["severity"] for clause in clause_table(each) for rule in clause["rules"]}
        for each in (loaded, loaded.as_of(datetime(2027, 1, 1).date()))
    ]
    assert [each["visit.photo.edited"] for each in weights] == ["refuse", "flag"]


# -- docs/policy.md


def test_the_page_of_the_policy_is_what_the_rules_and_their_cases_give() -> None:
    assert PAGE.read_text(encoding="utf-8") == policy_page(), "run: make policy-docs"


def test_the_page_shows_every_clause_every_rule_and_how_often_it_was_tried() -> None:
    page = policy_page()
    assert [each.citation for each in clauses().values() if f"# {each.citation}" not in page] == []
    assert [rule for rule in every_id() if page.count(f"| `{rule}`") != 1] == []
    assert f"tried out in {len(cases())} cases" in page


# -- whatever staff write, whatever is known


WORDS = st.sampled_from(
    ["张三", "王五", "全部", "销售人员", "部门经理", "广东省深圳市南山区", "accepted", "", "{x}", "%s"]
)
TEXT = st.one_of(WORDS, st.text(max_size=12))
WHEN = st.datetimes(timezones=st.sampled_from([ZONE, UTC]))
NOW = st.datetimes(datetime(2020, 1, 1), datetime(2099, 12, 31), timezones=st.just(ZONE))
CELLS: st.SearchStrategy[CellValue] = st.one_of(
    st.none(), TEXT, st.floats(), st.integers(-(10**16), 10**16), st.booleans(), st.datetimes(), st.just(time(9)),
    st.dates().map(str), st.sampled_from(["2026-11-23", "13900139000", "男", "9999-12-31", "0001-01-01", "12.8万"]),
)  # fmt: skip
PLAIN: Mapping[Any, st.SearchStrategy[Any]] = {
    str: TEXT, int: st.integers(-3, 2**64), float: st.floats(-1e6, 1e6), bool: st.booleans(), datetime: WHEN,
    bytes: st.just(b""), Settings: st.just(USUAL),
}  # fmt: skip


def anything(kind: Any) -> st.SearchStrategy[Any]:
    """Any value of a type of the facts, made without knowing what the facts are about."""
    origin, inner = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        return st.one_of(*(st.none() if each is type(None) else anything(each) for each in inner))
    if origin is tuple:
        return st.lists(anything(inner[0]), max_size=2).map(tuple)
    if origin is Literal:
        return st.sampled_from(inner)
    if origin is frozenset:
        return st.frozensets(anything(inner[0]), max_size=2)
    if kind is Any:
        return st.one_of(st.none(), st.text(max_size=3), st.integers(0, 9))
    if origin is not None and issubclass(origin, Mapping):
        return st.dictionaries(anything(inner[0]), anything(inner[1]), max_size=2)
    if isinstance(kind, type) and dataclasses.is_dataclass(kind):
        return st.builds(kind, **{name: anything(hint) for name, hint in get_type_hints(kind).items()})
    return PLAIN[kind] if kind in PLAIN else st.from_type(kind)


@st.composite
def facts(draw: st.DrawFn, form: type[Form]) -> Facts:
    hints = get_type_hints(Facts)
    known = draw(st.fixed_dictionaries({name: anything(hint) for name, hint in hints.items() if name != "photos"}))
    pictured = [column.field for column in columns(form) if column.kind == "photos"]
    photos = draw(st.fixed_dictionaries({field: anything(hints["photos"]).map(_first) for field in pictured}))
    return Facts(**{**known, "now": draw(NOW), "photos": photos})


def _first(photos: Mapping[str, Any]) -> Any:
    return next(iter(photos.values()), ())


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.sheet)
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_whatever_stands_in_the_cells_and_whatever_is_known_is_judged(form: type[Form], data: st.DataObject) -> None:
    """Bad data is a value: one row that raised would stop everybody's."""
    good = defaults()["forms"][form.code]["row"]
    cells = {
        column.field: data.draw(st.one_of(st.just(good.get(column.header)), CELLS), column.header)
        for column in columns(form)
    }
    shaped = shape(form, cells, USUAL.lists.model_dump(), {}, frozenset())
    known = data.draw(facts(form), "facts")
    found = check(form, shaped.record, known, shaped.unusable)
    json.dumps(jsonable(form, shaped.record, shaped.unusable))
    rules_for(form).read(shaped.record, known)
    assert {finding.rule for finding in shaped.findings} <= {rule.id for rule in SHAPE_RULES}
    assert {finding.rule for finding in found} <= rule_ids()
    assert all(finding.message and finding.remedy for finding in (*shaped.findings, *found))
