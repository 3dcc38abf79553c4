"""Files read by the workers of a Dask cluster, beside children of the service: scheduler and two workers on this machine.

Both sides have the same two cores, so a ratio of 1 would mean that the way to the workers and back costs nothing.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import psutil

from benchmarks.bench import Bench
from benchmarks.cluster import DaskCluster, a_cluster
from benchmarks.measure import Measure, side_by_side
from benchmarks.photos import photographs
from benchmarks.process import Ran
from benchmarks.rush import hand_in
from benchmarks.stage import SELLER, Stage, crowd, founded
from benchmarks.workbooks import Different
from disk.luggage import Content, Original
from intake.sandbox.away.cluster import Cluster, ClusterAddress
from intake.sandbox.away.readers import DaskReaders
from intake.sandbox.away.rest import Rest
from intake.sandbox.child import Elsewhere, Limits
from intake.sandbox.here import LocalReaders

WORKERS = 2
_LIMITS = Limits(60, 512)
_LOOK = Elsewhere("benchmarks.workers", "size_of")


def measures(bench: Bench) -> Iterator[Measure]:
    """Photographs, reports, and a call in which nothing is done."""
    with a_cluster(WORKERS) as cluster:
        wait_for(cluster, bench.fresh("note"))
        yield _compared(bench, "photos", bench.sizes.photos, cluster, _with_photos)
        yield _compared(bench, "reports", bench.sizes.reports, cluster, _with_reports)
        small = bench.fresh("small").with_suffix(".bin")
        small.write_bytes(bytes(10_000))
        with asking(cluster, bench.fresh("note")) as readers:
            cost = per_call(cluster, readers, small, max(20, bench.sizes.photos * 4))
        yield Measure("workers.call", 1000 * sum(cost), None, "ms")


def size_of(content: Content) -> int:
    """What a call costs in which nothing is done."""
    return len(content.read_bytes())


def _compared(bench: Bench, what: str, n: int, cluster: DaskCluster, fill: Callable[[Stage, Bench], None]) -> Measure:
    """A round of *n* files by the workers, beside the same by children of the service."""
    here = founded(bench.fresh(what), bench.product, crowd(bench.sizes.crowd) if what == "reports" else None)
    fill(here, bench)

    def there(_round: int) -> Ran:
        stage = here.copy(bench.folder / f"{what}-there")
        told_of(stage, cluster)
        return taken(stage, n)

    def at_home(_round: int) -> Ran:
        return taken(here.copy(bench.folder / f"{what}-here"), n)

    return side_by_side(f"workers.{what}", there, at_home, bench.sizes.long_rounds)


def told_of(stage: Stage, cluster: DaskCluster) -> None:
    """Let the company of *stage* hand its files to *cluster*."""
    config = stage.home / "config.toml"
    text = config.read_text("utf-8")
    for before, after in (
        ('engine = "local"', 'engine = "dask"'),
        ('scheduler = ""', f'scheduler = "{cluster.scheduler}"'),
    ):
        assert text.count(f"\n{before}") == 1
        text = text.replace(f"\n{before}", f"\n{after}")
    config.write_text(text, "utf-8")


def taken(stage: Stage, n: int) -> Ran:
    """A round, in which *n* files were taken by whoever was to read them."""
    done = stage.call("--json", "run")
    said = json.loads(done.out)
    if (said["files"], said["refused"]) != (n, 0):
        raise Different(f"{n} files were dropped: {said}")
    if (note := stage.home / "book" / "workers.json").exists():
        raise Different(note.read_text("utf-8"))
    return done


def _with_photos(stage: Stage, bench: Bench) -> None:
    album = stage.drop(SELLER, "")
    album.rmdir()
    photographs(album, bench.sizes.photos, bench.sizes.megapixels)


def _with_reports(stage: Stage, bench: Bench) -> None:
    hand_in(stage, bench.sizes)


def wait_for(cluster: DaskCluster, note: Path) -> None:
    """Until all workers have come; a scheduler without any would be left alone for minutes."""
    until = time.monotonic() + 60
    while True:
        note.unlink(missing_ok=True)
        with asking(cluster, note) as readers:
            if readers.side_by_side >= WORKERS and readers.ask(_LOOK, Original(Path(__file__))).result():
                present = readers._cluster.at_hand()
                if present >= len(cluster.workers):
                    return
        if time.monotonic() > until:
            raise Different("the workers have not come")
        time.sleep(0.3)


def asking(cluster: DaskCluster, note: Path) -> DaskReaders:
    """Readers of that cluster."""
    there = Cluster(ClusterAddress(cluster.scheduler, connect_seconds=30), Rest(note, cluster.scheduler, 300))
    return DaskReaders(LocalReaders(_LIMITS), there, _LIMITS, there.close)


def per_call(cluster: DaskCluster, readers: DaskReaders, path: Path, calls: int) -> tuple[float, float, float]:
    """Processor seconds of one call that does nothing with *path*: of the service, the scheduler, the workers.

    The workers' children are counted with them: they too unpack.
    """
    list(readers.map(_LOOK, [(Original(path),)] * 8))  # everybody has started
    before = _spent(cluster)
    found = list(readers.map(_LOOK, [(Original(path),)] * calls))
    if found != [path.stat().st_size] * calls:
        raise Different(f"{calls} calls gave {found[:3]}…")
    service, scheduler, workers = ((after - was) / calls for after, was in zip(_spent(cluster), before, strict=True))
    return service, scheduler, workers


def by_children(path: Path, calls: int) -> tuple[float, float]:
    """The same by children of the service: of the service, of them."""
    with LocalReaders(_LIMITS) as readers:
        list(readers.map(_LOOK, [(Original(path),)] * 8))
        before = time.process_time(), _below()
        list(readers.map(_LOOK, [(Original(path),)] * calls))
        return (time.process_time() - before[0]) / calls, (_below() - before[1]) / calls


def _below() -> float:
    return sum(_of(child.pid) for child in psutil.Process().children())


def _spent(cluster: DaskCluster) -> tuple[float, float, float]:
    assert cluster.head is not None
    return time.process_time(), _of(cluster.head.pid), sum(_of_all(worker.pid) for worker in cluster.workers)


def _of_all(pid: int) -> float:
    return _of(pid) + sum(_of(child.pid) for child in psutil.Process(pid).children())


def _of(pid: int) -> float:
    with suppress(psutil.Error):
        times = psutil.Process(pid).cpu_times()
        return float(times.user + times.system)
    return 0.0
