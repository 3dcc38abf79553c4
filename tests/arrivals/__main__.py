"""Plays by seed: ``python -m tests.arrivals --seeds 1000`` or, to see one again, ``--seed N``."""

from __future__ import annotations

import argparse
import sys
import time
import traceback
from collections import Counter
from contextlib import suppress

from tests.arrivals.play import Ended, acted, of_seed, shrunk
from tests.arrivals.script import a_script, begins


def main() -> int:
    """Act plays; 1 if one does not end as the model says."""
    given = argparse.ArgumentParser(prog="python -m tests.arrivals", description=__doc__)
    given.add_argument("--seed", type=int, help="this one only: the play, and the shortest that still fails")
    given.add_argument("--seeds", type=int, default=1000, help="how many")
    given.add_argument("--first", type=int, default=1, help="from which seed on")
    asked = given.parse_args()
    if asked.seed is not None:
        return _one(asked.seed)
    return _many(range(asked.first, asked.first + asked.seeds))


def _one(seed: int) -> int:
    script, so_early = a_script(seed), begins(seed)
    ended = acted(script, so_early)
    if ended.wrong:
        script = shrunk(script, so_early)
        ended = acted(script, so_early)
    print(f"seed {seed}, {so_early} seconds before the report is due:")
    print(*script, sep="\n")
    print(*ended.wrong or ("as it should be",), sep="\n")
    return bool(ended.wrong)


def _many(seeds: range) -> int:
    began, done, failed, reached = time.monotonic(), 0, list[int](), Counter[str]()
    with suppress(KeyboardInterrupt):  # what was seen until then counts
        for seed in seeds:
            ended = _ended(seed)
            done += 1
            reached += ended.reached
            if ended.wrong:
                failed.append(seed)
                print(f"seed {seed}: {ended.wrong[0]}", flush=True)
    minutes = (time.monotonic() - began) / 60
    print(f"{done} plays in {minutes:.1f} minutes, {len(failed)} failed: {failed[:20]}")
    print(", ".join(f"{what} in {n}" for what, n in reached.most_common()))
    return bool(failed)


def _ended(seed: int) -> Ended:
    try:
        return of_seed(seed)
    except Exception:  # whatever the program raises is a find like any other
        return Ended((traceback.format_exc(limit=-4),), Counter())


if __name__ == "__main__":
    sys.exit(main())
