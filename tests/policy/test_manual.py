"""What is written for people holds: commands, pages, pictures and links are those of the product."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import unquote

import pytest
import typer
from PIL import Image

from policy.forms import FORMS
from policy.posts import POSTS
from sync import app
from tests.manual_pages import FOLDER, form_pages

REPOSITORY = Path(__file__).parents[2]
README, CHINESE = REPOSITORY / "README.md", REPOSITORY / "README.zh-CN.md"
MANUAL = REPOSITORY / "docs" / "手册"
PICTURES = REPOSITORY / "docs" / "pictures"
PAGES = sorted({README, CHINESE, *(REPOSITORY / "docs").rglob("*.md"), REPOSITORY / "CONTRIBUTING.md"})
LINK = re.compile(r"\]\(([^)\s]+)\)")
COMMANDS = frozenset(typer.main.get_command(app).commands)  # type: ignore[attr-defined]


def text(path: Path) -> str:
    return path.read_text("utf-8")


def tabled(page: str) -> set[str]:
    """The commands that stand at the beginning of a table's row."""
    return {name for name in re.findall(r"(?m)^\| `([a-z]+)[^`]*` \|", page) if name.isascii()}


def slug(heading: str) -> str:
    """The anchor that a heading gets where the pages are shown."""
    kept = re.sub(r"[^\w\- ]", "", heading.strip().lower())
    return kept.replace(" ", "-")


# -- commands


@pytest.mark.parametrize("readme", [README, CHINESE], ids=lambda path: path.name)
def test_every_command_is_documented_and_no_other(readme: Path) -> None:
    assert tabled(text(readme)) == COMMANDS


def test_the_first_screen_has_the_flow_two_commands_a_finding_and_a_picture() -> None:
    first = text(README).split("\n---\n")[0]
    assert len(first.splitlines()) < 40
    made = re.findall(r"(?m)^make (\w+)", first)
    assert len(made) == 2
    targets = set(re.findall(r"(?m)^([\w-]+):", text(REPOSITORY / "Makefile")))
    assert set(made) <= targets
    assert "intake ──► validators ──► processors ──► ledger ──► outbox" in first
    assert "〔客户拜访 5.2" in first
    assert first.count("![") == 1


def test_what_make_is_told_to_do_in_the_pages_can_be_made() -> None:
    targets = set(re.findall(r"(?m)^([\w-]+):", text(REPOSITORY / "Makefile")))
    asked = {name for page in PAGES for name in re.findall(r"(?:`|^)make ([a-z-]+)", text(page), re.MULTILINE)}
    assert asked <= targets


# -- pages made from the forms


def test_a_page_for_every_form_is_as_its_definition_gives_it() -> None:
    pages = form_pages()
    assert {path.name for path in FOLDER.glob("*.md")} == set(pages)
    stale = [name for name, page in pages.items() if text(FOLDER / name) != page]
    assert stale == [], "run: make manual"


def test_the_index_leads_to_every_form_and_every_post_has_its_page() -> None:
    index = text(MANUAL / "README.md")
    assert {form.sheet for form in FORMS} == set(re.findall(r"\(表单/(\w+)\.md\)", index))
    assert [post for post in POSTS if post not in index] == []
    for path in MANUAL.glob("*.md"):
        assert path == MANUAL / "README.md" or f"({path.name})" in index


# -- pictures and links


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.relative_to(REPOSITORY).as_posix())
def test_every_link_and_picture_leads_somewhere(page: Path) -> None:
    gone = []
    for target in LINK.findall(text(page)):
        if "://" in target:
            continue
        name, _hash, anchor = unquote(target).partition("#")
        path = (page.parent / name).resolve() if name else page
        headings = re.findall(r"(?m)^#+ (.+)$", text(path)) if anchor and path.is_file() else []
        if not path.exists() or (anchor and anchor not in map(slug, headings)):
            gone.append(target)
    assert gone == []


def test_pictures_are_few_small_whole_and_all_shown() -> None:
    pictures = sorted(PICTURES.glob("*.png"))
    assert 0 < len(pictures) <= 12
    pictures += sorted((PICTURES / "forms").glob("*"))
    assert {path.stem for path in pictures} >= {form.code for form in FORMS}
    said = "".join(map(text, PAGES))
    for path in pictures:
        assert path.stat().st_size <= 150 * 1024, path.name
        with Image.open(path) as picture:
            picture.load()
            assert picture.format == "PNG"
        assert f"pictures/{path.relative_to(PICTURES).as_posix()})" in said, f"{path.name} is shown nowhere"


def test_staff_read_no_word_that_only_programmers_know() -> None:
    """The pages for staff name no command and no file of the program; those for IT may."""
    for path in MANUAL.glob("*.md"):
        if path.name in ("README.md", "管理员.md"):
            continue
        words = set(re.findall(r"[A-Za-z]{3,}", re.sub(r"\]\([^)]*\)|`[^`]*`", "", text(path))))
        assert words <= {"Excel", "xlsx", "jpg"}, path.name
