"""``python -m tests.torture.fuzz --files 100000``; one again: ``--only book:3:17.905``, or a whole run by its ``--seed``.

Exit 1 if something did not hold.  What was found is kept in ``--finds``, each file with what was wrong with it.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from pathlib import Path

from tests.torture.fuzz.lines import grown, named
from tests.torture.fuzz.run import Run


def main() -> None:
    """Run so many files; tell what came of them."""
    asked = argparse.ArgumentParser(prog="python -m tests.torture.fuzz")
    asked.add_argument("--files", type=int, default=100_000)
    asked.add_argument("--minutes", type=float, default=120)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--kinds", default="", help="book,form,sheet,picture,config; all if nothing is said")
    asked.add_argument("--only", default="", help="one mutant by its line")
    asked.add_argument("--finds", type=Path, help="where finds are kept")
    asked.add_argument("--results", type=Path)
    given = asked.parse_args()
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder, Run(given.seed, Path(folder), given.finds) as run:
        if given.only:
            line = named(given.only)
            data = grown(line, run.kinds)
            (Path(folder) / "x").write_bytes(data)
            (look,) = run.judged([(line, data)])
            print(look.outcome, look.shape, *look.complaints, *run.whole([(line, data)]), sep="\n")
            if given.finds:
                run.keep(line, data, look.complaints)
            raise SystemExit(bool(look.complaints))
        kinds = tuple(filter(None, given.kinds.split(",")))
        for count in run.go(given.files, began + given.minutes * 60, kinds):
            if count % 1000 == 0:
                print(json.dumps({"at": round(time.monotonic() - began), **run.told()}, ensure_ascii=False), flush=True)
        summary = {"seed": given.seed, "seconds": round(time.monotonic() - began), **run.told()}
    print(json.dumps(summary, ensure_ascii=False), flush=True)
    if given.results:
        with given.results.open("a", encoding="utf-8") as out:
            print(json.dumps(summary, ensure_ascii=False), file=out)
    raise SystemExit(bool(run.finds))


if __name__ == "__main__":
    main()
