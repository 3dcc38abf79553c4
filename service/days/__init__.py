"""Days judged: duties and their evidence (``duties``, ``evidence``), what costs somebody money (``charges``, ``notices``),
what was closed and is not (``periods``, ``outstanding``), one day of one person (``person_day``).  In: the ledger; out: duties."""
