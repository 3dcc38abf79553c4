"""What a company of any size costs: stages measured in processor time, more workers simulated, books of many people.

    python -m benchmarks.scaling stages            # costs of each stage, of the way to workers and back; 1, 2, 8, 64 workers
    python -m benchmarks.scaling rounds            # whole rounds by the clock: two children, one and two workers
    python -m benchmarks.scaling books 12 52       # a book of so many people and weeks: room, night, status, memory

Figures are kept in benchmarks/results/scaling.jsonl and stand in docs/scaling.md. Costs are seconds of processor time, so
they may be measured on a machine that others use; `rounds` and `books` also tell seconds of the clock.
"""

from __future__ import annotations

import argparse
import json
import resource
import tempfile
import time
from collections.abc import Iterator
from contextlib import nullcontext
from datetime import timedelta
from pathlib import Path
from typing import Any

from benchmarks import costs
from benchmarks.bench import REPOSITORY
from benchmarks.cluster import a_cluster
from benchmarks.growth import ARCHIVE_WEEKS, EVENING, NIGHT
from benchmarks.model import MONDAY, Model
from benchmarks.photos import photograph
from benchmarks.process import OPERATOR, Ran, peak_mb, python, ran
from benchmarks.simulated import Item, Way, bends, seconds_for
from benchmarks.stage import NOW, Stage, crowd, prepared
from benchmarks.workers import asking, by_children, per_call, taken, told_of, wait_for

RESULTS = Path(__file__).with_name("results") / "scaling.jsonl"
REPORTS, PHOTOS, MEGAPIXELS = 600, 24, 12
CALLS = 200
RUSH = {"report": 2000, "photo": 500, "page": 500}
PAGE_SECONDS = 2.3  #: of one core for a contract's page read by the extra ``ocr`` (decision 094); not measured here


def stages(folder: Path) -> Iterator[dict[str, Any]]:
    """Costs, and what they come to with more workers."""
    found = {
        "report": costs.of_a_round(costs.reports(folder / "reports", REPOSITORY, REPORTS)),
        "photo": costs.of_a_round(costs.photos(folder / "photos", REPOSITORY, PHOTOS, MEGAPIXELS)),
    }
    ways = dict(_ways(folder))
    for what, (clock, summary) in found.items():
        spent = {name: 1000 * seconds / summary.files for name, seconds in clock.spent.items()}
        yield {
            "what": "stages",
            "of": what,
            "ms": _rounded(spent),
            "drawn": clock.times["reader: draw_file"] / summary.files,
        }
    for name, way in ways.items():
        yield {"what": "way", "of": name, "ms": _rounded({part: 1000 * cost for part, cost in vars(way).items()})}
    for what in RUSH:
        for place in ("children", "workers"):
            small = ways[f"small, {place}"]
            if what == "page":
                item = Item(PAGE_SECONDS, 0.001, 0, 0, 0, ways[f"photo, {place}"], small)
            else:
                clock, summary = found[what]
                item = _item(clock, summary.files, small, ways[f"{what}, {place}"])
            yield {"what": "bends", "of": what, "place": place, "per_second": _rounded(bends(item))}
            for workers in (1, 2, 8, 64) if place == "workers" else (2, 8, 16):
                seconds = seconds_for(RUSH[what], item, workers)
                yield {
                    "what": "simulated",
                    "of": what,
                    "readers": f"{workers} {place}",
                    "per_second": round(RUSH[what] / seconds, 1),
                }


def _item(clock: costs.Clock, files: int, small: Way, own: Way) -> Item:
    def each(*begins: str) -> float:
        return sum(seconds for name, seconds in clock.spent.items() if name.startswith(begins)) / files

    drawn = clock.times["reader: draw_file"]
    return Item(
        read=each("reader: workbook", "reader: photo"), judged=each("service: archive", "service: judge", "writer", "service: scan"),
        drawn=clock.spent["reader: draw_file"] / max(1, drawn), files=drawn / files, told=each("service: deliver"),
        read_way=own, draw_way=small,
    )  # fmt: skip


