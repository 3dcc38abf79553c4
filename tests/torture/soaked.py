"""What a soak notes and how it is judged: no growth by a fitted line, nothing left over, every drop answered once."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from pathlib import Path

from tests.processes import Company
from tests.torture.soakers import Crowd

Note = Mapping[str, float]

#: What may grow over a life by the fitted line: a share of its median, and so much in any case.
TOLERANCES: Mapping[str, tuple[float, float]] = {
    "rss": (0.10, 12.0), "readers_rss": (0.15, 40.0), "handles": (0.0, 3.0), "threads": (0.0, 2.0), "children": (0.0, 1.0),
    "left_over": (0.0, 3.0), "wal": (0.0, 4.0),
}  # fmt: skip
WARM, WARM_SECONDS = 0.2, 180  #: of a life, in which libraries and caches are loaded: it is not judged
ENOUGH = 20  #: notes through which a line means anything
MOST = {"rss": 600.0, "handles": 200.0, "threads": 60.0, "children": 12.0, "wal": 64.0}  #: at any time


def note(pid: int, company: Company, scratch: Path) -> dict[str, float]:
    """What the process holds now; sizes in MB."""
    import psutil

    process = psutil.Process(pid)
    with process.oneshot():
        found: dict[str, float] = {"rss": _mb(process.memory_info().rss), "handles": process.num_fds(), "threads": process.num_threads()}  # fmt: skip
    readers = [_rss(child) for child in process.children(recursive=True)]
    wal = company.book / "ledger.db-wal"
    return {
        **found, "children": len(readers), "readers_rss": _mb(sum(readers)),
        "left_over": len(left_over(company, scratch)), "wal": _mb(wal.stat().st_size if wal.exists() else 0),
    }  # fmt: skip


def _rss(process: object) -> int:
    import psutil

    try:
        return int(process.memory_info().rss)  # type: ignore[attr-defined]
    except psutil.NoSuchProcess:
        return 0


def _mb(size: int) -> float:
    return round(size / 1e6, 1)


def left_over(company: Company, scratch: Path) -> list[Path]:
    """Files that are there only while something is done."""
    hidden = (path for path in company.share.glob("*/*/**/.*") if path.is_file() and "kebu" in path.name)
    book = (
        path for part in (".incoming", "spool") for folder in company.book.rglob(part) for path in folder.rglob("*")
    )
    return [*hidden, *(path for path in book if path.is_file()), *scratch.iterdir()]


def flat(notes: Sequence[Note]) -> Iterator[str]:
    """What grew in one life by more than :data:`TOLERANCES`, and what was too much at any time (one sentence each)."""
    for name, most in MOST.items():
        highest = max(each[name] for each in notes)
        if highest > most:
            yield f"{name} reached {highest:g}, more than {most:g}"
    judged = [each for each in notes[round(len(notes) * WARM) :] if each["at"] >= WARM_SECONDS]
    if len(judged) < ENOUGH:
        return
    lasts = judged[-1]["at"] - judged[0]["at"]
    for name, (share, anyway) in TOLERANCES.items():
        grew = slope([(each["at"], each[name]) for each in judged]) * lasts
        allowed = max(anyway, share * statistics.median(each[name] for each in judged))
        if grew > allowed:
            yield f"{name} grew by {grew:.1f} in {lasts:.0f} s, more than {allowed:.1f}"


def slope(points: Sequence[tuple[float, float]]) -> float:
    """Of the line through *points*, by Theil and Sen: the median of the slopes between any two; outliers do not turn it."""
    thin = points[:: max(1, len(points) // 300)]
    found = [(y2 - y1) / (x2 - x1) for (x1, y1), (x2, y2) in combinations(thin, 2) if x2 > x1]
    return statistics.median(found) if found else 0.0


def wrong_at_the_end(company: Company, crowd: Crowd, scratch: Path) -> Iterator[str]:
    """What is lost or doubled, what ``verify`` finds, what lies about (one sentence each)."""
    taken = Counter(sha256 for (sha256,) in company.ask("SELECT sha256 FROM s_files"))
    pictures = Counter(sha256 for (sha256,) in company.ask("SELECT sha256 FROM s_photos"))
    receipts = {person: [path.name for path in company.pickup(person, "回执")] for person in {each.person for each in crowd.dropped}}  # fmt: skip
    for each in crowd.dropped:
        times = taken[each.sha256] or pictures[each.sha256]
        if times != 1:
            yield f"{each.person} {each.stem}: taken {times} times"
        answers = sum(each.stem in name for name in receipts[each.person])
        if each.answered and answers != 1:
            yield f"{each.person} {each.stem}: answered {answers} times"
    yield from (f"still waits: {path.name}" for path in company.waiting())
    yield from (f"left over: {path}" for path in left_over(company, scratch))
    proof = company.call("verify")
    if proof.exit_code:
        yield f"does not verify: {proof.output}"
