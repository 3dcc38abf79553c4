"""The policy's clauses: how each is cited, what it says, and how it is enforced."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, TypeAdapter

from policy.settings import Sheet

How = Literal["rule", "process", "report", "people"]

#: How a clause is enforced, in the words that staff read.
HOW_WORDS: Mapping[How, str] = {
    "rule": "逐行检查",
    "process": "流程保证",
    "report": "报表反映",
    "people": "由人做到",
}


def _one_sentence(text: str) -> str:
    if not text.endswith("。") or "\n" in text or text.count("。") != 1:
        raise ValueError("one sentence in Chinese, with its full stop")
    return text


Text = Annotated[str, Field(min_length=1)]
Sentence = Annotated[Text, AfterValidator(_one_sentence)]


class Clause(BaseModel):
    """One numbered item of the policy."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: Text  #: chapter and numbers: ``visit.5.2.4``
    citation: Text  #: as a reader quotes it, always with its title: 客户拜访 5.2(4)
    title: Text
    summary: Sentence  #: in our own words
    how: Annotated[tuple[How, ...], Field(min_length=1)]
    forms: tuple[Sheet, ...]  #: the sheets that it concerns; none: not about one sheet
    how_note: Sentence  #: what the software does about it


@cache
def clauses() -> Mapping[str, Clause]:
    """All clauses by id, in the policy's order.

    Raises ``ValueError`` when the catalogue itself is damaged.
    """
    text = Path(__file__).with_name("clauses.toml").read_text(encoding="utf-8")
    return catalogue(tomllib.loads(text))


def catalogue(tables: Mapping[str, Any]) -> Mapping[str, Clause]:
    """*tables*, checked: every citation stands for one clause only."""
    rows = [{"id": name, **table} for name, table in tables.items()]
    found = TypeAdapter(tuple[Clause, ...]).validate_python(rows)
    cited: dict[str, str] = {}
    for clause in found:
        if (other := cited.setdefault(clause.citation, clause.id)) != clause.id:
            raise ValueError(f"{other} and {clause.id} are both cited as {clause.citation}")
    return MappingProxyType({clause.id: clause for clause in found})


def cite(id: str) -> str:
    """How clause *id* is quoted: ``客户拜访 5.2(4)``.

    Raises ``KeyError`` for an id that is not in the catalogue.
    """
    return clauses()[id].citation
