"""The laws of the house that no linter knows."""

from __future__ import annotations

import ast
import importlib
import re
import subprocess
import tomllib
import warnings
from collections.abc import Iterator
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from policy.forms import FORMS
from processors.effects import FORM_EFFECTS
from validators.catalogue import FORM_RULES, rules_for

ROOMS = ("disk", "policy", "ledger", "intake", "validators", "processors", "outbox", "service", "door", "demo")
REPOSITORY = Path(__file__).parents[2]
VENDOR = REPOSITORY / "tests" / "vendor"  # as others publish it, word for word
LOCK = REPOSITORY / "requirements.lock"
OCR_LOCK = REPOSITORY / "requirements-ocr.lock"
TOO_LONG, LONG = 400, 250

# A statement of the database's language, not a word that happens to stand in a sentence.
SQL = re.compile(
    r"^\s*(?:SELECT\s.+\sFROM\s|INSERT\s+(?:OR\s+\w+\s+)?INTO\s|UPDATE\s+\w+\s+SET\s|DELETE\s+FROM\s|"
    r"CREATE\s+(?:TABLE|VIEW|INDEX|TRIGGER)\s|WITH\s.+\sSELECT\s|PRAGMA\s)",
    re.IGNORECASE | re.DOTALL,
)
MACHINE = re.compile(r"(?<![\w.])/(?:opt/\w|home/\w+|Users/\w+)/|C:\\Users\\")  # paths of somebody's machine
ADDRESS = re.compile(r"https?://(?:[\w.-]+@)?([\w.-]+)")
# Names of XML vocabularies, what our changelog follows, hosts that can never exist.
# Whatever else has an address is fetched from somewhere, and that belongs to a machine, not to the project.
MAY_BE_NAMED = re.compile(
    r"(?:^|\.)(?:openxmlformats\.org|purl\.oclc\.org|www\.wps\.cn|www\.apache\.org|keepachangelog\.com|semver\.org|w3\.org|example|invalid|localhost|127\.0\.0\.1)$"
)
# Kept short: what a pure room must not do, as it is written.
CLOCKS = {("datetime", "now"), ("datetime", "utcnow"), ("datetime", "today"), ("date", "today"), ("time", "time")}
FILES = {"open", "read_text", "read_bytes", "write_text", "write_bytes", "unlink", "iterdir", "glob", "stat", "mkdir"}
DATABASES = {"sqlite3", "sqlite_utils"}


