"""Which Kebu this is, to the byte: what another one would read or draw may differ."""

from __future__ import annotations

import hashlib
import platform
import re
import sys
import tomllib
import zlib
from collections.abc import Iterator
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

_ROOT = Path(__file__).parents[3]
_ROOMS = ("disk", "policy", "ledger", "intake", "outbox", "templates")  #: all that a reader loads
_PROJECT = "pyproject.toml"
_SHIPPED = frozenset({".py", ".toml", ".html", ".css", ".txt", ".j2", ".json", ".bin", ".png"})
_OWN = Path("templates/own")


@cache
def this_version() -> str:
    """For people and for comparing: the version, and a digest of code, libraries, interpreter and kind of machine."""
    project = (_ROOT / _PROJECT).read_text("utf-8")
    digest = hashlib.sha256()
    for part in (*_code(), *_libraries(project), *_machine()):
        digest.update(part + b"\0")
    return f"{tomllib.loads(project)['project']['version']} ({digest.hexdigest()[:12]})"


def _code() -> Iterator[bytes]:
    for room in _ROOMS:
        for path in sorted((_ROOT / room).rglob("*")):
            short = path.relative_to(_ROOT)
            if path.suffix in _SHIPPED and not short.is_relative_to(_OWN) and path.is_file():
                yield short.as_posix().encode()
                yield path.read_bytes().replace(b"\r\n", b"\n")


def _libraries(project: str) -> Iterator[bytes]:
    said = tomllib.loads(project)["project"]
    for wish in (*said["dependencies"], *said["optional-dependencies"]["ocr"]):
        name = re.split(r"[^\w.-]", wish)[0]
        try:
            yield f"{name} {version(name)}".encode()
        except PackageNotFoundError:
            yield f"{name} -".encode()


def _machine() -> Iterator[bytes]:
    """What squeezes files, and what counts with broken numbers."""
    yield f"{sys.version_info[:2]} {zlib.ZLIB_RUNTIME_VERSION} {platform.machine()}".encode()
