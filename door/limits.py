"""How often somebody may knock: a bucket of tokens a caller, and a bound on how many callers are remembered."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable


class Knocks:
    """*most* knocks at once, and one more every *every* seconds."""

    def __init__(self, most: int, every: float, clock: Callable[[], float], remembered: int = 10_000) -> None:
        """Count by *clock*, in seconds."""
        self._most, self._every, self._clock, self._remembered = most, every, clock, remembered
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def allow(self, who: str) -> float:
        """0 when *who* may go on; otherwise how many seconds to wait."""
        now = self._clock()
        left, at = self._left.pop(who, (float(self._most), now))
        left = min(self._most, left + (now - at) / self._every)
        wait = 0.0 if left >= 1 else (1 - left) * self._every
        self._left[who] = (left if wait else left - 1, now)
        while len(self._left) > self._remembered:
            self._left.popitem(last=False)
        return wait
