"""Watched folders → settled files.

walk (what lies there) passes over what ``ignore`` names → settle (at rest, complete?) → read (the same at a second
look) → scan, which puts them together; leaving (by ``remove``) takes a file away once it is kept.  watcher and mount
give hints when to look.
"""