def _ways(folder: Path) -> Iterator[tuple[str, Way]]:
    """A call in which nothing is done, with a small file and with a photograph; half of the service's part is called home."""
    small, large = folder / "small.bin", folder / "large.jpg"
    small.write_bytes(bytes(10_000))
    large.write_bytes(photograph(1, MEGAPIXELS))
    with a_cluster(2) as cluster:
        wait_for(cluster, folder / "note.json")
        with asking(cluster, folder / "note.json") as readers:
            for name, path, calls in (("small", small, CALLS), ("photo", large, CALLS // 4)):
                service, scheduler, workers = per_call(cluster, readers, path, calls)
                yield f"{name}, workers", Way(service / 2, service / 2, scheduler, workers)
                if name == "small":
                    yield "report, workers", Way(service / 2, service / 2, scheduler, workers)
    for name, path in (("small", small), ("report", small), ("photo", large)):
        service, children = by_children(path, CALLS)
        yield f"{name}, children", Way(service / 2, service / 2, 0.0, children)


def rounds(folder: Path) -> Iterator[dict[str, Any]]:
    """Whole rounds by the clock: two children, one worker, two workers, all of them on this machine's cores."""
    homes = {
        "report": (costs.reports(folder / "reports", REPOSITORY, REPORTS), REPORTS),
        "photo": (costs.photos(folder / "photos", REPOSITORY, PHOTOS, MEGAPIXELS), PHOTOS),
    }
    for workers in (0, 1, 2):
        with a_cluster(workers) if workers else nullcontext() as cluster:
            if cluster:
                wait_for(cluster, folder / "note.json")
            for what, (home, n) in homes.items():
                stage = Stage(home, REPOSITORY).copy(folder / "running")
                if cluster:
                    told_of(stage, cluster)
                done = taken(stage, n)
                yield {
                    "what": "round", "of": what, "readers": f"{workers} workers" if workers else "2 children",
                    "per_second": round(n / done.seconds, 1), **_both(done),
                }  # fmt: skip


def book(folder: Path, pattern: Path, people: int, weeks: int) -> Iterator[dict[str, Any]]:
    """A company of so many salespeople with so many weeks behind it, by a history of real entries (benchmarks/history.py)."""
    if not pattern.exists():
        journal = Model(folder / "model", REPOSITORY).journal((NOW - MONDAY.replace(hour=18)).days)
        pattern.write_text(json.dumps(journal, ensure_ascii=False), "utf-8")
    stage = prepared(folder / "book", REPOSITORY)
    founding = stage.found(
        crowd(people), MONDAY - timedelta(days=3) + (NOW.date() - MONDAY.date()) - timedelta(weeks=weeks)
    )
    yield {"what": "founding", "people": people, **_both(founding)}  # said at once: what follows may take hours
    size = (str(max(1, people // 10)), str(weeks), *(["--archive"] if weeks <= ARCHIVE_WEEKS and people <= 300 else []))
    made = ran(python("-m", "benchmarks.history", pattern, stage.home, *size), REPOSITORY)
    yield {"what": "history", "people": people, "weeks": weeks, **_both(made)}
    ledger = (stage.home / "book" / "ledger.db").stat().st_size
    ((entries,),) = stage.ask("SELECT COUNT(*) FROM journal")
    night, peak = _night(stage)
    asked = stage.call("--json", "status", now=EVENING, may_end=(0, OPERATOR))
    yield {
        "what": "book", "people": people, "weeks": weeks, "entries": entries, "ledger_mb": round(ledger / 2**20, 1),
        "share_mb": round(_size(stage.home / "share") / 2**20, 1), "init": _both(founding), "history": _both(made),
        "night": _both(night), "status": _both(asked), "night_peak_mb": round(peak),
    }  # fmt: skip


def _night(stage: Stage) -> tuple[Ran, float]:
    """One night, and the megabytes of its largest process: the looking is not counted as its processor time."""
    copy = stage.copy(stage.home.with_name("night"), without="archive")
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    try:
        peak = peak_mb(copy.command("nightly", "--date", f"{NOW:%Y-%m-%d}", now=NIGHT), REPOSITORY)
    finally:
        copy.remove()
    seconds, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    return Ran(seconds, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, ""), peak


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def _both(done: Ran) -> dict[str, float]:
    return {"seconds": round(done.seconds, 1), "cpu_seconds": round(done.cpu_seconds, 1)}


def _rounded(values: dict[str, float]) -> dict[str, float]:
    return {name: float(f"{value:.3g}") for name, value in values.items()}


def main() -> None:
    """Measure, say each line, and keep it."""
    given = _arguments()
    with tempfile.TemporaryDirectory(prefix="kebu-scaling-", dir=given.room, ignore_cleanup_errors=True) as name:
        folder = Path(name)
        match given.command:
            case "stages":
                lines = stages(folder)
            case "rounds":
                lines = rounds(folder)
            case _:
                lines = book(folder, given.pattern or folder / "pattern.json", given.people, given.weeks)
        for line in lines:
            text = json.dumps(line, ensure_ascii=False)
            print(text, flush=True)
            with RESULTS.open("a", encoding="utf-8") as kept:
                print(text, file=kept)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scaling", description=__doc__.splitlines()[0])
    parser.add_argument("--room", type=Path, help="where companies are made; default: the system's temporary folder")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("stages")
    commands.add_parser("rounds")
    books = commands.add_parser("books")
    books.add_argument("people", type=int)
    books.add_argument("weeks", type=int)
    books.add_argument("--pattern", type=Path, help="a week of entries; made there if it is missing, some minutes")
    return parser.parse_args()


if __name__ == "__main__":
    main()
