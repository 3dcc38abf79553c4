"""What every family of measures is given: which product, where there is room, and how much of everything."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

REPOSITORY = Path(__file__).parents[1]
PROGRAMS = Path(__file__).parent / "peers"


@dataclass(frozen=True)
class Sizes:
    """How much of everything."""

    rounds: int  #: of what takes a second or two
    long_rounds: int  #: of what takes longer
    rows: int  #: in one workbook
    few_rows: int  #: the sheet whose statements are compared with one of ``rows``
    small: int  #: workbooks of ten rows
    large: int  #: rows in one workbook, beside programs of other makers
    photos: int
    megapixels: int  #: of each photo
    reports: int  #: daily reports that wait at 20:00
    answers: int  #: small workbooks that ``watch`` is given
    crowd: int  #: people at the rush and at ``init``
    people: int  #: in the books with a history
    years: float  #: of history behind the old book
    young: float = 1 / 6  #: of history behind the book that it is compared with
    days: int = 5  #: on which people work in the week of which histories are made


FULL = Sizes(3, 2, 2000, 20, 150, 10_000, 120, 12, 2000, 5, 300, 60, 1.0)
QUICK = Sizes(3, 1, 2000, 20, 50, 5000, 24, 12, 300, 3, 60, 20, 0.5)
TINY = Sizes(1, 1, 100, 20, 3, 100, 3, 1, 10, 1, 10, 10, 0.6, 0.15, days=2)
HISTORY = Sizes(5, 2, 2000, 20, 150, 10_000, 120, 12, 2000, 5, 300, 300, 5.0)


@dataclass(frozen=True)
class Bench:
    """The surroundings of a measure."""

    product: Path  #: the folder of the sync.py that is measured
    folder: Path  #: where companies and inputs are made
    sizes: Sizes
    others: Path | None  #: the Python with the programs of other makers; None: they are left out

    def fresh(self, name: str) -> Path:
        """A folder that nothing else uses; it does not exist yet."""
        n = sum(1 for _each in self.folder.glob(f"{name}-*"))
        return self.folder / f"{name}-{n}"
