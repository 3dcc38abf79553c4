"""Files on their way in: how many are taken, kept and read (``rationing``, ``reads``, ``previews``); folders that follow
people (``leaving``, ``renaming``).  In: drops; out: what was read of them."""
