"""The original kept first: a file comes in, its place in the archive goes out.

name (by content and original name) → write (whole or not at all) → store, which keeps, sets aside and proves.
"""
