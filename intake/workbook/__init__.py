"""A workbook's bytes → raw rows, troubles and pictures.

read puts them together: parts (of the package) → with_calamine (quick) and with_openpyxl (careful), of which the first is
taken that has left nothing out (agreement) → cells → anchor and pictures (what stands in the rows).
"""
