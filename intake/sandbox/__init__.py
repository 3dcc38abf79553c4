"""Work in processes that may be killed: calls come in, answers or failures go out.

readers (what is asked of them) ← here (several side by side on this machine) → worker (one process, watched) ⇄ child (the process itself, which dies with us).
                                ← away (the same on other machines, by way of a Dask scheduler)
"""
