"""A book proved without its archive: chain, and replay equal to state.

python -m benchmarks.prove HOME
"""

from __future__ import annotations

import sys
from contextlib import closing
from pathlib import Path

from ledger import book as ledger_book
from ledger.replay import first_difference

if __name__ == "__main__":
    with closing(ledger_book.Book(Path(sys.argv[1]) / "book" / "ledger.db")) as book:
        wrong = book.first_break() or first_difference(book)
    sys.exit(wrong)
