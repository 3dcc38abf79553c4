"""Readers on other machines, by way of a dask.distributed cluster that is there already.  Needs the extra ``dask``.

readers (packs, asks, falls back on this machine's) → cluster (the connection, and when it is left alone) ⇄ task (what a worker runs: the same killable reader).
"""
