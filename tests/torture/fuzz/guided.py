"""``python -m tests.torture.fuzz.guided book --minutes 5``: mutants of which those that reach new code are changed further.

atheris (libFuzzer) guides it; ``make fuzz-guided`` makes its environment and goes through all targets.  The first find of a
target ends it: the file is kept in ``--finds``, and ``--only TARGET FILE`` asks it again, without atheris.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path
from random import Random

#: What is watched while it runs: ours, and what parses in Python on our behalf.
WATCHED = [
    "intake",
    "policy",
    "ledger.facts_json",
    "service.rows.deciding",
    "itsdangerous",
    "exifread",
    "tomllib",
    "zipfile",
]
NAMES = ("config", "book", "seal", "token", "exif", "boxes")
OWN_EVERY = 2  #: each so-manieth change is one by structure, the others are libFuzzer's own
LONGEST = 200_000  #: bytes
SECONDS, MEGABYTES = 60, 3000  #: of one input, on a busy machine


class DidNotHold(Exception):
    """What is said of a find."""


def main() -> None:
    """Run one target, or each in turn; exit 1 if anything was found."""
    asked = argparse.ArgumentParser(prog="python -m tests.torture.fuzz.guided")
    asked.add_argument("target", nargs="?", choices=NAMES, help="all of them, if nothing is said")
    asked.add_argument("--minutes", type=float, default=5)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--corpus", type=Path, help="where what reached new code is kept from run to run")
    asked.add_argument("--finds", type=Path, default=Path("fuzz-finds"))
    asked.add_argument("--only", type=Path, help="ask this file again")
    given = asked.parse_args()
    if given.only:
        sys.exit(ask_again(given.target, given.only))
    given.finds.mkdir(parents=True, exist_ok=True)
    if given.target is None:
        sys.exit(each_in_turn(given))
    with tempfile.TemporaryDirectory() as folder:
        fuzz(given, given.corpus or Path(folder))


def each_in_turn(given: argparse.Namespace) -> int:
    """All targets, each in a process of its own: what one has loaded is no news to the next."""
    ended = []
    for name in NAMES:
        print(f"== {name}", flush=True)
        more = ["--corpus", str(given.corpus / name)] if given.corpus else []
        command = [sys.executable, "-m", "tests.torture.fuzz.guided", name, "--minutes", str(given.minutes)]
        command += ["--seed", str(given.seed), "--finds", str(given.finds), *more]
        ended.append(subprocess.run(command, check=False).returncode)
    return int(any(ended))


def ask_again(name: str | None, path: Path) -> int:
    """What does not hold of a file that was kept."""
    from tests.torture.fuzz.targets import BY_NAME

    found = list(BY_NAME[str(name)].complaints(path.read_bytes()))
    print(*found, sep="\n")
    return int(bool(found))


def fuzz(given: argparse.Namespace, corpus: Path) -> None:
    """Go on until the time is over or something does not hold; libFuzzer ends the process."""
    try:
        import atheris
    except ImportError:
        sys.exit("atheris is not installed here: make fuzz-guided (Linux, Python 3.11 to 3.13)")
    with atheris.instrument_imports(include=WATCHED):
        from tests.torture.fuzz.targets import BY_NAME
    target = BY_NAME[given.target]
    corpus.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(target.seeds()):
        (corpus / f"seed{number}").write_bytes(seed)

    def once(data: bytes) -> None:
        if complaints := list(target.complaints(data)):
            raise DidNotHold(f"{target.name}: {complaints[0]}")

    def changed(data: bytes, most: int, seed: int) -> bytes:
        dice = Random(seed)
        if dice.randrange(OWN_EVERY):
            new = target.inside(data, dice, lambda part: bytes(atheris.Mutate(part, max(most, len(part) + 64))))
        else:
            new = target.change(data, dice)
        return new if len(new) <= LONGEST else data

    options = [
        f"-max_total_time={round(given.minutes * 60)}", f"-seed={given.seed}", f"-max_len={LONGEST}", f"-timeout={SECONDS}",
        f"-rss_limit_mb={MEGABYTES}", f"-artifact_prefix={given.finds}/{target.name}-", "-print_final_stats=1", "-verbosity=1",
    ]  # fmt: skip
    atheris.Setup([sys.argv[0], *options, str(corpus)], once, custom_mutator=changed)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
