"""The changes: mutmut's operators at every place of a module, decorated functions and constants included.

mutmut itself leaves out decorated functions (every rule of ours is one) and whatever stands outside of functions.
Left out here: annotations, docstrings, imports, and strings in other letter case (SQL does not mind).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import libcst as cst
from libcst.metadata import MetadataWrapper, PositionProvider
from mutmut.mutation.mutators import mutation_operators, operator_string

SKIPPED = (cst.Annotation, cst.Import, cst.ImportFrom, cst.TypeAlias)
UNCHANGED_CALLS = {"isinstance", "len", "TypeVar", "cast"}
HEADS = (
    cst.SimpleStatementLine,
    cst.FunctionDef,
    cst.ClassDef,
    cst.If,
    cst.For,
    cst.While,
    cst.With,
    cst.Try,
    cst.Match,
)


@dataclass(frozen=True)
class Mutant:
    """A module with one small change."""

    path: str  #: of the module, below the repository
    line: int
    first: int  #: line where the statement begins that was changed
    last: int  #: line where the changed place ends
    within: str  #: the function or class
    at_load: bool  #: a constant, a decorator, a default: run when the module is loaded, not when it is used
    before: str
    after: str
    module: Any
    old: Any
    new: Any

    @property
    def key(self) -> tuple[str, int, str, str]:
        """What tells it from all others of the same source."""
        return (self.path, self.line, self.before, self.after)

    def source(self) -> str:
        """The whole module as changed."""
        return str(self.module.deep_replace(self.old, self.new).code)


def mutants(path: Path, below: Path) -> list[Mutant]:
    """Every change of a module, in the order of its lines, each once."""
    wrapper = MetadataWrapper(cst.parse_module(path.read_text(encoding="utf-8")))
    places = wrapper.resolve(PositionProvider)
    name = path.relative_to(below).as_posix()
    found: dict[tuple[Any, ...], Mutant] = {}
    for node, around in _nodes(wrapper.module, _Around(wrapper.module, (), True)):
        if node not in places:
            continue
        at = places[node]
        before = wrapper.module.code_for_node(node).strip()
        for new in _changed(node):
            after = wrapper.module.code_for_node(new).strip()
            lines = [places[around.statement].start.line, at.end.line]
            if around.at_load and isinstance(around.statement, cst.FunctionDef):
                lines.append(places[around.statement.body].end.line)  # whoever comes by the function depends on it
            made = Mutant(
                name, at.start.line, min(lines), max(lines), ".".join(around.within), around.at_load, before, after,
                wrapper.module, node, new,
            )  # fmt: skip
            found.setdefault((*made.key, at.start.column), made)
    return list(found.values())


def _changed(node: Any) -> Iterator[Any]:
    for kind, operator in mutation_operators:
        if isinstance(node, kind):
            changes = list(operator(node))
            yield from changes[:1] if operator is operator_string else changes


@dataclass(frozen=True)
class _Around:
    statement: Any
    within: tuple[str, ...]
    at_load: bool

    def of(self, child: Any, parent: Any) -> _Around:
        """What stands around what is below *child*."""
        named = isinstance(child, (cst.FunctionDef, cst.ClassDef))
        return _Around(
            child if isinstance(child, HEADS) else self.statement,
            (*self.within, child.name.value) if named else self.within,
            self.at_load and not (isinstance(parent, cst.FunctionDef) and child is parent.body),
        )


def _nodes(node: Any, around: _Around) -> Iterator[tuple[Any, _Around]]:
    """Every node with what stands around it, from top to bottom."""
    for child in node.children:
        if isinstance(child, SKIPPED) or _is_docstring(child) or _is_unchanged_call(child) or _is_for_types(child):
            continue
        here = around.of(child, node)
        yield child, here
        yield from _nodes(child, here)


def _is_docstring(node: Any) -> bool:
    return isinstance(node, cst.Expr) and isinstance(node.value, (cst.SimpleString, cst.ConcatenatedString))


def _is_unchanged_call(node: Any) -> bool:
    return isinstance(node, cst.Call) and isinstance(node.func, cst.Name) and node.func.value in UNCHANGED_CALLS


def _is_for_types(node: Any) -> bool:
    return isinstance(node, cst.If) and isinstance(node.test, cst.Name) and node.test.value == "TYPE_CHECKING"
