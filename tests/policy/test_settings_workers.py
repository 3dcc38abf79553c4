"""[workers]: what stops the start, and what it says."""

from __future__ import annotations

from pathlib import Path

import pytest

from policy.settings import ConfigError, load_settings
from policy.settings_workers import WorkerSettings
from tests.company import write_config

ALL = {
    name: f'{name} = "{file}"'
    for name, file in (("tls_ca", "ca.pem"), ("tls_certificate", "k.pem"), ("tls_key", "k.key"))
}


def loaded(tmp_path: Path, scheduler: str, keys: dict[str, str] | None = None, engine: str = "dask") -> WorkerSettings:
    lines = {"engine = ": f'engine = "{engine}"', "scheduler = ": f'scheduler = "{scheduler}"'}
    files = {f"{name} = ": line for name, line in (keys or {}).items()}
    return load_settings(write_config(tmp_path, {**lines, **files})).workers


@pytest.mark.parametrize(
    ("scheduler", "keys", "words"),
    [
        ("", {}, "应为调度器的地址"),
        ("scheduler.example:8786", {}, "应为调度器的地址"),
        ("tcp://scheduler.example:8786", {}, "不在本机时要加密"),
        ("tcp://10.0.0.7:8786", {}, "不在本机时要加密"),
        ("tls://scheduler.example:8786", {}, "三个文件"),
        ("tls://scheduler.example:8786", {"tls_ca": ALL["tls_ca"]}, "三个文件"),
        ("tcp://127.0.0.1:8786", ALL, "三个文件"),
    ],
)
def test_whatever_others_could_read_is_refused(
    tmp_path: Path, scheduler: str, keys: dict[str, str], words: str
) -> None:
    with pytest.raises(ConfigError, match=words) as refused:
        loaded(tmp_path, scheduler, keys)
    assert "workers" in refused.value.key


def test_an_encrypted_scheduler_with_its_three_files_is_taken(tmp_path: Path) -> None:
    workers = loaded(tmp_path, "tls://scheduler.example:8786", ALL)
    assert workers.tls_key == tmp_path.resolve() / "k.key"


@pytest.mark.parametrize("scheduler", ["tcp://127.0.0.1:8786", "tcp://[::1]:8786", "tcp://localhost:8786"])
def test_on_this_machine_nothing_has_to_be_encrypted(tmp_path: Path, scheduler: str) -> None:
    assert loaded(tmp_path, scheduler)


def test_a_company_without_a_cluster_writes_nothing(tmp_path: Path) -> None:
    assert loaded(tmp_path, "", engine="local")
