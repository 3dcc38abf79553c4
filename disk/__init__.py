"""Files put and taken where others may put links and pull plugs: no link is followed, nothing is ever half there.

folder (the nearest that this system has: handles, or paths looked at before each step) → share (a way down from the
share's top, name by name) → sync (what must reach the disk).
"""
