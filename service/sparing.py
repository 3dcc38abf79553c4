"""What costs time and serves nobody while a batch is taken."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Iterator[None]:
    """While this lasts, the garbage collector rests.

    What a batch makes lives until its end: looking through it for garbage, again and again, took a fifteenth of the time
    of a large sheet.  Batches are bounded, and afterwards it looks as ever.
    """
    looks = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if looks:
            gc.enable()
