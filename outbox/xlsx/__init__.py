"""The one place that draws workbooks.

sheet writes; cell (which values can be stored), measure (room that words need) and layout (widths, heights), palette
(looks) and picture (pictures in a cell) serve it.
"""