@cache
def tracked() -> tuple[Path, ...]:
    """Files that git knows or would take up; build products are left out."""
    if not (REPOSITORY / ".git").exists():
        pytest.skip("not a git clone")
    command = ["git", "-C", str(REPOSITORY), "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(command, capture_output=True, check=True, timeout=60).stdout.decode().split("\0")
    return tuple(path for name in names if name and (path := REPOSITORY / name).is_file())


def extras(project: dict[str, Any], besides: set[str]) -> list[str]:
    """What an environment holds besides the core, and without the extras *besides*."""
    return [line for name, lines in project["optional-dependencies"].items() if name not in besides for line in lines]


def modules(*rooms: str) -> list[Path]:
    found = [path for room in rooms for path in sorted((REPOSITORY / room).rglob("*.py"))]
    return [*found, *(path for path in [REPOSITORY / "sync.py"] if path.exists() and set(rooms) == set(ROOMS))]


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


def short(path: Path) -> str:
    return path.relative_to(REPOSITORY).as_posix()


def imports(path: Path) -> set[str]:
    """Top-level names that a module imports."""
    found = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            found |= {name.name.partition(".")[0] for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            found.add((node.module or "").partition(".")[0])
    return found


def named(path: Path) -> set[str]:
    """Modules that a module imports, whole names."""
    found = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            found |= {str(node.module), *(f"{node.module}.{name.name}" for name in node.names)}
    return found


def texts(path: Path) -> Iterator[str]:
    """String constants that are not sentences on their own, as docstrings are."""
    documents = {id(node.value) for node in ast.walk(tree(path)) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documents:
            yield node.value


def impurities(module: ast.Module) -> Iterator[str]:
    """Clocks that are read, files that are touched, databases that are opened."""
    for node in ast.walk(module):
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Name(id=owner), attr=name)) if (owner, name) in CLOCKS:
                yield f"line {node.lineno}: {owner}.{name}()"
            case ast.Call(func=ast.Name(id="open")) | ast.Call(func=ast.Attribute(value=ast.Name(id="os" | "io"))):
                yield f"line {node.lineno}: a file or the system"
            case ast.Call(func=ast.Attribute(attr=name)) if name in FILES:
                yield f"line {node.lineno}: .{name}()"
            case ast.Import(names=names) if DATABASES & {name.name for name in names}:
                yield f"line {node.lineno}: a database"
            case ast.ImportFrom(module=name) if name in DATABASES:
                yield f"line {node.lineno}: a database"
            case _:
                pass


# -- the service's rooms

#: In this order: each knows those before it.
FLOORS = ("upkeep", "files", "rows", "days", "sending", "answers")


def test_the_service_is_a_dozen_stories_and_rooms_without_a_circle() -> None:
    top = [path for path in (REPOSITORY / "service").iterdir() if path.suffix == ".py" and path.stem != "__init__"]
    assert len(top) <= 12
    assert {path.name for path in (REPOSITORY / "service").iterdir() if (path / "__init__.py").exists()} == set(FLOORS)
    for n, room in enumerate(FLOORS):
        for path in modules(f"service/{room}"):
            known = {name for name in named(path) if name.startswith("service.")}
            rooms = {name.split(".")[1] for name in known} & set(FLOORS)
            assert rooms <= set(FLOORS[: n + 1]), f"{short(path)} imports {sorted(rooms - set(FLOORS[: n + 1]))}"


def test_the_commands_are_a_short_story() -> None:
    assert len((REPOSITORY / "sync.py").read_text("utf-8").splitlines()) < 220


# -- whose packages these are


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_is_imported_from_this_repository(room: str) -> None:
    file = importlib.import_module(room).__file__
    assert file is not None
    assert Path(file).resolve() == (REPOSITORY / room / "__init__.py").resolve()


def test_nothing_installed_brings_a_package_of_our_name() -> None:
    theirs = packages_distributions()
    assert {room: theirs[room] for room in (*ROOMS, "sync", "tests", "templates") if room in theirs} == {}


def test_nobody_imports_the_commands_and_only_they_import_the_demo() -> None:
    for path in modules(*ROOMS):
        if path.name != "sync.py":
            assert "sync" not in imports(path), short(path)
        if path.parent != REPOSITORY / "demo" and path.name != "sync.py":
            assert "demo" not in imports(path), short(path)


# -- one name in every room


def test_a_form_has_one_name_in_every_room() -> None:
    """Whoever looks for what belongs to a form finds it by the form's name."""
    names = [form.__module__.rpartition(".")[2] for form in FORMS]
    assert len(set(names)) == len(names)
    for name, form in zip(names, FORMS, strict=True):
        for room in ("validators", "processors"):
            module = importlib.import_module(f"{room}.{name}")
            assert any(getattr(each, "form", None) is form for each in vars(module).values()), f"{room}/{name}.py"
        assert (REPOSITORY / "tests" / "cases" / f"{name}.toml").is_file() or not rules_for(form).rules, name


def test_no_two_classes_of_the_product_share_a_name() -> None:
    found: dict[str, list[str]] = {}
    for path in modules(*(room for room in ROOMS if room != "demo")):
        for each in tree(path).body:
            if isinstance(each, ast.ClassDef) and not each.name.startswith("_"):
                found.setdefault(each.name, []).append(short(path))
    assert len(found) > 100
    assert {name: places for name, places in found.items() if len(places) > 1} == {}


def test_forms_stand_in_one_order() -> None:
    assert [each.form for each in FORM_RULES] == list(FORMS)
    assert [each.form for each in FORM_EFFECTS] == list(FORMS)


# -- what is installed


@pytest.mark.parametrize("lock", [LOCK, OCR_LOCK], ids=lambda path: path.name)
def test_a_lock_names_no_address_and_a_hash_for_everything(lock: Path) -> None:
    lines = lock.read_text("utf-8").splitlines()
    assert not [line for line in lines if "://" in line or line.startswith("-")]
    entries = "\n".join(lines).replace("\\\n", " ").splitlines()
    assert entries
    assert not [entry for entry in entries if entry.strip() and "--hash=sha256:" not in entry]


def locked_in(lock: Path) -> dict[str, set[str]]:
    """Name → versions that a lock holds, one for each kind of machine."""
    locked: dict[str, set[str]] = {}
    for name, version in re.findall(r"(?m)^([A-Za-z0-9._-]+)==(\S+)", lock.read_text("utf-8")):
        locked.setdefault(canonicalize_name(name), set()).add(version)
    return locked


@pytest.mark.parametrize(("lock", "besides"), [(LOCK, {"ocr"}), (OCR_LOCK, set())], ids=["usual", "with_the_reader"])
def test_a_lock_holds_everything_that_the_project_asks_for(lock: Path, besides: set[str]) -> None:
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text("utf-8"))["project"]
    asked = [Requirement(line) for line in (*project["dependencies"], *extras(project, besides))]
    locked = locked_in(lock)
    missing = [str(wish) for wish in asked if not locked.get(canonicalize_name(wish.name))]
    assert missing == [], "run: make lock"
    for wish in asked:
        for version in locked[canonicalize_name(wish.name)]:
            assert wish.specifier.contains(version, prereleases=True), f"{wish}: locked {version}; run: make lock"


