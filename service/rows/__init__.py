"""Rows judged, merged and decided, in this order: who may hand in (``admission``), a sheet merged (``merging``,
``receipt_rows``), pictures that rows wait for (``pictures``, ``seeing``), sheets for approvers (``issuing``, ``album``,
``authority``; ``vouched_sheets`` after a restoring), their decisions (``deciding``, ``cashier``, ``settling``), and who
is told (``decided``, ``mending``).  In: what was read; out: entries."""
