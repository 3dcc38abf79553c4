"""Work in processes that may be killed: calls come in, answers or failures go out.

readers (several side by side) → worker (one process, watched) ⇄ child (the process itself, which dies with us).
"""
