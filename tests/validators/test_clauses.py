"""The clause catalogue: nothing of the policy is left out, nothing is invented."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from policy.clauses import HOW_WORDS, Clause, catalogue, cite, clauses
from policy.form import columns
from policy.forms import FORMS
from policy.settings import CHAINS

POLICY = Path(__file__).parents[3] / "shared" / "policy"

#: Chapter → its numbered items, as they stand in the policy.
ITEMS = {
    "purpose": "1",
    "scope": "2",
    "customer": "3 3.1 3.1.1 3.1.2 3.1.3 3.1.4 3.1.5 3.1.6 3.2 3.2.1 3.2.2 3.2.3",
    "claim": "4 4.1 4.2",
    "visit": ("5 5.1 5.1.1 5.1.2 5.1.3 5.1.4 5.2 5.2.1 5.2.2 5.2.3 5.2.4 5.2.5 5.2.6 5.2.7 5.2.note 5.3 5.3.1 5.3.2"),
    "order": "5 5.1 5.1.1 5.1.2 5.1.3 5.2 5.2.1 5.2.2",
    "payment": "6 6.1 6.1.1 6.1.2 6.2 6.2.1 6.2.2 6.2.3",
    "daily": "7 7.1 7.2 7.3 7.4",
    "transfer": "8 8.1 8.2 8.3",
    "change": "9 9.1 9.2 9.3 9.4 9.5 9.6 9.7 9.8 9.9",
    "person": "10 10.1 10.2",
    "target": "11 11.1 11.2",
    "annex": "12",
}
CHAPTERS = {
    "目的": "purpose", "适用范围": "scope", "客户新增": "customer", "客户申领": "claim", "客户拜访": "visit",
    "客户成交": "order", "客户回款": "payment", "销售日报": "daily", "客户转交": "transfer", "信息变更": "change",
    "人员新增": "person", "指标编审": "target", "附则": "annex",
}  # fmt: skip


def expected() -> list[str]:
    return [f"{chapter}.{number}" for chapter, numbers in ITEMS.items() for number in numbers.split()]


def numbered(text: str) -> Iterator[str]:
    """The ids of the items in the policy's text: chapters, sections, groups in brackets, points, the note."""
    chapter, section = "", ""
    for line in text.splitlines():
        line = re.sub(r"^\[bookmark: [^]]*\]", "", line.strip())
        if match := re.match(r"(\d+)\.\s*(\D+)$", line):
            chapter, section = CHAPTERS[match[2].strip()], match[1]
            yield f"{chapter}.{section}"
        elif match := re.match(r"(\d+\.\d+) ", line):
            section = match[1]
            yield f"{chapter}.{section}"
        elif match := re.match(r"\((\d+)\)", line):
            section = f"{section.split('.')[0]}.{match[1]}"
            yield f"{chapter}.{section}"
        elif match := re.match(r"(\d+) ", line):
            yield f"{chapter}.{section}.{match[1]}"
        elif line.startswith("注意"):
            yield f"{chapter}.{section}.note"


def test_every_numbered_item_of_the_policy_has_a_clause_and_no_clause_is_invented() -> None:
    assert list(clauses()) == expected()


def test_the_list_of_items_is_the_policy_s_own() -> None:
    files = sorted(POLICY.glob("*.txt"))
    if not files:
        pytest.skip("the company's policy text is not beside this repository")
    assert list(numbered(files[0].read_text(encoding="utf-8"))) == expected()


@pytest.mark.parametrize(
    ("id", "citation"),
    [
        ("purpose.1", "目的 1"),
        ("customer.3.1.4", "客户新增 3(1)4"),
        ("claim.4.1", "客户申领 4(1)"),
        ("visit.5.2.4", "客户拜访 5.2(4)"),
        ("visit.5.2.note", "客户拜访 5.2 注意"),
        ("order.5.1.2", "客户成交 5.1(2)"),
        ("daily.7.4", "销售日报 7(4)"),
        ("change.9.9", "信息变更 9(9)"),
    ],
)
def test_a_clause_is_cited_with_its_title(id: str, citation: str) -> None:
    assert cite(id) == citation


def citation_of(id: str) -> str:
    """How an id is quoted by the rule of the house."""
    chapter, *numbers = id.split(".")
    title = next(title for title, name in CHAPTERS.items() if name == chapter)
    note = " 注意" if numbers[-1] == "note" else ""
    parts = [number for number in numbers if number != "note"]
    if chapter in ("visit", "order", "payment"):
        head, rest = ".".join(parts[:2]), [f"({part})" for part in parts[2:]]
    else:
        head, rest = parts[0], [f"({part})" for part in parts[1:2]] + parts[2:]
    return f"{title} {head}{''.join(rest)}{note}"


def test_every_citation_follows_from_the_id() -> None:
    assert {each.id: each.citation for each in clauses().values()} == {each: citation_of(each) for each in clauses()}


def test_the_two_chapters_numbered_five_are_never_confused() -> None:
    assert cite("visit.5.2") == "客户拜访 5.2"
    assert cite("order.5.2") == "客户成交 5.2"
    assert len({clause.citation for clause in clauses().values()}) == len(clauses())


def test_an_unknown_clause_is_an_error() -> None:
    with pytest.raises(KeyError):
        cite("visit.9.9")


def test_every_clause_says_how_it_is_enforced_in_words_that_staff_understand() -> None:
    for clause in clauses().values():
        assert set(clause.how) <= set(HOW_WORDS)
        assert not re.search(r"[A-Za-z]", clause.summary + clause.how_note + clause.title), clause.id


def test_every_clause_s_summary_is_in_our_own_words() -> None:
    files = sorted(POLICY.glob("*.txt"))
    if not files:
        pytest.skip("the company's policy text is not beside this repository")
    text = files[0].read_text(encoding="utf-8")
    assert [clause.id for clause in clauses().values() if clause.summary.rstrip("。") in text] == []


def test_every_sheet_answers_to_a_clause_and_every_clause_of_a_form_exists() -> None:
    assert {form for clause in clauses().values() for form in clause.forms} == set(CHAINS)
    named = {form.clause for form in FORMS} | {column.clause for form in FORMS for column in columns(form)}
    assert named <= set(clauses())


def damaged(**changes: object) -> dict[str, dict[str, object]]:
    whole = clauses()["daily.7.4"].model_dump(exclude={"id"})
    return {"daily.7.4": {**whole, **changes}}


@pytest.mark.parametrize(
    "change",
    [{"how": []}, {"how": ["magic"]}, {"forms": ["日报"]}, {"summary": ""}, {"how_note": "没有句号"}, {"extra": 1}],
)
def test_a_damaged_catalogue_is_noticed(change: dict[str, object]) -> None:
    assert catalogue(damaged())
    with pytest.raises(ValueError, match="validation"):
        catalogue(damaged(**change))


def test_two_clauses_with_one_citation_are_noticed() -> None:
    twin: dict[str, Clause] = {"a": clauses()["daily.7.4"], "b": clauses()["daily.7.4"]}
    with pytest.raises(ValueError, match="both cited as 销售日报 7"):
        catalogue({name: clause.model_dump(exclude={"id"}) for name, clause in twin.items()})
