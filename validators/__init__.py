"""Rows judged by clause: a sheet's raw rows come in, verdicts with all their findings go out.

layout (which column is which) → shape (cells to values) → judging, which for each row finds its pictures and asks the
book what the form's rules need to know (``context``; each question once for all rows of a sheet) → catalogue (the
form's rules, in the order in which findings are told) → verdict.  A form's module has the form's name: its rules, what
they need to know, what the software reads itself.
"""
