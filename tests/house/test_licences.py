"""What is installed may be used inside a company, and docs/licences.md says under what."""

from __future__ import annotations

import re

import pytest

from tests.licences import INSIDE, PAGE, Package, locked, packages

REPOSITORY = PAGE.parents[1]


def test_the_project_has_a_licence() -> None:
    text = (REPOSITORY / "LICENSE").read_text("utf-8")
    assert "Apache License" in text
    assert "Version 2.0, January 2004" in text
    assert 'license = "Apache-2.0"' in (REPOSITORY / "pyproject.toml").read_text("utf-8")


def test_the_page_names_every_package_of_the_lock_and_no_other() -> None:
    named = set(re.findall(r"(?m)^\| ([a-z0-9-]+) \| \d", PAGE.read_text("utf-8")))
    assert named == set(locked()), "run: make licences"


def test_the_page_says_under_what_each_package_is() -> None:
    text = PAGE.read_text("utf-8")
    wrong = [each.name for each in packages() if f"| {each.name} | {', '.join(each.versions)} |" not in text]
    assert wrong == [], "run: make licences"
    assert [name for name in locked() if name in INSIDE and INSIDE[name] not in text] == []


def test_nothing_binds_a_company_that_uses_it_inside() -> None:
    assert {each.name: each.licence for each in packages() if each.kind in ("binding", "unknown")} == {}
    core = {each.name: each.licence for each in packages() if each.group != "dev" and each.kind != "permissive"}
    # a list of authorities, as Mozilla publishes it, with the extra messages; a bar on long work, with the extra ocr
    assert core == {"certifi": "MPL-2.0", "tqdm": "MPL-2.0 AND MIT"}


def test_what_reads_pictures_is_on_the_page_too() -> None:
    groups = {each.name: each.group for each in packages()}
    assert {name: groups[name] for name in ("rapidocr", "onnxruntime", "opencv-python-headless")} == dict.fromkeys(
        ("rapidocr", "onnxruntime", "opencv-python-headless"), "ocr"
    )


@pytest.mark.parametrize(
    ("licence", "kind"),
    [
        ("MIT", "permissive"), ("BSD-3-Clause AND Zlib", "permissive"), ("GPL-3.0-only", "binding"),
        ("GPL-2.0-only OR MIT", "permissive"), ("MIT AND LGPL-3.0-or-later", "binding"), ("MPL-2.0", "own files"),
        ("AGPL-3.0", "binding"), ("", "unknown"), ("Proprietary", "binding"),
    ],
)  # fmt: skip
def test_a_licence_that_binds_is_noticed(licence: str, kind: str) -> None:
    assert Package("x", ("1",), "core", licence).kind == kind
