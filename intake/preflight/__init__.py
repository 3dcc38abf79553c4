"""Files refused before any library opens them: bytes come in, a reason or leave to read goes out.

sniff (what is it?) → kind (renamed, encrypted, old?) → package (the zip itself) → survey of its parts: book, sheet,
cells, strings, around, format, address, through xml; check asks them in this order.
"""