def test_the_reader_s_environment_has_the_usual_one_s_versions() -> None:
    """What is tested without the reader is what runs with it; and nobody who does not want it installs it."""
    usual, with_reader = locked_in(LOCK), locked_in(OCR_LOCK)
    assert {name: versions for name, versions in with_reader.items() if name in usual} == usual
    assert not {"rapidocr", "onnxruntime"} & usual.keys()


def test_everything_that_is_imported_is_asked_for() -> None:
    """A package that is there only because another one wants it may be gone tomorrow."""
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text("utf-8"))["project"]
    core = {canonicalize_name(Requirement(line).name) for line in project["dependencies"]}

    def extra(name: str) -> set[str]:
        return {canonicalize_name(Requirement(line).name) for line in project["optional-dependencies"][name]}

    theirs = packages_distributions()
    for path in modules(*ROOMS):
        # The core runs without the extras.
        asked = (
            core | extra("door")
            if path.parent.name == "door"
            else core | extra("ocr")
            if path.parent.name == "words"
            else core | extra("messages")
            if path.parent.name == "messages"
            else core | extra("dask")
            if path.parent.name == "away"
            else core
        )
        for name in imports(path) & theirs.keys():
            assert {canonicalize_name(owner) for owner in theirs[name]} & asked, f"{short(path)} imports {name}"


# -- what is committed


def test_no_file_tells_of_somebodys_machine_or_names_an_address() -> None:
    told = []
    for path in tracked():
        data = path.read_bytes()
        if path == Path(__file__) or VENDOR in path.parents or path.suffix == ".lock" or b"\0" in data[:8000]:
            continue
        for number, line in enumerate(data.decode("utf-8", "replace").splitlines(), 1):
            named = [host for host in ADDRESS.findall(line) if not MAY_BE_NAMED.search(host)]
            told += [f"{short(path)}:{number}: {what}" for what in (*MACHINE.findall(line), *named)]
    assert told == []


def test_no_module_is_too_long_to_be_read() -> None:
    lengths = {short(path): len(path.read_text("utf-8").splitlines()) for path in modules(*ROOMS)}
    if long := sorted(name for name, length in lengths.items() if LONG < length <= TOO_LONG):
        warnings.warn(f"over {LONG} lines: {', '.join(long)}", stacklevel=1)
    assert {name: length for name, length in lengths.items() if length > TOO_LONG} == {}


# -- who does what


def test_only_the_ledger_speaks_to_the_database() -> None:
    others = [path for path in modules(*ROOMS) if path.parent.name != "ledger"]
    spoken = [f"{short(path)}: {text.strip()[:60]!r}" for path in others for text in texts(path) if SQL.search(text)]
    assert spoken == []
    assert [short(path) for path in others if imports(path) & DATABASES] == []


def test_one_module_writes_workbooks_one_is_its_pen_and_one_joins_what_it_wrote() -> None:
    writers = [short(path) for path in modules(*ROOMS) if "xlsxwriter" in imports(path)]
    assert set(writers) == {"outbox/xlsx/sheet.py", "outbox/xlsx/writer.py", "outbox/xlsx/frame.py"}


def test_validators_and_processors_read_no_clock_no_file_no_database() -> None:
    done = [f"{short(path)} {what}" for path in modules("validators", "processors") for what in impurities(tree(path))]
    assert done == []


def test_the_policy_knows_no_clock() -> None:
    """What the company decided does not depend on when it is read."""
    done = [
        f"{short(path)} {what}"
        for path in modules("policy")
        for what in impurities(tree(path))
        if any(f"{owner}.{name}" in what for owner, name in CLOCKS)
    ]
    assert done == []


# -- that these tests see what they look for


@pytest.mark.parametrize(
    "source",
    [
        "from datetime import datetime\nnow = datetime.now()",
        "today = date.today()",
        "time.time()",
        "open('a')",
        "path.read_text()",
        "Path('a').read_bytes()",
        "os.listdir()",
        "import sqlite3",
        "from sqlite_utils import Database",
    ],
)
def test_an_impurity_is_noticed(source: str) -> None:
    assert list(impurities(ast.parse(source)))


@pytest.mark.parametrize(
    "source", ["facts.now", "row.date", "limits.open", "def f(now: datetime) -> None: ...", "names.count('a')"]
)
def test_what_is_pure_is_left_alone(source: str) -> None:
    assert list(impurities(ast.parse(source))) == []


@pytest.mark.parametrize(
    ("text", "is_sql"),
    [
        ("SELECT name FROM people", True),
        ("  insert or ignore into files values (?)", True),
        ("with found as (select 1 from t) SELECT * FROM found", True),
        ("Select the rows you want", False),
        ("update", False),
        ("从下拉列表选择", False),
    ],
)
def test_a_statement_is_told_from_a_sentence(text: str, is_sql: bool) -> None:
    assert bool(SQL.search(text)) is is_sql
