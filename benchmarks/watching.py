"""``watch`` at rest is given one small workbook with two photographs: how long until its receipt lies there."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from statistics import median

from benchmarks.bench import Bench
from benchmarks.inputs import CUSTOMERS, customers, workbook
from benchmarks.measure import Goal, Measure
from benchmarks.photos import photograph
from benchmarks.process import Failed, environment
from benchmarks.stage import SELLER, STAFF, Stage, person, prepared

SETTLE = 2  #: seconds
_LOOK = 0.005  #: seconds between two looks into the pick-up folder
_PATIENCE = 60.0
_MEGAPIXELS = 3


def measures(bench: Bench) -> Iterator[Measure]:
    """Seconds beyond the settling time, the middle of several answers."""
    stage = prepared(bench.fresh("watched"), bench.product, {"settle_seconds": str(SETTLE)})
    stage.found([person(*each) for each in STAFF], datetime.now() - timedelta(minutes=5))
    outside = bench.fresh("outside")
    outside.mkdir()
    with _watching(stage):
        taken = [_answered(stage, outside, n) for n in range(bench.sizes.answers)]
    yield Measure("watch.answer_beyond_settling", median(taken) - SETTLE, None, "s", Goal(0.5, 0.3))


@contextmanager
def _watching(stage: Stage) -> Iterator[None]:
    log = stage.home / "watch.log"
    with log.open("w") as out:
        command = stage.command("watch", now=None)
        process = subprocess.Popen(command, cwd=stage.product, env=environment(), stdout=out, stderr=out)
    try:
        _until(lambda: (stage.home / "book" / "watch.json").exists() or process.poll() is not None, "watch to begin")
        time.sleep(2 * SETTLE)  # its first look at everything
        yield
        if process.poll() is not None:
            raise Failed(f"watch ended: {log.read_text()[-2000:]}")
    finally:
        process.terminate()
        process.wait(timeout=_PATIENCE)


def _answered(stage: Stage, outside: Path, n: int) -> float:
    """Seconds from the moment at which the workbook lies in the drop folder."""
    (row,) = customers(n + 1, seed=n + 100)[n:]
    names = (f"门头{n}.jpg", f"证照{n}.jpg")
    for seed, name in enumerate(names, 2 * n):
        (outside / name).write_bytes(photograph(seed, _MEGAPIXELS))
    book = workbook(outside / f"新客户{n}.xlsx", {CUSTOMERS: [{**row, "门头照片": names[0], "证件照片": names[1]}]})
    pickup = stage.home / "share" / SELLER / "取件"
    before = _receipts(pickup, n)
    for path in (*(outside / name for name in names), book):
        path.replace(stage.drop(SELLER, path.name))
    began = time.perf_counter()
    _until(lambda: _receipts(pickup, n) > before, "a receipt")
    return time.perf_counter() - began


def _receipts(pickup: Path, n: int) -> int:
    """How many receipts about the workbook lie there; in which folder and under which name is the product's affair."""
    return sum(f"新客户{n}" in name for _folder, _below, names in os.walk(pickup / "回执") for name in names)


def _until(truth: Callable[[], object], what: str) -> None:
    deadline = time.monotonic() + _PATIENCE
    while not truth():
        if time.monotonic() > deadline:
            raise Failed(f"waited {_PATIENCE:g} s for {what}")
        time.sleep(_LOOK)
