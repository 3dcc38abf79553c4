"""What the documents name is there: a module, a page, a picture, a test (nobody should look for what has moved)."""

from __future__ import annotations

import re
import subprocess
from functools import cache
from pathlib import Path

import pytest

HOUSE = Path(__file__).parents[2]
#: A file named in code marks, perhaps with one of its tests behind it.
_NAMED = re.compile(r"`((?:[\w-]+/)*[\w-]+\.(?:py|md|toml|sh|lock))(?:::(\w+))?`")
_LINK = re.compile(r"\]\((?!\w+:)([^)#\s]+)")


@cache
def _files() -> frozenset[str]:
    """Every file of the house, as git knows it."""
    listed = subprocess.run(
        ["git", "-c", "core.quotePath=false", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=HOUSE, capture_output=True, text=True, check=True, encoding="utf-8",
    )  # fmt: skip
    return frozenset(listed.stdout.splitlines())


def _documents() -> list[str]:
    return sorted(name for name in _files() if name.endswith(".md"))


def _is_there(name: str) -> list[str]:
    """The files that a text may mean: a path from the top, or the end of one ("`watch/loop.py`")."""
    return [each for each in _files() if each == name or each.endswith(f"/{name}")]


@pytest.mark.parametrize("document", _documents())
def test_what_a_document_names_is_there(document: str) -> None:
    text = (HOUSE / document).read_text("utf-8")
    gone = [name for name, _ in _NAMED.findall(text) if not _is_there(name)]
    gone += [link for link in _LINK.findall(text) if not (HOUSE / document).parent.joinpath(link).exists()]
    tests = [(name, test) for name, test in _NAMED.findall(text) if test]
    gone += [test for name, test in tests if not any(f"def {test}(" in _read(each) for each in _is_there(name))]
    assert not gone


@pytest.mark.parametrize("document", _documents())
def test_what_a_document_tells_to_make_can_be_made(document: str) -> None:
    made = set(re.findall(r"^([\w-]+):", _read("Makefile"), re.MULTILINE))
    told = re.findall(r"(?:`|^)make ([a-z-]+)", _read(document), re.MULTILINE)
    assert set(told) <= made


def test_a_decision_has_a_number_of_its_own_and_is_called_by_it() -> None:
    names = [
        Path(name).name
        for name in _documents()
        if name.startswith("docs/decisions/") and Path(name).name != "README.md"
    ]
    numbers = [name[:3] for name in names]
    assert sorted(number for number in set(numbers) if numbers.count(number) > 1) == []
    heads = {name: _read(f"docs/decisions/{name}").splitlines()[0] for name in names}
    assert {name: head for name, head in heads.items() if not head.startswith(f"# {name[:3]} ")} == {}


@pytest.mark.parametrize("document", _documents())
def test_a_decision_that_a_document_calls_by_its_number_is_there(document: str) -> None:
    taken = {Path(name).name[:3] for name in _documents() if name.startswith("docs/decisions/")}
    text = _read(document)
    assert set(re.findall(r"[Dd]ecisions? (\d{3})\b", text)) <= taken
    assert [link for number, link in re.findall(r"\[(\d{3})\]\((?:[\w/.]*/)?(\d{3})-", text) if number != link] == []


def _read(name: str) -> str:
    return (HOUSE / name).read_text("utf-8")


def test_a_name_that_leads_nowhere_is_noticed() -> None:
    assert not _is_there("service/nowhere.py")
    assert _NAMED.findall("see `sync.py` and `tests/house/test_documents.py::test_nothing`") == [
        ("sync.py", ""),
        ("tests/house/test_documents.py", "test_nothing"),
    ]
    assert _LINK.findall("[a](docs/a.md#b) [b](ftp:b) [c](mailto:c)") == ["docs/a.md"]
