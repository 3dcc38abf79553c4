"""What several test modules lean on: real files of others, and real programs where the machine has them."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

pytest.register_assert_rewrite("tests.ways")
REPOSITORY = Path(__file__).parents[1]
SAMPLES = REPOSITORY.parent / "shared" / "samples"

Convert = Callable[..., Path]


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """Three workers for two cores: much of a test is waiting, for a disk, a browser, a file that must lie quiet."""
    cores = os.cpu_count() or 1
    return cores + cores // 2


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes minutes begins first: begun last, one worker would be at it while the others have nothing left."""
    items.sort(key=lambda item: item.get_closest_marker("long") is None)


@pytest.fixture(scope="session")
def repository() -> Path:
    """The folder of this clone."""
    return REPOSITORY


@pytest.fixture(scope="session")
def samples() -> Path:
    """Workbooks and photos of other programs and cameras."""
    if not SAMPLES.is_dir():
        pytest.skip("the sample files are not beside this clone")
    return SAMPLES


@pytest.fixture(scope="session")
def exiftool() -> Path:
    """Another reader of what cameras write."""
    return _program("exiftool")


@pytest.fixture(scope="session")
def soffice(tmp_path_factory: pytest.TempPathFactory) -> Convert:
    """LibreOffice: ``soffice(book, "pdf", folder)`` converts *book* and returns the new file.

    Each test process has a profile of its own, because two LibreOffices never share one.
    """
    program = _program("soffice", "libreoffice")
    profile = tmp_path_factory.mktemp("soffice-profile").as_uri()

    def convert(source: Path, kind: str, into: Path, *, seconds: float = 120) -> Path:
        command = [
            str(program), f"-env:UserInstallation={profile}", "--headless", "--norestore",
            "--convert-to", kind, "--outdir", str(into), str(source),
        ]  # fmt: skip
        done = subprocess.run(command, capture_output=True, text=True, timeout=seconds, check=False)
        made = into / f"{source.stem}.{kind.split(':')[0]}"
        assert made.is_file(), f"LibreOffice made nothing: {done.stdout} {done.stderr}"
        return made

    return convert


def _program(*names: str) -> Path:
    for name in names:
        found = shutil.which(name)
        if found:
            return Path(found)
    pytest.skip(f"{names[0]} is not installed")
