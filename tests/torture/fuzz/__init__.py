"""Files that somebody made wrong on purpose, by the hundred thousand: each must end with its reason.

values (what is written into places) → xml, packages, books, forms, pictures, boxes, configs (how a file is changed, by its
structure) → seeds (where it begins) → lines (which change after which: a mutant's name) → judging (what must hold of an
answer), plain (a second reading of a workbook, by other means), approvals, whole (the whole way through the folders) →
__main__ (run them, count them, keep what was found).
"""
